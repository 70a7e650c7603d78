"""What the outputs of every layer of a network see of its input."""

from __future__ import annotations

from convshape._errors import RankError
from convshape._mending import mend, without
from convshape._networks._asking import Asked
from convshape._networks._no_network import no_network
from convshape._networks._receptive_blocks import check_known, once
from convshape._networks._receptive_record import ReceptiveField
from convshape._reading import is_a
from convshape._refusals import Refusal
from convshape._show import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._networks._asking import Walk
    from convshape._networks._network import Value
    from convshape._types import ShapeLike


def receptive_field(network: Asked, input_shape: ShapeLike | None = None) -> ReceptiveField:
    """Return which input elements an element of each layer's output is made of, along every spatial axis.

    A field spans from the first to the last element that a tap reaches through any branch. Fields of neighbouring
    outputs lie ``jump`` input elements apart, on the average behind layers that enlarge; ``size`` is the largest
    over all phases of these, so it is exact where the textbook's ``size + (kernel - 1) * jump`` is not. Both count
    padding as if the input went on; ``field(position)`` tells what is left of it at the borders.

    Statistics that a normalisation takes over a picture do not count. Behind a Flatten, a dense layer or a global
    pool every element sees all that these see: the jump is 0.

    Args:
        network: A chain or a graph.
        input_shape: The input's shape ``(N, *spatial, C)``, sizes in elements; None, or None for a size, for what
            holds at every size. A strided SAME splits its padding by the size: where that decides, a number is None.

    Returns:
        One row a layer. Printed it is a table; where a number is not known, a line below it says why.

    Raises:
        ShapeError: The input does not fit, has no spatial axes, or a layer does not say where its outputs come from.

    Examples:
        >>> import convshape as cs
        >>> net = cs.Chain(
        ...     [cs.Conv((3, 3, 1, 8), padding="VALID"), cs.Pool(2), cs.ConvTranspose((4, 4, 8, 8), 2)]
        ... )
        >>> cs.receptive_field(net)
        #  layer             kind           what                  size  jump  start  centre
           input                                                     1     1      0       0
        0  conv_1            Conv           3x3, VALID               3     1      0       1
        1  pool_1            Pool           2x2, stride 2, VALID     4     2      0     1.5
        2  conv_transpose_1  ConvTranspose  4x4, stride 2, SAME      6     1     -2     0.5
        >>> cs.receptive_field(net, ("N", 28, 30, 1)).field((0, 5))
        (range(0, 4), range(4, 10))
        >>> cs.receptive_field(net, ("N", 0, 30, 1))
        Traceback (most recent call last):
        ...
        convshape.SizeError: Chain: input_shape (N, 0, 30, 1) has 0, at position 1.
          legal: (N, *spatial, C), each size at least 1; None where not known; batch and spatial sizes may be names
          because: an empty axis has no result; default TensorFlow returns memory of the wrong shape for it.
          fix: input_shape=("N", None, 30, 1)    (not known)
    """
    try:
        return _asked(network, input_shape, walk=Asked._walked)
    except Refusal as refusal:
        raise mend("receptive_field", _asked, without(locals()), refusal) from None


def _asked(network: object, input_shape: object = None, *, walk: Walk = Asked._tried) -> ReceptiveField:
    if not is_a(network, Asked):
        raise no_network(network, "fields grow from layer to layer.")
    check_known(network)
    given = (None,) * (2 + _axes(network)) if input_shape is None else input_shape
    start, values = walk(network, given, _fields)
    return _fields(network, start, values)


def _fields(network: Asked, start: Value, values: list[Value]) -> ReceptiveField:
    if start.layout is None:
        raise Refusal(
            "input_shape",
            given=start.told,
            problem=f"the input {show(start.told)} has no spatial axes.",
            legal="(N, *spatial, C)",
            reason="a receptive field is what is seen of spatial axes.",
            kind=RankError,
        )
    return ReceptiveField(network, start.told)


def _axes(network: Asked) -> int:
    """Return how many spatial axes the input has: a layout's, else those that a layer has numbers for, else 2."""
    if network.data_format is not None:
        return len(network.data_format) - 2
    arguments = (
        getattr(once(node.block), name, None)
        for node in network.nodes
        for name in ("size", "padding", "cropping", "output_size")
    )
    return next((len(value) for value in arguments if isinstance(value, tuple)), 2)
