"""Networks as people write them in PyTorch, small, for the readers' tests."""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch")
nn, F = torch.nn, torch.nn.functional


def conv3(inside: int, out: int, stride: int = 1, groups: int = 1) -> Any:
    return nn.Conv2d(inside, out, 3, stride, 1, groups=groups, bias=False)


class BasicBlock(nn.Module):
    expansion = 1

    def __init__(self, inside: int, out: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1, self.bn1 = conv3(inside, out, stride), nn.BatchNorm2d(out)
        self.relu = nn.ReLU(inplace=True)
        self.conv2, self.bn2 = conv3(out, out), nn.BatchNorm2d(out)
        self.downsample = None
        if stride != 1 or inside != out:
            self.downsample = nn.Sequential(
                nn.Conv2d(inside, out, 1, stride, bias=False), nn.BatchNorm2d(out)
            )

    def forward(self, x: Any) -> Any:
        identity = x if self.downsample is None else self.downsample(x)
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.bn2(self.conv2(x))
        x += identity
        return self.relu(x)


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, inside: int, width: int, stride: int = 1) -> None:
        super().__init__()
        out = width * 4
        self.body = nn.Sequential(
            nn.Conv2d(inside, width, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(),
            conv3(width, width, stride), nn.BatchNorm2d(width), nn.ReLU(),
            nn.Conv2d(width, out, 1, bias=False), nn.BatchNorm2d(out),
        )  # fmt: skip
        self.shortcut = nn.Identity()
        if stride != 1 or inside != out:
            self.shortcut = nn.Sequential(nn.Conv2d(inside, out, 1, stride, bias=False), nn.BatchNorm2d(out))

    def forward(self, x: Any) -> Any:
        return F.relu(self.body(x) + self.shortcut(x))


class ResNet(nn.Module):
    def __init__(self, block: Any, depths: tuple[int, ...] = (2, 1, 1, 1), width: int = 8) -> None:
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, width, 7, 2, 3, bias=False), nn.BatchNorm2d(width)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        stages, inside = [], width
        for number, depth in enumerate(depths):
            for place in range(depth):
                stages.append(block(inside, width << number, 2 if number and not place else 1))
                inside = (width << number) * block.expansion
        self.layers = nn.Sequential(*stages)
        self.avgpool, self.fc = nn.AdaptiveAvgPool2d(1), nn.Linear(inside, 10)

    def forward(self, x: Any) -> Any:
        x = self.layers(self.maxpool(F.relu(self.bn1(self.conv1(x)))))
        return self.fc(torch.flatten(self.avgpool(x), 1))


