"""What in a network works, and is seldom meant."""

from __future__ import annotations

from convshape._errors import ChannelError, RankError
from convshape._layouts import channel_axis
from convshape._mending import mend, without
from convshape._networks import _lint_meetings, _lint_taps, _lint_windows
from convshape._networks._asking import Asked
from convshape._networks._custom import Custom
from convshape._networks._lint_place import Place
from convshape._networks._lint_record import Finding, Findings
from convshape._networks._network import INPUT, Failed
from convshape._networks._no_network import no_network
from convshape._networks._receptive_blocks import once
from convshape._networks._remedies import _wanted_channels
from convshape._networks._spec_block import LayerBlock
from convshape._reading import is_a
from convshape._refusals import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._networks._asking import Walk
    from convshape._networks._network import Network, Node, Value
    from convshape._types import ShapeLike

RULES = (
    ("uneven overlap", _lint_windows.uneven),
    ("holes", _lint_windows.holes),
    ("lost elements", _lint_windows.lost),
    ("wasted padding", _lint_windows.padding),
    ("idle taps", _lint_taps.idle),
    ("silent groups", _lint_meetings.groups),
    ("bias before batch norm", _lint_meetings.bias),
    ("single element into batch norm", _lint_meetings.single),
)


def lint(network: Asked, input_shape: ShapeLike | None = None) -> Findings:
    """Return what in a network works, and is seldom meant; no shape, and no answer, depends on it.

    - uneven overlap: a transposed convolution makes neighbours of unequal numbers of taps, the checkerboard;
    - holes: elements that no tap writes, or that none reads, because the kernel is smaller than the stride;
    - lost elements: rows at the end that no window reads, at this input;
    - wasted padding: windows in padding alone, or padding that no window reads;
    - idle taps: weights that meet padding alone, at this input;
    - silent groups: channels not known, so that TensorFlow may read them as groups;
    - a bias that the batch norm behind it takes away, and a batch norm over a single element.

    Args:
        network: A chain or a graph.
        input_shape: The input's shape ``(N, *spatial, C)``, sizes in elements; None for what is found at any size.

    Returns:
        The findings in the order of the layers, each with its reason, and a remedy where one was found and tried:
        arguments for ``network.replace``, or an ``input_shape``. Only lost elements may ask for another output's shape.

    Raises:
        ShapeError: The network does not take the input, or takes none at all.

    Examples:
        >>> import convshape as cs
        >>> net = cs.Chain([cs.ConvTranspose((5, 5, 32, 64), 2), cs.Conv((3, 3, 32, 3))])
        >>> found = cs.lint(net)
        >>> found
        1 finding
        conv_transpose_1: uneven overlap: its outputs are made of 3 or 2 taps in turn along the height and 3 or 2 taps in turn along the width, a checkerboard.
          because: the stride does not divide the kernel, so neighbours are made of different numbers of products; with weights that are alike it shows as a pattern of the stride's period.
          remedy: conv_transpose_1.filter_shape=(6, 6, 32, 64)
        >>> cs.lint(net.replace(found[0].remedy))
        nothing found
        >>> cs.lint(net, (1, 0, 8, 64))
        Traceback (most recent call last):
        ...
        convshape.SizeError: Chain: input_shape (1, 0, 8, 64) has 0, at position 1.
          legal: (N, *spatial, C), each size at least 1; None where not known; batch and spatial sizes may be names
          because: an empty axis has no result; default TensorFlow returns memory of the wrong shape for it.
          fix: input_shape=(1, None, 8, 64)    (not known)
    """
    try:
        return _asked(network, input_shape, walk=Asked._walked)
    except Refusal as refusal:
        raise mend("lint", _asked, without(locals()), refusal) from None


def _asked(network: object, input_shape: object = None, *, walk: Walk = Asked._tried) -> Findings:
    if not is_a(network, Asked):
        raise no_network(network, "layers are looked at in their network.")
    start, values = _values(network, input_shape, walk)
    readers: dict[int, list[Node]] = {}
    for node in network.nodes:
        for source in node.sources:
            readers.setdefault(source, []).append(node)
    findings = []
    for position, node in enumerate(network.nodes[: len(values)]):
        place = Place(network, start, values, position, tuple(readers.get(position, ())))
        for rule, look in RULES:
            found = look(place)
            if found is not None:
                findings.append(Finding(node.name, rule, *found))
    return Findings(start.told, tuple(findings))


def _values(network: Asked, input_shape: object, walk: Walk) -> tuple[Value, list[Value]]:
    """Return the outputs of all layers; without an input of those that can be asked about sizes not known."""
    if input_shape is not None:
        return walk(network, input_shape)
    layout = network.data_format or "NHWC"
    entries: list[int | None] = [None] * len(layout)
    first = next((node for node in network.nodes if INPUT in node.sources), None)
    if first is not None:
        entries[channel_axis(layout)] = _wanted_channels(first)
    start = network.read(tuple(entries))
    try:
        return start, network.walk(start)
    except Failed as failed:
        # a rule that wants numbers, an input of other axes, or a network that never works
        if all(_never(network, rank) for rank in (2, 3, 4, 5)):
            return walk(network, start.told)
        return start, failed.values


def _never(network: Network, rank: int) -> bool:
    """Return whether no input of so many axes fits: the layer that fails knows all that it refuses."""
    start = network.read((None,) * rank)
    try:
        network.walk(start)
    except Failed as failed:
        node, kind = network.nodes[failed.position], failed.refusal.kind
        if any(isinstance(once(above.block), Custom) for above in network.nodes[: failed.position + 1]):
            return False
        if not isinstance(once(node.block), LayerBlock) or kind is RankError:
            return True
        given = start if node.sources[0] == INPUT else failed.values[node.sources[0]]
        if kind is ChannelError and given.layout is not None:
            return given.shape[channel_axis(given.layout)] is not None
    return False
