"""Running a conversion in its engine, and the definition of both convolutions in NumPy that they are held against."""

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


def define(spec: Any, x: Any, f: Any) -> Any:
    """What a channels-last spec computes, by the definitions above alone."""
    transposed = type(spec).__name__ == "ConvTranspose"
    extents = [(k - 1) * d + 1 for k, d in zip(f.shape[:-2], spec.dilations, strict=True)]
    sizes = spec(x.shape)[1:-1]
    pads = []
    for axis, (extent, stride) in enumerate(zip(extents, spec.strides, strict=True)):
        if spec.padding == "SAME":
            small, big = (x.shape[1 + axis], sizes[axis]) if transposed else (sizes[axis], x.shape[1 + axis])
            total = max(0, (small - 1) * stride + extent - big)
            pads.append((total // 2, total - total // 2))
        else:
            pads.append((0, 0) if spec.padding == "VALID" else spec.padding[axis])
    if transposed:
        before = [pair[0] for pair in pads]
        return scatter(x, f, spec.strides, spec.dilations, before, sizes, spec.groups)
    return conv(x, f, spec.strides, spec.dilations, pads, spec.groups)


def paste(code: str, x: Any, weights: Any, framework: str) -> Any:
    """Run a conversion's code on NumPy arrays, as a user would who pastes it, and return a NumPy array."""
    if framework == "torch":
        import torch

        x = torch.from_numpy(x)
    if framework == "tensorflow":
        return _compiled(code, x, weights)
    scope: dict[str, Any] = {"x": x, "weights": weights}
    exec(code, scope)
    y = scope["y"]
    return np.asarray(y.detach() if framework == "torch" else y)


def _compiled(code: str, x: Any, weights: Any) -> Any:
    """Run TensorFlow's eagerly, and under XLA what its native CPU kernels lack."""
    import tensorflow as tf

    def run(x: Any) -> Any:
        scope: dict[str, Any] = {"x": x, "weights": weights}
        exec(code, scope)
        return scope["y"]

    try:
        return run(tf.constant(x)).numpy()
    except (tf.errors.InvalidArgumentError, tf.errors.UnimplementedError):
        return tf.function(run, jit_compile=True, autograph=False)(tf.constant(x)).numpy()
