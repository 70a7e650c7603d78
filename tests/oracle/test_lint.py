"""Every finding of lint is a fact: shown by TensorFlow's numbers and gradients, executed."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any
from unittest import mock

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import assume
from hypothesis import strategies as st

import convshape as cs
from convshape._networks import _lint_taps, _lint_windows
from tests.holding import Holder, must_fail
from tests.oracle.test_receptive_field import listed, run_layer, weights

L = cs.layers
C = 2
AXES = {"height": 0, "width": 1}


@st.composite
def layers(draw: st.DrawFn) -> Any:
    """A convolution, transposed or not, or a pool. Shrinks towards a convolution of 1."""
    kind = draw(st.sampled_from([cs.Conv, cs.ConvTranspose, cs.Pool, cs.Conv]))
    kernel, stride = draw(st.tuples(*[st.integers(1, 5)] * 2)), draw(st.tuples(*[st.integers(1, 3)] * 2))
    if kind is cs.Pool:
        return cs.Pool(kernel, stride, draw(st.sampled_from(["SAME", "VALID"])))
    pairs = st.tuples(*(st.tuples(st.integers(0, size), st.integers(0, size)) for size in kernel))
    padding = draw(st.sampled_from(["SAME", "VALID"]) | pairs | pairs)
    return kind((*kernel, C, C), stride, padding)


SHAPES = st.tuples(st.just(1), st.integers(1, 9), st.integers(1, 9), st.just(C))


def touched(layer: Any, shape: Any) -> tuple[Any, Any]:
    """Return which input elements have a gradient, and which output elements one of any input."""
    output_shape = layer(shape)
    x = weights(shape)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = run_layer(layer, x, output_shape)
    read = np.abs(tape.gradient(y, x).numpy()[0]).max(-1) > 0
    return read, np.abs(y.numpy()[0]).max(-1) > 0  # input and weights are above 0


def along(mask: Any, axis: int) -> Any:
    return mask.any(1 - axis)


def numbers(text: str, pattern: str) -> dict[str, int]:
    """Return the number that a text tells of every axis that it names."""
    return {name: int(number) for number, name in re.findall(pattern + r" along the (\w+)", text)}


def shows_holes(finding: Any, layer: Any, shape: Any) -> None:
    read, written = touched(layer, shape)
    for name in re.findall(r"the (height|width)", finding.problem):
        mask = along(written if isinstance(layer, cs.ConvTranspose) else read, AXES[name])
        assert not mask.all(), finding
    if finding.remedy is not None:
        other = cs.Chain([layer]).replace(finding.remedy).layers[0]
        after = touched(other, shape)[isinstance(layer, cs.ConvTranspose)]
        assert (
            after.sum() > (written if isinstance(layer, cs.ConvTranspose) else read).sum() or not after.any()
        )
        assert other(shape) == layer(shape)


def shows_lost(finding: Any, layer: Any, shape: Any) -> None:
    read, _ = touched(layer, shape)
    for name, number in numbers(finding.problem, r"the last (\d+) of \d+").items():
        mask = along(read, AXES[name])
        assert not mask[-number:].any() and (not read.any() or mask[-number - 1]), finding
    assert finding.remedy is not None
    changed = cs.Chain([layer]).replace(finding.remedy).layers[0]
    again, _ = touched(changed, finding.remedy.get("input_shape", shape))
    window = layer.window_shape if isinstance(layer, cs.Pool) else layer.filter_shape
    for name in numbers(finding.problem, r"the last (\d+) of \d+"):
        gap = max(
            0, layer.strides[AXES[name]] - window[AXES[name]]
        )  # between windows that are smaller than the stride
        assert along(again, AXES[name])[-gap - 1 :].any(), finding


def shows_padding(finding: Any, layer: Any, shape: Any) -> None:
    _, written = touched(layer, shape)
    if "alone" in finding.problem:
        for name, number in numbers(finding.problem, r"(\d+)").items():
            assert not written.any() or (~along(written, AXES[name])).sum() == number, finding
        return
    x = tf.pad(weights(shape), listed(layer.padding))
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.nn.conv2d(x, weights(layer.filter_shape), layer.strides, "VALID")
    read = np.abs(tape.gradient(y, x).numpy()[0]).max(-1) > 0
    for name, number in numbers(finding.problem, r"the last (\d+) of it").items():
        mask = along(read, AXES[name])
        assert not mask[-number:].any() and number <= layer.padding[AXES[name]][1], finding
    if finding.remedy is not None:
        other = cs.Chain([layer]).replace(finding.remedy).layers[0]
        assert np.allclose(run_layer(other, weights(shape), other(shape)), run_layer(layer, weights(shape), layer(shape)))  # fmt: skip


def shows_idle(finding: Any, layer: Any, shape: Any) -> None:
    x, kernel = weights(shape), weights(layer.filter_shape)
    words = (layer.strides, listed(layer.padding))
    with tf.GradientTape() as tape:
        tape.watch(kernel)
        if isinstance(layer, cs.Conv):
            y = tf.nn.conv2d(x, kernel, *words)
        else:
            y = tf.nn.conv2d_transpose(x, kernel, layer(shape), *words)
    trained = np.abs(tape.gradient(y, kernel).numpy()).max((2, 3)) > 0
    for name, number in numbers(finding.problem, r"(\d+) of \d+").items():
        assert not trained.any() or (~along(trained, AXES[name])).sum() == number, finding


def shows_uneven(finding: Any, layer: Any, shape: Any) -> None:
    """Of ones and ones, neighbours away from the borders are not alike; with the remedy they are."""
    names = re.findall(r"along the (\w+)", finding.problem)
    assert all(unlike(layer, AXES[name]) for name in names)
    if finding.remedy is not None:
        other = cs.Chain([layer]).replace(finding.remedy).layers[0]
        assert not any(unlike(other, AXES[name]) for name in names) and other(shape) == layer(shape)


def unlike(layer: Any, axis: int) -> bool:
    """Return whether ones make different numbers along an axis, in a picture that has a middle."""
    wide = (1, 13, 13, C)
    with mock.patch("tests.oracle.test_receptive_field.weights", lambda size: tf.ones(size, tf.float32)):
        y = run_layer(layer, tf.ones(wide), layer(wide)).numpy()[0, :, :, 0]
    profile = y[:, y.shape[1] // 2] if axis == 0 else y[y.shape[0] // 2]
    third = len(profile) // 3
    return bool(np.ptp(profile[third:-third]) > 1e-3)


SHOWN = {
    "holes": shows_holes,
    "lost elements": shows_lost,
    "wasted padding": shows_padding,
    "idle taps": shows_idle,
    "uneven overlap": shows_uneven,
}


def finds_facts(implementation: Any, layer: Any, shape: Any) -> None:
    """Whatever is found of a layer is so."""
    try:
        layer(shape)
    except cs.ShapeError:
        assume(False)
    for finding in implementation.lint(cs.Chain([layer]), shape):
        SHOWN[finding.rule](finding, layer, shape)


def finds_all_that_is_left_out(implementation: Any, layer: Any, shape: Any) -> None:
    """Where several windows lie on both axes, no element is left out that is not found."""
    try:
        output = layer(shape)
    except cs.ShapeError:
        assume(False)
    windows = shape if isinstance(layer, cs.ConvTranspose) else output
    assume(min(windows[1:3]) > 1 and layer.padding in ("SAME", "VALID"))
    rules = {finding.rule for finding in implementation.lint(cs.Chain([layer]), shape)}
    read, written = touched(layer, shape)
    whole = written.all() if isinstance(layer, cs.ConvTranspose) else read.all()
    assert bool(whole) == (not rules & {"holes", "lost elements"})


def test_findings_are_facts(hold: Holder) -> None:
    hold(finds_facts, cs, layers(), SHAPES, examples=250)


def test_what_is_left_out_is_found(hold: Holder) -> None:
    hold(finds_all_that_is_left_out, cs, layers(), SHAPES, examples=150)


def one_more() -> Any:
    """Return lint that counts one more."""

    def lint(network: Any, shape: Any) -> Any:
        return [
            cs.Finding(one.layer, one.rule, re.sub(r"\d+(?= of \d| of it|\b along)", lambda n: str(int(n[0]) + 1), one.problem), "")
            for one in cs.lint(network, shape)
        ]  # fmt: skip

    return SimpleNamespace(lint=lint)


def patched(name: str, how: Any, room: Any = _lint_windows) -> Any:
    def lint(network: Any, shape: Any) -> Any:
        with mock.patch.object(room, name, how):
            return cs.lint(network, shape)

    return SimpleNamespace(lint=lint)


ONLY = {
    "holes": patched("_has_hole", lambda line: line.kernel <= line.stride),
    "uneven overlap": patched("is_even", lambda line: line.stride == 1),
    "lost elements": patched("_lost", lambda place: [line for line in place.lines if not place.transposed]),
    "wasted padding": patched(
        "_unread", lambda place, line: 0 if line.padding == "SAME" else line.after or 0
    ),
    "idle taps": patched("_idle", lambda line: line.kernel - 1, _lint_taps),
    "one more": one_more(),
}


@pytest.mark.parametrize("name", ONLY)
def test_a_finding_that_is_none_is_found_out(name: str) -> None:
    must_fail(finds_facts, ONLY[name], layers(), SHAPES, examples=250)


def test_nothing_found_is_found_out() -> None:
    nothing = SimpleNamespace(lint=lambda network, shape: ())
    must_fail(finds_all_that_is_left_out, nothing, layers(), SHAPES, examples=50)
