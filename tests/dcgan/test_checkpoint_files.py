"""A process that dies at any change that it makes on disk: what it leaves behind, change by change, without TensorFlow."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dcgan.keeping.checkpoint_files import keep, placing, steps_in, sweep
from dcgan.keeping.files import replacing
from dcgan.keeping.files import sweep as sweep_file
from tests.dcgan.support import files

CHANGES = ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate")


class Died(BaseException):
    """The process is no more."""


class Death:
    """At the change of this number in a folder, and at all that come after it, nothing happens any more."""

    folder: Path | None = None
    at = 0
    seen = 0

    def __call__(self, event: str, arguments: tuple) -> None:
        if self.folder is None or event not in CHANGES or not str(arguments[0]).startswith(str(self.folder)):
            return
        self.seen += 1
        if self.seen >= self.at:
            raise Died


DEATH = Death()
sys.addaudithook(DEATH)


@contextmanager
def dying_in(folder: Path, at: int) -> Iterator[None]:
    DEATH.folder, DEATH.at, DEATH.seen = folder, at, 0
    try:
        yield
    finally:
        DEATH.folder = None


def every_death(
    tmp_path: Path, prepare: Callable[[Path], None], action: Callable[[Path], None]
) -> Iterator[Path]:
    """Yield the folder as it is after each death that the action can die, and last as it is after none."""
    for at in range(1, 1000):
        folder = tmp_path / str(at)
        folder.mkdir()
        prepare(folder)
        try:
            with dying_in(folder, at):
                action(folder)
        except Died:
            yield folder
        else:
            assert at > 3
            yield folder
            return


def content(step: int, kind: str) -> bytes:
    return f"{kind} of step {step}".encode() * 20


def write_two(prefix: Path, step: int) -> None:
    for kind in ("data-00000-of-00001", "index"):
        with open(f"{prefix}.{kind}", "wb") as file:  # noqa: PTH123
            file.write(content(step, kind)[:30])
        with open(f"{prefix}.{kind}", "ab") as file:  # noqa: PTH123
            file.write(content(step, kind)[30:])


def save(folder: Path, step: int) -> None:
    with placing(folder, step) as place:
        write_two(place, step)
    keep(folder, 3, max(step, *steps_in(folder)))


def save_in_place(folder: Path, step: int) -> None:
    write_two(folder / f"ckpt-{step}", step)
    keep(folder, 3, max(step, *steps_in(folder)))


def save_index_first(folder: Path, step: int) -> None:
    with placing(folder, step) as place:
        write_two(place, step)
        os.rename(f"{place}.index", folder / f"ckpt-{step}.index")  # noqa: PTH104
    keep(folder, 3, max(step, *steps_in(folder)))


def save_data_removed_first(folder: Path, step: int) -> None:
    with placing(folder, step) as place:
        write_two(place, step)
    for old in steps_in(folder)[:-3]:
        (folder / f"ckpt-{old}.data-00000-of-00001").unlink()
    keep(folder, 3, max(step, *steps_in(folder)))


def three(folder: Path) -> None:
    for step in (10, 9, 2):
        save(folder, step)


def check_whole(folder: Path) -> None:
    """Fail unless each checkpoint that is there is whole, and it is those that were or the new one too."""
    assert steps_in(folder) in ([2, 9, 10], [2, 9, 10, 11], [9, 10, 11])
    for step in steps_in(folder):
        for kind in ("data-00000-of-00001", "index"):
            assert (folder / f"ckpt-{step}.{kind}").read_bytes() == content(step, kind)
    newest = (folder / "checkpoint").read_text().splitlines()[0]
    assert newest in ('model_checkpoint_path: "ckpt-10"', 'model_checkpoint_path: "ckpt-11"')


def test_every_checkpoint_that_is_there_is_whole_wherever_it_dies(tmp_path):
    deaths = 0
    for folder in every_death(tmp_path, three, lambda folder: save(folder, 11)):
        check_whole(folder)
        deaths += 1
        sweep(folder)
        check_whole(folder)
        assert len(files(folder)) == 1 + 2 * len(steps_in(folder))
        assert not [path for path in folder.iterdir() if path.name.startswith(".") or path.is_dir()]
        save(folder, 11)
        assert steps_in(folder) == [9, 10, 11]
        check_whole(folder)
    assert deaths > 10


@pytest.mark.parametrize("wrong", [save_in_place, save_index_first, save_data_removed_first])
def test_that_test_sees_a_save_that_leaves_a_part(wrong, tmp_path):
    with pytest.raises((AssertionError, FileNotFoundError)):
        for folder in every_death(tmp_path, three, lambda folder: wrong(folder, 11)):
            check_whole(folder)


def test_what_an_error_interrupts_is_gone(tmp_path):
    three(tmp_path)
    before = files(tmp_path)
    for kind in (OSError, KeyboardInterrupt):
        with pytest.raises(kind), placing(tmp_path, 11) as place:
            write_two(place, 11)
            raise kind
        assert files(tmp_path) == before
        assert not [path for path in tmp_path.iterdir() if path.is_dir()]


def test_what_version_0_1_has_left_half_written_is_swept_away(tmp_path):
    three(tmp_path)
    before = files(tmp_path)
    (tmp_path / "ckpt-11_temp").mkdir()
    (tmp_path / "ckpt-11_temp/part-00000-of-00001.index").touch()
    (tmp_path / "checkpoint.tmp0123").touch()
    (tmp_path / "ckpt-11.data-00000-of-00001").touch()
    (tmp_path / "best").mkdir()
    save(tmp_path / "best", 4)
    sweep(tmp_path)
    assert {name: text for name, text in files(tmp_path).items() if "best" not in name} == before
    assert steps_in(tmp_path / "best") == [4]
    sweep(tmp_path / "nowhere")


def replace(folder: Path) -> None:
    with replacing(folder / "x.json") as file:
        file.write(b"new")


def test_a_file_that_is_replaced_is_the_old_or_the_new_one_wherever_it_dies(tmp_path):
    found = set()
    for folder in every_death(tmp_path, lambda folder: (folder / "x.json").write_bytes(b"old"), replace):
        found.add((folder / "x.json").read_bytes())
        sweep_file(folder / "x.json")
        assert files(folder).keys() == {"x.json"}
    assert found == {b"old", b"new"}
