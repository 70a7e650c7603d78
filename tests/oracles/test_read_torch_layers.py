"""Single layers and functions of PyTorch, drawn at random, against PyTorch: the same shape, or both refuse."""

# ruff: noqa: B008 - what a call is made of is drawn when it is made, as defaults are

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

import convshape as cs
from convshape._readers._torch_read import read_torch
from convshape._refusals import Refusal

torch = pytest.importorskip("torch")
torch.set_num_threads(1)
nn, F = torch.nn, torch.nn.functional
pytestmark = pytest.mark.filterwarnings("ignore")

Draw = random.Random
REFUSED = (RuntimeError, ValueError, TypeError, IndexError, NotImplementedError)
CALLS = 60


class Call(nn.Module):
    """A function of one tensor as a module, with a module or a parameter that it may use."""

    def __init__(self, function: Callable[..., Any], *held: Any) -> None:
        super().__init__()
        self.function = function
        for number, one in enumerate(held):
            setattr(self, f"held{number}", one)

    def forward(self, x: Any) -> Any:
        return self.function(self, x)


def one(draw: Draw, *choices: Any) -> Any:
    return draw.choice(choices)


def pair(draw: Draw, *choices: int) -> Any:
    return draw.choice(choices) if draw.random() < 0.6 else (draw.choice(choices), draw.choice(choices))


def learned(*shape: int) -> Any:
    return nn.Parameter(torch.zeros(shape))


