"""The properties that are not about one executed size: values, unknown sizes, ceil mode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tests.engines.operation import read
from tests.engines.tensorflow_ops import call_op

Call = Mapping[str, Any]


def padding_amounts_by_values(implementation: Any, call: Call, seed: int) -> None:
    """A convolution of a random picture padded by the amounts equals the one told the word, by values."""
    operation = read("padding_amounts", call)
    amounts = implementation.padding_amounts(**call)
    noise = np.random.default_rng(seed)
    picture = noise.standard_normal(operation.input_shape).astype(np.float32)
    weights = noise.standard_normal(operation.filter_shape).astype(np.float32)

    def convolved(pairs: Any, padding: Any) -> Any:
        pixels = picture if pairs is None else np.pad(picture, [(0, 0), *pairs, (0, 0)])
        return call_op(operation.but(padding=padding), "", pixels, weights).numpy()

    word = operation.padding
    told = convolved(None, word) if isinstance(word, str) or operation.rank == 2 else convolved(word, "VALID")
    _assert_equal(convolved(amounts, "VALID"), told, f"padding by {amounts} is not {word}")
    if operation.rank == 2:
        _assert_equal(convolved(None, amounts), told, f"conv2d told {amounts} is not {word}")


def _assert_equal(made: Any, wanted: Any, message: str) -> None:
    assert made.shape == wanted.shape, f"{message}: {made.shape} and {wanted.shape}"
    assert np.allclose(made, wanted, atol=1e-4), message


def unknown_as_numbers(implementation: Any, call: Call, hidden: Sequence[bool], *, verb: str) -> None:
    """With some sizes unknown the answer is the answer for numbers, unknown on those axes and on no others.

    A hidden batch is a name; channels are never hidden from a convolution's answer, the filter knows them.
    """
    verb_itself = getattr(implementation, verb)
    shape, known = tuple(call["input_shape"]), verb_itself(**call)
    first = call["data_format"] is not None and call["data_format"][1] == "C"
    channel_place = 1 if first else len(shape) - 1
    blank = ["N" if place == 0 else None for place in range(len(shape))]
    veil = [hide for hide, _ in zip(hidden, shape, strict=False)]
    partly = tuple(blank[place] if veil[place] else size for place, size in enumerate(shape))
    expected = tuple(
        blank[place] if veil[place] and (place != channel_place or verb == "pool_output") else size
        for place, size in enumerate(known)
    )
    said = verb_itself(**{**call, "input_shape": partly})
    assert said == expected, f"{partly} gave {said}, expected {expected}"


def ceil_mode_counts_windows(implementation: Any, call: Call) -> None:
    """A pool in ceil mode has one output a window that starts inside the input or the padding before it.

    Windows start every stride; the last may hang over the end, and there is none after it. No TensorFlow op
    has this mode, so the windows are counted here.
    """
    operation = read("pool_output", call)
    padding = ((0, 0),) * operation.rank if operation.padding == "VALID" else operation.padding
    said = operation.canonical(implementation.pool_output(**call, ceil_mode=True))
    for axis, (before, after) in enumerate(padding):
        extent = (operation.kernel[axis] - 1) * operation.dilations[axis] + 1
        size, stride = operation.sizes[axis], operation.strides[axis]
        counted, start = 0, -before
        while start < size:
            counted += 1
            if start + extent >= size + after:
                break
            start += stride
        assert said[axis + 1] == counted, f"axis {axis}: said {said[axis + 1]}, counted {counted}"
