"""The layers around convolutions and pools, for networks: ``cs.Chain([..., cs.layers.Flatten(), cs.layers.Dense(10)])``.

Each is made of its arguments, checked once, and asked by the network that it stands in. Convolutions and pools are
``cs.Conv``, ``cs.ConvTranspose`` and ``cs.Pool``, or layers of ``convshape.frameworks``.
"""

from __future__ import annotations

from convshape._handing_out import hand_out
from convshape._networks._custom import Custom
from convshape._networks._dense import Dense, Flatten, Reshape
from convshape._networks._fixed import AdaptivePool, GlobalPool
from convshape._networks._joins import Add, Concat, Multiply
from convshape._networks._normal import BatchNorm, LayerNorm
from convshape._networks._permute import Permute
from convshape._networks._plain import Activation, Dropout
from convshape._networks._resizing import Cropping, UpSampling, ZeroPadding

__all__ = [
    "Activation",
    "AdaptivePool",
    "Add",
    "BatchNorm",
    "Concat",
    "Cropping",
    "Custom",
    "Dense",
    "Dropout",
    "Flatten",
    "GlobalPool",
    "LayerNorm",
    "Multiply",
    "Permute",
    "Reshape",
    "UpSampling",
    "ZeroPadding",
]

hand_out(__name__, __all__, globals())