DRAWN: dict[str, Callable[[Draw], Any]] = {
    "conv": lambda draw: nn.Conv2d(4, 6, pair(draw, 1, 2, 3, 5), pair(draw, 1, 2, 3), pair(draw, 0, 1, 2), pair(draw, 1, 2), one(draw, 1, 2), one(draw, True, False)),
    "same": lambda draw: nn.Conv2d(4, 4, pair(draw, 1, 2, 3), padding="same", padding_mode=one(draw, "zeros", "reflect", "circular")),
    "transposed": lambda draw: nn.ConvTranspose2d(4, 6, pair(draw, 1, 2, 4), 3, pair(draw, 0, 1), pair(draw, 0, 1, 2)),
    "max pool": lambda draw: nn.MaxPool2d(pair(draw, 2, 3), one(draw, None, 1, 2, 3), one(draw, 0, 1), pair(draw, 1, 2), ceil_mode=one(draw, True, False)),
    "avg pool": lambda draw: nn.AvgPool2d(pair(draw, 2, 3), one(draw, None, 1, 2, 3), one(draw, 0, 1), ceil_mode=one(draw, True, False)),
    "adaptive": lambda draw: one(draw, nn.AdaptiveAvgPool2d, nn.AdaptiveMaxPool2d)(one(draw, 1, 3, (2, 5), (None, 4))),
    "padding": lambda draw: one(draw, nn.ZeroPad2d, nn.ReflectionPad2d, nn.ReplicationPad2d, nn.CircularPad2d)(one(draw, 1, 3, (0, 1, 2, 5), (4, 4, 0, 0))),
    "constant": lambda draw: nn.ConstantPad2d(one(draw, 2, -1, (-1, 2, 3, -2)), 1.0),
    "upsample": lambda draw: nn.Upsample(scale_factor=one(draw, 2, 1.5, 0.5, 0.3, 1.7, (2.0, 0.7)), mode=one(draw, "nearest", "bilinear")),
    "upsample to": lambda draw: nn.Upsample(size=one(draw, 3, (4, 9))),
    "norm": lambda draw: one(draw, nn.BatchNorm2d(4), nn.BatchNorm2d(5), nn.GroupNorm(2, 4), nn.GroupNorm(2, 6), nn.InstanceNorm2d(4), nn.InstanceNorm2d(4, affine=True), nn.BatchNorm2d(4, affine=False)).eval(),
    "pixels": lambda draw: one(draw, nn.PixelShuffle(2), nn.PixelShuffle(3), nn.PixelUnshuffle(2), nn.PixelUnshuffle(3)),
    "flatten": lambda draw: nn.Flatten(one(draw, 0, 1, 2, -2), one(draw, -1, 2, 3)),
    "dense": lambda draw: nn.Linear(one(draw, 5, 8, 11), 3),
    "activation": lambda draw: one(draw, nn.ReLU(), nn.GELU(), nn.PReLU(), nn.PReLU(4), nn.PReLU(5), nn.Softmax(1), nn.Dropout2d(0.3), nn.Hardswish()),
    "unflatten": lambda draw: nn.Unflatten(1, one(draw, (2, 2), (4, 1), (3, 2))),
    "F.conv": lambda draw: Call(lambda self, x, s=pair(draw, 1, 2), p=one(draw, 0, 1, (1, 2), "valid"): F.conv2d(x, self.held0, None, s, p, 1, 2), learned(6, 2, 3, 2)),
    "F.transposed": lambda draw: Call(lambda self, x, s=pair(draw, 1, 2): F.conv_transpose2d(x, self.held0, self.held1, stride=s, padding=1), learned(4, 6, 3, 3), learned(6)),
    "F.pool": lambda draw: Call(lambda self, x, k=pair(draw, 2, 3), c=one(draw, True, False): F.max_pool2d(F.avg_pool2d(x, k), 2, ceil_mode=c)),
    "F.pad": lambda draw: Call(lambda self, x, p=one(draw, (1, 2), (1, 2, 0, 3), (0, 0, 0, 0, 1, 2), (-1, 0, 2, -1)): F.pad(x, p)),
    "F.reflect": lambda draw: Call(lambda self, x, m=one(draw, "reflect", "replicate", "circular"): F.pad(x, (3, 2, 0, 4), mode=m)),
    "F.interpolate": lambda draw: Call(lambda self, x, f=one(draw, 2, 0.5, 1.3, (0.25, 3)): F.interpolate(x, scale_factor=f)),
    "slices": lambda draw: Call(lambda self, x, a=one(draw, 0, 1, 3, -4), b=one(draw, None, 4, 9, -1, -3), s=one(draw, 1, 2, 3): x[:, 1:3, a:b, ..., ::s]),
    "place": lambda draw: Call(lambda self, x, a=one(draw, 0, -1): x[:, :, a, None]),
    "view": lambda draw: Call(lambda self, x, t=one(draw, (-1, 4), (-1, 220), (-1, 8, 10)): x.view(*t)),
    "view batch": lambda draw: Call(lambda self, x, k=one(draw, 2, 4): x.reshape(x.size(0), k, -1, x.shape[3])),
    "permute": lambda draw: Call(lambda self, x, t=one(draw, (0, 2, 3, 1), (1, 0, 2, 3), (0, 3, -2, 1)): x.permute(*t)),
    "transpose": lambda draw: Call(lambda self, x, a=one(draw, 1, -1), b=one(draw, 2, -2): x.transpose(a, b)),
    "reduce": lambda draw: Call(lambda self, x, d=one(draw, (2, 3), [-1, -2], 1, (0, 2)), k=one(draw, True, False): x.mean(d, keepdim=k)),
    "squeeze": lambda draw: Call(lambda self, x, d=one(draw, 1, 2): F.adaptive_avg_pool2d(self.held0(x), 1).squeeze(d).unsqueeze(-1), nn.Conv2d(4, one(draw, 1, 3), 1)),
    "chunk": lambda draw: Call(lambda self, x, n=one(draw, 2, 3): torch.cat(self.held0(x).chunk(n, 1)[::-1], 1), nn.Conv2d(4, 5, 1)),
    "split": lambda draw: Call(lambda self, x, n=one(draw, 2, (1, 4), (2, 2)): torch.cat(self.held0(x).split(n, dim=1), 1), nn.Conv2d(4, 5, 1)),
    "stack": lambda draw: Call(lambda self, x, d=one(draw, 0, 1, -1): torch.stack([x, x * 2], d)),
    "gate": lambda draw: Call(lambda self, x: x * torch.sigmoid(x.mean(1, keepdim=True)) - x.amax((2, 3), keepdim=True)),
    "scale": lambda draw: Call(lambda self, x: self.held0 * x + self.held1, one(draw, learned(4, 1, 1), learned(1), learned(5, 1, 1), learned(8)), learned(1, 4, 1, 1)),
    "attention": lambda draw: Call(lambda self, x: torch.softmax(x.flatten(2).transpose(1, 2) @ x.flatten(2), -1)),
    "expand": lambda draw: Call(lambda self, x: x.mean(1, keepdim=True).expand(-1, 6, -1, -1) + x.mean(1, keepdim=True).repeat(1, 6, 1, 1)),
    "whole": lambda draw: Call(lambda self, x: F.avg_pool2d(x, x.size()[2:]) + x.norm(dim=(2, 3), keepdim=True)),
    "half": lambda draw: Call(lambda self, x: F.interpolate(x, size=(x.shape[2] // 2, x.size(-1) * 3 - 1))),
}  # fmt: skip


def executed(module: Any, size: tuple[int, ...]) -> tuple[int, ...] | None:
    """Return the shape that PyTorch makes of zeros; None where it refuses, or makes something empty."""
    try:
        with torch.no_grad():
            made = tuple(module(torch.zeros(size)).shape)
    except REFUSED:
        return None
    return None if 0 in made else made


def told(module: Any, size: tuple[int, ...]) -> tuple[int, ...] | None:
    """Return what the network says; None where it refuses."""
    try:
        return read_torch(module, size)(size)  # type: ignore[return-value]
    except cs.ShapeError:
        return None


@pytest.mark.parametrize("name", DRAWN)
def test_drawn(name: str) -> None:
    draw = random.Random(name)
    for _ in range(CALLS):
        module = DRAWN[name](draw).eval()
        size = (draw.randint(1, 3), 4, draw.randint(1, 14), draw.choice((5, 8, 11, 12)))
        try:
            assert told(module, size) == executed(module, size), (module, size)
        except Refusal as refusal:
            raise AssertionError(refusal.problem) from None
