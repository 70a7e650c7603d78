"""What may mend a call that only the whole call can show: arguments that changed places, a size known elsewhere."""

from __future__ import annotations

from convshape._reading import as_entries, as_index, as_text, replace
from convshape._refusals import Suggestion

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from convshape._refusals import Refusal

_SHAPES = ("input_shape", "filter_shape")


def hints(arguments: Mapping[str, object], refusal: Refusal) -> Iterator[Suggestion]:
    """Yield suggestions for a refused call that need more than the refused argument."""
    if refusal.argument in _SHAPES and all(name in arguments for name in _SHAPES):
        yield from _filter_channels(arguments, refusal)
        yield _changed_places(arguments, *_SHAPES)
    if refusal.argument in ("strides", "output_shape") and "output_shape" in arguments:
        yield _changed_places(arguments, "strides", "output_shape")
    if refusal.argument == "strides":
        yield from _ratios(arguments)


def _changed_places(arguments: Mapping[str, object], one: str, other: str) -> Suggestion:
    changes = {one: arguments.get(other), other: arguments.get(one)}
    return Suggestion(changes, f"{one} and {other} had changed places")


def _filter_channels(arguments: Mapping[str, object], refusal: Refusal) -> Iterator[Suggestion]:
    """A channel entry of the filter that cannot be read may be the input's number of channels."""
    shape, entries = as_entries(arguments["input_shape"]), as_entries(arguments["filter_shape"])
    if refusal.argument != "filter_shape" or not shape or not entries or refusal.axis is None:
        return
    first = (as_text(arguments.get("data_format")) or "").upper().startswith("NC")
    channels = as_index(shape[1 if first and len(shape) > 1 else -1])
    if channels is not None and refusal.axis >= len(entries) - 2:
        yield Suggestion({"filter_shape": replace(entries, refusal.axis, channels)}, "the input's channels")


def _ratios(arguments: Mapping[str, object]) -> Iterator[Suggestion]:
    """Strides that read like an output's shape may be meant as the sizes to reach: then their ratio is the stride."""
    shape, entries = as_entries(arguments.get("input_shape")), as_entries(arguments.get("strides"))
    if not shape or not entries or len(shape) != len(entries):
        return
    ratios = []
    for size, wanted in zip(map(as_index, shape[1:-1]), map(as_index, entries[1:-1]), strict=True):
        if not size or not wanted or not 1 <= size <= wanted or wanted % size:
            return
        ratios.append(wanted // size)
    yield Suggestion({"strides": tuple(ratios)}, "the ratio of those sizes to the input's")
