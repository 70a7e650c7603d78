"""Mistakes in the output_shape that a transposed convolution is to make."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import convshape as cs
from tests.core.mistake import Mistake, mistakes

CHECK = ("check_transpose",)


def wanted(name: str, shape: Any, fix: dict[str, Any] | None, **rest: Any) -> Iterator[Mistake]:
    """Yield the mistake of wanting this output_shape."""
    rest.setdefault("kind", cs.OutputShapeError)
    return mistakes(name, CHECK, {"output_shape": shape, **rest.pop("with_", {})}, fix, **rest)


def _output(*shape: object) -> dict[str, object]:
    return {"output_shape": shape}


DEFAULT = _output("N", 16, 16, 32)
VALID = {"padding": "VALID"}
OUTPUTS: tuple[Mistake, ...] = (
    *wanted("one below the legal sizes", ("N", 14, 16, 32), _output("N", 15, 16, 32), axis=1),
    *wanted("one above the legal sizes", ("N", 15, 17, 32), _output("N", 15, 16, 32), axis=2),
    *wanted("far above the legal sizes", ("N", 31, 31, 32), DEFAULT, axis=1),
    *wanted("twice as much again: a stride of 4", ("N", 32, 32, 32), {"strides": (4, 4)}, axis=1),
    *wanted("the input's own size", ("N", 8, 8, 32), _output("N", 15, 15, 32), axis=1),
    *wanted("a size of VALID", ("N", 19, 19, 32), DEFAULT, axis=1),
    *wanted("a size of SAME under VALID", ("N", 16, 16, 32), _output("N", 19, 19, 32), axis=1, with_=VALID),
    *wanted("a smaller size than the kernel under VALID", ("N", 4, 4, 32), _output("N", 19, 19, 32), axis=1, with_=VALID),
    *wanted("an odd size that another input reaches", ("N", 7, 7, 32), _output("N", 6, 6, 32), axis=1,
            with_={"input_shape": ("N", 3, 3, 64), "strides": 2}) ,
    *wanted("spatial sizes alone", (16, 16), DEFAULT),
    *wanted("without its batch", (16, 16, 32), DEFAULT),
    *wanted("without its channels", ("N", 16, 16), DEFAULT),
    *wanted("one axis too many", ("N", 1, 16, 16, 32), DEFAULT),
    *wanted("empty", (), DEFAULT),
    *wanted("-1 for the batch", (-1, 16, 16, 32), DEFAULT, axis=0),
    *wanted("-1 for a size", ("N", -1, 16, 32), DEFAULT, axis=1),
    *wanted("-1 for both sizes", ("N", -1, -1, 32), DEFAULT, axis=1),
    *wanted("None for the batch", (None, 16, 16, 32), DEFAULT, axis=0),
    *wanted("None for a size", ("N", None, 16, 32), DEFAULT, axis=1),
    *wanted("None for the batch of an unknown batch", (None, 16, 16, 32),
            {"input_shape": ("N", 8, 8, 64), "output_shape": ("N", 16, 16, 32)}, axis=0,
            with_={"input_shape": (None, 8, 8, 64)}),
    *wanted("None for the channels", ("N", 16, 16, None), DEFAULT, axis=3),
    *wanted("another batch", (3, 16, 16, 32), _output(4, 16, 16, 32), axis=0, with_={"input_shape": (4, 8, 8, 64)}),
    *wanted("another batch's name", ("M", 16, 16, 32), DEFAULT, axis=0),
    *wanted("a number for a named batch", (4, 16, 16, 32), DEFAULT, axis=0),
    *wanted("the input's channels", ("N", 16, 16, 64), DEFAULT, axis=3),
    *wanted("channels of no filter", ("N", 16, 16, 31), DEFAULT, axis=3),
    *wanted("channels first", ("N", 32, 16, 16), DEFAULT, axis=3),
    *wanted("float size", ("N", 16.0, 16, 32), DEFAULT, axis=1),
    *wanted("numpy float size", ("N", np.float64(16), 16, 32), DEFAULT, axis=1),
    *wanted("text size", ("N", "16", 16, 32), DEFAULT, axis=1),
    *wanted("bool size", ("N", True, 16, 32), DEFAULT, axis=1),
    *wanted("empty axis", ("N", 0, 16, 32), DEFAULT, axis=1),
    *wanted("size past int64", ("N", 2**63, 16, 32), DEFAULT, axis=1),
    *wanted("a batch that is no name", ("a b", 16, 16, 32), DEFAULT, axis=0),
    *wanted("a shape as text", "N,16,16,32", DEFAULT),
    *wanted("a number for a shape", 16, DEFAULT),
    *wanted("no shape", None, DEFAULT),
    *mistakes("stride 0 with an output", CHECK, {"strides": 0}, {"strides": (2, 2)}),
    *mistakes("stride of another output", CHECK, {"strides": 3}, _output("N", 22, 22, 32), argument="output_shape", axis=1,
              kind=cs.OutputShapeError),
    *mistakes("stride past int64 with an output", CHECK, {"strides": 2**63}, None, kind=cs.SizeError),
)  # fmt: skip
