"""One named mistake, and which verbs and specs it can be made in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import convshape as cs
from tests.core.calls import LEGAL

FORWARD = ("conv_output", "padding_amounts", "Conv")
TRANSPOSED = ("transpose_output", "transpose_outputs", "check_transpose", "ConvTranspose")
POOLS = ("pool_output", "Pool")
FILTERS = ("conv_filter", "transpose_filter")
WINDOWED = (*FORWARD, *TRANSPOSED, *POOLS)
#: Where a mistake in the input's shape can be made: the verbs, and calling a spec.
FORWARD_INPUT = ("conv_output", "padding_amounts", "Conv()")
TRANSPOSED_INPUT = ("transpose_output", "transpose_outputs", "check_transpose", "ConvTranspose()")
POOL_INPUT = ("pool_output", "Pool()")


@dataclass(frozen=True)
class Mistake:
    """A legal call with one thing wrong, and what its error has to say.

    Attributes:
        name: The mistake, in words.
        whole: The verb or spec; "Conv()" is a call of a spec.
        call: The wrong call.
        argument: The argument that the error names.
        axis: The position in it that the error names.
        kind: The class of the error.
        fix: The sensible fix, literally; None where there is none.
    """

    name: str
    whole: str
    call: dict[str, Any]
    argument: str
    axis: int | None
    kind: type[cs.ShapeError]
    fix: dict[str, Any] | None

    def __str__(self) -> str:
        return f"{self.name} [{self.whole}]"

    @property
    def operation(self) -> str:
        """The name that the error calls the operation by."""
        return self.whole.removesuffix("()")

    @property
    def mended(self) -> dict[str, Any]:
        """The call with the sensible fix put in place."""
        return {**self.call, **(self.fix or {})}


def mistakes(
    name: str,
    wholes: tuple[str, ...],
    changes: Mapping[str, Any],
    fix: Mapping[str, Any] | None,
    *,
    argument: str | None = None,
    axis: int | None = None,
    kind: type[cs.ShapeError] = cs.ArgumentError,
    but: Mapping[str, Mapping[str, Any] | None] | None = None,
) -> Iterator[Mistake]:
    """Yield one mistake for each verb or spec that it can be made in.

    Args:
        name: The mistake, in words.
        wholes: The verbs and specs.
        changes: What is wrong: put in place in a legal call.
        fix: The sensible fix.
        argument: The argument that is to be named; None for the first one that was changed.
        axis: The position in it that is to be named.
        kind: The class of the error.
        but: Other fixes, for some verbs.
    """
    for whole in wholes:
        sensible = (but or {}).get(whole, fix)
        yield Mistake(
            name,
            whole,
            {**LEGAL[whole], **changes},
            argument or next(iter(changes)),
            axis,
            kind,
            None if sensible is None else dict(sensible),
        )
