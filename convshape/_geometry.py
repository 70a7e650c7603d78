"""Where the taps of a convolution fall, in numbers that every framework can be told, whatever words it has.

Along one axis a transposed convolution scatters an input of size ``i`` over ``nat = (i - 1) * stride + extent``
elements, where ``extent`` is what the dilated kernel spans. An output of size ``o`` is what is left when ``before``
elements are dropped in front and ``after = nat - o - before`` behind; a negative ``after`` means zeros behind the
last tap. A forward convolution pads its input by ``before`` and ``after``. TensorFlow's SAME puts the odd element of
its padding after (``GetWindowedOutputSize``, framework/kernel_shape_util.h), transposed as well as forward.

Neither number of a transposed convolution depends on ``i``. Those of a forward one under SAME do, as soon as the
stride is above 1 and the kernel spans more than one element.
"""

from __future__ import annotations

from convshape._conv import Conv
from convshape._frozen import Frozen
from convshape._paddings import before_and_after
from convshape._sizes import default_extra, effective_kernel, reach_of, same_padding
from convshape._transposed import ConvTranspose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from convshape._paddings import Pair
    from convshape._pool import Pool
    from convshape._shapes import Shape


class Geometry(Frozen):
    """One kernel on every spatial axis, and the elements added or dropped around it.

    Attributes:
        kernel: The kernel's sizes, one a spatial axis, in elements.
        strides: One a spatial axis.
        dilations: One a spatial axis.
        pads: ``(before, after)`` a spatial axis; None where SAME makes them depend on an input not known.
    """

    __slots__ = ("dilations", "kernel", "pads", "strides")
    _fields = ("kernel", "strides", "dilations", "pads")
    kernel: tuple[int, ...]
    strides: tuple[int, ...]
    dilations: tuple[int, ...]
    pads: tuple[Pair, ...] | None

    def __init__(
        self,
        kernel: Iterable[int],
        strides: Iterable[int],
        dilations: Iterable[int],
        pads: Iterable[Pair] | None,
    ) -> None:
        self._set(
            kernel=tuple(kernel),
            strides=tuple(strides),
            dilations=tuple(dilations),
            pads=None if pads is None else tuple((before, after) for before, after in pads),
        )

    @property
    def extents(self) -> tuple[int, ...]:
        """What the dilated kernel spans on every axis, in elements."""
        return tuple(map(effective_kernel, self.kernel, self.dilations))


def transposed_geometry(spec: ConvTranspose) -> Geometry:
    """Return the geometry of a transposed convolution."""
    pads = []
    for axis, stride in enumerate(spec.strides):
        padding, extent = before_and_after(spec.padding, axis), spec.extent(axis)
        extra = (
            default_extra(padding, extent, stride)
            if spec.output_padding is None
            else spec.output_padding[axis]
        )
        total = extent - reach_of(padding, extent) - extra  # nat - o
        before = max(0, total) // 2 if padding == "SAME" else 0 if padding == "VALID" else padding[0]
        pads.append((before, total - before))  # type: ignore[operator]
    return Geometry(spec.filter_shape[:-2], spec.strides, spec.dilations, pads)  # type: ignore[arg-type]


def forward_geometry(spec: Conv | Pool, sizes: Shape | None = None) -> Geometry:
    """Return the geometry of a forward convolution or a pool.

    Args:
        spec: The layer.
        sizes: The input's spatial sizes; only SAME asks for them.
    """
    kernel = spec.filter_shape[:-2] if isinstance(spec, Conv) else spec.window_shape
    extents = tuple(map(effective_kernel, kernel, spec.dilations))
    pads: list[Pair] = []
    for axis, (extent, stride) in enumerate(zip(extents, spec.strides, strict=True)):
        padding = before_and_after(spec.padding, axis)
        size = sizes[axis] if sizes is not None else None
        if padding == "SAME" and extent > 1 and stride > 1 and not isinstance(size, int):
            return Geometry(kernel, spec.strides, spec.dilations, None)
        if padding == "SAME":  # with a stride of 1, or an extent of 1, any size tells
            pads.append(same_padding(size if isinstance(size, int) else 1, extent, stride))
        else:
            pads.append((0, 0) if padding == "VALID" else padding)  # type: ignore[arg-type]
    return Geometry(kernel, spec.strides, spec.dilations, pads)


def same_extras(geometry: Geometry) -> tuple[int, ...] | None:
    """Return how far above its smallest output each axis lies if SAME says this transposed geometry, else None."""
    extras = []
    for extent, stride, (before, after) in rows_of(geometry):
        extra = extent - 1 - before - after
        if not 0 <= extra < stride or before != max(0, before + after) // 2:
            return None
        extras.append(extra)
    return tuple(extras)


def valid_extras(geometry: Geometry) -> tuple[int, ...] | None:
    """Return how far above its smallest output each axis lies if VALID says this transposed geometry, else None."""
    rows = rows_of(geometry)
    if any(before != 0 or not 0 <= -after < stride for _, stride, (before, after) in rows):
        return None
    return tuple(-after for _, _, (_, after) in rows)


def is_same_at_any_size(geometry: Geometry) -> bool:
    """Return whether a forward geometry is SAME's whatever the input's sizes."""
    return all(
        (stride == 1 or extent == 1) and pair == same_padding(1, extent, stride)
        for extent, stride, pair in rows_of(geometry)
    )


def rows_of(geometry: Geometry) -> list[tuple[int, int, Pair]]:
    """Return extent, stride and pads of every axis."""
    return list(zip(geometry.extents, geometry.strides, geometry.pads or (), strict=True))
