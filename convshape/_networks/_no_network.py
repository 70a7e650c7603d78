"""What is asked as a network and is none: a layer by itself, or a list or a dict of layers, is meant as one."""

from __future__ import annotations

from convshape._errors import ShapeError
from convshape._networks._chain import Chain
from convshape._networks._graph import Graph
from convshape._reading import is_a
from convshape._refusals import Refusal, Suggestion
from convshape._show import kind_of
from convshape._typed import can_be_typed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from convshape._networks._asking import Asked


def no_network(network: object, reason: str) -> Refusal:
    """Return the refusal of what is asked as a network and is none."""
    return Refusal(
        "network",
        given=network,
        problem=f"network is {kind_of(network)}.",
        legal="a cs.Chain or a cs.Graph",
        reason=reason,
        suggestions=tuple(Suggestion({"network": made}, note) for made, note in _meant(network)),
    )


def _meant(given: object) -> Iterator[tuple[Asked, str]]:
    """Yield the network of what was given, where there is one that can be typed."""
    made: Asked
    try:
        if is_a(given, dict):
            made, note = Graph(given), "these layers as a network"
        elif type(given) in (list, tuple):
            made, note = Chain(given), "these layers as a network"  # type: ignore[arg-type]
        else:
            made, note = Chain([given]), "a network of this layer"
    except ShapeError:  # it is made of something else
        return
    if made.nodes and can_be_typed(made):
        yield made, note
