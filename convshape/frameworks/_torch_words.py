"""PyTorch's names, layouts and forms of arguments."""

from __future__ import annotations

from convshape._errors import RankError
from convshape._reading import as_entries, as_text
from convshape._refusals import Refusal, Suggestion
from convshape._shapes import ShapeRule
from convshape.frameworks._numbers import Numbers
from convshape.frameworks._words import Words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

    from convshape._shapes import Shape

NAMES = {
    "input_shape": "input",
    "filter_shape": "weight",
    "window_shape": "kernel_size",
    "strides": "stride",
    "padding": "padding",
    "dilations": "dilation",
    "groups": "groups",
    "output_padding": "output_padding",
    "ceil_mode": "ceil_mode",
}
ONLY = "PyTorch takes one number for all spatial axes, or one each."
STRIDE = Numbers("stride", "a stride", single=True, why=ONLY)
DILATION = Numbers("dilation", "a dilation", single=True, why=ONLY)
PADDING = Numbers(
    "padding",
    "a padding",
    least=0,
    neutral=0,
    single=True,
    why="PyTorch pads both sides of an axis alike: one number for all spatial axes, or one each.",
)
OUTPUT_PADDING = Numbers("output_padding", "an output padding", least=0, neutral=0, single=True, why=ONLY)
KERNEL = Numbers("kernel_size", "a kernel's size", single=True, why=ONLY)


class WeightRule(ShapeRule):
    """A weight: its channels stand before its kernel."""

    __slots__ = ()

    def why_rank(self) -> str:
        """Return why the number of axes is what it is."""
        return "a weight has two axes of channels, then its kernel's."

    def read(self, value: object, ranks: tuple[int, ...] = (3, 4, 5)) -> Shape:
        """Return the weight as plain ints; one of another rank is offered with the kernel's axes cut or repeated."""
        try:
            return super().read(value, ranks)
        except Refusal as refusal:
            entries = as_entries(value)
            if refusal.kind is RankError and entries and len(entries) > 2:
                fitting = (*entries, *entries[-1:] * ranks[0])[: ranks[0]]
                refusal.suggestions = (Suggestion({"weight": fitting}, "a kernel of as many axes"),)
            raise


def _weight_rules(layout: str) -> dict[int, WeightRule]:
    return {
        rank: WeightRule(
            "weight",
            batched=False,
            unknown=False,
            pattern=f"{layout}, each at least 1: {(64, 32, 5, 5, 5)[: rank + 2]}",
            channels=0,
        )
        for rank in (1, 2, 3)
    }


FORWARD_WEIGHT = _weight_rules("(out, in / groups, *kernel)")
TRANSPOSED_WEIGHT = _weight_rules("(in, out / groups, *kernel)")


def alike(numbers: tuple[int, ...]) -> object:
    """Return numbers that are all the same as one, as one would write them."""
    return numbers[0] if len(set(numbers)) == 1 else numbers


class TorchWords(Words):
    """What PyTorch calls input, filter and strides; padding is alike on both sides."""

    framework = "PyTorch"
    input_layout = "(N, C, *spatial)"
    filter_layout = "(out, in / groups, *kernel)"
    channels_before = True

    def unbatched(self) -> Self:
        """Return these words for an input without a batch."""
        words = object.__new__(type(self))
        words.__dict__.update(self.__dict__)
        words.shape_of = lambda shape: shape[1:]  # type: ignore[method-assign]
        return words

    def filter_of(self, sizes: tuple[object, ...]) -> tuple[object, ...]:
        """Return a core filter shape as a weight's: channels first, and the other way round."""
        return (sizes[-1], sizes[-2], *sizes[:-2])

    def padding_of(self, padding: object) -> object:
        """Return symmetric core padding as PyTorch writes it; PyTorch has no other."""
        text = as_text(padding)
        if text is not None:
            return {"SAME": "same", "VALID": 0}.get(text)
        pairs = as_entries(padding)
        if pairs is None:
            return padding
        halves = [as_entries(pair) for pair in pairs]
        if not all(half is not None and len(half) == 2 and half[0] == half[1] for half in halves):
            return None
        numbers = tuple(half[0] for half in halves if half)
        return numbers[0] if len(set(numbers)) == 1 else numbers

    def numbers_of(self, name: str, numbers: object) -> object:
        """Return numbers that are all alike as one."""
        entries = as_entries(numbers)
        return entries[0] if entries and len(set(entries)) == 1 else numbers


class TorchTransposedWords(TorchWords):
    """As PyTorch's, where the weight belongs to a transposed convolution."""

    filter_layout = "(in, out / groups, *kernel)"
    transposed = True

    def padding_of(self, padding: object) -> object:
        """Return symmetric core padding; PyTorch's transposed convolution knows no words."""
        return None if as_text(padding) == "SAME" else super().padding_of(padding)


FORWARD = TorchWords(NAMES)
TRANSPOSED = TorchTransposedWords(NAMES)
