"""``output_size``: the size that a transposed convolution is asked for when it is called."""

from __future__ import annotations

from convshape._errors import OutputShapeError
from convshape._layouts import AXIS_NAMES
from convshape._reading import as_entries, as_index
from convshape._refusals import Refusal, Suggestion
from convshape._show import INT64_MAX, kind_of, show
from convshape._sizes import effective_kernel, transposed_sizes
from convshape.frameworks._torch_conv import answer
from convshape.frameworks._torch_words import DILATION, PADDING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._shapes import Shape
    from convshape.frameworks._torch_transposed_modules import Transposed


def each(module: Transposed, name: str) -> tuple[int, ...]:
    """Return an argument with one number an axis."""
    numbers: tuple[int, ...] = getattr(module, name)
    return numbers * module.rank if len(numbers) == 1 else numbers


def wanted_size(module: Transposed, shape: object, output_size: object) -> Shape:
    """Return the output of the size that is asked for (``_output_padding`` in torch/nn/modules/conv.py)."""
    plain = answer(module._words, module._bare, shape)
    rank, entries = module.rank, as_entries(output_size)
    sources: tuple[object, ...] = as_entries(shape)[-rank:]  # type: ignore[index]
    legal = tuple(_legal(module, as_index(size), axis) for axis, size in enumerate(sources))
    lengths = (rank, len(plain))
    if entries is None or len(entries) not in lengths:
        found = f"has {len(entries)} entries" if entries is not None else f"is {kind_of(output_size)}"
        raise _refusal(
            rank,
            output_size,
            f"output_size {show(entries)} {found}." if entries is not None else f"output_size {found}.",
            f"{rank} sizes, or {len(plain)} as the output has axes",
            "of batch and channels nothing is asked: PyTorch looks at the spatial sizes alone.",
            legal,
            (entries or ())[-rank:],
        )
    for name in ("stride", "padding", "dilation"):
        if len(getattr(module, name)) != rank:
            raise Refusal(
                name,
                given=getattr(module, name),
                problem=f"{name} {show(getattr(module, name))} has 1 entry, with an output_size.",
                legal=f"one number, or {rank}, one a spatial axis",
                reason="PyTorch's module reads it an axis at a time to find the output padding.",
                suggestions=(Suggestion({name: getattr(module, name)[0]}),),
            )
    wanted = entries[-rank:]
    for axis, (size, sizes) in enumerate(zip(map(as_index, wanted), legal, strict=True)):
        if size is None or size not in sizes:
            step, name = each(module, "stride")[axis], AXIS_NAMES[rank][axis]
            given = f"{size}" if size is not None else kind_of(wanted[axis])
            raise _refusal(
                rank,
                output_size,
                f"output_size {show(entries)} has a {name} of {given}, which {show(sources[axis])} cannot become"
                f" with stride {step}, padding {each(module, 'padding')[axis]}.",
                sizes,
                "(i - 1) * stride - 2 * padding + dilation * (k - 1) + 1 is the smallest size, and stride - 1 more"
                " the largest.",
                legal,
                wanted,
                len(entries) - rank + axis,
            )
    return (*plain[:-rank], *map(as_index, wanted))


def _legal(module: Transposed, size: int | None, axis: int) -> range:
    spread, taps = DILATION.read(module.dilation, module.rank)[axis], module.kernel_size[axis]
    reach = effective_kernel(taps, spread) - 2 * PADDING.read(module.padding, module.rank)[axis]
    if size is None:
        return range(max(1, reach), INT64_MAX)
    return transposed_sizes(size, reach, each(module, "stride")[axis])


def _refusal(
    rank: int,
    given: object,
    problem: str,
    legal: object,
    reason: str,
    sizes: tuple[range, ...],
    wanted: tuple[object, ...],
    axis: int | None = None,
) -> Refusal:
    choices = []
    if all(sizes) and len(wanted) == rank:
        numbers = [as_index(size) for size in wanted]
        near = tuple(
            known[0] if size is None else min(max(size, known[0]), known[-1])
            for size, known in zip(numbers, sizes, strict=True)
        )
        choices.append(Suggestion({"output_size": near}, "the nearest"))
    if all(sizes):
        choices.append(Suggestion({"output_size": tuple(known[0] for known in sizes)}, "the smallest"))
    else:
        choices.append(Suggestion({"padding": 0}))
    return Refusal(
        "output_size",
        given=given,
        problem=problem,
        legal=legal,
        reason=reason,
        kind=OutputShapeError,
        axis=axis,
        suggestions=(*choices, Suggestion({"output_size": None}, "what output_padding says")),
    )
