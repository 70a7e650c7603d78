"""What a search found: specs, best first, and for each why it stands where it does."""

from __future__ import annotations

from collections.abc import Sequence

from convshape._frozen import Frozen
from convshape._show import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, SupportsIndex, TypeVar, overload

    from convshape._conv import Conv
    from convshape._paddings import Padding
    from convshape._spec import Spec
    from convshape._transposed import ConvTranspose

    S = TypeVar("S", bound=Spec)
else:
    S = object

RULE = "even overlap, then symmetric padding, then small kernel"
_MOST_ROWS = 10


class Fit(Frozen):
    """One answer, and the facts that rank it.

    Attributes:
        spec: The convolution.
        even_overlap: Whether every element of the bigger side meets as many taps as every other, borders aside:
            no checkerboard.
        padded: Elements of padding that the windows reach, ``(before, after)`` each spatial axis; of a
            transposed convolution, the elements cropped. What is padded but never reached is not counted.
        left_over: Elements at the end of each spatial axis that no window reaches.
        also: The same, written otherwise: specs that at these sizes come to the same windows.
        code: The call to write in the framework that was asked for, or None.
    """

    __slots__ = ("also", "code", "even_overlap", "left_over", "padded", "spec")
    _fields = ("spec", "even_overlap", "padded", "left_over", "also", "code")
    spec: Conv | ConvTranspose
    even_overlap: bool
    padded: tuple[tuple[int, int], ...]
    left_over: tuple[int, ...]
    also: tuple[Conv | ConvTranspose, ...]
    code: str | None

    def __init__(
        self,
        spec: Conv | ConvTranspose,
        even_overlap: bool,
        padded: tuple[tuple[int, int], ...],
        left_over: tuple[int, ...],
        also: tuple[Conv | ConvTranspose, ...] = (),
        code: str | None = None,
    ) -> None:
        self._set(
            spec=spec, even_overlap=even_overlap, padded=padded, left_over=left_over, also=also, code=code
        )

    @property
    def symmetric(self) -> bool:
        """Whether the windows lie in the middle: as much padding after as before, and nothing left over."""
        return all(before == after for before, after in self.padded) and not any(self.left_over)

    def written(self, spec: Conv | ConvTranspose, also: tuple[Conv | ConvTranspose, ...], code: str) -> Fit:
        """Return the same answer in another of its writings, with the call that says it."""
        return Fit(spec, self.even_overlap, self.padded, self.left_over, also, code)

    def row(self) -> dict[str, str]:
        """Return the answer as the cells of a table, by their headings."""
        spec, code = self.spec, self.code
        extra = getattr(spec, "output_padding", None)
        return {
            "kernel": "x".join(map(str, spec.filter_shape[:-2])),
            "stride": _each(spec.strides),
            "dilation": _each(spec.dilations),
            "padding": _written(spec.padding),
            "output padding": "-" if extra is None else _each(extra),
            "overlap": "even" if self.even_overlap else "uneven",
            "before:after": _pairs(self.padded),
            "left over": _each(self.left_over),
            "code": code or "",
        }

    def to_json(self) -> dict[str, object]:
        """Return the answer as a dict that ``json.dumps`` takes as it is."""
        return {
            **_spec_json(self.spec),
            "even_overlap": self.even_overlap,
            "symmetric": self.symmetric,
            "padded": [list(pair) for pair in self.padded],
            "left_over": list(self.left_over),
            "also": [_spec_json(other) for other in self.also],
            "code": self.code,
        }


