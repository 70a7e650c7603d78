"""Layers as TensorFlow's functions, ``tf.nn.conv2d_transpose`` and the like.

Only the 2-D functions take explicit padding; the 3-D ones know no groups, and strides of full rank alone. A
transposed convolution must be told its ``output_shape``, so its input's sizes must be known.
"""

from __future__ import annotations

from convshape._code import call, literal
from convshape._conv import Conv
from convshape._geometry import forward_geometry, same_extras, transposed_geometry, valid_extras
from convshape._job import Written
from convshape._layouts import assemble, spatial_slice
from convshape._respelled import forward_padding, respell
from convshape._steps import step
from convshape._transposed import ConvTranspose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._conversion import Conversion
    from convshape._job import Job
    from convshape._paddings import Padding, Pair

_NATIVE = (
    "TensorFlow's native CPU kernels (TF_ENABLE_ONEDNN_OPTS=0) lack {}; its default build and XLA have them."
)
_WRONG = (
    "TensorFlow's native CPU kernels (TF_ENABLE_ONEDNN_OPTS=0) compute conv3d wrongly under SAME where a stride "
    "leaves out two elements or more behind the last window; its default build and XLA are right."
)


def write_conv(job: Job) -> Written:
    """Return the forward convolution as ``tf.nn.conv1d``, ``conv2d`` or ``conv3d``."""
    _refuse_groups(job)
    padding, before = forward_words(job, explicit=job.rank == 2)
    arguments = _common(job, padding)
    lacking = lacking_words(job, first=True, dilated=job.rank == 3) or wrong_words(job)
    return Written(f"tf.nn.conv{job.rank}d", arguments, step("pad", before), notes=lacking)


def write_transpose(job: Job) -> Written:
    """Return the transposed convolution as ``tf.nn.conv1d_transpose``, ``conv2d_transpose`` or ``conv3d_transpose``."""
    _refuse_groups(job)
    if job.sizes is None or not all(isinstance(size, int) for size in job.sizes):
        raise job.needs_sizes(
            "TensorFlow's transposed convolutions want an output_shape, and the input's sizes are not known.",
            f"tf.nn.conv{job.rank}d_transpose does not work it out: several outputs have the same forward twin.",
        )
    sizes: tuple[int, ...] = job.output_sizes()  # type: ignore[assignment]
    padding, crop = _transposed_words(job)
    sizes = tuple(size + before + after for size, (before, after) in zip(sizes, crop, strict=True))
    shape = assemble(job.batch, sizes, job.channels[1], job.data_format)
    arguments = {"output_shape": shape, **_common(job, padding)}
    lacking = lacking_words(job, first=True, dilated=True, grouped=True)
    return Written(f"tf.nn.conv{job.rank}d_transpose", arguments, after=step("crop", crop), notes=lacking)


def forward_words(job: Job, *, explicit: bool) -> tuple[Padding, tuple[Pair, ...]]:
    """Return a word, or pairs where they may be said, and what has to be padded before the call."""
    geometry, said = job.geometry, job.spec.padding
    word = said if isinstance(said, str) else forward_padding(geometry)
    if isinstance(word, str):
        return word, ()
    pairs = geometry.pads or ()
    return (pairs, ()) if explicit else ("VALID", pairs)


def _transposed_words(job: Job) -> tuple[Padding, tuple[Pair, ...]]:
    """Return the padding, and what has to be cropped after it."""
    said = job.spec.padding
    nothing = ((0, 0),) * job.rank
    if isinstance(said, str):
        return said, nothing
    for word, extras in (("VALID", valid_extras(job.geometry)), ("SAME", same_extras(job.geometry))):
        if extras is not None:
            return word, nothing
    pads = tuple((before, max(0, after)) for before, after in job.geometry.pads or ())
    return (pads, nothing) if job.rank == 2 else ("VALID", pads)


def _common(job: Job, padding: Padding) -> dict[str, object]:
    strides = "stride" if job.rank == 1 and isinstance(job.spec, Conv) else "strides"
    arguments: dict[str, object] = {
        strides: _entries(job, job.spec.strides),
        "padding": padding
        if isinstance(padding, str)
        else [list(pair) for pair in assemble((0, 0), padding, (0, 0), job.data_format)],
        "data_format": job.data_format,
    }
    if job.dilated:
        arguments["dilations"] = _entries(job, job.spec.dilations)
    return arguments


