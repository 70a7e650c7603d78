"""Both convolutions by their definition, in NumPy: what a conversion's values are held against.

Of convshape only a spec's own fields and output sizes are read; where the taps fall is worked out here.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def conv(x: Any, f: Any, strides: Any, dilations: Any, pads: Any, groups: int = 1) -> Any:
    """A forward convolution by its definition; all channels-last, the sum over taps written out."""
    kernel, rank = f.shape[:-2], f.ndim - 2
    x = np.pad(x, [(0, 0), *pads, (0, 0)])
    sizes = [(x.shape[1 + a] - (kernel[a] - 1) * dilations[a] - 1) // strides[a] + 1 for a in range(rank)]
    own, out = f.shape[-2], f.shape[-1] // groups
    y = np.zeros((x.shape[0], *sizes, f.shape[-1]))
    for tap in np.ndindex(*kernel):
        where = tuple(
            slice(t * d, t * d + (n - 1) * s + 1, s)
            for t, d, n, s in zip(tap, dilations, sizes, strides, strict=True)
        )
        for g in range(groups):
            part = x[(slice(None), *where, slice(g * own, (g + 1) * own))]
            y[..., g * out : (g + 1) * out] += part @ f[tap][:, g * out : (g + 1) * out]
    return y


def scatter(x: Any, f: Any, strides: Any, dilations: Any, before: Any, sizes: Any, groups: int = 1) -> Any:
    """A transposed convolution by its definition: every input element adds the kernel, the result is cut out."""
    kernel, rank = f.shape[:-2], f.ndim - 2
    own, out = f.shape[-1] // groups, f.shape[-2]
    whole = [
        max((x.shape[1 + a] - 1) * strides[a] + (kernel[a] - 1) * dilations[a] + 1, before[a] + sizes[a])
        for a in range(rank)
    ]
    y = np.zeros((x.shape[0], *whole, out * groups))
    for tap in np.ndindex(*kernel):
        where = tuple(
            slice(t * d, t * d + (n - 1) * s + 1, s)
            for t, d, n, s in zip(tap, dilations, x.shape[1:-1], strides, strict=True)
        )
        for g in range(groups):
            part = x[..., g * own : (g + 1) * own] @ f[tap][:, g * own : (g + 1) * own].T
            y[(slice(None), *where, slice(g * out, (g + 1) * out))] += part
    cut = tuple(slice(b, b + n) for b, n in zip(before, sizes, strict=True))
    return y[(slice(None), *cut)]


def placed(spec: Any, shape: Any) -> tuple[Any, ...]:
    """Where the taps fall for an input of this shape: output sizes, and the pads that reach any element.

    Two specs that agree in it, in kernel, strides, dilations, groups and weights compute the same.
    """
    transposed = type(spec).__name__ == "ConvTranspose"
    first = spec.data_format[1] == "C"
    spatial = slice(2, None) if first else slice(1, -1)
    given, sizes = shape[spatial], spec(shape)[spatial]
    rows = zip(spec.filter_shape[:-2], spec.dilations, spec.strides, given, sizes, strict=True)
    pads = []
    for axis, (kernel, dilation, stride, size, made) in enumerate(rows):
        extent = (kernel - 1) * dilation + 1
        small, big = (size, made) if transposed else (made, size)
        if spec.padding == "SAME":
            before = max(0, (small - 1) * stride + extent - big) // 2
        else:
            before = 0 if spec.padding == "VALID" else spec.padding[axis][0]
        pads.append((before, max(0, (small - 1) * stride + extent - big - before)))
    return sizes, tuple(pads)


def define(spec: Any, x: Any, f: Any) -> Any:
    """What a spec computes, by the definitions above alone; in and out in its layout."""
    sizes, pads = placed(spec, x.shape)
    first = spec.data_format[1] == "C"
    x = np.moveaxis(x, 1, -1) if first else x
    if type(spec).__name__ == "ConvTranspose":
        before = [pair[0] for pair in pads]
        y = scatter(x, f, spec.strides, spec.dilations, before, sizes, spec.groups)
    else:
        y = conv(x, f, spec.strides, spec.dilations, pads, spec.groups)
    return np.moveaxis(y, -1, 1) if first else y