class Solutions(Frozen, Sequence[S]):
    """Specs that take one size to another, best first: a tuple of them that says why they stand so.

    Indexing and iteration give the specs; ``.facts`` has the facts that rank them, in the same order. A slice
    is again ``Solutions``.

    Attributes:
        operation: The function that found them.
        input_size: The size asked for, as it was given.
        output_size: Likewise.
        facts: One record of facts for each spec.

    Examples:
        >>> from convshape._solve import solve_transpose
        >>> solutions = solve_transpose(7, 28)
        >>> solutions[0](("N", 7, 7, 1)), solutions.facts[0].even_overlap
        (('N', 28, 28, 1), True)
    """

    __slots__ = ("facts", "input_size", "operation", "output_size")
    _fields = ("operation", "input_size", "output_size", "facts")
    operation: str
    input_size: int | tuple[int, ...]
    output_size: int | tuple[int, ...]
    facts: tuple[Fit, ...]

    def __init__(
        self,
        operation: str,
        input_size: int | tuple[int, ...],
        output_size: int | tuple[int, ...],
        facts: tuple[Fit, ...],
    ) -> None:
        self._set(operation=operation, input_size=input_size, output_size=output_size, facts=facts)

    def __len__(self) -> int:
        return len(self.facts)

    if TYPE_CHECKING:

        @overload
        def __getitem__(self, place: SupportsIndex) -> S: ...
        @overload
        def __getitem__(self, place: slice) -> Solutions[S]: ...

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return Solutions(self.operation, self.input_size, self.output_size, self.facts[place])
        return self.facts[place].spec

    def __repr__(self) -> str:
        return "\n".join((self.heading(), *self.lines(_MOST_ROWS)))

    def lines(self, most: int) -> list[str]:
        """Return the table as lines of text: its headings, at most so many answers, and how many more there are."""
        names, rows = self._table(most)
        table = [("", *names), *((str(place), *cells) for place, cells in enumerate(rows))]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = [
            "  " + "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
            for cells in table
            if rows
        ]
        rest = len(self) - len(rows)
        return [*lines, f"  ... and {rest} more"] if rest else lines

    def _repr_html_(self) -> str:
        from html import escape

        names, rows = self._table(_MOST_ROWS)
        head = "".join(f'<th style="text-align:left">{escape(name)}</th>' for name in ("", *names))
        body = "".join(
            f"<tr><td>{place}</td>"
            + "".join(f'<td style="text-align:left">{escape(cell)}</td>' for cell in cells)
            + "</tr>"
            for place, cells in enumerate(rows)
        )
        rest = len(self) - len(rows)
        more = f"<div>... and {rest} more</div>" if rest else ""
        table = (
            f'<table style="border-collapse:collapse;background:transparent"><tr>{head}</tr>{body}</table>'
            if rows
            else ""
        )
        return f"<div><div>{escape(self.heading())}</div>{table}{more}</div>"

    def to_json(self) -> dict[str, object]:
        """Return the answers as a dict that ``json.dumps`` takes as it is."""
        return {
            "operation": self.operation,
            "input_size": _json(self.input_size),
            "output_size": _json(self.output_size),
            "solutions": [fit.to_json() for fit in self.facts],
        }

    def heading(self) -> str:
        """Return what was asked and how many answers there are, in a line."""
        many = "1 way" if len(self) == 1 else f"{len(self)} ways"
        sizes = f"from {show(self.input_size)} to {show(self.output_size)}"
        return f"{self.operation}: {many} {sizes}, best first ({RULE})"

    def _table(self, most: int) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        """Return headings and cells, without the columns that say nothing here."""
        rows = [fit.row() for fit in self.facts[:most]]
        dull = {"dilation": "1", "output padding": "-", "left over": "0", "code": ""}
        names = [
            name for name in (rows[0] if rows else ()) if any(row[name] != dull.get(name) for row in rows)
        ]
        return tuple(names), [tuple(row[name] for name in names) for row in rows]


def _each(numbers: tuple[int, ...]) -> str:
    """Return one number an axis, and a number once that is the same on all of them."""
    return str(numbers[0]) if len(set(numbers)) == 1 else ",".join(map(str, numbers))


def _pairs(pairs: tuple[tuple[int, int], ...]) -> str:
    shown = [f"{before}:{after}" for before, after in pairs]
    return shown[0] if len(set(shown)) == 1 else ",".join(shown)


def _written(padding: Padding) -> str:
    """Return a padding as the command line takes it, and a number alone where it is the same on all sides."""
    if isinstance(padding, str):
        return padding
    amounts = {amount for pair in padding for amount in pair}
    return str(min(amounts)) if len(amounts) == 1 else _pairs(padding)


def _json(size: int | tuple[int, ...]) -> object:
    return list(size) if isinstance(size, tuple) else size


def _spec_json(spec: Conv | ConvTranspose) -> dict[str, object]:
    padding = spec.padding
    said: dict[str, object] = {
        "filter_shape": list(spec.filter_shape),
        "strides": list(spec.strides),
        "padding": padding if isinstance(padding, str) else [list(pair) for pair in padding],
        "dilations": list(spec.dilations),
    }
    extra = getattr(spec, "output_padding", ())
    return said if extra == () else {**said, "output_padding": None if extra is None else list(extra)}
