"""A DCGAN whose every shape is convshape's, and is known to fit before TensorFlow is imported.

    >>> import dcgan
    >>> blueprint = dcgan.plan((45, 61, 3), dcgan.Config(layers=2))
    >>> [stage.output_shape for stage in blueprint.generator]
    [(12, 16, 64), (23, 31, 32), (45, 61, 3)]

``dcgan.train``, ``dcgan.resume`` and ``dcgan.sample`` are what the command line calls; ``dcgan.load`` opens a trained
run, and what its ``sample`` returns shows itself in a notebook. The networks are in
``dcgan.models``, their layers in ``dcgan.layers``, the training step in ``dcgan.training``. Importing ``dcgan``
asks whether TensorFlow is there, and does not import it.
"""

from dcgan.requirements import refusal as _refusal

if (_refused := _refusal()) is not None:
    raise _refused

from dcgan.blueprint import Blueprint as Blueprint
from dcgan.blueprint import Stage as Stage
from dcgan.config import Config as Config
from dcgan.errors import ClusterError as ClusterError
from dcgan.errors import DataError as DataError
from dcgan.errors import DCGANError as DCGANError
from dcgan.errors import PlanError as PlanError
from dcgan.errors import RunError as RunError
from dcgan.errors import TrainingError as TrainingError
from dcgan.loading import load as load
from dcgan.planning import plan as plan
from dcgan.session import resume as resume
from dcgan.session import sample as sample
from dcgan.session import train as train

__all__ = [
    "Blueprint",
    "ClusterError",
    "Config",
    "DCGANError",
    "DataError",
    "PlanError",
    "RunError",
    "Stage",
    "TrainingError",
    "load",
    "plan",
    "resume",
    "sample",
    "train",
]
