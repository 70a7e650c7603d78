"""What a network costs: numbers learned, multiply-accumulates, memory for what the layers make."""

from __future__ import annotations

from convshape._layouts import channel_axis
from convshape._mending import mend, without
from convshape._networks._asking import Asked
from convshape._networks._block import volume
from convshape._networks._cost_record import Cost, CostRow
from convshape._networks._dense import Dense, Flatten, Reshape
from convshape._networks._network import INPUT, Value
from convshape._networks._no_network import no_network
from convshape._networks._normal import BatchNorm, LayerNorm
from convshape._networks._table import beside
from convshape._reading import is_a, read_whole
from convshape._refusals import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import SupportsIndex

    from convshape._networks._asking import Walk
    from convshape._networks._block import Block
    from convshape._networks._network import Network
    from convshape._shapes import Shape
    from convshape._types import ShapeLike

_VIEWS = (Flatten, Reshape)
_BY_FEATURES = (Dense, BatchNorm, LayerNorm)


def cost(network: Asked, input_shape: ShapeLike, *, bytes_per_element: SupportsIndex = 4) -> Cost:
    """Return what a network costs, layer by layer and in total.

    A convolution meets its filter once for every output element, a transposed one once for every input element, and
    each meeting is ``kernel * in * out / groups`` multiply-accumulates; a dense layer has one for every input number
    and unit. Taps that fall on padding, or on what is cropped, are counted, as the engines' own profilers count them.
    Biases, activations, pools and normalisations have none. Flattening and reshaping make no tensor of their own. Numbers are for the batch that is given; a batch of None
    or with a name counts as one picture.

    Args:
        network: A chain or a graph.
        input_shape: The input's shape ``(N, *spatial, C)``, sizes in elements.
        bytes_per_element: What one element of a tensor takes: 4 for float32.

    Returns:
        Parameters, statistics, multiply-accumulates and activations: the sum of all outputs, as training keeps them,
        and the peak where each tensor is freed after its last reader. None where a size is not known.

    Raises:
        ShapeError: A layer does not take what it is given, or an argument is not legal.

    Examples:
        >>> import convshape as cs
        >>> net = cs.Chain([cs.Conv((3, 3, 1, 8), 2), cs.layers.Flatten(), cs.layers.Dense(10)])
        >>> cs.cost(net, ("N", 28, 28, 1))
        #  layer      kind     what                 output          parameters    MACs  elements
           input                                    (N, 28, 28, 1)                           784
        0  conv_1     Conv     3x3, stride 2, SAME  (N, 14, 14, 8)          72  14,112     1,568
        1  flatten_1  Flatten                       (N, 1568)                -       -         -
        2  dense_1    Dense    10                   (N, 10)             15,690  15,680        10
        parameters: 15,762, 61.57 KiB
        multiply-accumulates: 29,792
        activations: 1,578 elements, 6.164 KiB in training; at most 9.188 KiB at once in inference, while "conv_1" runs
        >>> cs.cost(net, ("N", 28, 28, 1), bytes_per_element=0)
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: cost: bytes_per_element is 0.
          legal: a whole number, 1 or more
          because: the number of bytes is at least 1 and at most 2**63 - 1.
          fix: bytes_per_element=1
    """
    try:
        return _asked(network, input_shape, bytes_per_element, walk=Asked._walked)
    except Refusal as refusal:
        raise mend("cost", _asked, without(locals()), refusal) from None


def _asked(
    network: object, input_shape: object, bytes_per_element: object = 4, *, walk: Walk = Asked._tried
) -> Cost:
    if not is_a(network, Asked):
        raise no_network(network, "a network's cost is that of its layers.")
    number = read_whole("bytes_per_element", bytes_per_element, what="the number of bytes", least=1)
    start, values = walk(network, input_shape)
    told = [value.told for value in (*values, start)]  # the input is the last, so that -1 finds it
    if not isinstance(start.shape[0], int):  # one picture
        start = Value((1, *start.entries[1:]), start.layout)
        values = network.walk(start)
    values.append(start)  # the input is the last here too
    sizes = [volume(value.shape) for value in values]
    rows = tuple(_row(network, values, position, told, sizes) for position in range(len(network.nodes)))
    return Cost(told[INPUT], rows, sizes[INPUT], _peak(network, sizes), number)


def _row(
    network: Network, values: list[Value], position: int, told: list[Shape], sizes: list[int | None]
) -> CostRow:
    node, value = network.nodes[position], values[position]
    inputs, block = [values[source] for source in node.sources], node.block
    first = inputs[0]
    words = (block.detail(first.shape), beside(network, position))
    return CostRow(
        node.name,
        block.kind,
        "; ".join(filter(None, words)),
        told[position],
        _parameters(block, first),
        block.statistics(first.shape, first.layout),
        block.macs(tuple(one.shape for one in inputs), value.shape, first.layout),
        0 if isinstance(block, _VIEWS) else sizes[position],
    )


def _parameters(block: Block, given: Value) -> int | None:
    """Return how many numbers a block learns; None where they are one a feature, of a number not known."""
    weights = block.weights(given.shape, given.layout)
    if not weights and isinstance(block, _BY_FEATURES):
        channels = given.shape[-1 if given.layout is None else channel_axis(given.layout)]
        return 0 if isinstance(channels, int) else None
    return sum(volume(shape) or 0 for shape in weights.values())


def _peak(network: Network, sizes: list[int | None]) -> tuple[int, str] | None:
    """Return the most elements that are alive at once, and the layer that runs then; None where a size is not known.

    Alive while a layer runs are its output and every tensor that it or a later layer reads. Flattening and reshaping
    make no tensor: their readers read what they were made of.
    """
    if None in sizes:
        return None
    made = [*range(len(network.nodes)), INPUT]  # the tensor that a layer's output is; -1 is the input
    last = {INPUT: 0}
    for position, node in enumerate(network.nodes):
        if isinstance(node.block, _VIEWS):
            made[position] = made[node.sources[0]]
        for tensor in (made[position], *(made[source] for source in node.sources)):
            last[tensor] = position
    if network.nodes:
        last[made[len(network.nodes) - 1]] = len(network.nodes)  # the result stays
    ending: dict[int, list[int]] = {}
    for tensor, position in last.items():
        ending.setdefault(position, []).append(tensor)
    alive = sizes[INPUT] or 0
    peak = (alive, "input")
    for position, node in enumerate(network.nodes):
        if made[position] == position:
            alive += sizes[position] or 0
        if alive > peak[0]:
            peak = (alive, node.name)
        alive -= sum(sizes[tensor] or 0 for tensor in ending.get(position, ()))
    return peak
