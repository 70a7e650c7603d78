"""One node's attributes as a spec of the core."""

from __future__ import annotations

from convshape._layouts import LAYOUTS
from convshape._pool import Pool
from convshape._reading import as_entries, as_text
from convshape._refusals import Refusal, Suggestion
from convshape._show import kind_of, show
from convshape.frameworks import _onnx_conv as forward
from convshape.frameworks import _onnx_pool as pools
from convshape.frameworks import _onnx_transposed as up
from convshape.frameworks._onnx_words import FORWARD, KERNEL, POOL, TRANSPOSED, X_RULE, check_rank, layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from convshape._conv import Conv
    from convshape._transposed import ConvTranspose

_POOL: dict[str, object] = {
    "auto_pad": "NOTSET",
    "ceil_mode": 0,
    "dilations": None,
    "kernel_shape": None,
    "pads": None,
    "strides": None,
}
_CONV: dict[str, object] = {
    "auto_pad": "NOTSET",
    "dilations": None,
    "group": 1,
    "kernel_shape": None,
    "pads": None,
    "strides": None,
}
ATTRIBUTES: dict[str, dict[str, object]] = {
    "Conv": _CONV,
    "ConvTranspose": {**_CONV, "output_padding": None, "output_shape": None},
    "MaxPool": {**_POOL, "storage_order": 0},
    "AveragePool": {**_POOL, "count_include_pad": 0},
    "GlobalMaxPool": {},
    "GlobalAveragePool": {},
}


def defaults(op: object) -> Mapping[str, object]:
    """Return an operator's attributes with their defaults; nothing for what is no operator."""
    return ATTRIBUTES.get(as_text(op) or "", {})


def spec_of(op: object, W: object = None, X: object = None, **attributes: Any) -> Conv | ConvTranspose | Pool:  # noqa: ANN401
    """Return the core spec of a node, or raise the bare ``Refusal``."""
    name = as_text(op) or ""
    if name not in ATTRIBUTES:
        raise _no_operator(op)
    for attribute, value in attributes.items():
        if attribute not in ATTRIBUTES[name]:
            raise Refusal(
                attribute,
                given=value,
                problem=f"{attribute} is no attribute of {name}.",
                legal=", ".join(ATTRIBUTES[name]) or "no attributes",
                reason="a node takes the attributes of its operator.",
            )
    told = {**ATTRIBUTES[name], **attributes}
    if name == "Conv":
        conv = forward.placed(forward.forward_spec(W, None, **told), X, told["auto_pad"])
        _check_fits(conv, X)
        return conv
    if name == "ConvTranspose":
        transposed = up.placed(up.planned(W, None, **told), X)
        _check_fits(transposed, X)
        return transposed
    if W is not None:
        raise Refusal(
            "W",
            given=W,
            problem=f"W {show(W)} is given to a {name}.",
            legal="None",
            reason="a pool has no filter.",
            suggestions=(Suggestion({"W": None}),),
        )
    if name.startswith("Global"):
        return _global(X)
    flag = "storage_order" if name == "MaxPool" else "count_include_pad"
    pools.read_flag(flag, told.pop(flag), "ONNX knows 0 and 1.")
    rank = _rank(told["kernel_shape"]) if X is None else pools.rank_of(X)
    pool = pools.pool_spec(rank, **told)
    if X is not None:
        POOL.answer(pool, X)
        if name == "MaxPool" and pool.padding == "SAME":
            pools.check_uncropped(pool, X, "MaxPool stops with padding values must be non-negative")
    return pools.placed(pool, X, told["auto_pad"])


def _check_fits(made: Conv | ConvTranspose, X: object) -> None:
    """Refuse an X that the spec does not take."""
    if X is not None:
        (TRANSPOSED if hasattr(made, "output_padding") else FORWARD).answer(made, X)


def _rank(kernel_shape: object) -> int:
    entries = as_entries(kernel_shape)
    if entries is not None and len(entries) in LAYOUTS:
        return len(entries)
    return len(KERNEL.read(kernel_shape, 2))


def _global(X: object) -> Pool:
    check_rank("X", X, pools.FOUR)
    sizes = () if X is None else X_RULE.read(X)[2:]
    if not sizes or None in sizes:
        raise Refusal(
            "X",
            given=X,
            problem=f"X {show(X)} does not say every spatial size.",
            legal="a shape with known spatial sizes",
            reason="a global pool's window is its input: X is needed.",
        )
    return POOL.make(Pool, window_shape=sizes, padding="VALID", data_format=layout(len(sizes)))


def _no_operator(op: object) -> Refusal:
    from difflib import get_close_matches

    text = as_text(op)
    close = [] if text is None else get_close_matches(text[:40], ATTRIBUTES, n=2, cutoff=0.4)
    return Refusal(
        "op",
        given=op,
        problem=f"op is {kind_of(op)}.",
        legal=", ".join(f'"{name}"' for name in ATTRIBUTES),
        reason="these are the operators that convshape knows, in ONNX's spelling.",
        suggestions=tuple(Suggestion({"op": name}) for name in close),
    )
