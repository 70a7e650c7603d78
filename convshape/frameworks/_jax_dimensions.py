"""JAX's ``dimension_numbers``: where batch, channels and spatial axes stand in lhs, rhs and output."""

from __future__ import annotations

from convshape._errors import ArgumentError, RankError
from convshape._frozen import Frozen
from convshape._layouts import LAYOUTS
from convshape._reading import as_entries, as_index, as_text
from convshape._refusals import Refusal, Suggestion
from convshape._show import count, kind_of, show
from convshape.frameworks._jax_labels import SPATIAL, common_labels

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from convshape.frameworks._jax_labels import Labels

    Places = tuple[int, ...]

# What each function takes where nothing is said; conv_transpose's order of three axes is lax's own.
FORWARD_DEFAULT = {1: ("NCW", "OIW", "NCW"), 2: ("NCHW", "OIHW", "NCHW"), 3: ("NCDHW", "OIDHW", "NCDHW")}
TRANSPOSED_DEFAULT = {
    1: ("NHC", "HIO", "NHC"),
    2: ("NHWC", "HWIO", "NHWC"),
    3: ("NHWDC", "HWDIO", "NHWDC"),
}
_PAIRS = ("NC", "OI", "NC")
_WHOSE = ("lhs", "rhs", "output")
_NAMES = {"N": "N", "C": "C", "O": "out", "I": "in", "H": "height", "W": "width", "D": "depth"}


class Dimensions(Frozen):
    """Where the axes of lhs, rhs and output stand; the spatial axes are counted in the order of rhs.

    Attributes:
        labels: Three strings such as ``("NHWC", "HWIO", "NHWC")``.
        spatial: The letters of the spatial axes, in the order in which strides are counted.
        lhs: Places of batch, channels and spatial axes in lhs.
        rhs: Places of output channels, input channels and spatial axes in rhs.
        out: Places of batch, channels and spatial axes in the output.
        data_format: The core's layout that lhs is read as.
        straight: Whether lhs and output both have that layout as they are.
    """

    __slots__ = ("data_format", "labels", "lhs", "out", "rhs", "spatial", "straight")
    _fields = ("labels", "spatial")
    labels: Labels
    spatial: str
    lhs: Places
    rhs: Places
    out: Places
    data_format: str
    straight: bool

    def __init__(self, labels: Labels, spatial: str = "") -> None:
        spatial = spatial or "".join(letter for letter in labels[1] if letter not in "OI")
        lhs, rhs, out = (
            tuple(text.index(letter) for letter in (*pair, *spatial))
            for text, pair in zip(labels, _PAIRS, strict=True)
        )
        last, first = LAYOUTS[len(spatial)]
        order = tuple(range(len(lhs)))
        data_format = first if lhs == order else last
        wanted = order if data_format == first else (0, order[-1], *order[1:-1])
        straight = lhs == out == wanted
        self._set(labels=labels, spatial=spatial)
        self._set(lhs=lhs, rhs=rhs, out=out, data_format=data_format, straight=straight)

    def filter_in(self, sizes: tuple[object, ...]) -> tuple[object, ...]:
        """Return the parts of rhs as ``(*kernel, in, out)``."""
        out, inside, *kernel = (sizes[place] for place in self.rhs)
        return (*kernel, inside, out)

    def filter_of(self, sizes: tuple[object, ...]) -> tuple[object, ...]:
        """Return ``(*kernel, in, out)`` as rhs has them."""
        return _placed((sizes[-1], sizes[-2], *sizes[:-2]), self.rhs)

    def shape_in(self, sizes: tuple[object, ...]) -> tuple[object, ...]:
        """Return lhs in the core's layout."""
        if len(sizes) != len(self.lhs):
            return sizes
        return self._laid_out(*(sizes[place] for place in self.lhs))

    def shape_of(self, sizes: tuple[object, ...]) -> tuple[object, ...]:
        """Return a shape in the core's layout as lhs has it."""
        return self._from_core(sizes, self.lhs)

    def output_of(self, sizes: tuple[object, ...]) -> tuple[object, ...]:
        """Return an output in the core's layout as JAX has it."""
        return self._from_core(sizes, self.out)

    def lhs_place(self, core: int) -> int:
        """Return the place in lhs of an axis of the core's layout."""
        return next(
            place for place, found in enumerate(self.shape_of(tuple(range(len(self.lhs))))) if found == core
        )

    def pattern(self, which: int) -> str:
        """Return the layout of lhs, rhs or output in words: ``(height, width, in, out)``."""
        return "(" + ", ".join(_NAMES.get(letter, letter) for letter in self.labels[which]) + ")"

    def axis_names(self) -> tuple[str, ...]:
        """Return how the spatial axes are called, in the order of rhs."""
        return tuple(_NAMES.get(letter, letter) for letter in self.spatial)

    def _laid_out(self, batch: object, channels: object, *spatial: object) -> tuple[object, ...]:
        if self.data_format[1] == "C":
            return (batch, channels, *spatial)
        return (batch, *spatial, channels)

    def _from_core(self, sizes: tuple[object, ...], places: Places) -> tuple[object, ...]:
        if len(sizes) != len(places):
            return sizes
        if self.data_format[1] == "C":
            return _placed(sizes, places)
        return _placed((sizes[0], sizes[-1], *sizes[1:-1]), places)


def _placed(parts: tuple[object, ...], places: Places) -> tuple[object, ...]:
    found: list[object] = [None] * len(parts)
    for part, place in zip(parts, places, strict=True):
        found[place] = part
    return tuple(found)


