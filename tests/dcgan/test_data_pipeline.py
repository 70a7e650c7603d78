"""Batches: values in [-1, 1], every picture once an epoch, and the same order however often training stops."""

from __future__ import annotations

import subprocess
import sys
from itertools import chain, islice

import numpy as np
import pytest

from dcgan import pipeline
from dcgan.data import batches
from dcgan.errors import DataError
from dcgan.images import to_uint8
from dcgan.pictures import Pictures

COUNT, BATCH = 23, 5  # four batches an epoch, three pictures left over
STEPS = 4


def numbered(count=COUNT):
    """Pictures of 2x3x1 whose upper left value is their number, and whose other values differ."""
    array = np.full((count, 2, 3, 1), 200, np.uint8)
    array[:, 0, 0, 0] = np.arange(count)
    return Pictures(array, "numbered")


def shown(seed, start_step, how_many):
    stream = batches(numbered(), BATCH, seed, start_step=start_step)
    return [to_uint8(batch)[:, 0, 0, 0].tolist() for batch in islice(stream, how_many)]


def check_epochs(steps):
    """Each epoch shows no picture twice, and no two epochs have one order."""
    epochs = [list(chain(*steps[start : start + STEPS])) for start in range(0, len(steps), STEPS)]
    assert all(len(set(epoch)) == STEPS * BATCH for epoch in epochs)
    assert len({tuple(epoch) for epoch in epochs}) == len(epochs)


def check_resumes(show):
    """Whatever step a stream begins at, it goes on as the uninterrupted one does."""
    whole = show(7, 0, 4 * STEPS)
    for start in range(2 * STEPS + 2):
        assert show(7, start, STEPS) == whole[start : start + STEPS]


def test_values_and_shapes():
    values = np.arange(256, dtype=np.uint8).reshape(4, 8, 4, 2)
    pictures = Pictures(np.concatenate([values, values[..., :1]], axis=-1), "all bytes")
    (batch,) = islice(batches(pictures, 4, 0), 1)
    assert batch.dtype == np.float32
    assert batch.shape == (4, 8, 4, 3)
    assert (batch.numpy().min(), batch.numpy().max()) == (-1, 1)
    order = pipeline.epoch_order(4, 0, 0)
    np.testing.assert_array_equal(to_uint8(batch), pictures.array[order])
    np.testing.assert_allclose(batch, pictures.array[order] / 127.5 - 1, atol=1e-6)


def test_every_epoch_shows_each_picture_at_most_once_in_an_order_of_its_own():
    check_epochs(shown(0, 0, 5 * STEPS))


def test_what_is_left_over_differs_from_epoch_to_epoch():
    seen = set(chain(*shown(0, 0, 6 * STEPS)))
    assert seen == set(range(COUNT))


def test_a_stream_resumes_at_any_step():
    check_resumes(shown)


def test_the_order_is_the_seed_s_and_nothing_else_s():
    first = shown(1, 0, STEPS)
    np.random.seed(99)  # the global generator is what must not matter
    assert shown(1, 0, STEPS) == first
    assert shown(2, 0, STEPS) != first


ABANDONED = """
import sys, types
import numpy as np
from dcgan.pictures import Pictures
from dcgan.pipeline import batches

sys.modules["tensorflow"] = types.SimpleNamespace(constant=np.asarray)  # the threads are ours, not TensorFlow's
kept = batches(Pictures(np.zeros((900, 64, 64, 3), np.uint8), "zeros"), 300, 0)
for _ in range(20):
    next(batches(Pictures(np.zeros((900, 64, 64, 3), np.uint8), "zeros"), 300, 0))  # dropped while it fetches ahead
next(kept)  # still fetching when the process ends
print("ended")
"""


def test_a_stream_can_be_dropped_at_any_moment():
    run = subprocess.run([sys.executable, "-c", ABANDONED], check=True, capture_output=True, timeout=120)
    assert run.stdout == b"ended\n"


