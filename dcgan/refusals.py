"""Why a plan cannot work, and the nearest ones that might."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from dcgan.config import Config, option
from dcgan.errors import Diagnosis, PlanError

Changes: TypeAlias = Mapping[str, Any]


class Refusal(Exception):
    """A plan that cannot work.

    Args:
        argument: The field that is wrong.
        ways: Ways out of it; each is a number of changes to try in turn, nearest first.
        record: The other fields of a Diagnosis.
    """

    def __init__(self, argument: str, *ways: Iterable[Changes], **record: Any) -> None:  # noqa: ANN401
        super().__init__(argument)
        self.argument = argument
        self.ways = ways
        self.record = record

    def as_error(self, works: Callable[[Changes], bool]) -> PlanError:
        """Return the error, which offers of each way the nearest plan that works.

        Args:
            works: Whether the plan, so changed, can be drawn.
        """
        nearest = (next(filter(works, way), None) for way in self.ways)
        found = [changes for changes in nearest if changes is not None]
        fix, *others = map(_written, found)
        return PlanError(
            Diagnosis(
                "plan",
                self.argument,
                **self.record,
                fix=fix,
                alternatives=tuple(others),
                notes=tuple(map(_note, found)),
            )
        )


def disagreement(config: Config) -> Refusal:
    """Refuse a number of layers that is not that of the widths."""
    count = len(config.widths or ())
    return Refusal(
        "layers",
        _shorter(config, range(min(count, config.layers or count), 0, -1)),
        given=config.layers,
        legal=f"{count}, or no --layers beside --widths",
        problem=f"there are {count} widths, {config.widths}, for {config.layers} layers.",
        reason="widths has one number of maps for each layer",
    )


def too_small(image_shape: tuple[int, ...], config: Config) -> Refusal:
    """Refuse a picture that not even one layer can shrink."""
    picture = "x".join(map(str, image_shape[:-1]))
    larger = {"image_shape": (2, 2, image_shape[-1])}
    return Refusal(
        "image_shape",
        [larger, *({**larger, **changes} for changes in _shorter(config, [1]))],
        given=image_shape,
        legal="pictures of more than one pixel",
        problem=f"pictures of {picture} are too small for any network.",
        reason=f"each layer must shrink its map, and {picture} cannot shrink",
    )


def too_many(image_shape: tuple[int, ...], possible: int, config: Config) -> Refusal:
    """Refuse more layers than the picture can be shrunk by."""
    picture = "x".join(map(str, image_shape[:-1]))
    asked = config.layers if config.widths is None else len(config.widths)
    return Refusal(
        "layers",
        _shorter(config, range(possible, 0, -1)),
        given=asked,
        legal=range(1, possible + 1),
        problem=f"{asked} layers are too many for {picture} pictures: after {possible} the map is 1x1.",
        reason="each layer must shrink its map, and 1x1 cannot shrink",
    )


def one_value(layer: str, layers: int, config: Config) -> Refusal:
    """Refuse a batch norm that would see a single value of each channel."""
    return Refusal(
        "batch_size",
        [{"batch_size": 2}],
        _shorter(config, range(layers - 1, 0, -1)),
        given=config.batch_size,
        legal="a batch of at least 2, or a smallest map of more than 1x1",
        problem=f"batch norm of {layer} would see one value a channel: a batch of 1, a map of 1x1.",
        reason="one value less its own mean is always 0, so nothing of it would be left",
    )


def _shorter(config: Config, counts: Iterable[int]) -> list[Changes]:
    """Return changes to fewer layers, each also with a batch of 2: for the smallest maps one is too few."""
    widths = config.widths
    fewer = [{"layers": count} | ({} if widths is None else {"widths": widths[:count]}) for count in counts]
    return [changes | more for more in ({}, {"batch_size": 2}) for changes in fewer]


def _note(changes: Changes) -> str:
    """Return where a fix stands in a command; nothing where it is an option everywhere."""
    shape = changes.get("image_shape")
    return f"in dcgan plan: {'x'.join(map(str, shape))}" if shape else ""


def _written(changes: Changes) -> dict[str, Any]:
    written: dict[str, Any] = {}
    for name, value in changes.items():
        if name == "image_shape":
            written["--image-size"] = "x".join(map(str, value[:-1]))
        else:
            written[option(name)] = ",".join(map(str, value)) if isinstance(value, tuple) else value
    return written
