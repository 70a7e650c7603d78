"""The step of steps.py in PyTorch, eager and channels-last; in a module of its own, for PyTorch may not be there."""

from __future__ import annotations

import torch
from steps import BATCH, BETA, RATE, Step, blueprint
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits as cost

from dcgan.blueprint import Stage

ACTIVATIONS = {"relu": nn.ReLU, "leaky_relu": lambda: nn.LeakyReLU(0.2), "tanh": nn.Tanh, "none": nn.Identity}


def _layers(stage: Stage) -> list[nn.Module]:
    height, width, out = stage.output_shape if len(stage.output_shape) == 3 else (1, 1, 1)
    if stage.name == "project":
        layers = [nn.Linear(100, height * width * out, bias=False), nn.Unflatten(1, (out, height, width))]
    elif stage.name == "logit":
        h, w, c = stage.input_shape
        layers = [nn.Flatten(), nn.Linear(h * w * c, 1)]
    else:
        kernel, stride = stage.spec.filter_shape[0], stage.spec.strides[0]
        padding = (kernel - 1) // 2  # symmetric, as PyTorch has it: SAME is not, where the sum is odd
        common = {"padding": padding, "bias": not stage.norm}
        channels = (stage.input_shape[-1], out)
        if stage.name.startswith("down"):
            layers = [nn.Conv2d(*channels, kernel, stride, **common)]
        else:
            extra = height - ((stage.input_shape[0] - 1) * stride + kernel - 2 * padding)
            layers = [nn.ConvTranspose2d(*channels, kernel, stride, output_padding=extra, **common)]
    if stage.norm:
        layers.append(nn.BatchNorm2d(out, eps=1e-5, momentum=0.1))
    return [*layers, ACTIVATIONS[stage.activation]()]


def _network(stages: tuple[Stage, ...]) -> nn.Sequential:
    made = nn.Sequential(*(layer for stage in stages for layer in _layers(stage)))
    for parameter in made.parameters():
        if parameter.dim() > 1:
            nn.init.normal_(parameter, std=0.02)
    return made.to(memory_format=torch.channels_last)


def torch_step(net: str, precision: str) -> Step:
    """Return the step; in bfloat16 under autocast."""
    planned = blueprint(net)
    generator, discriminator = _network(planned.generator), _network(planned.discriminator)
    up, down = (
        torch.optim.Adam(n.parameters(), RATE, betas=(BETA, 0.999)) for n in (generator, discriminator)
    )
    height, width, channels = planned.image_shape
    real = (torch.rand(BATCH, channels, height, width) * 2 - 1).to(memory_format=torch.channels_last)
    ones, zeros = torch.ones(BATCH, 1), torch.zeros(BATCH, 1)
    g_weights, d_weights = list(generator.parameters()), list(discriminator.parameters())

    def step() -> float:
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16"):
            made = generator(torch.rand(BATCH, 100) * 2 - 1)
            on_real, on_made = discriminator(real), discriminator(made)
        assert made.shape == real.shape
        d_loss = cost(on_real.float(), ones) + cost(on_made.float(), zeros)
        g_loss = cost(on_made.float(), ones)
        to_d = torch.autograd.grad(d_loss, d_weights, retain_graph=True)
        to_g = torch.autograd.grad(g_loss, g_weights)
        for optimizer, weights, gradients in ((down, d_weights, to_d), (up, g_weights, to_g)):
            for weight, gradient in zip(weights, gradients, strict=True):
                weight.grad = gradient
            optimizer.step()
        return float(d_loss.detach())

    return step
