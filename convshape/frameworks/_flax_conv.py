"""``flax.linen.Conv`` as a value."""

from __future__ import annotations

from convshape._arguments import check_groups
from convshape._conv import Conv as Forward
from convshape._errors import ArgumentError
from convshape._reading import as_entries, as_text, read_whole
from convshape._refusals import Refusal, Suggestion
from convshape._show import show
from convshape._sizes import effective_kernel, same_padding
from convshape.frameworks._flax_layer import (
    INPUT_DILATION,
    KERNEL_DILATION,
    STRIDES,
    FlaxLayer,
    FlaxWords,
    no_spec,
)
from convshape.frameworks._jax_conv import or_ones, word_with_dilation
from convshape.frameworks._jax_padding import FORWARD_WORDS, read_padding
from convshape.frameworks._jax_specs import DilatedConv
from convshape.frameworks._known import recall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar, SupportsIndex

    from convshape._spec import Spec
    from convshape._types import PaddingLike, PerAxisLike, ShapeLike

    Padding = str | tuple[tuple[int, int], ...]

# flax's own words are compared as they stand; those that go on to lax may be in any case.
OWN_WORDS = ("CIRCULAR", "REFLECT", "CAUSAL")


class Conv(FlaxLayer):
    """``flax.linen.Conv``, called with the shape of its inputs ``(*batch, *spatial, C)``.

    Args:
        features: The output's channels.
        kernel_size: One number a spatial axis; a plain number is one spatial axis.
        strides: Elements from one window to the next: one number, one a spatial axis, or None for 1.
        padding: ``"SAME"``, ``"SAME_LOWER"``, ``"VALID"``, ``"CIRCULAR"``, ``"REFLECT"``, ``"CAUSAL"`` (one
            spatial axis), a number, or a number or ``(low, high)`` a spatial axis; negative numbers crop.
        input_dilation: Elements from one element of the inputs to the next, zeros between them.
        kernel_dilation: Elements from one tap of the kernel to the next.
        feature_group_count: Into how many groups the channels are split.
        use_bias: Whether there is a bias.
        mask: The shape of a mask, the kernel's, or None.
        dtype: Changes no shape, nor does what follows.

    Raises:
        ShapeError: flax would refuse the layer, or return an empty array; the error names a fix that has been
            checked.

    Examples:
        >>> from convshape.frameworks import jax
        >>> layer = jax.Conv(64, (5, 5), strides=2)
        >>> layer(("N", 45, 61, 3))
        ('N', 23, 31, 64)
        >>> layer.weight_shapes(("N", 45, 61, 3))
        {'kernel': (5, 5, 3, 64), 'bias': (64,)}
        >>> jax.Conv(64, (5, 5), padding="VALID")((1, 28, 3, 1))
        Traceback (most recent call last):
        ...
        convshape.SizeError: flax.linen.Conv: inputs (1, 28, 3, 1) has a width of 3, too small for a kernel that spans 5.
          legal: a width of at least 5
          because: there is no padding: this kernel needs a width of at least 5. flax 0.12 returns an empty array for a smaller one, and says nothing.
          fix: padding="SAME"    (pads as much as it needs)
          or: kernel_size=(5, 3)    (a kernel that fits)
          or: inputs=(1, 28, 5, 1)    (the smallest input that fits)
    """

    __slots__ = (
        "_amounts",
        "_dilations",
        "_groups",
        "_kernel",
        "_made",
        "_spread",
        "_steps",
        "feature_group_count",
        "features",
        "input_dilation",
        "kernel_dilation",
        "kernel_size",
        "mask",
        "padding",
        "strides",
        "use_bias",
    )
    _fields = (
        "features",
        "kernel_size",
        "strides",
        "padding",
        "input_dilation",
        "kernel_dilation",
        "feature_group_count",
        "use_bias",
        "mask",
    )
    operation: ClassVar[str] = "flax.linen.Conv"
    strides: object
    padding: object
    input_dilation: object
    kernel_dilation: object
    feature_group_count: object
    _amounts: Padding
    _steps: tuple[int, ...]
    _dilations: tuple[int, ...]
    _spread: tuple[int, ...]
    _groups: int

    def __init__(
        self,
        features: SupportsIndex,
        kernel_size: PerAxisLike,
        strides: PerAxisLike | None = 1,
        padding: PaddingLike = "SAME",
        input_dilation: PerAxisLike | None = 1,
        kernel_dilation: PerAxisLike | None = 1,
        feature_group_count: SupportsIndex = 1,
        use_bias: bool = True,
        mask: ShapeLike | None = None,
        dtype: object = None,
        param_dtype: object = None,
        precision: object = None,
        kernel_init: object = None,
        bias_init: object = None,
        promote_dtype: object = None,
        conv_general_dilated: object = None,
        conv_general_dilated_cls: object = None,
        parent: object = None,
        name: str | None = None,
    ) -> None:
        self._make(
            features=features,
            kernel_size=kernel_size,
            strides=strides,
            padding=padding,
            input_dilation=input_dilation,
            kernel_dilation=kernel_dilation,
            feature_group_count=feature_group_count,
            use_bias=use_bias,
            mask=mask,
        )

    def read_rest(self, rank: int) -> None:
        """Read strides, padding, dilations and groups, or raise the bare ``Refusal``."""
        groups = read_whole(
            "feature_group_count", self.feature_group_count, what="the number of groups", least=1
        )
        amounts = read_padding(
            self.padding, rank, (*FORWARD_WORDS, *OWN_WORDS), exact=OWN_WORDS, numbers=True
        )
        spread = or_ones(INPUT_DILATION, self.input_dilation, rank)
        if isinstance(amounts, str) and set(spread) != {1}:
            raise word_with_dilation(self.padding, self.input_dilation, "input_dilation")
        if amounts == "CAUSAL" and rank != 1:
            raise _causal(self.padding, rank)
        self._set(
            _amounts=amounts,
            _steps=or_ones(STRIDES, self.strides, rank),
            _dilations=or_ones(KERNEL_DILATION, self.kernel_dilation, rank),
            _spread=spread,
            _groups=groups,
        )
        if self.features % groups:
            check_groups(groups, self.features, "feature_group_count", "features")

    def spec_for(self, channels: int) -> Spec:
        """Return the spec that gives the sizes for inputs of so many channels, 0 where they are not known."""
        return recall(
            _spec,
            self._kernel,
            channels,
            self.features,
            self._steps,
            self._amounts,
            self._dilations,
            self._groups,
            self._spread,
        )

    def kernel_for(self, channels: int) -> tuple[int, ...]:
        """Return the kernel's shape for inputs of so many channels."""
        return (*self._kernel, channels // self._groups, self.features)

    def _spec(self, input_shape: object) -> Spec:
        if set(self._spread) != {1}:
            raise no_spec(
                "input_dilation",
                self.input_dilation,
                f"input_dilation {show(self.input_dilation)} puts zeros between the elements of the inputs.",
                "no forward spec does; as a transposed convolution, it is flax.linen.ConvTranspose's strides.",
                Suggestion({"input_dilation": 1}),
            )
        channels = self.channels_of(input_shape, "spec's filter")
        self.output(input_shape)
        return Forward(
            self.kernel_for(channels),
            self._steps,
            self._zeros(input_shape),
            dilations=self._dilations,
            groups=self._groups,
        )

    def _zeros(self, input_shape: object) -> Padding:
        """Return the padding with zeros that the layer does, or refuse where it does another."""
        amounts = self._amounts
        if amounts in ("CIRCULAR", "REFLECT"):
            around = _around("CIRCULAR", self._kernel, self._dilations)
            raise no_spec(
                "padding",
                self.padding,
                f"padding is {show(amounts)}, which does not pad with zeros.",
                "a spec pads with zeros; the sizes are those of the same padding in numbers, the values are not.",
                Suggestion({"padding": around}, "zeros in the same places"),
            )
        if amounts == "SAME_LOWER":
            sizes = (as_entries(input_shape) or ())[-1 - len(self._kernel) : -1]
            return tuple(self._lower(size, axis) for axis, size in enumerate(sizes))
        if amounts == "CAUSAL":
            return _around(amounts, self._kernel, self._dilations)
        if not isinstance(amounts, str) and min(map(min, amounts)) < 0:
            raise no_spec(
                "padding",
                self.padding,
                f"padding {show(amounts)} has a number below 0.",
                "a spec pads; cropping is not part of a convolution. Crop the inputs, and pad by 0 there.",
                Suggestion({"padding": tuple((max(low, 0), max(high, 0)) for low, high in amounts)}),
            )
        return amounts

    def _lower(self, size: object, axis: int) -> tuple[int, int]:
        extent = effective_kernel(self._kernel[axis], self._dilations[axis])
        if not isinstance(size, int) and self._steps[axis] == 1:
            size = extent  # with stride 1 the amounts are the same for any size
        if not isinstance(size, int):
            raise no_spec(
                "padding",
                self.padding,
                'padding is "SAME_LOWER", and the size of the inputs is not known.',
                "with a stride above 1 what it pads depends on the size, with the odd element before.",
                Suggestion({"padding": "SAME"}, "the odd element after"),
            )
        return same_padding(size, extent, self._steps[axis])[::-1]


def _spec(
    kernel: tuple[int, ...],
    channels: int,
    features: int,
    strides: tuple[int, ...],
    amounts: Padding,
    dilations: tuple[int, ...],
    groups: int,
    spread: tuple[int, ...],
) -> DilatedConv:
    if channels % groups:
        check_groups(groups, channels, "feature_group_count", "channels of inputs")
    padding = amounts
    if isinstance(amounts, str) and amounts not in FORWARD_WORDS:
        padding = _around(amounts, kernel, dilations)
    return FlaxWords().make(
        DilatedConv,
        filter_shape=(*kernel, channels // groups or 1, features),
        strides=strides,
        padding="SAME" if padding == "SAME_LOWER" else padding,
        dilations=dilations,
        groups=groups,
        lhs_dilation=spread,
    )


def _around(word: str, kernel: tuple[int, ...], dilations: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    """Return how much flax's own words pad (flax/linen/linear.py, ``_Conv.__call__``)."""
    extents = tuple(map(effective_kernel, kernel, dilations))
    if word == "CAUSAL":
        return tuple((extent - 1, 0) for extent in extents)
    return tuple(((extent - 1) // 2, extent // 2) for extent in extents)


def _causal(padding: object, rank: int) -> Refusal:
    return Refusal(
        "padding",
        given=as_text(padding),
        problem=f'padding is "CAUSAL" with {rank} spatial axes.',
        legal='"CAUSAL" with one spatial axis',
        reason="only along one axis is there a before and an after; flax implements no other.",
        kind=ArgumentError,
        suggestions=(Suggestion({"padding": "SAME"}),),
    )
