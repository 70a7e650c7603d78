"""The config, the options made from it, and what both refuse."""

from __future__ import annotations

import argparse
import dataclasses
import json

import pytest

from dcgan.commands.options import add_options, given
from dcgan.config import Config, option
from dcgan.errors import PlanError

FIELDS = dataclasses.fields(Config)
WRONG = {
    "data": ["", None, 3],
    "image_size": [(28,), (28, 28, 1), (0, 28), (28.0, 28), 28, "28x28", [28, 28]],
    "fit": ["squeeze", None, ["crop"]],
    "channels": [2, 0, "1", True],
    "skip_broken": [None, 1, "yes"],
    "latent": [0, -1, 1.0, True, None, "100", float("nan")],
    "layers": [0, -2, 1.5, True, "2"],
    "width": [0, None, 2.5],
    "widths": [(), (4, 0), [4, 8], 4, "4,8", (4.0,)],
    "kernel_size": [0, (5, 5), 5.0],
    "stride": [0.5, 1, 0, -2, True, None],
    "batch_size": [0, 1.5, None],
    "steps": [0, -1, 2.0, None],
    "learning_rate": [0, -1e-4, float("nan"), float("inf"), "fast", None, True],
    "beta_1": [-0.1, 1, 1.5, float("nan"), None],
    "precision": ["float16", "BFLOAT16", None, ["float32"]],
    "kernels": [True, "slow", None],
    "loss": ["wasserstein", "Hinge", None, 1, ["hinge"]],
    "ema": [-0.1, 1, 1.5, None, True, float("nan"), "0.999"],
    "flip": [None, 1, "yes"],
    "conditional": [None, 1, "yes"],
    "leak": [-0.2, 1, None],
    "deviation": [0, -1.0, None],
    "momentum": [1, -0.1, None],
    "epsilon": [0, -1e-5, None],
    "strategy": ["", "tpu", None, ["none"]],
    "seed": [-1, 2**32, 0.5, None, True],
    "samples": [0, None],
    "sample_every": [0, None],
    "checkpoint_every": [0, None],
    "evaluate_every": [0, 1.5],
    "evaluate_samples": [0, None],
}


def test_every_field_says_what_it_means():
    for field in FIELDS:
        assert len(field.metadata["meaning"]) > 10, field.name


def test_the_wrong_values_below_are_of_every_field():
    assert WRONG.keys() == {field.name for field in FIELDS}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG.items() for value in values]
)
def test_a_wrong_value_is_refused_in_four_parts(name, value):
    with pytest.raises(PlanError) as caught:
        Config(**{name: value})
    record = caught.value.diagnosis
    assert record.argument == name
    assert [label for label, _ in record.parts()] == ["legal", "because", "fix"]
    if record.fix is not None:
        ((written, fixed),) = record.fix.items()
        assert written == option(name)
        Config(**{name: fixed})


def test_the_defaults_are_those_of_the_paper():
    config = Config()
    assert (config.learning_rate, config.beta_1) == (2e-4, 0.5)
    assert (config.deviation, config.leak, config.kernel_size, config.stride) == (0.02, 0.2, 5, 2)
    assert (config.latent, config.batch_size, config.momentum) == (100, 64, 0.9)


def test_a_config_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Config().steps = 3


def test_json_and_back():
    config = Config(widths=(3, 5), image_size=(8, 9), skip_broken=True, learning_rate=1e-3)
    assert Config.from_json(json.loads(json.dumps(config.to_json()))) == config


def test_a_config_of_version_0_1_is_read_as_what_that_version_did():
    """0.1 wrote none of these fields, had one loss, kept no average and mirrored nothing."""
    written = Config(latent=7).to_json()
    older = {name: value for name, value in written.items() if name not in ("loss", "ema", "flip")}
    config = Config.from_json(older)
    assert (config.loss, config.ema, config.flip, config.latent) == ("non_saturating", 0, False, 7)
    assert {"loss", "ema", "flip"}.isdisjoint(config.departures())
    assert Config(loss="hinge", ema=0.5, flip=True).departures().items() >= {
        ("loss", "hinge"),
        ("ema", 0.5),
        ("flip", True),
    }


def parse(*arguments: str, **kwargs) -> dict:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    add_options(parser, **kwargs)
    return given(parser.parse_args(arguments))


def test_every_field_has_an_option_and_leaves_no_trace_if_not_given(capsys):
    assert parse() == {}
    with pytest.raises(SystemExit):
        parse("--help")
    text = capsys.readouterr().out
    for field in FIELDS:
        assert option(field.name) in text
        if field.default not in (None, False):
            assert f"(default: {field.default})" in " ".join(text.split())


@pytest.mark.parametrize(
    ("arguments", "fields"),
    [
        (["--image-size", "45x61"], {"image_size": (45, 61)}),
        (["--widths", "4,8,16"], {"widths": (4, 8, 16)}),
        (["--layers", "3", "--seed", "7"], {"layers": 3, "seed": 7}),
        (["--learning-rate", "1e-3"], {"learning_rate": 1e-3}),
        (["--data", "some folder"], {"data": "some folder"}),
        (["--skip-broken"], {"skip_broken": True}),
        (
            ["--loss", "least_squares", "--ema", "0.999", "--flip"],
            {"loss": "least_squares", "ema": 0.999, "flip": True},
        ),
    ],
)
def test_options_are_read_as_their_fields(arguments, fields):
    assert parse(*arguments) == fields
    Config(**fields)


@pytest.mark.parametrize(
    "arguments", [["--layers", "two"], ["--image-size", "a x b"], ["--widths", "4;8"], ["--layer", "2"]]
)
def test_what_cannot_be_read_is_bad_usage(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        parse(*arguments)
    assert caught.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_a_plan_has_only_the_options_that_shapes_depend_on():
    assert parse("--layers", "2", shapes_only=True) == {"layers": 2}
    with pytest.raises(SystemExit):
        parse("--steps", "2", shapes_only=True)
