"""One layer from any framework to any other, with its weights."""

from __future__ import annotations

from convshape._arguments import read_data_format
from convshape._conv import Conv
from convshape._conversion import BIAS, Conversion
from convshape._errors import SizeError
from convshape._job import TARGETS, Job
from convshape._layouts import LAYOUTS, assemble, channels_first
from convshape._mending import mend, without
from convshape._pool import Pool
from convshape._reading import as_text
from convshape._refusals import Refusal, Suggestion
from convshape._show import kind_of
from convshape._transposed import ConvTranspose
from convshape._weights import from_layout, read_weights, shape_in, to_layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from convshape._spec import Spec
    from convshape._types import ShapeLike
    from convshape._weights import Layout

    class Layer(Protocol):
        """A layer of a dialect."""

        framework: str

        def to_spec(self, input_shape: ShapeLike | None = None) -> Spec: ...


_ALIASES = {
    "tf": "tensorflow",
    "tf.nn": "tensorflow",
    "pytorch": "torch",
    "tf.keras": "keras",
    "lax": "jax",
    "flax": "jax",
    "onnxruntime": "onnx",
    "ort": "onnx",
}


def convert(
    layer: Spec | Conversion | Layer,
    to: str,
    *,
    weights: object = None,
    input_shape: ShapeLike | None = None,
    data_format: str | None = None,
) -> Conversion:
    """Return a layer as another framework says it: call, arguments, weights, and what must be done around it.

    The values are the same, not only the shapes. Taps are placed by ``y[n] = sum_j x[j] * F[n + before - j * s]``,
    which is TensorFlow's convolution; SAME puts the odd element of its padding after. Where the framework cannot say
    that, the conversion names the pad before or the crop after the call that it takes; where it cannot be said at
    all, the error says why. A bias needs no conversion.

    Args:
        layer: A spec, a layer of ``convshape.frameworks``, or a conversion (then its weights are taken along).
        to: ``"tensorflow"``, ``"keras"``, ``"torch"``, ``"jax"`` or ``"onnx"``.
        weights: The layer's weights in its own framework's layout (a spec's in TensorFlow's): an array.
        input_shape: The input's shape in the layer's layout. ``tf.nn.conv2d_transpose`` cannot be written without
            it, nor SAME with a stride for PyTorch.
        data_format: TensorFlow's name of the layout wanted; None keeps the layer's where the framework has it.

    Returns:
        The call; ``print(conversion.code)`` shows it ready to paste.

    Raises:
        ShapeError: The framework cannot say the layer, or an argument is wrong; the error names what can be done.

    Examples:
        >>> import convshape as cs
        >>> up = cs.ConvTranspose((4, 4, 32, 64), strides=2, data_format="NCHW")
        >>> print(cs.convert(up, "torch").code)
        import torch
        <BLANKLINE>
        layer = torch.nn.ConvTranspose2d(
            in_channels=64,
            out_channels=32,
            kernel_size=(4, 4),
            stride=(2, 2),
            padding=(1, 1),
            bias=False,
        )
        layer.weight.data = torch.from_numpy(weights)
        y = layer(x)
        >>> cs.convert(up, "tensorflow")
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: convert: TensorFlow's transposed convolutions want an output_shape, and the input's sizes are not known.
          legal: the input's shape, every spatial size of it a number
          because: tf.nn.conv2d_transpose does not work it out: several outputs have the same forward twin.
          fix: input_shape=("N", 64, 8, 8)    (for example; with the sizes of your input)
          or: to="keras"
          or: to="torch"
          or: to="jax"
    """
    try:
        planned, read = _plan(layer, to, weights, input_shape, data_format)
    except Refusal as refusal:
        raise mend("convert", _plan, without(locals()), refusal) from None
    if read is None:
        return planned
    array, layout = read
    array = to_layout(from_layout(array, layout, planned.groups), planned.layout, planned.groups)
    return Conversion(**{**planned._values(), "weights": array})


def _plan(
    layer: object,
    to: object,
    weights: object = None,
    input_shape: object = None,
    data_format: object = None,
) -> tuple[Conversion, tuple[object, Layout] | None]:
    """Return the conversion without weights, and the weights as they came, or raise the bare ``Refusal``."""
    from convshape._targets import room

    target = _read_target(to)
    spec, framework = _read_layer(layer, input_shape)
    if isinstance(spec, Pool):
        raise Refusal(
            "layer",
            given=layer,
            problem="a pool is not converted.",
            legal="a forward or a transposed convolution",
            reason="a pool's values depend on what its padding counts for, "
            + (
                "and a cs.Pool does not say whether it takes maxima or averages."
                if layer is spec
                else "which differs from framework to framework, and is worked out for convolutions alone."
            ),
        )
    job = _job(spec, target, read_input(layer, spec, input_shape), data_format)
    if isinstance(spec, ConvTranspose):
        _check_floor(spec, job)
    write = room(target).write_transpose if isinstance(spec, ConvTranspose) else room(target).write_conv
    written = write(job)
    shape = None
    if job.sizes is not None:
        shape = assemble(job.batch, job.sizes, job.channels[0], job.data_format)
    planned = Conversion(
        target,
        written.operation,
        "transpose" if isinstance(spec, ConvTranspose) else "conv",
        written.arguments,
        spec.filter_shape,
        spec.groups,
        None,
        written.before,
        written.after,
        job.data_format,
        spec.data_format,
        shape,
        (*written.notes, BIAS),
    )
    if weights is None and isinstance(layer, Conversion):
        weights = layer.weights
    if weights is None:
        return planned, None
    layout = _layout_of(layer, framework)
    array = read_weights(weights, shape_in(layout, spec.filter_shape, spec.groups), framework)
    return planned, (array, layout)


