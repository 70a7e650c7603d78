"""A picture as a value: it shows itself in a notebook, prints as SVG and is saved whole or not at all."""

from __future__ import annotations

from convshape._frozen import Frozen
from convshape._mending import mend
from convshape._refusals import Refusal, Suggestion
from convshape._show import kind_of, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from os import PathLike


class Diagram(Frozen):
    """A picture as self-contained SVG, without script; ``str()`` of it is the SVG, and a notebook shows it.

    Attributes:
        title: What is shown, in a line.
        description: The same in words, for those who do not see it.
        svg: The SVG.
    """

    __slots__ = ("description", "svg", "title")
    _fields = ("title", "description", "svg")
    title: str
    description: str
    svg: str

    def __init__(self, title: str, description: str, svg: str) -> None:
        self._set(title=title, description=description, svg=svg)

    def __str__(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return f"<Diagram: {self.title}; {len(self.svg)} characters of SVG>"

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        return f'<div style="overflow-x:auto">{self.svg}</div>'

    def save(self, path: str | PathLike[str]) -> None:
        """Write the SVG into a file, all of it or nothing: what stood there is kept until the new one is whole.

        Args:
            path: Where to, with the suffix ``.svg``, in a folder that is there.

        Raises:
            ShapeError: The path is none, or nothing can be written there; the error says what to write.
        """
        try:
            _write(read_path(path), self.svg)
        except Refusal as refusal:
            raise mend("Diagram.save", read_path, {"path": path}, refusal) from None


def read_path(path: object) -> str:
    """Return the path of a file that can be written, or raise the bare ``Refusal``."""
    import os

    try:
        text = os.fspath(path)  # type: ignore[call-overload]
    except Exception:  # noqa: BLE001 - a foreign __fspath__ may raise anything; then this is no path
        text = None
    if type(text) is not str or not text or "\0" in text:
        raise _refusal(path, f"path is {kind_of(path)}.", "it names the file to write.", ("diagram.svg",))
    stem, suffix = os.path.splitext(text)  # noqa: PTH122 - pathlib takes longer to import than to draw
    if suffix.lower() != ".svg":
        reason = "an SVG is written; a program that reads it goes by the suffix. Others convert it to what they need."
        raise _refusal(path, f"path {show(text)} does not end in .svg.", reason, (f"{stem}.svg",))
    if os.path.isdir(text):  # noqa: PTH112
        raise _refusal(
            path, f"path {show(text)} is a folder.", "a file is written.", (f"{text}/diagram.svg",)
        )
    folder = os.path.dirname(text) or "."  # noqa: PTH120
    if not os.path.isdir(folder):  # noqa: PTH112
        reason = "folders are not made: a wrong one is most often a slip of the pen."
        raise _refusal(path, f"there is no folder {show(folder)}.", reason, (os.path.basename(text),))  # noqa: PTH119
    return text


def _write(path: str, text: str) -> None:
    import os

    target = os.path.realpath(path)
    beside = f"{target}.{os.getpid()}.part"
    try:
        with open(beside, "x", encoding="utf-8") as file:  # noqa: PTH123
            try:
                file.write(text)
                file.close()
                os.replace(beside, target)  # noqa: PTH105
            except BaseException:
                os.unlink(beside)  # noqa: PTH108
                raise
    except OSError as error:
        reason = f"the system says: {error.strerror or error}."
        raise _refusal(path, f"path {show(path)} cannot be written.", reason, ()) from None


def _refusal(path: object, problem: str, reason: str, meant: tuple[str, ...]) -> Refusal:
    return Refusal(
        "path",
        given=path,
        problem=problem,
        legal="the path of a file that ends in .svg, in a folder that is there",
        reason=reason,
        suggestions=tuple(Suggestion({"path": choice}) for choice in meant),
    )
