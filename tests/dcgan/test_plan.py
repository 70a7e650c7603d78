"""Plans: the generator mirrors the discriminator for any picture, and a plan that cannot work says which does."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import pytest
from hypothesis import strategies as st

import convshape as cs
from dcgan import planning
from dcgan.config import Config
from dcgan.errors import PlanError
from dcgan.planning import SMALLEST_SIDE, plan
from tests.dcgan.support import hold

SIDES = st.integers(5, 80)
SHAPES = st.tuples(SIDES, SIDES, st.integers(1, 4))
KERNELS = st.integers(1, 7)
STRIDES = st.integers(2, 4)


@st.composite
def configs(draw: st.DrawFn) -> Config:
    """Configs of every kind of layers and widths; shrinks to the default."""
    widths = draw(st.none() | st.lists(st.integers(1, 9), min_size=1, max_size=8).map(tuple))
    layers = draw(st.none() | st.integers(1, 8))
    return Config(
        widths=widths,
        layers=layers
        if widths is None or draw(st.integers(0, 3)) == 3
        else draw(st.sampled_from([None, len(widths)])),
        latent=draw(st.integers(1, 100)),
        kernel_size=draw(KERNELS),
        stride=draw(STRIDES),
        batch_size=draw(st.sampled_from([64, 1, 2])),
    )


def maps(stages) -> list[tuple[int, int]]:
    return [stage.output_shape[:2] for stage in stages if len(stage.output_shape) == 3]


def check_mirror(blueprint) -> None:
    """Fail unless the generator goes up exactly where the discriminator came down."""
    downs = [stage for stage in blueprint.discriminator if stage.spec is not None]
    ups = [stage for stage in blueprint.generator if stage.spec is not None]
    assert len(ups) == len(downs)
    for up, twin in zip(ups, reversed(downs), strict=True):
        assert (up.input_shape, up.output_shape) == (twin.output_shape, twin.input_shape)
        assert (
            up.spec.filter_shape == twin.spec.filter_shape
        )  # (kernel, out, in) of the one is (kernel, in, out)
        assert twin.spec(("N", *up.output_shape)) == ("N", *up.input_shape)
    for network in (blueprint.discriminator, blueprint.generator):
        for before, after in pairwise(network):
            assert before.output_shape == after.input_shape
    assert (
        blueprint.generator[-1].output_shape
        == blueprint.image_shape
        == blueprint.discriminator[0].input_shape
    )


def test_28_goes_to_14_to_7_and_back():
    blueprint = plan((28, 28, 1), Config(layers=2))
    assert maps(blueprint.discriminator) == [(14, 14), (7, 7)]
    assert maps(blueprint.generator) == [(7, 7), (14, 14), (28, 28)]


def test_45x61_goes_to_23x31_to_12x16_and_back():
    blueprint = plan((45, 61, 3), Config(layers=2))
    assert maps(blueprint.discriminator) == [(23, 31), (12, 16)]
    assert maps(blueprint.generator) == [(12, 16), (23, 31), (45, 61)]


def test_the_networks_are_those_of_the_paper():
    blueprint = plan((64, 64, 3), Config(widths=(128, 256, 512, 1024)))
    assert [stage.output_shape for stage in blueprint.generator] == [
        (4, 4, 1024),
        (8, 8, 512),
        (16, 16, 256),
        (32, 32, 128),
        (64, 64, 3),
    ]
    assert [stage.norm for stage in blueprint.generator] == [True, True, True, True, False]
    assert [stage.norm for stage in blueprint.discriminator] == [False, True, True, True, False]
    assert [stage.activation for stage in blueprint.generator] == ["relu"] * 4 + ["tanh"]
    assert [stage.activation for stage in blueprint.discriminator] == ["leaky_relu"] * 4 + ["none"]


def test_any_picture_comes_back_exactly(record_property):
    def check(shape, kernel_size, stride):
        check_mirror(plan(shape, Config(kernel_size=kernel_size, stride=stride)))

    hold(record_property, 500, SHAPES, KERNELS, STRIDES, check=check)


def test_that_property_fails_for_a_generator_that_only_doubles(monkeypatch):
    exact = cs.Chain.mirror

    def doubling(chain, input_shape):
        mirror = exact(chain, input_shape)
        return mirror.replace({f"{name}.output_padding": None for name in mirror.twins})

    check_mirror(plan((32, 64, 1)))
    monkeypatch.setattr(cs.Chain, "mirror", doubling)
    check_mirror(plan((32, 64, 1)))  # powers of two hide it
    with pytest.raises(AssertionError):
        check_mirror(plan((45, 61, 3)))


def test_every_size_of_a_plan_is_an_answer_of_convshape(monkeypatch):
    answers = {(45, 61, 3), (100,), (1,)}  # the picture, the latent, the logit: what the plan is made from

    def remembering(verb):
        def remember(*arguments, **fields):
            answer = verb(*arguments, **fields)
            answers.add(answer[1:] if answer[0] == "N" else answer)
            return answer

        return remember

    monkeypatch.setattr(cs.Conv, "__call__", remembering(cs.Conv.__call__))
    monkeypatch.setattr(planning.cs, "conv_filter", remembering(cs.conv_filter))
    blueprint = plan((45, 61, 3))
    for stage in (*blueprint.generator, *blueprint.discriminator):
        assert {stage.input_shape, stage.output_shape} <= answers
        assert stage.spec is None or stage.spec.filter_shape in answers


def test_without_a_number_of_layers_the_map_stays_at_least_4(record_property):
    def check(shape):
        sides = maps(plan(shape).discriminator)
        one_more = maps(plan(shape, Config(layers=len(sides) + 1)).discriminator)
        assert min(sides[-1]) >= SMALLEST_SIDE or len(sides) == 1
        assert min(one_more[-1]) < SMALLEST_SIDE

    hold(record_property, 200, SHAPES, check=check)


def test_all_layers_but_the_first_have_twice_its_width():
    blueprint = plan((300, 300, 3), Config(width=5, layers=4))
    assert [stage.output_shape[-1] for stage in blueprint.discriminator] == [5, 10, 10, 10, 1]


# ---- plans that cannot work ------------------------------------------------------------------------------------


def apply(fix: dict, shape: tuple, config: Config):
    """Plan again as the fix says, read as the command line would read it."""
    changes = {}
    for name, value in fix.items():
        if name == "--image-size":
            shape = (*map(int, value.split("x")), shape[-1])
        elif name == "--widths":
            changes["widths"] = tuple(map(int, value.split(",")))
        else:
            changes[name.removeprefix("--").replace("-", "_")] = value
    return plan(shape, dataclasses.replace(config, **changes))


def test_every_refused_plan_comes_with_plans_that_work(record_property):
    refused = []

    def check(shape, config):
        try:
            blueprint = plan(shape, config)
        except PlanError as error:
            record = error.diagnosis
            refused.append(record.argument)
            assert record.fix is not None
            for fix in (record.fix, *record.alternatives):
                check_mirror(apply(fix, shape, config))
        else:
            check_mirror(blueprint)

    shapes = st.tuples(st.integers(1, 20), st.integers(1, 20), st.integers(1, 3))
    hold(record_property, 800, shapes, configs(), check=check)
    assert set(refused) == {"layers", "image_shape", "batch_size"}


REFUSED = {
    "too many halvings": ((28, 28, 1), {"layers": 6}, "--layers 5"),
    "too many widths": ((4, 4, 1), {"widths": (3, 4, 5)}, "--layers 2 --widths 3,4"),
    "nothing to halve": ((1, 1, 3), {}, "--image-size 2x2    (in dcgan plan: 2x2x3)\n"),
    "batch norm over one value": ((4, 4, 1), {"layers": 2, "batch_size": 1}, "--batch-size 2"),
    "batch norm over one value, at the nearest plan too": (
        (2, 2, 1),
        {"layers": 2, "batch_size": 1},
        "--layers 1 --batch-size 2",
    ),
    "layers and widths disagree": ((28, 28, 1), {"layers": 3, "widths": (4, 8)}, "--layers 2 --widths 4,8"),
}


@pytest.mark.parametrize(("shape", "fields", "fix"), REFUSED.values(), ids=REFUSED)
def test_a_plan_that_cannot_work_is_refused_with_the_nearest_that_does(shape, fields, fix):
    config = Config(**fields)
    with pytest.raises(PlanError) as caught:
        plan(shape, config)
    assert f"\n  fix: {fix}" in f"{caught.value}\n"
    check_mirror(apply(caught.value.diagnosis.fix, shape, config))


def test_nearest_means_that_one_more_layer_does_not_work():
    with pytest.raises(PlanError) as caught:
        plan((45, 61, 3), Config(layers=9))
    layers = caught.value.diagnosis.fix["--layers"]
    with pytest.raises(PlanError):
        plan((45, 61, 3), Config(layers=layers + 1))


def test_a_batch_of_one_is_fine_where_batch_norm_sees_more_than_one_value():
    check_mirror(plan((28, 28, 1), Config(batch_size=1)))


@pytest.mark.parametrize(
    "shape",
    [
        (28, 28),
        (28, 28, 1, 1),
        (0, 28, 1),
        (28, -1, 1),
        (28, 28, 0),
        (28.0, 28, 1),
        (True, 28, 1),
        "28x28x1",
        None,
        28,
        (None, 28, 1),
        ("N", 28, 1),
        {28, 29, 1.5},
    ],
)
def test_what_is_no_picture_is_refused(shape):
    with pytest.raises(PlanError, match="is not the shape of a picture"):
        plan(shape)


def test_sizes_past_any_tensor_are_refused_by_convshape():
    with pytest.raises(cs.ShapeError):
        plan((2**70, 28, 1))


# ---- the table -------------------------------------------------------------------------------------------------


def test_the_table_names_every_layer_its_shapes_and_its_parameters():
    blueprint = plan((45, 61, 3), Config(layers=2, width=8))
    lines = blueprint.table().splitlines()
    for stage in (*blueprint.generator, *blueprint.discriminator):
        (line,) = [line for line in lines if line.split()[:1] == [stage.name]]
        assert "x".join(map(str, stage.weights_shape)) in line
        assert "x".join(map(str, stage.output_shape)) in line
        assert line.endswith(f"{stage.parameters:,}")
    for name in ("generator", "discriminator"):
        total = sum(stage.parameters for stage in getattr(blueprint, name))
        assert f"{name}: {total:,} parameters" in lines
