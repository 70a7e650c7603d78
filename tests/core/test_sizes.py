"""The formulas of one axis against a window that is slid and counted; and wrong formulas, which must be found out."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from convshape import _sizes
from tests.core import by_definition
from tests.holding import Holder

SIZES, KERNELS, STRIDES, DILATIONS = range(1, 13), range(1, 6), range(1, 5), (1, 2, 3)
PADDINGS = ("SAME", "VALID", (0, 0), (1, 1), (0, 2), (3, 1), (4, 4))


def cases() -> Iterator[tuple[int, Any, int, int, int]]:
    """Yield every small `(size, padding, kernel, dilation, stride)`."""
    return itertools.product(SIZES, PADDINGS, KERNELS, DILATIONS, STRIDES)


def forward_size_counts_places(sizes: Any) -> int:
    ran = 0
    for size, padding, kernel, dilation, stride in cases():
        reach = sizes.reach_of(padding, sizes.effective_kernel(kernel, dilation))
        places = by_definition.forward(size, padding, kernel, dilation, stride)
        assert (size >= reach) == (places > 0), (size, padding, kernel, dilation, stride)
        if places:
            assert sizes.forward_size(size, reach, stride) == places, (
                size,
                padding,
                kernel,
                dilation,
                stride,
            )
        ran += 1
    return ran


def reach_is_the_least_input(sizes: Any) -> int:
    """The reach is the smallest input with an output; padding may hold the kernel alone, then it is below 1."""
    ran = 0
    for padding, kernel, dilation in itertools.product(PADDINGS, KERNELS, DILATIONS):
        reach = sizes.reach_of(padding, sizes.effective_kernel(kernel, dilation))
        fitting = [size for size in range(1, 20) if by_definition.forward(size, padding, kernel, dilation, 1)]
        assert max(1, reach) == fitting[0], (padding, kernel, dilation)
        ran += 1
    return ran


def transposed_sizes_are_undone(sizes: Any) -> int:
    """A transposed size is legal exactly if its forward size is the input."""
    ran = 0
    for size, padding, kernel, dilation, stride in cases():
        if size > 6:
            continue
        reach = sizes.reach_of(padding, sizes.effective_kernel(kernel, dilation))
        legal = list(sizes.transposed_sizes(size, reach, stride))
        assert legal == by_definition.transposed(size, padding, kernel, dilation, stride)
        ran += 1
    return ran


def same_padding_is_the_least(sizes: Any) -> int:
    """SAME's padding is the least that gives ceil(i / s); its odd element stands after."""
    ran = 0
    for size, kernel, dilation, stride in itertools.product(range(1, 25), KERNELS, DILATIONS, STRIDES):
        extent = sizes.effective_kernel(kernel, dilation)
        least = by_definition.same_padding(size, kernel, dilation, stride)
        assert sizes.same_padding(size, extent, stride) == least, (size, kernel, dilation, stride)
        ran += 1
    return ran


def default_is_the_documented_one(sizes: Any) -> int:
    """SAME i*s; VALID i*s + max(k - s, 0); explicit padding (i-1)*s + k - before - after."""
    ran = 0
    for size, padding, kernel, dilation, stride in cases():
        extent = 1 + sum(dilation for _ in range(kernel - 1))
        if padding == "SAME":
            wanted = size * stride
        elif padding == "VALID":
            wanted = size * stride + max(extent - stride, 0)
        else:
            wanted = (size - 1) * stride + extent - sum(padding)
        smallest = (size - 1) * stride + sizes.reach_of(padding, extent)
        assert smallest + sizes.default_extra(padding, extent, stride) == wanted
        ran += 1
    return ran


def ceil_pools_count_started_windows(sizes: Any) -> int:
    ran = 0
    for size, padding, window, dilation, stride in cases():
        before, after = (0, 0) if isinstance(padding, str) else padding
        if padding == "SAME" or max(before, after) >= window:  # no window lies in the padding alone
            continue
        reach = sizes.reach_of(padding, sizes.effective_kernel(window, dilation))
        counted = by_definition.ceil_pool(size, padding, window, dilation, stride)
        assert max(0, sizes.ceil_pool_size(size, reach, stride, before)) == counted
        ran += 1
    return ran


