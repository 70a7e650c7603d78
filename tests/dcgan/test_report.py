"""A run as one page: whole, true, and by itself."""

from __future__ import annotations

import base64
import dataclasses
import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from dcgan.config import Config, option
from dcgan.errors import RunError
from dcgan.keeping.runs import Run
from dcgan.planning import plan
from dcgan.reports import report as room
from dcgan.reports.charts import HEIGHT, MOST_POINTS, WIDTH, _scale, chart
from dcgan.reports.report import MOST_SHEETS, render, report
from tests.dcgan.state import refused
from tests.dcgan.support import files, python


class Page(HTMLParser):
    """The tags and the text of a page, and whether every element ends."""

    void = frozenset(("meta", "img", "br"))

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags, self.text, self._open = [], "", []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.void:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.fixture
def page(copy):
    return render(Run.open(copy))


def check_alone(text: str) -> None:
    """Fail if the page fetches anything, or runs anything."""
    for tag, attributes in Page(text).tags:
        assert tag not in ("script", "link", "iframe", "object", "embed")
        assert not [
            name for name in attributes if name.startswith("on") or name in ("href", "srcset", "action")
        ]
        assert attributes.get("src", "data:").startswith("data:")
    assert not re.search(r"url\(|@import", text)


def test_it_stands_by_itself(page):
    check_alone(page)


@pytest.mark.parametrize(
    "more", ['<img src="https://example.org/x.png">', "<script></script>", '<link href="x.css">', "<style>@import 'x'</style>"]
)  # fmt: skip
def test_that_check_can_fail(more, page):
    with pytest.raises(AssertionError):
        check_alone(page.replace("</main>", f"{more}</main>"))


def test_it_shows_every_sheet_in_order(page, copy):
    shown = [dict(attributes)["src"] for tag, attributes in Page(page).tags if tag == "img"]
    sheets = sorted((copy / "samples").iterdir())
    assert [base64.b64decode(src.removeprefix("data:image/png;base64,")) for src in shown] == [
        sheet.read_bytes() for sheet in sheets
    ]
    text = Page(page).text
    assert "2 of 2 sheets" in text and text.index("step 3") < text.index("step 6")


def test_of_many_sheets_it_shows_some_with_the_first_and_the_last(copy):
    (one, *_) = (copy / "samples").iterdir()
    for step in range(1, 101):
        (copy / f"samples/step-{step:06d}.png").write_bytes(one.read_bytes())
    page = Page(render(Run.open(copy)))
    shown = [attributes["alt"] for tag, attributes in page.tags if tag == "img"]
    assert len(shown) == len(set(shown)) == MOST_SHEETS
    assert (shown[0], shown[-1]) == ("samples after step 1", "samples after step 100")
    assert f"{MOST_SHEETS} of 100 sheets" in page.text


def test_it_says_what_the_run_was(page, copy):
    run = Run.open(copy)
    text = Page(page).text
    for field in dataclasses.fields(Config):
        assert f"{option(field.name)}{getattr(run.config, field.name)}{field.metadata['meaning']}" in text
    assert plan(run.image_shape, run.config).table() in text
    assert run.fingerprint in text and "6 of 6" in text
    assert re.search(r"tensorflow\d+\.\d+", text)
    changed = [attributes for tag, attributes in Page(page).tags if tag == "tr" and "class" in attributes]
    assert len(changed) == sum(
        getattr(run.config, field.name) != field.default for field in dataclasses.fields(Config)
    )


def test_every_measure_has_a_curve(page, copy):
    lines = [json.loads(line) for line in (copy / "log.jsonl").read_text().splitlines()]
    measures = {name for name, value in lines[-1].items() if isinstance(value, float)}
    drawn = set(re.findall(r"<polyline[^>]*><title>(\w+)</title>", page))
    assert drawn == measures >= {"d_loss", "g_loss", "d_real", "d_fake"}


def test_what_is_in_names_is_text_and_no_markup(copy):
    run = Run.open(copy)
    page = Page(render(run.changed(data="<script>alert(1)</script> & more")))
    assert "script" not in {tag for tag, _ in page.tags}
    assert "<script>alert(1)</script> & more" in page.text


def test_it_is_written_into_the_run_and_changes_nothing_else(copy, tmp_path):
    before = files(copy)
    assert report(copy) == copy / "report.html"
    assert report(copy, tmp_path / "page.html") == tmp_path / "page.html"
    after = files(copy)
    assert after.pop("report.html") == (tmp_path / "page.html").read_bytes()
    assert after == before


def test_a_run_that_has_just_begun_has_a_report(copy):
    (copy / "log.jsonl").unlink()
    for sheet in (copy / "samples").iterdir():
        sheet.unlink()
    page = render(Run.open(copy))
    check_alone(page)
    assert "No sheet of samples" in page and "No step has been logged" in page and "0 of 6" in page


def test_a_run_that_is_being_trained_has_a_report(copy):
    with (copy / "log.jsonl").open("a") as log:
        log.write('{"step": 7, "d_lo')
    assert "6 of 6" in Page(render(Run.open(copy))).text


