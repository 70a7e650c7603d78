"""One step on several devices or machines at once: each *replica* takes its share of the batch, and what they find is put together.

Replicas are ``tf.distribute``'s. Outside :func:`together`, and where no strategy is in use, there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

MEAN = tf.distribute.ReduceOp.MEAN


def count() -> int:
    """Return how many replicas are at work where this is called.

    >>> count()
    1
    """
    context = tf.distribute.get_replica_context()
    return 1 if context is None else context.num_replicas_in_sync


def share(batch: tf.Tensor) -> tf.Tensor:
    """Return this replica's part of a batch that every replica has whole.

    The parts are as large as each other, follow in the order of the replicas, and are all of the batch together.

    Args:
        batch: ``(N, ...)``, where N is a multiple of :func:`count`.

    >>> share(tf.range(4)).numpy().tolist()
    [0, 1, 2, 3]
    """
    replicas = count()
    if replicas == 1:
        return batch
    size = tf.shape(batch)[0] // replicas
    start = tf.distribute.get_replica_context().replica_id_in_sync_group * size
    part = batch[start : start + size]
    return tf.ensure_shape(part, (None, *batch.shape[1:]))


def gather(values: tf.Tensor) -> tf.Tensor:
    """Return what all replicas have, the same for each of them; gradients find their way back.

    Args:
        values: What this replica has, ``(...)``: a few numbers, of one shape on all.

    Returns:
        ``(count(), ...)``, in the order of the replicas.

    >>> gather(tf.constant([0.5, 2.0])).numpy().tolist()
    [[0.5, 2.0]]
    """
    replicas = count()
    if replicas == 1:
        return values[None]
    context = tf.distribute.get_replica_context()
    here = tf.one_hot(context.replica_id_in_sync_group, replicas, dtype=values.dtype)
    place = tf.reshape(here, (replicas, *[1] * len(values.shape)))
    # A sum with zeros is exact, and the gradient of an all-reduce is one all-reduce; that of all_gather takes three.
    return context.all_reduce(tf.distribute.ReduceOp.SUM, place * values)


def together(
    strategy: tf.distribute.Strategy,
    function: Callable[..., dict[str, tf.Tensor]],
    inputs: Sequence[Any],
) -> dict[str, tf.Tensor]:
    """Run a function on every replica.

    Args:
        strategy: Says which replicas there are.
        function: Returns numbers by name, the means over its :func:`share`.
        inputs: What every replica's function gets, batches whole.

    Returns:
        The means over all replicas, and so, as shares are as large as each other, over the whole batch.

    >>> strategy = tf.distribute.get_strategy()
    >>> float(
    ...     together(strategy, lambda x: {"mean": tf.reduce_mean(share(x))}, [tf.constant([1.0, 2.0])])[
    ...         "mean"
    ...     ]
    ... )
    1.5
    """
    found = strategy.run(function, tuple(inputs))
    return {name: strategy.reduce(MEAN, value, axis=None) for name, value in found.items()}
