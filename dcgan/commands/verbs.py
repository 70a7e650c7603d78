"""What the command line can do with a trained run: make pictures, take it elsewhere, and say how good it is."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from dcgan.commands.evaluate_verb import add_evaluate
from dcgan.commands.options import add_generator, add_weights, numbers, prepare_tensorflow
from dcgan.commands.protocol_verbs import add_neighbours, add_probe
from dcgan.outputs import check_file, check_free
from dcgan.sources.fitting import FITS

if TYPE_CHECKING:
    from dcgan.trained import Trained


def add_verbs(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add a parser for each verb.

    Args:
        commands: What ``add_subparsers`` has returned.
    """
    _add_sample(commands)
    _add_interpolate(commands)
    _add_arithmetic(commands)
    _add_invert(commands)
    _add_export(commands)
    _add_report(commands)
    meaning = "measure how far the samples of a run are from real pictures"
    add_evaluate(_verb(commands, "evaluate", meaning, seed="which samples"), add_weights)
    meaning = "name real test pictures after the samples nearest to them, and count the errors"
    add_neighbours(_verb(commands, "neighbours", meaning, seed="which samples"), add_weights)
    meaning = "train a linear classifier on what the discriminator sees in labelled pictures"
    add_probe(_verb(commands, "probe", meaning, seed="which pictures are kept for what"))


def _verb(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, meaning: str, *, seed: str = ""
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=meaning, description=meaning, allow_abbrev=False)
    parser.add_argument("folder", metavar="RUN", help="folder of the run")
    if seed:
        parser.add_argument("--seed", type=int, default=0, metavar="N", help=f"{seed} (default: 0)")
    return parser


