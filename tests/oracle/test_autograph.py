"""Inside a `@tf.function`, AutoGraph on, and inside a Keras layer: the same answers and the same errors as outside.

AutoGraph rewrites the code that is traced, and the code that this calls; an error that comes out of it becomes
another one, unless it says otherwise. Keras does the same to what comes out of a layer.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from types import FunctionType, ModuleType
from typing import Any

import pytest
import tensorflow as tf

import convshape as cs
from tests.core.calls import LEGAL, WHOLES, run
from tests.core.test_mistakes import ALL
from tests.oracle.graph_ways import WAYS, a_keras_model

SWAPPED: dict[str, Any] = {"input_shape": (2, 8, 8, 64), "filter_shape": (5, 5, 64, 32), "strides": 2}
MENDED = {"filter_shape": (5, 5, 32, 64)}
EACH_WHOLE = pytest.mark.parametrize("whole", WHOLES)


def traced(whole: str, call: Mapping[str, Any], implementation: Any = cs) -> Any:
    """Return what a call gives to the code of a `tf.function` that makes it."""
    said = []

    @tf.function
    def graph() -> Any:
        said.append(run(whole, call, implementation))
        return tf.zeros(())

    graph()
    (answer,) = said
    return answer


def raised(whole: str, call: Mapping[str, Any], make: Callable[..., Any] = run) -> Exception:
    """Return the exception of a wrong call, of whatever type."""
    try:
        answer = make(whole, call)
    except Exception as error:  # noqa: BLE001 - that it is the right one is what is tested
        return error
    raise AssertionError(f"{whole} is not refused: {answer}")


def errs_alike(whole: str, call: Mapping[str, Any], make: Callable[..., Any] = traced) -> None:
    """Hold the error of a call made somewhere against that of the same call made here, to the last part."""
    outside, inside = raised(whole, call), raised(whole, call, make)
    assert isinstance(outside, cs.ShapeError)
    assert type(inside) is type(outside), f"{type(inside).__name__}: {inside}"
    assert isinstance(inside, cs.ShapeError)
    assert str(inside) == str(outside)
    assert repr(inside) == repr(outside)
    assert repr(inside.fix) == repr(outside.fix)
    assert inside.to_json() == outside.to_json()


@EACH_WHOLE
def test_every_named_mistake_is_the_same_error(whole: str, record_property: Any) -> None:
    mistakes = [mistake for mistake in ALL if mistake.whole == whole]
    for mistake in mistakes:
        errs_alike(whole, mistake.call)
    record_property("examples mistakes in a tf.function", len(mistakes))
    assert mistakes


@EACH_WHOLE
def test_a_right_call_gives_the_same(whole: str) -> None:
    assert traced(whole, LEGAL[whole]) == run(whole, LEGAL[whole])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("partial", [False, True], ids=["called", "partial"])
def test_every_way_into_a_graph(way: Callable[[Callable[[], object]], None], partial: bool) -> None:
    def make(whole: str, call: Mapping[str, Any]) -> object:
        def called() -> object:
            return run(whole, call)

        return way(functools.partial(getattr(cs, whole), **call) if partial else called)

    errs_alike("transpose_output", SWAPPED, make)
    make("transpose_output", {**SWAPPED, **MENDED})


def test_what_keras_adds_is_a_note() -> None:
    error = raised("transpose_output", SWAPPED, lambda whole, call: a_keras_model(lambda: run(whole, call)))
    (note,) = error.__notes__
    assert note.startswith("Could not automatically infer") and "fix:" not in note


def test_caught_inside() -> None:
    """The record of an error that is caught in traced code is whole, and its fix mends the call there."""

    @tf.function
    def graph() -> Any:
        call = {"input_shape": (2, 8, 8, 64), "filter_shape": (5, 5, 64, 32), "strides": 2}
        try:
            shape = cs.transpose_output(**call)
        except cs.ShapeError as error:
            assert error.to_json()["argument"] == error.diagnosis.argument == "filter_shape"
            assert error.diagnosis.html()
            shape = cs.transpose_output(**{**call, **error.fix})
        return tf.zeros(shape)

    assert graph().shape == (2, 16, 16, 32)


def test_an_error_of_the_users_own_kind() -> None:
    class OwnError(cs.ShapeError):
        pass

    own = OwnError(cs.Diagnosis("mine", "x", given=1, legal="2", problem="it is 1.", reason="why not"))

    @tf.function
    def graph() -> Any:
        raise own

    with pytest.raises(OwnError) as caught:
        graph()
    assert caught.value is own


def test_values_work_inside() -> None:
    """What specs, sets of outputs and records do is the same in traced code."""

    def use() -> list[object]:
        spec = cs.ConvTranspose((5, 5, 32, 64), strides=2)
        outputs = cs.transpose_outputs((2, 8, 8, 64), (5, 5, 32, 64), strides=2)
        found: list[object] = [spec, repr(spec), hash(spec), spec == outputs, spec.smallest_inputs()]
        found += [len(outputs), outputs, repr(outputs), outputs.default, outputs.ranges]
        found += [(2, 16, 15, 32) in outputs, (2, 16, 15, 3) in outputs, outputs.has_size(0, 15)]
        for shape in outputs:
            found.append(shape)
        return found

    inside = []

    @tf.function
    def graph() -> Any:
        inside.extend(use())
        return tf.zeros(())

    graph()
    assert inside == use() and len(inside) == 17


def test_a_length_that_python_cannot_count() -> None:
    outputs = cs.transpose_outputs((1, 2, 2, 2, 1), (1, 1, 1, 1, 1), strides=2**30, padding="VALID")

    @tf.function
    def graph() -> Any:
        return tf.zeros(()) + len(outputs)

    with pytest.raises(cs.SizeError, match="more members"):
        graph()


# AutoGraph's mark is on everything public, dialects included: they end with convshape._handing_out.hand_out.


def public_modules() -> list[ModuleType]:
    """Return convshape and every module in it that has public names."""
    names = [module.name for module in pkgutil.walk_packages(cs.__path__, "convshape.")]
    public = [name for name in names if not any(part.startswith("_") for part in name.split("."))]
    modules = [cs, *map(importlib.import_module, public)]
    return [module for module in modules if hasattr(module, "__all__")]


def unmarked(module: ModuleType) -> set[str]:
    """Return the public functions, classes and methods of a module that AutoGraph would rewrite."""
    found = set()
    for name in vars(module)["__all__"]:
        thing = vars(module).get(name)  # what is handed out on demand is a module, and has a turn of its own
        if not inspect.isfunction(thing) and not inspect.isclass(thing):
            continue
        if not hasattr(thing, "autograph_info__"):
            found.add(name)
        if inspect.isclass(thing):
            for method, function in inspect.getmembers(thing, inspect.isfunction):
                if function.__module__.startswith("convshape") and not hasattr(function, "autograph_info__"):
                    found.add(f"{name}.{method}")
    return found


def test_everything_public_is_marked() -> None:
    for module in public_modules():
        assert unmarked(module) == set(), (
            f"let {module.__name__} end with hand_out(__name__, __all__, globals())"
        )


# And all of the above can fail.


def test_without_its_pass_an_error_does_not_get_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(cs.ShapeError, "ag_pass_through")
    with pytest.raises(AssertionError, match="StagingError"):
        errs_alike("transpose_output", SWAPPED)


def test_without_its_mark_a_verb_is_rewritten() -> None:
    """A copy of the verb without the mark: its error gets lost in what AutoGraph makes of it."""
    verb = cs.transpose_output
    copied = FunctionType(verb.__code__, verb.__globals__, verb.__name__, verb.__defaults__)
    copied.__kwdefaults__ = verb.__kwdefaults__
    unmarked_one = ModuleType("unmarked_one")
    vars(unmarked_one).update(transpose_output=copied, __all__=["transpose_output"])
    assert unmarked(unmarked_one) == {"transpose_output"}
    with pytest.raises(AssertionError):
        errs_alike("transpose_output", SWAPPED, functools.partial(traced, implementation=unmarked_one))
