"""From a refused call of ``tf.nn`` to its error, with fixes that were run through the same call."""

from __future__ import annotations

from convshape.frameworks._words import mended

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from convshape._errors import ShapeError
    from convshape._refusals import Refusal


def refused(
    operation: str,
    call: Callable[[Mapping[str, object]], object],
    arguments: Mapping[str, object],
    refusal: Refusal,
) -> ShapeError:
    """Return the error of a refused call; ``call`` makes it again of other arguments."""
    return mended(operation, lambda **changed: call(changed), arguments, refusal)
