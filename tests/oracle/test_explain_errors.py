"""``explain_errors`` on the real TensorFlow and Keras: their own exceptions, our diagnosis as a note, nothing left behind."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from typing import Any

import keras
import pytest
import tensorflow as tf

import convshape as cs


def noted(error: BaseException) -> str:
    """Return our note on an error; there is just one."""
    notes = [note for note in getattr(error, "__notes__", []) if "convshape on this call" in note]
    assert len(notes) == 1
    return notes[0]


@pytest.fixture
def x() -> Any:
    return tf.zeros((2, 8, 8, 64))


@pytest.fixture
def filters() -> Any:
    return tf.zeros((5, 5, 32, 64))


def test_the_engines_own_error_with_our_note(x: Any, filters: Any) -> None:
    with pytest.raises(tf.errors.OpError) as bare:
        tf.nn.conv2d_transpose(x, filters, (2, 17, 17, 32), 2)
    with cs.explain_errors(), pytest.raises(tf.errors.OpError) as explained:
        tf.nn.conv2d_transpose(x, filters, (2, 17, 17, 32), 2)
    assert type(explained.value) is type(bare.value) and str(explained.value) == str(bare.value)
    assert "legal: 15..16" in noted(explained.value)
    assert "fix: output_shape=(2, 16, 16, 32)" in noted(explained.value)
    assert not getattr(bare.value, "__notes__", [])


def test_right_calls_are_as_they_were(x: Any, filters: Any) -> None:
    plain = tf.nn.conv2d_transpose(x, filters, (2, 15, 16, 32), 2)
    with cs.explain_errors():
        assert tf.nn.conv2d_transpose(x, filters, (2, 15, 16, 32), 2).shape == plain.shape
        assert tf.nn.max_pool2d(x, 2, 2, "SAME").shape == (2, 4, 4, 64)
        assert keras.layers.Conv2D(3, 3)(x).shape == (2, 6, 6, 3)


def test_nothing_is_left_behind(x: Any) -> None:
    function = type(tf.function(lambda: None))
    owners = [tf.nn, keras.layers.Conv2D, keras.layers.MaxPooling2D, function]
    before = [dict(vars(owner)) for owner in owners]
    finders = list(sys.meta_path)
    with pytest.raises(tf.errors.OpError), cs.explain_errors():
        with cs.explain_errors():
            keras.layers.Conv2D(3, 3)(x)
        assert tf.nn.conv2d is not before[0]["conv2d"]
        tf.nn.conv2d_transpose(x, tf.zeros((5, 5, 32, 64)), (2, 17, 17, 32), 2)
    assert [dict(vars(owner)) for owner in owners] == before
    assert sys.meta_path == finders


def test_what_a_graph_refuses_only_when_it_runs(x: Any, filters: Any) -> None:
    with cs.explain_errors():

        @tf.function
        def traced(value: Any) -> Any:
            return tf.nn.conv2d_transpose(value, filters, (2, 17, 17, 32), 2)

        with pytest.raises(tf.errors.OpError) as caught:
            traced(x)
    assert "fix: output_shape=(2, 16, 16, 32)" in noted(caught.value)


def test_other_errors_of_a_graph_are_left_alone(x: Any, filters: Any) -> None:
    with cs.explain_errors():

        @tf.function
        def traced(value: Any) -> Any:
            tf.debugging.assert_equal(tf.reduce_sum(value), 1.0)
            return value

        with pytest.raises(tf.errors.InvalidArgumentError) as caught:
            traced(x)
    assert not getattr(caught.value, "__notes__", [])


@pytest.mark.parametrize(
    "output_shape", [(17, 17, 32), (2, -1, 16, 32), (2, 16), 16, (), (2, 2**31 - 1, 2**31 - 1, 32)]
)
def test_deadly_calls_are_refused_before_they_start(x: Any, filters: Any, output_shape: Any) -> None:
    legal_pair = output_shape == (2, 16)  # two entries are the spatial sizes, and just illegal ones
    expected = tf.errors.OpError if legal_pair else cs.OutputShapeError
    with cs.explain_errors(), pytest.raises(expected):
        tf.nn.conv2d_transpose(x, filters, output_shape, 2)


DEADLY = {
    "a stride of 0 in a graph": lambda x, filters: tf.function(
        lambda: tf.nn.conv2d_transpose(x, filters, (2, 8, 8, 32), [0, 0])
    )(),
    "an input without its batch": lambda x, filters: tf.nn.conv2d(x[0], tf.zeros((3, 3, 64, 8)), 1, "SAME"),
    "a window that fits nowhere": lambda x, filters: tf.nn.max_pool2d(x, 9, 1, "VALID"),
    "an empty input": lambda x, filters: tf.nn.conv3d_transpose(
        tf.zeros((2, 0, 0, 0, 3)), tf.zeros((2, 2, 2, 5, 3)), (2, 1, 1, 1, 5), [1, 2, 2, 2, 1], "VALID"
    ),
}


@pytest.mark.parametrize("name", DEADLY)
def test_other_deadly_calls_are_refused_too(x: Any, filters: Any, name: str) -> None:
    with cs.explain_errors(), pytest.raises(cs.ShapeError):
        DEADLY[name](x, filters)


def test_unknown_shapes_are_not_judged(filters: Any) -> None:
    with cs.explain_errors():

        @tf.function(input_signature=[tf.TensorSpec(None), tf.TensorSpec((4,), tf.int32)])
        def traced(value: Any, shape: Any) -> Any:
            return tf.nn.conv2d_transpose(value, filters, shape, 2)

        assert traced(tf.zeros((2, 8, 8, 64)), (2, 16, 16, 32)).shape == (2, 16, 16, 32)


def test_keras_layers_are_told_in_their_own_words(x: Any) -> None:
    cases: list[tuple[Any, str]] = [
        (lambda: keras.layers.Conv2DTranspose(8, 4, 2, padding="same", output_padding=0)(x), "output_padding=None"),
        (lambda: keras.layers.Conv2D(8, 3, strides=2, dilation_rate=2), "dilation_rate=1"),
        (lambda: keras.layers.Conv2D(8, 9)(x), "padding=\"same\""),
        (lambda: keras.layers.Conv2D(8, 3, groups=3), "groups=2"),
    ]  # fmt: skip
    for call, fix in cases:
        with cs.explain_errors(), pytest.raises((ValueError, tf.errors.OpError)) as caught:
            call()
        assert not isinstance(caught.value, cs.ShapeError)
        assert f"fix: {fix}" in noted(caught.value) and "keras.layers." in noted(caught.value)


def test_a_keras_pool_that_could_end_the_process_is_refused(x: Any) -> None:
    with cs.explain_errors(), pytest.raises(cs.SizeError, match=r"keras\.layers\.MaxPooling2D.*height of 8"):
        keras.layers.MaxPooling2D(9)(x)


def test_a_layer_of_ones_own_is_left_alone(x: Any) -> None:
    class Mine(keras.layers.Conv2D):
        def get_config(self) -> dict[str, Any]:
            raise NotImplementedError

    with cs.explain_errors(), pytest.raises(ValueError, match="Computed output size"):
        Mine(8, 9)(x)


def test_entering_twice_is_an_error_and_nesting_is_not() -> None:
    explaining = cs.explain_errors()
    with explaining, pytest.raises(RuntimeError, match="entered already"):
        explaining.__enter__()
    with cs.explain_errors(), cs.explain_errors():
        pass


SCRIPT = """
import os, sys
os.environ.update(TF_ENABLE_ONEDNN_OPTS="1", TF_CPP_MIN_LOG_LEVEL="3")
import convshape as cs
{enter}
import tensorflow as tf
try:
    tf.nn.conv2d_transpose(tf.zeros((2, 8, 8, 64)), tf.zeros((5, 5, 32, 64)), (8, 8, 32), 2)
