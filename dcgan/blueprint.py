"""Both networks as shapes, and as a table to read. The shapes themselves are made in dcgan.planning."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import convshape as cs
from dcgan.config import Config

Shape: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One layer of a network, as shapes.

    Attributes:
        name: The layer's name, which is also the scope of its variables.
        input_shape: One picture or map, ``(H, W, C)``, or one vector, ``(size,)``, without the batch.
        output_shape: The same of what it makes.
        spec: The convolution or transposed convolution; None for a dense layer.
        norm: Whether batch norm follows; a bias stands in its place otherwise.
        activation: ``leaky_relu``, ``relu``, ``tanh`` or ``none``.
    """

    name: str
    input_shape: Shape
    output_shape: Shape
    spec: cs.Conv | cs.ConvTranspose | None
    norm: bool
    activation: str

    @property
    def weights_shape(self) -> Shape:
        """Shape of the weights, the filter's, or ``(*input_shape, *output_shape)`` of a dense layer."""
        return (*self.input_shape, *self.output_shape) if self.spec is None else self.spec.filter_shape

    @property
    def parameters(self) -> int:
        """How many numbers the layer learns in its weights, and in a bias, or batch norm's gamma and beta."""
        return math.prod(self.weights_shape) + self.output_shape[-1] * (2 if self.norm else 1)


@dataclass(frozen=True, kw_only=True)
class Blueprint:
    """Both networks, as shapes that are known to fit.

    Attributes:
        image_shape: Height, width and channels of every picture: ``(H, W, C)``.
        config: What the networks were planned from.
        discriminator: From the picture down to one logit.
        generator: From the latent up to the picture; of classes, from the latent and a one in the place of the class.
        classes: How many classes the networks are told of; 0 for none.
    """

    image_shape: Shape
    config: Config
    discriminator: tuple[Stage, ...]
    generator: tuple[Stage, ...]
    classes: int = 0

    @property
    def in_float32(self) -> Blueprint:
        """The same networks, whatever they are trained in, for use after training with the statistics of batches."""
        return replace(self, config=replace(self.config, precision="float32"))

    def table(self) -> str:
        """Return both networks as text, a line for each layer: filter, strides, output and parameters."""
        height, width, channels = self.image_shape
        stride, kernel = self.config.stride, self.config.kernel_size
        opening = (
            f"Pictures of {height}x{width}x{channels}, latents of {self.config.latent}, "
            f"filters of {kernel}x{kernel}, strides of {stride}, batches of {self.config.batch_size}"
            + (f", {self.classes} classes." if self.classes else ".")
        )
        return "\n\n".join(
            [opening, _section("generator", self.generator), _section("discriminator", self.discriminator)]
        )


_HEADINGS = ("layer", "operation", "filter", "strides", "output", "then", "parameters")
_RIGHT = ("parameters",)


def _section(name: str, stages: Sequence[Stage]) -> str:
    total = sum(stage.parameters for stage in stages)
    rows = [_HEADINGS, *map(_row, stages)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [_line(row, widths) for row in rows]
    return "\n".join([f"{name}: {total:,} parameters", *(f"  {line}" for line in lines)])


def _row(stage: Stage) -> tuple[str, ...]:
    operation = {cs.Conv: "Conv2D", cs.ConvTranspose: "FractionallyStridedConv2D"}.get(
        type(stage.spec), "Dense"
    )
    return (
        stage.name,
        operation,
        "x".join(map(str, stage.weights_shape)),
        "-" if stage.spec is None else "x".join(map(str, stage.spec.strides)),
        "x".join(map(str, stage.output_shape)),
        ("batch norm" if stage.norm else "bias")
        + ("" if stage.activation == "none" else f", {stage.activation}"),
        f"{stage.parameters:,}",
    )


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [
        cell.rjust(width) if heading in _RIGHT else cell.ljust(width)
        for heading, cell, width in zip(_HEADINGS, row, widths, strict=True)
    ]
    return "  ".join(cells).rstrip()
