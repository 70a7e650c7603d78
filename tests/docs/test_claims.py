"""What the pages say about TensorFlow, said by TensorFlow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import convshape as cs
from tests.docs.pages import ROOT, blocks, exit_of, set_the_scene

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


REAL_MODELS = ROOT / "docs" / "real-models.md"


@keras.saving.register_keras_serializable("Custom")
class Shrink(keras.layers.Layer):
    """A layer of somebody's own."""

    def __init__(self, by: int, **others: Any) -> None:
        super().__init__(**others)
        self.by = by

    def call(self, x: Any) -> Any:
        """Return every so many elements' largest."""
        return keras.ops.max_pool(x, self.by, self.by, "valid", "channels_last")

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        return {**super().get_config(), "by": self.by}


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder with the files that the page about real models has written."""
    monkeypatch.chdir(tmp_path)
    set_the_scene(REAL_MODELS)
    return tmp_path


def test_the_file_that_the_page_reads_is_that_of_the_code_it_shows(scene: Path) -> None:
    shown = cs.read("unet.keras")
    [code] = [block.text for block in blocks(REAL_MODELS) if "keras.Input" in block.text]
    exec(code, {"keras": keras})
    saved = cs.read("unet.keras")
    assert (scene / "unet.keras").stat().st_size > 100_000, "Keras has not written its weights"
    assert repr(saved.trace(("N", "H", "W", 3))) == repr(shown.trace(("N", "H", "W", 3)))
    model = keras.models.load_model("unet.keras")
    assert model.count_params() == saved.trace(("N", 16, 16, 3)).parameters
    [read] = [block.text for block in blocks(REAL_MODELS) if block.text == "net = cs.read(model)\n"]
    names = {"cs": cs, "model": model}
    exec(read, names)
    assert names["net"](("N", 16, 16, 3)) == ("N", *model(tf.zeros((1, 16, 16, 3))).shape[1:])


def test_the_exit_code_says_whether_the_file_fits(scene: Path) -> None:
    assert exit_of("convshape check unet.keras --sizes 572:580", scene)[0] == 0
    assert exit_of("convshape check unet.keras --input N,45,61,3", scene)[0] == 1


def test_the_layer_of_somebodys_own_is_saved_as_the_page_has_it(scene: Path) -> None:
    rules = {"Shrink": lambda config: cs.Pool(config["by"])}
    shown = cs.read("own.keras", rules=rules)
    picture = keras.Input((16, 16, 3), name="picture")
    conv = keras.layers.Conv2D(64, 5, padding="same", name="conv")
    keras.Sequential([picture, conv, Shrink(2, name="shrink")]).save("own.keras")
    with pytest.raises(cs.ArgumentError, match='"shrink" \\(Shrink\\)'):
        cs.read("own.keras")
    saved = cs.read("own.keras", rules=rules)
    assert repr(saved.trace(("N", 16, 16, 3))) == repr(shown.trace(("N", 16, 16, 3)))
