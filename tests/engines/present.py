"""Which engines are there to be asked, by their distributions; none is imported."""

from __future__ import annotations

from importlib import metadata

# what people call it, and the distributions that it may come from
ENGINES = {
    "TensorFlow": ("tensorflow", "tensorflow-cpu"),
    "Keras": ("keras",),
    "PyTorch": ("torch",),
    "JAX": ("jax",),
    "flax": ("flax",),
    "ONNX Runtime": ("onnxruntime",),
}
BESIDE_TENSORFLOW = ("PyTorch", "JAX", "flax", "ONNX Runtime")


def version(engine: str) -> str | None:
    """Return the version of an engine that is installed, or None."""
    for distribution in ENGINES[engine]:
        try:
            return metadata.version(distribution)
        except metadata.PackageNotFoundError:
            continue
    return None
