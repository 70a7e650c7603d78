"""ONNX's names, layouts and forms of attributes."""

from __future__ import annotations

from convshape._errors import ArgumentError, ChannelError, RankError, SizeError
from convshape._layouts import LAYOUTS
from convshape._reading import as_entries, as_index, as_text
from convshape._refusals import Refusal, Suggestion
from convshape._shapes import ShapeRule
from convshape._show import kind_of, show
from convshape.frameworks._numbers import Numbers
from convshape.frameworks._words import Words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from convshape._spec import Spec

    Pairs = tuple[tuple[int, int], ...]

NAMES = {
    "input_shape": "X",
    "filter_shape": "W",
    "window_shape": "kernel_shape",
    "strides": "strides",
    "padding": "pads",
    "dilations": "dilations",
    "groups": "group",
    "output_padding": "output_padding",
    "ceil_mode": "ceil_mode",
}
ONLY = "ONNX takes a list of one number a spatial axis, no single number and no empty list."
STRIDES = Numbers("strides", "a stride", scalar=False, why=ONLY)
DILATIONS = Numbers("dilations", "a dilation", scalar=False, why=ONLY)
KERNEL = Numbers("kernel_shape", "a kernel's size", scalar=False, why=ONLY)
OUTPUT_PADDING = Numbers("output_padding", "an output padding", least=0, neutral=0, scalar=False, why=ONLY)
X_RULE = ShapeRule(
    "X",
    batched=True,
    unknown=True,
    pattern="(N, C, *spatial): one to three spatial axes, each size at least 1; None where not known",
)
FORWARD_W = ShapeRule(
    "W",
    batched=False,
    unknown=False,
    pattern="(out, in / group, *kernel), each at least 1: (64, 32, 5, 5)",
    channels=0,
)
TRANSPOSED_W = ShapeRule(
    "W",
    batched=False,
    unknown=False,
    pattern="(in, out / group, *kernel), each at least 1: (64, 32, 5, 5)",
    channels=0,
)
AUTO_PADS = ("NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID")


class OnnxWords(Words):
    """What ONNX calls input, filter and strides; padding is one word, or all beginnings and then all ends."""

    framework = "ONNX"
    input_layout = "(N, C, *spatial)"
    filter_layout = "(out, in / group, *kernel)"
    empty = "ONNX Runtime refuses it when it runs; onnx.shape_inference may pass it on as 1, 0 or less."

    def filter_of(self, sizes: tuple[object, ...]) -> tuple[object, ...]:
        """Return a core filter shape as W's: channels first, and the other way round."""
        return (sizes[-1], sizes[-2], *sizes[:-2])

    def _change(self, changes: Mapping[str, object]) -> dict[str, object] | None:
        rest = {name: value for name, value in changes.items() if name != "padding"}
        told = super()._change(rest)
        if told is None or "padding" not in changes:
            return told
        word = as_text(changes["padding"])
        if word is not None:
            return {**told, "auto_pad": "SAME_UPPER" if word == "SAME" else "NOTSET", "pads": None}
        pairs = as_entries(changes["padding"])
        halves = [as_entries(pair) for pair in pairs or ()]
        if not all(half is not None and len(half) == 2 for half in halves) or not halves:
            return None
        flat = (*(half[0] for half in halves if half), *(half[1] for half in halves if half))
        return {**told, "auto_pad": "NOTSET", "pads": flat}

    def _text(self, text: str, spec: Spec, entries: tuple[object, ...] | None) -> str:
        text = text.replace("padding (", "pads (").replace("padding ", "padding\0")
        return super()._text(text, spec, entries).replace("padding\0", "padding ")


class OnnxTransposedWords(OnnxWords):
    """As ONNX's, where W belongs to a transposed convolution."""

    filter_layout = "(in, out / group, *kernel)"
    transposed = True


class OnnxPoolWords(OnnxWords):
    """As ONNX's, for pools."""

    empty = (
        "ONNX Runtime's pools divide towards zero: they return a size of 1 or 0 in silence, and refuse only"
        " what lies further below."
    )


FORWARD = OnnxWords(NAMES)
TRANSPOSED = OnnxTransposedWords(NAMES)
POOL = OnnxPoolWords(NAMES)


def read_auto_pad(auto_pad: object) -> str:
    """Return one of ONNX's four words, or raise the bare ``Refusal``."""
    word = as_text(auto_pad)
    if word in AUTO_PADS:
        return word  # type: ignore[return-value]
    meant = {"same": ("SAME_UPPER", "SAME_LOWER"), "valid": ("VALID",), "explicit": ("NOTSET",)}
    close = next(
        (words for key, words in meant.items() if word and word[:20].lower().startswith(key)), AUTO_PADS[:1]
    )
    if word and word[:20].upper() in AUTO_PADS:
        close = (word.upper(),)
    raise Refusal(
        "auto_pad",
        given=auto_pad,
        problem=f"auto_pad is {kind_of(auto_pad)}.",
        legal=", ".join(f'"{one}"' for one in AUTO_PADS),
        reason="ONNX knows these four words, in capitals; SAME_UPPER puts the odd element at the end.",
        suggestions=tuple(Suggestion({"auto_pad": one}) for one in close),
    )


def read_pads(pads: object, rank: int) -> Pairs:
    """Return one pair a spatial axis of ONNX's flat list, or raise the bare ``Refusal``."""
    if pads is None:
        return ((0, 0),) * rank
    entries = as_entries(pads)
    numbers = [] if entries is None else [as_index(entry) for entry in entries]
    if len(numbers) == 2 * rank and all(number is not None and 0 <= number < 2**63 for number in numbers):
        return tuple(zip(numbers[:rank], numbers[rank:], strict=True))  # type: ignore[arg-type]
    raise _wrong_pads(pads, entries, rank)


