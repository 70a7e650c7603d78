"""The data sets that Keras fetches, read from where Keras keeps them. What stands there is never replaced."""

from __future__ import annotations

import gzip
import io
import os
import pickle
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np

from dcgan.errors import DataError, Diagnosis

DIGITS = tuple("0123456789")
CLASSES = {
    "mnist": DIGITS,
    "fashion_mnist": (
        "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
    ),
    "cifar10": ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
}  # fmt: skip

# Where Keras keeps what it has fetched, among its data sets.
_MNIST = "mnist.npz"
_FASHION = "fashion-mnist"
_CIFAR = "cifar-10-batches-py-target_archive"
_CIFAR_UNPACKED = "cifar-10-batches-py-target/cifar-10-batches-py"
_CIFAR_BATCHES = {False: tuple(f"data_batch_{number}" for number in range(1, 6)), True: ("test_batch",)}

# What reading a file that is cut short, damaged or of another kind raises.
_DAMAGE = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    EOFError,
    MemoryError,
    RuntimeError,
    zlib.error,
    zipfile.BadZipFile,
    tarfile.TarError,
    pickle.UnpicklingError,
)


class Labelled(NamedTuple):
    """Pictures and, unless there are none, their labels."""

    pictures: np.ndarray
    labels: np.ndarray | None


def read_set(name: str, *, test: bool = False) -> Labelled:
    """Return the pictures of a data set and their labels; Keras fetches what is not there yet.

    Args:
        name: ``mnist``, ``fashion_mnist`` or ``cifar10``.
        test: The test pictures, in place of those to train on.

    Returns:
        Pictures, uint8 of shape ``(N, H, W)`` or ``(N, H, W, 3)``, and labels from 0 to 9 of shape ``(N,)``, or
        None if the file of MNIST that is there has none.

    Raises:
        DataError: If what is there is not the data set, or nothing is and it cannot be fetched.
    """
    # Keras deletes a file whose bytes are not those it knows before it tries to download its own, and there are
    # several packings of the same pictures: what stands there is read here.
    files = _files(name, test)
    if all(file.exists() for file in files):
        with _damage_named(name, files[0]):
            return _checked(name, _READERS[name](files, test))

    from keras import datasets

    try:
        sets = getattr(datasets, name).load_data()
    except Exception as error:  # a failed download is a bare Exception in Keras
        missing = [file for file in _files(name, test) if not file.exists()]
        if missing:
            raise _not_fetched(name, missing[0], error) from error
        # what is there now may be whole, as where the test pictures alone are missing, or a page that says "no"
        with _damage_named(name, files[0]):
            return _checked(name, _READERS[name](_files(name, test), test))
    pictures, labels = sets[1 if test else 0]
    return Labelled(pictures, np.reshape(labels, -1))


def _files(name: str, test: bool) -> list[Path]:
    """Return the files that a part of a data set is read from, those that Keras would look for or make."""
    kept = Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser() / "datasets"
    if name == "mnist":
        return [kept / _MNIST]
    if name == "fashion_mnist":
        part = "t10k" if test else "train"
        return [kept / _FASHION / f"{part}-{what}-ubyte.gz" for what in ("images-idx3", "labels-idx1")]
    unpacked = [kept / _CIFAR_UNPACKED / batch for batch in _CIFAR_BATCHES[test]]
    return unpacked if all(file.exists() for file in unpacked) else [kept / _CIFAR]


def _read_mnist(files: list[Path], test: bool) -> Labelled:
    part = "test" if test else "train"
    with np.load(files[0], allow_pickle=False) as arrays:
        return Labelled(arrays[f"x_{part}"], arrays.get(f"y_{part}"))


def _read_fashion(files: list[Path], test: bool) -> Labelled:
    with _damage_named("fashion_mnist", files[1]):
        labels = _read_idx(files[1])
    return Labelled(_read_idx(files[0]), labels)


def _read_idx(file: Path) -> np.ndarray:
    """Return the array in a file of MNIST's own format: zeros, 8 for uint8, axes, a size for each, bytes."""
    content = gzip.decompress(file.read_bytes())
    kind, axes = content[2], content[3]
    if content[:2] != b"\0\0" or kind != 8:
        raise ValueError(f"{file.name} does not begin as an array of bytes does")
    sizes = np.frombuffer(content, ">u4", axes, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * axes).reshape(sizes.tolist())


