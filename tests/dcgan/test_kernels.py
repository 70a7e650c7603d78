"""Each exotic form is the plain operation: values and gradients, sizes of every parity; and its rule is kept."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf

from dcgan import session
from dcgan.commands import options
from dcgan.computing import forms, kernels, numerics, processor
from dcgan.config import Config
from dcgan.planning import plan
from dcgan.training import Trainer

# Sides of the larger map, of both parities and not square, so that SAME padding is of both parities too.
SIDES = [(8, 8), (9, 14), (7, 5), (1, 6), (13, 3)]
KERNELS = [(1, 1), (2, 3), (3, 2), (4, 4), (5, 5), (7, 1)]
STRIDES = [2, 3]
CASES = list(itertools.product(SIDES, KERNELS, STRIDES))


def noise(number: int, *shape: int) -> tf.Tensor:
    return tf.random.stateless_normal(shape, (7, number))


def maps(sides, kernel, stride, *, large=2, small=3, batch=2) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """A larger map, a smaller one, and the filter between them."""
    half = [-(-side // stride) for side in sides]
    return noise(0, batch, *sides, large), noise(1, batch, *half, small), noise(2, *kernel, large, small)


def plain_transpose(small, filters, shape, stride):
    return tf.nn.conv2d_transpose(small, filters, (small.shape[0], *shape), stride, "SAME")


def plain_filter_gradient(large, small, filter_shape, stride):
    if filter_shape[:2] == (
        1,
        1,
    ):  # the same without a stride, which oneDNN cannot be asked for (see dcgan.computing.numerics)
        large, stride = large[:, ::stride, ::stride], 1
    filters = tf.zeros(filter_shape, large.dtype)
    with tf.GradientTape() as tape:
        tape.watch(filters)
        y = tf.nn.conv2d(large, filters, stride, "SAME")
    return tape.gradient(y, filters, output_gradients=small)


def check_enlarged(form, case):
    large, small, filters = maps(*case)
    ours = form(small, filters, large.shape[1:], case[2])
    np.testing.assert_allclose(ours, plain_transpose(small, filters, large.shape[1:], case[2]), atol=1e-4)


def check_gradient(form, case):
    large, small, filters = maps(*case)
    ours = form(large, small, filters.shape, case[2])
    np.testing.assert_allclose(ours, plain_filter_gradient(large, small, filters.shape, case[2]), atol=1e-4)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_sub_pixel_is_the_transposed_convolution(case):
    check_enlarged(forms.sub_pixel, case)


@pytest.mark.parametrize("form", [forms.tapped, forms.by_rows])
@pytest.mark.parametrize("case", [*CASES, ((9, 14), (5, 4), 1)], ids=str)
def test_tapped_and_by_rows_are_the_gradient_of_the_filter(form, case):
    check_gradient(form, case)


def rolled(small, filters, shape, stride):
    """Wrong: one pixel to the right, as a padding of the other parity would have it."""
    return tf.roll(forms.sub_pixel(small, filters, shape, stride), 1, axis=2)


def unflipped(small, filters, shape, stride):
    """Wrong: taps in the order of a forward convolution."""
    return forms.sub_pixel(small, filters[::-1, ::-1], shape, stride)


def late(large, small, filter_shape, stride):
    """Wrong: the larger map is read one row too late."""
    return forms.tapped(tf.roll(large, 1, axis=1), small, filter_shape, stride)


def turned(large, small, filter_shape, stride):
    """Wrong: the rows of the filter in the other order."""
    return forms.by_rows(large, small, filter_shape, stride)[::-1]


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        (check_enlarged, rolled),
        (check_enlarged, unflipped),
        (check_gradient, late),
        (check_gradient, turned),
    ],
)
def test_that_the_checks_fail_for_a_wrong_form(check, wrong):
    with pytest.raises(AssertionError):
        check(wrong, ((9, 14), (5, 5), 2))


# ---- as the layers use them ------------------------------------------------------------------------------------


def gradients_of(operation, *inputs):
    """The value of an operation, and the gradients of a loss that weighs each of its numbers differently."""
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        y = operation(*inputs)
        loss = tf.reduce_sum(y * tf.cast(noise(9, *y.shape), y.dtype))
    return [y, *tape.gradient(loss, inputs)]


def close(ours, exact):
    """Compare bfloat16 tensors with float32 ones: 8 bits of precision, against the largest number of each."""
    for one, other in zip(ours, exact, strict=True):
        assert (one.dtype, other.dtype) == (tf.bfloat16, tf.float32)
        np.testing.assert_allclose(
            np.asarray(one, np.float32), other, atol=2**-5 * np.abs(other).max(), rtol=2**-6
        )


# The side of an image in each parity; maps of many channels, tapped; and what no rule is for.
USED = {
    "an image": ((9, 14), (5, 5), 2, 3, 8),
    "an image of one channel, stride 3": ((10, 7), (4, 5), 3, 1, 8),
    "a small map": ((7, 10), (4, 4), 2, 64, 64),
    "a small map of square 8": ((16, 16), (2, 4), 2, 64, 65),
    "a small map, filters of no whole strides": ((7, 8), (5, 5), 2, 64, 64),
    "neither": ((9, 14), (5, 5), 2, 6, 8),
    "stride 1": ((6, 5), (4, 4), 1, 64, 64),
}
# In float32 alone: in bfloat16 TensorFlow rounds sums over so many channels too often to compare them.
LARGE = {
    "a large filter": ((8, 7), (4, 4), 2, 256, 512),
    "a large filter of no whole strides": ((4, 7), (5, 3), 2, 256, 560),
    "a large filter, stride 1": ((4, 3), (5, 5), 1, 256, 512),
}
# TensorFlow's own gradient of it is not asked for, as it may end the process.
STEPPING = {"a filter of 1x1": ((8, 8), (1, 1), 2, 6, 8)}


@pytest.mark.parametrize("case", USED.values(), ids=USED)
def test_both_operations_equal_tensorflows_in_values_and_gradients(case):
    sides, kernel, stride, many, few = case
    tensors = maps(sides, kernel, stride, large=many, small=few)
    # TensorFlow's own sums in bfloat16 depend on the build, so it is asked in float32, of the same rounded numbers.
    rounded = [tf.cast(tensor, tf.bfloat16) for tensor in tensors]
    (large, small, filters), exact = rounded, [tf.cast(tensor, tf.float32) for tensor in rounded]
    pair, shape = (stride, stride), large.shape[1:]
    close(
        gradients_of(lambda x, w: kernels.conv2d(x, w, pair), large, filters),
        gradients_of(lambda x, w: tf.nn.conv2d(x, w, stride, "SAME"), exact[0], exact[2]),
    )
    close(
        gradients_of(lambda x, w: kernels.conv2d_transpose(x, w, shape, pair), small, filters),
        gradients_of(lambda x, w: plain_transpose(x, w, shape, stride), exact[1], exact[2]),
    )


def used_forms(monkeypatch, case, dtype=tf.bfloat16) -> list[str]:
    """The exotic forms that a convolution, its transpose and all their gradients go through."""
    called = []
    for name in ("sub_pixel", "tapped", "by_rows"):
        form = getattr(forms, name)
        monkeypatch.setattr(
            forms, name, lambda *given, name=name, form=form: called.append(name) or form(*given)
        )
    sides, kernel, stride, many, few = case
    tensors = maps(sides, kernel, stride, large=many, small=few)
    large, small, filters = (tf.cast(tensor, dtype) for tensor in tensors)
    gradients_of(lambda x, w: kernels.conv2d(x, w, (stride, stride)), large, filters)
    gradients_of(
        lambda x, w: kernels.conv2d_transpose(x, w, large.shape[1:], (stride, stride)), small, filters
    )
    return called


@pytest.mark.parametrize(
    ("case", "forms"),
    [
        ("an image", ["sub_pixel"] * 2),  # forward of the transposed one, gradient of the other
        ("a small map", ["tapped"] * 2),  # a filter's gradient of each
        ("a small map of square 8", ["tapped"] * 2),
        ("a small map, filters of no whole strides", []),
        ("neither", []),
        ("stride 1", []),
    ],
)
def test_the_rules_decide_which_form_is_used(monkeypatch, case, forms):
    assert used_forms(monkeypatch, USED[case]) == forms


@pytest.mark.parametrize(
    ("onednn", "case", "forms"),
    [
        (True, "an image", ["sub_pixel"] * 2),
        (True, "a small map", []),
        (False, "an image", []),
        (False, "a small map", []),
        (True, "a filter of 1x1", ["tapped"] * 2),
        (True, "a large filter", ["by_rows"] * 2),
        (True, "a large filter of no whole strides", ["by_rows"] * 2),
        (True, "a large filter, stride 1", ["by_rows"] * 2),
        (False, "a large filter", []),
    ],
)
def test_float32_has_forms_with_onednn_alone(monkeypatch, onednn, case, forms):
    monkeypatch.setattr(numerics, "uses_onednn", lambda *given: onednn)
    assert used_forms(monkeypatch, (USED | LARGE | STEPPING)[case], tf.float32) == forms


def test_tensorflows_own_may_end_the_process_with_onednn_alone(monkeypatch):
    for onednn in (True, False):
        monkeypatch.setattr(numerics, "uses_onednn", lambda *given, onednn=onednn: onednn)
        assert numerics.overruns((1, 1, 2, 3), (2, 2), tf.float32) is onednn


def test_plain_kernels_take_taps_where_tensorflows_own_may_end_the_process(monkeypatch):
    monkeypatch.setattr(numerics, "uses_onednn", lambda *given: True)
    called, tapped = [], forms.tapped
    monkeypatch.setattr(forms, "tapped", lambda *given: called.append(given) or tapped(*given))
    config = Config(kernel_size=1, width=4, batch_size=4, kernels="plain")
    trainer = Trainer(plan((16, 16, 1), config))
    trainer.step(noise(0, 4, 16, 16, 1))
    assert called


@pytest.mark.parametrize("case", (USED | LARGE).values(), ids=USED | LARGE)
def test_in_float32_both_operations_equal_tensorflows_in_values_and_gradients(monkeypatch, case):
    monkeypatch.setattr(numerics, "uses_onednn", lambda *given: True)
    sides, kernel, stride, many, few = case
    large, small, filters = maps(sides, kernel, stride, large=many, small=few)
    pair, shape = (stride, stride), large.shape[1:]
    pairs = [
        (lambda x, w: kernels.conv2d(x, w, pair), lambda x, w: tf.nn.conv2d(x, w, stride, "SAME"), large),
        (
            lambda x, w: kernels.conv2d_transpose(x, w, shape, pair),
            lambda x, w: plain_transpose(x, w, shape, stride),
            small,
        ),
    ]
    for ours, plain, x in pairs:
        for one, other in zip(gradients_of(ours, x, filters), gradients_of(plain, x, filters), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5 * np.abs(other).max())


@pytest.mark.parametrize(
    ("flags", "misses", "emulates"),
    [
        ("sse4_2 avx avx2", True, True),
        ("avx avx2 avx512f avx512_vnni avx512_bf16", False, False),
        ("avx avx2 avx512f", True, True),
        ("sse4_2", False, True),
        ("asimd bf16", False, False),
        (None, False, False),
    ],
)
def test_what_the_processor_is_said_to_have(tmp_path, flags, misses, emulates):
    told = tmp_path / "cpuinfo"
    if flags is not None:
        told.write_text(f"processor\t: 0\nflags\t\t: fpu {flags}\n")
    said = processor.words(told)
    assert (processor.misses_onednn(said, {}), processor.lacks_bfloat16(said)) == (misses, emulates)


ASKED = """
import os
from tensorflow.python.util import _pywrap_util_port  # the one place where TensorFlow says it
from dcgan.computing.processor import uses_onednn, words

