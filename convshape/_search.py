"""Every setting that answers a question, each geometry once, best first, and each checked by the core."""

from __future__ import annotations

from itertools import islice, product
from math import gcd

from convshape._conv import Conv
from convshape._paddings import before_and_after
from convshape._refusals import Refusal, Suggestion
from convshape._show import INT64_MAX
from convshape._sizes import default_extra, effective_kernel, reach_of
from convshape._solutions import Fit
from convshape._transposed import ConvTranspose
from convshape._ways import EXPLICIT, needed, ways

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from convshape._paddings import Padding
    from convshape._questions import Question

    Spec = Conv | ConvTranspose
    # kernel, dilation, strides, padding as it is written, elements padded before each axis
    Setting = tuple[int, int, tuple[int, ...], Padding, tuple[int, ...]]

MOST_ANSWERS = 20_000
_FORMS = ("SAME", "VALID")


def search(question: Question, most: int = MOST_ANSWERS) -> list[Fit]:
    """Return what answers the question, best first; empty if nothing within its bounds does.

    Settings that come to the same at these sizes are one answer, written in the first of these ways: with the
    smaller stride (which matters only where there is a single window), SAME, VALID, explicit.
    """
    groups: dict[tuple[object, ...], list[Setting]] = {}
    for number, setting in enumerate(_settings(question)):
        if number >= most:
            raise _too_many(question, most)
        groups.setdefault(_geometry(question, setting), []).append(setting)
    fits = (_fit(question, sorted(settings, key=_plainness)) for settings in groups.values())
    return sorted((fit for fit in fits if fit is not None), key=_place)


def solvable(question: Question) -> bool:
    """Return whether anything answers the question; stops at the first answer."""
    return any(
        _checked(question, setting) is not None for setting in islice(_settings(question), MOST_ANSWERS)
    )


