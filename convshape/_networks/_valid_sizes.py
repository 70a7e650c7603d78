"""What sizes along an axis a network works with."""

from __future__ import annotations

from convshape._arguments import read_flag
from convshape._layouts import AXIS_NAMES
from convshape._mending import mend, without
from convshape._networks._asking import Asked
from convshape._networks._block import places
from convshape._networks._no_network import no_network
from convshape._networks._valid_sizes_record import ValidSizes
from convshape._reading import as_index, is_a, replace
from convshape._refusals import Refusal, Suggestion
from convshape._show import kind_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._networks._asking import Walk
    from convshape._networks._network import Network, Value
    from convshape._types import ShapeLike


def valid_sizes(
    network: Asked, axis: str | int, input_shape: ShapeLike | None = None, *, allow_drop: bool = True
) -> ValidSizes:
    """Return the exact set of input sizes along one axis with which a network works.

    Every layer maps a size to ``floor((a * i + b) / c)``, so whether a join's branches meet, or whether a pool comes
    out even, depends on the remainder of the size, from the smallest that fits on; one period of the strides decides.

    Args:
        network: A chain or a graph.
        axis: ``"height"``, ``"width"`` or ``"depth"``, or the number of the spatial axis, from 0.
        input_shape: The sizes of the other axes; needed only where a Flatten meets a fixed number of features.
        allow_drop: Whether a pool or a stride may leave elements at the end that no window reaches. SAME does so only where the kernel is smaller than the stride.

    Returns:
        The set: ``572 in sizes``, ``sizes.nearest(600)``, and iteration, which need not end.

    Raises:
        ShapeError: There is no such axis, the network does not say what happens along it, or it works with no size
            whatever: its layers do not fit each other, or not the channels and sizes of ``input_shape``.

    Examples:
        >>> import convshape as cs
        >>> unet = cs.Graph(
        ...     {
        ...         "skip": cs.Conv((3, 3, 1, 8)),
        ...         "down": cs.Pool(2),
        ...         "up": cs.ConvTranspose((2, 2, 8, 8), 2),
        ...         "join": (cs.layers.Concat(), "up", "skip"),
        ...     }
        ... )
        >>> cs.valid_sizes(unet, "height")
        height: 2n, from 2 on
        >>> cs.valid_sizes(unet, "height").nearest(45)
        (44, 46)
        >>> cs.valid_sizes(unet, "depth")
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: valid_sizes: axis is the string "depth".
          legal: ("height", "width", 0, 1)
          because: the network's input has these spatial axes.
          fix: axis="height"
    """
    try:
        return _asked(network, axis, input_shape, allow_drop, walk=Asked._walked)
    except Refusal as refusal:
        raise mend("valid_sizes", _asked, without(locals()), refusal) from None


def _asked(
    network: object,
    axis: object,
    input_shape: object = None,
    allow_drop: object = True,
    *,
    walk: Walk = Asked._tried,
) -> ValidSizes:
    if not is_a(network, Asked):
        raise no_network(network, "sizes are legal for a network of layers.")
    layout = network.data_format or "NHWC"
    start = network.read((None,) * len(layout) if input_shape is None else input_shape)
    number, drop = _number(axis, start), read_flag("allow_drop", allow_drop)

    def of(other: Network, begin: Value, values: list[Value]) -> ValidSizes:
        return ValidSizes.of(other, begin, _number(axis, begin), drop)

    # the set follows from what each layer does to this axis alone, so whether all else fits is asked beforehand
    walk(network, replace(start.told, places(start.layout or "")[number], None), of)
    return ValidSizes.of(network, start, number, drop)


def _number(axis: object, start: Value) -> int:
    """Return which spatial axis is asked about, counted from 0."""
    names = AXIS_NAMES.get(len(start.shape) - 2, ())
    number = names.index(axis) if type(axis) is str and axis in names else as_index(axis)
    if number is None or not 0 <= number < len(names):
        raise Refusal(
            "axis",
            given=axis,
            problem=f"axis is {kind_of(axis)}.",
            legal=(*names, *range(len(names))),
            reason="the network's input has these spatial axes.",
            suggestions=tuple(Suggestion({"axis": name}) for name in names[:1]),
        )
    return number
