"""``explain_errors`` on the real PyTorch: its own exceptions, our diagnosis as a note, nothing left behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import convshape as cs

torch = pytest.importorskip("torch")
F = torch.nn.functional


def noted(error: BaseException) -> str:
    """Return our note on an error; there is just one."""
    notes = [note for note in getattr(error, "__notes__", []) if "convshape on this call" in note]
    assert len(notes) == 1
    return notes[0]


Case = tuple[Callable[[], Any], str, str]
CASES: dict[str, Case] = {
    "functional": (
        lambda: F.conv2d(torch.zeros(1, 3, 28, 28), torch.zeros(8, 1, 5, 5)),
        "torch.nn.functional.conv2d",
        "weight=(8, 3, 5, 5)",
    ),
    "the same under its other name": (
        lambda: torch.conv2d(torch.zeros(1, 3, 2, 2), torch.zeros(8, 3, 5, 5)),
        "torch.nn.functional.conv2d",
        'padding="same"',
    ),
    "transposed": (
        lambda: F.conv_transpose2d(torch.zeros(1, 64, 8, 8), torch.zeros(32, 64, 5, 5), stride=2),
        "torch.nn.functional.conv_transpose2d",
        "weight=(64, 32, 5, 5)",
    ),
    "pool": (lambda: F.max_pool2d(torch.zeros(1, 3, 2, 2), 3), "max_pool2d", "kernel_size=2"),
    "module": (
        lambda: torch.nn.Conv2d(3, 8, 5)(torch.zeros(1, 1, 28, 28)),
        "torch.nn.Conv2d",
        "in_channels=1",
    ),
    "module that cannot be made": (
        lambda: torch.nn.Conv2d(3, 8, 5, stride=2, padding="same"),
        "torch.nn.Conv2d",
        "stride=1",
    ),
    "module with an output size": (
        lambda: torch.nn.ConvTranspose2d(4, 2, 3, stride=2)(torch.zeros(1, 4, 3, 3), output_size=[9, 9]),
        "torch.nn.ConvTranspose2d",
        "output_size",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_engines_own_error_with_our_note(name: str) -> None:
    call, operation, fix = CASES[name]
    with pytest.raises((RuntimeError, ValueError)) as bare:
        call()
    with cs.explain_errors(), pytest.raises((RuntimeError, ValueError)) as explained:
        call()
    assert type(explained.value) is type(bare.value) and str(explained.value) == str(bare.value)
    assert operation in noted(explained.value)
    assert fix in noted(explained.value)
    assert not getattr(bare.value, "__notes__", [])


def test_nothing_is_left_behind() -> None:
    owners = [torch, F, torch.nn.Conv2d, torch.nn.ConvTranspose1d, torch.nn.MaxPool2d]
    before = [dict(vars(owner)) for owner in owners]
    with cs.explain_errors():
        assert F.conv2d is not before[1]["conv2d"]
        assert torch.nn.Conv2d(3, 8, 5)(torch.zeros(1, 3, 28, 28)).shape == (1, 8, 24, 24)
    assert [dict(vars(owner)) for owner in owners] == before


def test_a_module_of_ones_own_is_explained_as_its_parent() -> None:
    class Mine(torch.nn.Conv2d):
        pass

    with cs.explain_errors(), pytest.raises(RuntimeError) as caught:
        Mine(3, 8, 5)(torch.zeros(1, 1, 28, 28))
    assert "in_channels=1" in noted(caught.value)
