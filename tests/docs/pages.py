"""What the README and the pages of docs/ show, run and compared.

A fenced block is run according to its language:

- ``pycon``, and ``python`` that begins with ``>>>``: a doctest; all of one page share their names.
- ``console``: each line ``$ command`` is run, and what it prints must be what follows it.
- ``{code-cell}``: run as Python; it fails if, and only if, its tag is ``raises-exception``.

Everything else (``sh``, other ``python``) is for a test of its own, or is not run.
"""

from __future__ import annotations

import doctest
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = sorted((ROOT / "docs").glob("**/*.md"))

_FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_MODULES = {"convshape": "convshape.cli", "dcgan": "dcgan.cli"}


class Block(NamedTuple):
    """One fenced block: the page it stands on, its first line there, its language and its text."""

    page: Path
    line: int
    language: str
    text: str

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path, *, text: str | None = None) -> list[Block]:
    """Return the fenced blocks of a page, or of ``text`` in its place."""
    text = page.read_text(encoding="utf-8") if text is None else text
    found = []
    for match in _FENCE.finditer(text):
        line = text.count("\n", 0, match.start()) + 2
        found.append(Block(page, line, match[1].strip(), match[2]))
    return found


def is_doctest(block: Block) -> bool:
    return block.language == "pycon" or (block.language == "python" and block.text.startswith(">>>"))


def is_cell(block: Block) -> bool:
    return block.language.startswith("{code-cell}")


def run_doctest(block: Block, names: dict[str, Any]) -> tuple[int, str]:
    """Run a doctest in ``names``, and return how many examples it has and a report of those that failed."""
    examples = doctest.DocTestParser().get_doctest(
        block.text, names, block.place, str(block.page), block.line - 1
    )
    report = io.StringIO()
    doctest.DocTestRunner(verbose=False).run(examples, out=report.write, clear_globs=False)
    names.update(examples.globs)
    return len(examples.examples), report.getvalue()


def run_cell(block: Block, names: dict[str, Any]) -> BaseException | None:
    """Run a cell in ``names``, and return what it raised."""
    lines = [line for line in block.text.splitlines() if not line.startswith((":tags:", "%"))]
    code = compile("\n" * block.line + "\n".join(lines), block.place, "exec")
    try:
        with redirect_stdout(io.StringIO()):
            exec(code, names)
    except Exception as error:  # noqa: BLE001 - whether it should have is the caller's question
        return error
    return None


def is_meant_to_fail(block: Block) -> bool:
    return "raises-exception" in _tags(block)


def is_hidden(block: Block) -> bool:
    return "remove-cell" in _tags(block)


def _tags(block: Block) -> str:
    return "".join(line for line in block.text.splitlines() if line.startswith(":tags:"))


def set_the_scene(page: Path) -> None:
    """Run the cells of a page that its readers do not see, for the files that they leave."""
    for block in blocks(page):
        if is_cell(block) and is_hidden(block):
            error = run_cell(block, {})
            assert error is None, f"{block.place}: {error!r}"


def commands(block: Block) -> Iterator[tuple[str, str]]:
    """Yield each command of a console block with what it is shown to print."""
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, _, printed = part.partition("\n")
        yield command, printed.rstrip("\n")


def printed_by(command: str, folder: Path) -> str:
    """Return what a command prints, errors too."""
    return exit_of(command, folder)[1]


def exit_of(command: str, folder: Path) -> tuple[int, str]:
    """Return a command's exit code and what it prints; ``convshape`` and ``dcgan`` are those of this interpreter."""
    name, *arguments = shlex.split(command)
    start = f"import sys; from {_MODULES[name]} import main; sys.argv[0] = {name!r}; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", start, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=600,
    )
    return done.returncode, done.stdout.rstrip("\n")
