"""Layers that are no convolution as each framework's call, for sizes that are known: code that makes ``y`` of ``x``.

Copies are ``tf.repeat`` and its kin, ``torch.nn.Upsample`` and ONNX's ``Resize`` of the nearest element. A pool of a
mirror takes back copies of the same window and stride, so that maximum and average are one; it is written as an average.
"""

from __future__ import annotations

from convshape._code import call, exchange, index, literal
from convshape._layouts import assemble, channels_first, spatial_slice
from convshape._networks._block import places
from convshape._networks._dense import Dense, Reshape
from convshape._networks._fixed import AdaptivePool
from convshape._networks._permute import Permute
from convshape._networks._resizing import Cropping, UpSampling, ZeroPadding
from convshape._networks._spec_block import SpecBlock
from convshape._refusals import Refusal, Suggestion
from convshape._steps import Step
from convshape._targets import room

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from convshape._networks._block import Block
    from convshape._networks._network import Value

    Lines = list[str]

_REPEAT = {
    "tensorflow": "tf.repeat({x}, {times}, axis={axis})",
    "keras": "keras.ops.repeat({x}, {times}, axis={axis})",
    "jax": "jax.numpy.repeat({x}, {times}, axis={axis})",
}
_RESHAPE = {
    "tensorflow": "y = tf.reshape(x, {with_batch})",
    "torch": "y = x.reshape({with_batch})",
    "jax": "y = jax.numpy.reshape(x, {with_batch})",
}
_DENSE = {"tensorflow": "y = tf.matmul(x, weights)", "jax": "y = jax.numpy.matmul(x, weights)"}


def code_of(block: Block, before: Value, after: Value, to: str) -> Lines:
    """Return the lines that make ``y`` of ``x`` (and of ``weights``), or raise the bare ``Refusal``."""
    kind = "Pool" if isinstance(block, SpecBlock) else type(block).__name__
    return _WRITERS[kind](block, before, after, to)


def weight_shape_of(block: Block, to: str) -> tuple[int, ...] | None:
    """Return the shape of a dense layer's weights as the framework wants them."""
    if not isinstance(block, Dense):
        return None
    return (block.units, block.in_features or 0) if to == "torch" else (block.in_features or 0, block.units)


def _layer(head: str, arguments: Mapping[str, object]) -> Lines:
    words = {name: literal(value) for name, value in arguments.items()}
    return [call(f"layer = {head}", (), words), "y = layer(x)"]


def _between(lines: Lines, layout: str, wanted: str, to: str) -> Lines:
    """Return the lines between the exchanges of axes that they need."""
    there, back = exchange(layout, wanted), exchange(wanted, layout)
    permute = room(to).PERMUTE
    first = [] if there is None else [f"x = {permute.format(x='x', axes=there)}  # {layout} to {wanted}"]
    last = [] if back is None else [f"y = {permute.format(x='y', axes=back)}  # {wanted} to {layout}"]
    return [*first, *lines, *last]


def _other(layout: str, *, first: bool) -> str:
    """Return the layout of as many axes with channels first or last."""
    spatial = layout[spatial_slice(layout)]
    return f"NC{spatial}" if first else f"N{spatial}C"


def _has_layer(to: str, layout: str) -> bool:
    """Whether Keras's layer for this rank can be told the layout: those of one axis know channels last alone."""
    return to == "keras" and (len(layout) > 3 or not channels_first(layout))


def _keras_layer(name: str, argument: str, value: tuple[Any, ...], layout: str) -> Lines:
    rank = len(layout) - 2
    words = "channels_first" if channels_first(layout) else "channels_last"
    more = {"data_format": words} if rank > 1 else {}
    return _layer(f"keras.layers.{name}{rank}D", {argument: value if rank > 1 else value[0], **more})