def _read_cifar(files: list[Path], test: bool) -> Labelled:
    if files[0].name == _CIFAR:
        with tarfile.open(files[0]) as archive:
            members = [archive.extractfile(f"cifar-10-batches-py/{name}") for name in _CIFAR_BATCHES[test]]
            batches = [_read_batch(member.read()) for member in members if member is not None]
    else:
        batches = []
        for file in files:
            with _damage_named("cifar10", file):
                batches.append(_read_batch(file.read_bytes()))
    pictures, labels = zip(*batches, strict=True)
    return Labelled(np.concatenate(pictures), np.concatenate(labels))


def _read_batch(content: bytes) -> Labelled:
    batch = _ArraysOnly(io.BytesIO(content), encoding="bytes").load()
    planes = batch[b"data"].reshape(-1, 3, 32, 32)
    return Labelled(np.moveaxis(planes, 1, -1), np.asarray(batch[b"labels"]))


class _ArraysOnly(pickle.Unpickler):
    """Reads plain values and arrays, and lets a pickle call nothing else."""

    def find_class(self, module: str, name: str) -> object:
        module = module.replace("numpy.core.", "numpy._core.")  # as NumPy 1 wrote it
        if (module, name) not in _ALLOWED:
            raise pickle.UnpicklingError(f"it calls {module}.{name}, which no array needs")
        return super().find_class(module, name)


_ALLOWED = {
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy._core.numeric", "_frombuffer"),
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("_codecs", "encode"),
}
_READERS = {"mnist": _read_mnist, "fashion_mnist": _read_fashion, "cifar10": _read_cifar}


def _checked(name: str, read: Labelled) -> Labelled:
    """Return what was read.

    Raises:
        ValueError: If it cannot be of this data set.
    """
    pictures, labels = read
    axes = 4 if name == "cifar10" else 3
    if pictures.dtype != np.uint8 or pictures.ndim != axes or pictures.size == 0:
        raise ValueError(f"its pictures are {pictures.dtype} of shape {pictures.shape}")
    if labels is None:
        return read
    if labels.shape != (len(pictures),) or not np.isin(labels, range(len(CLASSES[name]))).all():
        raise ValueError(f"its labels are not {len(pictures)} numbers from 0 to {len(CLASSES[name]) - 1}")
    return read


@contextmanager
def _damage_named(name: str, place: Path) -> Iterator[None]:
    try:
        yield
    except DataError:  # a ValueError too, that names one of several files
        raise
    except _DAMAGE as error:
        why = str(error).partition("\n")[0].rstrip(".:") or type(error).__name__
        raise _damaged(name, place, why) from error


_LEGAL = {
    "mnist": "an .npz file with uint8 pictures of shape (N, H, W) under the name x_train, labels under y_train,"
    " and x_test and y_test likewise",
    "fashion_mnist": "the original train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz"
    " and t10k-labels-idx1-ubyte.gz",
    "cifar10": "the original cifar-10-python.tar.gz under this name, or what it unpacks to",
}
_ORIGINAL = {"mnist": "mnist.npz", "cifar10": "the original cifar-10-python.tar.gz"}


def _damaged(name: str, place: Path, why: str) -> DataError:
    called = {"mnist": "MNIST", "fashion_mnist": "Fashion-MNIST", "cifar10": "CIFAR-10"}[name]
    return DataError(
        Diagnosis(
            "load",
            "source",
            given=name,
            legal=_LEGAL[name],
            problem=f"{place} is not {called}: {why}.",
            reason="what stands where Keras keeps its data sets is used, and never replaced without a word",
            remedy=f"remove {place} to have it downloaded, or put a whole one in its place",
        )
    )


def _not_fetched(name: str, missing: Path, error: Exception) -> DataError:
    if name == "fashion_mnist":
        what, where, place = "the four *-ubyte.gz files of Fashion-MNIST", "into", missing.parent
    else:
        what, where, place = _ORIGINAL[name], "at", missing
    found = f"Keras found no {missing.name} in {missing.parent}"
    return DataError(
        Diagnosis(
            "load",
            "source",
            given=name,
            legal=f"{name} where Keras keeps it, or a network to fetch it from",
            problem=f"{name} cannot be fetched: {str(error).rstrip('.')}.",
            reason=f"{found}, and its download failed",
            fix={"--data": "digits"},
            notes=(f"needs no download; or put {what} {where} {place}",),
        )
    )
