"""Everything that a run depends on, in one frozen record. The command line is made from it; no TensorFlow here."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dcgan import rules
from dcgan.errors import Diagnosis, PlanError

_RENAMED = {"resize": "fit", "skip_unreadable": "skip_broken"}  # names of 0.1, and what they are now


def _field(default: object, rule: rules.Rule, meaning: str, *, shapes: bool = False, **later: object) -> Any:  # noqa: ANN401 - as dataclasses.field
    """Return a field of Config.

    Args:
        default: Its default.
        rule: What it may be.
        meaning: What it means, for ``--help``.
        shapes: Whether the blueprint depends on it.
        **later: ``before``, of a field that 0.1 did not have: what the runs of 0.1 did, so that they still load.
    """
    metadata = {"rule": rule, "meaning": meaning, "shapes": shapes, **later}
    return dataclasses.field(default=default, metadata=metadata)


@dataclass(frozen=True, kw_only=True)
class Config:
    """What to train on, which networks, and how.

    Defaults are those of the DCGAN paper (arXiv 1511.06434), but for narrower networks and smaller batches. Every field says what it means in its metadata: ``dcgan train --help`` prints them all.

    Raises:
        PlanError: For a value that its field cannot have.

    >>> Config(latent=64).latent
    64
    >>> Config(steps=0)
    Traceback (most recent call last):
        ...
    dcgan.errors.PlanError: Config: steps cannot be 0.
      legal: an integer of at least 1
      because: it counts things
      fix: --steps 2000
    """

    data: str = _field(
        "digits",
        rules.TEXT,
        "digits (comes with scikit-learn), mnist, fashion_mnist, cifar10, a folder of pictures, or an .npy or .npz file",
    )
    image_size: tuple[int, int] | None = _field(
        None, rules.SIZES, "resize every picture to this height and width; without it no picture is changed"
    )
    fit: str = _field(
        "crop", rules.FIT, "how: crop covers the size and cuts, pad fits inside on black, stretch distorts"
    )
    channels: int | None = _field(
        None, rules.CHANNELS, "1 for grey, 3 for colour; without it, colour if any picture has it"
    )
    skip_broken: bool = _field(
        False, rules.SWITCH, "leave out the files that cannot be read as pictures, and count them"
    )
    latent: int = _field(
        100, rules.COUNT, "numbers that one picture is made from, each uniform in [-1, 1)", shapes=True
    )
    layers: int | None = _field(
        None,
        rules.MAYBE_COUNT,
        "strided convolutions in each network; None: as many as leave both sides of the smallest map at least 4,"
        " and one at least",
        shapes=True,
    )
    width: int = _field(
        32,
        rules.COUNT,
        "maps of the discriminator's first convolution; all others have twice as many",
        shapes=True,
    )
    widths: tuple[int, ...] | None = _field(
        None,
        rules.WIDTHS,
        "maps of each of the discriminator's convolutions, first to last, in place of width; the paper's, for 64x64"
        " pictures, are 128,256,512,1024",
        shapes=True,
    )
    kernel_size: int = _field(5, rules.COUNT, "height and width of every filter", shapes=True)
    stride: int = _field(2, rules.STRIDE, "by how much each layer shrinks or enlarges its map", shapes=True)
    batch_size: int = _field(
        64, rules.COUNT, "real pictures, and as many generated ones, in a step", shapes=True
    )
    steps: int = _field(2000, rules.COUNT, "training steps in all, those before a resume included")
    learning_rate: float = _field(2e-4, rules.POSITIVE, "step size of both Adam optimizers")
    beta_1: float = _field(0.5, rules.SHARE, "share of the old gradient that both Adam optimizers keep")
    loss: str = _field(
        "non_saturating",
        rules.LOSS,
        "the game: non_saturating (the paper's), hinge or least_squares",
        before="non_saturating",
    )
    ema: float = _field(
        0.0,
        rules.SHARE,
        "share of the old average of the generator that is kept at each step, such as 0.999; 0 keeps no average",
        before=0.0,
    )
    flip: bool = _field(
        False,
        rules.SWITCH,
        "show half of the pictures mirrored, left and right, others each time",
        before=False,
    )
    conditional: bool = _field(
        False,
        rules.SWITCH,
        "train on the classes of the pictures too, so that samples of any class can be asked for: those of a data set"
        " or an .npz file, or the sub-folders of a folder",
        before=False,
    )
    leak: float = _field(0.2, rules.SHARE, "slope of the discriminator's LeakyReLU below 0")
    deviation: float = _field(
        0.02, rules.POSITIVE, "standard deviation of the normal distribution that weights start from"
    )
    momentum: float = _field(
        0.9, rules.SHARE, "share of the old running statistics that batch norm keeps at each step"
    )
    epsilon: float = _field(
        1e-5, rules.POSITIVE, "what batch norm adds to a variance before dividing by its root"
    )
    precision: str = _field(
        "float32",
        rules.PRECISION,
        "the type that both networks compute in while they train; weights, statistics and losses are float32 always."
        " bfloat16 is for processors that have it (avx512_bf16, AMX): others take many times as long",
        before="float32",
    )
    kernels: str = _field(
        "fast",
        rules.KERNELS,
        "fast uses other forms of the same operations where TensorFlow's own are slow on a CPU; plain never does, but"
        " where TensorFlow's own may end the process",
        before="fast",
    )
    strategy: str = _field(
        "none",
        rules.STRATEGY,
        "mirrored shares each batch among all devices of this machine, multi_worker among the processes, here or on other"
        " machines, that TF_CONFIG names",
        before="none",
    )
    seed: int = _field(0, rules.SEED, "fixes weights, latents and the order of the pictures")
    samples: int = _field(64, rules.COUNT, "pictures in a sample grid, always of the same latents")
    sample_every: int = _field(100, rules.COUNT, "steps from one sample grid to the next")
    checkpoint_every: int = _field(500, rules.COUNT, "steps from one checkpoint to the next")
    evaluate_every: int | None = _field(
        None,
        rules.MAYBE_COUNT,
        "steps from one evaluation to the next, as dcgan evaluate does it, and after the last; the best checkpoint is"
        " kept beside the newest; None: never",
        before=None,
    )
    evaluate_samples: int = _field(
        2000, rules.COUNT, "samples that an evaluation during the training is over", before=2000
    )

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            _check(field, getattr(self, field.name))

    def to_json(self) -> dict[str, Any]:
        """Return the fields as a dict that ``json.dumps`` takes, and :meth:`from_json` takes back."""
        return {
            name: list(value) if isinstance(value, tuple) else value for name, value in vars(self).items()
        }

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Config:
        """Return the config of which ``fields`` is the JSON form.

        Args:
            fields: Names and values, as :meth:`to_json` gives them. Where a run of an older version has no value,
                it gets the one that says what that version did.

        Raises:
            PlanError: For a value that its field cannot have.
            TypeError: For a name that is no field.
        """
        given = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in renamed(fields).items()
        }
        return cls(**(_before() | given))

    def departures(self) -> dict[str, Any]:
        """Return :meth:`to_json` without the newer fields that say what older versions did anyway.

        Two configs with equal departures are of runs that go the same way, whichever versions wrote them.

        >>> "flip" in Config().departures(), "flip" in Config(flip=True).departures()
        (False, True)
        """
        before = _before()
        return {
            name: value
            for name, value in self.to_json().items()
            if name not in before or before[name] != value
        }


def _before() -> dict[str, Any]:
    """Return what runs of 0.1 did, by the names of the fields that 0.1 did not have."""
    return {
        field.name: field.metadata["before"]
        for field in dataclasses.fields(Config)
        if "before" in field.metadata
    }


def renamed(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the same values under the names that their fields have now, for those that 0.1 called otherwise.

    >>> renamed({"resize": "pad", "latent": 8})
    {'fit': 'pad', 'latent': 8}
    """
    return {_RENAMED.get(name, name): value for name, value in fields.items()}


def option(name: str) -> str:
    """Return the command-line option of a field: ``--image-size`` for ``image_size``."""
    return "--" + name.replace("_", "-")


def _check(field: dataclasses.Field[Any], value: object) -> None:
    rule: rules.Rule = field.metadata["rule"]
    if rule.holds(value):
        return
    remedy = f"leave out {option(field.name)}" if field.default in (None, False) else None
    fix = None if remedy else {option(field.name): field.default}
    problem, legal = f"{field.name} cannot be {value!r}.", rule.legal
    raise PlanError(
        Diagnosis("Config", field.name, given=value, legal=legal, problem=problem, reason=rule.reason, fix=fix, remedy=remedy)
    )  # fmt: skip
