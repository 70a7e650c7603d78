"""What is written in a diagram: the title, what is said below each side, and the legend's words."""

from __future__ import annotations

from convshape._explain._lines import listed
from convshape._pool import Pool
from convshape._show import show
from convshape._transposed import ConvTranspose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from convshape._explain._lines import Line
    from convshape._explain._subject import Known
    from convshape._paddings import Padding

_MOST_SOURCES = 6


def times(numbers: Iterable[object]) -> str:
    """Return sizes as ``8 x 8``."""
    return " x ".join(map(str, numbers))


def _each(numbers: tuple[int, ...]) -> str:
    return str(numbers[0]) if len(set(numbers)) == 1 else times(numbers)


def title(spec: Known) -> str:
    """Return what the layer is, in a line."""
    if isinstance(spec, Pool):
        head = f"Pool, window {times(spec.window_shape)}"
    else:
        kind = "Transposed convolution" if isinstance(spec, ConvTranspose) else "Convolution"
        head = f"{kind}, kernel {times(spec.filter_shape[:-2])}"
    parts = [head, f"stride {_each(spec.strides)}"]
    if max(spec.dilations) > 1:
        parts.append(f"dilation {_each(spec.dilations)}")
    padding = _padding(spec.padding)
    if isinstance(spec, Pool) and spec.ceil_mode:
        padding += ", ceil mode"
    return ", ".join((*parts, padding))


def _padding(padding: Padding) -> str:
    if isinstance(padding, str):
        return padding
    amounts = {amount for pair in padding for amount in pair}
    return f"padding {amounts.pop() if len(amounts) == 1 else show(padding)}"


def change(lines: tuple[Line, ...]) -> str:
    """Return the sizes before and after: ``8 x 8 → 16 x 16``."""
    return f"{times(line.size for line in lines)} → {times(line.output for line in lines)}"


def of_input(lines: tuple[Line, ...]) -> list[str]:
    """Return what is done around the input, in sentences."""
    return _grouped(lines, _spread if lines[0].transposed else _padded)


def of_output(lines: tuple[Line, ...], cell: tuple[int, ...]) -> list[str]:
    """Return what is dropped of the output, and what the element looked at is made of, in sentences."""
    said = _grouped(lines, _dropped) if lines[0].transposed else []
    where = cell[0] if len(cell) == 1 else show(cell)
    sources = [_sources(line, at) for line, at in zip(lines, cell, strict=True)]
    if not all(sources):
        nothing = "nothing: no kernel reaches it" if lines[0].transposed else "padding alone"
        return [*said, f"Element {where} is made of {nothing}."]
    made = [f"{line.name} {places}" for line, places in zip(lines, sources, strict=True)]
    return [*said, f"Element {where} is made of the inputs at {listed(made)}."]


def _grouped(lines: tuple[Line, ...], say: Callable[[Line], str]) -> list[str]:
    """Return what is said of each axis, once where it is the same of all."""
    said: dict[str, list[str]] = {}
    for line in lines:
        said.setdefault(say(line), []).append(line.name)
    return [text if len(said) == 1 else f"{listed(names)}: {text}" for text, names in said.items()]


def _spread(line: Line) -> str:
    zeros = line.stride - 1
    apart = "no zeros between" if zeros == 0 else f"{zeros} {_zero(zeros)} between neighbours"
    before = max(0, line.extent - 1 - (line.before or 0))
    after = max(0, (line.before or 0) + (line.output or 0) - ((line.size or 1) - 1) * line.stride - 1)
    return f"{apart}; zeros around: {before} before, {after} after"


def _zero(number: int) -> str:
    return "zero" if number == 1 else "zeros"


def _padded(line: Line) -> str:
    padded = line.before or line.after
    said = f"padding: {line.before} before, {line.after} after" if padded else "no padding"
    if line.overhang:
        said += f"; the last window hangs over by {line.overhang}"
    if line.left_over:
        said += f"; the last {line.left_over} not read"
    return said


def _dropped(line: Line) -> str:
    if not (line.before or line.after):
        return "nothing dropped"
    if (line.after or 0) >= 0:
        return f"dropped: {line.before} before, {line.after} after (the twin's padding)"
    return f"dropped: {line.before} before; {line.left_over} at the end that no kernel reaches"


def _sources(line: Line, cell: int) -> str:
    """Return which elements of the input one of the output is made of, along one axis; nothing if of none."""
    if line.transposed:
        taps = line.taps(cell)
        shown = [*taps[:-4:-1], *taps[:2][::-1]] if len(taps) > _MOST_SOURCES else [*taps[::-1]]
        places = [(cell + (line.before or 0) - tap * line.dilation) // line.stride for tap in shown]
        count = len(taps)
    else:
        size, first = line.size or 0, cell * line.stride - (line.before or 0)
        skipped = max(0, -(first // line.dilation))
        last = min(line.kernel - 1, (size - 1 - first) // line.dilation)
        count = max(0, last - skipped + 1)
        every = range(first + skipped * line.dilation, first + last * line.dilation + 1, line.dilation)
        places = [*every[:3], *every[-2:]] if count > _MOST_SOURCES else [*every]
    words = [str(place) for place in places]
    if count > _MOST_SOURCES:
        words.insert(3, "...")
    return ", ".join(words)


def legend_words(kinds: set[str], lines: tuple[Line, ...]) -> dict[str, str]:
    """Return the legend's words for the kinds of cells that are drawn."""
    transposed = lines[0].transposed
    strides = _each(tuple(line.stride for line in lines))
    words = {
        "input": "input",
        "zero": "zero put in between",
        "padding": "zero around" if transposed else "padding",
        "output": "output",
        "dropped": "dropped",
        "never": "no kernel reaches it" if transposed else "not read",
        "source": "an output element and the inputs that it is made of",
        "tap": "tap of the kernel on a zero" if transposed else "tap on padding",
        "next": f"next window, {strides} on",
    }
    return {kind: said for kind, said in words.items() if kind in kinds}
