"""From the shape of a picture to both networks: what convshape makes of it, or why it cannot.

The discriminator goes down from the picture by forward convolutions. The generator is their mirror, convshape's own:
each of its transposed convolutions undoes one of them and makes the size which that one came from, so that
45x61 -> 23x31 -> 12x16 comes back exactly. No size is worked out here: every one is convshape's answer.
"""

from __future__ import annotations

import dataclasses
import itertools
import operator
from collections.abc import Iterator
from typing import Any, NamedTuple

import convshape as cs
from dcgan.blueprint import Blueprint, Shape, Stage
from dcgan.config import Config
from dcgan.errors import Diagnosis, PlanError
from dcgan.refusals import Changes, Refusal, disagreement, one_value, too_many, too_small

SMALLEST_SIDE = 4  # where no number of layers is given, neither side of the smallest map falls below this


class _Down(NamedTuple):
    """One step down, and what it goes between."""

    spec: cs.Conv
    larger: Shape
    smaller: Shape


def plan(image_shape: tuple[int, int, int], config: Config | None = None, *, classes: int = 0) -> Blueprint:
    """Plan both networks for pictures of one shape.

    Args:
        image_shape: Height, width and channels, ``(H, W, C)``, each at least 1; odd and non-square ones too.
        config: Latent size, layers, widths, kernel, stride and batch size; None for the defaults.
        classes: How many classes both networks are told of; 0 for none.

    Returns:
        The blueprint.

    Raises:
        PlanError: For a plan that cannot work; its fix is the nearest plan that does.
        ShapeError: For sizes that no tensor can have.

    >>> blueprint = plan((45, 61, 3), Config(layers=2))
    >>> [stage.output_shape for stage in blueprint.generator]
    [(12, 16, 64), (23, 31, 32), (45, 61, 3)]
    >>> plan((28, 28, 1), Config(layers=6))
    Traceback (most recent call last):
        ...
    dcgan.errors.PlanError: plan: 6 layers are too many for 28x28 pictures: after 5 the map is 1x1.
      legal: 1..5
      because: each layer must shrink its map, and 1x1 cannot shrink
      fix: --layers 5
    """
    config = Config() if config is None else config
    image_shape = _read_image_shape(image_shape)
    if isinstance(classes, bool) or not isinstance(classes, int) or classes < 0 or classes == 1:
        raise _no_classes(classes)
    try:
        return _draw(image_shape, config, classes)
    except Refusal as refusal:
        raise refusal.as_error(lambda changes: _works(image_shape, config, changes)) from None


def _works(image_shape: Shape, config: Config, changes: Changes) -> bool:
    others = dict(changes)
    try:
        _draw(others.pop("image_shape", image_shape), dataclasses.replace(config, **others))
    except Refusal:
        return False
    return True


def _draw(image_shape: Shape, config: Config, classes: int = 0) -> Blueprint:
    downs = _way_down(image_shape, config)
    blueprint = Blueprint(
        image_shape=image_shape,
        config=config,
        discriminator=tuple(_discriminator(downs, 1 + classes)),
        generator=tuple(_generator(downs, config.latent + classes)),
        classes=classes,
    )
    for stage in (*blueprint.generator, *blueprint.discriminator):
        if stage.norm and (config.batch_size, *stage.output_shape[:-1]) == (1, 1, 1):
            raise one_value(stage.name, len(downs), config)
    return blueprint


def _way_down(image_shape: Shape, config: Config) -> list[_Down]:
    downs: list[_Down] = []
    shape = image_shape
    for width in _widths(config):
        spec = cs.Conv(
            cs.conv_filter((config.kernel_size, config.kernel_size), shape[-1], width), config.stride
        )
        _, *sizes = spec(("N", *shape))
        smaller = tuple(sizes)
        if config.layers is None and config.widths is None and downs and min(smaller[:-1]) < SMALLEST_SIDE:
            break
        if smaller[:-1] == shape[:-1]:
            raise too_many(image_shape, len(downs), config) if downs else too_small(image_shape, config)
        downs.append(_Down(spec, shape, smaller))
        shape = smaller
    return downs


def _widths(config: Config) -> Iterator[int]:
    if config.widths is None:
        every = itertools.chain([config.width], itertools.repeat(2 * config.width))
        return itertools.islice(every, config.layers)
    if config.layers not in (None, len(config.widths)):
        raise disagreement(config)
    return iter(config.widths)


def _discriminator(downs: list[_Down], scores: int) -> Iterator[Stage]:
    for number, (spec, larger, smaller) in enumerate(downs, start=1):
        yield Stage(
            name=f"down_{number}",
            input_shape=larger,
            output_shape=smaller,
            spec=spec,
            norm=number > 1,  # none next to the pictures, says the paper
            activation="leaky_relu",
        )
    last = downs[-1].smaller
    yield Stage(
        name="logit", input_shape=last, output_shape=(scores,), spec=None, norm=False, activation="none"
    )


def _generator(downs: list[_Down], size: int) -> Iterator[Stage]:
    first = downs[-1].smaller
    yield Stage(
        name="project", input_shape=(size,), output_shape=first, spec=None, norm=True, activation="relu"
    )
    mirror = cs.Chain([down.spec for down in downs]).mirror(("N", *downs[0].larger))
    rows = mirror.trace(("N", *first)).rows
    for number, (spec, row) in enumerate(zip(mirror.layers, rows, strict=True), start=1):
        last = number == len(downs)
        ((_, *smaller),) = row.input_shapes
        _, *larger = row.output_shape
        yield Stage(
            name=f"up_{number}",
            input_shape=tuple(smaller),
            output_shape=tuple(larger),
            spec=spec,
            norm=not last,  # none next to the pictures, says the paper
            activation="tanh" if last else "relu",
        )


def _no_classes(classes: object) -> PlanError:
    return PlanError(
        Diagnosis(
            "plan",
            "classes",
            given=classes,
            legal="0, or an integer of at least 2",
            problem=f"there cannot be {classes!r} classes.",
            reason="classes are counted, and a single one tells the networks nothing",
            fix={"--classes": 2 if classes not in (1, True) else 0},
        )
    )


def _read_image_shape(image_shape: Any) -> Shape:  # noqa: ANN401 - people pass anything
    try:
        sizes = tuple(map(operator.index, image_shape))
    except TypeError:
        sizes = ()
    if len(sizes) == 3 and min(sizes) >= 1 and not any(isinstance(size, bool) for size in image_shape):
        return sizes
    raise PlanError(
        Diagnosis(
            "plan",
            "image_shape",
            given=image_shape,
            legal="(height, width, channels), integers of at least 1",
            problem=f"{image_shape!r} is not the shape of a picture.",
            reason="all pictures have one height, one width, and as many numbers in each pixel as channels",
            remedy="write height, width and channels, such as (45, 61, 3), or 45x61x3 on the command line",
        )
    )