def _node(operation: str, stored: Mapping[str, str], attributes: Mapping[str, object]) -> Lines:
    """Return the lines of a model of one ONNX node, run by onnxruntime; ``stored`` are inputs by name."""
    from convshape._targets._onnx import OPSET

    inputs = ["x", *stored]
    if operation == "Resize":
        inputs.insert(1, "")  # the region of interest, which it has no use for
    words = {name: literal(value) for name, value in attributes.items()}
    values = (f'onnx.numpy_helper.from_array({value}, "{name}")' for name, value in stored.items())
    opset = {"opset_imports": f'[onnx.helper.make_opsetid("", {OPSET})]', "ir_version": "10"}
    return [
        call("node = onnx.helper.make_node", (f'"{operation}"', literal(inputs), '["y"]'), words),
        "kind = onnx.helper.np_dtype_to_tensor_dtype(x.dtype)",
        'ends = [onnx.helper.make_tensor_value_info(name, kind, None) for name in ("x", "y")]',
        f"stored = [{', '.join(values)}]",
        'graph = onnx.helper.make_graph([node], "one", ends[:1], ends[1:], stored)',
        call("model = onnx.helper.make_model", ("graph",), opset),
        "session = onnxruntime.InferenceSession(model.SerializeToString())",
        '(y,) = session.run(["y"], {"x": x})',
    ]


def _integers(values: Iterable[int]) -> str:
    return f'numpy.array({list(values)}, "int64")'


def _upsampling(block: UpSampling, before: Value, after: Value, to: str) -> Lines:
    layout = before.layout or ""
    factors: tuple[Any, ...] = block.each(block.size, layout, "size")
    if to == "torch":
        scales = tuple(float(factor) for factor in factors)
        lines = _layer("torch.nn.Upsample", {"scale_factor": scales, "mode": "nearest"})
        return _between(lines, layout, _other(layout, first=True), to)
    if to == "onnx":
        scales = assemble(1.0, tuple(float(factor) for factor in factors), 1.0, layout)
        words = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
        return _node("Resize", {"scales": f'numpy.array({list(scales)}, "float32")'}, words)
    if _has_layer(to, layout):
        return _keras_layer("UpSampling", "size", factors, layout)
    repeated = [(axis, times) for axis, times in zip(places(layout), factors, strict=True) if times > 1]
    return [
        "y = " + _REPEAT[to].format(x="y" if place else "x", times=times, axis=axis)
        for place, (axis, times) in enumerate(repeated)
    ]


def _cropping(block: Cropping, before: Value, after: Value, to: str) -> Lines:
    layout = before.layout or ""
    pairs = block.pairs(layout)
    if _has_layer(to, layout):
        return _keras_layer("Cropping", "cropping", pairs, layout)
    if to == "onnx":
        axes = places(layout)
        sizes = (after.shape[axis] for axis in axes)
        begins = [front for front, _ in pairs]
        stops = [front + size for front, size in zip(begins, sizes, strict=True)]  # type: ignore[operator]
        each = {"starts": begins, "ends": stops, "axes": axes}
        return _node("Slice", {name: _integers(values) for name, values in each.items()}, {})
    return [f"y = x{index(Step('crop', pairs).slices(layout))}"]


def _zero_padding(block: ZeroPadding, before: Value, after: Value, to: str) -> Lines:
    layout = before.layout or ""
    pairs = block.pairs(layout)
    if _has_layer(to, layout):
        return _keras_layer("ZeroPadding", "padding", pairs, layout)
    every = Step("pad", pairs).pairs(layout)
    if to == "onnx":
        amounts = [*(front for front, _ in every), *(end for _, end in every)]
        return _node("Pad", {"pads": _integers(amounts)}, {})
    backwards = tuple(number for pair in reversed(every) for number in pair)
    return [f"y = {room(to).PAD.format(pairs=literal(every), backwards=backwards, value='')}"]


