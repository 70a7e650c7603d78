"""When nothing within the bounds joins two sizes: which sizes near by can be reached, and which bound to widen."""

from __future__ import annotations

from itertools import chain

from convshape._errors import OutputShapeError
from convshape._layouts import AXIS_NAMES
from convshape._reading import as_index
from convshape._refusals import Refusal, Suggestion
from convshape._search import solvable
from convshape._show import INT64_MAX, show
from convshape._sizes import effective_kernel
from convshape._ways import EXPLICIT, needed, reached

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from convshape._questions import Question

_WIDEST = 64  # no kernel or stride beyond is suggested: nobody wants it
_MOST_TRIED = 1024


def unsolved(question: Question, arguments: Mapping[str, object]) -> Refusal:
    """Return the refusal of a question that has no answer within its bounds."""
    sizes, smaller = [question.inputs, question.outputs], _is_inverse(question)
    axis, legal = _legal(question)
    other = "solve_conv" if question.transposed else "solve_transpose"
    suggestions = [*(_swapped(question) if smaller else ()), *_wider(question, arguments)]
    suggestions += [*_nearest(question, outputs=True), *_nearest(question, outputs=False)]
    source, wanted = (_plain(question, size) for size in sizes)
    reason = (
        "a transposed convolution makes (i - 1) * stride + span - padding, and up to stride - 1 more"
        if question.transposed
        else "a convolution makes floor((i + padding - span) / stride) + 1"
    )
    where = f" on the {AXIS_NAMES[len(question.inputs)][axis]}" if axis is not None else ""
    return Refusal(
        "output_size",
        given=arguments["output_size"],
        problem=f"nothing within the bounds takes {show(source)} to {show(wanted)}{where}.",
        legal=legal,
        reason=f"{reason}{_bounds(question)}{f'; {other} goes the other way.' if smaller else '.'}",
        axis=axis,
        kind=OutputShapeError,
        suggestions=tuple(suggestions),
    )


def _bounds(question: Question) -> str:
    said = [f"kernel {_listed(question.kernels)}", f"stride {_listed(question.strides)}"]
    if list(question.dilations) != [1]:
        said.append(f"dilation {_listed(question.dilations)}")
    return f", here with {', '.join(said[:-1])} and {said[-1]}"


def _listed(numbers: Sequence[int]) -> str:
    if type(numbers) is range:
        return show(numbers)
    shown = [show(number) for number in numbers[:5]] + (["..."] if len(numbers) > 5 else [])
    return " or ".join(shown) if len(shown) < 3 else ", ".join(shown)


def _plain(question: Question, size: tuple[int, ...]) -> int | tuple[int, ...]:
    return size[0] if question.alike else size


def _is_inverse(question: Question) -> bool:
    """Return whether the sizes go the other verb's way."""
    return any(big < small for big, small in zip(question.bigs, question.smalls, strict=True))


def _swapped(question: Question) -> Iterator[Suggestion]:
    changes = {
        "input_size": _plain(question, question.outputs),
        "output_size": _plain(question, question.inputs),
    }
    yield Suggestion(changes, "the sizes had changed places")


def _legal(question: Question) -> tuple[int | None, str]:
    """Return the axis that fails by itself, None if they only do together, and what could be reached."""
    for axis in question.axes:
        near = set(
            chain.from_iterable(_near(question, axis, group, outputs=True) for group in _groups(question))
        )
        wanted = question.outputs[axis]
        if wanted not in near:
            below, above = [size for size in near if size < wanted], [size for size in near if size > wanted]
            nearest = [show(size) for size in (*sorted(below)[-1:], *sorted(above)[:1])]
            legal = (
                " or ".join(nearest) + ", the nearest that can be reached" if nearest else "no size at all"
            )
            return (None if question.alike else axis), legal
    return None, "sizes that one kernel and one form of padding reach on all axes"


def _groups(question: Question) -> Iterator[tuple[int, str]]:
    """Yield the span of each kernel and each form of padding: what all axes have in common."""
    for kernel in question.kernels:
        for dilation in question.dilations if kernel > 1 else question.dilations[:1]:
            extent = effective_kernel(kernel, dilation)
            yield from ((extent, form) for form in question.paddings.forms)


