"""A generator that has left dcgan: each form is read again in a process of its own, which has never heard of dcgan."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import keras
import numpy as np
import pytest
import tensorflow as tf

from dcgan.errors import RunError
from dcgan.keeping.runs import Run
from dcgan.uses import export as room
from dcgan.uses.export import TOLERANCE, export
from dcgan.uses.keras_model import keras_model
from tests.dcgan.state import refused
from tests.dcgan.support import SHAPE
from tests.dcgan.test_import import hiding
from tests.dcgan.trained_support import lively, made_up

COUNT = 70  # more than the generator makes at once


@pytest.fixture(scope="module")
def alive(finished):
    return lively(Run.open(finished))


def elsewhere(code: str, folder) -> dict[str, np.ndarray]:
    """Run code in another process, with latents as ``z``; return the arrays that it has left in ``made``."""
    ending = """
    assert "dcgan" not in sys.modules and "convshape" not in sys.modules
    np.savez("made.npz", **made)
    """
    beginning = "import sys\nimport numpy as np\nz = np.load('z.npy')\n"
    program = beginning + textwrap.dedent(code) + textwrap.dedent(ending)
    ran = subprocess.run(
        [sys.executable, "-I", "-c", program], cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    with np.load(folder / "made.npz") as saved:
        return dict(saved)


def values_of(trained, z) -> np.ndarray:
    return np.asarray(trained.generator.forward(z, training=False))


SAVED_MODEL = """
import tensorflow as tf
sample = tf.saved_model.load("out").signatures["serving_default"]
made = {name: tensor.numpy() for name, tensor in sample(latents=tf.constant(z)).items()}
made["one"] = sample(latents=tf.constant(z[:1]))["values"].numpy()
"""

KERAS = """
import keras
model = keras.models.load_model("out.keras")
assert {type(layer).__module__.split(".")[0] for layer in model.layers} == {"keras"}
made = {"values": model.predict(z, verbose=0), "one": model.predict(z[:1], verbose=0)}
"""

# The generator in NumPy alone, from nothing but the file: what its metadata says is enough to make the pictures.
SAFETENSORS = """
import json
from safetensors import safe_open
with safe_open("out.safetensors", "numpy") as file:
    metadata = file.metadata()
    weights = {name: file.get_tensor(name) for name in file.keys()}
x = z.astype(np.float64)
for layer in json.loads(metadata["layers"]):
    part = "generator/" + layer["name"] + "/"
    if layer["strides"] is None:
        x = np.tensordot(x, weights[part + "weights"], axes=1)
    else:
        filters, (high, wide) = weights[part + "filter"], layer["strides"]
        large, small = layer["output"], layer["input"]
        y = np.zeros((len(x), large[0] + 2 * filters.shape[0], large[1] + 2 * filters.shape[1], large[2]))
        before = [max((n - 1) * s + k - size, 0) // 2 for n, s, k, size
                  in zip(small, (high, wide), filters.shape, large)]
        for i in range(filters.shape[0]):
            for j in range(filters.shape[1]):
                top, left = i - before[0] + filters.shape[0], j - before[1] + filters.shape[1]
                y[:, top : top + high * small[0] : high, left : left + wide * small[1] : wide] += (
                    x @ filters[i, j].T)
        x = y[:, filters.shape[0] : filters.shape[0] + large[0], filters.shape[1] : filters.shape[1] + large[1]]
    if layer["batch_norm"]:
        name = next(n for n in weights if n.startswith(part) and n.endswith("gamma")).removesuffix("gamma")
        gamma, beta, mean, variance = (weights[name + n] for n in ("gamma", "beta", "moving_mean", "moving_variance"))
        x = (x - mean) / np.sqrt(variance + float(metadata["epsilon"])) * gamma + beta
    else:
        x = x + weights[part + "bias"]
    x = {"relu": lambda x: np.maximum(x, 0), "tanh": np.tanh}[layer["activation"]](x)
