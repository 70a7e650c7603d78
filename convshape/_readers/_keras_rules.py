"""From a layer's configuration to a block: by a rule of the caller, or by what is known of Keras; or its name is kept."""

from __future__ import annotations

from convshape._errors import ArgumentError, ShapeError
from convshape._networks._block import Block
from convshape._networks._network import Network
from convshape._readers._keras_layers import layer_of
from convshape._readers._keras_ops import operation_of
from convshape._readers._keras_values import broken
from convshape._refusals import Refusal
from convshape._show import kind_of, show
from convshape._spec import Spec
from convshape.frameworks._layer import Layer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from convshape._readers._keras_values import Entry

_TAKEN = (Block, Network, Spec, Layer)
_MOST_TOLD = 12


class Maker:
    """Makes blocks, each layer's once.

    Attributes:
        unknown: The layers that nobody knows: their names, each with its entry.
    """

    def __init__(self, rules: Mapping[str, object]) -> None:
        self._rules = rules
        self._made: dict[Entry | int, object] = {}
        self._kept: list[Entry] = []  # so that no id is used twice
        self.unknown: list[tuple[str, Entry]] = []

    def made(self, entry: Entry, call: object, tensors: int, name: str) -> object:
        """Return what a network takes in the layer's place; None for a model, and for what nobody knows."""
        if id(entry) in self._made:
            found = self._made[id(entry)]
        else:
            found = self._ruled(entry)
            if found is None:
                found = self._known(entry, call, tensors)
            if not entry.operation:  # a function's block depends on its call
                self._made[id(entry)] = found
                self._kept.append(entry)
        if found is None and not entry.model:
            self.unknown.append((name, entry))
        return found

    def _ruled(self, entry: Entry) -> object:
        for key in (entry.name, entry.kind, entry.registered):
            if key is not None and key in self._rules and entry.kind != "InputLayer":
                return _answer(self._rules[key], entry, key)
        return None

    def _known(self, entry: Entry, call: object, tensors: int) -> object:
        if entry.own or entry.model:
            return None
        try:
            if entry.operation:
                return operation_of(entry, call, tensors)
            return layer_of(entry)
        except ShapeError as error:
            refusal = broken(f"{entry.told}: {error.problem}")
            refusal.legal, refusal.reason = str(error.diagnosis.parts()[0][1]), error.reason
            raise refusal from None

    def told(self) -> Refusal | None:
        """Return the refusal of all layers that nobody knows, or None where there is none."""
        if not self.unknown:
            return None
        kinds = list(dict.fromkeys(entry.kind for _, entry in self.unknown))
        listed = [f"{show(name)} ({show(entry.kind)[1:-1]})" for name, entry in self.unknown[:_MOST_TOLD]]
        more = len(self.unknown) - len(listed)
        first = kinds[0] if kinds[0].isidentifier() else "MyLayer"
        rule = f'lambda config: cs.layers.Custom("{first}", lambda shape: shape)'
        return Refusal(
            "rules",
            given=self._rules or None,
            problem=f"{'a layer is' if len(self.unknown) == 1 else f'{len(self.unknown)} layers are'} not known: "
            f"{', '.join(listed)}{f', and {more} more' if more else ''}.",
            legal=f"a rule for each of {', '.join(show(kind) for kind in kinds[:_MOST_TOLD])}, by class or by name: "
            f'rules={{"{first}": {rule}}}, with the shape that the layer makes in the place of shape',
            reason=f"{_origin([entry for _, entry in self.unknown])}; a rule takes the layer's config and returns what a "
            "network takes: a spec, a layer, a chain.",
            kind=ArgumentError,
        )


def _origin(entries: list[Entry]) -> str:
    """Return why layers are not known: Keras's own are not read here, all others are code."""
    code = [one for one in entries if not one.of_keras or one.kind == "Lambda"]
    kinds = list(
        dict.fromkeys(show(one.kind)[1:-1] for one in entries if not any(one is other for other in code))
    )
    said = []
    if kinds:
        listed = ", ".join(kinds[:_MOST_TOLD]) + (", ..." if len(kinds) > _MOST_TOLD else "")
        said.append(
            f"{listed} {'is a layer of Keras that is' if len(kinds) == 1 else 'are layers of Keras that are'} not read here"
        )
    if code:
        own = any(one.own or one.kind == "Lambda" for one in code)  # older files do not say whose a class is
        whose = "somebody's own" if own else "a class that is not known here"
        said.append(f"what a layer of {whose} does to a shape stands in its code, which is never run")
    return "; ".join(said)


def _answer(rule: object, entry: Entry, key: str) -> object:
    if issubclass(type(rule), _TAKEN):
        return rule
    said: object = None
    problem = f"is {kind_of(rule)}"
    if callable(rule):
        try:
            said = rule(dict(entry.config))
        except ShapeError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a foreign rule raises is what is wrong with it
            problem = f"raises {show(error)}"
        else:
            problem = f"returns {kind_of(said)}"
    if issubclass(type(said), _TAKEN):
        return said
    raise Refusal(
        "rules",
        given=rule,
        problem=f"the rule of {show(key)} {problem}, for layer {show(entry.name)}.",
        legal="a function from the layer's config to what a network takes: a spec, a layer, a chain",
        reason="a rule stands in the place of what is not known about a layer.",
    )
