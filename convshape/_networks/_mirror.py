"""The decoder that undoes an encoder: its layers backwards, each with the exact size that its twin came from."""

from __future__ import annotations

from convshape._layouts import channel_axis
from convshape._mending import mend
from convshape._networks._block import told
from convshape._networks._chain import Chain
from convshape._networks._mirror_layers import undoing
from convshape._networks._names import chain_nodes
from convshape._networks._network import Failed, Network
from convshape._networks._remedies import _wanted_channels
from convshape._refusals import Refusal, Suggestion
from convshape._show import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from convshape._networks._block import Block
    from convshape._networks._mirror_calls import Calls
    from convshape._networks._network import Node, Value
    from convshape._shapes import Shape


class Mirror(Chain):
    """A chain from an encoder's output back to its input; made by :meth:`Chain.mirror`.

    Attributes:
        input_shape: What it takes: the encoder's output, ``(N, *spatial, C)`` or ``(N, features)``, sizes in elements.
        output_shape: What it makes: the encoder's input.
        twins: For each of its layers, by name, the encoder's layer that it undoes.

    Examples:
        >>> import convshape as cs
        >>> encoder = cs.Chain([cs.Conv((5, 5, 3, 32), 2), cs.Pool(2), cs.layers.Flatten()])
        >>> decoder = encoder.mirror(("N", 45, 61, 3))
        >>> decoder.input_shape == encoder(("N", 45, 61, 3)), decoder(decoder.input_shape)
        (True, ('N', 45, 61, 3))
        >>> decoder.twins
        {'up_flatten_1': 'flatten_1', 'up_pool_1': 'pool_1', 'pad_pool_1': 'pool_1', 'up_conv_1': 'conv_1'}
    """

    __slots__ = ("input_shape", "output_shape", "twins")
    _fields = ("nodes", "input_shape", "output_shape", "data_format", "twins")  # type: ignore[assignment]
    input_shape: Shape
    output_shape: Shape
    twins: dict[str, str]

    def __init__(
        self,
        nodes: tuple[Node, ...],
        input_shape: Shape,
        output_shape: Shape,
        data_format: str | None,
        twins: Mapping[str, str],
    ) -> None:
        Network.__init__(self, nodes)
        self._set(
            input_shape=input_shape, output_shape=output_shape, data_format=data_format, twins=dict(twins)
        )

    def calls(self, to: str) -> Calls:
        """Return each layer as a framework's call for just these sizes, with code that runs.

        A transposed convolution has what the framework picks its size by: ``output_shape`` for ``tf.nn``,
        ``output_padding`` for Keras and PyTorch, and a crop after the call where neither can say it. A pool's copies,
        padding, cropping and reshaping are the framework's own too. Biases are left out: add them after a layer's call.

        Args:
            to: ``"tensorflow"``, ``"keras"``, ``"torch"``, ``"jax"`` or ``"onnx"``.

        Returns:
            The calls, in the mirror's order; ``print(mirror.calls("torch").code)`` shows a program.

        Raises:
            ShapeError: The framework cannot say one of the layers; the error names the layer and who can.

        Examples:
            >>> import convshape as cs
            >>> decoder = cs.Chain([cs.Conv((5, 5, 3, 32), 2)]).mirror(("N", 45, 61, 3))
            >>> decoder.calls("tensorflow")
            import tensorflow as tf
            <BLANKLINE>
            # up_conv_1, which undoes conv_1: (N, 23, 31, 32) to (N, 45, 61, 3)
            weights = parameters["up_conv_1"]
            y = tf.nn.conv2d_transpose(
                x,
                weights,
                output_shape=(tf.shape(x)[0], 45, 61, 3),
                strides=[2, 2],
                padding="SAME",
                data_format="NHWC",
            )
            >>> decoder.calls("torch")["up_conv_1"].conversion
            <torch.nn.ConvTranspose2d(in_channels=32, out_channels=3, kernel_size=(5, 5), stride=(2, 2), padding=(2, 2), bias=False) on NCHW>
            >>> decoder.calls("caffe")
            Traceback (most recent call last):
            ...
            convshape.ArgumentError: calls: to is the string "caffe".
              legal: ("tensorflow", "keras", "torch", "jax", "onnx")
              because: a framework is called by the name that it is imported by.
              fix: to="tensorflow"
              or: to="keras"
              or: to="torch"
              or: to="jax"
        """
        from convshape._networks._mirror_calls import calls_of

        return calls_of(self, to)

    def exchanged(self, blocks: dict[int, Block]) -> Chain:  # type: ignore[override]
        """Return a plain chain with other blocks in some places: it need not undo the encoder any more."""
        chain = object.__new__(Chain)
        Network.__init__(chain, Network(self.nodes).exchanged(blocks).nodes)
        chain._set(data_format=self.data_format)
        return chain

    def __hash__(self) -> int:
        return hash((Mirror, self.nodes, self.input_shape, self.output_shape))

    def __reduce__(self) -> tuple[object, ...]:
        return Mirror, tuple(self._values().values())


