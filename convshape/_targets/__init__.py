"""One room a framework: how it says a convolution, what its call means, and the call as code."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from convshape._conv import Conv
    from convshape._conversion import Conversion
    from convshape._job import Job, Written
    from convshape._transposed import ConvTranspose

    class Room(Protocol):
        """What every room has.

        Attributes:
            IMPORTS: The lines that the code begins with.
            PERMUTE: How axes are exchanged, of ``x`` and ``axes``.
            PAD: How a tensor is padded, of ``pairs`` (or ``backwards``, the last axis first) and ``value``.
            VALUE: What the argument of that value is called.
        """

        IMPORTS: tuple[str, ...]
        PERMUTE: str
        PAD: str
        VALUE: str

        def write_conv(self, job: Job) -> Written: ...

        def write_transpose(self, job: Job) -> Written: ...

        def read(self, conversion: Conversion) -> Conv | ConvTranspose: ...

        def code(self, conversion: Conversion) -> list[str]: ...


def room(framework: str) -> Room:
    """Return the room of a framework."""
    from convshape._targets import _jax, _keras, _onnx, _tensorflow, _torch

    rooms = {"tensorflow": _tensorflow, "keras": _keras, "torch": _torch, "jax": _jax, "onnx": _onnx}
    return rooms[framework]
