"""What PyTorch's modules share: their words, their arguments as PyTorch keeps them, and how they answer."""

from __future__ import annotations

from convshape._errors import ArgumentError, ChannelError, SizeError
from convshape._reading import as_entries, as_index, as_text, read_whole
from convshape._refusals import Refusal, Suggestion
from convshape._show import INT64_MAX, kind_of, show
from convshape.frameworks._layer import Layer
from convshape.frameworks._torch_words import KERNEL, NAMES, TorchWords
from convshape.frameworks._words import mended

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import ClassVar

    from convshape._shapes import Shape
    from convshape._spec import Spec
    from convshape._types import ShapeLike

_NOTES = {
    "a filter for the input's channels": "the input's channels",
    "an input for this filter": "an input for this module",
}


class ModuleWords(TorchWords):
    """What a module calls its filter: in_channels, out_channels, kernel_size and groups."""

    channels_before = False  # a module's filter has no order

    def __init__(self, filter_shape: tuple[int, ...], groups: int, *, transposed: bool) -> None:
        super().__init__(NAMES)
        self.own, self.groups, self.transposed = filter_shape, groups, transposed

    def _parts(self, filter_shape: tuple[object, ...], groups: object) -> dict[str, object]:
        inside, out = filter_shape[-2:]
        if self.transposed:
            inside, out = out, inside
        grouped = out if self.transposed else inside
        whole = grouped * groups if isinstance(grouped, int) and isinstance(groups, int) else grouped
        kernel = filter_shape[:-2]
        return {
            "in_channels": inside if self.transposed else whole,
            "out_channels": whole if self.transposed else out,
            "kernel_size": kernel[0] if len(set(kernel)) == 1 else kernel,
        }

    def retold(self, refusal: Refusal, spec: Spec, shape: object = None) -> Refusal:
        """Return a core refusal in the module's words, its notes too."""
        told = super().retold(refusal, spec, shape)
        for one in told.suggestions:
            one.note = _NOTES.get(one.note, one.note)
        return told

    def filter_words(self, filter_shape: tuple[object, ...]) -> str:
        """Return how the module's constructor writes a filter."""
        parts = self._parts(filter_shape, self.groups)
        return ", ".join(f"{name} {show(value)}" for name, value in parts.items())

    def _change(self, changes: Mapping[str, object]) -> dict[str, object] | None:
        """Return changes of the constructor's arguments: groups and filter together say the channels."""
        others = {name: value for name, value in changes.items() if name != "filter_shape"}
        told = super()._change(others)
        if told is None:
            return None
        wanted: tuple[object, ...] = changes.get("filter_shape", self.own)  # type: ignore[assignment]
        new = self._parts(wanted, changes.get("groups", self.groups))
        old = self._parts(self.own, self.groups)
        return {**{name: value for name, value in new.items() if value != old[name]}, **told}

    def _channels(self, spec: Spec, shape: tuple[object, ...]) -> tuple[str, str, str]:
        channels = shape[1]
        wanted = self._parts(self.own, self.groups)["in_channels"]
        problem = f"in_channels {wanted}, but the input {show(self.shape_of(shape))} has {show(channels)}."
        if isinstance(channels, int) and channels % self.groups:
            return problem, f"input with {wanted} channels", "each group has the same number of channels."
        return (
            problem,
            f"in_channels {show(channels)}",
            "in_channels are the channels of the input, its axis C.",
        )


class TorchModule(Layer):
    """A module that is called with the shape of its input."""

    __slots__ = ()
    framework: ClassVar[str] = "torch"
    call_argument: ClassVar[str] = "input"
    rank: ClassVar[int] = 0

    def keep_plain(self) -> None:
        """Keep every argument as a value that does not change: lists become tuples."""
        for name in self._fields:
            value = getattr(self, name)
            entries = None if type(value) is str else as_entries(value)
            if entries is not None:
                self._set(**{name: tuple(as_index(entry) for entry in entries)})

    def spec_of(self, input_shape: object) -> Spec:
        """Return the core spec, or raise the bare ``Refusal``."""
        raise NotImplementedError

    def to_spec(self, input_shape: ShapeLike | None = None) -> Spec:
        """Return the core's spec of this module.

        Args:
            input_shape: An input to check beside, or None: PyTorch's modules do not need it.

        Raises:
            ShapeError: No spec does what the module does, or the module does not take the input.
        """
        kind = type(self)

        def again(input_shape: object, **arguments: object) -> Spec:
            return kind._checked(**arguments).spec_of(input_shape)

        try:
            return self.spec_of(input_shape)
        except Refusal as refusal:
            if refusal.argument == "input":
                refusal.argument = "input_shape"
                refusal.suggestions = tuple(_renamed(one) for one in refusal.suggestions)
            arguments = {**self._given(), "input_shape": input_shape}
            raise mended(f"{self.operation}.to_spec", again, arguments, refusal) from None

    def __call__(self, input: ShapeLike) -> Shape:
        """Return the output's shape for an input ``(N, C, *spatial)`` or ``(C, *spatial)``.

        Raises:
            ShapeError: PyTorch would refuse the input; the error names a fix that has been checked.
        """
        return self._called(input)


