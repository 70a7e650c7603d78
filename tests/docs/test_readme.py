"""Whatever the README shows is so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.docs.pages import (
    PAGES,
    README,
    Block,
    blocks,
    commands,
    is_doctest,
    printed_by,
    run_doctest,
    set_the_scene,
)

SHOWING = [README, *(page for page in PAGES if any(map(is_doctest, blocks(page))))]
CONSOLES = [block for page in (README, *PAGES) for block in blocks(page) if block.language == "console"]


@pytest.mark.parametrize("page", SHOWING, ids=lambda page: page.name)
def test_its_python_prints_what_is_shown(page: Path) -> None:
    names: dict[str, Any] = {}
    ran = 0
    for block in filter(is_doctest, blocks(page)):
        count, report = run_doctest(block, names)
        assert report == ""
        ran += count
    assert ran > 0


@pytest.mark.parametrize("block", CONSOLES, ids=lambda block: block.place)
def test_its_commands_print_what_is_shown(
    block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    set_the_scene(block.page)
    shown = dict(commands(block))
    assert shown
    assert {command: printed_by(command, tmp_path) for command in shown} == shown


def test_the_readme_shows_python_and_commands() -> None:
    languages = [block.language for block in blocks(README)]
    assert languages.count("pycon") >= 5
    assert "console" in languages
    assert set(languages) <= {"pycon", "console", "sh"}, "a block of another language would not be run"


def test_a_wrong_output_is_seen() -> None:
    wrong = _block("pycon", ">>> import convshape as cs\n>>> cs.pool_output((\"N\", 8, 1), 2)\n('N', 5, 1)\n")
    count, report = run_doctest(wrong, {})
    assert count == 2
    assert "Expected" in report
    assert "('N', 4, 1)" in report


def test_an_error_with_another_text_is_seen() -> None:
    shown = ">>> int('x')\nTraceback (most recent call last):\n  ...\nValueError: something else\n"
    assert "invalid literal" in run_doctest(_block("pycon", shown), {})[1]


def test_a_command_that_prints_something_else_is_seen(tmp_path: Path) -> None:
    [(command, shown)] = commands(_block("console", "$ convshape pool N,8,1 2\n(N, 5, 1)\n"))
    assert shown == "(N, 5, 1)"
    assert printed_by(command, tmp_path) == "(N, 4, 1)"


def _block(language: str, text: str) -> Block:
    [block] = blocks(README, text=f"```{language}\n{text}```\n")
    return block
