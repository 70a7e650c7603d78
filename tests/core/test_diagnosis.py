"""Errors as records: fields, JSON, HTML, pickles, and the tree that they hang in."""

from __future__ import annotations

import copy
import json
import pickle
import re
from html.parser import HTMLParser
from typing import Any

import pytest

import convshape as cs
from tests.core.calls import FILTER, INPUT, refusal, run
from tests.core.mistake import Mistake
from tests.core.process import python
from tests.core.test_mistakes import ALL

FIELDS = ("operation", "argument", "axis", "given", "legal", "problem", "reason", "fix", "alternatives")
SOME = ALL[::7]  # every seventh: the rendering does not know which mistake it renders
EACH = pytest.mark.parametrize("mistake", SOME, ids=str)


def error_of(mistake: Mistake) -> cs.ShapeError:
    error = refusal(mistake.whole, mistake.call)
    assert error is not None
    return error


def swapped() -> cs.ShapeError:
    error = refusal("transpose_output", {"input_shape": INPUT, "filter_shape": (5, 5, 64, 32), "strides": 2})
    assert error is not None
    return error


class Cells(HTMLParser):
    """Reads tags and the text between them; complains of tags that are not closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.text = ""
        self.feed(html)
        assert self.open == [], "tags left open"

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.open.append(tag)
        self.tags.add(tag)
        assert {name for name, _ in attrs} <= {"style"}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def words(text: str) -> list[str]:
    return re.sub(r"[\s:()]+", " ", text).split()


def html_is_the_text(html: str, text: str) -> None:
    """The four parts of the text stand in the HTML, in order and escaped, with nothing that could run."""
    cells = Cells(html)
    assert cells.tags <= {"div", "b", "table", "tr", "td", "code", "tbody", "span"}
    assert words(cells.text.replace("legal", " legal ", 1)) == words(text) or "".join(
        words(cells.text)
    ) == "".join(words(text))


@EACH
def test_html(mistake: Mistake) -> None:
    error = error_of(mistake)
    html_is_the_text(error._repr_html_(), str(error))


@pytest.mark.parametrize(
    "html", ["<div>no parts</div>", "<div><script>1</script></div>", "<div><b>open</div>"]
)
def test_wrong_html_is_found_out(html: str) -> None:
    with pytest.raises(AssertionError):
        html_is_the_text(html, str(swapped()))


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "</td><img src=x onerror=alert(1)>", '" onmouseover="x', "&amp;"]
)
def test_html_is_escaped(text: str) -> None:
    for call in (
        {"input_shape": INPUT, "filter_shape": FILTER, "padding": text},
        {"input_shape": (text, 8, 8, 64), "filter_shape": FILTER},
        {"input_shape": text, "filter_shape": FILTER},
        {"input_shape": INPUT, "filter_shape": FILTER, "strides": (text, 2, 2, 1)},  # told in the reason too
    ):
        error = refusal("transpose_output", call)
        assert error is not None
        html = error._repr_html_()
        html_is_the_text(html, str(error))
        assert "<script" not in html and "<img" not in html


@EACH
def test_json_survives(mistake: Mistake) -> None:
    """Through json and back: the same record, and its fix still mends the call."""
    error = error_of(mistake)
    record = json.loads(json.dumps(error.to_json(), allow_nan=False))
    assert set(record) == {"error", *FIELDS, "notes", "text"}
    assert record["error"] == type(error).__name__ and record["text"] == str(error)
    assert (record["operation"], record["argument"], record["axis"]) == (
        error.operation,
        error.argument,
        error.axis,
    )
    assert (record["problem"], record["reason"]) == (error.problem, error.reason)
    assert (record["fix"] is None) == (error.fix is None) and len(record["alternatives"]) == len(
        error.alternatives
    )
    for fix in filter(None, (record["fix"], *record["alternatives"])):
        run(mistake.whole, {**mistake.call, **fix})


def test_json_of_legal_sizes() -> None:
    """A range becomes its ends, both inclusive."""
    error = refusal(
        "check_transpose",
        {"input_shape": INPUT, "filter_shape": FILTER, "output_shape": ("N", 14, 16, 32), "strides": 2},
    )
    assert error is not None and error.legal == range(15, 17)
    assert error.to_json()["legal"] == {"from": 15, "to": 16}
    assert error.to_json()["fix"] == {"output_shape": ["N", 15, 16, 32]}


@EACH
def test_pickles_and_copies(mistake: Mistake) -> None:
    error = error_of(mistake)
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(again) is type(error) and str(again) == str(error)
        assert repr(again.diagnosis) == repr(error.diagnosis) and again.fix == error.fix


@EACH
def test_error_is_its_record(mistake: Mistake) -> None:
    error = error_of(mistake)
    assert isinstance(error.diagnosis, cs.Diagnosis)
    assert [getattr(error, field) for field in FIELDS] == [
        getattr(error.diagnosis, field) for field in FIELDS
    ]
    assert str(error) == error.diagnosis.text() and error._repr_html_() == error.diagnosis.html()
    assert repr(error.diagnosis) == repr(error_of(mistake).diagnosis)
    assert type(error.alternatives) is tuple and error.__cause__ is None and error.__suppress_context__


def test_given_is_what_was_passed() -> None:
    """Not a canonical form of it."""
    for argument, value in (
        ("output_padding", 2), ("output_padding", (0, 2, 2, 0)), ("padding", 9), ("padding", [[9, 9], [9, 9]]), ("strides", 0),
        ("filter_shape", [5, 5, 64, 32]), ("dilations", 2**62), ("groups", 3), ("data_format", "nhwc"), ("strides", (2, 2, 1, 1)),
    ):  # fmt: skip
        call = {"input_shape": ("N", 1, 1, 64), "filter_shape": FILTER, "strides": 2, argument: value}
        error = refusal("transpose_output", call)
        assert error is not None and error.argument == argument
        assert error.given == value or list(error.given) == list(value), (argument, value)


def test_frozen() -> None:
    diagnosis = swapped().diagnosis
    with pytest.raises(AttributeError, match="frozen"):
        diagnosis.fix = {}  # type: ignore[misc]
    with pytest.raises(AttributeError, match="frozen"):
        del diagnosis.fix


def test_repr_is_short_and_tells_the_kind() -> None:
    assert repr(swapped()).startswith("ChannelError(")
    for given in ("x" * 10**6, 10**4999, object(), [1] * 1000):
        error = refusal("conv_output", {"input_shape": given, "filter_shape": FILTER})
        assert error is not None and len(repr(error)) < 2000


KINDS = (cs.ArgumentError, cs.RankError, cs.ChannelError, cs.SizeError, cs.OutputShapeError)


def test_the_tree() -> None:
    """One base, which is a ValueError; every kind hangs right below it, and is documented."""
    assert issubclass(cs.ShapeError, ValueError)
    for kind in KINDS:
        assert kind.__bases__ == (cs.ShapeError,) and kind.__doc__
    assert {type(refusal(mistake.whole, mistake.call)) for mistake in ALL} == set(KINDS)


def test_caught_as_a_value_error() -> None:
    with pytest.raises(ValueError, match="because: "):
        cs.transpose_output(INPUT, (5, 5, 64, 32), 2)


def test_traceback_reads_as_the_error() -> None:
    """Uncaught, the last lines of a program are the four parts, under the public name of the kind."""
    script = "import convshape as cs; cs.transpose_output(('N', 8, 8, 64), (5, 5, 64, 32), 2)"
    done = python("-c", script)
    assert done.returncode == 1
    assert done.stderr.endswith(f"convshape.ChannelError: {swapped()}\n")
    assert "Refusal" not in done.stderr and "During handling" not in done.stderr


def test_no_ipython_is_needed() -> None:
    """A notebook finds `_repr_html_` by itself."""
    script = (
        "import sys, convshape as cs\n"
        "try: cs.conv_output(1, 2)\n"
        "except cs.ShapeError as error: html = error._repr_html_()\n"
        "assert html.startswith('<div') and not {'IPython', 'numpy', 'jinja2'} & set(sys.modules)"
    )
    done = python("-c", script)
    assert done.returncode == 0, done.stderr


def test_made_anew_with_more_to_say() -> None:
    """Who catches an error and raises its type again with a longer text keeps the record; the rest is a note."""
    first = swapped()
    with pytest.raises(cs.ChannelError) as caught:
        try:
            raise first
        except cs.ShapeError as error:
            raise type(error)(f"In the second layer:\n\n{error}") from None
    assert caught.value.diagnosis is first.diagnosis
    assert str(caught.value) == str(first)
    assert caught.value.__notes__ == ["In the second layer:"]


@pytest.mark.parametrize("given", ["a text", None, {}, ValueError("x")], ids=repr)
def test_without_a_record_there_is_no_error(given: Any) -> None:
    """Neither of nothing, nor of a text while an error of another kind is handled."""
    with pytest.raises(TypeError, match="SizeError takes a Diagnosis, not "):
        cs.SizeError(given)
    with pytest.raises(TypeError, match="SizeError takes a Diagnosis, not "):
        try:
            raise swapped()
        except cs.ShapeError:
            raise cs.SizeError(given) from None
