"""What ``convshape check`` says of legal sizes: those of the layers, what the model declares, and a range that was asked for."""

from __future__ import annotations

import convshape as cs
from convshape._layouts import AXIS_NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from convshape._shapes import Shape


class Sizes:
    """Legal sizes by axis.

    Attributes:
        of_layers: By axis, the sizes that the layers take, or why they are not known: that is no fault of the model.
        declared: The one size that the model declares for an axis, by axis; it refuses all others.
        wanted: The range that was asked for, or None.
        inside: By axis, the sizes of that range that the model takes.
        fits: Whether there is one on every axis.
    """

    def __init__(
        self,
        of_layers: Mapping[str, cs.ValidSizes | str],
        declared: Mapping[str, int],
        wanted: range | None,
    ) -> None:
        self.of_layers, self.declared, self.wanted = of_layers, declared, wanted
        known = {axis: one for axis, one in of_layers.items() if isinstance(one, cs.ValidSizes)}
        self._rebuilt = {axis: [size for size in wanted or () if size in one] for axis, one in known.items()}
        self.inside = {
            axis: [size for size in sizes if size == declared.get(axis, size)]
            for axis, sizes in self._rebuilt.items()
        }
        self.fits = wanted is None or all(self.inside.values())

    def lines(self) -> list[str]:
        """Return a line or two for each axis."""
        lines = []
        for axis, one in self.of_layers.items():
            lines.append(self._legal(axis, one))
            if self.wanted is not None and axis in self.inside:
                inside = _runs(self.inside[axis])
                if axis in self.declared:
                    inside += f"; its layers would take {_runs(self._rebuilt[axis])}"
                lines.append(f"  from {self.wanted.start} to {self.wanted.stop - 1}: {inside}")
        return lines

    def _legal(self, axis: str, one: cs.ValidSizes | str) -> str:
        if axis not in self.declared:
            return f"legal {one!r}" if isinstance(one, cs.ValidSizes) else f"legal {axis}: not known. {one}"
        said = f"legal {axis}: declared {self.declared[axis]}; "
        if isinstance(one, cs.ValidSizes):
            return f"{said}its layers would take {repr(one).removeprefix(f'{axis}: ')}"
        return f"{said}what its layers would take is not known. {one}"

    def to_json(self) -> dict[str, object]:
        """Return them as a dict that ``json.dumps`` takes."""
        return {
            "valid_sizes": {
                axis: one.to_json() if isinstance(one, cs.ValidSizes) else None
                for axis, one in self.of_layers.items()
            },
            "declared": dict(self.declared),
            "sizes": None if self.wanted is None else self.inside,
        }


def sizes_of(
    network: cs.Chain | cs.Graph,
    shape: Shape,
    demands: Shape | None,
    axis: str | None,
    wanted: range | None,
) -> Sizes:
    """Return the legal sizes of a network's axes, or of one of them, for an input."""
    from convshape._networks._block import places  # the other verbs need no networks

    layout = network.layout_of(len(shape))
    names = () if layout is None else AXIS_NAMES[len(shape) - 2]
    of_layers = {name: _sizes(network, name, shape) for name in names if axis in (None, name)}
    declared: dict[str, int] = {}
    if layout is not None and demands is not None and len(demands) == len(shape):
        for name, place in zip(names, places(layout), strict=True):
            size = demands[place]
            if isinstance(size, int) and name in of_layers:
                declared[name] = size
    return Sizes(of_layers, declared, wanted)


def _sizes(network: cs.Chain | cs.Graph, axis: str, shape: Shape) -> cs.ValidSizes | str:
    try:
        return cs.valid_sizes(network, axis, shape)
    except cs.ShapeError as error:
        return error.problem


def _runs(sizes: list[int]) -> str:
    """Return numbers as text, those that follow each other as one: ``200..203, 224``."""
    runs: list[list[int]] = []
    for size in sizes:
        if runs and size == runs[-1][-1] + 1:
            runs[-1][1:] = [size]
        else:
            runs.append([size])
    return ", ".join("..".join(map(str, run)) for run in runs) or "none"
