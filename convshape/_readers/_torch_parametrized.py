"""What a PyTorch module learns beside its weight and bias: the magnitudes of a weight norm, a spectral norm's vectors."""

from __future__ import annotations

from convshape._networks._same import Same
from convshape._readers._wires import Unread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    Shape = tuple[int, ...]


def beside(module: Any, counted: Mapping[str, Shape]) -> Same | None:
    """Return what a module learns and keeps beside what its layer counts, as a layer that changes nothing.

    Where a weight is worked out from other parameters, the one of its shape is the weight that is counted.
    """
    named = dict(module.named_parameters())
    if counted.keys() == named.keys() and not [*module.buffers()]:
        return None
    learned = {name: tuple(one.shape) for name, one in named.items()}
    for name, shape in counted.items():
        own = [one for one in learned if name in one.split(".") or one.startswith(f"{name}_")]
        found = next((one for one in own if learned[one] == shape), None)
        if found is None:
            raise Unread(f"its {name} is worked out from parameters of other shapes")
        del learned[found]
    kept = sum(one.numel() for one in module.buffers())
    if not learned and not kept:
        return None
    return Same(_kind(module), ", ".join(learned), tuple(learned.items()), (), kept)


def _kind(module: Any) -> str:
    """Return the name of what works a weight out."""
    for several in getattr(module, "parametrizations", {}).values():
        return str(type(several[0]).__name__).lstrip("_")
    for hook in module._forward_pre_hooks.values():
        if type(hook).__module__.startswith("torch.nn.utils."):
            return str(type(hook).__name__)
    return "Parametrization"