def _add_sample(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _verb(commands, "sample", "write new pictures of a trained run", seed="which pictures")
    parser.add_argument("--count", type=int, default=64, metavar="N", help="how many pictures (default: 64)")
    places = parser.add_mutually_exclusive_group(required=True)
    places.add_argument("--out", metavar="FILE", help="one sheet: a PNG file, replaced if it is there")
    places.add_argument("--separate", metavar="DIR", help="one PNG each, in a folder that is new or empty")
    add_generator(parser)
    parser.set_defaults(run=_sample)


def _add_interpolate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    meaning = "write the way from one sample to another, along an arc of latents"
    parser = _verb(commands, "interpolate", meaning, seed="of the samples")
    parser.add_argument(
        "--picks",
        type=numbers,
        default=(0, 1),
        metavar="N,N,...",
        help="samples to go through, by their place on the sheet of dcgan sample, from 0; 0,1,0 makes a GIF without a"
        " jump (default: 0,1)",
    )
    parser.add_argument("--steps", type=int, default=8, metavar="N", help="from one to the next (default: 8)")
    parser.add_argument("--out", required=True, metavar="FILE", help="a PNG (strip) or a GIF, by its ending")
    parser.add_argument(
        "--delay",
        type=int,
        default=8,
        metavar="N",
        help="of a GIF: hundredths of a second a picture (default: 8)",
    )
    add_generator(parser)
    parser.set_defaults(run=_interpolate)


def _add_arithmetic(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    meaning = "write the picture of a - b + c, each the mean of the latents of some samples"
    parser = _verb(
        commands, "arithmetic", meaning, seed="of the samples, and of the pictures near the result"
    )
    for name, part in (("a", "to begin with"), ("b", "to take away"), ("c", "to add")):
        parser.add_argument(
            f"--{name}", type=numbers, required=True, metavar="N,N,...",
            help=f"samples {part}, by their place on the sheet of dcgan sample, from 0",
        )  # fmt: skip
    parser.add_argument("--out", required=True, metavar="FILE", help="PNG file, replaced if it is there")
    add_generator(parser)
    parser.set_defaults(run=_arithmetic)


def _add_invert(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    meaning = "search for the latent whose picture is nearest to a given one"
    parser = _verb(commands, "invert", meaning, seed="of the latents to start from")
    parser.add_argument(
        "picture", metavar="PICTURE", help="a file; brought to the size of the run's pictures"
    )
    parser.add_argument(
        "--fit", choices=FITS, default="crop", help="how it is brought to that size (default: crop)"
    )
    parser.add_argument(
        "--starts",
        type=int,
        metavar="N",
        help="latents to start from (default: 16, and one of each class at least)",
    )
    parser.add_argument("--steps", type=int, default=300, metavar="N", help="steps of Adam (default: 300)")
    parser.add_argument(
        "--out",
        required=True,
        metavar="FILE",
        help="PNG file with both pictures; the latent goes beside it, as .npy; both are replaced if they are there",
    )
    add_generator(parser)
    parser.set_defaults(run=_invert)


def _add_export(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _verb(commands, "export", "write the generator in a form that works without dcgan")
    parser.add_argument(
        "--out",
        required=True,
        metavar="PATH",
        help="FILE.keras, FILE.safetensors, or a new folder for a SavedModel",
    )
    add_weights(parser)
    parser.set_defaults(run=_export)


def _add_report(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _verb(
        commands, "report", "write one HTML file with the pictures, curves and configuration of a run"
    )
    parser.add_argument(
        "--out", metavar="FILE", help="HTML file, replaced if it is there (default: RUN/report.html)"
    )
    parser.set_defaults(run=_report)


def _load(arguments: argparse.Namespace) -> Trained:
    prepare_tensorflow()
    from dcgan.loading import load

    choices = {name: getattr(arguments, name) for name in ("weights", "statistics", "best")}
    loaded = load(arguments.folder, **choices)
    classes = vars(arguments).get("classes")  # not of export, which writes a generator of all
    return loaded if classes is None else loaded.of(*classes)


def _sample(arguments: argparse.Namespace) -> int:
    if arguments.separate is not None:
        check_free(arguments.separate, "sample")
        _load(arguments).save_separately(arguments.separate, arguments.count, arguments.seed)
        return 0
    prepare_tensorflow()
    from dcgan import session

    choices = {name: getattr(arguments, name) for name in ("weights", "statistics", "best", "classes")}
    session.sample(arguments.folder, arguments.count, arguments.out, seed=arguments.seed, **choices)
    return 0


def _interpolate(arguments: argparse.Namespace) -> int:
    from dcgan.samples import SCALE
    from dcgan.uses.animations import check_delay, save_gif
    from dcgan.uses.interpolation import interpolate

    check_file(arguments.out, [".png", ".gif"], "interpolate")
    check_delay(arguments.delay)
    way = interpolate(_load(arguments), arguments.picks, steps=arguments.steps, seed=arguments.seed)
    if Path(arguments.out).suffix.lower() == ".gif":
        save_gif(way.array, arguments.out, delay=arguments.delay, scale=SCALE)
    else:
        way.save(arguments.out)
    return 0


def _arithmetic(arguments: argparse.Namespace) -> int:
    from dcgan.uses.arithmetic import combine

    check_file(arguments.out, [".png"], "arithmetic")
    parts = (arguments.a, arguments.b, arguments.c)
    combine(_load(arguments), *parts, seed=arguments.seed).save(arguments.out)
    return 0


def _invert(arguments: argparse.Namespace) -> int:
    from dcgan.uses import inversion

    check_file(arguments.out, [".png"], "invert")
    trained = _load(arguments)
    picture = inversion.read(trained, arguments.picture, arguments.fit)
    search = {"starts": arguments.starts, "steps": arguments.steps, "seed": arguments.seed}
    found = inversion.invert(trained, picture, **search)
    latent = found.save(arguments.out)
    print(f"{found.error:.1f} of 255 grey levels apart; the {len(found.errors)} starts ended from "
          f"{found.errors.min():.1f} to {found.errors.max():.1f}; the latent: {latent}")  # fmt: skip
    return 0


def _export(arguments: argparse.Namespace) -> int:
    from dcgan.uses.export import check_place, export

    check_place(Path(arguments.out))
    trained = _load(arguments)
    print(f"{arguments.out}: {export(trained, arguments.out)}, after {trained.step} steps")
    return 0


def _report(arguments: argparse.Namespace) -> int:
    from dcgan.reports.report import report

    print(report(arguments.folder, arguments.out))
    return 0
