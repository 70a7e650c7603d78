"""The colours of all pictures, and what each is for; they stand on a light card, on any page."""

from __future__ import annotations

CARD, EDGE = "#ffffff", "#d0d7de"
TEXT, MUTED = "#1f2328", "#57606a"
LINE = "#6e7781"
DASHED = 'stroke-dasharray="dashes"'  # whose lengths follow from the cell's
MARK, MARK_EDGE = "#f28c28", "#8a4500"
SKIP = "#6f42c1"
FAILED, FAILED_EDGE = "#fbd5d5", "#c0392b"

STYLES = {
    "input": 'fill="#cfe3f7" stroke="#3f78ad"',
    "zero": 'fill="#f1f3f5" stroke="#c3cad1"',
    "padding": f'fill="{CARD}" stroke="#8c959f" {DASHED}',
    "output": 'fill="#d4edda" stroke="#3d8b50"',
    "dropped": f'fill="#f6f6f6" stroke="#8c959f" {DASHED}',
    "never": f'fill="{CARD}" stroke="#b02a37"',
    "source": f'fill="{MARK}" stroke="{MARK_EDGE}"',
    "tap": 'fill="#fde0c2" stroke="#c9803a"',
    "made": f'fill="{MARK}" stroke="{MARK_EDGE}"',
    "hatch": 'stroke="#8c959f" stroke-width="0.8"',
    "window": f'fill="none" stroke="{MARK_EDGE}" stroke-width="2.2"',
    "next": 'fill="none" stroke="#6f42c1" stroke-width="1.8" stroke-dasharray="5 3"',
    "sight": f'stroke="{MARK_EDGE}" stroke-width="1" stroke-opacity="0.55"',
    "bracket": f'stroke="{LINE}" stroke-width="1"',
    "dots": f'stroke="{LINE}" stroke-width="1.8" stroke-linecap="round"',
}
# Growing numbers of taps, from none on: light to dark, so that a black number can be read on each.
HEAT = ("#ffffff", "#e8f1fa", "#cfe3f7", "#a9cdf0", "#82b5e8", "#f7c59f", "#f5a262", "#f28c28")