def _renamed(one: Suggestion) -> Suggestion:
    changes = {"input_shape" if name == "input" else name: value for name, value in one.changes.items()}
    return Suggestion(changes, one.note, one.reason, whole=one.whole)


def read_channels(in_channels: object, out_channels: object, groups: object) -> tuple[int, int, int]:
    """Return channels and groups, which divide both."""
    inside = read_whole("in_channels", in_channels, what="a number of channels", least=1)
    out = read_whole("out_channels", out_channels, what="a number of channels", least=1)
    number = read_whole("groups", groups, what="the number of groups", least=1)
    for name, channels in (("in_channels", inside), ("out_channels", out)):
        if channels % number:
            raise _undivided(name, channels, number, inside, out)
    return inside, out, number


def _undivided(name: str, channels: int, groups: int, inside: int, out: int) -> Refusal:
    fitting = [one for one in range(1, min(inside, out, 4096) + 1) if inside % one == out % one == 0]
    nearest = min(fitting, key=lambda one: abs(one - groups))
    below = channels // groups * groups
    sizes = [one for one in (below, below + groups) if 0 < one <= INT64_MAX]
    return Refusal(
        "groups",
        given=groups,
        problem=f"groups {groups} does not divide the {channels} {name}.",
        legal=show(tuple(fitting)),
        reason=f"every group has the same number of channels: groups divides in_channels {inside} and out_channels {out}.",
        kind=ChannelError,
        suggestions=(
            Suggestion({"groups": nearest}),
            *(Suggestion({name: size}, f"a multiple of {groups}") for size in sizes),
        ),
    )


def read_kernel(kernel_size: object, rank: int) -> tuple[int, ...]:
    """Return the kernel's size; a module takes no list of one for several axes."""
    entries = as_entries(kernel_size)
    if entries is not None and len(entries) != rank:
        number = as_index(entries[0]) if len(entries) == 1 else None
        choices = [number] if number is not None else [entries[:rank], entries[2:]]
        raise Refusal(
            "kernel_size",
            given=kernel_size,
            problem=f"kernel_size {show(kernel_size)} has {len(entries)} {'entry' if len(entries) == 1 else 'entries'}.",
            legal=f"one number, or {rank}, one a spatial axis",
            reason="a module's kernel has the spatial axes only, each written out: channels are in_channels and out_channels.",
            suggestions=tuple(Suggestion({"kernel_size": choice}) for choice in choices if choice),
        )
    return KERNEL.read(kernel_size, rank)


def per_axis(value: object, rank: int) -> object:
    """Return an argument as PyTorch's modules keep it: a number becomes one an axis, lists and words stay."""
    if as_text(value) is not None or as_entries(value) is not None:
        return value
    return (value,) * rank


def read_switch(name: str, value: object) -> bool:
    """Return a switch; 0 and 1 are taken as PyTorch takes them."""
    if type(value) is bool or as_index(value) in (0, 1):
        return bool(value)
    raise Refusal(
        name,
        given=value,
        problem=f"{name} is {kind_of(value)}.",
        legal=(True, False),
        reason="it is a switch; PyTorch reads anything as one, in silence.",
        kind=ArgumentError,
        suggestions=(Suggestion({name: True}), Suggestion({name: False})),
    )


def check_weight(filter_shape: tuple[int, ...]) -> None:
    """Refuse a weight that no tensor can hold."""
    elements = 1
    for size in filter_shape:
        elements *= size
    if elements > INT64_MAX:
        raise Refusal(
            "kernel_size",
            given=None,
            problem=f"the weight of {show(filter_shape)} has more than 2**63 - 1 elements.",
            legal="a weight of at most 2**63 - 1 elements",
            reason="PyTorch makes the weight when the module is made.",
            kind=SizeError,
        )


def read_mode(mode: object, modes: tuple[str, ...]) -> None:
    """Refuse a padding_mode that PyTorch does not know."""
    if type(mode) is str and mode in modes:
        return
    small = (as_text(mode) or "").lower()
    raise Refusal(
        "padding_mode",
        given=mode,
        problem=f"padding_mode is {kind_of(mode)}.",
        legal=modes,
        reason="PyTorch knows these words, in small letters; a transposed convolution pads with zeros alone.",
        suggestions=tuple(Suggestion({"padding_mode": one}) for one in (small, "zeros") if one in modes),
    )