def read_dimensions(value: object, rank: int, default: Labels) -> Dimensions:
    """Return where the axes stand, or refuse what JAX does not take."""
    if value is None:
        return Dimensions(default)
    specs = _specs_of(value)
    if specs is not None:
        # rhs_spec counts the spatial axes, in whatever order they stand; the letters are given in that order
        return Dimensions(_labels_of(specs, value, rank, default), SPATIAL[rank])
    entries = as_entries(value)
    texts = [] if entries is None else [as_text(entry) for entry in entries]
    if type(value) not in (tuple, list) or len(texts) != 3 or None in texts:
        _refuse_form(value, entries, rank, default)
    first, second, third = texts
    labels: Labels = (first or "", second or "", third or "")
    for place, (text, pair) in enumerate(zip(labels, _PAIRS, strict=True)):
        _check_label(labels, place, text, pair, rank, default)
    if len({frozenset(text) - frozenset(pair) for text, pair in zip(labels, _PAIRS, strict=True)}) != 1:
        _refuse(
            labels,
            f"dimension_numbers {show(labels)} do not name the same spatial axes.",
            "lhs, rhs and output have the same spatial axes, by the same letters.",
            _meant(labels, rank, default),
            rank,
            default,
        )
    return Dimensions(labels)


def _specs_of(value: object) -> tuple[object, ...] | None:
    """Return the three places of a ``ConvDimensionNumbers``, or of an object like it."""
    if value is None or type(value) in (tuple, list, str):
        return None
    try:
        return (value.lhs_spec, value.rhs_spec, value.out_spec)  # type: ignore[attr-defined]
    except Exception:  # noqa: BLE001 - a foreign attribute may raise anything; then it is no such object
        return None


def _labels_of(specs: tuple[object, ...], value: object, rank: int, default: Labels) -> Labels:
    found = []
    for place, spec in enumerate(specs):
        places = as_entries(spec)
        numbers = [] if places is None else [as_index(entry) for entry in places]
        if type(spec) is not tuple or sorted(-1 if one is None else one for one in numbers) != [
            *range(rank + 2)
        ]:
            _refuse(
                value,
                f"dimension_numbers has {show(spec)} for {_WHOSE[place]}, not the places 0..{rank + 1} in some order.",
                "each of lhs_spec, rhs_spec and out_spec is a tuple of places: batch and channels (out and in"
                " for rhs), then the spatial axes.",
                (default, *common_labels(rank)),
                rank,
                default,
            )
        letters = (*_PAIRS[place], *SPATIAL[rank])
        found.append("".join(letters[numbers.index(at)] for at in range(rank + 2)))
    return found[0], found[1], found[2]


def _check_label(labels: Labels, place: int, text: str, pair: str, rank: int, default: Labels) -> None:
    shown = f"dimension_numbers has {show(text)} for {_WHOSE[place]}"
    if len(text) != rank + 2:
        problem = f"{shown}, {count(len(text))} for {rank + 2} axes."
        reason = "there is one letter an axis, and lhs and rhs have as many axes as each other."
    elif text.count(pair[0]) != 1 or text.count(pair[1]) != 1:
        problem = f"{shown}, without one {pair[0]} and one {pair[1]}."
        reason = "JAX reads capital letters: N is the batch, C the channels; in rhs O is out and I is in."
    elif len(set(text)) != len(text):
        problem = f"{shown}, where a letter is repeated."
        reason = "each letter names one axis."
    else:
        return
    _refuse(labels, problem, reason, _meant(labels, rank, default), rank, default)


def _refuse_form(value: object, entries: tuple[object, ...] | None, rank: int, default: Labels) -> NoReturn:
    text = as_text(value)
    choices: list[Labels] = []
    if text is not None:
        choices += [labels for labels in common_labels(rank) if labels[0] == text.upper()[:16]]
        reason = "each of lhs, rhs and output has its own layout: three strings."
    elif entries is not None and len(entries) == 2 and None not in map(as_text, entries):
        first, second = (as_text(entry) or "" for entry in entries)
        choices += [(first, second, first), (first.upper()[:16], second.upper()[:16], first.upper()[:16])]
        reason = "the output has its own layout, the third string; it may be that of lhs."
    elif entries is not None and len(entries) == 3 and all(type(entry) is tuple for entry in entries):
        try:
            choices.append(_labels_of(entries, value, rank, default))
        except Refusal:
            choices = []
        reason = (
            "JAX takes tuples of places only as jax.lax.ConvDimensionNumbers; a plain tuple holds strings."
        )
    else:
        reason = "there is one string each for lhs, rhs and output."
    _refuse(
        value,
        f"dimension_numbers is {kind_of(value)}, not a tuple of three strings.",
        reason,
        (*choices, default),
        rank,
        default,
    )


def _meant(labels: Labels, rank: int, default: Labels) -> tuple[Labels, ...]:
    upper: Labels = (labels[0].upper(), labels[1].upper(), labels[2].upper())
    alike = [common for common in common_labels(rank) if common[0] == upper[0]]
    return (upper, (upper[0], upper[1], upper[0]), *alike, default)


def _refuse(
    value: object, problem: str, reason: str, choices: tuple[Labels, ...], rank: int, default: Labels
) -> NoReturn:
    raise Refusal(
        "dimension_numbers",
        given=value,
        problem=problem,
        legal=f"three strings of {rank + 2} letters such as {show(default)}, a ConvDimensionNumbers, or None",
        reason=reason,
        kind=RankError if "axes." in problem else ArgumentError,
        suggestions=tuple(Suggestion({"dimension_numbers": choice}) for choice in dict.fromkeys(choices)),
    )
