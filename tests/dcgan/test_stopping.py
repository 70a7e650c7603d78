"""What signals do to a training: the first is an answer, and the end has the exit code that shells expect."""

from __future__ import annotations

import signal
import sys

import pytest

from dcgan.commands.stopping import ending_on_terminate, exit_code, stop_on_signal


class Busy:
    """A stderr in the middle of a write, which Python does not let a signal handler enter a second time."""

    def write(self, text: str) -> int:
        raise RuntimeError("reentrant call")

    flush = fileno = write


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_in_the_middle_of_a_write_to_the_screen_is_an_answer_too(number, monkeypatch, capfd):
    with stop_on_signal() as stopped:
        assert stopped.number is None
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stderr", Busy())
            signal.raise_signal(number)
        assert stopped() and stopped.number == number
    assert "stopping after this step, with a checkpoint" in capfd.readouterr().err


def test_that_a_print_would_not_have_been(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Busy())
    with pytest.raises(RuntimeError, match="reentrant"):
        print("stopping", file=sys.stderr)


def test_a_request_to_terminate_closes_what_is_open_and_ends_with_143(capsys):
    before, closed = signal.getsignal(signal.SIGTERM), []
    with pytest.raises(SystemExit) as caught, ending_on_terminate():
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            closed.append(True)
    assert (caught.value.code, closed) == (143, [True])
    assert signal.getsignal(signal.SIGTERM) == before


def test_inside_a_training_the_first_request_is_an_answer_and_the_second_the_end():
    with ending_on_terminate():
        with pytest.raises(SystemExit), stop_on_signal() as stopped:
            signal.raise_signal(signal.SIGTERM)
            assert stopped()
            signal.raise_signal(signal.SIGTERM)
        with pytest.raises(SystemExit):
            signal.raise_signal(signal.SIGTERM)


def test_exit_codes_are_those_of_shells():
    assert [exit_code(number) for number in (signal.SIGINT, signal.SIGTERM)] == [130, 143]
