"""Layers as nodes of ONNX, ``Conv`` and ``ConvTranspose``; tensors stand channels-first.

Pads are written out wherever they are known. Of the words only SAME_UPPER on a forward convolution is TensorFlow's
SAME, and onnxruntime has it for undilated kernels alone. On a ConvTranspose no word is used: SAME_LOWER puts the odd
element in front, and SAME_UPPER without an output_shape means another size where the kernel is smaller than the stride.
"""

from __future__ import annotations

from convshape._code import call, literal
from convshape._geometry import Geometry
from convshape._job import Written
from convshape._respelled import respell
from convshape._targets._torch import known_pads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from convshape._conv import Conv
    from convshape._conversion import Conversion
    from convshape._job import Job
    from convshape._paddings import Pair
    from convshape._transposed import ConvTranspose

OPSET = 22


def write_conv(job: Job) -> Written:
    """Return the forward convolution as a ``Conv`` node."""
    # onnxruntime lets SAME_UPPER pad by less than nothing where the stride leaves elements out between windows.
    roomy = all(size >= stride for size, stride in zip(job.geometry.kernel, job.spec.strides, strict=True))
    if job.spec.padding == "SAME" and roomy and not job.dilated and max(job.spec.strides) > 1:
        return Written("Conv", {**_common(job), "auto_pad": "SAME_UPPER", **_groups(job)})
    pads = known_pads(job, "ONNX, whose SAME_UPPER is SAME for undilated kernels no smaller than the stride,")
    return Written("Conv", {**_common(job), "pads": flat(pads), **_groups(job)})


def write_transpose(job: Job) -> Written:
    """Return the transposed convolution as a ``ConvTranspose`` node."""
    pads = job.geometry.pads or ()
    arguments = {**_common(job), "pads": flat((before, max(0, after)) for before, after in pads)}
    beyond = [max(0, -after) for _, after in pads]
    if any(beyond):
        arguments["output_padding"] = beyond
    return Written("ConvTranspose", {**arguments, **_groups(job)})


def flat(pads: Iterable[Pair]) -> list[int]:
    """Return pads as ONNX lists them: all beginnings, then all ends."""
    pads = tuple(pads)
    return [before for before, _ in pads] + [after for _, after in pads]


def _common(job: Job) -> dict[str, object]:
    arguments: dict[str, object] = {
        "kernel_shape": list(job.geometry.kernel),
        "strides": list(job.spec.strides),
    }
    if job.dilated:
        arguments["dilations"] = list(job.spec.dilations)
    return arguments


def _groups(job: Job) -> dict[str, object]:
    return {"group": job.groups} if job.groups > 1 else {}


def read(conversion: Conversion) -> Conv | ConvTranspose:
    """Return the spec that the node means."""
    arguments = conversion.arguments
    kernel: list[int] = arguments["kernel_shape"]
    strides: list[int] = arguments["strides"]
    dilations: list[int] = arguments.get("dilations", [1] * len(kernel))
    if "auto_pad" in arguments:
        return respell(Geometry(kernel, strides, dilations, None), conversion, transposed=False)
    ends: list[int] = arguments["pads"]
    beyond: list[int] = arguments.get("output_padding", [0] * len(kernel))
    pads = (
        (before, after - more)
        for before, after, more in zip(ends[: len(kernel)], ends[len(kernel) :], beyond, strict=True)
    )
    geometry = Geometry(kernel, strides, dilations, pads)
    return respell(geometry, conversion, transposed=conversion.transposed)


IMPORTS = ("import onnx", "import onnxruntime")
PERMUTE = "{x}.transpose{axes}"
PAD = "numpy.pad(x, {pairs}{value})"
VALUE = "constant_values"


def code(conversion: Conversion) -> list[str]:
    """Return the lines that make ``y`` of ``x``: a model of one node, run by onnxruntime."""
    words = ", ".join(f"{name}={literal(value)}" for name, value in conversion.arguments.items())
    return [
        f'node = onnx.helper.make_node("{conversion.operation}", ["x", "weights"], ["y"], {words})',
        "kind = onnx.helper.np_dtype_to_tensor_dtype(x.dtype)",
        'ends = [onnx.helper.make_tensor_value_info(name, kind, None) for name in ("x", "y")]',
        'stored = [onnx.numpy_helper.from_array(weights, "weights")]',
        'graph = onnx.helper.make_graph([node], "one", ends[:1], ends[1:], stored)',
        call(
            "model = onnx.helper.make_model",
            ("graph",),
            {"opset_imports": f'[onnx.helper.make_opsetid("", {OPSET})]', "ir_version": "10"},
        ),
        "session = onnxruntime.InferenceSession(model.SerializeToString())",
        '(y,) = session.run(["y"], {"x": x})',
    ]
