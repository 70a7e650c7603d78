"""Batch normalization on TensorFlow's low-level functions, with its own running mean and variance."""

from __future__ import annotations

import threading

import tensorflow as tf

from dcgan.distributed import replicas


class BatchNorm(tf.Module):
    """Normalizes every channel: by the batch's own statistics in training, by the running ones otherwise.

    In training the running pair moves towards the batch's mean and variance::

        running = momentum * running + (1 - momentum) * batch

    The batch's variance is the biased one, the mean of the squared deviations, as in ``tf.nn.moments`` and in
    ``keras.layers.BatchNormalization``, which this equals value by value. While :attr:`tracking` is False,
    training mode still normalizes by the batch, but leaves the running pair as it is.

    The input may be bfloat16: the result is then too, and all between, statistics and variables, is float32.

    Where several replicas share a batch (see ``dcgan.distributed.replicas``), its statistics are those of the whole batch, and
    the running pairs of all replicas move alike.

    Attributes:
        gamma: Scale, shape ``(C,)``, trainable, from 1.
        beta: Offset, shape ``(C,)``, trainable, from 0.
        moving_mean: Running mean, shape ``(C,)``, from 0.
        moving_variance: Running variance, shape ``(C,)``, from 1.

    >>> norm = BatchNorm(3)
    >>> norm.build()
    >>> norm.forward(tf.zeros((2, 5, 5, 3)), training=True).shape
    TensorShape([2, 5, 5, 3])
    """

    def __init__(self, channels: int, *, momentum: float = 0.9, epsilon: float = 1e-5) -> None:
        super().__init__(name="batch_norm")
        self.channels = channels
        self.momentum = momentum
        self.epsilon = epsilon
        self._switches = threading.local()

    @property
    def tracking(self) -> bool:
        """Whether training mode moves the running pair, where this thread calls it.

        Each thread has a switch of its own, on at first: ``tf.distribute`` traces replicas in several, by turns, and one
        must not turn it for another.
        """
        return getattr(self._switches, "tracking", True)

    @tracking.setter
    def tracking(self, on: bool) -> None:
        self._switches.tracking = on

    def build(self) -> None:
        """Create the four variables, under the names of whatever scope this is called in."""
        ones, zeros = tf.ones(self.channels), tf.zeros(self.channels)
        self.gamma = tf.Variable(ones, name="gamma")
        self.beta = tf.Variable(zeros, name="beta")
        # All replicas write the same numbers, so those of the first one stand for all.
        moving = {"trainable": False, "aggregation": tf.VariableAggregation.ONLY_FIRST_REPLICA}
        self.moving_mean = tf.Variable(zeros, name="moving_mean", **moving)
        self.moving_variance = tf.Variable(ones, name="moving_variance", **moving)

    def forward(self, x: tf.Tensor, training: bool) -> tf.Tensor:
        """Normalize ``x``.

        Args:
            x: Activations, ``(N, *spatial, C)``.
            training: Whether to use the batch's statistics (and move the running ones) or the running ones.

        Returns:
            The normalized activations, of the same shape.
        """
        if not training:
            return tf.nn.batch_normalization(
                x, self.moving_mean, self.moving_variance, self.beta, self.gamma, self.epsilon
            )
        if replicas.count() > 1:
            return self._forward_with_others(x)
        # The fused op takes pictures only; to statistics per channel, a column of pixels is the same, for any rank.
        pixels = tf.reshape(x, (-1, 1, 1, self.channels))
        normal, mean, variance = tf.compat.v1.nn.fused_batch_norm(
            pixels, self.gamma, self.beta, epsilon=self.epsilon, is_training=True
        )
        if self.tracking:
            self._move(mean, variance, tf.cast(tf.shape(pixels)[0], tf.float32))
        return tf.ensure_shape(tf.reshape(normal, tf.shape(x)), x.shape)

    def _forward_with_others(self, x: tf.Tensor) -> tf.Tensor:
        """Normalize this replica's share by the statistics of the whole batch, which no fused op can do."""
        y = tf.cast(x, tf.float32)
        here = tf.nn.moments(y, list(range(len(x.shape) - 1)))
        means, variances = tf.unstack(replicas.gather(tf.stack(here)), axis=1)
        mean = tf.reduce_mean(means, axis=0)
        variance = tf.reduce_mean(
            variances + tf.square(means - mean), axis=0
        )  # within the shares, and between them
        if self.tracking:
            self._follow(mean, variance)
        normal = tf.nn.batch_normalization(y, mean, variance, self.beta, self.gamma, self.epsilon)
        return tf.cast(normal, x.dtype)

    def _move(self, mean: tf.Tensor, variance: tf.Tensor, count: tf.Tensor) -> None:
        self._follow(
            mean, variance * ((count - 1) / count)
        )  # the fused op gives the sample variance, over count - 1

    def _follow(self, mean: tf.Tensor, biased: tf.Tensor) -> None:
        for running, batch in ((self.moving_mean, mean), (self.moving_variance, biased)):
            running.assign(running * self.momentum + batch * (1 - self.momentum))
