"""Mirrors: a decoder goes back to the very sizes and channels of its encoder's input, layer by layer."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

import convshape as cs
from tests.core.networks.encoders import Encoder, encoders
from tests.holding import Holder, must_fail

L = cs.layers
OURS = SimpleNamespace(mirror=cs.Chain.mirror)
CLASSIC = cs.Chain(
    [
        cs.Conv((5, 5, 1, 32), padding="VALID"),
        L.BatchNorm(),
        cs.Pool(3, 2),
        ("deep", cs.Conv((3, 3, 32, 64), 2, dilations=2)),
        L.Activation(),
        L.Flatten(),
        L.Dense(10),
    ]
)
SHAPE = ("N", 45, 61, 1)


# ---- properties ------------------------------------------------------------------------------------------------


def goes_back(mirrors: Any, drawn: Encoder) -> None:
    encoder, shape = drawn
    assert mirrors.mirror(encoder, shape)(encoder(shape)) == shape


def undoes_each_layer(mirrors: Any, drawn: Encoder) -> None:
    """Behind each layer's twin stands what the layer took; each convolution leads its twin's output back."""
    encoder, shape = drawn
    down, mirror = encoder.trace(shape), mirrors.mirror(encoder, shape)
    up = mirror.trace(down.output_shape)
    behind = {mirror.twins[row.name]: row for row in up.rows}
    now = down.output_shape
    for row in reversed(down.rows):
        if row.name in behind:
            now = behind[row.name].output_shape
        assert now == row.input_shapes[0]
    for name, twin in mirror.twins.items():
        one, other = mirror[name], encoder[twin]
        if isinstance(other, cs.Conv | cs.ConvTranspose):
            assert isinstance(one, cs.ConvTranspose if isinstance(other, cs.Conv) else cs.Conv)
            for said in ("filter_shape", "strides", "padding", "dilations", "groups", "data_format"):
                assert getattr(one, said) == getattr(other, said)
            row = up[name]
            assert other(row.output_shape) == row.input_shapes[0]


def mirrored_twice_is_the_encoder(mirrors: Any, drawn: Encoder) -> None:
    encoder, shape = drawn
    mirror = mirrors.mirror(encoder, shape)
    again = mirrors.mirror(mirror, mirror.input_shape)
    assert again(shape) == encoder(shape)


class Without:
    """A mirror that leaves out layers, or says them in other words."""

    def __init__(self, encoder: cs.Chain, shape: Any, keeps: Callable[[Any], Any]) -> None:
        mirror = encoder.mirror(shape)
        kept = [(name, keeps(mirror[name])) for name in mirror.twins]
        self.chain = cs.Chain([(name, layer) for name, layer in kept if layer is not None])
        self.twins = {name: mirror.twins[name] for name, layer in kept if layer is not None}

    def __call__(self, shape: Any) -> Any:
        try:
            return self.chain(shape)
        except cs.ShapeError:
            return None

    def trace(self, shape: Any) -> Any:
        try:
            return self.chain.trace(shape)
        except cs.ShapeError:
            raise AssertionError from None

    def __getitem__(self, name: str) -> Any:
        return self.chain[name]


def default_size(layer: Any) -> Any:
    if not isinstance(layer, cs.ConvTranspose):
        return layer
    return cs.ConvTranspose(**{**layer._values(), "output_padding": None})


def swapped(layer: Any) -> Any:
    if not isinstance(layer, cs.ConvTranspose):
        return layer
    *kernel, out, inside = layer.filter_shape
    return cs.ConvTranspose(**{**layer._values(), "filter_shape": (*kernel, inside, out), "groups": 1})


WRONG: dict[str, Callable[[Any], Any]] = {
    "the default size of each transposed convolution": default_size,
    "a pool by copies alone": lambda layer: None if isinstance(layer, L.Cropping | L.ZeroPadding) else layer,
    "in and out swapped": swapped,
}


@pytest.mark.parametrize("property_", [goes_back, undoes_each_layer, mirrored_twice_is_the_encoder])
def test_property(property_: Any, hold: Holder) -> None:
    hold(property_, OURS, encoders(), examples=300)


@pytest.mark.parametrize("property_", [goes_back, undoes_each_layer])
@pytest.mark.parametrize("wrong", WRONG)
def test_property_fails_for(property_: Any, wrong: str) -> None:
    mirrors = SimpleNamespace(mirror=lambda encoder, shape: Without(encoder, shape, WRONG[wrong]))
    must_fail(property_, mirrors, encoders(ends=False), examples=400)


# ---- where a pool's copies stand ---------------------------------------------------------------------------------


def placed(mirror: cs.Chain, count: int) -> list[int | None]:
    """Return which of a pool's results stands in each place behind its mirror, on one axis; None is a zero."""
    line: list[int | None] = [*range(count)]
    for layer in mirror.layers:
        if isinstance(layer, L.UpSampling):
            (factor,) = layer.size  # type: ignore[misc]
            line = [one for one in line for _ in range(factor)]
        elif isinstance(layer, L.Cropping):
            ((front, end),) = layer.cropping  # type: ignore[misc]
            line = line[front : len(line) - end]
        elif isinstance(layer, L.ZeroPadding):
            ((front, end),) = layer.padding  # type: ignore[misc]
            line = [None] * front + line + [None] * end
    return line


