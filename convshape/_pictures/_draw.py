"""The verb that draws one layer."""

from __future__ import annotations

from convshape._errors import RankError, SizeError
from convshape._explain._lines import lines_of
from convshape._explain._subject import read_subject
from convshape._layouts import assemble
from convshape._mending import mend
from convshape._pictures._band import interior
from convshape._pictures._colours import MUTED
from convshape._pictures._diagram import Diagram
from convshape._pictures._grid import MOST as MOST_IN_GRIDS
from convshape._pictures._grid import draw_grids
from convshape._pictures._marks import legend
from convshape._pictures._rows import MOST as MOST_IN_ROWS
from convshape._pictures._rows import draw_rows
from convshape._pictures._svg import Drawing
from convshape._pictures._words import change, legend_words, of_input, of_output, title
from convshape._reading import as_entries, as_index, near_integers
from convshape._refusals import Refusal, Suggestion
from convshape._show import kind_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._explain._lines import Line
    from convshape._explain._subject import Known, LayerLike
    from convshape._shapes import Shape
    from convshape._types import PerAxisLike, ShapeLike

_LEFT, _TOP = 20.0, 28.0


def diagram(spec: Known | LayerLike, input_shape: ShapeLike, *, cell: PerAxisLike | None = None) -> Diagram:
    """Return a layer as a picture: input and output cell by cell, and what one output element is made of.

    A transposed convolution is drawn as the convolution that it is: its input with ``stride - 1`` zeros between
    neighbours and zeros around, every output under one window of the kernel, what the padding drops hatched
    (Dumoulin and Visin, arXiv:1603.07285, relationship 14). One and two spatial axes are drawn as rows and grids,
    of three each by itself. Of long axes the parts are drawn where something happens.

    Args:
        spec: A spec, or a layer of ``convshape.frameworks``.
        input_shape: The input's shape, ``(N, *spatial, C)`` in the layer's layout, every spatial size known.
        cell: The output element whose sources are marked, an index a spatial axis, from 0; None for one inside.

    Returns:
        The picture as self-contained SVG: a notebook shows it, ``str()`` gives it, ``.save("x.svg")`` writes it.

    Raises:
        ShapeError: The layer does not take the input (the layer's own error), or a size is not known.

    Examples:
        >>> import convshape as cs
        >>> picture = cs.diagram(cs.ConvTranspose((5, 5, 32, 64), strides=2), ("N", 8, 8, 64))
        >>> picture.title
        'Transposed convolution, kernel 5 x 5, stride 2, SAME: 8 x 8 → 16 x 16'
        >>> cs.diagram(cs.Pool(2), ("N", None, 8, 3))
        Traceback (most recent call last):
        ...
        convshape.SizeError: diagram: input_shape (N, None, 8, 3) has a height that is not known.
          legal: a shape whose spatial sizes are numbers
          because: cells are drawn one by one.
          fix: input_shape=("N", 8, 8, 3)    (for example)
    """
    known, shape, output = read_subject("diagram", spec, input_shape)
    lines = lines_of(known, shape, output)
    try:
        _check_known(known, shape, lines)
    except Refusal as refusal:
        raise mend("diagram", _checked_shape, {"spec": known, "input_shape": shape}, refusal) from None
    try:
        return draw_layer(known, lines, read_cell(lines, cell))
    except Refusal as refusal:
        raise mend("diagram", read_cell, {"lines": lines, "cell": cell}, refusal) from None


def draw_layer(spec: Known, lines: tuple[Line, ...], cell: tuple[int, ...] | None = None) -> Diagram:
    """Return the picture of a layer whose sizes are known."""
    if cell is None:
        most = MOST_IN_GRIDS if len(lines) == 2 else MOST_IN_ROWS
        cell = tuple(interior(line, most) for line in lines)
    drawing = Drawing()
    drawing.text(_LEFT, _TOP, title(spec), size=15, bold=True)
    said = change(lines)
    if len(lines) == 3:
        said += ": three axes, each drawn by itself; a window is their product"
    drawing.text(_LEFT, _TOP + 20, said, colour=MUTED)
    y = _TOP + 40
    if len(lines) == 2:
        kinds = draw_grids(drawing, lines, cell, _LEFT, y)
    else:
        kinds = set()
        for line, at in zip(lines, cell, strict=True):
            kinds |= draw_rows(drawing, line, at, _LEFT, y)
            y = drawing.height + 22
    legend(drawing, _LEFT, drawing.height + 4, drawing.width - _LEFT, legend_words(kinds, lines))
    heading = f"{title(spec)}: {change(lines)}"
    words = " ".join(f"{each.rstrip('.')}." for each in (*of_input(lines), *of_output(lines, cell)))
    return Diagram(heading, f"{heading}. {words}", drawing.render(heading, f"{heading}. {words}"))


def read_cell(lines: tuple[Line, ...], cell: object) -> tuple[int, ...] | None:
    """Return the place of an output element, or raise the bare ``Refusal``."""
    if cell is None:
        return None
    entries = as_entries(cell)
    if entries is None and as_index(cell) is not None and len(lines) == 1:
        entries = (cell,)
    places = tuple(map(as_index, entries or ()))
    sizes = [line.output or 0 for line in lines]
    if len(places) == len(sizes) and all(
        place is not None and 0 <= place < size for place, size in zip(places, sizes, strict=True)
    ):
        return places  # type: ignore[return-value]
    near = [
        min(size - 1, max(0, *near_integers(entry)[:1], 0))
        for entry, size in zip(entries or (), sizes, strict=False)
    ]
    nearest = Suggestion({"cell": tuple(near)}, "the nearest") if len(near) == len(sizes) else None
    raise Refusal(
        "cell",
        given=cell,
        problem=f"cell is {kind_of(cell)}.",
        legal="("
        + ", ".join(f"0..{size - 1}" for size in sizes)
        + ("," if len(sizes) == 1 else "")
        + "), or None",
        reason="it is the place of one output element, an index a spatial axis, from 0.",
        kind=RankError if entries is not None and len(entries) != len(sizes) else SizeError,
        suggestions=tuple(each for each in (nearest, Suggestion({"cell": None}, "one inside")) if each),
    )


def _checked_shape(spec: Known, input_shape: Shape) -> None:
    _check_known(spec, input_shape, lines_of(spec, input_shape, spec.output(input_shape)))


def _check_known(spec: Known, shape: Shape, lines: tuple[Line, ...]) -> None:
    """Refuse what cannot be drawn."""
    unknown = [line.name for line in lines if line.size is None]
    if not unknown:
        return
    least = [max(8, size) for size in spec.smallest_inputs()]
    sizes = tuple(size if line.size is None else line.size for line, size in zip(lines, least, strict=True))
    example = assemble(shape[0], sizes, spec.channels_of(shape), spec.data_format)
    raise Refusal(
        "input_shape",
        given=shape,
        problem=f"input_shape {kind_of(shape).removeprefix('the tuple ')} has a {unknown[0]} that is not known.",
        legal="a shape whose spatial sizes are numbers",
        reason="cells are drawn one by one.",
        kind=SizeError,
        suggestions=(Suggestion({"input_shape": example}, "for example"),),
    )
