"""A trained generator for use elsewhere: as a SavedModel, as a Keras model, as plain tensors. None needs dcgan."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from dcgan.keeping.files import replacing
from dcgan.outputs import check_file, check_free, new_folder, not_written
from dcgan.trained import Trained, check_alone
from dcgan.uses.export_refusals import differs, no_form, no_package, some_classes

if TYPE_CHECKING:
    import tensorflow as tf

# The largest difference, in [-1, 1], that another order of summing may make: half a grey level of 255 is 0.004.
TOLERANCE = 1e-4
PROBES = 5


def export(trained: Trained, path: str | os.PathLike[str], form: str | None = None) -> str:
    """Write the generator in a form that others read.

    Args:
        trained: Whose generator.
        path: A new folder for a SavedModel, a file for the others.
        form: One of ``FORMS``; None takes the name's ending: ``.keras``, ``.safetensors``, and none for a SavedModel.

    Returns:
        The form.

    Raises:
        RunError: If the ending tells no form, something cannot be written, the safetensors package is missing, what was
            made does not give the same pictures, or only some classes were asked for. Nothing is then left behind.
    """
    path = Path(path)
    check_alone(trained, "export")
    if trained.wanted is not None:
        raise some_classes(trained)
    form = check_place(path, form)
    FORMS[form](trained, path)
    return form


def check_place(path: Path, form: str | None = None) -> str:
    """Make sure, before anything is loaded, that an export has a form and a place.

    Args:
        path: As of :func:`export`.
        form: As of :func:`export`.

    Returns:
        The form.

    Raises:
        RunError: If it has not.
    """
    form = _form(path) if form is None else form
    if form not in FORMS:
        raise no_form(path, form, FORMS)
    if form == "saved_model":
        check_free(path, "export")
    else:
        check_file(path, [f".{form}"], "export")
    return form


def saved_model(trained: Trained, folder: Path) -> None:
    """Write a SavedModel: ``tf.saved_model.load(folder)``, TensorFlow Serving and converters read it.

    Its signature ``serving_default`` takes ``latents``, float32 of shape ``(N, latent)``, any N, each uniform in
    [-1, 1) as the generator was trained, and gives ``pictures``, uint8 of shape ``(N, H, W, C)``, and ``values``, the
    same as floats in [-1, 1]. Of a run trained on classes it takes ``classes`` too, int32 of shape ``(N,)``, numbers
    from 0; their names, in order, are ``class_names`` of what ``tf.saved_model.load`` gives.

    Args:
        trained: Whose generator.
        folder: Not there yet, or empty.

    Raises:
        RunError: If it cannot be written.
    """
    import tensorflow as tf

    from dcgan.conditions import conditioned

    generator = trained.generator
    module = tf.Module(name="dcgan")
    module.generator = generator

    def sample(latents: tf.Tensor, classes: tf.Tensor | None = None) -> dict[str, tf.Tensor]:
        inputs = latents if classes is None else conditioned(latents, classes, generator.classes)
        values = generator.forward(inputs, training=False)
        return {"values": values, "pictures": tf.cast(tf.round((values + 1) * 127.5), tf.uint8)}

    wanted = [tf.TensorSpec((None, generator.latent), tf.float32, name="latents")]
    if generator.classes:
        wanted.append(tf.TensorSpec((None,), tf.int32, name="classes"))
        names = tf.constant(trained.run.classes)
        module.class_names = tf.Variable(names, trainable=False, name="class_names")
    module.sample = tf.function(
        sample, input_signature=wanted, autograph=False
    )  # nothing branches on a tensor
    with new_folder(folder, "export") as waiting:
        try:
            tf.saved_model.save(module, str(waiting), signatures=module.sample.get_concrete_function())
        except tf.errors.OpError as error:  # no OSError, though the disk is full
            raise not_written(folder, "export", error) from error


def keras_file(trained: Trained, path: Path) -> None:
    """Write a Keras model of Keras's own layers: ``keras.models.load_model(path)`` reads it, without dcgan.

    It takes latents, ``(N, latent)``, and gives pictures in [-1, 1], ``(N, H, W, C)``: the generator's, which is
    checked before the file is written. Of a run trained on classes it takes a dict of two: ``latents``, and
    ``classes``, int32 of shape ``(N,)``, numbers from 0.

    Args:
        trained: Whose generator.
        path: Where to.

    Raises:
        RunError: If it cannot be written, or Keras's layers would give other pictures.
    """
    from dcgan.uses.keras_model import entries, keras_model

    model = keras_model(trained)
    probes = trained.latents(PROBES)
    mine = trained.generator.forward(probes, training=False)
    apart = float(np.abs(np.asarray(model(entries(probes, trained))) - np.asarray(mine)).max())
    if not apart <= TOLERANCE:
        raise differs(trained, apart, TOLERANCE)
    try:
        with TemporaryDirectory() as folder:  # Keras writes to a name only, and not whole or not at all
            whole = Path(folder) / "generator.keras"
            model.save(whole)
            content = whole.read_bytes()
    except OSError as error:
        raise not_written(path, "export", error) from error
    with replacing(path) as file:
        file.write(content)


def safetensors_file(trained: Trained, path: Path) -> None:
    """Write the generator's weights and running statistics as safetensors, which every framework has a reader for.

    Names are those of the variables, ``generator/up_1/filter``; filters are ``(height, width, out, in)``, and the dense
    weights ``(latent, height, width, channels)``, the rows of classes behind those of the latent. The file's metadata says what is between them: the layers as JSON.

    Args:
        trained: Whose generator.
        path: Where to.

    Raises:
        RunError: If it cannot be written, or the package safetensors is not there.
    """
    if find_spec("safetensors") is None:
        raise no_package()
    from safetensors.numpy import save

    tensors = {
        variable.name.removesuffix(":0"): np.ascontiguousarray(variable.numpy())
        for variable in trained.generator.variables
    }
    with replacing(path) as file:
        file.write(save(tensors, metadata=_metadata(trained)))


FORMS: dict[str, Callable[[Trained, Path], None]] = {
    "saved_model": saved_model,
    "keras": keras_file,
    "safetensors": safetensors_file,
}
_ENDINGS = {"": "saved_model", ".keras": "keras", ".safetensors": "safetensors"}


def _metadata(trained: Trained) -> dict[str, str]:
    """Return what a reader of the tensors must know to make pictures of them; safetensors takes texts only."""
    config = trained.run.config
    layers = [
        {
            "name": stage.name,
            "input": stage.input_shape,
            "output": stage.output_shape,
            "strides": None if stage.spec is None else stage.spec.strides,
            "padding": None if stage.spec is None else "SAME",
            "batch_norm": stage.norm,
            "activation": stage.activation,
        }
        for stage in trained.blueprint.generator
    ]
    return {
        "format": "tf",
        "made_by": "dcgan",
        "step": str(trained.step),
        "latent": str(config.latent),
        "classes": json.dumps(trained.run.classes),
        "epsilon": str(config.epsilon),
        "layers": json.dumps(layers),
    }


def _form(path: Path) -> str:
    # a folder may be called v1.2, but whoever writes .h5 or .pb means a file
    return _ENDINGS.get(path.suffix.lower(), "saved_model" if path.suffix[1:].isdigit() else path.suffix)
