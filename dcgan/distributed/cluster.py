"""Which processes train one run together, as the environment variable TF_CONFIG tells each of them. No TensorFlow here."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dcgan.config import Config
from dcgan.errors import ClusterError, Diagnosis

VARIABLE = "TF_CONFIG"
JOBS = ("chief", "worker")  # in the order in which TensorFlow counts them


@dataclass(frozen=True)
class Cluster:
    """The workers of one training, and which of them this process is.

    Attributes:
        addresses: Of all workers, ``host:port`` each; the first one is the chief, the only one that writes the run.
        tasks: What TensorFlow calls them, such as ``("worker", 0)``.
        index: The place of this process among them.
    """

    addresses: tuple[str, ...]
    tasks: tuple[tuple[str, int], ...]
    index: int

    @property
    def size(self) -> int:
        """How many workers there are."""
        return len(self.addresses)

    @property
    def is_chief(self) -> bool:
        """Whether this process is the one that writes."""
        return self.index == 0

    def name(self, index: int) -> str:
        """Return what people are told of a worker.

        Args:
            index: Its place.
        """
        return f"worker {index} ({self.addresses[index]})"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Cluster:
        """Return the cluster that TF_CONFIG tells of.

        Args:
            environment: Where it stands.

        Raises:
            ClusterError: If it is not there, or does not say who the workers are and which of them this is.

        >>> told = '{"cluster": {"worker": ["a:2222", "b:2222"]}, "task": {"type": "worker", "index": 1}}'
        >>> cluster = Cluster.from_environment({"TF_CONFIG": told})
        >>> cluster.name(1), cluster.is_chief
        ('worker 1 (b:2222)', False)
        """
        told = environment.get(VARIABLE)
        if told is None:
            raise _wrong(None, f"{VARIABLE} is not set")
        try:
            return cls._read(json.loads(told))
        except json.JSONDecodeError as error:
            raise _wrong(told, f"{VARIABLE} is not JSON: {error}") from error
        except (LookupError, TypeError, ValueError) as error:
            raise _wrong(told, f"{VARIABLE} is JSON, but {error.args[0]}") from error

    @classmethod
    def _read(cls, told: Any) -> Cluster:  # noqa: ANN401 - whatever JSON can hold
        """Return the cluster.

        Raises:
            ValueError: If something is wrong with it; the argument says what, after "but".
        """
        if not isinstance(told, dict) or not isinstance(told.get("cluster"), dict):
            raise ValueError('it has no "cluster" that names jobs')
        jobs, task = told["cluster"], told.get("task")
        strange = [job for job in jobs if job not in JOBS]
        if strange:
            raise ValueError(f"its job {strange[0]!r} is none that trains here")
        tasks = tuple(
            (job, index) for job in JOBS for index in range(len(_addresses(job, jobs.get(job, []))))
        )
        addresses = tuple(address for job in JOBS for address in jobs.get(job, []))
        if len(jobs.get("chief", [])) > 1 or not addresses:
            raise ValueError("it names no workers, or more than one chief")
        if len(set(addresses)) < len(addresses):
            raise ValueError("two workers have one address")
        if not isinstance(task, dict):
            raise ValueError('it has no "task" that says which worker this is')
        this = (task.get("type"), task.get("index"))
        if isinstance(this[1], bool) or this not in tasks:
            raise ValueError(f"its task, {this[0]!r} {this[1]!r}, is not in its cluster")
        return cls(addresses, tasks, tasks.index(this))  # type: ignore[arg-type]


def _addresses(job: str, given: object) -> list[str]:
    """Return the addresses of a job.

    Raises:
        ValueError: If they are no list of ``host:port``.
    """
    if not isinstance(given, list):
        raise ValueError(f"the addresses of {job!r} are no list")
    for address in given:
        host, _, port = address.rpartition(":") if isinstance(address, str) else ("", "", "")
        if not host or not port.isdecimal() or not 0 < int(port) < 2**16:
            raise ValueError(f"the address {address!r} is no host:port")
    return given


def cluster_of(config: Config) -> Cluster | None:
    """Return the workers that are to train together; None where one process does it alone.

    Args:
        config: Its ``strategy``.

    Raises:
        ClusterError: As :meth:`Cluster.from_environment`.
    """
    return Cluster.from_environment() if config.strategy == "multi_worker" else None


def example(index: int = 0) -> str:
    """Return a TF_CONFIG that is right: that of one of two workers on this machine.

    Args:
        index: Which.

    >>> print(example(1))
    {"cluster": {"worker": ["localhost:2222", "localhost:2223"]}, "task": {"type": "worker", "index": 1}}
    """
    cluster = {"worker": ["localhost:2222", "localhost:2223"]}
    return json.dumps({"cluster": cluster, "task": {"type": "worker", "index": index}})


def _wrong(given: str | None, problem: str) -> ClusterError:
    return ClusterError(
        Diagnosis(
            "train",
            VARIABLE,
            given=given,
            legal="JSON with the addresses of all workers, the same for all, and which of them this one is",
            problem=f"{problem}.",
            reason="with --strategy multi_worker every worker is started by itself, and has to find the others",
            remedy=f"before the command of the first worker write {VARIABLE}='{example()}'"
            ', before that of the second the same with "index": 1',
        )
    )
