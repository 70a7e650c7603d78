"""``flax.linen.ConvTranspose`` as a value."""

from __future__ import annotations

from convshape._arguments import read_flag
from convshape._refusals import Suggestion
from convshape._show import show
from convshape._transposed import ConvTranspose as Transposed
from convshape.frameworks._flax_layer import (
    KERNEL_DILATION,
    STRIDES,
    FlaxLayer,
    FlaxTransposedWords,
    FlaxWords,
    no_spec,
)
from convshape.frameworks._jax_conv import OTHER_CASE, or_ones, twin_padding
from convshape.frameworks._jax_padding import TRANSPOSED_WORDS, read_padding
from convshape.frameworks._jax_specs import CroppedTranspose
from convshape.frameworks._known import recall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar, SupportsIndex

    from convshape._spec import Spec
    from convshape._types import PaddingLike, PerAxisLike, ShapeLike

    Padding = str | tuple[tuple[int, int], ...]

WORDS = (*TRANSPOSED_WORDS, "CIRCULAR")


class ConvTranspose(FlaxLayer):
    """``flax.linen.ConvTranspose``, called with the shape of its inputs ``(*batch, *spatial, C)``.

    Args:
        features: The output's channels.
        kernel_size: One number a spatial axis; a plain number is one spatial axis.
        strides: The forward twin's strides: one number, one a spatial axis, or None for 1.
        padding: ``"SAME"``, ``"VALID"``, ``"CIRCULAR"`` (in capitals), a number, or a number or ``(low, high)`` a
            spatial axis. Numbers pad the dilated inputs, they are not the forward convolution's; negative ones
            crop.
        kernel_dilation: Elements from one tap of the kernel to the next.
        use_bias: Whether there is a bias.
        mask: The shape of a mask, the kernel's, or None.
        dtype: Changes no shape, nor does what follows but ``transpose_kernel``.
        transpose_kernel: Whether the kernel is the forward convolution's: ``(*kernel, out, in)``, and flipped.

    Raises:
        ShapeError: flax would refuse the layer, or return an empty array; the error names a fix that has been
            checked.

    Examples:
        >>> from convshape.frameworks import jax
        >>> layer = jax.ConvTranspose(32, (5, 5), strides=(2, 2))
        >>> layer(("N", 8, 8, 64))
        ('N', 16, 16, 32)
        >>> layer.weight_shapes(("N", 8, 8, 64))
        {'kernel': (5, 5, 64, 32), 'bias': (32,)}
        >>> jax.ConvTranspose(128, (3, 3), padding=0)((4, 2, 2, 32))
        Traceback (most recent call last):
        ...
        convshape.SizeError: flax.linen.ConvTranspose: padding ((0, 0), (0, 0)) leaves nothing of the height: the kernel spans 3, and inputs (4, 2, 2, 32) is dilated to 2 and padded to 2.
          legal: padding of at least 1 in all, low and high
          because: its numbers pad the dilated input: they are not the forward twin's. JAX 0.10 returns an empty array, and says nothing.
          fix: padding="VALID"    (which pads by ((2, 2), (2, 2)), or more for a stride above the kernel)
          or: padding="SAME"
    """

    __slots__ = (
        "_amounts",
        "_dilations",
        "_kernel",
        "_made",
        "_steps",
        "features",
        "kernel_dilation",
        "kernel_size",
        "mask",
        "padding",
        "strides",
        "transpose_kernel",
        "use_bias",
    )
    _fields = (
        "features",
        "kernel_size",
        "strides",
        "padding",
        "kernel_dilation",
        "use_bias",
        "mask",
        "transpose_kernel",
    )
    operation: ClassVar[str] = "flax.linen.ConvTranspose"
    words: ClassVar[type[FlaxWords]] = FlaxTransposedWords
    strides: object
    padding: object
    kernel_dilation: object
    transpose_kernel: object
    _amounts: Padding
    _steps: tuple[int, ...]
    _dilations: tuple[int, ...]

    def __init__(
        self,
        features: SupportsIndex,
        kernel_size: PerAxisLike,
        strides: PerAxisLike | None = None,
        padding: PaddingLike = "SAME",
        kernel_dilation: PerAxisLike | None = None,
        use_bias: bool = True,
        mask: ShapeLike | None = None,
        dtype: object = None,
        param_dtype: object = None,
        precision: object = None,
        kernel_init: object = None,
        bias_init: object = None,
        transpose_kernel: bool = False,
        promote_dtype: object = None,
        preferred_element_type: object = None,
        parent: object = None,
        name: str | None = None,
    ) -> None:
        self._make(
            features=features,
            kernel_size=kernel_size,
            strides=strides,
            padding=padding,
            kernel_dilation=kernel_dilation,
            use_bias=use_bias,
            mask=mask,
            transpose_kernel=transpose_kernel,
        )

    @property
    def weight_layout(self) -> str:
        """How the kernel stands, ``"twin"`` as the forward convolution's, or ``"mirrored"``."""
        return "twin" if self.transpose_kernel else "mirrored"

    def read_rest(self, rank: int) -> None:
        """Read strides, padding and dilation, or raise the bare ``Refusal``."""
        read_flag("transpose_kernel", self.transpose_kernel)
        amounts = read_padding(self.padding, rank, WORDS, exact=WORDS, numbers=True, why=OTHER_CASE)
        dilations = or_ones(KERNEL_DILATION, self.kernel_dilation, rank)
        self._set(
            _amounts=twin_padding(amounts, self._kernel, dilations),
            _steps=or_ones(STRIDES, self.strides, rank),
            _dilations=dilations,
        )

    def spec_for(self, channels: int) -> Spec:
        """Return the spec that gives the sizes for inputs of so many channels, 0 where they are not known."""
        return recall(
            _spec, self._kernel, channels, self.features, self._steps, self._amounts, self._dilations
        )

    def kernel_for(self, channels: int) -> tuple[int, ...]:
        """Return the kernel's shape for inputs of so many channels."""
        pair = (self.features, channels) if self.transpose_kernel else (channels, self.features)
        return (*self._kernel, *pair)

    def _spec(self, input_shape: object) -> Spec:
        channels = self.channels_of(input_shape, "spec's filter")
        self.output(input_shape)
        padding, extra = self._zeros()
        return Transposed(
            (*self._kernel, self.features, channels),
            self._steps,
            padding,
            dilations=self._dilations,
            output_padding=extra,
        )

    def _zeros(self) -> tuple[Padding, tuple[int, ...] | None]:
        """Return the forward twin's padding, and what the output has beyond its smallest size."""
        amounts = self._amounts
        if amounts == "CIRCULAR":
            raise no_spec(
                "padding",
                self.padding,
                'padding is "CIRCULAR", which wraps the output around.',
                'a spec cuts the output; the sizes are those of "SAME", the values are not.',
                Suggestion({"padding": "SAME"}, "the same sizes"),
            )
        if isinstance(amounts, str):
            return amounts, None
        extra = tuple(max(0, -after) for _, after in amounts)
        if min(before for before, _ in amounts) < 0 or any(map(int.__ge__, extra, self._steps)):
            raise no_spec(
                "padding",
                self.padding,
                f"padding {show(self.padding)} is more than the kernel can reach.",
                f"as its forward twin's it is {show(amounts)}, and a spec's padding does not crop.",
                Suggestion({"padding": "VALID"}, "as far as the kernel reaches"),
            )
        pairs = tuple((before, max(0, after)) for before, after in amounts)
        return pairs, extra if any(extra) else None


def _spec(
    kernel: tuple[int, ...],
    channels: int,
    features: int,
    strides: tuple[int, ...],
    amounts: Padding,
    dilations: tuple[int, ...],
) -> CroppedTranspose:
    return FlaxTransposedWords().make(
        CroppedTranspose,
        filter_shape=(*kernel, features, channels or 1),
        strides=strides,
        padding="SAME" if amounts == "CIRCULAR" else amounts,
        dilations=dilations,
    )
