"""Layers as Keras writes them, ``keras.layers.Conv2DTranspose`` and the like.

Keras has the words ``valid`` and ``same`` (and ``causal`` in 1-D) and no numbers, so explicit padding becomes a pad
before or a crop after. Its ``output_padding`` counts from ``(i - 1) * s + k`` under ``valid`` and from
``(i - 1) * s + k % 2`` under ``same``, where ``k`` is what the dilated kernel spans, and stays below the stride
(keras/src/backend/common/backend_utils.py, ``compute_conv_transpose_output_shape``).
"""

from __future__ import annotations

from convshape._code import call, literal
from convshape._conv import Conv
from convshape._geometry import Geometry, forward_geometry, rows_of, same_extras, valid_extras
from convshape._job import Written
from convshape._layouts import assemble
from convshape._respelled import forward_padding, respell
from convshape._sizes import default_extra
from convshape._steps import step
from convshape._targets._tensorflow import lacking_words, wrong_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._conversion import Conversion
    from convshape._job import Job
    from convshape._paddings import Pair
    from convshape._transposed import ConvTranspose


def write_conv(job: Job) -> Written:
    """Return the forward convolution as ``keras.layers.Conv1D``, ``Conv2D`` or ``Conv3D``."""
    _refuse_dilated_strides(job)
    said = job.spec.padding
    word = said if isinstance(said, str) else forward_padding(job.geometry)
    before: tuple[Pair, ...] = ()
    if not isinstance(word, str):
        before, word = word, "VALID"
    arguments = _common(job, word.lower())
    if job.groups > 1:
        arguments["groups"] = job.groups
    # Keras compiles what it knows to be lacking: groups, and channels first in 3-D (backend/tensorflow/nn.py, conv).
    lacking = lacking_words(job, first=job.rank < 3 and job.groups == 1)
    if job.groups == 1 and job.data_format[1] != "C":
        lacking = lacking or wrong_words(job)
    return Written(f"keras.layers.Conv{job.rank}D", arguments, step("pad", before), notes=lacking)


def write_transpose(job: Job) -> Written:
    """Return the transposed convolution as ``keras.layers.Conv1DTranspose`` and its kin."""
    if job.groups > 1:
        raise job.cannot(
            f"Keras has no transposed convolution in {job.groups} groups.",
            "its ConvTranspose layers have no argument groups.",
        )
    _refuse_dilated_strides(job)
    word, extras, crop = _transposed_words(job)
    arguments = _common(job, word)
    if extras is not None:
        arguments["output_padding"] = extras
    lacking = lacking_words(job, first=True, dilated=True)
    return Written(
        f"keras.layers.Conv{job.rank}DTranspose", arguments, after=step("crop", crop), notes=lacking
    )


def _transposed_words(job: Job) -> tuple[str, tuple[int, ...] | None, tuple[Pair, ...]]:
    """Return the word of padding, the output padding (None for Keras' default), and what is cropped after."""
    geometry, said = job.geometry, job.spec.padding
    valid = valid_extras(geometry)
    if said == "VALID" or (valid is not None and said != "SAME"):
        return "valid", _or_default(geometry, valid or ()), ()
    extras = same_extras(geometry)
    if extras is not None:
        strides = geometry.strides
        if all(extra == stride - 1 for extra, stride in zip(extras, strides, strict=True)):
            return "same", None, ()
        counted = [extra + 1 - extent % 2 for extra, extent in zip(extras, geometry.extents, strict=True)]
        if all(extra < stride for extra, stride in zip(counted, strides, strict=True)):
            return "same", tuple(counted), ()
    pads = geometry.pads or ()
    extras = tuple(max(0, -after) for _, after in pads)
    return "valid", _or_default(geometry, extras), tuple((before, max(0, after)) for before, after in pads)


def _or_default(geometry: Geometry, extras: tuple[int, ...]) -> tuple[int, ...] | None:
    usual = tuple(default_extra("VALID", extent, stride) for extent, stride, _ in rows_of(geometry))
    return None if extras == usual else extras


def _common(job: Job, word: str) -> dict[str, object]:
    arguments: dict[str, object] = {
        "filters": job.channels[1],
        "kernel_size": job.geometry.kernel,
        "strides": job.spec.strides,
        "padding": word,
        "data_format": "channels_first" if job.data_format[1] == "C" else "channels_last",
    }
    if job.dilated:
        arguments["dilation_rate"] = job.spec.dilations
    return {**arguments, "use_bias": False}


def _refuse_dilated_strides(job: Job) -> None:
    if job.dilated and max(job.spec.strides) > 1:
        raise job.cannot(
            "Keras has no convolution with strides and dilations both above 1.",
            "its layers refuse strides > 1 together with dilation_rate > 1.",
        )


def read(conversion: Conversion) -> Conv | ConvTranspose:
    """Return the spec that the layer, its pad and its crop mean."""
    arguments = conversion.arguments
    kernel: tuple[int, ...] = arguments["kernel_size"]
    strides: tuple[int, ...] = arguments["strides"]
    dilations: tuple[int, ...] = arguments.get("dilation_rate", (1,) * len(kernel))
    word: str = arguments["padding"]
    bare = Geometry(kernel, strides, dilations, ((0, 0),) * len(kernel))
    if not conversion.transposed:
        plain = Conv((*kernel, 1, 1), strides, word, dilations=dilations)
        return respell(forward_geometry(plain), conversion, transposed=False)
    given: tuple[int, ...] | None = arguments.get("output_padding")
    pads = []
    for axis, (extent, stride, _) in enumerate(rows_of(bare)):
        if word == "valid":
            extra = default_extra("VALID", extent, stride) if given is None else given[axis]
            pads.append((0, -extra))
        else:
            above = stride - 1 if given is None else given[axis] + extent % 2 - 1
            total = extent - 1 - above
            before = max(0, total) // 2
            pads.append((before, total - before))
    return respell(Geometry(kernel, strides, dilations, pads), conversion, transposed=True)


IMPORTS = ("import keras",)
PERMUTE = "keras.ops.transpose({x}, {axes})"
PAD = "keras.ops.pad(x, {pairs}{value})"
VALUE = "constant_values"


def code(conversion: Conversion) -> list[str]:
    """Return the lines that make ``y`` of ``x``."""
    arguments = {name: literal(value) for name, value in conversion.arguments.items()}
    unknown: tuple[int | None, ...] = (None,) * (len(conversion.data_format) - 2)
    shape = assemble(None, unknown, conversion.channels[0], conversion.data_format)
    return [
        call(f"layer = {conversion.operation}", (), arguments),
        f"layer.build({literal(shape)})",
        "layer.set_weights([weights])",
        "y = layer(x)",
    ]