def mirror_of(chain: Chain, input_shape: object) -> Mirror:
    """Return the mirror of a chain for one input, or raise the error that says why there is none."""
    start, values = chain._walked(input_shape, _built)
    try:
        return _built(chain, start, values)
    except Refusal as refusal:

        def check(input_shape: object) -> Mirror:
            return _built(chain, *chain._tried(input_shape))

        raise mend("mirror", check, {"input_shape": input_shape}, refusal) from None


def _built(chain: Chain, start: Value, values: list[Value]) -> Mirror:
    _check_known(chain, start)
    layers: list[tuple[str, Block]] = []
    ends: dict[int, int] = {}  # the mirror's layer behind which the shape is again that of a twin's input
    twins: list[str] = []
    for position in reversed(range(len(values))):
        node, before = chain.nodes[position], values[position - 1] if position else start
        try:
            blocks = undoing(node.block, before, values[position])
        except Refusal as refusal:
            raise _told(chain, position, refusal) from None
        layers += [(_name(node.name, block), block) for block in blocks]
        twins += [node.name] * len(blocks)
        if blocks:
            ends[len(layers) - 1] = position
    nodes = chain_nodes(layers, repeats=True)  # one layer may be undone by several
    last = values[-1] if values else start
    home = next((value.layout for value in (*reversed(values), start) if value.layout), None)
    names = dict(zip((node.name for node in nodes), twins, strict=True))
    mirror = Mirror(nodes, last.told, start.told, home, names)
    _check(chain, mirror, [start, *values], ends)
    return mirror


def _check(chain: Chain, mirror: Mirror, shapes: list[Value], ends: Mapping[int, int]) -> None:
    """Refuse a mirror of which a layer does not give back what its twin took: axes of another layout."""
    failure = None
    try:
        values = mirror.walk(shapes[-1])
    except Failed as failed:
        failure, values = failed, failed.values
    for place, position in ends.items():
        if place < len(values) and values[place] != shapes[position]:
            given, wanted = values[place], shapes[position]
            refusal = Refusal(
                "input_shape",
                given=wanted.told,
                problem=f"undone, it gives {told(given.told)} as {given.layout}, where it took "
                f"{told(wanted.told)} as {wanted.layout}.",
                legal="layers of one layout, or a Permute to it just before the axes end",
                reason=f"the mirror's axes begin as {mirror.data_format}: a shape does not say which of its axes are "
                "channels.",
            )
            raise _told(chain, position, refusal)
    if failure is not None:
        position = chain.position(mirror.twins[mirror.nodes[failure.position].name])
        raise _told(chain, position, failure.refusal)


def _told(chain: Chain, position: int, refusal: Refusal) -> Refusal:
    node = chain.nodes[position]
    refusal.problem = f'layer {position} "{node.name}" ({node.block.kind}): {refusal.problem}'
    return refusal


def _check_known(chain: Chain, start: Value) -> None:
    for place, size in enumerate(start.told):
        if place and not isinstance(size, int):
            raise Refusal(
                "input_shape",
                given=start.told,
                problem=f"input_shape {told(start.told)} has {show(size)} at position {place}, which is no number.",
                legal="a number for every size but the batch",
                reason="several inputs lead to one output, as 45 and 46 both lead to 23 by a stride of 2: only the "
                "numbers say to which one of them the mirror goes back.",
                axis=place,
                suggestions=tuple(_examples(chain, start)),
            )


def _examples(chain: Chain, start: Value) -> list[Suggestion]:
    """Return the first input of a usual size that the chain takes, in place of what is not known."""
    channels = next(filter(None, map(_wanted_channels, chain.nodes)), 3)
    where = -1 if start.layout is None else channel_axis(start.layout) % len(start.told)
    for size in (64, 224, 572, 28, 1024):
        shape = tuple(
            entry if isinstance(entry, int) or not place else channels if place == where else size
            for place, entry in enumerate(start.told)
        )
        try:
            chain._tried(shape)
        except Refusal:
            continue
        return [Suggestion({"input_shape": shape}, "for example; with the sizes of your input")]
    return []


_WORDS = {
    "Conv": "down",
    "Pool": "down",
    "AdaptivePool": "down",
    "Cropping": "crop",
    "ZeroPadding": "pad",
}
_OPPOSITES = {"down": "up_", "up": "down_"}


def _name(twin: str, block: Block) -> str:
    """Return the name of what undoes a layer: ``up_conv_3``; the mirror of a mirror has the first names again."""
    word = _WORDS.get(block.kind, "up")
    neutral = block.kind in ("Dense", "Reshape", "Permute")
    opposite = "up_" if neutral else _OPPOSITES.get(word, "")
    rest = twin.removeprefix(opposite)
    if rest != twin and not rest.isdigit():
        return rest
    return f"{word}_{twin}"
