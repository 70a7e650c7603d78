"""ONNX's pools, with shapes in place of tensors."""

from __future__ import annotations

from convshape._errors import RankError, SizeError
from convshape._layouts import LAYOUTS
from convshape._pool import Pool
from convshape._reading import as_entries, as_index
from convshape._refusals import Refusal, Suggestion
from convshape._show import is_bool, kind_of, show
from convshape._sizes import forward_size
from convshape.frameworks._known import recall
from convshape.frameworks._onnx_pads import not_both, read_auto_pad, read_pads
from convshape.frameworks._onnx_words import (
    DILATIONS,
    KERNEL,
    POOL,
    STRIDES,
    X_RULE,
    check_rank,
    layout,
    per_axis,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._shapes import Shape

FOUR = "ONNX Runtime's pools know one to three axes: it says Unsupported pooling size."


def max_pool(
    X: object,
    auto_pad: object,
    ceil_mode: object,
    dilations: object,
    kernel_shape: object,
    pads: object,
    storage_order: object,
    strides: object,
) -> Shape:
    """Return the output shape of ``MaxPool``, or raise the bare ``Refusal``."""
    read_flag("storage_order", storage_order, "ONNX Runtime does not load another number.")
    spec = recall(pool_spec, rank_of(X), auto_pad, ceil_mode, dilations, kernel_shape, pads, strides)
    output = POOL.answer(spec, X)
    if spec.padding == "SAME" and any(
        size < step for size, step in zip(spec.window_shape, spec.strides, strict=True)
    ):
        check_uncropped(spec, X, "MaxPool stops with padding values must be non-negative")
    return output


def average_pool(
    X: object,
    auto_pad: object,
    ceil_mode: object,
    count_include_pad: object,
    dilations: object,
    kernel_shape: object,
    pads: object,
    strides: object,
) -> Shape:
    """Return the output shape of ``AveragePool``, or raise the bare ``Refusal``."""
    read_flag("count_include_pad", count_include_pad, "ONNX Runtime takes any other number without a word.")
    spec = recall(pool_spec, rank_of(X), auto_pad, ceil_mode, dilations, kernel_shape, pads, strides)
    return POOL.answer(spec, X)


def global_pool(X: object) -> Shape:
    """Return the output shape of a global pool, or raise the bare ``Refusal``."""
    check_rank("X", X, FOUR)
    batch, channels, *spatial = X_RULE.read(X)
    return (batch, channels, *(1 for _ in spatial))


def rank_of(X: object) -> int:
    """Return the number of X's spatial axes, or raise the bare ``Refusal``."""
    if type(X) is tuple and len(X) - 2 in LAYOUTS:
        return len(X) - 2
    entries = X_RULE.entries(X)
    check_rank("X", entries, FOUR)
    if len(entries) - 2 in LAYOUTS:
        return len(entries) - 2
    raise Refusal(
        "X",
        given=X,
        problem=f"X {show(entries)} has {len(entries)} {'entry' if len(entries) == 1 else 'entries'}, not 3, 4 or 5.",
        legal=X_RULE.pattern,
        reason="one, two or three spatial axes stand behind batch and channels.",
        kind=RankError,
        suggestions=(Suggestion({"X": ("N", *entries)}, "a batch was missing"),) if len(entries) == 2 else (),
    )


def pool_spec(
    rank: int,
    auto_pad: object,
    ceil_mode: object,
    dilations: object,
    kernel_shape: object,
    pads: object,
    strides: object,
) -> Pool:
    """Return the pool of ONNX's attributes, SAME for both SAME_*, or raise the bare ``Refusal``."""
    if kernel_shape is None:
        raise Refusal(
            "kernel_shape",
            given=None,
            problem="kernel_shape is not given.",
            legal=KERNEL.legal(rank),
            reason="a pool has no W: kernel_shape is required, and has no default.",
            suggestions=(Suggestion({"kernel_shape": (2,) * rank}, "for instance"),),
        )
    window = KERNEL.read(kernel_shape, rank)
    spread = per_axis(DILATIONS, dilations, rank, 1)
    word = read_auto_pad(auto_pad)
    if word != "NOTSET" and pads is not None:
        raise not_both(word, pads, "ONNX Runtime's pools ignore the pads in silence.")
    if word.startswith("SAME") and max(spread) > 1:
        raise Refusal(
            "dilations",
            given=dilations,
            problem=f'dilations {show(spread)} and auto_pad "{word}" are given together.',
            legal=show((1,) * rank),
            reason="ONNX Runtime's pools forget the dilation when they size SAME's padding: the result is smaller than"
            " ceil(i / s), in silence.",
            suggestions=(Suggestion({"dilations": None}), Suggestion({"auto_pad": "NOTSET"})),
        )
    return POOL.make(
        Pool,
        window_shape=window,
        strides=per_axis(STRIDES, strides, rank, 1),
        padding="SAME" if word.startswith("SAME") else read_pads(pads, rank),
        dilations=spread,
        ceil_mode=read_flag("ceil_mode", ceil_mode, "ONNX Runtime takes any number but 1 for 0, in silence."),
        data_format=layout(rank),
    )


def read_flag(argument: str, value: object, why: str) -> bool:
    """Return an attribute that is 0 or 1 as a bool, or raise the bare ``Refusal``."""
    number = int(bool(value)) if is_bool(value) else as_index(value)
    if number in (0, 1):
        return number == 1
    raise Refusal(
        argument,
        given=value,
        problem=f"{argument} is {kind_of(value)}.",
        legal="0 or 1",
        reason=why,
        suggestions=(Suggestion({argument: 1}), Suggestion({argument: 0})),
    )


def totals(spec: Pool, X: object) -> tuple[int | None, ...]:
    """Return how much SAME pads each axis of X, below 0 where it leaves elements out; None where not known."""
    sizes = (as_entries(X) or (None,) * spec._length)[2:]
    known = [as_index(size) for size in sizes]
    return tuple(
        None if size is None else (forward_size(size, 1, stride) - 1) * stride + window - size
        for size, stride, window in zip(known, spec.strides, spec.window_shape, strict=True)
    )


def check_uncropped(spec: Pool, X: object, does: str, least: int = 0) -> None:
    """Refuse SAME where it would pad by less than nothing."""
    for axis, total in enumerate(totals(spec, X)):
        if total is not None and total < least:
            raise Refusal(
                "auto_pad",
                given="SAME",
                problem=f"a kernel of {spec.window_shape[axis]} with stride {spec.strides[axis]} leaves elements of X"
                f" {show(X)} out: SAME would pad by {total}.",
                legal="NOTSET or VALID here",
                reason=f"ONNX Runtime's {does}.",
                axis=axis,
                kind=SizeError,
                suggestions=(Suggestion({"auto_pad": "NOTSET"}), Suggestion({"kernel_shape": spec.strides})),
            )


def placed(spec: Pool, X: object, auto_pad: object) -> Pool:
    """Return the pool with its elements where ONNX Runtime puts them, or raise the bare ``Refusal``."""
    if spec.padding != "SAME":
        return spec
    lower = read_auto_pad(auto_pad) == "SAME_LOWER"
    axes = tuple(zip(spec.window_shape, spec.strides, strict=True))
    if not lower and all(size >= step - 1 for size, step in axes):
        return spec
    needed = totals(spec, X)
    if X is None and all(step == 1 for _, step in axes):
        needed = tuple(size - 1 for size, _ in axes)
    if None in needed:
        raise Refusal(
            "X",
            given=X,
            problem=f"X {show(X)} does not say every spatial size, with auto_pad {show(auto_pad, code=True)} and strides.",
            legal="a shape with known spatial sizes",
            reason="how much of the padding goes to which side depends on the input's size: X is needed.",
            suggestions=(Suggestion({"auto_pad": "SAME_UPPER"}), Suggestion({"auto_pad": "VALID"})),
        )
    check_uncropped(spec, X, "windows then start inside the input, which no padding says", -1)
    pairs = []
    for total in needed:
        less = max(0, total or 0) // 2
        more = max(0, total or 0) - less
        pairs.append((more, less) if lower else (less, more))
    return POOL.make(Pool, **{**spec._values(), "padding": tuple(pairs)})
