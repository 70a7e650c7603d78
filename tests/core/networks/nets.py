"""Random networks of one spatial axis or two, small enough that every size can be tried."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

import convshape as cs
from convshape._networks._network import Failed
from convshape._refusals import Refusal

L = cs.layers
CHANNELS = 2


@st.composite
def steps(draw: st.DrawFn, *, rank: int = 1, upwards: bool = True) -> Any:
    """One layer from `CHANNELS` channels to as many. Shrinks towards a convolution of 1 with stride 1."""
    kinds = ["conv", "pool", "zeros", "crop", *(["transpose", "up"] if upwards else [])]
    kind = draw(st.sampled_from(kinds))
    kernel, stride = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    shape, filter_shape = (kernel,) * rank, (*(kernel,) * rank, CHANNELS, CHANNELS)
    padding = draw(st.sampled_from(["SAME", "VALID", 1]))
    if kind == "conv":
        return cs.Conv(filter_shape, stride, padding, dilations=draw(st.integers(1, 2)))
    if kind == "transpose":
        extra = draw(st.none() | st.integers(0, stride - 1))
        return cs.ConvTranspose(filter_shape, stride, padding, output_padding=extra)
    if kind == "pool":
        if padding == 1 and kernel == 1:
            padding = "VALID"
        return cs.Pool(shape, stride, padding, ceil_mode=draw(st.booleans()))
    if kind == "up":
        return L.UpSampling(draw(st.integers(1, 3)))
    amounts = ((draw(st.integers(0, 2)), draw(st.integers(0, 2))),) * rank
    return L.ZeroPadding(amounts) if kind == "zeros" else L.Cropping(amounts)


@st.composite
def chains(draw: st.DrawFn, *, rank: int = 1, longest: int = 6) -> cs.Chain:
    """A chain. Shrinks towards one layer."""
    return cs.Chain(draw(st.lists(steps(rank=rank), min_size=1, max_size=longest)))


@st.composite
def graphs(draw: st.DrawFn, *, rank: int = 1, longest: int = 7) -> cs.Graph:
    """A graph with joins of earlier layers: sums, concatenations, cropped ones. Shrinks towards a chain."""
    layers: dict[str, Any] = {"first": draw(steps(rank=rank))}
    channels = {"input": CHANNELS, "first": CHANNELS}
    for number in range(draw(st.integers(1, longest))):
        name, names = f"n{number}", [one for one in channels if channels[one] == CHANNELS]
        join = draw(st.sampled_from(["none", "none", "add", "concat", "crop", "broadcast"]))
        if join == "none":
            layers[name] = (draw(steps(rank=rank)), draw(st.sampled_from(names)))
            channels[name] = CHANNELS
            continue
        one, other = draw(st.sampled_from(names)), draw(st.sampled_from(names))
        if join in ("add", "broadcast"):
            layers[name] = (L.Add(broadcast=join == "broadcast"), one, other)
            channels[name] = CHANNELS
        else:
            layers[f"{name}_join"] = (L.Concat(crop="center" if join == "crop" else None), one, other)
            layers[name] = cs.Conv((*(1,) * rank, 2 * CHANNELS, CHANNELS))
            channels[name] = CHANNELS
    return cs.Graph(layers)


@st.composite
def heads(draw: st.DrawFn) -> cs.Graph:
    """A chain or two, flattened, joined or not, before a dense layer of fixed features or a Reshape and a join.

    What the last layer wants is what some size comes to, so that sizes there are.
    """
    body = draw(chains(longest=3))
    layers: dict[str, Any] = {"body": body, "flat": L.Flatten()}
    if draw(st.booleans()):
        layers |= {
            "other": (draw(chains(longest=2)), "input"),
            "flat_2": L.Flatten(),
            "mixed": (L.Concat(), "flat", "flat_2"),
        }
    elif draw(st.booleans()):
        layers |= {
            "flat_2": (L.Flatten(), "input"),
            "mixed": (draw(st.sampled_from([L.Add(), L.Concat()])), "flat", "flat_2"),
        }
    layers["drop"] = L.Dropout(0.5)
    size = draw(st.integers(1, 30))
    try:
        features = cs.Graph(layers)(input_of(size))[-1]
    except cs.ShapeError:
        features = draw(st.integers(1, 60))
    kind = draw(st.sampled_from(["dense", "reshape", "free", "decoder"]))
    if kind == "dense":
        layers["dense"] = L.Dense(3, in_features=features)
    elif kind == "free":
        layers["shaped"] = L.Reshape((-1, draw(st.integers(1, 6)), 1))
    else:
        layers["shaped"] = L.Reshape(
            (features, 1) if features % CHANNELS else (features // CHANNELS, CHANNELS)
        )
        if kind == "decoder" and features % CHANNELS == 0:
            layers["sum"] = (L.Add(), "shaped", "input")
    return cs.Graph(layers)


def input_of(size: Any, rank: int = 1) -> tuple[Any, ...]:
    """Return an input of one size on every axis."""
    return ("N", *(size,) * rank, CHANNELS)


def fits(network: Any, shape: Any) -> bool:
    """Return whether a network takes a shape, by trying it; without the search for a fix that a call makes."""
    try:
        network.walk(network.read(shape))
    except (Failed, Refusal):
        return False
    return True


def unet(levels: int, *, padding: str = "SAME", crop: str | None = None, ceil_mode: bool = False) -> cs.Graph:
    """The U-Net: at each level two 3x3 convolutions, a pool down, a transposed convolution up, a concatenation."""
    layers: dict[str, Any] = {}
    channels, width = 1, 4
    for level in range(levels):
        layers[f"down_{level}_a"] = cs.Conv((3, 3, channels, width), padding=padding)
        layers[f"down_{level}"] = cs.Conv((3, 3, width, width), padding=padding)
        layers[f"pool_{level}"] = cs.Pool(2, ceil_mode=ceil_mode)
        channels, width = width, 2 * width
    layers["deep_a"] = cs.Conv((3, 3, channels, width), padding=padding)
    layers["deep"] = cs.Conv((3, 3, width, width), padding=padding)
    for level in reversed(range(levels)):
        layers[f"up_{level}"] = cs.ConvTranspose((2, 2, width // 2, width), 2)
        layers[f"join_{level}"] = (L.Concat(crop=crop), f"up_{level}", f"down_{level}")
        width //= 2
        layers[f"out_{level}_a"] = cs.Conv((3, 3, 2 * width, width), padding=padding)
        layers[f"out_{level}"] = cs.Conv((3, 3, width, width), padding=padding)
    layers["map"] = cs.Conv((1, 1, width, 2))
    return cs.Graph(layers)
