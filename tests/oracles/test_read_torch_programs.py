"""Programs as people write them in PyTorch: padding with the input itself, folded batches, branches on sizes."""

from __future__ import annotations

import pickle
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


@pytest.mark.parametrize("numbers", [(1,), (9,), (6,), (4, 3), (40,)])
def test_pictures_that_are_mixed_into_the_batch(numbers: Size) -> None:
    """``view(-1, 1)`` runs for any size: so it is legal, and the table says what happens."""
    module = nn.Sequential(nn.Conv2d(3, 2, 4), Call(lambda self, x: x.view(-1, *numbers)))
    for size in ((2, 3, 9, 6), (3, 3, 9, 8), (1, 3, 9, 7)):
        fitting(cs.read(module), module, size)
        fitting(cs.read(module), module, size, "width")


def test_mixing_is_told() -> None:
    module = nn.Sequential(nn.Conv2d(3, 1, 4), Call(lambda self, x: x.view(-1, 1).squeeze(1)))
    net = cs.read(module)
    assert net((2, 3, 6, 6)) == executed(module, (2, 3, 6, 6)) == (18,)
    assert net.trace((2, 3, 6, 6)).rows[1].detail == "(1,), folds 9 positions into the batch"
    assert str(cs.valid_sizes(net, "height")) == "height: any size, from 4 on"
    fitting(net, module, (2, 3, 6, 6))
    other = cs.read(nn.Sequential(nn.Conv2d(3, 1, 4), Call(lambda self, x: x.view(-1, 6))))
    assert "in lots of 6" in other.trace((2, 3, 6, 6)).rows[1].detail


def test_mixing_and_what_comes_after() -> None:
    """What has the old batch does not go with the new one; a batch that is not known cannot be laid out again."""
    joined = Call(
        lambda self, x: torch.cat([self.held0(x).view(-1, 18), self.held0(x).mean((2, 3))], 1),
        nn.Conv2d(3, 2, 4),
    )
    fitting(cs.read(joined), joined, (2, 3, 6, 6))
    again = Call(
        lambda self, x: self.held0(self.held1(x).view(-1, 6)).view(-1, 3, 3),
        nn.Linear(6, 9),
        nn.Conv2d(3, 2, 4),
    )
    fitting(cs.read(again), again, (2, 3, 6, 7))
    twice = Call(lambda self, x: self.held0(x).view(-1, 6).view(-1, 4), nn.Conv2d(3, 2, 4))
    with pytest.raises(cs.ArgumentError, match="a reshape above it has mixed"):
        cs.valid_sizes(cs.read(twice), "height", (2, 3, 6, 6))
    with pytest.raises(cs.SizeError, match="some are not known"):
        cs.valid_sizes(cs.read(twice), "width", (2, 3, None, 6))