def _wrong_pads(pads: object, entries: tuple[object, ...] | None, rank: int) -> Refusal:
    suggestions: list[Suggestion] = []
    kind: type[ArgumentError | SizeError] = ArgumentError
    axis = None
    reason = "ONNX lists the padding before each spatial axis, then the padding after each."
    number, word = as_index(pads), as_text(pads)
    if word is not None:
        reason = "pads are numbers; the words belong to auto_pad."
        auto = {"valid": "VALID"}.get(word.lower()[:9], "SAME_UPPER")
        suggestions.append(Suggestion({"auto_pad": auto, "pads": None}))
        problem = f"pads is {kind_of(pads)}."
    elif entries is None:
        problem = f"pads is {kind_of(pads)}."
        if number is not None and number >= 0:
            suggestions.append(Suggestion({"pads": (number,) * (2 * rank)}))
    elif len(entries) != 2 * rank or all(as_entries(entry) is not None for entry in entries):
        problem = f"pads {show(entries)} has {len(entries)} entries, not {2 * rank} numbers."
        halves = [as_entries(entry) for entry in entries]
        if len(entries) == rank and all(half is not None and len(half) == 2 for half in halves):
            starts = tuple(half[0] for half in halves if half)
            ends = tuple(half[1] for half in halves if half)
            suggestions.append(Suggestion({"pads": (*starts, *ends)}))
        elif len(entries) == rank:
            suggestions.append(Suggestion({"pads": entries * 2}, "the same on both sides"))
        elif len(entries) and len(set(map(as_index, entries))) == 1:
            suggestions.append(Suggestion({"pads": (entries[0],) * (2 * rank)}))
    else:
        axis = next(
            place
            for place, entry in enumerate(entries)
            if not 0 <= (-1 if as_index(entry) is None else as_index(entry)) < 2**63  # type: ignore[operator]
        )
        problem = f"pads {show(entries)} has {kind_of(entries[axis])}, at position {axis}."
        reason = "padding counts elements: whole numbers of at least 0; ONNX's shape inference refuses others at load."
        wrong = as_index(entries[axis])
        kind = SizeError if wrong is not None and wrong > 0 else ArgumentError
        nearest = tuple(
            max(0, as_index(entry) or 0) if (as_index(entry) or 0) < 2**63 else 0 for entry in entries
        )
        suggestions.append(Suggestion({"pads": nearest}))
    return Refusal(
        "pads",
        given=pads,
        problem=problem,
        legal=f"{2 * rank} numbers of at least 0, all beginnings and then all ends, or None",
        reason=reason,
        kind=kind,
        axis=axis,
        suggestions=(*suggestions, Suggestion({"pads": None}, "no padding")),
    )


def per_axis(numbers: Numbers, value: object, rank: int, unset: int) -> tuple[int, ...]:
    """Return one number a spatial axis; None is ``unset`` for all."""
    return (unset,) * rank if value is None else numbers.read(value, rank)


def flat(pairs: Pairs) -> tuple[int, ...]:
    """Return pairs as ONNX lists them: all beginnings, then all ends."""
    return (*(before for before, _ in pairs), *(after for _, after in pairs))


def check_rank(argument: str, shape: object, what: str) -> None:
    """Refuse more spatial axes than convshape knows."""
    entries = as_entries(shape)
    if entries is not None and len(entries) > 5:
        raise Refusal(
            argument,
            given=shape,
            problem=f"{argument} {show(entries)} has {len(entries) - 2} spatial axes.",
            legal="one, two or three spatial axes",
            reason=what,
            kind=RankError,
        )


def check_kernel_shape(kernel_shape: object, kernel: Iterable[int]) -> None:
    """Refuse a ``kernel_shape`` that is not W's."""
    kernel = tuple(kernel)
    if kernel_shape is None or KERNEL.read(kernel_shape, len(kernel)) == kernel:
        return
    raise Refusal(
        "kernel_shape",
        given=kernel_shape,
        problem=f"kernel_shape {show(kernel_shape)} is not the kernel of W, {show(kernel)}.",
        legal=f"{show(kernel)} or None",
        reason="W says how large the kernel is; onnx.shape_inference believes kernel_shape, ONNX Runtime refuses.",
        kind=SizeError,
        suggestions=(Suggestion({"kernel_shape": kernel}), Suggestion({"kernel_shape": None}, "left to W")),
    )


def check_bias(bias: object, outside: int) -> None:
    """Refuse a B that has not one entry an output channel."""
    if bias is None:
        return
    entries = as_entries(bias)
    if entries is not None and len(entries) == 1 and as_index(entries[0]) == outside:
        return
    raise Refusal(
        "B",
        given=bias,
        problem=f"B {show(bias)} is not the shape of {outside} numbers.",
        legal=f"({outside},) or None",
        reason="B is one number an output channel, of all groups together.",
        kind=ChannelError,
        suggestions=(Suggestion({"B": (outside,)}), Suggestion({"B": None}, "without a bias")),
    )


def not_both(auto_pad: str, pads: object, does: str) -> Refusal:
    """Return the refusal of padding that is given twice."""
    return Refusal(
        "pads",
        given=pads,
        problem=f'pads {show(pads)} and auto_pad "{auto_pad}" are given together.',
        legal="None beside an auto_pad other than NOTSET",
        reason=f"auto_pad works the padding out, pads are its numbers: {does}",
        suggestions=(
            Suggestion({"pads": None}),
            Suggestion({"auto_pad": "NOTSET"}),
        ),
    )


def layout(rank: int) -> str:
    """Return the core's name of ONNX's layout."""
    return LAYOUTS[rank][1]
