"""Weights that are worked out from other parameters: everything that a module learns and keeps is counted, once."""

from __future__ import annotations

from typing import Any

import pytest

import convshape as cs
from tests.oracles.test_read_torch_layers import executed

torch = pytest.importorskip("torch")
torch.set_num_threads(1)
nn, utils = torch.nn, torch.nn.utils
prune = pytest.importorskip("torch.nn.utils.prune")
pytestmark = pytest.mark.filterwarnings("ignore")

NORMS: dict[str, Any] = {
    "weight": utils.parametrizations.weight_norm,
    "weight before": utils.weight_norm,
    "weight along 1": lambda module: utils.parametrizations.weight_norm(module, dim=1),
    "spectral": utils.parametrizations.spectral_norm,
    "spectral before": utils.spectral_norm,
    "orthogonal": utils.parametrizations.orthogonal,
    "pruned": lambda module: prune.l1_unstructured(module, "weight", 3),
    "both": lambda module: utils.parametrizations.weight_norm(utils.parametrizations.weight_norm(module), "bias"),
    "none": lambda module: module,
}  # fmt: skip


def counted(net: Any, module: Any, size: tuple[int, ...]) -> None:
    """Check the output's shape and all numbers that are learned or kept."""
    trace = net.trace(size)
    assert trace.output_shape == executed(module, size)
    assert trace.parameters == sum(one.numel() for one in module.parameters())
    assert sum(row.statistics for row in trace.rows) == sum(one.numel() for one in module.buffers())


@pytest.mark.parametrize("name", NORMS)
def test_what_is_learned_beside(name: str) -> None:
    norm = NORMS[name]
    shared = norm(nn.Conv2d(8, 8, 3))
    module = nn.Sequential(
        norm(nn.Conv2d(4, 8, 5, groups=2)),
        norm(nn.ConvTranspose2d(8, 8, 3)),
        shared,
        nn.ReLU(),
        shared,
        norm(nn.Linear(5, 3)),
    )
    net = cs.read(module)
    counted(net, module, (2, 4, 11, 11))
    assert [size for size in range(1, 12) if size in cs.valid_sizes(net, "height")] == [7, 8, 9, 10, 11]


def test_the_row_is_named() -> None:
    module = utils.parametrizations.weight_norm(nn.Conv2d(4, 8, 5))
    assert cs.read(module).trace((2, 4, 11, 11)).parameters == 816
    rows = cs.read(nn.Sequential(module)).trace((2, 4, 11, 11)).rows
    assert [(row.name, row.kind, row.parameters) for row in rows] == [
        ("0", "Conv2d", 808),
        ("0.WeightNorm", "WeightNorm", 8),
    ]
    assert rows[1].detail == "parametrizations.weight.original0"


def test_weights_of_other_parameters_are_named() -> None:
    class Narrow(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.left = nn.Parameter(torch.zeros(6, 1))

        def forward(self, weight: Any) -> Any:
            return self.left @ weight

        def right_inverse(self, weight: Any) -> Any:
            return weight[:1]

    module = nn.Linear(5, 6)
    utils.parametrize.register_parametrization(module, "weight", Narrow(), unsafe=True)
    with pytest.raises(cs.ArgumentError, match="its weight is worked out from parameters of other shapes"):
        cs.read(nn.Sequential(nn.Conv2d(3, 4, 1), module))


def test_the_judge_is_awake() -> None:
    module = utils.parametrizations.weight_norm(nn.Conv2d(4, 8, 5))
    with pytest.raises(AssertionError):
        counted(cs.read(nn.Conv2d(4, 8, 5)), module, (2, 4, 11, 11))