def _settings(question: Question) -> Iterator[Setting]:
    """Yield every setting within the bounds that joins the sizes, one axis independent of the others."""
    paddings, rank = question.paddings, len(question.inputs)
    for kernel in question.kernels:
        # a kernel of one element spans one element, however it is dilated
        for dilation in question.dilations if kernel > 1 else question.dilations[:1]:
            extent = effective_kernel(kernel, dilation)
            if extent > INT64_MAX:
                break
            for form in paddings.forms:
                axes = [
                    ways(question.bigs[axis], question.smalls[axis], extent, question.strides, form, paddings)
                    for axis in question.axes
                ]
                # cut, so that a product of long axes is seen to be too long before it is walked through
                options = [tuple(islice(axis, MOST_ANSWERS + 1)) for axis in axes] if len(axes) > 1 else axes
                for chosen in product(*options) if len(axes) > 1 else zip(axes[0]):
                    strides, written, before = zip(*(chosen * (rank // len(axes))), strict=True)
                    yield kernel, dilation, strides, written if form == EXPLICIT else form, before


def _geometry(question: Question, setting: Setting) -> tuple[object, ...]:
    """Return what tells this setting from others at these sizes: where each window lies and which taps it has."""
    kernel, dilation, strides, _, before = setting
    return (
        kernel,
        dilation if kernel > 1 else 0,
        tuple(0 if small == 1 else stride for small, stride in zip(question.smalls, strides, strict=True)),
        before,
    )


def _plainness(setting: Setting) -> tuple[object, ...]:
    _, dilation, strides, padding, _ = setting
    if isinstance(padding, str):
        return strides, _FORMS.index(padding), (), dilation
    lopsided = any(before != after for before, after in padding)
    return strides, len(_FORMS) + lopsided, padding, dilation


def _place(fit: Fit) -> tuple[object, ...]:
    """Return where an answer stands among the others: the rule that ``solve_conv`` states, in its order."""
    spec = fit.spec
    return (
        not fit.even_overlap,
        not fit.symmetric,
        spec.filter_shape[0],
        sum(abs(before - after) for before, after in fit.padded) + sum(fit.left_over),
        spec.dilations,
        spec.strides,
        tuple(before for before, _ in fit.padded),
    )


def _fit(question: Question, settings: list[Setting]) -> Fit | None:
    checked = [_checked(question, setting) for setting in settings]
    specs = list(dict.fromkeys(spec for spec in checked if spec is not None))
    if not specs:
        return None
    best = settings[checked.index(specs[0])]
    kernel, dilation, strides, _, before = best
    extent = effective_kernel(kernel, dilation)
    after = [
        needed(big, small, extent, stride) - first
        for big, small, stride, first in zip(question.bigs, question.smalls, strides, before, strict=True)
    ]
    return Fit(
        specs[0],
        even_overlap=all(
            left >= 0 and is_even(kernel, dilation, stride, small)
            for left, stride, small in zip(after, strides, question.smalls, strict=True)
        ),
        padded=tuple((first, max(0, last)) for first, last in zip(before, after, strict=True)),
        left_over=tuple(max(0, -last) for last in after),
        also=tuple(specs[1:]),
    )


def is_even(kernel: int, dilation: int, stride: int, windows: int) -> bool:
    """Return whether every element of the bigger side meets as many taps as every other, borders aside.

    The taps stand at multiples of the dilation, and an element meets those of one remainder by the stride: all
    remainders have equally many where the stride divides the kernel and shares no factor with the dilation
    (Odena et al., "Deconvolution and checkerboard artifacts", Distill 2016, for a dilation of 1). A single
    window meets every element under it once, if it has no holes.
    """
    if windows == 1:
        return kernel == 1 or dilation == 1
    return kernel % stride == 0 and gcd(dilation, stride) == 1


def _checked(question: Question, setting: Setting) -> Spec | None:
    """Return a setting as a spec, if the core itself says that it takes the input to the output."""
    kernel, dilation, strides, padding, _ = setting
    rank = len(question.inputs)
    (inside, outside), common = question.channels, {"strides": strides, "padding": padding}
    common["dilations"] = (dilation,) * rank
    spec: Spec
    try:
        if question.transposed:
            extra = _output_padding(question, setting)
            spec = ConvTranspose.checked(  # type: ignore[assignment]
                filter_shape=(*(kernel,) * rank, outside, inside), output_padding=extra, **common
            )
        else:
            spec = Conv.checked(filter_shape=(*(kernel,) * rank, inside, outside), **common)  # type: ignore[assignment]
        made = spec.output((1, *question.inputs, inside))
    except Refusal:  # at the edge of int64: the arithmetic reaches it, no tensor does
        return None
    return spec if made == (1, *question.outputs, outside) else None


def _output_padding(question: Question, setting: Setting) -> tuple[int, ...] | None:
    """Return how far above its smallest size each axis ends; None where the default is the wanted size."""
    kernel, dilation, strides, padding, _ = setting
    extent = effective_kernel(kernel, dilation)
    extras, default = [], True
    for axis, (size, wanted, stride) in enumerate(
        zip(question.inputs, question.outputs, strides, strict=True)
    ):
        written = before_and_after(padding, axis)
        smallest = (size - 1) * stride + reach_of(written, extent)
        default = default and smallest + default_extra(written, extent, stride) == wanted
        extras.append(wanted - max(1, smallest))
    return None if default else tuple(extras)


def _too_many(question: Question, most: int) -> Refusal:
    paddings = question.paddings
    name = "asymmetric" if paddings.asymmetric else "paddings"
    choices: list[dict[str, object]] = [{"asymmetric": False}] if paddings.asymmetric else []
    choices += [{"kernels": question.kernels[:many]} for many in (7, 3) if len(question.kernels) > many]
    choices.append({"paddings": ("SAME", "VALID")})
    return Refusal(
        name,
        given=True if paddings.asymmetric else paddings.amounts,
        problem=f"more than {most} settings within the bounds join these sizes.",
        legal=f"bounds that leave at most {most}",
        reason="so many paddings fit that no list of them helps; the best stand first, within narrower bounds too.",
        suggestions=tuple(Suggestion(choice, "narrower") for choice in choices),
    )