def _entries(job: Job, values: tuple[int, ...]) -> list[int]:
    """Return strides or dilations as a list; the 3-D functions take none but full rank."""
    return list(values if job.rank < 3 else assemble(1, values, 1, job.data_format))


def _refuse_groups(job: Job) -> None:
    if job.groups > 1 and job.rank == 3:
        raise job.cannot(
            f"TensorFlow has no 3-D convolution in {job.groups} groups.",
            "tf.nn.conv3d and conv3d_transpose want all channels of the input in the filter.",
        )


def lacking_words(job: Job, *, first: bool, dilated: bool = False, grouped: bool = False) -> tuple[str, ...]:
    """Return what the native CPU kernels cannot run, in a sentence, if there is anything."""
    words = [
        word
        for word, lacks in (
            (job.data_format, first and job.data_format[1] == "C"),
            ("dilations here", dilated and job.dilated),
            ("groups here", grouped and job.groups > 1),
        )
        if lacks
    ]
    return (_NATIVE.format(" and ".join(words)),) if words else ()


def wrong_words(job: Job) -> tuple[str, ...]:
    """Return where the native CPU kernel of conv3d is wrong, in a sentence, if the layer meets it.

    Under SAME it counts on with the padding where this is negative: with -2 or less it begins in the wrong place.
    """
    spec = job.spec
    if job.rank < 3 or spec.padding != "SAME":
        return ()
    sizes = job.sizes or (None,) * job.rank
    for size, extent, stride in zip(sizes, job.geometry.extents, spec.strides, strict=True):
        last = (
            stride if not isinstance(size, int) else (size - 1) % stride + 1
        )  # what the last window may read
        if last - extent >= 2:
            return (_WRONG,)
    return ()


def read(conversion: Conversion) -> Conv | ConvTranspose:
    """Return the spec that the call, its pad and its crop mean."""
    arguments, data_format = conversion.arguments, conversion.data_format
    place, rank = spatial_slice(data_format), len(data_format) - 2

    def entries(name: str) -> tuple[int, ...]:
        values: tuple[int, ...] = tuple(arguments.get(name, (1,) * rank))
        return values if len(values) == rank else values[place]

    strides, dilations = entries("stride" if "stride" in arguments else "strides"), entries("dilations")
    padding: Padding = arguments["padding"]
    if not isinstance(padding, str):
        padding = tuple((before, after) for before, after in padding[place])
    filter_shape, groups = conversion.filter_shape, conversion.groups
    if "output_shape" not in arguments:
        plain = Conv(
            filter_shape, strides, padding, dilations=dilations, groups=groups, data_format=data_format
        )
        return respell(forward_geometry(plain), conversion, transposed=False)
    twin = ConvTranspose(
        filter_shape, strides, padding, dilations=dilations, groups=groups, data_format=data_format
    )
    sizes: tuple[int, ...] = conversion.input_sizes()
    wanted: tuple[int, ...] = arguments["output_shape"][place]
    extras = tuple(
        size - (given - 1) * stride - twin.reach(axis)
        for axis, (size, given, stride) in enumerate(zip(wanted, sizes, strides, strict=True))
    )
    chosen = ConvTranspose(
        filter_shape,
        strides,
        padding,
        dilations=dilations,
        groups=groups,
        output_padding=extras,
        data_format=data_format,
    )
    return respell(transposed_geometry(chosen), conversion, transposed=True)


IMPORTS = ("import tensorflow as tf",)
PERMUTE = "tf.transpose({x}, {axes})"
PAD = "tf.pad(x, {pairs}{value})"
VALUE = "constant_values"


def code(conversion: Conversion) -> list[str]:
    """Return the lines that make ``y`` of ``x``."""
    arguments = {name: literal(value) for name, value in conversion.arguments.items()}
    shape = conversion.arguments.get("output_shape")
    if shape is not None and not isinstance(shape[0], int):
        rest = ", ".join(map(str, shape[1:]))
        arguments["output_shape"] = f"(tf.shape(x)[0], {rest})"
    return [call(f"y = {conversion.operation}", ("x", "weights"), arguments)]
