"""Training on classes: who is told of them, that they are heeded, and that a run keeps to its own."""

from __future__ import annotations

import dataclasses
import shlex
import shutil
from itertools import islice

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import dcgan
from dcgan import conditions, latents, session
from dcgan.class_names import numbers_of
from dcgan.cli import main
from dcgan.data import Pictures, labelled_batches, load
from dcgan.errors import DataError, PlanError, RunError
from dcgan.images import grid
from dcgan.keeping.runs import Run
from dcgan.measuring.evaluation_data import training_of
from dcgan.planning import plan
from dcgan.sampling import CHUNK
from dcgan.training import Trainer
from dcgan.uses.arithmetic import combine
from dcgan.uses.export import export
from dcgan.uses.interpolation import interpolate
from dcgan.uses.inversion import invert
from tests.dcgan.state import all_of, refused, stopping_after
from tests.dcgan.support import SHAPE, TINY, as_bytes, write_pictures
from tests.dcgan.trained_support import lively

CLASSES = ("cat", "dog", "emu")
BLUEPRINT = plan(SHAPE, TINY, classes=3)
REAL = tf.random.stateless_uniform((TINY.batch_size, *SHAPE), (1, 2), -1, 1)
Z = latents.draw(0, "test", 0, TINY.batch_size, TINY.latent)


# ---- the numbers -------------------------------------------------------------------------------------------------


def check_conditioned(function) -> None:
    z, labels = np.asarray(Z), [2, 0, 1, 1, 2]
    found = np.asarray(function(tf.constant(z), labels, 3))
    assert found.shape == (5, TINY.latent + 3)
    assert np.array_equal(found[:, : TINY.latent], z)
    for row, label in zip(found[:, TINY.latent :], labels, strict=True):
        assert row[label] == 1
        assert np.count_nonzero(row) == 1


def test_a_latent_is_followed_by_its_class():
    check_conditioned(conditions.conditioned)
    with pytest.raises(AssertionError):
        check_conditioned(lambda z, labels, classes: conditions.conditioned(z, [0] * 5, classes))
    with pytest.raises(AssertionError):
        check_conditioned(lambda z, labels, classes: tf.concat([tf.one_hot(labels, classes), z], axis=1))


def check_judged(function) -> None:
    scores = np.arange(20.0).reshape(5, 4)
    labels = np.array([2, 0, 1, 1, 2])
    wanted = [[row[0] + row[1 + label]] for row, label in zip(scores, labels, strict=True)]
    assert np.array_equal(function(tf.constant(scores), labels), wanted)


def test_a_logit_is_the_score_of_all_and_that_of_the_class():
    check_judged(conditions.judged)
    with pytest.raises(AssertionError):
        check_judged(lambda scores, labels: conditions.judged(scores, (labels + 1) % 3))
    with pytest.raises(AssertionError):
        check_judged(lambda scores, labels: tf.reduce_sum(scores, axis=1, keepdims=True))


@pytest.mark.parametrize("classes", [1, -1, True, 2.0])
def test_a_plan_of_that_many_classes_is_refused(classes):
    with pytest.raises(PlanError, match="there cannot be"):
        plan(SHAPE, TINY, classes=classes)


def test_the_plan_of_classes_differs_where_they_come_in_and_nowhere_else():
    plain = plan(SHAPE, TINY)
    assert BLUEPRINT.generator[0].input_shape == (TINY.latent + 3,)
    assert BLUEPRINT.discriminator[-1].output_shape == (4,)
    assert BLUEPRINT.generator[1:] == plain.generator[1:]
    assert BLUEPRINT.discriminator[:-1] == plain.discriminator[:-1]


# ---- a step ------------------------------------------------------------------------------------------------------


def columns_changed(trainer: Trainer, action) -> tuple[set[int], set[int]]:
    """Which rows of classes, and which scores of classes, an action changes."""
    rows, scores = (
        trainer.generator.network.layers[0].weights,
        trainer.discriminator.network.layers[-1].weights,
    )
    before = np.asarray(rows)[TINY.latent :], np.asarray(scores)[..., 1:]
    action()
    after = np.asarray(rows)[TINY.latent :], np.asarray(scores)[..., 1:]
    flat = [
        np.reshape(np.moveaxis(part, axis, 0), (3, -1))
        for pair in (before, after)
        for part, axis in zip(pair, (0, -1), strict=True)
    ]
    changed = [{n for n in range(3) if not np.array_equal(flat[i][n], flat[i + 2][n])} for i in range(2)]
    return changed[0], changed[1]


