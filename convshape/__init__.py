"""Shapes of convolutions, transposed convolutions and pools, and errors that name the fix.

Integers in, shapes out, before any tensor exists::

    >>> import convshape as cs
    >>> cs.transpose_output(("N", 8, 8, 64), (5, 5, 32, 64), strides=2)
    ('N', 16, 16, 32)
    >>> cs.transpose_outputs(("N", 8, 8, 64), (5, 5, 32, 64), strides=2)
    4 output shapes: (N, 15..16, 15..16, 32), default (N, 16, 16, 32)
"""

from convshape._conv import Conv as Conv
from convshape._errors import ArgumentError as ArgumentError
from convshape._errors import ChannelError as ChannelError
from convshape._errors import Diagnosis as Diagnosis
from convshape._errors import OutputShapeError as OutputShapeError
from convshape._errors import RankError as RankError
from convshape._errors import ShapeError as ShapeError
from convshape._errors import SizeError as SizeError
from convshape._filters import conv_filter as conv_filter
from convshape._filters import transpose_filter as transpose_filter
from convshape._forward_verbs import conv_output as conv_output
from convshape._forward_verbs import padding_amounts as padding_amounts
from convshape._forward_verbs import pool_output as pool_output
from convshape._handing_out import hand_out as _hand_out
from convshape._outputs import OutputSet as OutputSet
from convshape._pool import Pool as Pool
from convshape._transpose_verbs import check_transpose as check_transpose
from convshape._transpose_verbs import transpose_output as transpose_output
from convshape._transpose_verbs import transpose_outputs as transpose_outputs
from convshape._transposed import ConvTranspose as ConvTranspose

__version__ = "0.1.0"

__all__ = [
    "ArgumentError",
    "ChannelError",
    "Conv",
    "ConvTranspose",
    "Diagnosis",
    "OutputSet",
    "OutputShapeError",
    "Pool",
    "RankError",
    "ShapeError",
    "SizeError",
    "check_transpose",
    "conv_filter",
    "conv_output",
    "padding_amounts",
    "pool_output",
    "transpose_filter",
    "transpose_output",
    "transpose_outputs",
]

_hand_out(__name__, __all__, globals())
