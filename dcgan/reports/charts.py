"""Curves as SVG, for a page that fetches nothing and is read on a dark screen as well as on paper."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT = 640, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 12, 12, 28
MOST_POINTS = 300  # on one curve; of more steps than that, neighbours are averaged


def chart(title: str, steps: Sequence[int], curves: Mapping[str, Sequence[float]]) -> str:
    """Return curves over steps as one SVG element, with axes, a legend, and a title for readers that cannot see it.

    Colours are those of the page, ``var(--curve-1)`` and so on; of more than 300 steps, each point is the mean of as many
    neighbours as that takes, and the title says so.

    Args:
        title: What it shows.
        steps: Where, growing; at least one.
        curves: Values by name, finite numbers, one for each step.

    >>> chart("losses", [1, 2], {"d": [0.5, 0.25]}).count("<polyline")
    1
    """
    together = math.ceil(len(steps) / MOST_POINTS)
    thinned = {name: _means(values, together) for name, values in curves.items()}
    places = _means(steps, together)
    low, high, ticks = _scale([value for values in thinned.values() for value in values])
    first, last = places[0], places[-1] if places[-1] > places[0] else places[0] + 1

    def across(step: float) -> float:
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * (step - first) / (last - first)

    def down(value: float) -> float:
        return _TOP + (HEIGHT - _TOP - _BOTTOM) * (high - value) / (high - low)

    told = title if together == 1 else f"{title}; each point is the mean of {together} steps"
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(told)}"><title>{escape(told)}</title>'
    ]
    for value in ticks:
        y = down(value)
        parts.append(f'<line class="rule" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>')
    for step, anchor in ((steps[0], "start"), (steps[-1], "end")):
        edge = _LEFT if anchor == "start" else WIDTH - _RIGHT
        parts.append(f'<text x="{edge}" y="{HEIGHT - 8}" text-anchor="{anchor}">step {step}</text>')
    for number, (name, values) in enumerate(thinned.items(), 1):
        points = " ".join(f"{across(x):.1f},{down(y):.1f}" for x, y in zip(places, values, strict=True))
        parts.append(
            f'<polyline class="curve-{number}" points="{points}"><title>{escape(name)}</title></polyline>'
        )
        if len(places) == 1:
            x, y = across(places[0]), down(values[0])
            parts.append(f'<circle class="curve-{number}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>')
    legend = "".join(
        f'<span class="key"><i class="curve-{number}"></i>{escape(name)}</span>'
        for number, name in enumerate(thinned, 1)
    )
    return "".join([*parts, "</svg>", f"<figcaption>{escape(told)} {legend}</figcaption>"])


def _means(values: Sequence[float], together: int) -> list[float]:
    parts = [values[start : start + together] for start in range(0, len(values), together)]
    return [sum(part) / len(part) for part in parts]


def _scale(values: Sequence[float]) -> tuple[float, float, list[float]]:
    """Return round numbers below and above all values, and those between them at which lines are drawn.

    >>> _scale([0.13, 0.84])
    (0.0, 1.0, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0])
    """
    low, high = min(values), max(values)
    rough = (high - low) / 5 or abs(high) / 5 or 0.2
    power = 10.0 ** math.floor(math.log10(rough))
    apart = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    first, last = math.floor(low / apart), math.ceil(high / apart)
    if first == last:
        first, last = first - 1, last + 1
    ticks = [float(f"{number * apart:.12g}") for number in range(first, last + 1)]
    return ticks[0], ticks[-1], ticks