@pytest.mark.parametrize("present", [{0}, {1, 2}])
def test_a_step_teaches_the_classes_that_are_in_it(present):
    labels = tf.constant([sorted(present)[n % len(present)] for n in range(TINY.batch_size)])
    trainer = Trainer(BLUEPRINT)
    assert columns_changed(trainer, lambda: trainer.step(REAL, labels)) == (present, present)
    alone = Trainer(BLUEPRINT)
    assert columns_changed(alone, lambda: alone.discriminator_step(REAL, Z, labels)) == (set(), present)
    assert columns_changed(alone, lambda: alone.generator_step(Z, labels)) == (present, set())


def test_what_is_generated_is_of_the_classes_of_the_real_ones():
    trainer = Trainer(BLUEPRINT)
    labels = tf.constant([2, 0, 1, 1, 2])
    seen = []
    forward = trainer.generator.network.forward
    trainer.generator.network.forward = lambda z, training: seen.append(z) or forward(z, training)
    tf.config.run_functions_eagerly(True)
    try:
        trainer.step(REAL, labels)
    finally:
        tf.config.run_functions_eagerly(False)
    assert np.array_equal(np.argmax(seen[0][:, TINY.latent :], axis=1), labels)


# ---- batches -----------------------------------------------------------------------------------------------------


def test_labels_stay_with_their_pictures():
    labels = np.arange(23) % 3
    pixels = np.broadcast_to((labels * 40 + np.arange(23))[:, None, None, None], (23, 4, 6, 1)).astype(
        np.uint8
    )
    pictures = Pictures(pixels, "numbered", labels=labels, classes=CLASSES)
    stream = labelled_batches(pictures, 5, 3, start_step=2, flip=True)
    for batch, classes in islice(stream, 9):
        bytes_ = np.rint((batch[:, 0, 0, 0].numpy() + 1) * 127.5).astype(int)
        numbers = [next(n for n in range(23) if pixels[n, 0, 0, 0] == value) for value in bytes_]
        assert classes.numpy().tolist() == [labels[number] for number in numbers]
    with pytest.raises(TypeError, match="no labels"):
        labelled_batches(Pictures(pixels, "numbered"), 5, 3)


# ---- runs --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Dark pictures of cats, bright ones of dogs, and emus between them."""
    top = tmp_path_factory.mktemp("classes") / "animals"
    for number, name in enumerate(CLASSES):
        write_pictures(top / name, 7 + number, seed=number)
    return top


@pytest.fixture(scope="module")
def made(folder, tmp_path_factory):
    out = tmp_path_factory.mktemp("made") / "run"
    loop = session.train(conditional(folder), out, progress=False)
    return out, as_bytes(all_of(loop.trainer))


def conditional(folder, **changes):
    return dataclasses.replace(TINY, data=str(folder), conditional=True, **changes)


def test_sub_folders_are_the_classes_of_a_run(made):
    opened = dcgan.load(made[0])
    assert opened.run.classes == opened.classes == CLASSES
    assert "of 3 classes" in repr(opened)


def test_a_run_of_classes_goes_on_exactly(made, folder, tmp_path):
    session.train(conditional(folder), tmp_path / "run", stopped=stopping_after(2), progress=False)
    loop = session.resume(tmp_path / "run", progress=False)
    assert as_bytes(all_of(loop.trainer)) == made[1]


def test_it_does_not_go_on_when_a_picture_has_changed_its_class(made, folder, tmp_path):
    moved = shutil.copytree(folder, tmp_path / "animals")
    first = shutil.move(moved / "dog" / "000.png", moved / "cat" / "999.png")
    assert load(moved, progress=False).fingerprint == load(folder, progress=False).fingerprint, first
    copy = shutil.copytree(made[0], tmp_path / "run")
    run = Run.open(copy).changed(data=str(moved))
    refused(copy, RunError, "other classes of its pictures", lambda: training_of(run, progress=False))
    refused(
        copy,
        RunError,
        "other pictures",
        lambda: session.resume(copy, data=str(moved), steps=9, progress=False),
    )