class VGG(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        layers, inside = [], 3
        for out in (4, "M", 8, "M", 8, 8, "M", 16, 16, "M", 16, 16, "M"):
            if out == "M":
                layers.append(nn.MaxPool2d(2, 2))
            else:
                layers += [nn.Conv2d(inside, int(out), 3, padding=1), nn.BatchNorm2d(int(out)), nn.ReLU(True)]
                inside = int(out)
        self.features, self.avgpool = nn.Sequential(*layers), nn.AdaptiveAvgPool2d((7, 7))
        self.classifier = nn.Sequential(
            nn.Linear(16 * 7 * 7, 32), nn.ReLU(True), nn.Dropout(), nn.Linear(32, 10)
        )

    def forward(self, x: Any) -> Any:
        x = self.avgpool(self.features(x))
        return self.classifier(x.view(-1, 16 * 7 * 7))


def twice(inside: int, out: int, padding: int) -> Any:
    return nn.Sequential(
        nn.Conv2d(inside, out, 3, padding=padding),
        nn.ReLU(),
        nn.Conv2d(out, out, 3, padding=padding),
        nn.ReLU(),
    )


class UNet(nn.Module):
    """A U-Net; ``meet`` says how the way up meets the way down: as it is, padded, cropped, resized, or told its size."""

    def __init__(self, meet: str, padding: int = 1, depth: int = 3, width: int = 4) -> None:
        super().__init__()
        self.meet, widths = meet, [width << level for level in range(depth + 1)]
        self.down = nn.ModuleList(
            twice(inside, out, padding) for inside, out in zip((3, *widths[:-1]), widths, strict=True)
        )
        self.up = nn.ModuleList(nn.ConvTranspose2d(wide, wide // 2, 2, 2) for wide in widths[:0:-1])
        self.join = nn.ModuleList(twice(wide, wide // 2, padding) for wide in widths[:0:-1])
        self.pool, self.head = nn.MaxPool2d(2), nn.Conv2d(width, 2, 1)

    def forward(self, x: Any) -> Any:
        skips = []
        for level, layer in enumerate(self.down):
            x = layer(self.pool(x) if level else x)
            skips.append(x)
        for up, join, skip in zip(self.up, self.join, reversed(skips[:-1]), strict=True):
            x = up(x, output_size=skip.size()) if self.meet == "told" else up(x)
            kept = skip
            if self.meet == "pad":
                high, wide = skip.size()[2] - x.size()[2], skip.size()[3] - x.size()[3]
                x = F.pad(x, [wide // 2, wide - wide // 2, high // 2, high - high // 2])
            elif self.meet == "crop":
                high, wide = (skip.shape[2] - x.shape[2]) // 2, (skip.shape[3] - x.shape[3]) // 2
                kept = skip[:, :, high : high + x.shape[2], wide : wide + x.shape[3]]
            elif self.meet == "resize":
                x = F.interpolate(x, size=skip.shape[2:], mode="bilinear", align_corners=False)
            x = join(torch.cat((kept, x), dim=1))
        return self.head(x)


def generator(latent: int = 16, width: int = 4) -> Any:
    """The DCGAN generator of PyTorch's tutorial, narrower."""
    layers, inside = [], latent
    for out, stride, padding in ((width * 8, 1, 0), (width * 4, 2, 1), (width * 2, 2, 1), (width, 2, 1)):
        layers += [
            nn.ConvTranspose2d(inside, out, 4, stride, padding, bias=False),
            nn.BatchNorm2d(out),
            nn.ReLU(True),
        ]
        inside = out
    return nn.Sequential(*layers, nn.ConvTranspose2d(inside, 3, 4, 2, 1, bias=False), nn.Tanh())


class Discriminator(nn.Module):
    """The DCGAN discriminator of PyTorch's tutorial, narrower."""

    def __init__(self, width: int = 4) -> None:
        super().__init__()
        layers, inside = [nn.Conv2d(3, width, 4, 2, 1, bias=False), nn.LeakyReLU(0.2)], width
        for out in (width * 2, width * 4, width * 8):
            layers += [nn.Conv2d(inside, out, 4, 2, 1, bias=False), nn.BatchNorm2d(out), nn.LeakyReLU(0.2)]
            inside = out
        self.main = nn.Sequential(*layers, nn.Conv2d(inside, 1, 4, 1, 0, bias=False), nn.Sigmoid())

    def forward(self, x: Any) -> Any:
        return self.main(x).view(-1, 1).squeeze(1)


class Inverted(nn.Module):
    def __init__(self, inside: int, out: int, stride: int, expand: int) -> None:
        super().__init__()
        hidden = inside * expand
        self.use = stride == 1 and inside == out
        widen = [nn.Conv2d(inside, hidden, 1, bias=False), nn.BatchNorm2d(hidden), nn.ReLU6(True)]
        self.conv = nn.Sequential(
            *(widen if expand != 1 else []),
            conv3(hidden, hidden, stride, hidden), nn.BatchNorm2d(hidden), nn.ReLU6(True),
            nn.Conv2d(hidden, out, 1, bias=False), nn.BatchNorm2d(out),
        )  # fmt: skip

    def forward(self, x: Any) -> Any:
        return x + self.conv(x) if self.use else self.conv(x)


class MobileNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        plan = ((4, 4, 1, 1), (4, 6, 2, 6), (6, 6, 1, 6), (6, 8, 2, 6), (8, 12, 1, 6))
        self.stem = nn.Sequential(nn.Conv2d(3, 4, 3, 2, 1, bias=False), nn.BatchNorm2d(4), nn.ReLU6())
        self.blocks = nn.Sequential(*(Inverted(*each) for each in plan))
        self.head = nn.Sequential(nn.Dropout(0.2), nn.Linear(12, 10))

    def forward(self, x: Any) -> Any:
        return self.head(self.blocks(self.stem(x)).mean([2, 3]))


class Shuffle(nn.Module):
    """Channels cut in two, gated, shuffled; squeeze and excitation; pixels out of channels."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.squeeze = nn.Conv2d(3, 16, 3, 2), nn.Linear(8, 8)
        self.after, self.scale = nn.PixelShuffle(2), nn.Parameter(torch.ones(16, 1, 1))
        self.pad, self.bigger = nn.ReflectionPad2d((1, 2, 0, 1)), nn.Upsample(scale_factor=1.5)

    def forward(self, x: Any) -> Any:
        first, second = (self.conv(x) * self.scale).chunk(2, dim=1)
        gate = torch.sigmoid(self.squeeze(first.mean((2, 3)))).unsqueeze(-1).unsqueeze(-1)
        x = torch.cat([first * gate, second], 1)
        batch, channels, high, wide = x.size()
        x = (
            x.view(batch, 2, channels // 2, high, wide)
            .transpose(1, 2)
            .contiguous()
            .view(batch, -1, high, wide)
        )
        return self.bigger(self.pad(self.after(x)))[:, :, ::2, 1:]