def _read_target(to: object) -> str:
    text = as_text(to)
    if text in TARGETS:
        return text
    word = (text or "").lower()
    if word in TARGETS or word in _ALIASES:
        meant = [_ALIASES.get(word, word)]
    else:
        from difflib import get_close_matches

        meant = get_close_matches(word[:20], TARGETS, n=1) or list(TARGETS)
    raise Refusal(
        "to",
        given=to,
        problem=f"to is {kind_of(to)}.",
        legal=TARGETS,
        reason="a framework is called by the name that it is imported by.",
        suggestions=tuple(Suggestion({"to": name}) for name in meant),
    )


def _read_layer(layer: object, input_shape: object) -> tuple[Conv | ConvTranspose | Pool, str]:
    """Return a layer's spec, and the name of the framework whose layout its weights have."""
    if isinstance(layer, Conv | ConvTranspose | Pool):
        return layer, "TensorFlow's"
    if isinstance(layer, Conversion):
        return layer.to_spec(), f"{layer.framework}'s"
    framework, to_spec = getattr(layer, "framework", None), getattr(layer, "to_spec", None)
    if type(framework) is str and callable(to_spec):
        spec = to_spec(input_shape)
        if isinstance(spec, Conv | ConvTranspose | Pool):
            return spec, f"{framework}'s"
    raise Refusal(
        "layer",
        given=layer,
        problem=f"layer is {kind_of(layer)}.",
        legal="a cs.Conv or cs.ConvTranspose, a convolution of convshape.frameworks, or a Conversion",
        reason="a layer is described by numbers here; a framework's own object is not read.",
    )


def _layout_of(layer: object, framework: str) -> Layout:
    """Return how the weights of a layer stand."""
    if isinstance(layer, Conversion):
        return layer.layout
    said = getattr(layer, "weight_layout", None)
    if said in ("twin", "channels", "mirrored", "depthwise"):
        return said  # type: ignore[no-any-return]
    return "channels" if framework.lower() in ("torch's", "pytorch's", "onnx's") else "twin"


def read_input(layer: object, spec: Spec, input_shape: object) -> tuple[object, ...] | None:
    """Return the input's shape, checked against the layer; a conversion remembers the one that it was made for."""
    if input_shape is None:
        return layer.input_shape if isinstance(layer, Conversion) else None
    try:
        spec.output(input_shape)
        return spec._entries(input_shape, None, "")
    except Refusal as refusal:
        raise Refusal(
            "input_shape",
            given=input_shape,
            problem=refusal.problem,
            legal=refusal.legal if refusal.argument == "input_shape" else "an input that the layer takes",
            reason=refusal.reason,
            kind=refusal.kind,
            axis=refusal.axis if refusal.argument == "input_shape" else None,
            suggestions=tuple(each for each in refusal.suggestions if set(each.changes) == {"input_shape"}),
        ) from None


def _job(
    spec: Conv | ConvTranspose,
    target: str,
    shape: tuple[object, ...] | None,
    data_format: object,
) -> Job:
    rank = len(spec.data_format) - 2
    first = target in ("torch", "onnx")
    wanted = spec.data_format if data_format is None else read_data_format(data_format, rank)
    if first and data_format is not None and not channels_first(wanted):
        raise Refusal(
            "data_format",
            given=data_format,
            problem=f"data_format is {wanted}, which {target} does not have.",
            legal=(LAYOUTS[rank][1], None),
            reason="its tensors stand channels-first.",
            suggestions=(Suggestion({"data_format": None}), Suggestion({"data_format": LAYOUTS[rank][1]})),
        )
    sizes = None if shape is None else spec.spatial_of(shape)  # type: ignore[arg-type]
    batch = None if shape is None else shape[0]
    return Job(spec, target, LAYOUTS[rank][1] if first else wanted, sizes, batch)  # type: ignore[arg-type]


def _check_floor(spec: ConvTranspose, job: Job) -> None:
    """Refuse the one output that no framework counts as the spec does: from 1, where padding takes sizes below it.

    ``output_padding`` counts from the smallest legal size. That is ``(i - 1) * s + reach`` unless this is below 1.
    """
    if spec.output_padding is None or job.sizes is None:
        return
    for axis, (size, stride) in enumerate(zip(job.sizes, spec.strides, strict=True)):
        if isinstance(size, int) and (size - 1) * stride + spec.reach(axis) < 1:
            raise Refusal(
                "input_shape",
                given=assemble(job.batch, job.sizes, job.channels[0], spec.data_format),
                problem=f"of an input of {size} the padding {spec.padding} leaves less than nothing.",
                legal=f"a size of at least {1 + -(-(1 - spec.reach(axis)) // stride)} on this axis",
                reason="frameworks count output_padding from (i - 1) * s + k - padding, which is below 1 here; "
                "the spec counts it from 1.",
                kind=SizeError,
            )
