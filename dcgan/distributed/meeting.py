"""Workers meet before TensorFlow joins them: it would wait for one that never comes for ever, and hear no Ctrl-C.

The chief listens at its own address; each of the others calls there and says what it is about to train. When all have
called, the chief answers all alike with what does not agree, and they part; then TensorFlow takes over the addresses.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from importlib.metadata import version
from typing import Any, TypeAlias

from dcgan.distributed.cluster import VARIABLE, Cluster
from dcgan.errors import ClusterError, Diagnosis
from dcgan.keeping.runs import Run

PATIENCE = 600.0  # seconds; machines of a cluster may be minutes apart in reading their pictures
_PAUSE = 0.3  # seconds from one call to the next, while nobody answers
_SPEECH = 10.0  # seconds for a caller to say its line
_LONGEST = 2**16  # bytes of a line

Facts: TypeAlias = Mapping[str, str | int]
_Callers: TypeAlias = dict[int, tuple[socket.socket, dict[str, Any]]]


def meet(cluster: Cluster, facts: Facts, *, patience: float = PATIENCE) -> None:
    """Wait until all workers are there and are about to do the same.

    Args:
        cluster: Who they are.
        facts: What all must have alike, by the name under which people are told of it.
        patience: How long to wait, in seconds.

    Raises:
        ClusterError: If somebody is missing when the time is up, if the facts differ (all workers are told), or if
            the chief's address cannot be used.

    >>> meet(Cluster(("localhost:2222",), (("worker", 0),), 0), {"step": 0})  # alone: nobody to wait for
    """
    if cluster.size == 1:
        return
    end = time.monotonic() + patience
    (_receive if cluster.is_chief else _call)(cluster, dict(facts), end)


def facts_of(run: Run, step: int) -> dict[str, str | int]:
    """Return what must be the same for all workers, by the names that follow "another" in an error.

    Args:
        run: What is to be trained.
        step: Steps done before.
    """
    identity = dict(run.identity)
    pictures = [identity.pop("pictures"), run.labels]
    options = json.dumps([identity, run.config.steps, run.classes], sort_keys=True)
    return {
        "configuration": hashlib.sha256(options.encode()).hexdigest(),
        "set of pictures": json.dumps(pictures),
        "newest checkpoint": step,
        **{
            f"version of {package}": version(package)
            for package in ("tensorflow", "keras", "numpy", "convshape")
        },
    }


def _receive(cluster: Cluster, facts: dict[str, Any], end: float) -> None:
    callers: _Callers = {}
    with ExitStack() as open_ones:
        door = open_ones.enter_context(_listening(cluster))
        while len(callers) < cluster.size - 1:
            if time.monotonic() > end:
                raise _absent(cluster, [n for n in range(1, cluster.size) if n not in callers])
            with suppress(TimeoutError):
                line, _ = door.accept()
                open_ones.enter_context(line)
                callers |= _heard(line, cluster)
            callers = {number: caller for number, caller in callers.items() if not _hung_up(caller[0])}
        differing = _differences(facts, {number: said for number, (_, said) in callers.items()})
        for line, _ in callers.values():
            with suppress(OSError):  # gone since: TensorFlow will miss it
                line.sendall(_line(differing))
    if differing:
        raise _disagreeing(cluster, differing)


def _call(cluster: Cluster, facts: dict[str, Any], end: float) -> None:
    host, _, port = cluster.addresses[0].rpartition(":")
    while True:
        left = end - time.monotonic()
        if left <= 0:
            raise _absent(cluster, [0])
        try:
            with socket.create_connection((host.strip("[]"), int(port)), timeout=left) as line:
                line.sendall(_line({"worker": cluster.index, "facts": facts}))
                answer = _read(line)
        except OSError:  # not there yet, or gone again
            answer = None
        if answer is not None:
            break
        time.sleep(_PAUSE)
    if answer:
        raise _disagreeing(cluster, answer)


@contextmanager
def _listening(cluster: Cluster) -> Iterator[socket.socket]:
    address = cluster.addresses[0]
    try:
        door = socket.create_server(("", int(address.rpartition(":")[2])), backlog=cluster.size)
    except OSError as error:
        why = str(error) if error.errno is None else os.strerror(error.errno)
        raise unusable(cluster, why) from error
    door.settimeout(_PAUSE)
    with door:
        yield door


def _heard(line: socket.socket, cluster: Cluster) -> _Callers:
    """Return a caller by its number; nothing of one that is no worker of ours, or is silent."""
    line.settimeout(_SPEECH)
    try:
        said = _read(line)
    except OSError:
        return {}
    match said:
        case {"worker": int(number), "facts": dict(facts)} if 0 < number < cluster.size:
            return {number: (line, facts)}
    return {}


def _hung_up(line: socket.socket) -> bool:
    line.setblocking(False)
    try:
        return line.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def _line(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said).encode() + b"\n"


def _read(line: socket.socket) -> dict[str, Any] | None:
    """Return what the other one says; None if that is no line of JSON."""
    with line.makefile("rb") as stream:
        said = stream.readline(_LONGEST)
    try:
        told = json.loads(said) if said.endswith(b"\n") else None
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _differences(facts: dict[str, Any], others: Mapping[int, dict[str, Any]]) -> dict[str, list[str]]:
    """Return the facts that a worker has otherwise than the chief, by its number, a string as JSON has them."""
    differing = {
        str(number): [name for name in facts if said.get(name) != facts[name]]
        for number, said in sorted(others.items())
    }
    return {number: names for number, names in differing.items() if names}


def unusable(cluster: Cluster, why: str) -> ClusterError:
    """Return the error of a worker that cannot be reached by others at its own address.

    Args:
        cluster: Who the workers are.
        why: What the operating system says.
    """
    address = cluster.addresses[cluster.index]
    return ClusterError(
        Diagnosis(
            "train",
            VARIABLE,
            given=address,
            legal="a port of this machine that no other process uses",
            problem=f"{cluster.name(cluster.index)} cannot listen at its address: {why}.",
            reason="the workers reach each other at the addresses in TF_CONFIG",
            remedy=f"end the process that uses port {address.rpartition(':')[2]}, or give this worker another port, in the "
            f"{VARIABLE} of every worker",
        )
    )


def _absent(cluster: Cluster, missing: list[int]) -> ClusterError:
    names = " and ".join(map(cluster.name, missing))
    return ClusterError(
        Diagnosis(
            "train",
            VARIABLE,
            given=[cluster.addresses[number] for number in missing],
            legal=f"all {cluster.size} workers started within minutes of each other",
            problem=f"{names} did not come.",
            reason="every step needs a share of the batch from each worker",
            remedy=f"start every worker, with the same command and the same cluster in {VARIABLE}; see that its port can "
            "be reached from the other machines",
        )
    )


def _disagreeing(cluster: Cluster, differing: Mapping[str, list[str]]) -> ClusterError:
    told = "; ".join(
        f"{cluster.name(int(number))} has another {' and another '.join(names)}"
        for number, names in differing.items()
    )
    return ClusterError(
        Diagnosis(
            "train",
            "workers",
            given=differing,
            legal=f"all workers as {cluster.name(0)}, the chief",
            problem=f"the workers do not agree: {told}.",
            reason="they would train different runs, and take each other's gradients for their own",
            remedy="start all with the same command, pictures and versions; to resume, give all the same folder, or a "
            "copy of its config.json, log.jsonl and checkpoints",
        )
    )
