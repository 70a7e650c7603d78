"""Programs as people write them in PyTorch: padding with the input itself, folded batches, branches on sizes."""

from __future__ import annotations

from typing import Any

import pytest

import convshape as cs
from tests.oracles.test_read_torch_layers import Call, executed

torch = pytest.importorskip("torch")
torch.set_num_threads(1)
nn, F = torch.nn, torch.nn.functional
pytestmark = pytest.mark.filterwarnings("ignore")

Size = tuple[int, ...]


def parameters(module: Any) -> int:
    return sum(one.numel() for one in module.parameters())


def fits(module: Any, size: Size, axis: int, most: int) -> list[int]:
    """Return the sizes of an axis with which a module runs."""
    sizes = [(*size[:axis], number, *size[axis + 1 :]) for number in range(1, most)]
    return [one[axis] for one in sizes if executed(module, one) is not None]


def fitting(net: Any, module: Any, size: Size, axis: str = "height", most: int = 30) -> None:
    """Check that the legal sizes are those with which the module runs, and that the network is called with them."""
    place = {"height": 2, "width": 3}[axis]
    legal = cs.valid_sizes(net, axis, size)
    runs = fits(module, size, place, most)
    assert [number for number in range(1, most) if number in legal] == runs, legal
    for number in runs:
        given = (*size[:place], number, *size[place + 1 :])
        assert net(given) == executed(module, given)


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
@pytest.mark.parametrize(("stride", "padding"), [(2, 2), (1, "same"), (1, (3, 1))])
def test_padding_with_the_input_itself(mode: str, stride: int, padding: Any) -> None:
    """The sizes are plain: names go through, the weights are counted; too little to reflect is refused."""
    module = nn.Sequential(nn.Conv2d(3, 4, 5, stride, padding, padding_mode=mode), nn.Conv2d(4, 2, 2))
    net, zeros = cs.read(module), cs.read(nn.Sequential(nn.Conv2d(3, 4, 5, stride, padding), module[1]))
    assert net(("N", 3, "H", "W")) == zeros(("N", 3, "H", "W"))
    trace = net.trace((2, 3, 16, 17))
    assert trace.output_shape == executed(module, (2, 3, 16, 17))
    assert trace.parameters == parameters(module)
    assert trace.rows[0].detail.endswith(f", {mode}")
    assert cs.cost(net, (2, 3, 16, 17)).macs == cs.cost(zeros, (2, 3, 16, 17)).macs
    fitting(net, module, (1, 3, 9, 11))
    fitting(net, module, (1, 3, 9, 11), "width")


def test_the_judge_of_legal_sizes_is_awake() -> None:
    module = nn.Conv2d(3, 4, 5, padding=3, padding_mode="reflect")
    wrong = cs.read(nn.Conv2d(3, 4, 5, padding=3))
    with pytest.raises(AssertionError):
        fitting(wrong, module, (1, 3, 9, 11))
