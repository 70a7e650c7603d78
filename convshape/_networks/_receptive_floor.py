"""An end of a receptive field as a closed form: ``shift + growth * floor((times * n + plus) / over)`` of output ``n``.

Strided and transposed layers nest such floors, and most nests are one floor again:
``floor((floor((t * n + p) / o) + b) / d) = floor((t * n + p + b * o) / (o * d))``. So the thousands of phases behind
many levels need no table, and what two ends are apart at most is a question of remainders.
"""

from __future__ import annotations

from math import gcd, lcm

from convshape._networks._taps import MOST_PHASES

TYPE_CHECKING = False
if TYPE_CHECKING:
    Floor = tuple[int, int, int, int, int]  # shift, growth, times, plus, over

N: Floor = (0, 1, 1, 0, 1)


def floor_of(shift: int, growth: int, times: int, plus: int, over: int) -> Floor:
    """Return the form in lowest terms: equal ones are equal tuples."""
    common = gcd(times, over)
    times, plus, over = times // common, plus // common, over // common
    whole, plus = divmod(plus, over)
    shift += growth * whole
    return (shift, growth * times, 1, 0, 1) if over == 1 else (shift, growth, times, plus, over)


def value(form: Floor, output: int) -> int:
    """Return the end of an output's field."""
    shift, growth, times, plus, over = form
    return shift + growth * ((times * output + plus) // over)


def after(form: Floor, times: int, plus: int, over: int) -> Floor | None:
    """Return the form of ``floor((times * n + plus) / over)`` in place of n; None where that takes two floors."""
    shift, growth, outer, added, under = form
    if outer == 1:
        return floor_of(shift, growth, times, plus + added * over, over * under)
    common = gcd(times, over)
    if over == common:
        return floor_of(shift, growth, outer * (times // common), outer * (plus // common) + added, under)
    return None


def apart(one: Floor, other: Floor) -> int | None:
    """Return the most that one form of the same rate is above the other; None where it takes too many phases to tell.

    With remainders ``r`` of the two divisions the difference is a constant plus a multiple of ``r_other - r_one``. The
    remainders meet in all pairs that agree modulo the divisors' common part (Chinese remainder theorem), so the most
    is where ``r_one`` is 0 and ``r_other`` as large as that allows.
    """
    shift, growth, times, plus, over = one
    shift_2, growth_2, times_2, plus_2, over_2 = other
    if times != times_2 and over > 1 and over_2 > 1:
        period = lcm(over, over_2)
        return max(value(one, n) - value(other, n) for n in range(period)) if period <= MOST_PHASES else None
    largest = over_2 - 1 - (over_2 - 1 - plus_2 + plus) % gcd(over, over_2)
    ends = growth * plus * over_2 - growth_2 * (plus_2 - largest) * over
    return shift - shift_2 + ends // (over * over_2)
