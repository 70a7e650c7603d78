"""The input that a Keras model declares: a condition of the model, beside what its layers take."""

from __future__ import annotations

from convshape._errors import ChannelError, RankError, ShapeError, SizeError
from convshape._layouts import AXIS_NAMES, channel_axis
from convshape._mending import mend
from convshape._networks._block import places
from convshape._networks._valid_sizes import valid_sizes
from convshape._readers._keras_calls import listed
from convshape._readers._keras_values import is_model, is_own, layers_of, shape_of
from convshape._refusals import Refusal, Suggestion
from convshape._show import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._networks._chain import Chain
    from convshape._networks._graph import Graph
    from convshape._networks._network import Value
    from convshape._readers._keras_model import Reading
    from convshape._readers._keras_values import Config
    from convshape._shapes import Shape

_REASON = "a functional model of Keras refuses another shape than its Input's before any layer runs."
_PAST = "--any-size looks past what is declared, at the layers alone"


def input_of(config: Config) -> Shape | None:
    """Return the shape that a model says that it takes, or None where it does not."""
    found = [item.get("config") for item in _items(config)][:1]
    if "input_layers" in config:
        wanted = next((name for name, _, _ in listed(config["input_layers"])), None)
        found = [entry.config for entry in layers_of(config, "the model") if entry.name == wanted]
    for one in found:
        if isinstance(one, dict):
            shape = shape_of(one.get("batch_shape", one.get("batch_input_shape")))
            if shape is not None:
                return shape
    return shape_of(config.get("build_input_shape"))


def demanded(config: Config) -> Shape | None:
    """Return the shape that a model's input must have, None for each free size; None where it demands nothing.

    A functional model checks all but the batch (``Functional.input_spec`` in keras/src/models/functional.py). A
    Sequential checks nothing: it takes what its layers take, the first of which may be a functional model.
    """
    if "input_layers" in config:
        shape = input_of(config)
        return None if shape is None else (None, *shape[1:])
    for item in _items(config):
        inside = item.get("config")
        if item.get("class_name") != "InputLayer":
            model = isinstance(inside, dict) and is_model(
                item.get("class_name"), is_own(item.get("module")), inside
            )
            return demanded(inside) if model else None  # type: ignore[arg-type]
    return None


def _items(config: Config) -> list[dict[str, object]]:
    items = config.get("layers")
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def named(network: Chain | Graph, shape: Shape) -> Shape:
    """Return a model's own input with names for what it leaves open, so that a table has closed forms."""
    layout = network.layout_of(len(shape)) or "N"
    letters = (*layout, *"C" * len(shape))
    return tuple(
        letter if size is None and letter != "C" else size
        for size, letter in zip(shape, letters, strict=False)
    )


def obey(reading: Reading, input_shape: object, any_size: bool = False) -> None:
    """Raise the bare ``Refusal`` of an input that contradicts a number which the model declares."""
    if reading.demands is None or any_size:
        return
    try:
        start = reading.network.read(input_shape)
    except Refusal:
        return  # it is no shape at all, which the network says best
    if not _agree(reading.demands, start.shape):
        raise _refusal(reading, start)


def check_declared(operation: str, reading: Reading, input_shape: object, **options: bool) -> None:
    """Raise the error of an input that contradicts what the model declares; options are what a caller can look past it with."""

    def fits(input_shape: object, any_size: bool = False) -> None:
        obey(reading, input_shape, any_size)
        reading.network._tried(input_shape)

    try:
        obey(reading, input_shape, **options)
    except Refusal as refusal:
        refusal.reason += _rebuilt(reading, reading.network.read(input_shape))
        raise mend(operation, fits, {"input_shape": input_shape, **options}, refusal) from None


def _agree(declared: Shape, given: Shape) -> bool:
    """Return whether a functional model lets an input pass (``_adjust_input_rank`` in keras/src/models/functional.py)."""
    more = len(given) - len(declared)
    if more and not (more == 1 and given[-1] == 1) and not (more == -1 and declared[-1] == 1):
        return False
    return not _differing(declared, given)


def _differing(declared: Shape, given: Shape) -> list[int]:
    """Return the positions at which two numbers differ; a last axis of 1 is not compared (keras/src/layers/input_spec.py)."""
    pairs = enumerate(zip(_squeezed(declared), _squeezed(given), strict=False))
    return [
        place
        for place, (one, other) in pairs
        if isinstance(one, int) and isinstance(other, int) and one != other
    ]


def _squeezed(shape: Shape) -> Shape:
    return shape[:-1] if shape[-1:] == (1,) else shape


def _refusal(reading: Reading, start: Value) -> Refusal:
    declared, given = reading.demands or (), start.told
    own = named(reading.network, declared)
    merged, kind = own, RankError
    if len(given) == len(declared):
        merged = tuple(other if one is None else one for one, other in zip(declared, given, strict=True))
        channel = len(declared) - 1 if start.layout is None else channel_axis(start.layout)
        kind = ChannelError if _differing(declared, start.shape) == [channel] else SizeError  # type: ignore[assignment]
    return Refusal(
        "input_shape",
        given=given,
        problem=f"the model declares {show(own)}, and input_shape is {show(given)}.",
        legal=show(own),
        reason=_REASON,
        kind=kind,
        suggestions=(
            Suggestion({"input_shape": merged}, "the declared input"),
            Suggestion({"input_shape": own}, "the declared input"),
            Suggestion({"any_size": True}, _PAST),
        ),
    )


def _rebuilt(reading: Reading, start: Value) -> str:
    """Return in a sentence what the layers take where a declared size was contradicted; nothing where that is not known."""
    declared, told = reading.demands or (), []
    if start.layout is None or len(declared) != len(start.shape):
        return ""
    wrong = _differing(declared, start.shape)
    for axis, place in zip(AXIS_NAMES[len(declared) - 2], places(start.layout), strict=True):
        if place in wrong:
            try:
                told.append(repr(valid_sizes(reading.network, axis, named(reading.network, declared))))
            except ShapeError:
                continue  # what is not known is not told
    return f" Rebuilt with free sizes (None), its layers take {'; '.join(told)}." if told else ""
