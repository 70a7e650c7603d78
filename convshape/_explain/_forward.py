"""The derivation of a forward convolution, and of a pool."""

from __future__ import annotations

from convshape._conv import Conv
from convshape._explain._steps import each, elements, size_of, span, step, unknown
from convshape._layouts import filter_pattern
from convshape._show import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._explain._lines import Line
    from convshape._explain._steps import Step
    from convshape._pool import Pool
    from convshape._shapes import Shape


def forward_steps(
    spec: Conv | Pool, lines: tuple[Line, ...], shape: Shape, output: Shape
) -> tuple[Step, ...]:
    """Return the steps from an input to the output of a layer that slides a window over it."""
    ceil_mode = not isinstance(spec, Conv) and spec.ceil_mode
    steps = [
        step("filter", _filter(spec)) if isinstance(spec, Conv) else step("window", _window(spec, shape)),
        each("span", lines, lambda line: span(line, "kernel" if isinstance(spec, Conv) else "window")),
        each("padding", lines, _padding),
        each("size", lines, lambda line: _size(line, ceil_mode)),
    ]
    if any(line.left_over for line in lines):
        steps.append(each("left over", lines, _left_over))
    return (*steps, step("output", f"{show(shape)} becomes {show(output)}.", unknown(lines)))


def _filter(spec: Conv) -> str:
    own, outside = spec.filter_shape[-2:]
    said = f"{show(spec.filter_shape)} is {filter_pattern(len(spec.strides), transposed=False)}: "
    if spec.groups == 1:
        return said + f"each of the {outside} filters reads all {own} input channels."
    inside = own * spec.groups
    return said + (
        f"the {inside} input channels are split into {spec.groups} groups, and each of the {outside} filters "
        f"reads the {inside} / {spec.groups} = {own} of its group."
    )


def _window(spec: Pool, shape: Shape) -> str:
    window = " x ".join(map(str, spec.window_shape))
    channels = spec.channels_of(shape)
    over = "each channel" if channels is None or channels == 1 else f"each of the {channels} channels"
    return f"A window of {window} slides over {over} by itself."


def _padding(line: Line) -> str:
    size, stride, extent = size_of(line), line.stride, line.extent
    windows = size if stride == 1 else f"ceil({size} / {stride})"
    if line.padding == "VALID":
        return "VALID pads nothing."
    if line.padding != "SAME":
        return f"Padded by {line.before} before and {line.after} after."
    if line.before is None or line.after is None:
        return (
            f"SAME pads what {windows} windows lack, "
            f"max(0, ({windows} - 1) * {stride} + {extent} - {size}), the odd element after."
        )
    if line.output is None:
        return f"SAME pads {line.before} before and {line.after} after, at any size."
    spanned = f"({line.output} - 1) * {stride} + {extent} = {line.natural}"
    said = f"SAME wants {windows}{'' if stride == 1 else f' = {line.output}'} windows, which span {spanned} elements: "
    total = line.before + line.after
    if total == 0:
        return said + "the input has them, and nothing is padded."
    odd = ", the odd one after" if total % 2 else ""
    return said + f"{total} more than {size}, {line.before} before and {line.after} after{odd}."


def _size(line: Line, ceil_mode: bool) -> str:
    size, stride, extent = size_of(line), line.stride, line.extent
    if line.padding == "SAME":
        made = "" if line.output is None else f" = {line.output}"
        where = "every element" if stride == 1 else f"every {stride} elements"
        return f"{size if stride == 1 else f'ceil({size} / {stride})'}{made}: a window for {where}."
    padded = f" + {line.before} + {line.after}" if line.before or line.after else ""
    name = "ceil" if ceil_mode else "floor"
    inner = f"{size}{padded} - {extent}"
    said = f"{inner} + 1" if stride == 1 else f"{name}(({inner}) / {stride}) + 1"
    if line.output is None or line.size is None:
        return f"{said}: windows of {extent} fit, {stride} apart."
    room = line.size + (line.before or 0) + (line.after or 0) - extent
    if not ceil_mode:
        return f"{said} = {line.output}: so many windows of {extent} fit, {stride} apart."
    plain = -(-room // stride) + 1
    if plain != line.output:
        return f"{said} = {plain}, less 1: the last window would begin behind the input. That leaves {line.output}."
    if not line.overhang:
        return f"{said} = {plain}: so many windows of {extent} fit, {stride} apart."
    return f"{said} = {plain}: ceil mode keeps the last window, which begins inside and hangs over by {line.overhang}."


def _left_over(line: Line) -> str:
    if not line.left_over:
        return ""
    many = line.left_over != 1
    return (
        f"The last window ends before the input does: {elements(line.left_over)} at the end "
        f"{'are' if many else 'is'} not read."
    )
