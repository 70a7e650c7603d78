"""Whatever is passed to a network, there is an answer or a ShapeError that can be shown in every way."""

from __future__ import annotations

import json
import warnings
from typing import Any

import pytest

import convshape as cs
from tests.core import evil
from tests.core.networks.nets import unet

L = cs.layers
NET = unet(1)
CHAIN = cs.Chain([cs.Pool(2), L.Flatten(), L.Dense(3, in_features=12)])
SIZES = cs.valid_sizes(NET, "height")

CALLS: dict[str, Any] = {
    "Chain(v)": cs.Chain,
    "Chain([v])": lambda v: cs.Chain([v]),
    'Chain([("a", v)])': lambda v: cs.Chain([("a", v)]),
    "Graph(v)": cs.Graph,
    'Graph({"a": v})': lambda v: cs.Graph({"a": v}),
    'Graph({"a": (pool, v)})': lambda v: cs.Graph({"a": (cs.Pool(2), v)}),
    "graph(v)": NET,
    "chain(v)": CHAIN,
    "graph with a size": lambda v: NET((1, v, 8, 1)),
    "graph with a batch": lambda v: NET((v, 8, 8, 1)),
    "graph with channels": lambda v: NET((1, 8, 8, v)),
    "trace(v)": CHAIN.trace,
    "replace(v)": NET.replace,
    "replace a value": lambda v: NET.replace({"pool_0.strides": v}),
    "diagram(v)": NET.diagram,
    "mirror(v)": CHAIN.mirror,
    "valid_sizes(v)": lambda v: cs.valid_sizes(v, "height"),
    "valid_sizes, axis": lambda v: cs.valid_sizes(NET, v),
    "valid_sizes, input_shape": lambda v: cs.valid_sizes(NET, "height", v),
    "valid_sizes, allow_drop": lambda v: cs.valid_sizes(NET, "height", allow_drop=v),
    "v in sizes": lambda v: v in SIZES,
    "nearest(v)": SIZES.nearest,
    "padding(v)": SIZES.padding,
    "cropping(v)": SIZES.cropping,
    "receptive_field(v)": cs.receptive_field,
    "receptive_field, input_shape": lambda v: cs.receptive_field(NET, v),
    "cost(v)": lambda v: cs.cost(v, (1, 8, 8, 1)),
    "cost, input_shape": lambda v: cs.cost(NET, v),
    "cost, bytes": lambda v: cs.cost(NET, (1, 8, 8, 1), bytes_per_element=v),
    "lint(v)": cs.lint,
    "lint, input_shape": lambda v: cs.lint(NET, v),
    "read(v)": cs.read,
    "read, rules": lambda v: cs.read("nowhere.keras", rules=v),
    "layers.Custom(v, v)": lambda v: L.Custom(v, v),
    "a rule's answer": lambda v: cs.Chain([L.Custom("Mine", lambda shape: v)])((1, 8, 8, 1)),
    **{f"layers.{name}(v)": getattr(L, name) for name in L.__all__ if name not in ("Flatten", "Custom")},
}


@pytest.mark.parametrize("name", CALLS)
def test_no_value_crashes(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # NumPy's, about what is asked of its values
        for value in (*evil.EVERYTHING, *evil.once()):
            ends_well(CALLS[name], value)


def ends_well(call: Any, value: Any) -> None:
    try:
        call(value)
    except cs.ShapeError as error:
        assert len(str(error)) < 8000 and str(error).count("\n") >= 3
        assert "<script" not in error._repr_html_()
        json.dumps(error.to_json())


def test_a_crash_is_found_out() -> None:
    def fragile(value: Any) -> Any:
        return len(value)

    with pytest.raises(TypeError):
        for value in evil.EVERYTHING:
            ends_well(fragile, value)