def _near(question: Question, axis: int, group: tuple[int, str], *, outputs: bool) -> Iterator[int]:
    """Yield sizes that an axis can have in place of its output's (or input's), the nearest ones among them."""
    (extent, form), paddings = group, question.paddings
    given, wanted = question.inputs[axis], question.outputs[axis]
    if not outputs:
        given, wanted = wanted, given
    enlarges = question.transposed is outputs
    for stride in question.strides:
        low = needed(question.bigs[axis], question.smalls[axis], extent, stride)
        high = low + stride - 1
        totals: list[int | None] = [None] if form == "SAME" else [0]
        if form == EXPLICIT:
            totals = [sum(pair) for pair, _ in zip(paddings.with_total(low, high, extent), (0,))]  # noqa: B905
            totals = totals or [*paddings.totals_near(low, high, extent)]
        for total in totals:
            sizes = reached(given, extent, stride, total, transposed=enlarges)
            if sizes and sizes.start <= INT64_MAX:
                yield min(max(wanted, sizes.start), sizes.stop - 1, INT64_MAX)


def _nearest(question: Question, *, outputs: bool) -> Iterator[Suggestion]:
    """Suggest the output (or input) sizes that are nearest to those asked for, all axes together."""
    wanted = question.outputs if outputs else question.inputs
    best: tuple[int, tuple[int, ...]] | None = None
    for group in _groups(question):
        chosen, distance = [], 0
        for axis in question.axes:
            near = list(_near(question, axis, group, outputs=outputs))
            if not near:
                break
            chosen.append(min(near, key=lambda size: (abs(size - wanted[axis]), size)))
            distance += abs(chosen[-1] - wanted[axis])
        else:
            if best is None or (distance, chosen) < (best[0], list(best[1])):
                best = distance, tuple(chosen)
    if best is not None:
        name, note = ("output_size", "the nearest output") if outputs else ("input_size", "the nearest input")
        yield Suggestion({name: _plain(question, best[1])}, note)


def _wider(question: Question, arguments: Mapping[str, object]) -> list[Suggestion]:
    """Suggest the bounds that need least widening, two at most."""
    found = [*_wider_strides(question, arguments), *_wider_kernels(question, arguments)]
    if arguments["paddings"] is not None and not found:
        found.append(Suggestion({"paddings": None}, "all paddings"))
    if not question.paddings.asymmetric:
        found.append(Suggestion({"asymmetric": True}, "other padding before than after"))
    return found[:2]


def _wider_strides(question: Question, arguments: Mapping[str, object]) -> Iterator[Suggestion]:
    needed_ones: set[int] = set()
    for axis in question.axes:
        big, small = question.bigs[axis], question.smalls[axis]
        rooms = {big - 1}
        for extent, _ in _groups(question):
            amounts = question.paddings.amounts_for(extent)
            rooms |= {big - extent, big - extent + 2 * (amounts[-1] if amounts else 0)}
        # the smallest stride with (small - 1) * stride <= room < small * stride
        smallest = {room // small + 1 for room in rooms if room >= 0}
        needed_ones |= {stride for stride in smallest if stride <= _WIDEST and stride not in question.strides}
    for stride in sorted(needed_ones):
        wider = _widened(question.strides, arguments["strides"], stride)
        numbers = [wider] if isinstance(wider, int) else wider
        if solvable(question.but(strides=numbers)):
            yield Suggestion({"strides": wider}, "strides that do it")
            return


def _wider_kernels(question: Question, arguments: Mapping[str, object]) -> Iterator[Suggestion]:
    if len(question.strides) * len(question.dilations) > _MOST_TRIED:
        return
    for kernel in range(1, _WIDEST + 1):
        if kernel not in question.kernels and solvable(question.but(kernels=(kernel,))):
            wider = _widened(question.kernels, arguments["kernels"], kernel)
            yield Suggestion({"kernels": wider}, "kernels that do it")
            return


def _widened(numbers: Sequence[int], given: object, number: int) -> int | Sequence[int]:
    """Return a bound with one number more, written as it was: a number for a number, a range for a range."""
    if as_index(given) is not None:
        return number
    if type(numbers) is range:
        return range(min(numbers.start, number), max(numbers.stop, number + 1))
    return tuple(sorted({*numbers, number}))
