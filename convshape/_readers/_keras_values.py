"""Values of a Keras configuration, which may be anything: read with their types, or refused with the layer's name."""

from __future__ import annotations

from convshape._errors import ArgumentError
from convshape._frozen import Frozen
from convshape._refusals import Refusal
from convshape._show import INT64_MAX, kind_of, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

Config = dict[str, object]


class Entry(Frozen):
    """A layer as a configuration writes it.

    Attributes:
        name: The layer's name in its model.
        kind: Its class, ``"Conv2D"``.
        module: Where its class is from: ``"keras.layers"``, ``"keras.src.ops.numpy"``.
        config: Its arguments.
        build: The shape that it was built for, or several; None where it is not told.
        calls: One entry a call: what it was called with.
        registered: The name under which a class of somebody's own was registered.
    """

    __slots__ = ("build", "calls", "config", "kind", "module", "name", "registered")
    _fields = ("name", "kind", "module", "config", "build", "calls", "registered")
    name: str
    kind: str
    module: str
    config: Config
    build: object
    calls: list[object]
    registered: str | None

    def __init__(
        self,
        name: str,
        kind: str,
        module: str,
        config: Config,
        build: object,
        calls: list[object],
        registered: str | None,
    ) -> None:
        self._set(name=name, kind=kind, module=module, config=config, build=build, calls=calls, registered=registered)  # fmt: skip

    @property
    def told(self) -> str:
        """The layer in words, for errors."""
        return f"layer {show(self.name)} ({show(self.kind)[1:-1]})"

    @property
    def own(self) -> bool:
        """Whether the class is somebody's own, and none of Keras's."""
        return is_own(self.module)

    @property
    def of_keras(self) -> bool:
        """Whether the class is said to be Keras's; older files do not say."""
        return bool(self.module) and not self.own

    @property
    def model(self) -> bool:
        """Whether its configuration says which layers it has, and how they are connected."""
        return is_model(self.kind, self.own, self.config)

    @property
    def operation(self) -> bool:
        """Whether it is a function of ``keras.ops`` and no layer."""
        return ".ops." in self.module

    def refuse(self, problem: str, legal: str = "what Keras writes there") -> NoReturn:
        """Refuse the model for this layer."""
        raise broken(f"{self.told} {problem}", legal)


def is_model(kind: object, own: bool, config: Config) -> bool:
    """Return whether a configuration is a model's: one of Keras's, or of a class of somebody's own that is functional."""
    if "input_layers" in config and "output_layers" in config:
        return "layers" in config
    return kind == "Sequential" and not own and "layers" in config


def is_own(module: object) -> bool:
    """Return whether a module is somebody's own, and none of Keras's; older files name none."""
    root = module.partition(".")[0] if isinstance(module, str) else ""
    return root not in ("keras", "tf_keras", "keras_core", "tensorflow", "")


def broken(problem: str, legal: str = "what Keras writes there") -> Refusal:
    """Return the refusal of a configuration that no Keras wrote."""
    return Refusal(
        "model",
        given=None,
        problem=problem,
        legal=legal,
        reason="a model is read from its configuration alone, and what that does not say is not guessed.",
        kind=ArgumentError,
    )


def entry_of(item: object, where: str) -> Entry:
    """Return a layer's entry, or raise the bare ``Refusal``."""
    if not isinstance(item, dict):
        raise broken(f"{where} has {kind_of(item)} for a layer.", "a dict with class_name and config")
    kind, config = item.get("class_name"), item.get("config")
    if not isinstance(kind, str) or not kind or not isinstance(config, dict):
        raise broken(
            f"{where} has a layer without class_name or config.", "a dict with class_name and config"
        )
    name = item.get("name", config.get("name"))
    if not isinstance(name, str) or not name:
        raise broken(f"{where} has a layer of class {show(kind)} whose name is {kind_of(name)}.", "a name")
    module, registered = item.get("module", ""), item.get("registered_name")
    calls = item.get("inbound_nodes", [])
    if not isinstance(calls, list):
        raise broken(f"layer {show(name)} has inbound_nodes {kind_of(calls)}.", "a list of calls")
    build = item.get("build_config")
    shape = build.get("input_shape") if isinstance(build, dict) else None
    return Entry(
        name,
        kind,
        module if isinstance(module, str) else "",
        config,
        shape,
        calls,
        registered if isinstance(registered, str) else None,
    )


def layers_of(config: Config, where: str) -> list[Entry]:
    """Return the entries of a model's layers, each with a name of its own."""
    items = config.get("layers")
    if not isinstance(items, list):
        raise broken(f"{where} has layers {kind_of(items)}.", "a list of layers")
    entries = [entry_of(item, where) for item in items]
    seen: set[str] = set()
    for entry in entries:
        if entry.name in seen:
            raise broken(f"{where} has two layers named {show(entry.name)}.", "names that differ")
        seen.add(entry.name)
    return entries


def shape_of(value: object) -> tuple[int | None, ...] | None:
    """Return a shape with batch, or None where there is none."""
    if not isinstance(value, list | tuple) or not 2 <= len(value) <= 16:
        return None
    if all(one is None or (type(one) is int and 0 <= one <= INT64_MAX) for one in value):
        return tuple(value)
    return None


def integers(value: object) -> tuple[int, ...] | None:
    """Return one number or a list of numbers as a tuple, or None where it is neither."""
    items = value if isinstance(value, list | tuple) else [value]
    if len(items) <= 16 and all(type(one) is int and abs(one) <= INT64_MAX for one in items):
        return tuple(items)
    return None
