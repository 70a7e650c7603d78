"""The cells of docs/ run, those that are meant to fail do, and the reference leaves nothing out."""

from __future__ import annotations

import functools
import importlib
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

import convshape as cs
from tests.docs.pages import PAGES, ROOT, blocks, is_cell, is_meant_to_fail, run_cell

EXECUTED = [page for page in PAGES if any(map(is_cell, blocks(page)))]


@pytest.mark.parametrize("page", EXECUTED, ids=lambda page: page.stem)
def test_cells_fail_where_they_say_so_and_nowhere_else(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # some leave files
    names: dict[str, Any] = {}
    for block in filter(is_cell, blocks(page)):
        raised = run_cell(block, names)
        expected = cs.ShapeError if is_meant_to_fail(block) else type(None)
        assert isinstance(raised, expected), f"{block.place}: {raised!r}"


def test_a_cell_that_no_longer_fails_is_seen() -> None:
    text = "```{code-cell} ipython3\n:tags: [raises-exception]\n1 + 1\n```\n"
    [block] = blocks(EXECUTED[0], text=text)
    assert is_meant_to_fail(block)
    assert run_cell(block, {}) is None


def test_every_kind_of_error_has_an_example() -> None:
    raised = set()
    names: dict[str, Any] = {}
    for block in filter(is_cell, blocks(ROOT / "docs" / "errors.md")):
        raised.add(type(run_cell(block, names)))
    kinds = {getattr(cs, name) for name in cs.__all__ if name.endswith("Error")} - {cs.ShapeError}
    assert len(kinds) == 5
    assert kinds <= raised


def test_the_reference_shows_all_of_convshape() -> None:
    reference = (ROOT / "docs" / "reference" / "convshape.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\.\. auto\w+:: (\w+)", reference, flags=re.MULTILINE)
    assert sorted(shown) == sorted(
        set(cs.__all__) - {"frameworks", "layers"}
    )  # which have pages of their own


def test_the_reference_shows_every_layer() -> None:
    reference = (ROOT / "docs" / "reference" / "layers.md").read_text(encoding="utf-8")
    assert re.findall(r"^\.\. autoclass:: (\w+)$", reference, flags=re.MULTILINE) == cs.layers.__all__


def test_every_page_is_in_the_contents() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^([a-z][a-z/-]*)$", index, flags=re.MULTILINE))
    pages = {page.relative_to(ROOT / "docs").with_suffix("").as_posix() for page in PAGES} - {"index"}
    assert pages
    assert pages <= listed


def test_signatures_that_the_reference_writes_out_are_the_real_ones() -> None:
    """TensorFlow is not there when the reference is built, so what stands above its classes is written by hand."""
    reference = (ROOT / "docs" / "reference" / "dcgan.md").read_text(encoding="utf-8")
    written = re.findall(r"^\.\. (currentmodule|autoclass):: (\S+?)(\(.+\))?$", reference, flags=re.MULTILINE)
    checked, module = [], ""
    for directive, name, signature in written:
        if directive == "currentmodule":
            module = name
        elif signature:
            real = inspect.signature(getattr(importlib.import_module(module), name))
            bare = real.replace(
                parameters=[p.replace(annotation=p.empty) for p in real.parameters.values()],
                return_annotation=real.empty,
            )
            assert str(bare) == signature, name
            checked.append(name)
    assert "FractionallyStridedConv2D" in checked


def hidden_properties(cls: type) -> list[str]:
    """Return the properties of a class whose first line would be taken for a type and its description."""
    return [
        name
        for name, value in vars(cls).items()
        if isinstance(value, property | functools.cached_property) and ":" in _without_code(value.__doc__)
    ]


def _without_code(docstring: str | None) -> str:
    return re.sub(r"(`+).*?\1", "", (docstring or "").partition("\n")[0])


def test_the_reference_shows_every_property() -> None:
    """Napoleon reads `words: text` at the head of a property's docstring as its type."""
    for page, package in (("convshape", "convshape"), ("dcgan", "")):
        module = package
        text = (ROOT / "docs" / "reference" / f"{page}.md").read_text(encoding="utf-8")
        for directive, name in re.findall(r"^\.\. (\w+):: ([\w.]+)", text, flags=re.MULTILINE):
            if directive in ("currentmodule", "module"):
                module = name
            elif directive in ("autoclass", "autoexception"):
                assert hidden_properties(getattr(importlib.import_module(module), name)) == []


def test_a_property_that_would_be_hidden_is_found_out() -> None:
    class Stage:
        @property
        def weights(self) -> int:
            """Shape of the weights: the filter's."""
            return 1

        @property
        def shape(self) -> int:
            """As in ``x[1:2]``, a shape."""
            return 1

    assert hidden_properties(Stage) == ["weights"]
