"""What may mend a call that only the whole call can show: arguments that changed places, a size known elsewhere."""

from __future__ import annotations

from convshape._errors import SizeError
from convshape._reading import as_entries, as_index, as_text, near_integers, replace
from convshape._refusals import Suggestion

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from convshape._refusals import Refusal


def likely(arguments: Mapping[str, object], refusal: Refusal) -> Iterator[Suggestion]:
    """Yield what the call as a whole makes likelier than anything that the refused argument alone suggests."""
    argument, strides = refusal.argument, arguments.get("strides")
    for name in ("strides", "stride"):
        if (
            argument in (name, "padding")
            and as_text(arguments.get(name)) is not None
            and "padding" in arguments
        ):
            yield from _strides_and_padding(arguments, name)
    if argument == "strides":
        yield from _ratios(arguments)
    if argument == "filter_shape" and "input_shape" in arguments:
        if as_entries(arguments["filter_shape"]) is None and len(as_entries(strides) or ()) >= 3:
            yield _changed_places(arguments, "filter_shape", "strides")
        if _has_batch(arguments["filter_shape"]):
            yield _changed_places(arguments, "input_shape", "filter_shape")
        yield from _filter_channels(arguments, refusal.axis)
    if argument in ("filter_shape", "input_shape") and not _has_extra_axis(arguments):
        yield from _missing_channels(arguments)
    if argument == "input_shape":
        yield from _input_channels(arguments, refusal.axis)


def possible(arguments: Mapping[str, object], refusal: Refusal) -> Iterator[Suggestion]:
    """Yield what may be tried when nothing nearer mends the call."""
    if refusal.argument in ("input_shape", "filter_shape") and refusal.kind is not SizeError:
        yield _changed_places(arguments, "input_shape", "filter_shape")
    if refusal.argument in ("strides", "output_shape"):
        yield _changed_places(arguments, "strides", "output_shape")


def _changed_places(arguments: Mapping[str, object], one: str, other: str) -> Suggestion:
    changes = {one: arguments.get(other), other: arguments.get(one)}
    return Suggestion(changes, f"{one} and {other} had changed places", whole=True)


def _strides_and_padding(arguments: Mapping[str, object], name: str) -> Iterator[Suggestion]:
    """Padding stands where strides do; strides then stand in padding's place, or were left to their default."""
    torch_pool = name == "stride" and "kernel_size" in arguments and "in_channels" not in arguments
    pool = torch_pool or bool(arguments.keys() & {"window_shape", "pool_size"})
    number = as_index(arguments["padding"]) if name == "stride" else None
    left = as_text(arguments["padding"]) is not None or number == 0  # PyTorch's default padding is 0
    strides = (None if pool else 1) if left else arguments["padding"]  # of a pool None is the window itself
    changes = {name: strides, "padding": arguments[name]}
    yield Suggestion(changes, f"padding stood in the place of {name}")
    if torch_pool and not near_integers(arguments[name]):  # "3" says what it is
        yield Suggestion({name: None}, "the default, the window itself")


def _has_batch(value: object) -> bool:
    entries = as_entries(value)
    return bool(entries) and (entries[0] is None or type(entries[0]) is str)  # type: ignore[index]


def _has_extra_axis(arguments: Mapping[str, object]) -> bool:
    """Return whether the input has an axis of 1 more than the filter is made for: it, not the filter, is wrong."""
    shape, entries = as_entries(arguments.get("input_shape")), as_entries(arguments.get("filter_shape"))
    if not shape or not entries or len(shape) != len(entries) + 1 or len(entries) < 3:
        return False
    return any(as_index(size) == 1 for size in shape[1:-1])


def _is_transposed(arguments: Mapping[str, object]) -> bool:
    return "output_padding" in arguments or "output_shape" in arguments


def _channels_of(arguments: Mapping[str, object]) -> int | None:
    """Return the input's channels, if they can be read."""
    shape = as_entries(arguments.get("input_shape"))
    if not shape or len(shape) < 3:
        return None
    first = (as_text(arguments.get("data_format")) or "").upper().startswith("NC")
    return as_index(shape[1 if first else -1])


def _filter_channels(arguments: Mapping[str, object], axis: int | None) -> Iterator[Suggestion]:
    """A channel entry of the filter that cannot be read may be the input's number of channels."""
    entries, channels = as_entries(arguments["filter_shape"]), _channels_of(arguments)
    if not entries or channels is None or axis is None or axis < len(entries) - 2:
        return
    if near_integers(entries[axis]):  # "32" says what it is
        return
    inside = len(entries) - 1 if _is_transposed(arguments) else len(entries) - 2
    note = "the input's channels" if axis == inside else "here as many as the input has"
    yield Suggestion({"filter_shape": replace(entries, axis, channels)}, note)


def _missing_channels(arguments: Mapping[str, object]) -> Iterator[Suggestion]:
    """A filter that is too short may lack its channels, or those of its input."""
    shape, entries = as_entries(arguments.get("input_shape")), as_entries(arguments.get("filter_shape"))
    channels = _channels_of(arguments)
    if not shape or not entries or channels is None:
        return
    rank = len(shape) - 2
    if len(entries) == rank:
        longer: tuple[object, ...] = (*entries, channels, channels)
        yield Suggestion({"filter_shape": longer}, "its channels were missing; here as many out as in")
    elif len(entries) == rank + 1 and channels != as_index(entries[-1 if _is_transposed(arguments) else -2]):
        # were its channels the input's, the filter would be whole, and the input too long
        known = entries[-1]
        pair = (known, channels) if _is_transposed(arguments) else (channels, known)
        yield Suggestion({"filter_shape": (*entries[:-1], *pair)}, "the input's channels were missing")


def _input_channels(arguments: Mapping[str, object], axis: int | None) -> Iterator[Suggestion]:
    """A channel entry of the input that cannot be read may be what the filter takes."""
    shape, entries = as_entries(arguments.get("input_shape")), as_entries(arguments.get("filter_shape"))
    if not shape or axis is None or entries is None or len(entries) != len(shape):
        return
    first = (as_text(arguments.get("data_format")) or "").upper().startswith("NC")
    if axis == (1 if first else len(shape) - 1):
        inside = as_index(entries[-1 if _is_transposed(arguments) else -2])
        groups = 1 if _is_transposed(arguments) else as_index(arguments.get("groups", 1))
        if inside is not None and groups is not None:
            yield Suggestion({"input_shape": replace(shape, axis, inside * groups)}, "the filter's channels")


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
