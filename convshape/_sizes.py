"""One axis in plain integers: the formulas and nothing else.

Sizes are in elements. Everything follows from one number of an axis, its *reach*: the smallest input size
whose output has size 1. A forward convolution makes ``(i - reach) // stride + 1``; a transposed one of the
same kernel undoes that, and may end on any of the ``stride`` sizes that the floor division maps to ``i``.

Sources: V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep learning" (arXiv:1603.07285),
relationships 6, 13 and 14; for SAME, TensorFlow's ``GetWindowedOutputSize`` (framework/kernel_shape_util.h).
"""

from __future__ import annotations


def effective_kernel(kernel: int, dilation: int) -> int:
    """Return the extent of a dilated kernel: ``(kernel - 1) * dilation + 1``."""
    return (kernel - 1) * dilation + 1


def reach_of(padding: str | tuple[int, int], extent: int) -> int:
    """Return the smallest input size that gives an output of size 1, before the floor of one element.

    SAME always pads enough, so it is 1. Otherwise the kernel's ``extent`` must fit into the padded input;
    the answer may be below 1 where the padding alone holds the kernel.
    """
    if padding == "SAME":
        return 1
    if padding == "VALID":
        return extent
    return extent - padding[0] - padding[1]  # type: ignore[operator]


def forward_size(size: int, reach: int, stride: int) -> int:
    """Return the output size of a forward convolution: ``floor((size - reach) / stride) + 1``.

    For SAME (reach 1) this is ``ceil(size / stride)``.
    """
    return (size - reach) // stride + 1


def transposed_sizes(size: int, reach: int, stride: int) -> range:
    """Return every output size whose forward convolution gives ``size`` back.

    They are ``stride`` in number, fewer only where padding would take a size below 1 (relationship 14, with
    its ``a`` running over all remainders).
    """
    smallest = (size - 1) * stride + reach
    return range(max(1, smallest), smallest + stride)


def default_extra(padding: str | tuple[int, int], extent: int, stride: int) -> int:
    """Return how far the default output of a transposed convolution lies above its smallest one.

    SAME ends at ``size * stride``, VALID at ``size * stride + max(extent - stride, 0)`` (what Keras and JAX
    use), explicit padding at the smallest size.
    """
    if padding == "SAME":
        return stride - 1
    if padding == "VALID":
        return max(stride - extent, 0)
    return 0


def same_padding(size: int, extent: int, stride: int) -> tuple[int, int]:
    """Return SAME's padding ``(before, after)``: the odd element goes after."""
    total = max(0, (forward_size(size, 1, stride) - 1) * stride + extent - size)
    return total // 2, total - total // 2


def ceil_pool_size(size: int, reach: int, stride: int, before: int) -> int:
    """Return the output size of a pool in ceil mode.

    The last window may hang over the end but must start inside the input or the padding before it
    (PyTorch, ATen/native/Pool.h, ``pooling_output_shape_pad_lr``).
    """
    output = -((reach - size) // stride) + 1
    return output - 1 if (output - 1) * stride >= size + before else output


def strides_reaching(size: int, wanted: int, padding: str | tuple[int, int], extent: int) -> range:
    """Return every stride with which a transposed convolution takes ``size`` to ``wanted``.

    From ``(size - 1) * s + reach <= wanted <= size * s + reach - 1``.
    """
    room = wanted - reach_of(padding, extent)  # what the strides have to span
    if room < 0:
        return range(0)
    smallest = room // size + 1
    largest = room // (size - 1) if size > 1 else smallest  # from a single element: the smallest is enough
    return range(smallest, largest + 1)
