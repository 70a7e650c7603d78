"""Running a mirror's calls in their engine, and encoders whose mirror with the same weights is their adjoint."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

import convshape as cs
from convshape._weights import to_layout
from tests.engines.conversions import LACKING

L = cs.layers


def numbers(shape: Any, seed: int = 0) -> Any:
    return np.random.default_rng([seed, *shape]).standard_normal(shape).astype("float32")


def parameters(mirror: cs.Mirror, to: str, filters: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return weights for every layer of a mirror as a framework wants them, the same numbers for all frameworks.

    Args:
        mirror: The mirror.
        to: The framework.
        filters: Filters in TensorFlow's layout by the names of the encoder's layers; random ones without.
    """
    found = {}
    for call in mirror.calls(to):
        layer: Any = mirror[call.name]
        if call.weight_shape is None:
            continue
        if isinstance(layer, L.Dense):
            own = numbers((layer.in_features, layer.units))
            found[call.name] = np.ascontiguousarray(own.T) if to == "torch" else own
        else:
            own = numbers(layer.filter_shape) if filters is None else filters[call.undoes]
            there: Any = call.conversion
            found[call.name] = to_layout(own, there.layout, there.groups)
        assert found[call.name].shape == call.weight_shape
    return found


def is_native(mirror: cs.Mirror, to: str) -> bool:
    """Whether TensorFlow's native CPU kernels have all the calls, and have them right."""
    return not any(LACKING in note for call in mirror.calls(to) for note in call.notes)


def run(code: str, x: Any, weights: dict[str, Any], to: str) -> Any:
    """Run a program as a user would who pastes it, and return a NumPy array."""
    if to == "torch":
        import torch

        x = torch.from_numpy(x)
    if to in ("tensorflow", "keras"):
        import tensorflow as tf

        x = tf.constant(x)
    if to == "jax":
        import jax

        x = jax.numpy.asarray(x)
    scope: dict[str, Any] = {"x": x, "parameters": weights}
    exec(code, scope)
    y = scope["y"]
    return np.asarray(y.detach() if to == "torch" else y)


def linear(
    rng: random.Random, *, first: bool = False, plain: bool = True
) -> tuple[cs.Chain, tuple[int, ...]] | None:
    """Return an encoder of convolutions, padding, cropping and flattening with an input, or None where it does not fit.

    Args:
        rng: Where the numbers come from.
        first: Whether channels stand first.
        plain: Whether to leave out what TensorFlow's native CPU kernels lack: dilations and groups.
    """
    rank, channels = rng.choice((1, 2, 2, 3)), rng.choice((1, 2, 4))
    layout = ((None, "NCW"), (None, "NCHW"), (None, "NCDHW"))[rank - 1][first]
    sizes = tuple(rng.randint(1, (19, 15, 8)[rank - 1]) for _ in range(rank))
    shape = (2, channels, *sizes) if first else (2, *sizes, channels)
    found: list[Any] = []
    for _ in range(rng.randint(1, 3)):
        kernel, strides = (tuple(rng.randint(1, most) for _ in range(rank)) for most in (5, 4))
        pairs = tuple((rng.randint(0, 3), rng.randint(0, 3)) for _ in range(rank))
        dilations = (1,) * rank if plain or max(strides) > 1 else rng.choice((1, 2))
        groups = 1 if plain else rng.choice([one for one in (1, 2) if channels % one == 0])
        named: dict[str, Any] = {"dilations": dilations, "groups": groups, "data_format": layout}
        padding, kind, other = rng.choice(("SAME", "VALID", pairs)), rng.random(), 2 * rng.randint(1, 2)
        if kind < 0.7:
            found.append(cs.Conv((*kernel, channels // groups, other), strides, padding, **named))
            channels = other
        elif kind < 0.85:
            found.append(cs.ConvTranspose((*kernel, other // groups, channels), strides, "SAME", **named))
            channels = other
        else:
            found.append(rng.choice((L.ZeroPadding, L.Cropping))(pairs))
    found += rng.choice(([], [L.Flatten()]))
    encoder = cs.Chain(
        [
            cs.Conv((*(1,) * rank, shape[1 if first else -1], shape[1 if first else -1]), data_format=layout),
            *found,
        ]
    )
    try:
        made = encoder(shape)
    except cs.ShapeError:
        return None
    return (encoder, shape) if np.prod([*made]) < 20000 else None
