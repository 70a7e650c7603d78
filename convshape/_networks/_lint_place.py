"""One layer of a network as lint looks at it: what it takes, its windows, and changes that are tried before they are told."""

from __future__ import annotations

from convshape._explain._lines import lines_of
from convshape._layouts import AXIS_NAMES
from convshape._networks._adopting import arguments_of, rebuilt
from convshape._networks._dense import Dense
from convshape._networks._network import INPUT, Failed, step
from convshape._networks._network_errors import changed
from convshape._networks._receptive_blocks import spec_of
from convshape._networks._spec_block import LayerBlock, SpecBlock
from convshape._paddings import before_and_after
from convshape._pool import Pool
from convshape._refusals import Refusal
from convshape._transposed import ConvTranspose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from convshape._explain._lines import Line
    from convshape._explain._subject import Known
    from convshape._networks._block import Block
    from convshape._networks._network import Network, Node, Value

    Changes = dict[str, object]


class Place:
    """A layer in its network, with the values that come to it.

    Attributes:
        network: The network.
        start: Its input.
        values: The outputs of the layers, as far as they are known.
        position: Where the layer stands.
        readers: The layers that take what it makes.
        block: What it does; another than the network's where a change is tried.
    """

    __slots__ = ("_lines", "_spec", "block", "network", "position", "readers", "start", "values")

    def __init__(
        self,
        network: Network,
        start: Value,
        values: list[Value],
        position: int,
        readers: tuple[Node, ...] = (),
        block: Block | None = None,
    ) -> None:
        self.network, self.start, self.values, self.position = network, start, values, position
        self.readers = readers
        self.block = self.node.block if block is None else block
        self._spec = self._read_spec()
        self._lines = () if self._spec is None else self._read_lines(self._spec)

    @property
    def node(self) -> Node:
        """The layer."""
        return self.network.nodes[self.position]

    @property
    def given(self) -> Value:
        """What the layer takes first."""
        return self.value(self.node.sources[0])

    @property
    def spec(self) -> Known | None:
        """The spec that moves its windows, if it has windows."""
        return self._spec

    @property
    def lines(self) -> tuple[Line, ...]:
        """Its spatial axes with all that is known of them."""
        return self._lines

    @property
    def transposed(self) -> bool:
        """Whether it is a transposed convolution."""
        return isinstance(self._spec, ConvTranspose)

    def value(self, source: int) -> Value:
        """Return the output of a layer; -1 is the input."""
        return self.start if source == INPUT else self.values[source]

    def _read_spec(self) -> Known | None:
        try:
            return spec_of(self.block, self.given.shape)  # type: ignore[return-value]
        except Refusal:  # the dialect has no core spec for it: there are no windows to look at
            return None

    def _read_lines(self, spec: Known) -> tuple[Line, ...]:
        try:
            return lines_of(spec, self.given.shape, spec.output(self.given.shape))
        except Refusal:
            return lines_of(spec)

    def kernels(self, wanted: dict[str, int]) -> Changes | None:
        """Return the change that gives the kernel other sizes on some axes, by their names; None where it has none."""
        names = AXIS_NAMES[len(self.lines)]
        sizes = tuple(wanted.get(name, line.kernel) for name, line in zip(names, self.lines, strict=True))
        own = arguments_of(self.block)
        if "filter_shape" in own:
            return {"filter_shape": (*sizes, *own["filter_shape"][-2:])}  # type: ignore[index]
        argument = next((one for one in ("window_shape", "kernel_size", "pool_size") if one in own), None)
        return None if argument is None else {argument: sizes if len(sizes) > 1 else sizes[0]}

    def pads(self, after: dict[str, int]) -> Changes | None:
        """Return the change that pads so many elements after on some axes, and as many as now elsewhere."""
        spec = self._spec
        if not isinstance(self.block, SpecBlock) or spec is None or spec.padding == "SAME":
            return None
        pairs = []
        for axis, line in enumerate(self.lines):
            pair = before_and_after(spec.padding, axis)
            before, behind = (0, 0) if isinstance(pair, str) else pair
            pairs.append((before, after.get(line.name, behind)))
        return {"padding": tuple(pairs)}

    def remedy(
        self, candidates: Iterable[Changes | None], gone: Callable[[Place], bool], *, same: bool = True
    ) -> Changes | None:
        """Return the first change of the layer's arguments with which the network works without the finding.

        Args:
            candidates: Changes of its arguments.
            gone: Whether the finding is gone, asked of the layer in the changed network.
            same: Whether the network has to make the shape that it makes now.
        """
        if not isinstance(self.block, SpecBlock | LayerBlock | Dense):
            return None
        for candidate in filter(None, candidates):
            changes: Changes = {
                f"{self.node.name}.{argument}": value for argument, value in candidate.items()
            }
            try:
                if self._works(rebuilt(self.block, candidate), changes, gone, same):
                    return changes
            except (Refusal, Failed):
                continue
        return None

    def _works(self, block: Block, changes: Changes, gone: Callable[[Place], bool], same: bool) -> bool:
        """Return whether the network works with another block here, or raise what it is refused with."""
        value = step(block, [self.value(source) for source in self.node.sources], self.network.data_format)
        if value == self.values[self.position]:  # the layers behind it see no difference
            return gone(Place(self.network, self.start, self.values, self.position, self.readers, block))
        other = changed(self.network, changes)
        values = other.walk(self.start)
        if same and len(values) == len(self.values) and values[-1].entries != self.values[-1].entries:
            return False
        return gone(Place(other, self.start, values, self.position))

    @property
    def pools(self) -> bool:
        """Whether it is a pool."""
        return isinstance(self._spec, Pool)
