"""``read``: whose model it is, and which reader takes it."""

from __future__ import annotations

from os import fspath

from convshape._mending import mend
from convshape._networks._chain import Chain
from convshape._networks._graph import Graph
from convshape._reading import as_text, is_a
from convshape._refusals import Refusal
from convshape._show import kind_of, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from convshape._readers._keras_model import Reading
    from convshape._types import ShapeLike

_LEGAL = "a path that ends in .keras, .json or .onnx, a Keras model, a torch.nn.Module, or an onnx.ModelProto"
_REASON = "each kind of model has a reader of its own, found by a file's ending or by an object's class."
_CLASSES_OF = type.__dict__["__mro__"]
_HOMES = {
    "keras": "keras",
    "tf_keras": "keras",
    "keras_core": "keras",
    "tensorflow": "keras",
    "torch": "torch",
    "onnx": "onnx",
}


def read(
    model: object,
    *,
    input_shape: ShapeLike | None = None,
    rules: Mapping[str, Callable[[Any], object]] | None = None,
) -> Chain | Graph:
    """Return a real model as a network: of a file, or of a live model of Keras or PyTorch.

    A ``.keras`` file is read as the zip of JSON that it is: without Keras, nothing in it executed, no weights loaded.
    Layers keep their names; those of a model in a model stand behind its name, ``"encoder.conv"``, and a layer that is
    called twice is ``"conv"`` and ``"conv_1"``. Of several outputs, the first is the network's.

    The network is that of the layers, and takes what they take: a size that a functional Keras model declares,
    ``Input((256, 256, 3))``, is a condition of the model and none of the network, so that ``valid_sizes`` answers what the
    model would take if it were rebuilt with free sizes. An ``input_shape`` that contradicts it is refused.

    Args:
        model: A path to a ``.keras``, ``.onnx`` or ``.json`` (``model.to_json()``) file, a Keras model, a
            ``torch.nn.Module``, or an ONNX model.
        input_shape: The input, with batch; sizes in elements. A torch module may need it, to be traced; others are checked with it.
        rules: What layers are that are not known here, by their class, a layer of Keras also by its name: each a function
            to a spec, a layer or a chain, from a layer's config in Keras, a module, or an ONNX node's attributes.

    Returns:
        A :class:`Chain` where one layer follows the other, else a :class:`Graph`.

    Raises:
        ShapeError: The file is broken, a layer is not known (all are named), or the input does not fit.

    Examples:
        >>> import convshape as cs
        >>> import json, pathlib, tempfile
        >>> layers = [
        ...     {"class_name": "Conv2D", "config": {"name": "conv", "filters": 8, "kernel_size": [3, 3]}},
        ...     {"class_name": "Halve", "config": {"name": "half"}},
        ... ]
        >>> path = pathlib.Path(tempfile.mkdtemp()) / "model.json"
        >>> text = json.dumps({"class_name": "Sequential", "config": {"name": "net", "layers": layers}})
        >>> written = path.write_text(text)
        >>> net = cs.read(path, rules={"Halve": lambda config: cs.Pool(2)})
        >>> net(("N", 28, 28, 1))
        ('N', 13, 13, 8)
        >>> cs.read(path)
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: read: a layer is not known: "half" (Halve).
          legal: a rule for each of "Halve", by class or by name: rules={"Halve": lambda config: cs.layers.Custom("Halve", lambda shape: shape)}, with the shape that the layer makes in the place of shape
          because: what a layer of a class that is not known here does to a shape stands in its code, which is never run; a rule takes the layer's config and returns what a network takes: a spec, a layer, a chain.
          fix: no change that passes this check was found
    """
    try:
        found = _read(model, input_shape, rules)
    except Refusal as refusal:
        arguments = {"model": model, "input_shape": input_shape, "rules": rules}
        raise mend("read", _read, arguments, refusal) from None
    if input_shape is not None:
        from convshape._readers._keras_demands import check_declared

        check_declared("read", found, input_shape)
        found.network(input_shape)
    return found.network


def _read(model: object, input_shape: object = None, rules: object = None) -> Reading:
    reader = _home(model)
    if reader == "torch":
        from convshape._readers._keras_model import Reading
        from convshape._readers._torch_read import read_torch

        return Reading(read_torch(model, input_shape, _read_rules(rules)), None, "model")
    return reading(model, rules)


def reading(model: object, rules: object = None) -> Reading:
    """Return a network with the input that the model says that it takes, or raise the bare ``Refusal``."""
    source = _path(model)
    if _home(model) == "onnx":
        return _of_onnx(model if source is None else source, _read_rules(rules))
    from convshape._readers._keras_model import reading_of_keras

    return reading_of_keras(model if source is None else source, _read_rules(rules))


def _of_onnx(model: Any, rules: Any) -> Reading:
    from convshape._readers._declared import input_of_graph
    from convshape._readers._keras_model import Reading
    from convshape._readers._onnx_read import _loaded, read_onnx

    graph = model if hasattr(model, "graph") else _loaded(model)
    return Reading(read_onnx(graph, rules), input_of_graph(graph), "model")


def _read_rules(rules: object) -> Any:
    """Return rules by name, or refuse them."""
    if rules is None:
        return {}
    if is_a(rules, dict) and all(type(name) is str for name in rules):
        return rules
    raise Refusal(
        "rules",
        given=rules,
        problem=f"rules is {kind_of(rules)}.",
        legal="a dict of functions by the names of classes or layers, or None",
        reason="each function says what one class of layers is, from what the model says of the layer.",
    )


def checked_reading(operation: str, model: object, rules: object = None) -> Reading:
    """Return a network with its input, or raise the error that names the operation."""
    try:
        return reading(model, rules)
    except Refusal as refusal:
        raise mend(operation, reading, {"model": model, "rules": rules}, refusal) from None


def _path(model: object) -> str | None:
    """Return a path as text, or None where the model is none."""
    text = as_text(model)
    if text is not None:
        return text
    try:
        return as_text(fspath(model))  # type: ignore[call-overload]
    except Exception:  # noqa: BLE001 - a foreign __fspath__ may raise anything; then this is no path
        return None


def _home(model: object) -> str:
    """Return whose model it is, or refuse it."""
    path = _path(model)
    if path is not None:
        for ending, reader in ((".keras", "keras"), (".json", "keras"), (".onnx", "onnx")):
            if path.lower().endswith(ending):
                return reader
        raise Refusal(
            "model",
            given=model,
            problem=f"{show(path)} ends in neither of .keras, .json and .onnx.",
            legal=_LEGAL,
            reason=_other(path),
        )
    for cls in _CLASSES_OF.__get__(type(model)):
        module = type.__getattribute__(cls, "__module__")  # past any metaclass that hides it
        home = _HOMES.get(module.partition(".")[0]) if type(module) is str else None
        if home is not None:
            return home
    raise Refusal("model", given=model, problem=f"model is {kind_of(model)}.", legal=_LEGAL, reason=_REASON)


def _other(path: str) -> str:
    """Return what can be done with a file of another kind."""
    word = path.lower()
    if word.endswith((".h5", ".hdf5")):
        return 'an .h5 file is HDF5; Keras writes it anew: keras.models.load_model(path).save("model.keras").'
    if word.endswith((".pt", ".pth")):
        return "a .pt file holds code or weights without layers; read the live module: cs.read(module, input_shape=...)."
    return _REASON
