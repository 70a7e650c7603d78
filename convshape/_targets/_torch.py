"""Layers as PyTorch's modules, ``torch.nn.ConvTranspose2d`` and the like; tensors stand channels-first.

PyTorch pads both sides of an axis alike. A transposed convolution may have ``output_padding`` at its end, so
``before - after`` is what it wants there; where that is negative, SAME with an odd total of padding above all, the
elements too many are cropped at the end. (``padding=before + 1, output_padding=1`` has the right size too, and every
value one place off.)
"""

from __future__ import annotations

from convshape._code import call, literal
from convshape._conv import Conv
from convshape._geometry import Geometry, forward_geometry, is_same_at_any_size
from convshape._job import Written
from convshape._respelled import respell
from convshape._steps import step

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._conversion import Conversion
    from convshape._job import Job
    from convshape._paddings import Pair
    from convshape._transposed import ConvTranspose


def write_conv(job: Job) -> Written:
    """Return the forward convolution as ``torch.nn.Conv1d``, ``Conv2d`` or ``Conv3d``."""
    pads = known_pads(job, "PyTorch")
    padding: object
    before: tuple[Pair, ...] = ()
    if all(one == other for one, other in pads):
        padding = tuple(one for one, _ in pads)
    elif max(job.spec.strides) == 1 and is_same_at_any_size(job.geometry):
        padding = "same"
    else:
        padding, before = (0,) * job.rank, pads
    arguments = _common(job, padding)
    return Written(f"torch.nn.Conv{job.rank}d", arguments, step("pad", before))


def write_transpose(job: Job) -> Written:
    """Return the transposed convolution as ``torch.nn.ConvTranspose1d``, ``2d`` or ``3d``."""
    padding, beyond, crop = [], [], []
    steps = zip(job.geometry.pads or (), job.spec.strides, job.spec.dilations, strict=True)
    for (before, after), stride, dilation in steps:
        if 0 <= before - after < max(stride, dilation):
            padding.append(before)
            beyond.append(before - after)
            crop.append((0, 0))
        else:
            alike = min(before, max(0, after))
            padding.append(alike)
            beyond.append(max(0, -after))
            crop.append((before - alike, max(0, after) - alike))
    arguments = _common(job, tuple(padding))
    if any(beyond):
        arguments["output_padding"] = tuple(beyond)
    return Written(f"torch.nn.ConvTranspose{job.rank}d", arguments, after=step("crop", crop))


def known_pads(job: Job, who: str) -> tuple[Pair, ...]:
    """Return the pads of a forward geometry, or refuse the layer until the input's sizes are known."""
    if job.geometry.pads is None:
        raise job.needs_sizes(
            f"SAME with a stride is no fixed padding, and the input's sizes are not known; {who} wants numbers.",
            "SAME with a stride above 1 pads as much as the input's size asks for: ceil(i / s) windows, less what is there.",
        )
    return job.geometry.pads


def _common(job: Job, padding: object) -> dict[str, object]:
    inside, outside = job.channels
    arguments: dict[str, object] = {
        "in_channels": inside,
        "out_channels": outside,
        "kernel_size": job.geometry.kernel,
        "stride": job.spec.strides,
        "padding": padding,
    }
    if job.dilated:
        arguments["dilation"] = job.spec.dilations
    if job.groups > 1:
        arguments["groups"] = job.groups
    return {**arguments, "bias": False}


def read(conversion: Conversion) -> Conv | ConvTranspose:
    """Return the spec that the module, its pad and its crop mean."""
    arguments = conversion.arguments
    kernel: tuple[int, ...] = arguments["kernel_size"]
    strides: tuple[int, ...] = arguments["stride"]
    dilations: tuple[int, ...] = arguments.get("dilation", (1,) * len(kernel))
    padding: tuple[int, ...] = arguments["padding"]
    if arguments["padding"] == "same":
        plain = Conv((*kernel, 1, 1), strides, "SAME", dilations=dilations)
        return respell(forward_geometry(plain), conversion, transposed=False)
    beyond: tuple[int, ...] = arguments.get("output_padding", (0,) * len(kernel))
    pads = tuple((pad, pad - more) for pad, more in zip(padding, beyond, strict=True))
    geometry = Geometry(kernel, strides, dilations, pads)
    return respell(geometry, conversion, transposed=conversion.transposed)


IMPORTS = ("import torch",)
PERMUTE = "{x}.permute{axes}"
PAD = "torch.nn.functional.pad(x, {backwards}{value})"
VALUE = "value"


def code(conversion: Conversion) -> list[str]:
    """Return the lines that make ``y`` of ``x``."""
    arguments = {name: literal(value) for name, value in conversion.arguments.items()}
    return [
        call(f"layer = {conversion.operation}", (), arguments),
        "layer.weight.data = torch.from_numpy(weights)",
        "y = layer(x)",
    ]
