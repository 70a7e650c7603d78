"""Pictures that cannot be read: all of them named and counted, none left out without a word, and nothing waits for ever."""

from __future__ import annotations

import os

import pytest
from PIL import Image

from dcgan.data import load
from dcgan.sources import folders
from tests.dcgan.data_support import error_of, picture, values


def cut(path, keep):
    """Write a picture, of which only that share of its bytes is there."""
    whole = picture(path, 2, size=(30, 50)).read_bytes()
    path.write_bytes(whole[: round(len(whole) * keep)])


LEGAL = "  legal: whole pictures in the formats AVIF, BMP, GIF, JPEG, JPEG2000, PNG, PPM, TIFF, WEBP\n"
BECAUSE = "  because: a picture left out without a word would make the data smaller than you think\n"
TAIL = LEGAL + BECAUSE


def test_what_cannot_be_read_is_named_and_counted_and_left_out_only_when_asked(tmp_path):
    picture(tmp_path / "good.png", 1, size=(30, 50))
    cut(tmp_path / "sub/cut.png", 0.6)
    cut(tmp_path / "cut.jpg", 0.6)
    (tmp_path / "empty.bmp").write_bytes(b"")
    (tmp_path / "gone.png").symlink_to(tmp_path / "nowhere.png")
    (tmp_path / "itself.gif").symlink_to(tmp_path / "itself.gif")
    (tmp_path / "letter.png").write_text("dear reader")
    head, *tail = error_of(load, tmp_path).splitlines(keepends=True)
    assert head.startswith(f"load: 6 of 7 pictures in {tmp_path} cannot be read: cut.jpg (")
    for named in (
        "; empty.bmp (nothing in its 0 bytes is recognised as a picture)",
        "; gone.png (No such file or directory)",
        "; itself.gif (Too many levels of symbolic links)",
        "; letter.png (nothing in its 11 bytes is recognised as a picture)",
        "; sub/cut.png (",
    ):
        assert named in head
    fix = "  fix: --skip-broken    (leaves such pictures out, names and counts them)"
    assert "".join(tail) == TAIL + fix
    pictures = load(tmp_path, skip_broken=True)
    assert values(pictures) == [1]
    skipped = ("cut.jpg", "empty.bmp", "gone.png", "itself.gif", "letter.png", "sub/cut.png")
    assert (pictures.found, pictures.used, pictures.skipped) == (7, 1, skipped)
    assert str(pictures).endswith(f": found 7, used 1 (6 skipped: {', '.join(skipped)})")
    assert pictures.account == {"found": 7, "used": 1, "skipped": list(skipped), "ignored": 0}


def test_a_hundred_broken_pictures_are_counted_and_some_named(tmp_path):
    picture(tmp_path / "good.png", 1)
    for number in range(100):
        (tmp_path / f"{number:03d}.png").write_bytes(b"")
    message = error_of(load, tmp_path)
    assert "load: 100 of 101 pictures in " in message
    assert message.count("0 bytes") == 20
    assert "; and 80 more.\n" in message
    pictures = load(tmp_path, skip_broken=True)
    assert str(pictures).endswith(" 018.png, 019.png and 80 more)")
    assert len(pictures.account["skipped"]) == 100


@pytest.mark.parametrize("skip_broken", [False, True])
def test_a_folder_of_nothing_but_broken_pictures_is_an_error_even_when_skipping(tmp_path, skip_broken):
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(b"")
    why = "nothing in its 0 bytes is recognised as a picture"
    assert error_of(load, tmp_path, skip_broken=skip_broken) == (
        f"load: 2 of 2 pictures in {tmp_path} cannot be read: a.png ({why}); b.png ({why}).\n"
        + TAIL
        + "  fix: put whole pictures in their place"
    )


def test_a_picture_made_to_exhaust_memory_is_named_with_its_size(tmp_path, monkeypatch):
    picture(tmp_path / "bomb.png", 1, size=(60, 90))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    monkeypatch.setattr(Image.Image, "load", lambda image: pytest.fail("it was decoded"))
    said = f" in {tmp_path} cannot be read: bomb.png (Image size (5400 pixels) exceeds limit of "
    assert said in error_of(load, tmp_path)


def changing(monkeypatch, change):
    """Let something happen in the folder once all headers have been read."""
    made = folders.empty_array

    def changed(shape):
        change()
        return made(shape)

    monkeypatch.setattr(folders, "empty_array", changed)


