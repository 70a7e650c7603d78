"""Networks read from live PyTorch modules against what the modules make when they run, layer by layer."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import strategies as st

from convshape._readers._torch_read import read_torch
from tests.holding import must_fail
from tests.oracles import torch_nets as nets
from tests.oracles import torch_nets_more as more

torch = pytest.importorskip("torch")
torch.set_num_threads(1)
nn, F = torch.nn, torch.nn.functional

Size = tuple[int, ...]
PICTURES: tuple[Size, ...] = ((2, 3, 64, 64), (1, 3, 75, 93), (3, 3, 101, 66))
NETS: dict[str, tuple[Any, tuple[Size, ...]]] = {
    "resnet-basic": (lambda: nets.ResNet(nets.BasicBlock), PICTURES),
    "resnet-bottleneck": (lambda: nets.ResNet(nets.Bottleneck), PICTURES),
    "vgg": (nets.VGG, PICTURES),
    "unet": (lambda: nets.UNet("as it is"), ((2, 3, 64, 48), (1, 3, 8, 40))),
    "unet-pad": (lambda: nets.UNet("pad"), PICTURES),
    "unet-crop": (lambda: nets.UNet("crop", padding=0), ((1, 3, 92, 108), (2, 3, 95, 101))),
    "unet-resize": (lambda: nets.UNet("resize"), PICTURES),
    "unet-told": (lambda: nets.UNet("told"), PICTURES),
    "dcgan-g": (nets.generator, ((2, 16, 1, 1), (1, 16, 2, 3))),
    "dcgan-d": (nets.Discriminator, ((5, 3, 64, 64), (2, 3, 80, 97))),
    "mobilenet": (nets.MobileNet, PICTURES),
    "shuffle": (nets.Shuffle, PICTURES),
    "dense": (more.DenseNet, PICTURES),
    "vision": (more.Vision, ((2, 3, 32, 32), (5, 3, 32, 32))),
    "channels-last": (more.ChannelsLast, PICTURES),
    "pyramid": (more.Pyramid, PICTURES),
}


def hooked(module: Any, size: Size) -> tuple[dict[str, Size], Size]:
    """Return the shape that every module without children makes, and the last one."""
    shapes: dict[str, Size] = {}

    def remember(name: str) -> Any:
        def hook(_: Any, __: Any, made: Any) -> None:
            number = sum(
                key == name or re.fullmatch(re.escape(name) + r"_\d+", key) is not None for key in shapes
            )
            shapes[f"{name}_{number + 1}" if number else name] = tuple(made.shape)

        return hook

    handles = [
        one.register_forward_hook(remember(name))
        for name, one in module.named_modules()
        if not [*one.children()]
    ]
    with torch.no_grad():
        made = module.eval()(torch.zeros(size))
    output = tuple((made[0] if isinstance(made, tuple) else made).shape)
    for handle in handles:
        handle.remove()
    return shapes, output


def agree(net: Any, module: Any, size: Size) -> int:
    """Check every layer's shape, the output, and the count of parameters; return how many were checked."""
    shapes, output = hooked(module, size)
    trace = net.trace(size)
    assert trace.output_shape == output
    told = {row.name: row.output_shape for row in trace.rows}
    assert {name: told[name] for name in shapes} == shapes
    assert trace.parameters == sum(one.numel() for one in module.parameters())
    kept = sum(one.numel() for name, one in module.named_buffers() if "num_batches" not in name)
    assert sum(row.statistics for row in trace.rows) == kept
    return len(shapes)


@pytest.mark.parametrize("name", NETS)
def test_every_layer_is_the_hooks(name: str) -> None:
    make, sizes = NETS[name]
    module = make()
    net = read_torch(module)
    assert all(agree(net, module, size) > 3 for size in sizes)


@pytest.mark.parametrize("name", ["vgg", "unet-pad", "mobilenet", "resnet-basic"])
def test_an_exported_module_says_the_same(name: str) -> None:
    """The second way, which code that asks for sizes needs: other names, the same numbers."""
    make, sizes = NETS[name]
    module = make()

    class Asking(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = module

        def forward(self, x: Any) -> Any:
            return self.inner(x if x.shape[2] > 9 else -x)

    net = read_torch(Asking(), ("N", 3, 64, 64))
    for size in sizes:
        shapes, output = hooked(module, size)
        trace = net.trace(size)
        assert trace.output_shape == output
        told = [row.output_shape for row in trace.rows]
        assert all(shape in told for shape in shapes.values())
        assert trace.parameters == sum(one.numel() for one in module.parameters())


def test_a_branch_not_taken_is_a_condition() -> None:
    class Branches(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv2d(3, 4, 3)

        def forward(self, x: Any) -> Any:
            return F.max_pool2d(self.conv(x), 2) if x.shape[3] > 20 else self.conv(x)

    net = read_torch(Branches(), (1, 3, 32, 32))
    assert net((1, 3, 9, 21)) == (1, 4, 3, 9)
    with pytest.raises(ValueError, match="it was read for width >= 21"):
        net((1, 3, 9, 20))


def test_sizes_have_closed_forms() -> None:
    pad = read_torch(nets.UNet("pad"))
    assert pad(("N", 3, "H", "W")) == ("N", 2, "H", "W")
    told = read_torch(nets.UNet("resize"))
    assert told(("N", 3, "H", "W")) == ("N", 2, "H", "W")
    shuffle = read_torch(nets.Shuffle())
    high = shuffle.trace(("N", 3, "H", 40)).output_shape[2]
    for size in range(9, 40):
        assert eval(str(high), {"H": size, "floor": lambda x: x // 1, "ceil": lambda x: -(-x // 1)}) == shuffle((1, 3, size, 40))[2]  # fmt: skip


def test_the_judge_is_awake() -> None:
    """A network that is not the module's is found out."""
    module = nets.ResNet(nets.BasicBlock)
    wrong = read_torch(module).replace({"maxpool.ceil_mode": True})
    must_fail(agree, wrong, st.just(module), st.just((2, 3, 64, 64)), examples=1)