@pytest.mark.parametrize("line", ["not json\n", "[7]\n", '{"d_loss": 1.0}\n', '{"step": "seven"}\n'])
def test_a_log_that_is_none_is_refused(line, copy):
    with (copy / "log.jsonl").open("a") as log:
        log.write(line)
    refused(copy, RunError, "line 7 is not a line of a log", lambda: report(copy))


@pytest.mark.parametrize(
    ("out", "match"), [("page.pdf", "end in .html"), ("no folder/page.html", "not a folder"), (".", "end in")]
)
def test_a_place_that_will_not_do_is_refused(out, match, copy, tmp_path):
    refused(tmp_path, RunError, match, lambda: report(copy, tmp_path / out))


def test_no_run_is_refused(tmp_path):
    refused(tmp_path, RunError, "is not a run", lambda: report(tmp_path / "nowhere"))


def test_it_needs_no_tensorflow(copy):
    code = f"import sys; from dcgan.reports.report import report; report({str(copy)!r}); print('tensorflow' in sys.modules)"
    ran = python("-c", code)
    assert ran.stdout == "False\n", ran.stderr


def points(svg: str, number: int) -> list[tuple[float, float]]:
    (text,) = re.findall(rf'<polyline class="curve-{number}" points="([^"]*)"', svg)
    return [tuple(map(float, point.split(","))) for point in text.split()]


def check_heights(svg: str, values: list[float]) -> None:
    """Fail unless the points of the first curve stand as high as the labels of the axis say."""
    labels = re.findall(r'<text x="[\d.]+" y="([\d.]+)" text-anchor="end">(-?[\d.e+-]+)</text>', svg)
    (low_y, low), (high_y, high) = ((float(y) - 4, float(value)) for y, value in (labels[0], labels[-1]))
    assert low_y > high_y  # upwards is more
    for (_, y), value in zip(points(svg, 1), values, strict=True):
        assert y == pytest.approx(low_y + (value - low) / (high - low) * (high_y - low_y), abs=0.2)


VALUES = {
    "rising": [0.0, 0.5, 2.0],
    "below 0": [-3.0, 1.5, 0.25],
    "all equal": [0.7, 0.7, 0.7],
    "all 0": [0.0, 0.0, 0.0],
    "large": [1e9, 3e9, 2e9],
    "small": [1e-14, 3e-14, 2e-14],
}


@pytest.mark.parametrize("values", VALUES.values(), ids=VALUES)
def test_points_stand_as_high_as_the_axis_says(values):
    svg = chart("t", [1, 2, 5], {"a": values})
    ElementTree.fromstring(svg[: svg.index("<figcaption>")])
    check_heights(svg, values)
    across = [x for x, _ in points(svg, 1)]
    assert (across[1] - across[0]) * 3 == pytest.approx(across[2] - across[1], abs=0.4)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points(svg, 1))


def test_that_check_sees_a_curve_upside_down():
    with pytest.raises(AssertionError):
        check_heights(chart("t", [1, 2], {"a": [0.0, 1.0]}), [1.0, 0.0])


def test_many_steps_are_averaged_and_it_says_so():
    steps = list(range(1, 4 * MOST_POINTS + 2))
    svg = chart("t", steps, {"a": [float(step % 2) for step in steps]})
    assert len(points(svg, 1)) <= MOST_POINTS
    assert "each point is the mean of 5 steps" in svg
    assert "mean of" not in chart("t", [1, 2], {"a": [0.0, 1.0]})


def test_one_step_is_a_dot():
    assert "<circle" in chart("t", [1], {"a": [0.5]})


@pytest.mark.parametrize("values", [[0.0, 1.0], [0.3, 0.31], [-5.0, 7.0], [3.0], [0.0], [-2.0]])
def test_an_axis_covers_its_values_with_few_lines(values):
    low, high, ticks = _scale(values)
    assert low <= min(values) and max(values) <= high and low < high
    assert 2 <= len(ticks) <= 8 and ticks == sorted(set(ticks))


def test_an_unreadable_log_is_refused(copy, monkeypatch):
    def unreadable(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(room.Path, "read_bytes", unreadable)
    with pytest.raises(RunError, match="Permission denied"):
        render(Run.open(copy))


def test_copies_of_sheets_are_none_and_a_million_comes_after_all_before_it(copy):
    samples = copy / "samples"
    some = next(samples.iterdir()).read_bytes()
    for name in ("step-000003 (1).png", "step-1000000.png", "step-999900.png"):
        (samples / name).write_bytes(some)
    shown = re.findall("<figcaption>step ([0-9]+)", render(Run.open(copy)))
    assert shown == ["3", "6", "999900", "1000000"]


def test_names_that_are_no_text_are_shown_escaped(copy):
    run = Run.open(copy)
    run.changed(data="/caf\udce9").write()
    report(copy)
    assert "/caf\\udce9" in (copy / "report.html").read_text()
