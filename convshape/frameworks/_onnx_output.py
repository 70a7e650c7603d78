"""What ONNX says of a transposed convolution's output: its explicit shape, and what may lie above it."""

from __future__ import annotations

from convshape._errors import OutputShapeError
from convshape._reading import as_entries, as_index
from convshape._refusals import Refusal, Suggestion
from convshape._show import show
from convshape.frameworks._numbers import Numbers
from convshape.frameworks._onnx_words import ONLY

OUTPUT_SHAPE = Numbers("output_shape", "an output's size", scalar=False, why=ONLY)


def read_output_shape(output_shape: object, rank: int) -> tuple[int, ...]:
    """Return one size a spatial axis, or raise the bare ``Refusal``."""
    entries = as_entries(output_shape)
    if entries is not None and len(entries) == rank + 2:
        raise Refusal(
            "output_shape",
            given=output_shape,
            problem=f"output_shape {show(entries)} has {rank + 2} entries, not {rank}.",
            legal=f"{rank} numbers, one a spatial axis",
            reason="batch and channels are no part of it: X and W have them. ONNX Runtime refuses more at load"
            " where shapes are known; where they are not, it ignores the first two.",
            suggestions=(Suggestion({"output_shape": entries[2:]}, "the spatial sizes"),),
        )
    if entries is not None and -1 in map(as_index, entries):
        raise Refusal(
            "output_shape",
            given=output_shape,
            problem=f"output_shape {show(entries)} has -1.",
            legal=f"{rank} numbers of at least 1, or None",
            reason="ONNX Runtime refuses negative sizes at load where shapes are known; only where they are not does"
            " it read -1 as not set.",
            suggestions=(Suggestion({"output_shape": None}, "the size that follows"),),
        )
    return OUTPUT_SHAPE.read(output_shape, rank)


def large_output_padding(
    given: object, extra: tuple[int, ...], strides: tuple[int, ...], axis: int
) -> Refusal:
    """Return the refusal of an output padding that is no smaller than its stride."""
    cut = tuple(min(more, step - 1) for more, step in zip(extra, strides, strict=True))
    return Refusal(
        "output_padding",
        given=given,
        problem=f"output_padding {show(given)} has {extra[axis]}, with stride {strides[axis]}.",
        legal=range(strides[axis]),
        reason="the forward convolution would give another size than X's; ONNX Runtime refuses it when it runs,"
        " onnx.shape_inference does not.",
        axis=axis,
        kind=OutputShapeError,
        suggestions=(Suggestion({"output_padding": cut}), Suggestion({"output_padding": None})),
    )


def x_needed(X: object) -> Refusal:
    """Return the refusal of a spec that needs X."""
    return Refusal(
        "X",
        given=X,
        problem=f"X {show(X)} does not say every spatial size.",
        legal="a shape with known spatial sizes",
        reason="with this output_shape or these pads, the padding depends on the input's size: X is needed.",
        suggestions=(Suggestion({"output_shape": None}),),
    )
