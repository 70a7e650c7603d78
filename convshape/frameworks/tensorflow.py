"""``tf.nn``'s convolutions and pools with shapes in place of tensors, without TensorFlow.

The names, their order and their defaults are TensorFlow 2.21's, and so are the rules, measured on its ops. What
it refuses is refused, and what it does in silence is too: groups that nobody asked for, a stride of 2.5 cut to 2,
a depthwise convolution with strides and dilations. Inputs are ``(N, *spatial, C)``, or channels first where
``data_format`` says so; sizes in elements, None where not known; the batch may be a name. TensorFlow's native CPU
kernels lack channels first, dilated transposed convolutions and groups of transposed ones: those are legal here,
because its GPU kernels, XLA and oneDNN compute them.
"""

from __future__ import annotations

from convshape._handing_out import hand_out as _hand_out
from convshape.frameworks._tensorflow_avg_pools import avg_pool, avg_pool1d, avg_pool2d, avg_pool3d
from convshape.frameworks._tensorflow_conv_transpose import atrous_conv2d_transpose, conv_transpose
from convshape.frameworks._tensorflow_convolution import atrous_conv2d, convolution
from convshape.frameworks._tensorflow_depthwise import depthwise_conv2d, separable_conv2d
from convshape.frameworks._tensorflow_forward import conv1d, conv2d, conv3d
from convshape.frameworks._tensorflow_max_pools import max_pool, max_pool1d, max_pool2d, max_pool3d
from convshape.frameworks._tensorflow_pool import pool
from convshape.frameworks._tensorflow_transposed import conv1d_transpose, conv2d_transpose, conv3d_transpose

__all__ = [
    "atrous_conv2d",
    "atrous_conv2d_transpose",
    "avg_pool",
    "avg_pool1d",
    "avg_pool2d",
    "avg_pool3d",
    "conv1d",
    "conv1d_transpose",
    "conv2d",
    "conv2d_transpose",
    "conv3d",
    "conv3d_transpose",
    "conv_transpose",
    "convolution",
    "depthwise_conv2d",
    "max_pool",
    "max_pool1d",
    "max_pool2d",
    "max_pool3d",
    "pool",
    "separable_conv2d",
]

_hand_out(__name__, __all__, globals())
