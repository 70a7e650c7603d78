"""Keras's names, layouts and forms of arguments, and the keywords that any of its layers takes."""

from __future__ import annotations

from convshape._errors import ArgumentError
from convshape._layouts import LAYOUTS
from convshape._reading import as_entries, as_index, as_text
from convshape._refusals import Refusal, Suggestion
from convshape._show import kind_of, show
from convshape.frameworks._numbers import Numbers
from convshape.frameworks._words import Words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

NAMES = {
    "input_shape": "input_shape",
    "filter_shape": "kernel_size",
    "window_shape": "pool_size",
    "strides": "strides",
    "padding": "padding",
    "dilations": "dilation_rate",
    "groups": "groups",
    "data_format": "data_format",
}
ONLY = "Keras takes one number for all spatial axes, or one each; batch and channels have none."
KERNEL = Numbers(
    "kernel_size", "a kernel's size", why="a kernel has spatial axes only; Keras adds the channels."
)
POOL = Numbers("pool_size", "a window's size", why=ONLY)
STRIDES = Numbers("strides", "a stride", why=ONLY)
DILATION_RATE = Numbers("dilation_rate", "a dilation", why=ONLY)
OUTPUT_PADDING = Numbers("output_padding", "an output padding", least=0, neutral=0, why=ONLY)
SIZE = Numbers("size", "an enlargement", why=ONLY)
SIZE_1D = Numbers("size", "an enlargement", each=False, why="UpSampling1D takes one int, and no list.")

PLACES = ("channels_last", "channels_first")
# What other frameworks, and older Kerases, call an argument.
OTHERS = {
    "stride": "strides",
    "dilation": "dilation_rate",
    "dilations": "dilation_rate",
    "rate": "dilation_rate",
    "atrous_rate": "dilation_rate",
    "subsample": "strides",
    "border_mode": "padding",
    "auto_pad": "padding",
    "kernel": "kernel_size",
    "ksize": "pool_size",
    "window_shape": "pool_size",
    "out_channels": "filters",
    "num_filters": "filters",
    "nb_filter": "filters",
    "features": "filters",
    "bias": "use_bias",
    "group": "groups",
    "num_groups": "groups",
    "feature_group_count": "groups",
    "channel_multiplier": "depth_multiplier",
    "dim_ordering": "data_format",
    "keep_dims": "keepdims",
    "scale_factor": "size",
    "pad": "padding",
    "crop": "cropping",
}
TAKEN = ("activity_regularizer", "trainable", "dtype", "autocast", "name", "input_shape", "input_dim")


class KerasWords(Words):
    """What Keras calls input, kernel and strides."""

    framework = "Keras"

    def padding_of(self, padding: object) -> object:
        """Return a core padding's word in small letters; Keras has no other padding."""
        text = as_text(padding)
        return None if text is None else text.lower()

    def numbers_of(self, name: str, numbers: object) -> object:
        """Return numbers that are all alike as one."""
        entries = as_entries(numbers)
        return entries[0] if entries and len(set(entries)) == 1 else numbers

    def filter_words(self, filter_shape: tuple[object, ...]) -> str:
        """Return the kernel without its channels, which Keras takes from elsewhere."""
        return f"kernel_size {show(filter_shape[:-2])}"

    def filter_change(self, filter_shape: tuple[object, ...]) -> dict[str, object] | None:
        """Return the kernel's change; its channels follow from the input and from ``filters``."""
        return {"kernel_size": self.numbers_of("kernel_size", filter_shape[:-2])}


class KerasPoolWords(KerasWords):
    """As Keras's, where a window that does not fit is said nothing of."""

    empty = (
        "Keras's pooling layers do not look when they are called: TensorFlow then returns an empty result,"
        " or its default build ends the process."
    )


WORDS = KerasWords(NAMES)
POOL_WORDS = KerasPoolWords(NAMES)


def read_numbers(rule: Numbers, value: object, rank: int) -> tuple[int, ...]:
    """Return one int a spatial axis, in the forms that Keras's ``standardize_tuple`` takes."""
    if as_entries(value) is None and not isinstance(value, int):
        number = as_index(value)
        if number is not None:
            raise numpy_scalar(rule.argument, value, number)
    return rule.read(value, rank)


def numpy_scalar(argument: str, value: object, number: int) -> Refusal:
    """Return the refusal of an integer that is no Python int, where a list might stand."""
    return Refusal(
        argument,
        given=value,
        problem=f"{argument} is {kind_of(value)}.",
        legal="a Python int, or a list",
        reason="Keras asks whether it is a Python int, and takes everything else for a list.",
        suggestions=(Suggestion({argument: number}),),
    )


def read_data_format(value: object) -> str:
    """Return ``channels_last`` or ``channels_first``; None is the first, as in an unchanged Keras."""
    if value is None:
        return PLACES[0]
    text = as_text(value)
    word = "" if text is None or len(text) > 40 else text.lower()
    if word in PLACES:
        return word
    core = word.strip().upper()
    first = "first" in word or core == "TH" or core in {pair[1] for pair in LAYOUTS.values()}
    raise Refusal(
        "data_format",
        given=value,
        problem=f"data_format is {kind_of(value)}.",
        legal=(*PLACES, None),
        reason="Keras says where the channels stand; it does not name the axes.",
        suggestions=(Suggestion({"data_format": PLACES[first]}),),
    )


def read_padding(value: object, rank: int, words: tuple[str, ...] = ("valid", "same")) -> str:
    """Return a word of padding in small letters; Keras reads it in any case."""
    text = as_text(value)
    word = "" if text is None or len(text) > 40 else text.lower()
    if word in words:
        return word
    if word == "causal":
        reason = "causal padding is Conv1D's alone: it is before the first element of one axis."
    elif text is None and value is not None:
        reason = f"Keras's layers take a word here; a layer of its own, ZeroPadding{rank}D, pads by numbers."
    else:
        reason = f"Keras knows {' and '.join(words)} here."
    meant = [choice for choice in words if choice in word] or (
        ["valid", "same"] if value is None or as_index(value) == 0 else ["same", "valid"]
    )
    raise Refusal(
        "padding",
        given=value,
        problem=f"padding is {kind_of(value)}.",
        legal=words,
        reason=reason,
        suggestions=tuple(Suggestion({"padding": choice}) for choice in meant),
    )


def check_keywords(
    keywords: Mapping[str, object], fields: tuple[str, ...], extra: tuple[str, ...] = ()
) -> None:
    """Refuse a keyword that the layer does not have, and suggest the layer's own."""
    for name, value in keywords.items():
        if name in TAKEN or name in extra:
            continue
        own = OTHERS.get(name, "")
        if name == "kernel_size" and "pool_size" in fields:
            own = "pool_size"
        if name == "padding_mode" or own not in fields:
            own = _alike(name, fields)
        reason = "Keras refuses a keyword that it does not know."
        if name == "groups":
            reason = "of Keras's layers, only the forward Conv1D, Conv2D and Conv3D have groups."
        raise Refusal(
            name,
            given=value,
            problem=f"there is no argument {name}.",
            legal=", ".join(fields),
            reason=reason,
            kind=ArgumentError,
            suggestions=(Suggestion({own: value}, f"{own} is its name, in place of {name}"),) if own else (),
        )


def _alike(name: str, fields: tuple[str, ...]) -> str:
    from difflib import get_close_matches

    return (get_close_matches(name[:40], fields, n=1, cutoff=0.75) or [""])[0]
