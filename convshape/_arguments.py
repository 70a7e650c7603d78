"""Groups, switches and layouts as people pass them, made canonical or refused."""

from __future__ import annotations

from math import gcd

from convshape._errors import ChannelError, SizeError
from convshape._layouts import KNOWN, LAYOUTS
from convshape._reading import as_text, near_integers, read_whole
from convshape._refusals import Refusal, Suggestion
from convshape._show import INT64_MAX, kind_of, show
from convshape._sizes import effective_kernel


def read_data_format(value: object, rank: int) -> str:
    """Return the layout's name for this number of spatial axes; None is channels-last."""
    last, first = LAYOUTS[rank]
    if value is None:
        return last
    text = as_text(value)
    if text in (last, first):
        return text
    word = text.upper() if text and len(text) < 20 else ""
    if word in KNOWN:
        meant, reason = (
            LAYOUTS[rank][word[1] == "C"],
            f"with {_spatial(rank)} the layouts are {last} and {first}.",
        )
    else:
        meant = first if "FIRST" in word else last
        reason = "TensorFlow names a layout by its axes, in capitals."
    raise Refusal(
        "data_format",
        given=value,
        problem=f"data_format is {kind_of(value)}.",
        legal=(last, first, None),
        reason=reason,
        suggestions=(Suggestion({"data_format": meant}),),
    )


def read_groups(value: object) -> int:
    """Return the number of groups, 1 or more."""
    return read_whole("groups", value, what="the number of groups", least=1)


def check_extents(kernel: tuple[int, ...], dilations: tuple[int, ...]) -> None:
    """Refuse dilations that spread a kernel past what any axis can hold."""
    for axis, (size, dilation) in enumerate(zip(kernel, dilations, strict=True)):
        if effective_kernel(size, dilation) > INT64_MAX:
            raise Refusal(
                "dilations",
                given=dilations,
                problem=f"dilations {show(dilations)} spread a kernel of {size} past 2**63 - 1 elements.",
                legal=f"at most {(INT64_MAX - 1) // (size - 1)} for a kernel of {size}",
                reason="no tensor has an axis of more than 2**63 - 1 elements.",
                axis=axis,
                kind=SizeError,
                suggestions=(Suggestion({"dilations": 1}, "not dilated"),),
            )


def read_flag(argument: str, value: object) -> bool:
    """Return a bool that is a bool."""
    if type(value) is bool:
        return value
    meant = near_integers(value)
    raise Refusal(
        argument,
        given=value,
        problem=f"{argument} is {kind_of(value)}.",
        legal=(False, True),
        reason="it is a switch: True or False.",
        suggestions=tuple(Suggestion({argument: bool(choice)}) for choice in (*meant, False)),
    )


def check_groups(
    groups: int, channels: int, argument: str, where: str, beside: tuple[int, str] | None = None
) -> None:
    """Refuse groups that do not divide ``channels``, the ``where`` of the call; they divide what is ``beside`` too."""
    if channels % groups == 0:
        return
    both = channels if beside is None else gcd(channels, beside[0])
    fitting = [count for count in range(1, min(both, 4096) + 1) if both % count == 0]
    nearest = min(fitting, key=lambda count: abs(count - groups))
    raise Refusal(
        argument,
        given=groups,
        problem=f"{argument} {groups} does not divide the {channels} {where}.",
        legal=f"{show(tuple(fitting))}",
        reason="every group has the same number of channels"
        + ("." if beside is None else f", and of the {beside[0]} {beside[1]}."),
        kind=ChannelError,
        suggestions=tuple(Suggestion({argument: count}) for count in dict.fromkeys((nearest, 1))),
    )


def _spatial(rank: int) -> str:
    return "1 spatial axis" if rank == 1 else f"{rank} spatial axes"
