"""The derivation of a transposed convolution, by way of its forward twin."""

from __future__ import annotations

from convshape._explain._steps import each, elements, size_of, span, step, unknown
from convshape._layouts import filter_pattern
from convshape._show import show
from convshape._sizes import reach_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._explain._lines import Line
    from convshape._explain._steps import Step
    from convshape._shapes import Shape
    from convshape._transposed import ConvTranspose

_MOST_OTHERS = 3


def transposed_steps(
    spec: ConvTranspose, lines: tuple[Line, ...], shape: Shape, output: Shape, overlap: str
) -> tuple[Step, ...]:
    """Return the steps from an input to the output of a transposed convolution."""
    extras = spec.output_padding
    told = {line.name: None if extras is None else extras[axis] for axis, line in enumerate(lines)}
    return (
        step("twin", _twin(spec)),
        step("filter", _filter(spec)),
        each("span", lines, span),
        each("legal", lines, _legal),
        each("picked", lines, lambda line: _picked(line, told[line.name])),
        each("padding", lines, _dropped),
        step("overlap", f"{overlap[0].upper()}{overlap[1:]}."),
        step("output", f"{show(shape)} becomes {show(output)}.", unknown(lines)),
    )


def _twin(spec: ConvTranspose) -> str:
    strides = spec.strides
    stride = strides[0] if len(set(strides)) == 1 else " x ".join(map(str, strides))
    padding = spec.padding if isinstance(spec.padding, str) else f"a padding of {show(spec.padding)}"
    return (
        f"It undoes a forward convolution, its twin: kernel {' x '.join(map(str, spec.filter_shape[:-2]))}, "
        f"stride {stride}, {padding}, from our output back to our input."
    )


def _filter(spec: ConvTranspose) -> str:
    own, inside = spec.filter_shape[-2:]
    outside = own * spec.groups
    said = f"{show(spec.filter_shape)} is {filter_pattern(len(spec.strides), transposed=True)}: "
    said += f"the twin reads our {outside} output channels and makes our {inside} input channels"
    if spec.groups == 1:
        return said + "."
    return (
        said + f", in {spec.groups} groups of {outside} / {spec.groups} = {own} and {inside // spec.groups}."
    )


def _twin_makes(line: Line) -> str:
    """Return what the twin makes of an output ``o``, as a formula."""
    if line.padding == "SAME":
        return "o" if line.stride == 1 else f"ceil(o / {line.stride})"
    padded = "" if line.padding == "VALID" else f" + {line.padding[0]} + {line.padding[1]}"
    inner = f"o{padded} - {line.extent}"
    return f"{inner} + 1" if line.stride == 1 else f"floor(({inner}) / {line.stride}) + 1"


def _last_start(line: Line) -> str:
    """Return where the last kernel begins, as a formula."""
    size = size_of(line)
    return f"{size} - 1" if line.stride == 1 else f"({size} - 1) * {line.stride}"


def _smallest(line: Line) -> str:
    """Return the smallest output as a formula."""
    if line.padding == "SAME":
        added = "1"
    elif line.padding == "VALID":
        added = str(line.extent)
    else:
        added = f"{line.extent} - {line.padding[0]} - {line.padding[1]}"
    return f"{_last_start(line)} + {added}"


def _legal(line: Line) -> str:
    said = f"The twin makes {_twin_makes(line)} of o elements. "
    if line.legal is None or line.size is None:
        if line.stride == 1:
            return said + f"That is i for o = {_smallest(line)} alone."
        return said + f"That is i for {line.stride} sizes, from o = {_smallest(line)} on."
    smallest = (line.size - 1) * line.stride + reach_of(line.padding, line.extent)
    start = f"{_smallest(line)} = {smallest}"
    if len(line.legal) == 1 and line.stride == 1:
        return said + f"That is {line.size} for o = {start} alone."
    said += f"That is {line.size} for o = {show(line.legal)}: "
    if smallest < 1:
        return said + f"from {start} on, but none below 1."
    return said + f"from {start} on, as many as the stride is."


def _picked(line: Line, extra: int | None) -> str:
    size, stride, made = size_of(line), line.stride, line.output
    result = "" if made is None else f"{made} = "
    if extra is not None:
        smallest = "the smallest" if line.legal is None else str(line.legal.start)
        said = f"{result}{smallest} + {extra}: an output_padding of {extra}, counted from the smallest."
    elif line.padding == "SAME":
        said = f"{result}{size} * {stride}: the default under SAME, the largest."
    elif line.padding == "VALID" and line.extent < stride:
        said = (
            f"{result}{size} * {stride}: the default under VALID where the stride spans more than the kernel."
        )
    elif line.padding == "VALID":
        said = f"{result}{_smallest(line)}: the default under VALID, where the last kernel ends."
    else:
        said = f"{result}{_smallest(line)}: the default under padding in numbers, the smallest."
    if line.legal is None or made is None:
        return said
    others = [other for other in line.legal if other != made] if len(line.legal) <= _MOST_OTHERS + 1 else []
    if others:
        instead = "; ".join(f"{other} would be output_padding={other - line.legal.start}" for other in others)
        return f"{said} {instead} (TensorFlow: by its output_shape)."
    if len(line.legal) == 1:
        return said
    return f"{said} {show(line.legal)} would be output_padding=0..{len(line.legal) - 1} (TensorFlow: by its output_shape)."


def _dropped(line: Line) -> str:
    before, after = line.before or 0, line.after or 0
    pads = f"{before} before and {max(0, after)} after"
    if line.size is None or line.output is None or line.natural is None:
        said = (
            f"Whatever the size, the twin's padding is dropped: {pads}"
            if before or after > 0
            else "Nothing is dropped"
        )
        return f"{said}{_behind(line)}."
    written = f"{_last_start(line)} + {line.extent}"
    if line.padding == "VALID" or not (before or after):
        stay = "all stay" if after <= 0 else f"{pads} are dropped"
        return f"The twin pads nothing: of the {written} = {line.natural} elements that are written {stay}{_behind(line)}."
    if line.natural <= before:
        return f"The twin pads {before} before, and of the {written} = {elements(line.natural)} written none stay{_behind(line)}."
    left = f"{line.natural} - {before} - {max(0, after)} = {line.output - line.left_over}"
    dropped = f"Transposed, they are dropped: of the {written} = {line.natural} elements written, {left} stay"
    if line.padding != "SAME":
        asked = line.padding[1]
        reached = "" if after == asked else f", of which it reaches {max(0, after)}"
        return f"The twin pads {before} before and {asked} after{reached}. {dropped}{_behind(line)}."
    total = line.natural - line.output
    if total <= 0:
        return f"The twin needs no padding of {line.output}: {elements(line.natural)} are written, all stay{_behind(line)}."
    odd = ", the odd one after" if total % 2 else ""
    needs = f"Of {line.output} the twin needs {written} - {line.output} = {total} of padding: {pads}{odd}."
    return f"{needs} {dropped}.{_otherwise(line)}"


def _behind(line: Line) -> str:
    if not line.left_over:
        return ""
    zeros = "1 zero" if line.left_over == 1 else f"{line.left_over} zeros"
    return f", and {zeros} behind them that no kernel reaches"


def _otherwise(line: Line) -> str:
    """Return what SAME would drop of the other legal outputs."""
    if line.legal is None or not 1 < len(line.legal) <= _MOST_OTHERS + 1:
        return ""
    said = []
    for other in line.legal:
        if other != line.output:
            total = max(0, (line.natural or 0) - other)
            said.append(f"of {other} it would be {total}: {total // 2} and {total - total // 2}")
    return f" {'; '.join(said).capitalize()}."
