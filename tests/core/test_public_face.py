"""What users see: the names, where they say they come from, their docstrings, and that those tell the truth."""

from __future__ import annotations

import doctest
import inspect
import re
from types import ModuleType
from typing import Any

import pytest

import convshape as cs

FUNCTIONS = [name for name in cs.__all__ if inspect.isfunction(getattr(cs, name))]
CLASSES = [name for name in cs.__all__ if inspect.isclass(getattr(cs, name))]
MODULES = {"frameworks", "layers"}
SPECS = ("Conv", "ConvTranspose", "Pool")


def visible(package: Any) -> set[str]:
    """Return what stands in a package without an underscore, its modules aside."""
    return {
        name
        for name in dir(package)
        if not name.startswith("_") and not isinstance(getattr(package, name), ModuleType)
    }


def test_all_is_what_is_visible() -> None:
    for name in cs.__all__:
        getattr(cs, name)  # what is imported when it is asked for
    assert visible(cs) | MODULES == set(cs.__all__) <= set(dir(cs))
    assert cs.__all__ == sorted(cs.__all__) and len(cs.__all__) == len(set(cs.__all__))


def test_all_is_the_design() -> None:
    """The names of the design and the kinds of error, nothing more."""
    design = {
        "conv_output", "transpose_output", "transpose_outputs", "check_transpose", "pool_output", "conv_filter",
        "transpose_filter", "padding_amounts", "Conv", "ConvTranspose", "Pool", "OutputSet", "ShapeError",
        "convert", "Conversion",
    }  # fmt: skip
    design |= {
        "Chain",
        "Comparison",
        "Cost",
        "Diagram",
        "Explanation",
        "Finding",
        "Findings",
        "Graph",
        "Mirror",
        "Overlap",
        "ReceptiveField",
        "Solutions",
        "Trace",
        "ValidSizes",
        "compare",
        "cost",
        "diagram",
        "explain",
        "explain_errors",
        "frameworks",
        "layers",
        "lint",
        "overlap",
        "read",
        "receptive_field",
        "solve_conv",
        "solve_transpose",
        "valid_sizes",
    }
    kinds = {"ArgumentError", "RankError", "ChannelError", "SizeError", "OutputShapeError", "Diagnosis"}
    assert set(cs.__all__) == design | kinds


def test_star_imports_just_that() -> None:
    scope: dict[str, Any] = {}
    exec("from convshape import *", scope)
    assert set(scope) - {"__builtins__"} == set(cs.__all__)


@pytest.mark.parametrize("name", sorted(set(cs.__all__) - MODULES))
def test_names_its_public_home(name: str) -> None:
    """Tracebacks, help and pickles say `convshape.X`, not the room it stands in."""
    assert getattr(cs, name).__module__ == "convshape"
    assert getattr(cs, name).__qualname__ == name


def sections(documented: Any) -> set[str]:
    """Return the names of a Google-style docstring's sections."""
    return set(re.findall(r"^(\w+):$", inspect.getdoc(documented) or "", re.MULTILINE))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_function_is_documented(name: str) -> None:
    function = getattr(cs, name)
    assert sections(function) == {"Args", "Returns", "Raises", "Examples"}
    assert documented_arguments(function) == list(inspect.signature(function).parameters)


def documented_arguments(documented: Any) -> list[str]:
    """Return the names below `Args:`."""
    text = inspect.getdoc(documented) or ""
    part = re.split(r"^\w+:$", text.partition("Args:\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
    return re.findall(r"^    (\w+): ", part, re.MULTILINE)


@pytest.mark.parametrize("name", SPECS)
def test_spec_is_documented(name: str) -> None:
    spec = getattr(cs, name)
    assert sections(spec) == {"Args", "Raises", "Examples"}
    assert documented_arguments(spec) == list(inspect.signature(spec).parameters)
    assert {"Args", "Raises"} <= sections(spec.__call__)


@pytest.mark.parametrize("name", CLASSES)
def test_class_and_its_public_methods_are_documented(name: str) -> None:
    cls = getattr(cs, name)
    assert inspect.getdoc(cls)
    for method, value in vars(cls).items():
        if not method.startswith("_") and (callable(value) or isinstance(value, property)):
            assert inspect.getdoc(value), f"{name}.{method}"


def test_a_docstring_that_forgets_is_found_out() -> None:
    def forgetful(one: int, other: int) -> int:
        """Return something.

        Args:
            one: The first.

        Returns:
            Something.
        """
        return one + other

    assert sections(forgetful) == {"Args", "Returns"}
    assert documented_arguments(forgetful) == ["one"] != list(inspect.signature(forgetful).parameters)


@pytest.mark.parametrize("name", [*FUNCTIONS, *SPECS, "OutputSet"])
def test_examples(name: str) -> None:
    """At least one that works, and for verbs and specs one that errs; all print what they say."""
    finder, runner = (
        doctest.DocTestFinder(recurse=False),
        doctest.DocTestRunner(optionflags=doctest.REPORT_NDIFF),
    )
    (found,) = finder.find(getattr(cs, name), name, globs={})
    errs = [example for example in found.examples if example.exc_msg]
    assert len(found.examples) - len(errs) >= 2, "an import and a call that works"
    assert errs or name == "OutputSet"
    printed: list[str] = []
    runner.run(found, out=printed.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(printed)
    for example in errs:  # doctest compares a traceback's last part from its type on
        assert example.exc_msg.count("\n") >= 4, "the error is shown whole"


def test_examples_of_the_package() -> None:
    result = doctest.testmod(cs)
    assert result.attempted >= 3 and result.failed == 0


def test_a_wrong_example_is_found_out() -> None:
    """doctest's own failure counts: a docstring that lies is seen."""
    source = ">>> import convshape as cs\n>>> cs.conv_output((1, 8, 8, 1), (3, 3, 1, 2))\n(1, 8, 8, 3)\n"
    test = doctest.DocTestParser().get_doctest(source, {}, "lies", None, None)
    runner = doctest.DocTestRunner()
    runner.run(test, out=lambda _: None)
    assert runner.summarize(verbose=False).failed == 1


def test_version() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", cs.__version__)
