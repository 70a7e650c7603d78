"""What the tests of data share: pictures of one value, and the text of an error."""

from __future__ import annotations

import pytest
from PIL import Image

from dcgan.errors import DataError


def picture(path, value, size=(3, 5), mode="L"):
    """Write a picture of one value, ``size`` being (height, width)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, (size[1], size[0]), value).save(path)
    return path


def values(pictures):
    return pictures.array[:, 0, 0, 0].tolist()


def error_of(call, *arguments, **options):
    with pytest.raises(DataError) as caught:
        call(*arguments, **options)
    return str(caught.value)
