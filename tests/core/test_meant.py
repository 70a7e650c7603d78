"""The fix that comes first is what was meant, and no fix repeats what was right."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import pytest

import convshape as cs
from convshape.frameworks import keras, torch
from convshape.frameworks import tensorflow as tf
from tests.core.meant import AXES, CASES, FIRST, INPUTS, ORDERS, TF, TORCH, conv2d, seen


def called(made: Callable[..., Any], arguments: dict[str, Any]) -> Any:
    """Return what a verb or a function makes of its arguments, or a layer of its input, if there is one."""
    if not isinstance(made, type):
        return made(**arguments)
    rest = {name: value for name, value in arguments.items() if name not in INPUTS}
    shapes = [value for name, value in arguments.items() if name in INPUTS]
    return made(**rest)(*shapes) if shapes else made(**rest)


def refusal_of(made: Callable[..., Any], arguments: dict[str, Any]) -> cs.ShapeError:
    with pytest.raises(cs.ShapeError) as caught:
        called(made, arguments)
    return caught.value


def fixes_of(error: cs.ShapeError) -> list[dict[str, Any]]:
    return [changes for changes in (error.fix, *error.alternatives) if changes is not None]


@pytest.mark.parametrize("name", CASES)
def test_the_first_fix_is_what_was_meant(name: str) -> None:
    made, arguments, fix = CASES[name]
    error = refusal_of(made, arguments)
    assert error.fix == fix, str(error)
    for changes in fixes_of(error):
        called(made, {**arguments, **changes})


@pytest.mark.parametrize("name", AXES)
def test_the_name_of_a_batch_is_no_size(name: str) -> None:
    made, arguments, _ = AXES[name]
    for changes in fixes_of(refusal_of(made, arguments)):
        for shape in changes.values():
            assert type(shape) is not tuple or not any(type(size) is str for size in shape[1:])


def test_a_mirror_has_no_batch_for_a_height() -> None:
    net = cs.Chain([cs.Conv((5, 5, 3, 8), strides=2)])
    error = refusal_of(net.mirror, seen("N", 30, 3))
    assert error.fix == seen("N", 30, 1, 3)
    assert all(changes["input_shape"][0] == "N" for changes in fixes_of(error))


@pytest.mark.parametrize(
    ("layer", "shape", "fix"),
    [
        (keras.Conv2D(32, 3), (None, 28, 28), (None, 28, 28, 1)),
        (keras.Conv2DTranspose(32, 3), ("N", 100), ("N", 1, 1, 100)),
        (torch.Conv2d(3, 8, 3), (2, 28, 28), (2, 3, 28, 28)),
        (torch.ConvTranspose2d(100, 8, 4), ("N", 100), ("N", 100, 1, 1)),
    ],
    ids=str,
)
def test_a_layer_in_a_chain(layer: Any, shape: Any, fix: Any) -> None:
    assert refusal_of(cs.Chain([layer]), seen(*shape)).fix == seen(*fix)


def test_another_order_is_offered_last_where_it_is_unlikely() -> None:
    """A kernel that were larger, but is a square; and one that is none, never."""
    error = refusal_of(torch.conv2d, {"input": (8, 3, 28, 28), "weight": (5, 5, 3, 3)})
    assert error.fix == {"weight": (5, 3, 3, 3)}
    assert fixes_of(error)[-1] == {"weight": (3, 3, 5, 5)}
    assert "order" not in str(refusal_of(cs.conv_output, ORDERS["channels like a kernel"][1]))


def test_the_data_may_stay_as_it_is() -> None:
    error = refusal_of(cs.conv_output, {**seen(*FIRST), "filter_shape": TORCH})
    assert {"data_format": "NCHW", "filter_shape": TF} in fixes_of(error)


def test_legal_groups_divide_all_that_they_have_to() -> None:
    """Each that is named is taken, and no other."""
    for filters, channels in ((32, 6), (9, 4), (12, 18)):
        legal = eval(
            str(
                refusal_of(
                    keras.Conv2D, {**conv2d(filters=filters, groups=filters), **seen(None, 8, 8, channels)}
                ).legal
            )
        )
        taken = []
        for groups in range(1, 33):
            try:
                keras.Conv2D(filters, 3, groups=groups)((None, 8, 8, channels))
            except cs.ShapeError:
                continue
            taken.append(groups)
        assert legal == tuple(taken)


def test_groups_are_named_where_no_filter_fits_them() -> None:
    error = refusal_of(cs.conv_output, {**seen("N", 8, 8, 6), "filter_shape": (3, 3, 3, 32), "groups": 4})
    assert error.legal == "(3, 3, 6 / groups, out), with groups (1, 2)"


@pytest.mark.parametrize(
    "pool", [cs.Pool((3, 2)), keras.MaxPooling2D((3, 2)), torch.MaxPool2d((3, 2))], ids=str
)
def test_a_stride_that_is_the_window_follows_it(pool: Any) -> None:
    """In a fix, and in a copy; the value is that of the stride written out."""
    first = isinstance(pool, torch.MaxPool2d)
    error = refusal_of(pool, {"input" if first else "input_shape": (1, 8, 2, 8) if first else (1, 2, 8, 8)})
    window = next(
        changes for changes in fixes_of(error) if {*changes} & {"window_shape", "pool_size", "kernel_size"}
    )
    assert not {*window} & {"strides", "stride"}
    again = pickle.loads(pickle.dumps(pool))
    assert again == pool and again._given() == pool._given() != pool._values()
    assert pool == type(pool)((3, 2), (3, 2)) and type(pool)((3, 2), (3, 2))._given() == pool._values()


def test_a_fix_does_not_write_what_was_written() -> None:
    """A layer keeps 5 as (5, 5); a stride whose form is the mistake is told all the same."""
    error = refusal_of(
        keras.DepthwiseConv2D, {"kernel_size": 5, "data_format": "channels_first", **seen(64, 8, 7, 3)}
    )
    assert seen(64, 3, 8, 7) in fixes_of(error)
    error = refusal_of(
        tf.atrous_conv2d_transpose,
        {
            "value": (1, 8, 8, 4),
            "filters": (3, 3, 4, 4),
            "output_shape": (1, 8, 8, 4),
            "rate": (2, 2),
            "padding": "SAME",
        },
    )
    assert error.fix == {"rate": 2}