except Exception as error:
    print("SURVIVED", type(error).__name__, flush=True)
"""


@pytest.mark.parametrize(("enter", "lives"), [("", False), ("cs.explain_errors().__enter__()", True)])
def test_the_default_build_dies_without_and_lives_with_it(enter: str, lives: bool) -> None:
    """TensorFlow imported only after the context was entered, as a notebook's later cell does."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(SCRIPT.format(enter=enter))],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ("SURVIVED OutputShapeError" in done.stdout) is lives
    assert (done.returncode == 0) is lives, done.stderr[-500:]


class Shell:
    """As much of IPython as an extension is handed."""


def test_as_an_extension_of_a_notebook(x: Any, filters: Any) -> None:
    shell = Shell()
    cs.load_ipython_extension(shell)  # type: ignore[attr-defined]
    try:
        with pytest.raises(tf.errors.OpError) as caught:
            tf.nn.conv2d_transpose(x, filters, (2, 17, 17, 32), 2)
    finally:
        cs.unload_ipython_extension(shell)  # type: ignore[attr-defined]
    assert "legal: 15..16" in noted(caught.value)
    with pytest.raises(tf.errors.OpError) as bare:
        tf.nn.conv2d_transpose(x, filters, (2, 17, 17, 32), 2)
    assert not getattr(bare.value, "__notes__", [])
