"""Tensors and attributes of an ONNX file as plain Python: shapes, and the numbers of small ones."""

from __future__ import annotations

from struct import error as StructError
from struct import iter_unpack

from convshape._readers._wires import Constant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MOST_NUMBERS = 1024
# TensorProto's data types that are read: where their numbers stand if not raw, and how raw ones are packed
_READ = {
    1: ("float_data", "<f"),
    6: ("int32_data", "<i"),
    7: ("int64_data", "<q"),
    9: ("int32_data", "<?"),
    11: ("double_data", "<d"),
}
_EXTERNAL = 1


def constant(tensor: Any, name: str | None = None) -> Constant:
    """Return a TensorProto as a constant; its numbers where they are few, in the file and of a common type.

    What has a name is an initialiser: learned, unless it is of whole numbers, or a single number without axes.
    """
    shape = tuple(int(size) for size in tensor.dims)
    number = 1
    for size in shape:
        number *= size
    values = _values(tensor, number) if 0 <= number <= _MOST_NUMBERS else None
    floats = tensor.data_type in (1, 10, 11, 16)
    return Constant(shape, name is not None and floats and shape != (), ("tensor", name), values)


def _values(tensor: Any, number: int) -> tuple[int | float, ...] | None:
    if tensor.data_type not in _READ or tensor.data_location == _EXTERNAL:
        return None
    field, packed = _READ[tensor.data_type]
    if not tensor.raw_data:
        found = tuple(getattr(tensor, field))
    else:
        try:
            found = tuple(one for (one,) in iter_unpack(packed, tensor.raw_data))
        except StructError:
            return None
    if len(found) != number:
        return None
    return tuple(int(one) if tensor.data_type in (6, 7, 9) else float(one) for one in found)


def attributes(node: Any) -> dict[str, object]:
    """Return a node's attributes: numbers, texts, lists of them, tensors as constants, graphs as they are."""
    found: dict[str, object] = {}
    for one in node.attribute:
        kind = int(one.type)
        if kind == 1:
            found[one.name] = float(one.f)
        elif kind == 2:
            found[one.name] = int(one.i)
        elif kind == 3:
            found[one.name] = bytes(one.s).decode("utf-8", "replace")
        elif kind == 4:
            found[one.name] = constant(one.t)
        elif kind == 5:
            found[one.name] = one.g
        elif kind == 6:
            found[one.name] = tuple(map(float, one.floats))
        elif kind == 7:
            found[one.name] = tuple(map(int, one.ints))
        elif kind == 8:
            found[one.name] = tuple(bytes(each).decode("utf-8", "replace") for each in one.strings)
        else:
            found[one.name] = None
    return found