def test_an_error_in_the_other_thread_is_not_lost(monkeypatch):
    stream = batches(numbered(), BATCH, 0)
    monkeypatch.setattr(pipeline, "epoch_order", lambda *given: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        next(stream)


def sides(flip, seed=7, start_step=0, how_many=3 * STEPS):
    """Of each picture shown: its number, and whether it is mirrored."""
    array = numbered().array.copy()
    array[:, 1, 0] = 99  # lower left; elsewhere it is 200, so a picture shows which way round it is
    pictures = Pictures(array, "lopsided")
    stream = batches(pictures, BATCH, seed, start_step=start_step, flip=flip)
    shown_as = []
    for batch in map(to_uint8, islice(stream, how_many)):
        mirrored = batch[:, 1, 2, 0] == 99
        assert np.array_equal(batch[:, 1, 0, 0] == 99, ~mirrored)
        numbers = np.where(mirrored, batch[:, 0, 2, 0], batch[:, 0, 0, 0])
        shown_as.append(list(zip(numbers.tolist(), mirrored.tolist(), strict=True)))
    return shown_as


def check_mirrored(show) -> None:
    """Half of the pictures are mirrored, by chance, none of them otherwise changed, and each both ways in time."""
    plain, flipped = show(flip=False, how_many=100), show(flip=True, how_many=100)
    assert [[number for number, _ in step] for step in flipped] == [[n for n, _ in step] for step in plain]
    assert not any(mirrored for step in plain for _, mirrored in step)
    share = np.mean([mirrored for step in flipped for _, mirrored in step])
    assert 0.4 < share < 0.6
    assert len({tuple(mirrored for _, mirrored in step) for step in flipped}) > 25
    assert set(chain(*flipped)) == {(number, side) for number in range(COUNT) for side in (False, True)}


def test_half_of_the_pictures_are_mirrored_if_asked_for():
    check_mirrored(sides)


def mirrored_everywhere(count, seed, step):
    return np.ones(count, bool)


def mirrored_alike(count, seed, step):
    return np.arange(count) % 2 == 0


@pytest.mark.parametrize("wrong", [mirrored_everywhere, mirrored_alike])
def test_that_check_sees_what_is_no_chance(wrong, monkeypatch):
    monkeypatch.setattr(pipeline, "mirrored", wrong)
    with pytest.raises(AssertionError):
        check_mirrored(sides)


def check_sides_resume() -> None:
    whole = sides(flip=True, how_many=4 * STEPS)
    for start in range(2 * STEPS + 2):
        assert sides(flip=True, start_step=start, how_many=STEPS) == whole[start : start + STEPS]


def test_which_are_mirrored_resumes_at_any_step():
    check_sides_resume()
    assert sides(flip=True, seed=8) != sides(flip=True)


def test_that_check_sees_one_generator_for_all_steps(monkeypatch):
    drawn = np.random.default_rng(0)
    monkeypatch.setattr(pipeline, "mirrored", lambda count, seed, step: drawn.random(count) < 0.5)
    with pytest.raises(AssertionError):
        check_sides_resume()


def wrong_streams():
    def fake(order_of, begin=lambda start: divmod(start, STEPS)):
        def show(seed, start_step, how_many):
            epoch, step = begin(start_step)
            steps = []
            while len(steps) < how_many:
                order = order_of(seed, epoch).tolist()
                steps += [order[s * BATCH : (s + 1) * BATCH] for s in range(step, STEPS)]
                epoch, step = epoch + 1, 0
            return steps[:how_many]

        return show

    def right(seed, epoch):
        return pipeline.epoch_order(COUNT, seed, epoch)

    drawn = np.random.default_rng(0)
    return {
        "right": fake(right),
        "one order for all epochs": fake(lambda seed, epoch: right(seed, 0)),
        "drawn with replacement": fake(
            lambda seed, epoch: np.random.default_rng(epoch).integers(COUNT, size=COUNT)
        ),
        "begins its epoch anew": fake(right, lambda start: (start // STEPS, 0)),
        "begins the first epoch anew": fake(right, lambda start: (0, start % STEPS)),
        "counts a batch too many": fake(right, lambda start: divmod(start, STEPS + 1)),
        "goes on drawing from one generator": fake(lambda seed, epoch: drawn.permutation(COUNT)),
    }


@pytest.mark.parametrize("name", wrong_streams())
def test_the_checks_of_order_see_wrong_streams(name):
    show = wrong_streams()[name]
    if name == "right":
        check_epochs(show(7, 0, 3 * STEPS))
        check_resumes(show)
        return
    with pytest.raises(AssertionError):
        check_epochs(show(7, 0, 3 * STEPS))
        check_resumes(show)


def test_nothing_before_the_first_step_is_computed(monkeypatch):
    entered = []
    order = pipeline.epoch_order
    monkeypatch.setattr(pipeline, "epoch_order", lambda *given: entered.append(given) or order(*given))
    list(islice(batches(numbered(), BATCH, 0, start_step=10**12 * STEPS + 1), 1))
    assert entered[0] == (COUNT, 0, 10**12)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"batch_size": 24},
            (
                "batches: a batch needs 24 pictures, and numbered has 23.\n"
                "  legal: 1..23\n"
                "  because: every batch is full: batch norm's statistics and the loss are over pictures that differ\n"
                "  fix: --batch-size 23"
            ),
        ),
        *(
            (
                {name: wrong},
                (
                    f"batches: {name} {wrong!r} is not a whole number of at least {least}.\n"
                    f"  legal: an int of at least {least}\n"
                    "  because: batches, seeds and steps are counted\n"
                    f"  fix: {name}={least}"
                ),
            )
            for name, least, bad in [
                ("batch_size", 1, (0, -1, 2.0, True, None)),
                ("seed", 0, (-1, 1.5)),
                ("start_step", 0, (-1, False)),
            ]
            for wrong in bad
        ),
    ],
)
def test_what_cannot_be_batched_is_refused(arguments, message):
    with pytest.raises(DataError) as caught:
        batches(**({"pictures": numbered(), "batch_size": BATCH, "seed": 0} | arguments))
    assert str(caught.value) == message


def test_one_batch_may_be_all_the_pictures():
    pictures = numbered()
    steps = [to_uint8(batch)[:, 0, 0, 0].tolist() for batch in islice(batches(pictures, COUNT, 0), 3)]
    assert all(sorted(step) == list(range(COUNT)) for step in steps)
    assert steps[0] != steps[1]
