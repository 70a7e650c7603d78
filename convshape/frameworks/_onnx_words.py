"""ONNX's names, layouts and forms of attributes."""

from __future__ import annotations

from convshape._errors import ChannelError, RankError, SizeError
from convshape._layouts import LAYOUTS
from convshape._reading import as_entries, as_index, as_text
from convshape._refusals import Refusal, Suggestion
from convshape._shapes import ShapeRule
from convshape._show import show
from convshape.frameworks._numbers import Numbers
from convshape.frameworks._words import Words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from convshape._spec import Spec

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


class OnnxWords(Words):
    """What ONNX calls input, filter and strides; padding is one word, or all beginnings and then all ends."""

    framework = "ONNX"
    input_layout = "(N, C, *spatial)"
    filter_layout = "(out, in / group, *kernel)"
    channels_before = True
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
        pairs = getattr(spec, "padding", None)
        if type(pairs) is tuple:
            flat = (*(before for before, _ in pairs), *(after for _, after in pairs))
            text = text.replace(show(pairs), show(flat))
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


def per_axis(numbers: Numbers, value: object, rank: int, unset: int) -> tuple[int, ...]:
    """Return one number a spatial axis; None is ``unset`` for all."""
    return (unset,) * rank if value is None else numbers.read(value, rank, 1)


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


def layout(rank: int) -> str:
    """Return the core's name of ONNX's layout."""
    return LAYOUTS[rank][1]