CHANGES = {
    "gone": (lambda path: path.unlink(), "No such file or directory"),
    "cut short": (lambda path: path.write_bytes(path.read_bytes()[:40]), ""),
    "larger": (lambda path: picture(path, 2, size=(6, 10)), "it changed while the folder was being read"),
    "coloured": (lambda path: picture(path, 2, mode="RGB"), "it changed while the folder was being read"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_folder_that_changes_while_it_is_read_gives_no_other_pictures(tmp_path, monkeypatch, name):
    change, why = CHANGES[name]
    for value in range(3):
        picture(tmp_path / f"{value}.png", value)
    with monkeypatch.context() as patch:
        changing(patch, lambda: change(tmp_path / "1.png"))
        assert f"load: 1 of 3 pictures in {tmp_path} cannot be read: 1.png ({why}" in error_of(load, tmp_path)
    picture(tmp_path / "1.png", 1)
    changing(monkeypatch, lambda: change(tmp_path / "1.png"))
    pictures = load(tmp_path, skip_broken=True)
    assert (values(pictures), pictures.skipped) == ([0, 2], ("1.png",))


def test_names_of_any_characters_are_read_and_shown_on_one_line(tmp_path):
    names = [
        "plain.png",
        "  spaces .png",
        "\N{SNOWMAN}.png",
        "line\nend.png",
        "-rf.png",
        "*?.PNG",
        os.fsdecode(b"\xff.png"),
    ]
    for name in names:
        picture(tmp_path / name, 1)
    assert load(tmp_path).used == len(names)
    for name in names[3], names[6]:
        (tmp_path / name).write_bytes(b"")
    pictures = load(tmp_path, skip_broken=True)
    assert str(pictures).endswith("(2 skipped: 'line\\nend.png', '\\udcff.png')")
    assert "\n" not in str(pictures)
    assert str(pictures).isprintable()
    assert error_of(load, tmp_path).splitlines()[0].isprintable()


def test_what_may_not_be_looked_at_is_not_left_out(tmp_path, monkeypatch):
    """As in a folder that may be listed and not entered; who runs this may be allowed everything."""
    picture(tmp_path / "good.png", 1)
    real = os.stat

    def refuse(path, *arguments, **options):
        if os.fspath(path).startswith(str(tmp_path / "shut")):
            raise PermissionError(13, "Permission denied", path)
        return real(path, *arguments, **options)

    monkeypatch.setattr(os, "stat", refuse)
    picture(tmp_path / "shut.png", 1)
    said = f"load: 1 of 2 pictures in {tmp_path} cannot be read: shut.png (Permission denied)."
    assert error_of(load, tmp_path).splitlines()[0] == said
    assert load(tmp_path, skip_broken=True).skipped == ("shut.png",)
    (tmp_path / "shut").mkdir()
    said = f"load: {tmp_path / 'shut'} cannot be listed: Permission denied."
    assert error_of(load, tmp_path, skip_broken=True).splitlines()[0] == said


@pytest.mark.parametrize("where", ["data", "data/sub"])
def test_what_is_left_out_decides_neither_size_nor_channels(tmp_path, where):
    for name in ("1.png", "2.png"):
        picture(tmp_path / where / name, 1, size=(30, 50))
    for name, size in (("cut.png", (60, 50)), ("torn.png", (30, 50))):
        whole = picture(tmp_path / where / name, (200, 3, 4), size=size, mode="RGB").read_bytes()
        (tmp_path / where / name).write_bytes(whole[:-30])
    pictures = load(tmp_path / "data", skip_broken=True)
    assert pictures.image_shape == (30, 50, 1)
    assert (pictures.used, len(pictures.skipped)) == (2, 2)
    assert load(tmp_path / "data", skip_broken=True, image_size=(8, 8)).image_shape == (8, 8, 1)
    picture(tmp_path / where / "3.png", (200, 3, 4), size=(30, 50), mode="RGB")
    assert load(tmp_path / "data", skip_broken=True).image_shape == (30, 50, 3)
    picture(tmp_path / where / "4.png", 1, size=(31, 50))
    assert "2 sizes: 30x50 (3), 31x50 (1)" in error_of(load, tmp_path / "data", skip_broken=True)
