"""Frechet and kernel distances, against closed forms and plain loops; and wrong formulas, which these tests refuse."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import linalg

from dcgan.measuring import distances
from dcgan.measuring.distances import coverage, discrepancy, frechet, kernel_distance


def points(count: int, size: int, seed: int = 0) -> np.ndarray:
    chance = np.random.default_rng(seed)
    return chance.normal(size=(count, size)) @ chance.normal(size=(size, size)) + chance.normal(size=size)


def exactly(mean: np.ndarray, deviations: np.ndarray, seed: int = 0, count: int = 40) -> np.ndarray:
    """Return points of which mean, deviations and independence are so to the last digit, not only about."""
    raw = np.random.default_rng(seed).normal(size=(count, len(mean)))
    raw -= raw.mean(axis=0)
    raw = np.linalg.qr(raw)[0] * math.sqrt(count - 1)
    return raw * deviations + mean


def by_sqrtm(one: np.ndarray, other: np.ndarray) -> float:
    """The formula as it is written, with the matrix square root of SciPy."""
    a, b = np.cov(one, rowvar=False), np.cov(other, rowvar=False)
    apart = one.mean(axis=0) - other.mean(axis=0)
    return float(apart @ apart + np.trace(a + b - 2 * np.real(linalg.sqrtm(a @ b))))


def by_loops(x: np.ndarray, y: np.ndarray) -> float:
    def k(u: np.ndarray, v: np.ndarray) -> float:
        return (sum(a * b for a, b in zip(u, v, strict=True)) / len(u) + 1) ** 3

    n, m = len(x), len(y)
    within_x = sum(k(x[i], x[j]) for i in range(n) for j in range(n) if i != j) / (n * (n - 1))
    within_y = sum(k(y[i], y[j]) for i in range(m) for j in range(m) if i != j) / (m * (m - 1))
    across = sum(k(u, v) for u in x for v in y) / (n * m)
    return within_x + within_y - 2 * across


def check_frechet(distance) -> None:
    """Fail unless it is the Frechet distance."""
    mean, other_mean = np.array([1.0, -2.0, 0.5]), np.array([0.0, 1.0, 0.5])
    spread, other_spread = np.array([1.0, 2.0, 0.1]), np.array([3.0, 0.5, 0.1])
    one, other = exactly(mean, spread), exactly(other_mean, other_spread, seed=1, count=60)
    closed = np.square(mean - other_mean).sum() + np.square(spread - other_spread).sum()
    assert distance(one, other) == pytest.approx(closed, rel=1e-9)
    assert distance(one, one) == pytest.approx(0, abs=1e-9)
    for seed in range(3):
        one, other = points(50, 6, seed), points(70, 6, seed + 10)
        assert distance(one, other) == pytest.approx(by_sqrtm(one, other), rel=1e-6)
        assert distance(one, other) == pytest.approx(distance(other, one), rel=1e-9)


def test_the_frechet_distance_is_the_formula():
    check_frechet(frechet)


def without_the_trace(one, other):
    return float(np.square(one.mean(axis=0) - other.mean(axis=0)).sum())


def without_the_root(one, other):
    a, b = np.cov(one, rowvar=False), np.cov(other, rowvar=False)
    return without_the_trace(one, other) + float(np.trace(a + b - 2 * a @ b))


def with_biased_covariances(one, other):
    a, b = np.cov(one, rowvar=False, bias=True), np.cov(other, rowvar=False, bias=True)
    return without_the_trace(one, other) + float(np.trace(a + b - 2 * np.real(linalg.sqrtm(a @ b))))


def with_deviations_alone(one, other):
    return without_the_trace(one, other) + float(np.square(one.std(axis=0, ddof=1) - other.std(axis=0, ddof=1)).sum())  # fmt: skip


@pytest.mark.parametrize(
    "wrong", [without_the_trace, without_the_root, with_biased_covariances, with_deviations_alone]
)
def test_wrong_frechet_distances_are_found_out(wrong):
    with pytest.raises(AssertionError):
        check_frechet(wrong)


def test_turning_and_shifting_both_changes_no_frechet_distance():
    one, other = points(60, 5), points(60, 5, seed=3)
    turn = np.linalg.qr(np.random.default_rng(5).normal(size=(5, 5)))[0]
    assert frechet(one @ turn + 7, other @ turn + 7) == pytest.approx(frechet(one, other), rel=1e-9)


def test_features_that_hardly_have_a_rank_keep_their_distance():
    flat = np.zeros((40, 6))
    flat[:, :2] = points(40, 2)
    assert frechet(flat, flat) == pytest.approx(0, abs=1e-9)
    assert frechet(flat, flat + 2) == pytest.approx(24, rel=1e-9)
    few = points(4, 50)  # fewer points than features
    assert frechet(few, few) == pytest.approx(0, abs=1e-9)


def test_single_precision_is_enough_for_features():
    one, other = points(500, 8), points(500, 8, seed=1)
    assert frechet(one.astype(np.float32), other.astype(np.float32)) == pytest.approx(
        frechet(one, other), rel=1e-5
    )


def test_what_is_no_number_gives_no_number():
    broken = points(10, 2)
    broken[3, 1] = math.inf
    assert math.isnan(frechet(broken, points(10, 2))) and math.isnan(frechet(points(10, 2), broken))


def check_discrepancy(distance) -> None:
    """Fail unless it is the unbiased estimate."""
    for seed in range(3):
        x, y = points(7, 3, seed), points(5, 3, seed + 10)
        assert distance(x, y) == pytest.approx(by_loops(x, y), rel=1e-9)


def test_the_kernel_distance_is_what_plain_loops_give():
    check_discrepancy(discrepancy)


def biased(x, y):
    def k(u, v):
        return (u @ v.T / u.shape[1] + 1) ** 3

    return float(k(x, x).mean() + k(y, y).mean() - 2 * k(x, y).mean())


def squared(x, y):
    def k(u, v):
        return (u @ v.T / u.shape[1] + 1) ** 2

    return discrepancy(x, y) - float(k(x, y).mean())


def not_divided(x, y):
    return discrepancy(x * math.sqrt(x.shape[1]), y * math.sqrt(y.shape[1]))


@pytest.mark.parametrize("wrong", [biased, squared, not_divided])
def test_wrong_kernel_distances_are_found_out(wrong):
    with pytest.raises(AssertionError):
        check_discrepancy(wrong)


def test_the_kernel_distance_has_no_bias_and_the_frechet_distance_has():
    many = points(4000, 4)
    small = [(many[start : start + 20], many[start + 20 : start + 40]) for start in range(0, 4000, 40)]
    found = [discrepancy(one, other) for one, other in small]
    assert abs(np.mean(found)) < 3 * np.std(found) / math.sqrt(len(found))
    assert min(frechet(one, other) for one, other in small) > frechet(many[::2], many[1::2])


def test_a_kernel_distance_is_the_mean_over_subsets(monkeypatch):
    x, y = points(90, 3), points(60, 3, seed=4)
    found = kernel_distance(x, y, seed=1)
    assert found == kernel_distance(x, y, seed=1) != kernel_distance(x, y, seed=2)
    assert found.deviation > 0
    assert found.mean == pytest.approx(discrepancy(x, y), rel=0.2)
    monkeypatch.setattr(distances, "SUBSET", 5)
    assert kernel_distance(x, y, seed=1).deviation > found.deviation


@pytest.mark.parametrize("shapes", [((5, 2), (5, 3)), ((1, 2), (5, 2)), ((5,), (5,)), ((5, 2), (1, 2))])
@pytest.mark.parametrize("distance", [frechet, kernel_distance])
def test_what_is_no_pair_of_sets_is_refused(distance, shapes):
    with pytest.raises(ValueError, match="features are two arrays"):
        distance(*map(np.zeros, shapes))


def test_classes_are_covered_where_there_is_a_tenth_of_their_share():
    shares = np.array([0.5, 0.3, 0.2])
    found = coverage(np.repeat([0, 1, 2], [94, 4, 2]), shares)
    assert found.counts.tolist() == [94, 4, 2]
    assert found.share == 1
    assert coverage(np.repeat([0, 1, 2], [95, 4, 1]), shares).share == pytest.approx(2 / 3)
    assert coverage(np.zeros(10, int), shares).entropy == 0
    assert coverage(np.arange(30) % 3, shares).entropy == pytest.approx(math.log(3))


def test_a_class_that_no_real_picture_is_of_cannot_be_missed():
    assert coverage(np.array([0, 1]), np.array([0.5, 0.5, 0.0])).share == 1
