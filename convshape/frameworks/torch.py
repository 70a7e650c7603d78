"""``torch.nn.functional`` and ``torch.nn`` with shapes in place of tensors, without PyTorch.

Inputs are channels-first, ``(N, C, *spatial)``, or without a batch, ``(C, *spatial)``; sizes in elements, None
where not known. The rules are those of PyTorch 2.13, measured.
"""

from __future__ import annotations

from convshape._handing_out import hand_out
from convshape.frameworks._torch_avg_pools import avg_pool1d, avg_pool2d, avg_pool3d
from convshape.frameworks._torch_forward import conv1d, conv2d, conv3d
from convshape.frameworks._torch_max_pools import max_pool1d, max_pool2d, max_pool3d
from convshape.frameworks._torch_modules import Conv1d, Conv2d, Conv3d
from convshape.frameworks._torch_pool_modules import (
    AvgPool1d,
    AvgPool2d,
    AvgPool3d,
    MaxPool1d,
    MaxPool2d,
    MaxPool3d,
)
from convshape.frameworks._torch_transposed import conv_transpose1d, conv_transpose2d, conv_transpose3d
from convshape.frameworks._torch_transposed_modules import ConvTranspose1d, ConvTranspose2d, ConvTranspose3d

TYPE_CHECKING = False
if TYPE_CHECKING:
    pass

__all__ = [
    "AvgPool1d",
    "AvgPool2d",
    "AvgPool3d",
    "Conv1d",
    "Conv2d",
    "Conv3d",
    "ConvTranspose1d",
    "ConvTranspose2d",
    "ConvTranspose3d",
    "MaxPool1d",
    "MaxPool2d",
    "MaxPool3d",
    "avg_pool1d",
    "avg_pool2d",
    "avg_pool3d",
    "conv1d",
    "conv2d",
    "conv3d",
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose3d",
    "max_pool1d",
    "max_pool2d",
    "max_pool3d",
]


hand_out(__name__, __all__, globals())