def _reshape(block: Reshape, before: Value, after: Value, to: str) -> Lines:
    sizes: tuple[Any, ...] = after.shape[1:]
    if to == "keras":
        return [f"layer = keras.layers.Reshape({literal(sizes)})", "y = layer(x)"]
    if to == "onnx":
        return _node("Reshape", {"shape": _integers((-1, *sizes))}, {})
    return [_RESHAPE[to].format(with_batch=literal((-1, *sizes)))]


def _permute(block: Permute, before: Value, after: Value, to: str) -> Lines:
    if to == "keras":
        return [f"layer = keras.layers.Permute({literal(block.dims)})", "y = layer(x)"]
    if to == "onnx":
        return _node("Transpose", {}, {"perm": (0, *block.dims)})
    return [f"y = {room(to).PERMUTE.format(x='x', axes=(0, *block.dims))}"]


def _dense(block: Dense, before: Value, after: Value, to: str) -> Lines:
    if to == "onnx":
        return _node("MatMul", {"weights": "weights"}, {})
    if to == "keras":
        making, calling = _layer("keras.layers.Dense", {"units": block.units, "use_bias": False})
        shape = literal((None, *before.shape[1:]))
        return [making, f"layer.build({shape})", "layer.set_weights([weights])", calling]
    if to == "torch":
        sizes = {"in_features": block.in_features, "out_features": block.units, "bias": False}
        making, calling = _layer("torch.nn.Linear", sizes)
        return [making, "layer.weight.data = torch.from_numpy(weights)", calling]
    return [_DENSE[to]]


def _pool(block: SpecBlock, before: Value, after: Value, to: str) -> Lines:
    layout: str = block.wants
    window, rank = block.own.strides, len(layout) - 2
    wanted = _other(layout, first=to in ("torch", "onnx"))
    if to == "keras":
        lines = _layer(f"keras.layers.AveragePooling{rank}D", {"pool_size": window})
    elif to == "torch":
        lines = _layer(f"torch.nn.AvgPool{rank}d", {"kernel_size": window})
    elif to == "onnx":
        lines = _node("AveragePool", {}, {"kernel_shape": window, "strides": window})
    elif to == "jax":
        every = literal(assemble(1, window, 1, wanted))
        number = block.own.strides[0]
        for one in window[1:]:
            number *= one
        lines = [f'y = jax.lax.reduce_window(x, 0.0, jax.lax.add, {every}, {every}, "VALID") / {number}']
    else:
        lines = [f'y = tf.nn.avg_pool(x, {list(window)}, {list(window)}, "VALID")']
    return _between(lines, layout, wanted, to)


def _adaptive_pool(block: AdaptivePool, before: Value, after: Value, to: str) -> Lines:
    layout = before.layout or ""
    if to not in ("torch", "keras"):
        raise Refusal(
            "to",
            given=to,
            problem=f"{to} has no pool to a fixed size.",
            legal=("torch", "keras"),
            reason="its windows are of different sizes, as torch.nn.AdaptiveAvgPool2d and Keras's "
            "AdaptiveAveragePooling2D have them, and those of an ordinary pool are not.",
            suggestions=(Suggestion({"to": "torch"}), Suggestion({"to": "keras"})),
        )
    sizes, wanted = tuple(after.shape[axis] for axis in places(layout)), _other(layout, first=to == "torch")
    name = "torch.nn.AdaptiveAvgPool{}d" if to == "torch" else "keras.layers.AdaptiveAveragePooling{}D"
    return _between(_layer(name.format(len(sizes)), {"output_size": sizes}), layout, wanted, to)


_WRITERS: dict[str, Callable[[Any, Value, Value, str], Lines]] = {
    "UpSampling": _upsampling,
    "Cropping": _cropping,
    "ZeroPadding": _zero_padding,
    "Reshape": _reshape,
    "Permute": _permute,
    "Dense": _dense,
    "Pool": _pool,
    "AdaptivePool": _adaptive_pool,
}
