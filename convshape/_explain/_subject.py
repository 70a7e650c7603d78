"""What is asked about: a layer in any form, and an input that it takes."""

from __future__ import annotations

from convshape._conv import Conv
from convshape._conversion import Conversion
from convshape._mending import mend
from convshape._pool import Pool
from convshape._reading import as_entries, as_index
from convshape._refusals import Refusal
from convshape._show import kind_of
from convshape._transposed import ConvTranspose
from convshape.frameworks._layer import Layer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from convshape._shapes import Shape
    from convshape._spec import Spec
    from convshape._types import ShapeLike

    class LayerLike(Protocol):
        """A spec, or a layer of a dialect, which has one."""

        def to_spec(self, input_shape: ShapeLike | None = None) -> Spec: ...

    Known = Conv | ConvTranspose | Pool

_SPECS = (Conv, ConvTranspose, Pool)


def read_spec(operation: str, layer: object, input_shape: object = None) -> Known:
    """Return a layer's spec; a dialect's own error where it has none for this input."""
    if issubclass(type(layer), _SPECS):
        return layer  # type: ignore[return-value]
    if issubclass(type(layer), (Layer, Conversion)):
        spec = layer.to_spec(input_shape)  # type: ignore[attr-defined]
        if issubclass(type(spec), _SPECS):
            return spec  # type: ignore[no-any-return]
    refusal = Refusal(
        "spec",
        given=layer,
        problem=f"spec is {kind_of(layer)}.",
        legal="a cs.Conv, cs.ConvTranspose or cs.Pool, a layer of convshape.frameworks, or a Conversion",
        reason="one layer is looked at, and it is described by numbers; a framework's own object is not read.",
    )

    def check(**_: object) -> None:
        raise refusal

    raise mend(operation, check, {"spec": layer, "input_shape": input_shape}, refusal)


def read_subject(operation: str, layer: object, input_shape: object) -> tuple[Known, Shape, Shape]:
    """Return a layer's spec, the input's shape as it is read, and the output's; the spec's own error otherwise."""
    spec = read_spec(operation, layer, input_shape)
    if layer is not spec:
        input_shape = _with_one_batch(input_shape, len(spec.data_format) - 1)
    output = spec(input_shape)  # type: ignore[arg-type]
    return spec, spec._entries(input_shape, None, ""), output


def _with_one_batch(input_shape: object, inner: int) -> object:
    """Return a shape with one batch axis, of a dialect that takes none or several."""
    entries = as_entries(input_shape)
    if entries is None or len(entries) == inner + 1 or len(entries) < inner:
        return input_shape
    batch: int | None = 1
    for size in entries[:-inner]:
        number = as_index(size)
        batch = None if batch is None or number is None else batch * number
    return (batch, *entries[len(entries) - inner :])