def test_pictures_without_classes_are_refused(folder, tmp_path):
    config = conditional(folder / "cat")
    with pytest.raises(DataError) as caught:
        session.train(config, tmp_path / "run", progress=False)
    assert str(caught.value).splitlines() == [
        f"train: {folder / 'cat'} has no classes.",
        "  legal: two classes at least: a data set by name, an .npz file with labels, or a sub-folder for each class",
        "  because: training on classes needs the class of every picture",
        "  fix: leave out --conditional, or put the pictures of each class into a sub-folder of its name",
    ]
    assert not (tmp_path / "run").exists()


def test_classes_are_heeded(tmp_path):
    """Black pictures of one class and white ones of the other: after a short training, samples are told apart."""
    pixels = np.repeat(np.array([20, 235], np.uint8), 40)[:, None, None, None] * np.ones(
        (80, 8, 8, 1), np.uint8
    )
    config = dataclasses.replace(TINY, widths=(8,), batch_size=16, learning_rate=2e-3, latent=4)
    blueprint = plan((8, 8, 1), config, classes=2)

    def difference(labels: np.ndarray) -> float:
        trainer = Trainer(blueprint)
        pictures = Pictures(pixels, "two", labels=labels, classes=("black", "white"))
        for batch in islice(labelled_batches(pictures, 16, 0), 60):
            trainer.step(*batch)
        z = latents.draw(1, "test", 0, 32, 4)
        black, white = (
            trainer.generator.network.forward(conditions.conditioned(z, [label] * 32, 2), training=False)
            for label in (0, 1)
        )
        return float(tf.reduce_mean(white) - tf.reduce_mean(black))

    told, shuffled = difference(np.repeat([0, 1], 40)), difference(np.arange(80) % 2)
    assert told > 0.5
    assert abs(shuffled) < told / 2  # labels that say nothing teach nothing


# ---- afterwards --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def alive(made):
    return lively(dcgan.load(made[0]).run)


def test_samples_are_of_all_classes_in_turn(alive):
    samples = alive.sample(CHUNK + 7)
    assert samples.classes[:4] == ("cat", "dog", "emu", "cat")
    assert np.argmax(samples.latents[:, TINY.latent :], axis=1).tolist() == [n % 3 for n in range(CHUNK + 7)]
    assert np.array_equal(alive.paint(samples.latents).array, samples.array)
    assert samples[1:3].classes == ("dog", "emu")


def test_samples_of_some_classes_have_the_same_latents(alive):
    every, some = alive.sample(9), alive.of("emu", "cat").sample(9)
    assert some.classes[:3] == ("emu", "cat", "emu")
    assert np.array_equal(some.latents[:, : TINY.latent], every.latents[:, : TINY.latent])
    assert np.array_equal(some.array[3], every.array[3])  # the fourth is a cat either way
    assert not np.array_equal(some.array[0], every.array[0])
    assert np.array_equal(alive.of("dog").pick((70, 2)), alive.of("dog").latents(71)[[70, 2]])


def test_the_command_line_makes_them_of_chosen_classes(made, tmp_path):
    out, _ = made
    assert (
        main(["sample", str(out), "--separate", str(tmp_path / "dogs"), "--count", "3", "--classes", "dog"])
        == 0
    )
    assert (
        main(["sample", str(out), "--out", str(tmp_path / "dogs.png"), "--count", "3", "--classes", "dog"])
        == 0
    )
    wanted = dcgan.load(out).of("dog").sample(3)
    wanted.save(tmp_path / "wanted.png")
    assert (tmp_path / "dogs.png").read_bytes() == (tmp_path / "wanted.png").read_bytes()
    assert len(list((tmp_path / "dogs").iterdir())) == 3


def test_a_class_that_there_is_not_is_refused(made, finished):
    with pytest.raises(RunError) as caught:
        dcgan.load(made[0]).of("dig")
    assert str(caught.value).splitlines() == [
        f"sample: {made[0]} has no class 'dig'.",
        "  legal: cat, dog, emu",
        "  because: it was trained on those of its pictures",
        "  fix: --classes dog",
    ]
    with pytest.raises(RunError, match="no class is named"):
        numbers_of((), dcgan.load(made[0]).run)
    with pytest.raises(RunError, match="knows no classes"):
        dcgan.load(finished).of("dog")


