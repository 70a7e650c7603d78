"""More networks as people write them in PyTorch: dense connections, attention, norms with the channels last, pyramids."""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch")
nn, F = torch.nn, torch.nn.functional


class DenseLayer(nn.Module):
    def __init__(self, inside: int, growth: int) -> None:
        super().__init__()
        self.norm, self.conv = nn.BatchNorm2d(inside), nn.Conv2d(inside, growth, 3, padding=1)

    def forward(self, features: Any) -> Any:
        return self.conv(F.relu(self.norm(torch.cat(features, 1))))


class DenseNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem, self.head = nn.Conv2d(3, 4, 3), nn.Linear(20, 3)
        self.layers = nn.ModuleList(DenseLayer(4 + 4 * place, 4) for place in range(4))

    def forward(self, x: Any) -> Any:
        features = [self.stem(x)]
        for layer in self.layers:
            features.append(layer(features))
        x = F.adaptive_avg_pool2d(torch.cat(features, 1), (1, 1))
        return self.head(x.flatten(1))


class Vision(nn.Module):
    """A vision transformer of one block; its pictures are 32 x 32."""

    def __init__(self, width: int = 16) -> None:
        super().__init__()
        self.patches = nn.Conv2d(3, width, 4, 4)
        self.first = nn.Parameter(torch.zeros(1, 1, width))
        self.places = nn.Parameter(torch.zeros(1, 65, width))
        self.norm, self.qkv, self.out = (
            nn.LayerNorm(width),
            nn.Linear(width, 3 * width),
            nn.Linear(width, width),
        )
        self.head = nn.Linear(width, 5)

    def forward(self, x: Any) -> Any:
        x = self.patches(x).flatten(2).transpose(1, 2)
        batch, length, width = x.shape
        x = torch.cat([self.first.expand(batch, -1, -1), x], 1) + self.places
        q, k, v = self.qkv(self.norm(x)).reshape(batch, length + 1, 3, 2, width // 2).permute(2, 0, 3, 1, 4)
        seen = ((q @ k.transpose(-2, -1)).softmax(-1) @ v).transpose(1, 2).reshape(batch, length + 1, width)
        return self.head((x + self.out(seen))[:, 0])


class ChannelsLast(nn.Module):
    """ConvNeXt's block: a depthwise convolution, and dense layers on the channels."""

    def __init__(self, width: int = 8) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, width, 4, 4)
        self.depth, self.norm = nn.Conv2d(width, width, 7, padding=3, groups=width), nn.LayerNorm(width)
        self.wide, self.narrow = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.scale = nn.Parameter(torch.ones(width))

    def forward(self, x: Any) -> Any:
        x = self.stem(x)
        y = self.norm(self.depth(x).permute(0, 2, 3, 1))
        return x + (self.scale * self.narrow(F.gelu(self.wide(y)))).permute(0, 3, 1, 2)


class Pyramid(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.down = nn.ModuleList(nn.Conv2d(inside, 8, 3, 2, 1) for inside in (3, 8, 8))
        self.side = nn.Conv2d(8, 8, 1)

    def forward(self, x: Any) -> Any:
        first = self.down[0](x)
        second = self.down[1](first)
        third = self.down[2](second)
        second = self.side(second) + F.interpolate(third, size=second.shape[-2:])
        return self.side(first) + F.interpolate(second, size=first.shape[-2:]), second, third
