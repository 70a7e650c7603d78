"""The known deviations are still there, and convshape follows none of them."""

from __future__ import annotations

import pytest

import convshape as cs
from tests.oracle.default_build.deviations import EITHER, ONLY_DEFAULT, REFUSED, Deviation

ALL = (*ONLY_DEFAULT, *EITHER)
EVERY = pytest.mark.parametrize("deviation", ALL, ids=lambda deviation: deviation.name)


@EVERY
def test_it_is_still_so(deviation: Deviation) -> None:
    assert deviation.does() == deviation.made


@EVERY
def test_convshape_does_not_follow(deviation: Deviation) -> None:
    if deviation.verb is None or deviation.call is None:
        assert (
            deviation.name in ("tracing forgets the batch of output_shape",) or "depthwise" in deviation.name
        )
        return
    verb = getattr(cs, deviation.verb)
    if deviation.said is REFUSED:
        with pytest.raises(cs.ShapeError):
            verb(**deviation.call)
    else:
        assert verb(**deviation.call) == deviation.said
        assert deviation.said != deviation.made


def test_every_name_is_its_own() -> None:
    assert len({deviation.name for deviation in ALL}) == len(ALL)