made = {"values": x, "one": x[:1], **{name.replace("/", "."): value for name, value in weights.items()}}
"""

FORMS = {
    "saved_model": ("out", SAVED_MODEL),
    "keras": ("out.keras", KERAS),
    "safetensors": ("out.safetensors", SAFETENSORS),
}


def check_form(alive, name, code, folder, source=None) -> dict[str, np.ndarray]:
    """Fail unless what was written gives the pictures of ``alive`` in another process."""
    z = alive.latents(COUNT, seed=2)
    np.save(folder / "z.npy", z)
    export(alive if source is None else source, folder / name)
    made = elsewhere(code, folder)
    np.testing.assert_allclose(made["values"], values_of(alive, z), atol=TOLERANCE)
    np.testing.assert_allclose(made["one"], values_of(alive, z[:1]), atol=TOLERANCE)
    return made


@pytest.mark.parametrize(("name", "code"), FORMS.values(), ids=FORMS)
def test_another_process_makes_the_same_pictures(name, code, alive, tmp_path):
    made = check_form(alive, name, code, tmp_path)
    if name == "out":
        pictures = alive.sample(COUNT, seed=2).array
        assert made["pictures"].dtype == np.uint8 and made["pictures"].shape == (COUNT, *SHAPE)
        assert (
            np.abs(made["pictures"].astype(int) - pictures).max() <= 1
        )  # where rounding is a matter of the last bit
        assert (made["pictures"] == pictures).mean() > 0.999
    if name == "out.safetensors":
        for variable in alive.generator.variables:
            assert np.array_equal(made[variable.name.removesuffix(":0").replace("/", ".")], variable.numpy())
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, "z.npy", "made.npz"])


def test_that_this_sees_another_generator(alive, finished, tmp_path):
    other = lively(Run.open(finished), factor=19)
    with pytest.raises(AssertionError):
        check_form(alive, *FORMS["safetensors"], tmp_path, source=other)


PLANS = {
    "odd sides": ((45, 61, 3), {"layers": 2}),
    "an even filter on odd sides": ((45, 62, 3), {"kernel_size": 4, "layers": 3}),
    "a filter smaller than the stride": ((29, 31, 1), {"kernel_size": 2, "stride": 3, "layers": 2}),
    "strides of 3": ((28, 28, 1), {"stride": 3, "layers": 2}),
    "a filter of one": ((9, 14, 3), {"kernel_size": 1, "layers": 2}),
    "one layer": ((8, 8, 1), {"layers": 1}),
    "the default": ((28, 28, 1), {}),
    "trained in bfloat16": ((28, 28, 1), {"precision": "bfloat16"}),
}


@pytest.mark.parametrize(("shape", "fields"), PLANS.values(), ids=PLANS)
def test_keras_s_own_layers_give_the_same_numbers(shape, fields, tmp_path):
    trained = made_up(tmp_path, shape, latent=7, width=3, **fields)
    z = trained.latents(5)
    model = keras_model(trained)
    assert model.output_shape == (None, *shape)
    np.testing.assert_allclose(np.asarray(model(z)), values_of(trained, z), atol=TOLERANCE)


def test_a_keras_model_with_other_pictures_is_not_written(alive, tmp_path, monkeypatch):
    from dcgan.uses import keras_model as maker

    def wrong(trained):
        model = keras_model(trained)
        model.layers[1].set_weights([1.01 * weights for weights in model.layers[1].get_weights()])
        return model

    monkeypatch.setattr(maker, "keras_model", wrong)
    refused(tmp_path, RunError, "away from its own", lambda: export(alive, tmp_path / "out.keras"))


def test_exporting_changes_nothing(alive, tmp_path):
    before = [variable.numpy().tobytes() for variable in alive.generator.variables]
    for name, _ in FORMS.values():
        export(alive, tmp_path / name)
    assert [variable.numpy().tobytes() for variable in alive.generator.variables] == before


@pytest.mark.parametrize(
    ("name", "form", "match"),
    [
        ("full", None, "not empty"),
        ("out.h5", None, "no form"),
        ("out", "onnx", "no form onnx"),
        ("out.png", "keras", "does not end in .keras"),
        ("no folder/out", None, "not a folder"),
        ("no folder/out.keras", None, "not a folder"),
        ("no folder/out.safetensors", None, "not a folder"),
    ],
)
def test_a_place_that_will_not_do_is_refused(name, form, match, alive, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full/kept.txt").write_text("kept")
    refused(tmp_path, RunError, match, lambda: export(alive, tmp_path / name, form))


@pytest.mark.parametrize("name", ["out.keras", "out.safetensors"])
def test_a_file_is_replaced(name, alive, tmp_path):
    (tmp_path / name).write_bytes(b"old")
    export(alive, tmp_path / name)
    assert (tmp_path / name).stat().st_size > 1000


FULL = [
    OSError(28, "No space left on device"),
    tf.errors.ResourceExhaustedError(None, None, "out/variables; No space left on device"),
]


@pytest.mark.parametrize("error", FULL, ids=lambda error: type(error).__name__)
def test_a_saved_model_that_fails_in_the_middle_leaves_nothing(error, alive, tmp_path, monkeypatch):
    usual = tf.saved_model.save

    def save(*arguments, **keywords):
        usual(*arguments, **keywords)
        raise error

    monkeypatch.setattr(tf.saved_model, "save", save)
    refused(tmp_path, RunError, "No space left", lambda: export(alive, tmp_path / "out"))
    assert list(tmp_path.iterdir()) == []


def test_a_keras_file_that_fails_in_the_middle_leaves_the_old_one(alive, tmp_path, monkeypatch):
    (tmp_path / "out.keras").write_bytes(b"old")

    def save(self, path):
        path.write_bytes(b"half")
        raise FULL[0]

    monkeypatch.setattr(keras.Model, "save", save)
    refused(tmp_path, RunError, "No space left", lambda: export(alive, tmp_path / "out.keras"))


def test_a_place_that_cannot_be_is_refused_before_the_work(alive, tmp_path):
    for name in ("a" * 300, "a" * 300 + ".keras", "a" * 300 + "/out.safetensors"):
        refused(tmp_path, RunError, "File name too long", lambda name=name: export(alive, tmp_path / name))


def test_without_its_package_safetensors_is_refused_with_the_line_that_installs_it(
    alive, tmp_path, monkeypatch
):
    monkeypatch.setattr(room, "find_spec", lambda name: None)
    refused(tmp_path, RunError, r"convshape\[export\]", lambda: export(alive, tmp_path / "out.safetensors"))


def test_dcgan_works_without_safetensors():
    from tests.dcgan.support import python

    ran = python("-c", hiding("safetensors") + "import dcgan.uses.export; print('fine')")
    assert ran.stdout == "fine\n", ran.stderr
