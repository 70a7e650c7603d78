"""Receptive fields by brute force: one axis, every tap of every output followed, in the layers' own definitions.

A layer is a list with, for each output, the set of inputs that it is made of. Nothing here knows convshape's formulas:
padding is tried by counting, transposed convolutions scatter, interpolation weighs neighbours.
"""

from __future__ import annotations

from typing import Any

import convshape as cs

L = cs.layers
Sets = list[frozenset[int]]


def forward(size: int, kernel: int, stride: int, dilation: int, before: int, outputs: int) -> Sets:
    """Slide a window over an input that has zeros around it."""
    result = []
    for output in range(outputs):
        taps = [output * stride + tap * dilation - before for tap in range(kernel)]
        result.append(frozenset(place for place in taps if 0 <= place < size))
    return result


def scattered(size: int, kernel: int, stride: int, dilation: int, before: int, outputs: int) -> Sets:
    """Write every input element over its taps, and keep what is not cropped."""
    result: list[set[int]] = [set() for _ in range(outputs)]
    for place in range(size):
        for tap in range(kernel):
            output = place * stride + tap * dilation - before
            if 0 <= output < outputs:
                result[output].add(place)
    return [frozenset(each) for each in result]


def weighted(size: int, factor: int) -> Sets:
    """Interpolate linearly between the centres of elements; past the first and the last there is nothing else."""
    result = []
    for output in range(size * factor):
        centre = (output + 0.5) / factor - 0.5
        near = {place for place in range(-1, size + 1) if abs(place - centre) < 1 - 1e-9}
        result.append(frozenset(min(size - 1, max(0, place)) for place in near))
    return result


def same_before(size: int, kernel: int, stride: int, dilation: int, outputs: int) -> int:
    """Count how many zeros the last window lacks, and put the smaller half before."""
    lacking = max(0, (outputs - 1) * stride + (kernel - 1) * dilation + 1 - size)
    return lacking // 2


def layer_sets(layer: Any, size: int, outputs: int) -> Sets:
    """Return the inputs of every output of one layer."""
    if isinstance(layer, cs.Conv | cs.Pool | cs.ConvTranspose):
        window = layer.window_shape if isinstance(layer, cs.Pool) else layer.filter_shape
        numbers = (window[0], layer.strides[0], layer.dilations[0])
        padding = layer.padding
        small, big = (outputs, size) if not isinstance(layer, cs.ConvTranspose) else (size, outputs)
        before = same_before(big, *numbers, small) if padding == "SAME" else 0 if padding == "VALID" else padding[0][0]  # fmt: skip
        how = scattered if isinstance(layer, cs.ConvTranspose) else forward
        return how(size, *numbers, int(before), outputs)
    if isinstance(layer, L.UpSampling):
        factor = layer.size if isinstance(layer.size, int) else layer.size[0]
        if layer.interpolation == "bilinear":
            return weighted(size, factor)
        return [frozenset({output // factor}) for output in range(outputs)]
    if isinstance(layer, L.ZeroPadding | L.Cropping):
        before = layer.pairs("NWC")[0][0]
        shift = -before if isinstance(layer, L.ZeroPadding) else before
        return [frozenset({n + shift} & {*range(size)}) for n in range(outputs)]
    if isinstance(layer, L.GlobalPool):
        return [frozenset(range(size))]
    return [frozenset({output}) for output in range(outputs)]


def network_sets(network: cs.Chain | cs.Graph, size: int) -> dict[str, Sets]:
    """Return the elements of the network's input that every output of every layer is made of."""
    made: list[Sets] = []
    start = [frozenset({place}) for place in range(size)]
    sizes = [row.output_shape[1] for row in network.trace((1, size, 2)).rows]
    for node, outputs in zip(network.nodes, sizes, strict=True):
        inputs = [start if source < 0 else made[source] for source in node.sources]
        if node.block.joins:
            if getattr(node.block.layer, "broadcast", False):  # an input of 1 is spread over all outputs
                inputs = [one * outputs if len(one) == 1 else one for one in inputs]
            shortest = min(map(len, inputs))
            offsets = [(len(one) - shortest) // 2 for one in inputs]
            made.append(
                [
                    frozenset().union(*(one[n + offset] for one, offset in zip(inputs, offsets, strict=True)))
                    for n in range(shortest)
                ]
            )
            continue
        (source,) = inputs
        sets = layer_sets(node.block.layer, len(source), outputs)
        made.append([frozenset().union(*(source[place] for place in each)) for each in sets])
    return {node.name: sets for node, sets in zip(network.nodes, made, strict=True)}
