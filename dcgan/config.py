"""Everything that a run depends on, in one frozen record. The command line is made from it; no TensorFlow here."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from dcgan.errors import Diagnosis, PlanError


class Rule(NamedTuple):
    """What a field may be: a test, the same in words, and what its command-line option reads.

    Attributes:
        holds: True for a legal value; may raise TypeError for something that is not even comparable.
        legal: The legal values in words.
        reason: Why others are not.
    """

    holds: Callable[[Any], bool]
    legal: str
    reason: str


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _real(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


COUNT = Rule(lambda value: _whole(value) and value >= 1, "an integer of at least 1", "it counts things")
MAYBE_COUNT = Rule(lambda value: value is None or COUNT.holds(value), f"{COUNT.legal}, or None", COUNT.reason)
STRIDE = Rule(
    lambda value: _whole(value) and value >= 2,
    "an integer of at least 2",
    "each layer must shrink the map, and a transposed convolution takes its forward twin's stride: 2, not 1/2",
)
SEED = Rule(
    lambda value: _whole(value) and 0 <= value < 2**32,
    "an integer from 0 to 2**32 - 1",
    "pictures, weights and latents are all drawn from it, and NumPy takes no larger one",
)
POSITIVE = Rule(
    lambda value: _real(value) and value > 0, "a number above 0", "0 or less of it trains nothing"
)
SHARE = Rule(
    lambda value: _real(value) and 0 <= value < 1, "a number from 0 to below 1", "it is a share kept"
)
TEXT = Rule(
    lambda value: isinstance(value, str) and value != "", "a name or a folder", "pictures come from it"
)
SWITCH = Rule(lambda value: isinstance(value, bool), "True or False", "it is a switch")
RESIZE = Rule(
    lambda value: value in ("crop", "pad", "stretch"), "crop, pad or stretch", "these are the ways there are"
)
CHANNELS = Rule(
    lambda value: value is None or (_whole(value) and value in (1, 3)),
    "1, 3, or None",
    "pictures are grey or coloured",
)
SIZES = Rule(
    lambda value: (
        value is None or (isinstance(value, tuple) and len(value) == 2 and all(map(COUNT.holds, value)))
    ),
    "a pair (height, width), or None",
    "pictures have two sides",
)
WIDTHS = Rule(
    lambda value: (
        value is None or (isinstance(value, tuple) and value != () and all(map(COUNT.holds, value)))
    ),
    "one number of maps for each layer, as a tuple, or None",
    "each layer needs its own",
)


def _field(default: object, rule: Rule, meaning: str, *, shapes: bool = False) -> Any:  # noqa: ANN401 - as dataclasses.field
    """Return a field with its default, its rule and its meaning; ``shapes`` where the blueprint depends on it."""
    return dataclasses.field(default=default, metadata={"rule": rule, "meaning": meaning, "shapes": shapes})


@dataclass(frozen=True, kw_only=True)
class Config:
    """What to train on, which networks, and how. Defaults are those of the DCGAN paper (arXiv 1511.06434).

    Every field says what it means in its metadata: ``dcgan train --help`` prints them all.

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
        TEXT,
        "digits (comes with scikit-learn), mnist, fashion_mnist, cifar10, or a folder of pictures",
    )
    image_size: tuple[int, int] | None = _field(
        None, SIZES, "resize every picture to this height and width; without it no picture is changed"
    )
    resize: str = _field(
        "crop", RESIZE, "how: crop covers the size and cuts, pad fits inside on black, stretch distorts"
    )
    channels: int | None = _field(
        None, CHANNELS, "1 for grey, 3 for colour; without it, colour if any picture has it"
    )
    skip_unreadable: bool = _field(
        False, SWITCH, "leave out the files that cannot be read as pictures, and count them"
    )
    latent: int = _field(
        100, COUNT, "numbers that one picture is made from, each uniform in [-1, 1)", shapes=True
    )
    layers: int | None = _field(
        None,
        MAYBE_COUNT,
        "strided convolutions in each network; None: as many as leave both sides of the smallest map at least 4,"
        " and one at least",
        shapes=True,
    )
    width: int = _field(
        32,
        COUNT,
        "maps of the discriminator's first convolution; all others have twice as many",
        shapes=True,
    )
    widths: tuple[int, ...] | None = _field(
        None,
        WIDTHS,
        "maps of each of the discriminator's convolutions, first to last, in place of width; the paper's, for 64x64"
        " pictures, are 128,256,512,1024",
        shapes=True,
    )
    kernel_size: int = _field(5, COUNT, "height and width of every filter", shapes=True)
    stride: int = _field(2, STRIDE, "by how much each layer shrinks or enlarges its map", shapes=True)
    batch_size: int = _field(64, COUNT, "real pictures, and as many generated ones, in a step", shapes=True)
    steps: int = _field(2000, COUNT, "training steps in all, those before a resume included")
    learning_rate: float = _field(2e-4, POSITIVE, "step size of both Adam optimizers")
    beta_1: float = _field(0.5, SHARE, "share of the old gradient that both Adam optimizers keep")
    leak: float = _field(0.2, SHARE, "slope of the discriminator's LeakyReLU below 0")
    deviation: float = _field(
        0.02, POSITIVE, "standard deviation of the normal distribution that weights start from"
    )
    momentum: float = _field(
        0.9, SHARE, "share of the old running statistics that batch norm keeps at each step"
    )
    epsilon: float = _field(1e-5, POSITIVE, "what batch norm adds to a variance before dividing by its root")
    seed: int = _field(0, SEED, "fixes weights, latents and the order of the pictures")
    samples: int = _field(64, COUNT, "pictures in a sample grid, always of the same latents")
    sample_every: int = _field(100, COUNT, "steps from one sample grid to the next")
    checkpoint_every: int = _field(500, COUNT, "steps from one checkpoint to the next")

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
            fields: Names and values, as :meth:`to_json` gives them.

        Raises:
            PlanError: For a value that its field cannot have.
            TypeError: For a name that is no field.
        """
        return cls(
            **{name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
        )


def option(name: str) -> str:
    """Return the command-line option of a field: ``--image-size`` for ``image_size``."""
    return "--" + name.replace("_", "-")


def _check(field: dataclasses.Field[Any], value: object) -> None:
    rule: Rule = field.metadata["rule"]
    if rule.holds(value):
        return
    remedy = f"leave out {option(field.name)}" if field.default in (None, False) else None
    raise PlanError(
        Diagnosis(
            "Config",
            field.name,
            given=value,
            legal=rule.legal,
            problem=f"{field.name} cannot be {value!r}.",
            reason=rule.reason,
            fix=None if remedy else {option(field.name): field.default},
            remedy=remedy,
        )
    )
