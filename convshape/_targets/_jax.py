"""Layers as JAX's functions, ``lax.conv_general_dilated`` and ``lax.conv_transpose``.

``lax.conv_transpose`` with ``transpose_kernel=True`` takes the forward twin's kernel as TensorFlow does. Its pads
are those of a correlation over the dilated input: ``extent - 1 - before`` and ``extent - 1 - after``. It has no
groups; those are said by what it calls itself, ``lax.conv_general_dilated`` with ``lhs_dilation``, and a mirrored
kernel. SAME is TensorFlow's for the default output alone (jax/_src/lax/convolution.py, ``_conv_transpose_padding``).
"""

from __future__ import annotations

from convshape._code import call, literal
from convshape._conv import Conv
from convshape._geometry import Geometry, forward_geometry, rows_of, same_extras, valid_extras
from convshape._job import Written
from convshape._respelled import forward_padding, respell
from convshape._sizes import default_extra, effective_kernel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._conversion import Conversion
    from convshape._job import Job
    from convshape._transposed import ConvTranspose


def write_conv(job: Job) -> Written:
    """Return the forward convolution as ``jax.lax.conv_general_dilated``."""
    said = job.spec.padding
    padding = said if isinstance(said, str) else forward_padding(job.geometry)
    arguments: dict[str, object] = {"window_strides": job.spec.strides, "padding": padding}
    if job.dilated:
        arguments["rhs_dilation"] = job.spec.dilations
    arguments["dimension_numbers"] = _dimensions(job.data_format)
    if job.groups > 1:
        arguments["feature_group_count"] = job.groups
    return Written("jax.lax.conv_general_dilated", arguments)


def write_transpose(job: Job) -> Written:
    """Return the transposed convolution as ``jax.lax.conv_transpose``, one in groups as ``conv_general_dilated``."""
    pairs = _correlation(job.geometry)
    dilation = {"rhs_dilation": job.spec.dilations} if job.dilated else {}
    if job.groups > 1:
        return Written(
            "jax.lax.conv_general_dilated",
            {
                "window_strides": (1,) * job.rank,
                "padding": pairs,
                "lhs_dilation": job.spec.strides,
                **dilation,
                "dimension_numbers": _dimensions(job.data_format),
                "feature_group_count": job.groups,
            },
            notes=("The kernel is mirrored: this is a correlation over the dilated input.",),
        )
    arguments = {"strides": job.spec.strides, "padding": _word(job.geometry) or pairs, **dilation}
    numbers = {"dimension_numbers": _dimensions(job.data_format), "transpose_kernel": True}
    return Written("jax.lax.conv_transpose", {**arguments, **numbers})


def _correlation(geometry: Geometry) -> tuple[tuple[int, int], ...]:
    return tuple(
        (extent - 1 - before, extent - 1 - after) for extent, _, (before, after) in rows_of(geometry)
    )


def _word(geometry: Geometry) -> str | None:
    """Return the word that says a transposed geometry, where there is one: it has the default output only."""
    for word, extras in (("SAME", same_extras(geometry)), ("VALID", valid_extras(geometry))):
        usual = tuple(default_extra(word, extent, stride) for extent, stride, _ in rows_of(geometry))
        if extras == usual:
            return word
    return None


def _dimensions(data_format: str) -> tuple[str, str, str]:
    return data_format, f"{data_format.replace('N', '').replace('C', '')}IO", data_format


def read(conversion: Conversion) -> Conv | ConvTranspose:
    """Return the spec that the call means."""
    arguments = conversion.arguments
    kernel = conversion.filter_shape[:-2]
    dilations: tuple[int, ...] = arguments.get("rhs_dilation", (1,) * len(kernel))
    padding: str | tuple[tuple[int, int], ...] = arguments["padding"]
    if not conversion.transposed:
        strides: tuple[int, ...] = arguments["window_strides"]
        plain = Conv((*kernel, 1, 1), strides, padding, dilations=dilations)
        return respell(forward_geometry(plain), conversion, transposed=False)
    strides = arguments["lhs_dilation" if "lhs_dilation" in arguments else "strides"]
    pads = []
    for axis, (size, stride, dilation) in enumerate(zip(kernel, strides, dilations, strict=True)):
        extent = effective_kernel(size, dilation)
        if padding == "SAME":
            total = extent - stride
            pads.append((max(0, total) // 2, total - max(0, total) // 2))
        elif padding == "VALID":
            pads.append((0, -default_extra("VALID", extent, stride)))
        else:
            first, last = padding[axis]  # type: ignore[str-unpack]
            pads.append((extent - 1 - first, extent - 1 - last))  # type: ignore[operator]
    return respell(Geometry(kernel, strides, dilations, pads), conversion, transposed=True)


IMPORTS = ("import jax",)
PERMUTE = "{x}.transpose{axes}"
PAD = "jax.numpy.pad(x, {pairs}{value})"
VALUE = "constant_values"


def code(conversion: Conversion) -> list[str]:
    """Return the lines that make ``y`` of ``x``."""
    arguments = {name: literal(value) for name, value in conversion.arguments.items()}
    return [call(f"y = {conversion.operation}", ("x", "weights"), arguments)]
