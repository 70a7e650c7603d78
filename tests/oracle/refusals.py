"""The properties of wrong calls: nothing but a ShapeError, and every offered fix works in the real op."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from convshape import ShapeError
from tests.engines.operation import Operation, read
from tests.engines.tensorflow_engine import accepts, execute, oracle_shape
from tests.engines.tensorflow_ops import EngineRefused
from tests.oracle.mutations import Mutated

MOST_ELEMENTS = 50_000  # of one tensor
MOST_WORK = 5_000_000  # multiplications of one op; what is larger is left to arithmetic
LARGEST_ENTRY = 1_000  # of strides, dilations and padding
#: What became of the mutated calls, for the report: refused, with a fix, executed, too large to execute.
SEEN: Counter[str] = Counter()


def answers_or_refuses(implementation: Any, mutated: Mutated) -> None:
    """A wrong call raises a ShapeError and nothing else, or was legal after all and the op makes that."""
    said = _answer(implementation, mutated.verb, mutated.call)
    if isinstance(said, ShapeError):
        SEEN["refused"] += 1
        assert str(said).count("\n") >= 3, "an error has four parts"
        return
    SEEN["legal after all"] += 1
    _hold_against_the_op(implementation, mutated, mutated.call)


def fixes_are_legal(implementation: Any, mutated: Mutated) -> None:
    """Each fix that an error offers makes convshape accept the call, and the op as well."""
    refusal = _answer(implementation, mutated.verb, mutated.call)
    if not isinstance(refusal, ShapeError):
        return
    SEEN["with a fix" if refusal.fix is not None else "without a fix"] += 1
    assert refusal.fix is not None or not refusal.alternatives
    for fix in (refusal.fix, *refusal.alternatives) if refusal.fix is not None else ():
        assert fix, "an empty fix changes nothing"
        mended = {**mutated.call, **fix}
        said = _answer(implementation, mutated.verb, mended)
        assert not isinstance(said, ShapeError), f"the fix {fix} is refused: {said}"
        _hold_against_the_op(implementation, mutated, mended)


def _answer(implementation: Any, verb: str, call: Mapping[str, Any]) -> Any:
    """Return the verb's answer or its ShapeError; any other exception is a failure of the property."""
    try:
        return getattr(implementation, verb)(**call)
    except ShapeError as refusal:
        return refusal
    except Exception as error:  # the property is that there is no such thing
        raise AssertionError(f"{verb} raised {type(error).__name__}: {error}") from error


def _hold_against_the_op(implementation: Any, mutated: Mutated, call: Mapping[str, Any]) -> None:
    """Execute a call that convshape accepts; unknown sizes stand for any size, so some size has to work."""
    filled = next(_with_numbers(implementation, mutated, call), None)
    assert filled is not None, f"no numbers for the unknown sizes make this legal: {dict(call)}"
    said = _answer(implementation, mutated.verb, filled)
    try:
        operation = read(mutated.verb, filled)
    except Exception as error:
        raise AssertionError(f"accepted, but no engine can read {filled}: {error}") from error
    shape = _output(mutated.verb, operation, said)
    if _too_large(operation, shape):
        SEEN["too large to execute"] += 1
        return
    SEEN["executed"] += 1
    if operation.kind == "transpose":
        assert accepts(operation, shape), f"the op does not take {shape} of {filled}"
        return
    for pool in ("max", "avg") if operation.kind == "pool" else ("",):
        try:
            made = execute(operation.but(ceil_mode=False), pool=pool)
        except EngineRefused as refusal:
            raise AssertionError(f"the op refuses {filled}: {refusal}") from refusal
        assert mutated.verb == "padding_amounts" or operation.ceil_mode or made == shape, (
            f"{made} is not {shape}"
        )


def _output(verb: str, operation: Operation, said: Any) -> tuple[int, ...]:
    """Return the output shape `(N, *spatial, C)` in what a verb said."""
    if verb == "padding_amounts":
        return (1,) * (operation.rank + 2)
    return operation.canonical(next(iter(said)) if verb == "transpose_outputs" else said)


def _with_numbers(implementation: Any, mutated: Mutated, call: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the call with numbers for the unknown sizes and the batch's name, where convshape takes them."""
    shapes = {name: tuple(call[name]) for name in ("input_shape", "output_shape") if name in call}
    if all(type(entry) is not str and entry is not None for shape in shapes.values() for entry in shape):
        yield dict(call)
        return
    legal = {name: tuple(mutated.legal[name]) for name in shapes}
    alike = ({"input_shape": (size,) * 5, "output_shape": (size,) * 5} for size in range(1, 65))
    for numbers in itertools.chain([legal, _twin(call)], alike):
        filled = {**call, **{name: _filled(shape, numbers.get(name, ())) for name, shape in shapes.items()}}
        if not isinstance(_answer(implementation, mutated.verb, filled), ShapeError):
            yield filled


def _twin(call: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    """Return the input that belongs to the output_shape of a call, by the forward op."""
    if "output_shape" not in call:
        return {}
    forward = {name: value for name, value in call.items() if name != "output_shape"}
    forward["input_shape"] = _filled(tuple(call["output_shape"]), ())
    try:
        return {"input_shape": oracle_shape("conv_output", forward)}
    except EngineRefused:
        return {}


def _filled(shape: tuple[Any, ...], known: tuple[int, ...]) -> tuple[int, ...]:
    """Put 2 for a batch's name, and for None what is known to stand there, otherwise 1."""
    instead = (*known, *[1] * len(shape))
    return tuple(
        2 if type(entry) is str else instead[place] if entry is None else entry
        for place, entry in enumerate(shape)
    )


def _too_large(operation: Operation, output: tuple[int, ...]) -> bool:
    padding = () if isinstance(operation.padding, str) else itertools.chain(*operation.padding)
    if max(*operation.strides, *operation.dilations, *padding) > LARGEST_ENTRY:
        return True
    picture, result, weights = map(math.prod, (operation.input_shape, output, operation.filter_shape))
    if max(picture, result, weights) > MOST_ELEMENTS:
        return True
    return (picture if operation.kind == "transpose" else result) * weights > MOST_WORK
