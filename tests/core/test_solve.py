"""The search for convolutions that join two sizes: against every call of the core within the same bounds."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import convshape as cs
from convshape import _search, _ways
from convshape._solve import solve_conv, solve_transpose

BOUNDS = {"kernels": range(1, 6), "strides": range(1, 5), "dilations": (1, 2)}
SIZES = st.integers(1, 14)
Window = tuple[int, ...]


def window(spec: Any, big: int, small: int) -> Window:
    """Return where the windows of one axis lie: kernel, dilation, stride and what is padded before."""
    kernel, stride, dilation = spec.filter_shape[0], spec.strides[0], spec.dilations[0]
    span = dilation * (kernel - 1) + 1
    before = 0 if spec.padding == "VALID" else max(0, (small - 1) * stride + span - big) // 2
    if not isinstance(spec.padding, str):
        before = spec.padding[0][0]
    return kernel, 0 if kernel == 1 else dilation, 0 if small == 1 else stride, before


def by_trying(size: int, wanted: int, *, transposed: bool, asymmetric: bool) -> set[Window]:
    """Return the windows of every setting that the core itself takes from one size to the other."""
    found, (big, small) = set(), ((wanted, size) if transposed else (size, wanted))
    for kernel, stride, dilation in itertools.product(*BOUNDS.values()):
        amounts = range(dilation * (kernel - 1) + 1)
        pairs = itertools.product(amounts, amounts) if asymmetric else zip(amounts, amounts, strict=True)
        for padding in ("SAME", "VALID", *((pair,) for pair in pairs)):
            for extra in range(stride) if transposed else (None,):
                named: Any = {"dilations": dilation} | ({"output_padding": extra} if transposed else {})
                try:
                    spec = (cs.ConvTranspose if transposed else cs.Conv)(
                        (kernel, 1, 1), stride, padding, **named
                    )
                    made = spec((1, size, 1))
                except cs.ShapeError:
                    continue
                if made == (1, wanted, 1):
                    found.add(window(spec, big, small))
    return found


def finds_all_and_no_other(size: int, wanted: int, transposed: bool, asymmetric: bool) -> None:
    solve: Any = solve_transpose if transposed else solve_conv
    try:
        solutions = solve((size,), (wanted,), asymmetric=asymmetric, **BOUNDS)
    except cs.OutputShapeError as error:
        solutions = ()
        assert error.fix is not None
        solve(
            **{
                "input_size": (size,),
                "output_size": (wanted,),
                "asymmetric": asymmetric,
                **BOUNDS,
                **error.fix,
            }
        )
    big, small = (wanted, size) if transposed else (size, wanted)
    windows = [window(spec, big, small) for spec in solutions]
    assert len(set(windows)) == len(windows), "one answer twice"
    assert set(windows) == by_trying(size, wanted, transposed=transposed, asymmetric=asymmetric)
    assert all(spec((1, size, 1)) == (1, wanted, 1) for spec in solutions)


@given(SIZES, SIZES, st.booleans(), st.just(False))
def test_finds_all_and_no_other(size: int, wanted: int, transposed: bool, asymmetric: bool) -> None:
    finds_all_and_no_other(size, wanted, transposed, asymmetric)


@pytest.mark.parametrize(("size", "wanted"), [(4, 7), (7, 14), (1, 4), (3, 9)])
def test_finds_all_asymmetric_ones(size: int, wanted: int) -> None:
    finds_all_and_no_other(size, wanted, True, True)
    finds_all_and_no_other(wanted, size, False, True)


def test_a_wrong_formula_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Needing one element too much loses answers; the core lets no wrong one through."""

    def wrong(big: int, small: int, extent: int, stride: int) -> int:
        return (small - 1) * stride + extent - big + 1

    monkeypatch.setattr(_ways, "needed", wrong)
    with pytest.raises(AssertionError):
        finds_all_and_no_other(8, 4, False, False)


def meets(spec: Any, big: int, small: int) -> list[int]:
    """Return how many taps meet each element of the bigger side, counted."""
    kernel, stride, dilation = spec.filter_shape[0], spec.strides[0], spec.dilations[0]
    before, counts = window(spec, big, small)[3], [0] * big
    for start, tap in itertools.product(range(small), range(kernel)):
        place = start * stride + tap * dilation - before
        if 0 <= place < big:
            counts[place] += 1
    return counts


@pytest.mark.parametrize(("size", "wanted"), [(60, 60), (60, 120), (60, 180), (60, 240), (50, 95)])
def test_even_overlap_by_counting(size: int, wanted: int) -> None:
    solutions = solve_transpose((size,), (wanted,), kernels=range(1, 7), dilations=(1, 2, 3))
    for spec, fit in zip(solutions, solutions.facts, strict=True):
        counts = meets(spec, wanted, size)
        inner = set(counts[wanted // 3 : -wanted // 3])
        assert fit.even_overlap == (len(inner) == 1 and not any(fit.left_over)), spec


def test_ranked_as_stated() -> None:
    for solutions in (solve_transpose(7, 14, dilations=(1, 2)), solve_conv((9, 12), (5, 6), asymmetric=True)):
        keys = [
            (not fit.even_overlap, not fit.symmetric, fit.spec.filter_shape[0]) for fit in solutions.facts
        ]
        assert keys == sorted(keys)
        places = [_search._place(fit) for fit in solutions.facts]
        assert places == sorted(places) and len(set(places)) == len(places), "the order is total"


def test_even_and_symmetric_first() -> None:
    best = solve_transpose(7, 28, channels=(64, 32))[0]
    assert (best.filter_shape, best.strides, best.padding) == ((4, 4, 32, 64), (4, 4), "SAME")
    assert best(("N", 7, 7, 64)) == ("N", 28, 28, 32)


def test_axes_of_their_own() -> None:
    for spec in solve_transpose((7, 9), (28, 18)):
        assert spec((1, 7, 9, 1)) == (1, 28, 18, 1)


def test_large_sizes() -> None:
    assert solve_transpose(10**6, 2 * 10**6)[0]((1, 10**6, 10**6, 1)) == (1, 2 * 10**6, 2 * 10**6, 1)


@pytest.mark.parametrize("solve", [cs.solve_conv, cs.solve_transpose])
def test_the_framework_is_looked_at_first(solve: Any) -> None:
    """It is one word, and a search may take its time; what else is wrong is mended with it."""
    with pytest.raises(cs.ShapeError, match=r"framework is 1000000\.") as caught:
        solve(7, 3000, kernels=100, strides=2, framework=1000000)
    for fix in filter(None, (caught.value.fix, *caught.value.alternatives)):
        solve(**{"input_size": 7, "output_size": 3000, "kernels": 100, "strides": 2, **fix})


def test_reads_as_a_sequence() -> None:
    solutions = solve_conv(28, 14)
    assert len(solutions[:3]) == 3 and solutions[:3][0] == solutions[0] and solutions[0] in solutions
    assert list(solutions) == [fit.spec for fit in solutions.facts]
    assert "best first" in repr(solutions) and "<table" in solutions._repr_html_()
    assert solutions.to_json()["input_size"] == 28
