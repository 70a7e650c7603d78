"""TensorFlow as the judge: every operation is executed, never traced.

Tracing is no judge: a `tf.function` reports illegal output shapes as static shapes without a word. The native
CPU kernels (`TF_ENABLE_ONEDNN_OPTS=0`) are the ones with exact checks, but they lack layouts, dilations and
groups. :data:`PATHS` says, row by row, what holds the combinations that they cannot execute.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.engines.operation import Operation, read
from tests.engines.tensorflow_ops import EngineRefused, compiled, eagerly, native, refusals, tensorflow, zeros


class EmptyResult(EngineRefused):
    """The op made a tensor with a spatial axis of size 0, which convshape calls an error; so do we."""


def oracle_shape(verb: str, arguments: Mapping[str, Any], *, pool: str = "max") -> tuple[int, ...]:
    """Execute the op that a call describes and return the shape of its result, in the call's layout.

    Args:
        verb: Name of the convshape function.
        arguments: Its arguments, by name, all sizes numbers. A transposed convolution needs `output_shape`.
        pool: `max` or `avg`.

    Raises:
        EngineRefused: The op does not take them.
    """
    operation = read(verb, arguments)
    return operation.laid_out(execute(operation, pool=pool))


def execute(operation: Operation, *, pool: str = "max") -> tuple[int, ...]:
    """Execute an operation on zeros along its path and return the result's shape `(N, *spatial, C)`.

    Raises:
        EngineRefused: The op does not take it.
        EmptyResult: The result has a spatial axis of size 0.
    """
    path = path_of(operation, pool=pool)
    path.used[path.name] += 1
    shape = path.run(operation, pool)
    if 0 in shape[1:-1]:
        raise EmptyResult(f"empty result {shape}")
    return shape


def accepts(operation: Operation, output_shape: tuple[int, ...]) -> bool:
    """Tell whether a transposed convolution takes this `(N, *spatial, C)`, and check that it makes it."""
    try:
        shape = execute(operation.but(output_shape=output_shape))
    except EngineRefused:
        return False
    assert shape == output_shape, f"the op took output_shape {output_shape} and made {shape}"
    return True


@dataclass(frozen=True)
class Path:
    """One way to hold a combination of arguments against TensorFlow.

    Attributes:
        name: What the path is called in reports.
        kind: The kind of operation that it is for.
        why: Why the plain op cannot do it.
        when: Whether the path is for this operation (and kind of pool).
        run: Executes and returns the shape `(N, *spatial, C)`.
        used: How often each path was executed in this process.
    """

    name: str
    kind: str
    why: str
    when: Callable[[Operation, str], bool]
    run: Callable[[Operation, str], tuple[int, ...]]
    used: Counter[str]


def path_of(operation: Operation, *, pool: str = "max") -> Path:
    """Return the first path of the table that is for this operation."""
    if operation.ceil_mode:
        raise NotImplementedError("no TensorFlow op has a ceil mode")
    for path in PATHS:
        if path.kind == operation.kind and path.when(operation, pool):
            return path
    raise NotImplementedError(f"no path executes {operation}")


def _split(operation: Operation, pool: str) -> tuple[int, ...]:
    """Execute one group by itself; all groups are alike, and their results are joined along the channels."""
    groups, own = operation.groups, operation.input_shape[-1]
    if own % groups:
        raise EngineRefused(f"{own} channels do not split into {groups} groups")
    wanted = operation.output_shape
    joined = operation.channels[1] if wanted is None else wanted[-1]
    if operation.channels[1] % groups or joined % groups:
        raise EngineRefused(f"{joined} channels cannot come from {groups} groups")
    one = operation.but(
        input_shape=(*operation.input_shape[:-1], own // groups),
        channels=(operation.channels[0], operation.channels[1] // groups),
        output_shape=None if wanted is None else (*wanted[:-1], joined // groups),
        groups=1,
    )
    return (*execute(one, pool=pool)[:-1], joined)


def _padded(operation: Operation, pool: str) -> tuple[int, ...]:
    """Pad the picture with `tf.pad` first, then run the op under VALID."""
    tf = tensorflow()
    pairs = [(0, 0), *operation.padding, (0, 0)]
    padded = tf.pad(zeros(operation.input_shape), pairs)
    return execute(operation.but(input_shape=tuple(padded.shape), padding="VALID"), pool=pool)


def _cropped(operation: Operation, pool: str) -> tuple[int, ...]:
    """Ask the op under VALID for the uncropped output: explicit padding of the twin is a crop of ours."""
    *wanted, channels = operation.output_shape or ()
    padding = operation.padding
    grown = [size + before + after for size, (before, after) in zip(wanted[1:], padding, strict=True)]
    full = execute(operation.but(output_shape=(wanted[0], *grown, channels), padding="VALID"), pool=pool)
    sizes = [size - before - after for size, (before, after) in zip(full[1:-1], padding, strict=True)]
    return (full[0], *sizes, full[-1])


def _lifted(operation: Operation, pool: str) -> tuple[int, ...]:
    """Run a 1-D operation as a 2-D one of height 1: only the 2-D ops take explicit padding."""

    def lift(shape: tuple[int, ...] | None) -> tuple[int, ...] | None:
        return None if shape is None else (shape[0], 1, *shape[1:])

    high = operation.but(
        input_shape=lift(operation.input_shape),
        output_shape=lift(operation.output_shape),
        kernel=(1, *operation.kernel),
        strides=(1, *operation.strides),
        dilations=(1, *operation.dilations),
        padding=((0, 0), *operation.padding),
    )
    shape = execute(high, pool=pool)
    return (shape[0], *shape[2:])


def _pooled(operation: Operation, pool: str) -> tuple[int, ...]:
    """Execute `tf.nn.pool`, which has dilations under VALID where every stride is 1."""
    tf = tensorflow()
    try:
        return tuple(
            tf.nn.pool(
                zeros(operation.input_shape),
                list(operation.kernel),
                pool.upper(),
                padding=operation.padding,
                dilations=list(operation.dilations),
            ).shape
        )
    except refusals() as error:
        raise EngineRefused(str(error)) from error


def _patches(operation: Operation, pool: str) -> tuple[int, ...]:
    """Count the windows that `tf.image.extract_patches` cuts, an axis at a time."""
    tf, sizes = tensorflow(), []
    rows = zip(operation.sizes, operation.kernel, operation.strides, operation.dilations, strict=True)
    for size, kernel, stride, dilation in rows:
        line = zeros((1, size, 1, 1))
        window, steps, rates = [1, kernel, 1, 1], [1, stride, 1, 1], [1, dilation, 1, 1]
        try:
            cut = tf.image.extract_patches(line, window, steps, rates, operation.padding)
        except refusals() as error:
            raise EngineRefused(str(error)) from error
        sizes.append(cut.shape[1])
    return (operation.input_shape[0], *sizes, operation.input_shape[-1])


def _dilated(operation: Operation) -> bool:
    return max(operation.dilations) > 1


def _unusual(operation: Operation) -> bool:
    return operation.channels_first or _dilated(operation) or operation.groups > 1


def _by_groups(operation: Operation, pool: str) -> bool:
    return operation.rank == 3 and operation.groups > 1


def _explicit_beyond_2d(operation: Operation, pool: str) -> bool:
    return operation.explicit and operation.rank != 2


def _conv_compiled(operation: Operation, pool: str) -> bool:
    return native() and (operation.channels_first or (operation.rank == 3 and _dilated(operation)))


def _transpose_compiled(operation: Operation, pool: str) -> bool:
    return _unusual(operation) and (native() or operation.explicit)


def _pool_padded(operation: Operation, pool: str) -> bool:
    return operation.explicit and (pool == "avg" or operation.rank != 2 or _unusual(operation))


def _pool_dilated(operation: Operation, pool: str) -> bool:
    plain = operation.padding == "VALID" and max(operation.strides) == 1 and not operation.channels_first
    return _dilated(operation) and plain


def _always(operation: Operation, pool: str) -> bool:
    return True


USED: Counter[str] = Counter()
NOTHING = "nothing is in the way"
#: Read from the top: the first row of the kind whose condition holds executes the operation. "Compiled" rows are
#: for what the native kernels lack; the default build executes it eagerly (but explicit padding, native in both).
PATHS = tuple(
    Path(*row, USED)
    for row in (
        ("conv by groups", "conv", "conv3d has no groups anywhere", _by_groups, _split),
        ("conv padded", "conv", "only conv2d takes explicit padding", _explicit_beyond_2d, _padded),
        ("conv compiled", "conv", "channels first; dilations of conv3d", _conv_compiled, compiled),
        ("conv", "conv", NOTHING, _always, eagerly),
        ("transpose by groups", "transpose", "conv3d_transpose has no groups anywhere", _by_groups, _split),
        ("transpose lifted", "transpose", "only conv2d_transpose takes explicit padding",
         lambda op, _: op.explicit and op.rank == 1, _lifted),
        ("transpose cropped", "transpose", "only conv2d_transpose takes explicit padding",
         lambda op, _: op.explicit and op.rank == 3, _cropped),
        ("transpose compiled", "transpose", "channels first, dilations, groups", _transpose_compiled, compiled),
        ("transpose", "transpose", NOTHING, _always, eagerly),
        ("pool padded", "pool", "only max_pool2d takes explicit padding, and nothing unusual with it",
         _pool_padded, _padded),
        ("pool dilated", "pool", "max_pool and avg_pool take no dilations", _pool_dilated, _pooled),
        ("pool by patches", "pool", "no pool has dilations with strides, SAME or channels first",
         lambda op, _: _dilated(op), _patches),
        ("pool compiled", "pool", "channels first", lambda op, _: native() and op.channels_first, compiled),
        ("pool", "pool", NOTHING, _always, eagerly),
    )
)  # fmt: skip
