"""The Keras dialect without Keras: what errors say, that fixes are taken, and that nothing crashes."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from convshape import Conv, ConvTranspose, Pool, ShapeError
from convshape.frameworks import keras

INPUT = (None, 28, 28, 4)
Mistake = tuple[str, dict[str, Any], Any]
MISTAKES: dict[str, Mistake] = {
    "a filter's shape": ("Conv2D", {"filters": 8, "kernel_size": (5, 5, 3, 8)}, None),
    "torch's stride": ("Conv2D", {"filters": 8, "kernel_size": 3, "stride": 2}, None),
    "groups of a transposed": ("Conv2DTranspose", {"filters": 8, "kernel_size": 3, "groups": 2}, None),
    "full-rank strides": ("Conv2D", {"filters": 8, "kernel_size": 3, "strides": (1, 2, 2, 1)}, None),
    "a float stride": ("Conv2D", {"filters": 8, "kernel_size": 3, "strides": 2.0}, None),
    "stride 0": ("MaxPooling2D", {"strides": 0}, None),
    "padding by number": ("Conv2D", {"filters": 8, "kernel_size": 3, "padding": 1}, None),
    "causal in two axes": ("Conv2D", {"filters": 8, "kernel_size": 3, "padding": "causal"}, None),
    "TensorFlow's layout": ("Conv2D", {"filters": 8, "kernel_size": 3, "data_format": "NCHW"}, None),
    "places changed": ("Conv2D", {"filters": 8, "kernel_size": 3, "strides": "same"}, None),
    "both": ("Conv1D", {"filters": 8, "kernel_size": 3, "strides": 2, "dilation_rate": 2}, None),
    "groups and filters": ("Conv2D", {"filters": 8, "kernel_size": 3, "groups": 3}, None),
    "groups and channels": ("Conv2D", {"filters": 9, "kernel_size": 3, "groups": 3}, INPUT),
    "large output_padding": ("Conv2DTranspose", {"filters": 8, "kernel_size": 3, "output_padding": 1}, None),
    "even kernel": (
        "Conv2DTranspose",
        {"filters": 8, "kernel_size": 4, "strides": 2, "padding": "same", "output_padding": 0},
        None,
    ),
    "no channels": ("Conv2D", {"filters": 8, "kernel_size": 3}, (None, 28, 28)),
    "vectors": ("Conv2DTranspose", {"filters": 8, "kernel_size": 4}, ("N", 100)),
    "frames": ("Conv2D", {"filters": 8, "kernel_size": 3}, (None, 10, 28, 28, 4)),
    "padding for strides": ("MaxPooling2D", {"pool_size": 3, "strides": "same"}, None),
    "no batch": ("Conv2D", {"filters": 8, "kernel_size": 3}, (28, 28, 4)),
    "channels not known": ("Conv2D", {"filters": 8, "kernel_size": 3}, (None, 28, 28, None)),
    "kernel too large": ("Conv2D", {"filters": 8, "kernel_size": 5}, (None, 3, 64, 64)),
    "window too large": ("AveragePooling2D", {"pool_size": 3}, (None, 2, 9, 8)),
    "cropped away": ("Cropping2D", {"cropping": ((1, 1), 20)}, INPUT),
    "four paddings": ("ZeroPadding2D", {"padding": ((0, 0), (1, 1), (1, 1), (0, 0))}, None),
    "a list for one axis": ("UpSampling1D", {"size": (2,)}, None),
}  # fmt: skip


def called(name: str, arguments: dict[str, Any], shape: Any) -> Any:
    layer = getattr(keras, name)(**arguments)
    return None if shape is None else layer(shape)


def refusal_of(call: Callable[[], object]) -> ShapeError:
    with pytest.raises(ShapeError) as caught:
        call()
    return caught.value


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_told_and_its_fixes_are_taken(case: str, snapshot: SnapshotAssertion) -> None:
    name, arguments, shape = MISTAKES[case]
    error = refusal_of(lambda: called(name, arguments, shape))
    assert str(error) == snapshot
    for fix in (error.fix, *error.alternatives):
        changed = {**arguments, "input_shape": shape, **(fix or {})}
        given = changed.pop("input_shape")
        if error.argument not in getattr(keras, name)._fields and error.argument in arguments:
            changed.pop(error.argument, None)
        if fix is not None:
            called(name, changed, given)


EVIL: list[Any] = [
    True, 1.0, float("nan"), float("inf"), "3", "", None, -1, 0, 2**63, 10**5000, (), (3,), (3, 3, 3), [[3]],
    {3, 2}, {"a": 1}, b"33", object(), (n for n in (3, 3)), ((1, 2), (None, 1)), (True, 3), (3, "3"),
]  # fmt: skip


@pytest.mark.parametrize("name", sorted(set(keras.__all__)))
def test_nothing_crashes(name: str) -> None:
    cls = getattr(keras, name)
    good = {"filters": 4, "kernel_size": 3, "pool_size": 2}
    needed = {key: value for key, value in good.items() if key in cls._fields}
    for value in EVIL:
        for field in cls._fields:
            try:
                cls(**{**needed, field: value})
            except ShapeError as error:
                assert str(error) and error.reason
        for question in (cls(**needed), cls(**needed).weight_shapes, cls(**needed).to_spec):
            try:
                question(value)
            except ShapeError as error:
                assert str(error)


def test_a_bool_or_a_float_does_not_find_what_an_int_has_made() -> None:
    assert keras.Conv2D(8, 1)(INPUT) == (None, 28, 28, 8)
    for wrong in (True, 1.0):
        refusal_of(lambda wrong=wrong: keras.Conv2D(8, wrong))  # type: ignore[misc]
        refusal_of(lambda wrong=wrong: keras.Conv2D(8, 1)((None, 28, 28, wrong)))  # type: ignore[misc]


def test_layers_are_values_with_specs() -> None:
    layer = keras.Conv2D(8, [3, 3], padding="SAME")
    assert layer == keras.Conv2D(8, 3, padding="same") == pickle.loads(pickle.dumps(layer))
    assert hash(layer) == hash(keras.Conv2D(8, 3, padding="same"))
    assert layer.to_spec(INPUT) == Conv((3, 3, 4, 8), padding="SAME")
    assert keras.Conv2DTranspose(8, 4, 2, "same", output_padding=1).to_spec(INPUT) == ConvTranspose(
        (4, 4, 8, 4), 2, "SAME", output_padding=0
    )
    assert keras.Conv1D(8, 3, padding="causal", dilation_rate=2).to_spec((None, 9, 4)) == Conv(
        (3, 4, 8), padding=((4, 0),), dilations=2
    )
    assert keras.MaxPooling2D().to_spec() == Pool((2, 2))
    assert "two convolutions" in str(refusal_of(lambda: keras.SeparableConv2D(8, 3).to_spec(INPUT)))


def test_unknown_sizes_and_named_batches_go_through() -> None:
    assert keras.Conv2D(8, 3, strides=2)(("N", None, 9, 4)) == ("N", None, 4, 8)
    assert keras.GlobalMaxPooling2D(keepdims=True)((0, None, 9, None)) == (0, 1, 1, None)
    assert keras.UpSampling2D()(("N", None, 9, None)) == ("N", None, 18, None)
