"""What an ONNX graph says that it takes."""

from __future__ import annotations

from convshape._reading import is_name
from convshape._show import INT64_MAX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from convshape._shapes import Shape


def input_of_graph(model: Any) -> Shape | None:
    """Return the shape of a graph's one input, named sizes by their names, or None where it says none."""
    weights = {one.name for one in model.graph.initializer}
    for given in model.graph.input:
        tensor = given.type.tensor_type
        if given.name not in weights and tensor.HasField("shape"):
            sizes = tuple(_size(one) for one in tensor.shape.dim)
            return sizes if len(sizes) > 1 else None
    return None


def _size(dim: Any) -> int | str | None:
    if 1 <= dim.dim_value <= INT64_MAX:
        return int(dim.dim_value)
    return str(dim.dim_param) if is_name(dim.dim_param) else None