def strides_reach_exactly(sizes: Any) -> int:
    """Exactly the strides with which the wanted size is legal; from a single element the least of them."""
    ran = 0
    for size, wanted, padding, extent in itertools.product(range(1, 7), range(1, 31), PADDINGS, KERNELS):
        reach = sizes.reach_of(padding, extent)
        reaching = [
            stride for stride in range(1, 40) if wanted in _sizes.transposed_sizes(size, reach, stride)
        ]
        found = list(sizes.strides_reaching(size, wanted, padding, extent))
        assert found == (reaching if size > 1 else reaching[:1]), (size, wanted, padding, extent)
        ran += 1
    return ran


PROPERTIES = {
    "forward_size": forward_size_counts_places,
    "reach_of": reach_is_the_least_input,
    "effective_kernel": forward_size_counts_places,
    "transposed_sizes": transposed_sizes_are_undone,
    "same_padding": same_padding_is_the_least,
    "default_extra": default_is_the_documented_one,
    "ceil_pool_size": ceil_pools_count_started_windows,
    "strides_reaching": strides_reach_exactly,
}


@pytest.mark.parametrize("formula", PROPERTIES)
def test_formula(formula: str, hold: Holder) -> None:
    hold.count(formula, PROPERTIES[formula](_sizes))


WRONG = {
    "floor for ceil": ("forward_size", lambda i, reach, s: i // s),
    "ceil for floor": ("forward_size", lambda i, reach, s: -((reach - i) // s) + 1),
    "without the one": ("forward_size", lambda i, reach, s: (i - reach) // s),
    "not dilated": ("effective_kernel", lambda k, d: k),
    "dilated once too often": ("effective_kernel", lambda k, d: k * d),
    "one side padded": ("reach_of", lambda p, k: _sizes.reach_of(p if isinstance(p, str) else (p[0], 0), k)),
    "padding twice": ("reach_of", lambda p, k: _sizes.reach_of(p, k) - (0 if isinstance(p, str) else p[1])),
    "SAME does not pad": ("reach_of", lambda p, k: k if isinstance(p, str) else k - sum(p)),
    "one too many": ("transposed_sizes", lambda i, r, s: range(max(1, (i - 1) * s + r), (i - 1) * s + r + s + 1)),
    "one too few": ("transposed_sizes", lambda i, r, s: range(max(1, (i - 1) * s + r), (i - 1) * s + r + s - 1)),
    "one off": ("transposed_sizes", lambda i, r, s: range(max(1, (i - 1) * s + r) + 1, i * s + r + 1)),
    "below one": ("transposed_sizes", lambda i, r, s: range((i - 1) * s + r, i * s + r)),
    "odd element before": ("same_padding", lambda i, k, s: _sizes.same_padding(i, k, s)[::-1]),
    "stride ignored": ("same_padding", lambda i, k, s: _sizes.same_padding(i, k, 1)),
    "negative padding": ("same_padding", lambda i, k, s: divmod((-(-i // s) - 1) * s + k - i, 2)),
    "smallest size": ("default_extra", lambda p, k, s: 0),
    "largest size": ("default_extra", lambda p, k, s: s - 1),
    "windows past the end": ("ceil_pool_size", lambda i, r, s, before: -((r - i) // s) + 1),
    "floor mode": ("ceil_pool_size", lambda i, r, s, before: (i - r) // s + 1),
    "padding after, not before": (
        "ceil_pool_size",
        lambda i, r, s, before: _sizes.ceil_pool_size(i, r, s, before + 1),
    ),
    "one stride only": ("strides_reaching", lambda i, w, p, k: _sizes.strides_reaching(i, w, p, k)[:1]),
    "no end": ("strides_reaching", lambda i, w, p, k: range(max(1, w // i), 40)),
}  # fmt: skip


@pytest.mark.parametrize("mistake", WRONG)
def test_wrong_formula_is_found_out(mistake: str) -> None:
    formula, wrong = WRONG[mistake]
    with pytest.raises(AssertionError):
        PROPERTIES[formula](SimpleNamespace(**{**vars(_sizes), formula: wrong}))