def stands_in_the_middle(line: list[int | None], pool: cs.Pool, size: int, before: int) -> bool:
    """Whether the copies of every result that is whole have the middle of its window, up to one half."""
    (extent,), (stride,) = pool.window_shape, pool.strides
    for result in {one for one in line if one is not None}:
        places = [place for place, one in enumerate(line) if one == result]
        window = result * stride - before
        if len(places) == stride and abs(sum(places) / stride - (window + (extent - 1) / 2)) > 0.5:
            return False
    return len(line) == size


def pools() -> list[tuple[cs.Pool, int, int]]:
    found = []
    for extent in range(1, 7):
        for stride in range(1, 6):
            for before in range(min(3, extent)):
                pool = cs.Pool((extent,), stride, ((before, before),), data_format="NWC")
                found += [(pool, size, before) for size in range(max(1, extent - 2 * before), 16)]
    return found


def test_copies_stand_in_the_middle_of_their_windows() -> None:
    cases = pools()
    for pool, size, before in cases:
        shape = (1, size, 2)
        mirror = cs.Chain([pool]).mirror(shape)
        assert stands_in_the_middle(placed(mirror, pool(shape)[1]), pool, size, before), (pool, size)
    assert len(cases) > 500


def test_copies_at_the_beginning_are_found_out() -> None:
    """All zeros and all cropping at the end: the sizes are right, the places are not."""

    def all_at_the_end(pool: cs.Pool, size: int) -> list[int | None]:
        (stride,) = pool.strides
        line = [one for one in range(pool((1, size, 2))[1]) for _ in range(stride)]
        return [*line, *[None] * size][:size]

    assert not all(
        stands_in_the_middle(all_at_the_end(pool, size), pool, size, before) for pool, size, before in pools()
    )


# ---- the record ----------------------------------------------------------------------------------------------------


def test_a_mirror_is_a_chain_that_names_what_it_undoes(snapshot: SnapshotAssertion) -> None:
    mirror = CLASSIC.mirror(SHAPE)
    assert isinstance(mirror, cs.Mirror) and isinstance(mirror, cs.Chain)
    assert (mirror.input_shape, mirror.output_shape) == (CLASSIC(SHAPE), SHAPE)
    assert str(mirror.trace(mirror.input_shape)) == snapshot
    assert (CLASSIC + mirror)(SHAPE) == SHAPE
    assert mirror.mirror(mirror.input_shape)["deep"] == CLASSIC["deep"]
    other = pickle.loads(pickle.dumps(mirror))
    assert other == mirror and hash(other) == hash(mirror) and other.twins == mirror.twins
    assert type(mirror.replace({"up_deep.output_padding": 0})) is cs.Chain


def test_keras_and_torch_layers_are_mirrored_by_their_specs() -> None:
    keras, torch = cs.frameworks.keras, cs.frameworks.torch
    encoder = cs.Chain([keras.SeparableConv2D(8, 3, strides=2, padding="same"), keras.MaxPooling2D(2)])
    assert encoder.mirror(("N", 45, 61, 3))(("N", 11, 15, 8)) == ("N", 45, 61, 3)
    encoder = cs.Chain([torch.Conv2d(3, 8, 3, 2, 1), torch.MaxPool2d(3, 2, 1, ceil_mode=True)])
    shape = ("N", 3, 45, 61)
    assert encoder.mirror(shape)(encoder(shape)) == shape


# ---- what cannot be mirrored -----------------------------------------------------------------------------------------

STRIDED = cs.Chain([cs.Conv((5, 5, 3, 8), strides=2)])
REFUSED: dict[str, tuple[cs.Chain, Any]] = {
    "a size that is not known": (STRIDED, ("N", None, 30, 3)),
    "a size that is none": (STRIDED, ("N", -1, 30, 3)),
    "no size, and other channels": (STRIDED, ("N", None, 30, 4)),
    "a name, and other channels": (STRIDED, ("N", "H", 30, 4)),
    "too small, and a size that is not known": (cs.Chain([cs.Conv((5, 5, 3, 8), padding="VALID")]), ("N", 3, None, 3)),
    "other channels": (STRIDED, ("N", 45, 30, 4)),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_fix_can_be_mirrored(name: str, snapshot: SnapshotAssertion) -> None:
    """What mends the call alone is no fix: the mirror is asked of it too."""
    encoder, shape = REFUSED[name]
    with pytest.raises(cs.ShapeError) as caught:
        encoder.mirror(shape)
    assert str(caught.value) == snapshot
    fixes = [fix for fix in (caught.value.fix, *caught.value.alternatives) if fix is not None]
    assert fixes
    for fix in fixes:
        wanted = fix.get("input_shape", shape)
        assert encoder.replace(fix).mirror(wanted).output_shape == wanted


def test_a_fix_for_the_call_alone_is_not_offered() -> None:
    """The channels can be mended, but nothing says what undoes the rule behind them."""
    encoder = cs.Chain([cs.Conv((3, 3, 3, 8)), L.Custom("Halves", lambda shape: (*shape[:-1], 4))])
    assert encoder(("N", 8, 8, 3)) == ("N", 8, 8, 4)
    with pytest.raises(cs.ChannelError) as called:
        encoder(("N", 8, 8, 5))
    with pytest.raises(cs.ChannelError) as mirrored:
        encoder.mirror(("N", 8, 8, 5))
    assert called.value.fix is not None and mirrored.value.fix is None