SLICES: dict[str, Any] = {
    "begins": lambda self, x: x[:, :, -self.held0(x).size(2) :],
    "stops": lambda self, x: x[:, :, : -self.held0(x).size(3)],
    "both": lambda self, x: x[:, :, -self.held0(x).size(2) : -2],
    "longer": lambda self, x: x[:, :, -2 * x.size(3) :],
    "quarter": lambda self, x: x[:, :, -(x.size(2) // 4) - 1 :],
    "parted": lambda self, x: x[:, :, : -x.size(2) // 3],
    "narrow": lambda self, x: x.narrow(2, -3, 3),
    "narrow to": lambda self, x: x.narrow(2, -self.held0(x).size(2), self.held0(x).size(2)),
    "step": lambda self, x: x[:, :, -self.held0(x).size(2) :: 3],
}  # fmt: skip


@pytest.mark.parametrize("name", SLICES)
def test_slices_from_the_end(name: str) -> None:
    module = Call(SLICES[name], nn.Conv2d(3, 4, 3))
    sizes = [(2, 3, high, 5) for high in range(3, 19)]
    net = cs.read(module, input_shape=(2, 3, 40, 20))
    for size in sizes:
        runs = executed(module, size)
        if runs is None:
            with pytest.raises(cs.ShapeError):
                net(size)
        else:
            assert net(size) == runs


def test_a_distance_of_nothing_from_the_end() -> None:
    """``x[-0:]`` is all of it: where a distance from the end can be 0, it is refused."""
    module = Call(lambda self, x: self.held0(x[:, :, -(x.size(2) // 4) :]), nn.Conv2d(3, 4, 1))
    net = cs.read(module)
    assert net((2, 3, 9, 5)) == executed(module, (2, 3, 9, 5))
    with pytest.raises(cs.ShapeError, match="at least 1"):
        net((2, 3, 3, 5))


class Branches(nn.Module):
    def __init__(self, test: Any) -> None:
        super().__init__()
        self.test, self.conv = test, nn.Conv2d(3, 4, 3)

    def forward(self, x: Any) -> Any:
        return self.conv(x) if self.test(x) else F.max_pool2d(x, 2)


BRANCHES: dict[str, tuple[Any, Size, Size, Size, str]] = {
    "at most": (lambda x: x.shape[2] > 30, (2, 3, 20, 20), (2, 3, 30, 9), (2, 3, 40, 20), "height <= 30"),
    "at least": (lambda x: x.shape[3] > 30, (2, 3, 40, 40), (2, 3, 9, 31), (2, 3, 9, 30), "width >= 31"),
    "just": (lambda x: x.shape[2] == 32, (2, 3, 32, 40), (2, 3, 32, 9), (2, 3, 33, 9), "height == 32"),
    "square": (lambda x: x.shape[2] == x.shape[3], (2, 3, 20, 20), (2, 3, 9, 9), (2, 3, 9, 8), "== "),
}


@pytest.mark.parametrize("name", BRANCHES)
def test_the_other_branch_is_named(name: str) -> None:
    test, read_with, same, other, said = BRANCHES[name]
    module = Branches(test)
    net = cs.read(module, input_shape=read_with)
    assert net(read_with) == executed(module, read_with)
    assert net(same) == executed(module, same)
    assert pickle.loads(pickle.dumps(net)) == net
    with pytest.raises(cs.SizeError) as raised:
        net(other)
    text = str(raised.value)
    assert "forward branches on a size: it was read for " in text
    assert said in text
    assert f"read it again with input_shape={other}" in text
    assert cs.read(module, input_shape=other)(other) == executed(module, other)


class Squeezing(nn.Module):
    """Channels are weighed by a gate: squeeze and excitation."""

    def __init__(self) -> None:
        super().__init__()
        self.down, self.up = nn.Conv2d(3, 2, 1), nn.Conv2d(2, 3, 1)

    def forward(self, x: Any) -> Any:
        y = F.avg_pool2d(x, x.size()[2:])
        return x * torch.sigmoid(self.up(F.relu(self.down(y)))).expand_as(x)


READ: dict[str, tuple[Any, Size | None, tuple[Size, ...]]] = {
    "gate": (Squeezing, None, ((2, 3, 40, 20), (1, 3, 1, 7))),
    "expand": (
        lambda: Call(lambda self, x: self.held0(x).mean(1, keepdim=True).expand_as(x), nn.Conv2d(3, 2, 3, padding=1)),
        None,
        ((2, 3, 9, 7), (1, 3, 1, 1)),
    ),
    "whole": (lambda: Call(lambda self, x: F.avg_pool2d(F.relu(x), x.size()[2:])), None, ((2, 5, 4, 9),)),
    "vector": (
        lambda: Call(lambda self, x: F.adaptive_avg_pool2d(x, (1, 1)).squeeze(-1).squeeze(-1)),
        None,
        ((2, 5, 4, 9),),
    ),
    "whole by axes": (lambda: Call(lambda self, x: F.avg_pool2d(F.relu(x), (x.size(2), x.size(3)))), None, ((2, 5, 4, 9),)),
    "whole squeezed": (
        lambda: Call(lambda self, x: F.avg_pool2d(self.held0(x), x.size()[2:]).squeeze(-1).squeeze(-1), nn.Conv2d(3, 4, 1)),
        None,
        ((2, 3, 4, 9),),
    ),
    "told": (
        lambda: Call(lambda self, x: self.held0(x).squeeze(-1), nn.Conv2d(3, 4, (3, 5))),
        (2, 3, 9, 5),
        ((2, 3, 9, 5), (2, 3, 4, 5), (2, 3, 2, 5)),
    ),
    "told otherwise": (
        lambda: Call(lambda self, x: self.held0(x).squeeze(-1), nn.Conv2d(3, 4, (3, 5))),
        (2, 3, 9, 9),
        ((2, 3, 9, 6), (2, 3, 4, 7)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_programs_that_are_read(name: str) -> None:
    make, shape, sizes = READ[name]
    module = make()
    net = cs.read(module, input_shape=shape)
    for size in sizes:
        runs = executed(module, size)
        if runs is None:
            with pytest.raises(cs.ShapeError):
                net(size)
        else:
            assert net(size) == runs
    assert net.trace(sizes[0]).parameters == parameters(module)


def test_what_a_squeeze_was_read_for() -> None:
    module = Call(lambda self, x: self.held0(x).squeeze(-1), nn.Conv2d(3, 4, (3, 5)))
    with pytest.raises(cs.SizeError, match="has a size of 2 where Squeeze takes 1"):
        cs.read(module, input_shape=(2, 3, 9, 5))((2, 3, 9, 6))
    with pytest.raises(cs.SizeError, match="has a size of 1 where Squeeze takes at least 2"):
        cs.read(module, input_shape=(2, 3, 9, 6))((2, 3, 9, 5))
    with pytest.raises(cs.ArgumentError, match="an input_shape tells it"):
        cs.read(module)
    gate = cs.valid_sizes(cs.read(Squeezing()), "height")
    assert str(gate) == "height: any size, from 1 on"
    wrong = Call(lambda self, x: x.expand_as(self.held0(x).mean(2, keepdim=True)), nn.Conv2d(3, 3, 1))
    assert executed(wrong, (2, 3, 4, 5)) is None
    with pytest.raises(cs.ShapeError, match="the first of fewer elements"):
        cs.read(wrong)((2, 3, 4, 5))
