"""The verb that explains one layer."""

from __future__ import annotations

from convshape._explain._explanation import Explanation
from convshape._explain._forward import forward_steps
from convshape._explain._lines import lines_of
from convshape._explain._subject import read_subject
from convshape._explain._transposed import transposed_steps
from convshape._transposed import ConvTranspose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._explain._subject import Known, LayerLike
    from convshape._types import ShapeLike


def explain(spec: Known | LayerLike, input_shape: ShapeLike) -> Explanation:
    """Return how a layer comes to its output shape: every step in words, with the numbers in the formulas.

    Of a transposed convolution: its forward twin, the filter, what the kernel spans, the legal outputs, which one
    was picked and what would pick another, and the padding that becomes a crop (Dumoulin and Visin,
    arXiv:1603.07285; for SAME, TensorFlow's ``GetWindowedOutputSize``, framework/kernel_shape_util.h).

    Args:
        spec: A spec, or a layer of ``convshape.frameworks``.
        input_shape: The input's shape, ``(N, *spatial, C)`` in the layer's layout, sizes in elements; None where
            not known, which the formulas then call ``i``.

    Returns:
        The derivation: printed it is text, a notebook shows it with the picture of :func:`diagram` below.

    Raises:
        ShapeError: The layer does not take the input: it is the layer's own error.

    Examples:
        >>> import convshape as cs
        >>> cs.explain(cs.Pool(2), ("N", 45, 60, 3))
        Pool, window 2 x 2, stride 2, VALID: (N, 45, 60, 3) to (N, 22, 30, 3)
          window     A window of 2 x 2 slides over each of the 3 channels by itself.
          span       A window of 2 spans 2 elements.
          padding    VALID pads nothing.
          size       height: floor((45 - 2) / 2) + 1 = 22: so many windows of 2 fit, 2 apart.
                     width: floor((60 - 2) / 2) + 1 = 30: so many windows of 2 fit, 2 apart.
          left over  height: The last window ends before the input does: 1 element at the end is not read.
          output     (N, 45, 60, 3) becomes (N, 22, 30, 3).
        >>> cs.explain(cs.Pool(2), ("N", 1, 60, 3))
        Traceback (most recent call last):
        ...
        convshape.SizeError: Pool: input_shape (N, 1, 60, 3) has a height of 1, too small for a window that spans 2.
          legal: a height of at least 2
          because: VALID does not pad: a window that spans 2 needs an input of at least 2. TensorFlow may compute 0 and not refuse it; its default build then returns memory of the input's shape.
          fix: padding="SAME"    (pads as much as it needs)
          or: window_shape=(1, 2)    (a window that fits)
          or: input_shape=("N", 2, 60, 3)    (the smallest input that fits)
          or: input_shape=("N", 60, 60, 3)    (if the picture is square)
    """
    known, shape, output = read_subject("explain", spec, input_shape)
    lines = lines_of(known, shape, output)
    if isinstance(known, ConvTranspose):
        from convshape._overlap import Overlap

        headline = Overlap(known, shape).headline()
        return Explanation(known, shape, output, transposed_steps(known, lines, shape, output, headline))
    return Explanation(known, shape, output, forward_steps(known, lines, shape, output))
