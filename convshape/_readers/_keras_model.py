"""A Keras model, from its file or alive, as a network; neither Keras nor anything in the file is imported or run."""

from __future__ import annotations

from convshape._frozen import Frozen
from convshape._networks._chain import Chain
from convshape._networks._graph import Graph
from convshape._readers._keras_archive import config_of_file, parsed
from convshape._readers._keras_demands import demanded, input_of
from convshape._readers._keras_graph import Unfolded
from convshape._readers._keras_values import broken, is_model, is_own
from convshape._refusals import Refusal
from convshape._show import kind_of, show, type_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from convshape._networks._network import Node
    from convshape._shapes import Shape


class Reading(Frozen):
    """What was read of a model.

    Attributes:
        network: Its layers.
        input_shape: What it says that it takes, with batch; None where it does not say.
        demands: The sizes without which it refuses an input, None for each that is free; None where it refuses none.
        name: Its name.
    """

    __slots__ = ("demands", "input_shape", "name", "network")
    _fields = ("network", "input_shape", "name", "demands")
    network: Chain | Graph
    input_shape: Shape | None
    name: str
    demands: Shape | None

    def __init__(
        self, network: Chain | Graph, input_shape: Shape | None, name: str, demands: Shape | None = None
    ) -> None:
        self._set(network=network, input_shape=input_shape, name=name, demands=demands)


def reading_of_keras(model: object, rules: Mapping[str, object]) -> Reading:
    """Return a model's network and input, of a path or of a live model, or raise the bare ``Refusal``."""
    written = config_of_file(model) if isinstance(model, str) else _of_live(model)
    if not isinstance(written, dict) or not isinstance(written.get("config"), dict):
        raise broken(f"the model's configuration is {kind_of(written)}.", "a dict with class_name and config")
    config = written["config"]
    if not is_model(written.get("class_name"), is_own(written.get("module")), config):
        raise _code_only(written.get("class_name"))
    name = config.get("name")
    where = f"model {show(name)}" if isinstance(name, str) else "the model"
    unfolded = Unfolded(rules)
    outputs = unfolded.model(config, where, None)
    refusal = unfolded.maker.told()
    if refusal is not None:
        raise refusal
    if not outputs:
        raise broken(f"{where} has no output.", "a model of one output or more")
    nodes = unfolded.ended(outputs[0])
    told = name if isinstance(name, str) else "model"
    return Reading(_network(nodes), input_of(config), told, demanded(config))


def _network(nodes: list[Node]) -> Chain | Graph:
    if all(node.sources == (place - 1,) and not node.block.joins for place, node in enumerate(nodes)):
        return Chain([(node.name, node.block) for node in nodes])
    names = ["input", *(node.name for node in nodes)]
    return Graph({node.name: (node.block, *(names[one + 1] for one in node.sources)) for node in nodes})


def _of_live(model: object) -> object:
    """Return the configuration of a live model, as its file would have it."""
    try:
        text = model.to_json()  # type: ignore[attr-defined]
    except Exception as error:  # noqa: BLE001 - the model's own code may raise anything; then it has no configuration
        raise Refusal(
            "model",
            given=model,
            problem=f"its to_json() raises {type_name(error)}: {' '.join(str(error).split())[:100]}.",
            legal="a keras.Model or keras.Sequential that can say what it is made of",
            reason="a model is read from its configuration; a model of its own class that computes in call has none.",
        ) from None
    if not isinstance(text, str):
        raise broken(f"its to_json() returns {kind_of(text)}.", "text")
    return parsed(text, "model")


def _code_only(kind: object) -> Refusal:
    refusal = broken(f"the model is of class {show(kind)}, and its configuration names no layers.", "a Sequential or a functional model")  # fmt: skip
    refusal.reason = (
        "a model that computes in a call of its own has its layers' order in code, which is never run."
    )
    return refusal
