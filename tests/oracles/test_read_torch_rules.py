"""What cannot be read of a PyTorch module is named; rules give it; and the module is left as it was."""

from __future__ import annotations

from typing import Any

import pytest

import convshape as cs
from tests.oracles import torch_nets as nets

torch = pytest.importorskip("torch")
torch.set_num_threads(1)
nn, F = torch.nn, torch.nn.functional


class Mine(nn.Module):
    def forward(self, x: Any) -> Any:
        return torch.fft.rfft2(x).real[..., : x.shape[3]]


class Odd(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.mine, self.lstm, self.conv = Mine(), nn.LSTM(4, 4), nn.Conv2d(3, 4, 3)

    def forward(self, x: Any) -> Any:
        x = self.conv(self.mine(x))
        return self.lstm(x.mean(3).transpose(1, 2))[0]


def refused(module: Any, *shape: Any, match: str, **more: Any) -> str:
    with pytest.raises(cs.ArgumentError, match=match) as raised:
        cs.read(module, input_shape=shape[0] if shape else None, **more)
    return str(raised.value)


def test_all_that_is_unknown_is_named_at_once() -> None:
    text = refused(Odd(), (1, 3, 9, 9), match="has 2 layers")
    assert 'fft_rfft2 as "fft_rfft2" in "mine", Mine; LSTM as "lstm".' in text

    class Both(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b, self.c = nn.LSTM(3, 4), nn.Embedding(3, 4), nn.Conv2d(3, 3, 3)

        def forward(self, x: Any) -> Any:
            return self.a(x), self.b(x), torch.roll(self.c(x), 1, 2)

    text = refused(Both(), match="has 3 layers")
    assert 'LSTM as "a"; Embedding as "b"; roll as "roll" in Both.' in text
    assert 'rules={"MyModule": function}' in text


def test_rules_give_what_is_unknown() -> None:
    rules = {
        "Mine": lambda module: cs.layers.Custom("Mine", lambda shape: shape),
        "LSTM": lambda module: cs.layers.Dense(module.hidden_size),
    }
    text = refused(Odd(), (1, 3, 9, 9), rules={"Mine": rules["Mine"]}, match="has 1 layer")
    assert 'LSTM as "lstm"' in text
    net = cs.read(nn.Sequential(nn.Conv2d(3, 4, 3), Mine(), nn.ReLU()), rules=rules)
    assert net(("N", 3, 9, 9)) == ("N", 4, 7, 7)
    chain = cs.Chain([cs.Pool(2, data_format="NCHW"), cs.layers.Activation()])
    assert cs.read(nn.Sequential(Mine()), rules={"Mine": lambda module: chain})((1, 3, 8, 8)) == (1, 3, 4, 4)
    refused(
        nn.Sequential(Mine()), rules={"Mine": lambda module: 1 / 0}, match="its rule raises ZeroDivisionError"
    )
    refused(
        nn.Sequential(Mine()), rules={"Mine": lambda module: 3}, match="its rule returns 3, which is no layer"
    )


def test_code_that_asks_for_sizes_needs_a_shape() -> None:
    class Asks(nn.Module):
        def forward(self, x: Any) -> Any:
            return F.max_pool2d(x, 2) if x.shape[2] % 2 == 0 else x

    refused(Asks(), match="cannot be traced without sizes: TraceError")

    class Looks(nn.Module):
        def forward(self, x: Any) -> Any:
            return x if x.sum() > 0 else -x

    refused(Looks(), (1, 3, 9, 9), match=r"can neither be traced \(TraceError.*nor exported")

    class Two(nn.Module):
        def forward(self, x: Any, y: Any) -> Any:
            return x + y

    refused(Two(), (1, 3, 9, 9), match="takes several inputs")


def test_a_module_of_its_own_type() -> None:
    """Subclasses that only add arguments are what they derive from; shared modules are counted once."""

    class Named(nn.Conv2d):
        def __init__(self, out: int) -> None:
            super().__init__(3, out, 3, bias=False)

    class Padded(nn.Conv2d):
        def forward(self, x: Any) -> Any:
            return super().forward(F.pad(x, (0, 1, 0, 1)))

    shared = nn.Conv2d(4, 4, 1)
    module = nn.Sequential(Named(4), Padded(4, 4, 3, 2), shared, nn.ReLU(), shared)
    net = cs.read(module)
    with torch.no_grad():
        assert net((2, 3, 12, 15)) == tuple(module(torch.zeros(2, 3, 12, 15)).shape)
    assert net.trace((2, 3, 12, 15)).parameters == sum(one.numel() for one in module.parameters())
    assert cs.read(nn.DataParallel(module))((2, 3, 12, 15)) == cs.read(torch.compile(module))((2, 3, 12, 15))
    assert cs.read(nn.LayerNorm(8), input_shape=("N", "T", 8))(("N", "T", 8)) == ("N", "T", 8)
    single = cs.read(nn.Conv2d(3, 4, 3, 2))
    assert single(("N", 3, "H", 9)) == ("N", 4, "ceil(H/2) - 1", 4)


def test_several_outputs_and_options() -> None:
    class Heads(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.main, self.side = nn.Conv2d(3, 4, 3), nn.Conv2d(3, 5, 1)

        def forward(self, x: Any, mask: Any = None, flip: bool = False) -> Any:
            main = self.main(x if mask is None else x * mask)
            return {"out": main.flip(2) if flip else main, "side": self.side(x)}

    net = cs.read(Heads(), input_shape=("N", 3, 9, 9))
    assert net(("N", 3, 9, 9)) == ("N", 4, 7, 7)  # the first is the network's
    assert net.trace(("N", 3, 9, 9))["side"].output_shape == ("N", 5, 9, 9)


def test_the_module_is_left_as_it_was() -> None:
    class Asking(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.net = nets.ResNet(nets.BasicBlock)
            self.net.bn1.eval()

        def forward(self, x: Any) -> Any:
            return self.net(x) if x.shape[2] > 8 else x

    module = Asking().train()
    ran: list[object] = []
    module.register_forward_hook(lambda *given: ran.append(given))
    before = {name: one.clone() for name, one in module.state_dict().items()}
    modes = [one.training for one in module.modules()]
    net = cs.read(module, input_shape=(1, 3, 64, 64))
    assert net((1, 3, 75, 64)) == (1, 10)
    assert modes == [one.training for one in module.modules()]
    assert all(torch.equal(one, before[name]) for name, one in module.state_dict().items())
    assert not any(one.requires_grad and one.grad is not None for one in module.parameters())


def test_legal_sizes_of_classifiers() -> None:
    """What is flattened behind a pool to a fixed size does not depend on the other axis."""
    found = cs.valid_sizes(cs.read(nets.ResNet(nets.BasicBlock)), "height")
    assert str(found) == "height: any size, from 1 on"
    found = cs.valid_sizes(cs.read(nets.VGG()), "width")
    assert 31 not in found and all(size in found for size in range(32, 90))


def test_legal_sizes_of_unets() -> None:
    """Without padding only multiples fit; where the way up is padded or resized to the way down, all do."""
    plain = cs.valid_sizes(cs.read(nets.UNet("as it is")), "height")
    assert [size for size in range(1, 40) if size in plain] == [8, 16, 24, 32]
    for meet in ("pad", "resize"):
        net = cs.read(nets.UNet(meet))
        found = cs.valid_sizes(net, "height")
        fits = []
        for size in range(1, 40):
            try:
                net((1, 3, size, 64))
                fits.append(size)
            except cs.ShapeError:
                assert size < 8
        assert fits == [size for size in range(1, 40) if size in found]
