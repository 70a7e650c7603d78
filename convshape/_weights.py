"""Weights from one framework's layout to another's: axes exchanged, and a kernel mirrored where that is needed.

Four layouts cover the frameworks. ``g`` is the number of groups.

    twin        (*kernel, in/g, out), transposed (*kernel, out/g, in)    TensorFlow, Keras, lax.conv_transpose
                                                                         with transpose_kernel=True
    channels    (out, in/g, *kernel), transposed (in, out/g, *kernel)    PyTorch, ONNX
    mirrored    (*kernel, in/g, out), transposed too, the kernel mirrored: a correlation of the dilated input, as
                lax.conv_general_dilated with lhs_dilation and lax.conv_transpose without transpose_kernel want it
    depthwise   (*kernel, in, multiplier), a group a channel             Keras's depthwise layers

NumPy is imported only here, and only when there are weights.
"""

from __future__ import annotations

from convshape._errors import ChannelError
from convshape._reading import as_entries
from convshape._refusals import Refusal
from convshape._show import kind_of, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    Layout = Literal["twin", "channels", "mirrored", "depthwise"]


def shape_in(layout: Layout, filter_shape: tuple[int, ...], groups: int) -> tuple[int, ...]:
    """Return the shape that weights of a TensorFlow filter shape have in a layout."""
    *kernel, one, other = filter_shape
    if layout == "channels":
        return (other, one, *kernel)
    if layout == "mirrored":
        return (*kernel, other // groups, one * groups)
    if layout == "depthwise":
        return (*kernel, groups, other // groups)
    return filter_shape


def filter_of(layout: Layout, shape: tuple[int, ...], groups: int) -> tuple[int, ...]:
    """Return the TensorFlow filter shape of weights that have this shape in a layout."""
    if layout == "channels":
        return (*shape[2:], shape[1], shape[0])
    if layout == "mirrored":
        return (*shape[:-2], shape[-1] // groups, shape[-2] * groups)
    if layout == "depthwise":
        return (*shape[:-2], 1, shape[-2] * shape[-1])
    return shape


def read_weights(weights: object, shape: tuple[int, ...], layout: str) -> Any:  # noqa: ANN401 - a NumPy array
    """Return the weights as an array of this shape, or refuse them.

    Args:
        weights: An array, or what NumPy makes one of: a tensor of TensorFlow, JAX or PyTorch, nested lists.
        shape: The shape that they must have.
        layout: What the shape is called in the error.
    """
    try:
        import numpy
    except ImportError:
        raise ImportError("convert() needs NumPy for weights, and only for them: pip install numpy") from None
    try:
        array = numpy.asarray(weights)
    except Exception as error:  # noqa: BLE001 - a foreign __array__ may raise anything; what it said is told
        raise _refusal(
            weights, f"weights are {kind_of(weights)}: {error}", shape, "they must become an array."
        ) from None
    if array.dtype.kind in "OSU":
        problem = f"weights are {kind_of(weights)}, of no numbers."
        raise _refusal(weights, problem, shape, "weights are numbers.")
    if array.shape != shape:
        given = array.shape
        problem = f"weights have the shape {show(given)}."
        others = [name for name, other in _mistakes(shape).items() if other == given]
        reason = f"{layout} weights of this layer are {show(shape)}."
        if others:
            reason += f" These look like {others[0]}."
        raise _refusal(given, problem, shape, reason)
    return array


def to_layout(array: Any, layout: Layout, groups: int) -> Any:  # noqa: ANN401 - a NumPy array
    """Return weights of TensorFlow's layout in another layout: a new array that stands in memory as it reads."""
    if layout == "channels":
        rank = array.ndim - 2
        array = array.transpose(rank + 1, rank, *range(rank))
    elif layout == "mirrored":
        array = _mirror(array, groups)
    elif layout == "depthwise":
        array = array.reshape(shape_in(layout, array.shape, groups))
    return array.copy(order="C")


def from_layout(array: Any, layout: Layout, groups: int) -> Any:  # noqa: ANN401 - a NumPy array
    """Return weights of a layout in TensorFlow's."""
    if layout == "channels":
        return array.transpose(*range(2, array.ndim), 1, 0)
    if layout == "depthwise":
        return array.reshape(filter_of(layout, array.shape, groups))
    return _mirror(array, groups) if layout == "mirrored" else array


def _mirror(array: Any, groups: int) -> Any:  # noqa: ANN401 - a NumPy array
    """Mirror the kernel and exchange the two channel axes, each group for itself; its own inverse."""
    *kernel, one, other = array.shape
    rank = len(kernel)
    array = array[(slice(None, None, -1),) * rank].reshape(*kernel, one, groups, other // groups)
    return array.transpose(*range(rank), rank + 2, rank + 1, rank).reshape(*kernel, other // groups, -1)


def _mistakes(shape: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
    """Return what the weights' shape would be if they came in another order."""
    return {
        "weights whose two channel axes changed places": (*shape[:-2], shape[-1], shape[-2]),
        "weights whose first two axes changed places": (shape[1], shape[0], *shape[2:]),
        "TensorFlow's layout, kernel first": (*shape[2:], shape[1], shape[0]),
        "PyTorch's or ONNX's layout, channels first": (shape[-1], shape[-2], *shape[:-2]),
    }


def _refusal(given: object, problem: str, shape: tuple[int, ...], reason: str) -> Refusal:
    entries = as_entries(given)
    return Refusal(
        "weights",
        given=given if entries is None or len(entries) <= 5 else type(given),
        problem=problem,
        legal=f"an array of shape {show(shape)}",
        reason=reason,
        kind=ChannelError,
    )