def test_a_name_with_a_comma_is_one_name(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names = ("Washington, DC", 'the "best"', "plain")
    for seed, name in enumerate(names):
        write_pictures(tmp_path / "places" / name, 4, seed=seed)
    session.train(conditional(tmp_path / "places", steps=1), "run", progress=False)
    for asked in names:
        assert main(["sample", "run", "--out", "x.png", "--classes", f"{asked}."]) == 1
        *_, fix = capsys.readouterr().err.splitlines()
        option, quoted = shlex.split(fix.removeprefix("  fix: "))
        assert main(["sample", "run", "--out", "x.png", option, f"{quoted},plain"]) == 0
        picked = dcgan.load("run").of(asked, "plain").sample(64).array
        wanted = grid(picked, 2, scale=2)
        assert np.array_equal(np.asarray(Image.open("x.png")), wanted)
    assert main(["sample", "run", "--out", "x.png", "--classes", ""]) == 1
    assert "no class is named" in capsys.readouterr().err


def test_a_generator_of_some_classes_is_not_exported(alive, tmp_path):
    refused(tmp_path, RunError, "of dog only", lambda: export(alive.of("dog"), tmp_path / "new"))


def test_classes_fade_on_the_way(alive):
    way = interpolate(alive, (0, 1), steps=4)
    shares = way.latents[:, TINY.latent :]
    assert np.allclose(shares[:, :2], [[1, 0], [0.75, 0.25], [0.5, 0.5], [0.25, 0.75], [0, 1]])
    assert np.array_equal(way.array[[0, -1]], alive.sample(2).array)


def test_a_search_stays_in_its_classes(alive):
    picture = alive.of("dog").sample(1, seed=5).array[0]
    found = invert(alive.of("dog"), picture, starts=3, steps=2)
    assert np.argmax(found.latent[TINY.latent :]) == 1
    assert np.array_equal(alive.paint(found.latent[None]).array, found.nearest.array)


def test_each_class_has_a_start_of_its_own(alive):
    picture = alive.sample(1).array[0]
    every = len(alive.classes)
    with pytest.raises(RunError, match=f"legal: {every}..10000"):
        invert(alive, picture, starts=every - 1, steps=1)
    crowd = alive.of(*alive.classes * 9)
    assert len(invert(crowd, picture, steps=1).errors) == max(16, 9 * every)


def test_classes_add_up(alive):
    total = combine(alive, (0,), (1,), (2,)).latent[TINY.latent :]
    assert np.allclose(total, [1, -1, 1])
    near = combine(alive, (0, 3), (1,), (2,)).result.latents[:, TINY.latent :]
    assert np.array_equal(near, np.broadcast_to(near[0], near.shape))


def test_exports_take_the_class_beside_the_latent(alive, tmp_path):
    import keras
    from safetensors import safe_open

    for name in ("saved", "model.keras", "weights.safetensors"):
        export(alive, tmp_path / name)
    inputs = alive.latents(7)
    entries = {
        "latents": tf.constant(inputs[:, : TINY.latent]),
        "classes": tf.argmax(inputs[:, TINY.latent :], axis=1, output_type=tf.int32),
    }
    wanted = alive.generator.forward(inputs, training=False)
    saved = tf.saved_model.load(str(tmp_path / "saved"))
    assert np.array_equal(saved.signatures["serving_default"](**entries)["values"], wanted)
    assert saved.class_names.numpy().tolist() == [b"cat", b"dog", b"emu"]
    model = keras.models.load_model(tmp_path / "model.keras")
    assert np.allclose(model(entries), wanted, atol=1e-5)
    others = entries | {"classes": (entries["classes"] + 1) % 3}
    assert not np.allclose(model(others), wanted, atol=1e-2)
    with safe_open(tmp_path / "weights.safetensors", "np") as weights:
        assert weights.metadata()["classes"] == '["cat", "dog", "emu"]'


def test_a_plan_says_how_many_classes_there_are(capsys):
    assert main(["plan", "9x14x3", "--classes", "3"]) == 0
    assert "batches of 64, 3 classes." in capsys.readouterr().out
    assert main(["plan", "9x14x3", "--classes", "1"]) == 1
    assert capsys.readouterr().err.splitlines()[-1] == "  fix: --classes 0"
