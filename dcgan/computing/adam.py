"""Adam, with one operation of TensorFlow's for each variable in place of the dozen that Keras makes of its step."""

from __future__ import annotations

import keras
import tensorflow as tf


class FusedAdam(keras.optimizers.Adam):
    """``keras.optimizers.Adam``, whose step changes a variable and both of its moments in one pass over the memory.

    It has Keras's variables, under Keras's names, so a checkpoint of either can be read by the other; ``amsgrad`` is not
    served. The operation is ``ResourceApplyAdam``, and what it computes is what Keras does, up to rounding: see
    ``ApplyAdamNonCuda`` in TensorFlow's ``tensorflow/core/kernels/training_ops.cc``.
    """

    def update_step(self, gradient: tf.Tensor, variable: tf.Variable, learning_rate: tf.Tensor) -> None:
        """Change one variable, as Keras asks for each in turn.

        Args:
            gradient: Of the loss, by the variable.
            variable: One that the optimizer has been built for.
            learning_rate: A scalar.
        """
        index = self._get_variable_index(variable)
        step = tf.cast(self.iterations + 1, variable.dtype)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=self._momentums[index].value.handle,
            v=self._velocities[index].value.handle,
            beta1_power=self.beta_1**step,
            beta2_power=self.beta_2**step,
            lr=tf.cast(learning_rate, variable.dtype),
            beta1=self.beta_1,
            beta2=self.beta_2,
            epsilon=self.epsilon,
            grad=gradient,
        )
