"""The configuration in a ``.keras`` file: one member of a zip, read to a limit, and nothing else of the file.

A ``.keras`` file is a zip with ``metadata.json``, ``config.json`` and ``model.weights.h5``. Only the directory at its end
and ``config.json`` are read, each at most to a limit; nothing is written to disk, and nothing in it is run.
"""

from __future__ import annotations

import json
import zipfile
from io import RawIOBase
from pathlib import Path
from struct import error as StructError
from zlib import error as ZlibError

from convshape._errors import ArgumentError, SizeError
from convshape._refusals import Refusal
from convshape._show import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO, NoReturn

# The biggest of keras.applications has 2 MB; a list of 16 MB of brackets takes a few hundred MB of memory at most.
MOST_BYTES = 16 * 2**20
# A zip's directory: some 50 bytes a member, of which a .keras file has three and a few for vocabularies.
_MOST_DIRECTORY = 2**20
_CONFIG = "config.json"
_LEGAL = 'a file that model.save("model.keras") wrote, or model.to_json() as model.json'
_BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError,
    ZlibError, StructError, OverflowError, LookupError,
)  # fmt: skip


class _Rationed(RawIOBase):
    """A file of which no more than so many bytes can be read."""

    def __init__(self, file: BinaryIO, ration: int) -> None:
        self.file, self.ration = file, ration

    def read(self, size: int = -1) -> bytes:
        """Return bytes, or refuse to read so many."""
        if size > self.ration:
            raise _TooMuch
        data = self.file.read(self.ration + 1 if size < 0 else size)  # of a file's end all is asked for
        if len(data) > self.ration:
            raise _TooMuch
        self.ration -= len(data)
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place in the file."""
        return self.file.seek(offset, whence)

    def tell(self) -> int:
        """Return the place in the file."""
        return self.file.tell()

    def seekable(self) -> bool:
        """Return True: zips are read from their end."""
        return True


class _TooMuch(Exception):
    """More would have to be read than any real file needs."""


def config_of_file(path: str) -> object:
    """Return the configuration in a ``.keras`` or ``.json`` file as plain lists and dicts, or raise the bare ``Refusal``."""
    try:
        with Path(path).open("rb") as file:
            text = _plain(file) if path.lower().endswith(".json") else _member(file, path)
    except _TooMuch:
        _refuse(path, "has a directory or a configuration that is too big.", _too_big(), SizeError)
    except _BROKEN as error:
        _refuse(path, f"cannot be read: {_words(error)}.", "a .keras file is a zip that holds config.json.")
    return parsed(text, path)


def _plain(file: BinaryIO) -> bytes:
    text = file.read(MOST_BYTES + 1)
    if len(text) > MOST_BYTES:
        raise _TooMuch
    return text


def _member(file: BinaryIO, path: str) -> bytes:
    rationed = _Rationed(file, _MOST_DIRECTORY)
    archive = zipfile.ZipFile(rationed)  # it asks for nothing but read, seek and tell
    members = [one for one in archive.infolist() if one.filename == _CONFIG]
    if len(members) != 1:
        count = "no" if not members else "more than one"
        _refuse(
            path, f"holds {count} {_CONFIG}.", "the layers of a model stand in that one member of the zip."
        )
    (member,) = members
    if member.flag_bits & 1:
        _refuse(path, f"has a {_CONFIG} that is encrypted.", "Keras never writes one.")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # the other methods of Python's zipfile unpack as much as a few bytes say, whatever was asked for
        _refuse(
            path, f"has a {_CONFIG} packed by method {member.compress_type}.", "Keras stores it as it is."
        )
    if member.file_size > MOST_BYTES:
        raise _TooMuch
    rationed.ration = 2 * MOST_BYTES
    with archive.open(member) as packed:
        text = packed.read(MOST_BYTES + 1)
    if len(text) != member.file_size:
        _refuse(path, f"has a {_CONFIG} that is cut short.", "its length is not the one that the zip says.")
    return text


def parsed(text: bytes | str, path: str) -> object:
    """Return JSON as plain lists and dicts, or raise the bare ``Refusal``."""
    try:
        return json.loads(
            text.decode("utf-8") if isinstance(text, bytes) else text, parse_constant=_no_number
        )
    except RecursionError:
        _refuse(
            path,
            "nests its configuration too deeply.",
            "a model has layers in models, not hundreds of levels.",
        )
    except UnicodeDecodeError:
        _refuse(path, "has a configuration that is no UTF-8.", "JSON is text in UTF-8.")
    except ValueError as error:
        _refuse(
            path, f"has a configuration that is no JSON: {_words(error)}.", "the layers of a model are JSON."
        )


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")


def _words(error: BaseException) -> str:
    """Return what an error says, on one short line."""
    text = " ".join(str(error).split()).rstrip(".")
    return (text[:97] + "..." if len(text) > 100 else text) or type(error).__name__


def _too_big() -> str:
    return f"at most {MOST_BYTES // 2**20} MB are read of a configuration, and {_MOST_DIRECTORY // 2**20} MB of a zip's directory."


def _refuse(
    path: str, problem: str, reason: str, kind: type[ArgumentError] | type[SizeError] = ArgumentError
) -> NoReturn:
    raise Refusal(
        "model", given=path, problem=f"{show(path)} {problem}", legal=_LEGAL, reason=reason, kind=kind
    )