print(uses_onednn(words(), os.environ), _pywrap_util_port.IsMklEnabled())
"""


@pytest.mark.parametrize("told", ["0", "1", "true", "False", None])
def test_tensorflow_uses_onednn_where_it_is_said_to(told):
    environment = {name: value for name, value in os.environ.items() if name != processor.ONEDNN}
    environment |= {} if told is None else {processor.ONEDNN: told}
    run = subprocess.run(
        [sys.executable, "-c", ASKED], env=environment, check=True, capture_output=True, text=True
    )
    ours, theirs = run.stdout.split()
    assert ours == theirs


@pytest.mark.parametrize(("misses", "expected"), [(True, "1"), (False, None)])
def test_the_command_line_has_tensorflow_use_onednn(monkeypatch, misses, expected):
    monkeypatch.delenv(processor.ONEDNN, raising=False)
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    monkeypatch.setattr(options, "misses_onednn", lambda *given: misses)
    options.prepare_tensorflow()
    assert os.environ.pop(processor.ONEDNN, None) == expected


def test_python_is_told_what_it_misses_without_onednn(monkeypatch, tmp_path, capsys):
    config = Config(image_size=(8, 8), width=4, batch_size=4, steps=1)
    for number, misses in enumerate((True, False)):
        monkeypatch.setattr(processor, "misses_onednn", lambda *given, misses=misses: misses)
        session.begin(config, tmp_path / str(number))
        assert ("half as long with TF_ENABLE_ONEDNN_OPTS=1" in capsys.readouterr().err) is misses


def test_a_processor_that_emulates_bfloat16_is_told_of_before_the_training(monkeypatch, tmp_path, capsys):
    config = Config(image_size=(8, 8), width=4, batch_size=4, steps=1, precision="bfloat16")
    for number, lacks in enumerate((True, False)):
        monkeypatch.setattr(processor, "lacks_bfloat16", lambda said, lacks=lacks: lacks)
        session.begin(config, tmp_path / str(number))
        assert ("has no instructions for bfloat16" in capsys.readouterr().err) is lacks


def test_any_batch_through_one_graph():
    _, small, filters = maps((9, 14), (5, 5), 2)

    @tf.function(input_signature=[tf.TensorSpec((None, *small.shape[1:]), tf.bfloat16)])
    def forward(x):
        y = kernels.conv2d_transpose(x, tf.cast(filters, tf.bfloat16), (9, 14, 2), (2, 2))
        assert y.shape.as_list() == [None, 9, 14, 2]
        return y

    for count in (1, 4):
        assert forward(tf.zeros((count, *small.shape[1:]), tf.bfloat16)).shape == (count, 9, 14, 2)
