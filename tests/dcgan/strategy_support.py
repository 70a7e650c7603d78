"""Trainings on several devices and in several processes, for the tests: how they are started, and how near is equal.

Run as a script it is such a process: it trains on two logical devices, rightly and wrongly, or as one worker of several.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from dcgan.distributed.cluster import Cluster
from tests.dcgan.support import ROOT, TINY

BATCH = 6  # three pictures for each of two
STEPS = 12
KILLED, STOPPED = 7, 10  # a step between two checkpoints, and the one of a checkpoint
TOLERANCE = (
    1e-4  # of losses, relative; a batch norm that is not synchronised is off by more than ten times that
)
SECONDS = 400  # of the longest wait for a process, on a machine that is busy with others


def config(data: Path, **fields: Any) -> dict[str, Any]:
    """Fields of a tiny config, with everything on that a share of a batch has to be taken of."""
    tiny = {name: getattr(TINY, name) for name in ("latent", "widths", "kernel_size", "samples")}
    often = {"steps": STEPS, "sample_every": 6, "checkpoint_every": 5}
    return {
        **tiny,
        **often,
        "batch_size": BATCH,
        "conditional": True,
        "flip": True,
        "ema": 0.9,
        "data": str(data),
        **fields,
    }


def options(fields: dict[str, Any]) -> list[str]:
    """The same as options of the command."""
    words = []
    for name, value in fields.items():
        words.append("--" + name.replace("_", "-"))
        if value is not True:
            words.append(",".join(map(str, value)) if isinstance(value, tuple) else str(value))
    return words


def losses(folder: Path) -> np.ndarray:
    """What the log tells of each step, ``(steps, 4)``, after making sure that each step is told of once."""
    lines = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == list(range(1, len(lines) + 1))
    return np.array([[line[name] for name in ("d_loss", "g_loss", "d_real", "d_fake")] for line in lines])


def check_same_losses(found: np.ndarray, wanted: np.ndarray) -> None:
    """Fail unless losses are equal within float tolerance."""
    np.testing.assert_allclose(found, wanted, rtol=TOLERANCE, atol=0)


def check_same_state(found: list[np.ndarray], wanted: list[np.ndarray]) -> None:
    """Fail unless all variables are: weights, statistics, average, and the moments of both optimizers.

    Adam's steps do not depend on the scale of a gradient, so only its moments tell whether that is right. Each variable
    is measured by its own size.
    """
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted, strict=True):
        size = np.abs(other).max()
        assert np.abs(one - other).max() <= 1e-3 * size


def members(count: int = 2) -> list[Cluster]:
    """All members of a cluster on this machine, at ports that were free a moment ago."""
    with ExitStack() as doors:
        open_ones = [doors.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        addresses = tuple(f"127.0.0.1:{door.getsockname()[1]}" for door in open_ones)
    tasks = tuple(("worker", index) for index in range(count))
    return [Cluster(addresses, tasks, index) for index in range(count)]


def start(arguments: list[str], environment: dict[str, str], said: Path) -> subprocess.Popen[bytes]:
    """Start this file as a script; what it says goes into a file."""
    theirs = {**os.environ, **environment}
    for name in ("TF_NUM_INTEROP_THREADS", "TF_NUM_INTRAOP_THREADS"):
        theirs.pop(name, None)  # one thread is for tests alone: replicas of one process wait for each other
    with said.open("wb") as file:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.dcgan.strategy_support", *arguments],
            cwd=ROOT,
            env=theirs,
            stdout=file,
            stderr=subprocess.STDOUT,
        )


def work_together(
    place: Path, commands: list[list[str]], *, event: str = "", step: int = 0
) -> list[tuple[int, str]]:
    """Run a command of dcgan in each of two workers; to the second one something happens after a step.

    Args:
        place: A folder for what they say.
        commands: Their arguments.
        event: A signal that the second one sends to itself, by its name.
        step: After which step.

    Returns:
        Of each, its exit code and what it has said.
    """
    place.mkdir()
    addresses = list(members(len(commands))[0].addresses)
    running = []
    try:
        for index, command in enumerate(commands):
            told = {"cluster": {"worker": addresses}, "task": {"type": "worker", "index": index}}
            plan = json.dumps({"event": event if index else "", "step": step, "command": command})
            said = place / f"{index}.txt"
            running.append((start(["worker", plan], {"TF_CONFIG": json.dumps(told)}, said), said))
        return [(process.wait(SECONDS), said.read_text()) for process, said in running]
    finally:
        for process, _ in running:
            process.kill()
            process.wait()


def _worker(event: str, step: int, command: list[str]) -> int:
    from dcgan import cli, looping

    advance = looping.Loop._advance

    def advance_and_suffer(self: looping.Loop, batch: Any) -> dict[str, float]:
        measures = advance(self, batch)
        if self.step == step:
            os.kill(os.getpid(), getattr(signal, event))
        return measures

    if event:
        looping.Loop._advance = advance_and_suffer
    return cli.main(command)


def _mirrored(folder: Path, fields: dict[str, Any]) -> None:
    """Train on two devices: a run; then with a batch norm that is not synchronised; then with too large gradients."""
    import tensorflow as tf

    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    from dcgan import batch_norm, session, training
    from dcgan.config import Config
    from dcgan.distributed import replicas
    from dcgan.errors import PlanError
    from tests.dcgan.state import all_of

    def train(name: str) -> None:
        loop = session.train(Config(**fields), folder / name, progress=False)
        for replica in range(2):
            copies = [variable.values[replica].numpy() for variable in all_of(loop.trainer)]
            np.savez(folder / f"{name}-{replica}.npz", *copies)

    try:
        session.begin(Config(**{**fields, "batch_size": 5}), folder / "unequal", progress=False)
    except PlanError as error:
        (folder / "error.json").write_text(json.dumps(error.to_json()))
    train("right")
    each_alone = SimpleNamespace(count=replicas.count, gather=lambda values: values[None])
    with _replaced(batch_norm, each_alone):
        train("unsynchronised")
    summed = SimpleNamespace(count=lambda: 1, share=replicas.share, together=replicas.together)
    with _replaced(training, summed):
        train("summed")


class _replaced:
    """What a module knows as ``replicas`` is something else in this block."""

    def __init__(self, module: Any, other: object) -> None:
        self._module, self._other, self._before = module, other, module.replicas

    def __enter__(self) -> None:
        self._module.replicas = self._other

    def __exit__(self, *error: object) -> None:
        self._module.replicas = self._before


def arrays(file: Path) -> list[np.ndarray]:
    with np.load(file) as saved:
        return [saved[name] for name in saved.files]


def _main(role: str, told: str) -> int:
    plan = json.loads(told)
    if role == "worker":
        return _worker(plan["event"], plan["step"], plan["command"])
    fields = {
        name: tuple(value) if isinstance(value, list) else value for name, value in plan["fields"].items()
    }
    _mirrored(Path(plan["folder"]), fields)
    return 0


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
