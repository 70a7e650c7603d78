"""What the pages say about TensorFlow, said by TensorFlow."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from tests.docs.pages import ROOT, blocks

RANDOM = np.random.default_rng(0)
SMALL = tf.constant(RANDOM.normal(size=(1, 8, 8, 64)), tf.float32)
FILTERS = tf.constant(RANDOM.normal(size=(5, 5, 32, 64)), tf.float32)


def test_15_is_16_without_its_first_row_and_column_not_its_last() -> None:
    larger, smaller = (
        tf.nn.conv2d_transpose(SMALL, FILTERS, (1, size, size, 32), strides=2).numpy() for size in (16, 15)
    )
    np.testing.assert_allclose(larger[:, 1:, 1:], smaller, atol=1e-3)
    assert np.abs(larger[:, :-1, :-1] - smaller).max() > 1


def test_tracing_takes_a_shape_that_no_run_can_make() -> None:
    @tf.function
    def up(x: tf.Tensor) -> tf.Tensor:
        return tf.nn.conv2d_transpose(x, FILTERS, (1, 17, 17, 32), strides=2)

    traced = up.get_concrete_function(tf.TensorSpec(SMALL.shape))
    assert traced.output_shapes == (1, 17, 17, 32)
    with np.testing.assert_raises(tf.errors.OpError):
        traced(SMALL)


def test_the_quick_start_goes_into_tensorflow_as_shown() -> None:
    [shown] = [block for block in blocks(ROOT / "docs" / "quick-start.md") if block.language == "python"]
    names = {"x": SMALL, "filters": FILTERS, "tf": tf}
    exec("import convshape as cs\n" + shown.text, names)
    assert names["y"].shape == (1, 15, 15, 32)
