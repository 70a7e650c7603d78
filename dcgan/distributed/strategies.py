"""Several devices or machines, as ``tf.distribute`` has them: which strategy, who writes, and what if somebody is lost."""

from __future__ import annotations

import re
import shlex
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

import tensorflow as tf

from dcgan.config import Config
from dcgan.distributed.cluster import Cluster
from dcgan.distributed.meeting import facts_of, meet, unusable
from dcgan.errors import ClusterError, Diagnosis, PlanError
from dcgan.keeping.checkpoint_files import steps_in
from dcgan.keeping.runs import Run

# What TensorFlow raises of a step in which a peer is missing. Its heartbeats tell within about ten seconds.
_LOST = (
    tf.errors.UnavailableError,
    tf.errors.AbortedError,
    tf.errors.CancelledError,
    tf.errors.DeadlineExceededError,
)


class Team:
    """The replicas that train one run.

    Args:
        strategy: Which they are; without one, the default strategy, of a single replica.
        cluster: The workers, where there are several processes.

    Attributes:
        strategy: As given.
        cluster: As given.
    """

    def __init__(self, strategy: tf.distribute.Strategy, cluster: Cluster | None = None) -> None:
        self.strategy = strategy
        self.cluster = cluster
        self._sum = tf.function(self._summed, autograph=False)

    @property
    def replicas(self) -> int:
        """How many share a batch."""
        return int(self.strategy.num_replicas_in_sync)

    @contextmanager
    def scope(self) -> Iterator[None]:
        """Make what is to be trained in this block: each variable is then on every replica."""
        with self.strategy.scope():
            yield

    def any(self, flag: bool) -> bool:
        """Return whether any worker says so. Each must be asked, after the same step.

        Args:
            flag: What this one says.
        """
        if self.cluster is None or self.cluster.size == 1:
            return flag
        return bool(self._sum(tf.constant(float(flag))) > 0)

    def _summed(self, value: tf.Tensor) -> tf.Tensor:
        def add() -> tf.Tensor:
            here = tf.identity(value)  # on the device of the replica, without which there is no reducing
            return tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.SUM, here)

        return self.strategy.experimental_local_results(self.strategy.run(add))[0]

    @contextmanager
    def held_together(self, run: Run, step: Callable[[], int]) -> Iterator[None]:
        """Turn what TensorFlow raises when a worker is lost into an error that says which, and what to do.

        At the end of the block workers wait for each other, so that none is missed by those who have not done yet.

        Args:
            run: What they train.
            step: Gives the steps done.

        Raises:
            ClusterError: In a cluster, if a worker is lost in the block.
        """
        try:
            yield
            self.any(False)
        except _LOST as error:
            if self.cluster is None:
                raise
            raise _lost(self.cluster, str(error), run, step()) from error


def assemble(run: Run, cluster: Cluster | None, step: int, *, progress: bool) -> Team:
    """Return the team that a run asks for. In a cluster this waits until all workers are joined.

    Args:
        run: What is to be trained; its config's ``strategy`` and ``batch_size`` say how.
        cluster: The workers, for ``multi_worker``.
        step: Steps done before.
        progress: Say who is waited for, and what there is in the end.

    Raises:
        PlanError: If the batch cannot be shared equally.
        ClusterError: If the workers cannot be joined, or are not about to do the same.
    """
    config = run.config
    if config.strategy == "none":
        return Team(tf.distribute.get_strategy())
    if cluster is not None and progress:
        print(
            f"{cluster.name(cluster.index)} of {cluster.size} waits for the others",
            file=sys.stderr,
            flush=True,
        )
    if cluster is not None:
        meet(cluster, facts_of(run, step))
    team = Team(_mirrored() if cluster is None else _joined(cluster), cluster)
    if config.batch_size % team.replicas:
        raise _unequal(config.batch_size, team.replicas, resumed=step > 0)
    if progress:
        print(announcement(team, config), file=sys.stderr, flush=True)
    return team


def announcement(team: Team, config: Config) -> str:
    """Return what is to be said of a team before it begins.

    Args:
        team: The team.
        config: Its ``strategy`` and ``batch_size``.

    >>> alone = Team(tf.distribute.get_strategy())
    >>> announcement(alone, Config(strategy="mirrored"))
    'mirrored: TensorFlow sees one device here, so there is one replica, as without a strategy'
    """
    if team.replicas == 1:
        return f"{config.strategy}: TensorFlow sees one device here, so there is one replica, as without a strategy"
    share = config.batch_size // team.replicas
    return f"{config.strategy}: {team.replicas} replicas, each with {share} of the {config.batch_size} pictures of a batch"


@cache
def _mirrored() -> tf.distribute.Strategy:
    """Return the strategy of this machine's devices: one for the whole process.

    TensorFlow numbers the messages between devices anew for each strategy, and takes those of a second one for the first's.
    """
    return tf.distribute.MirroredStrategy()


def _joined(cluster: Cluster) -> tf.distribute.Strategy:
    """Return the strategy of a cluster, once all its workers are there.

    Raises:
        ClusterError: If this one cannot be reached, or TensorFlow has been used before.
    """
    try:
        with _interruptible():
            return tf.distribute.MultiWorkerMirroredStrategy(
                cluster_resolver=tf.distribute.cluster_resolver.TFConfigClusterResolver()
            )
    except RuntimeError as error:
        raise _too_late() from error
    except tf.errors.OpError as error:
        raise unusable(cluster, str(error).splitlines()[0]) from error


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let signals end the process: TensorFlow waits without letting Python hear them, and nothing is open yet."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_DFL) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _unequal(batch_size: int, replicas: int, *, resumed: bool) -> PlanError:
    equal = max(batch_size // replicas, 1) * replicas
    counts = [number for number in range(1, batch_size + 1) if batch_size % number == 0]
    remedy = f"start it with as many devices or workers as share {batch_size} equally: {', '.join(map(str, counts))}"
    return PlanError(
        Diagnosis(
            "train",
            "batch_size",
            given=batch_size,
            legal=f"a multiple of {replicas}",
            problem=f"a batch of {batch_size} cannot be shared equally by {replicas} replicas.",
            reason="each replica takes as many pictures as the others, so that means over shares are means over the batch",
            fix=None if resumed else {"--batch-size": equal},
            remedy=remedy if resumed else None,
        )
    )


def _too_late() -> ClusterError:
    return ClusterError(
        Diagnosis(
            "train",
            "strategy",
            given="multi_worker",
            legal="a process in which TensorFlow has computed nothing yet",
            problem="TensorFlow has been used in this process before the training.",
            reason="it can join other workers only at its start",
            remedy="call dcgan.train first in a new Python process, or use the command dcgan train",
        )
    )


def _lost(cluster: Cluster, message: str, run: Run, step: int) -> ClusterError:
    named = {
        (job, int(number)) for job, number in re.findall(r"/job:(\w+)/(?:replica:\d+/)?task:(\d+)", message)
    }
    gone = [n for n, task in enumerate(cluster.tasks) if task in named and n != cluster.index]
    who = " and ".join(map(cluster.name, gone)) or "another worker"
    have = "have" if len(gone) > 1 else "has"
    newest = max(steps_in(run.checkpoints), default=0)
    since = f"the checkpoint of step {newest}" if newest else "the beginning, as there is no checkpoint yet"
    resume = f"dcgan train --resume {shlex.quote(str(run.folder))}"
    return ClusterError(
        Diagnosis(
            "train",
            "workers",
            given=[cluster.addresses[number] for number in gone],
            legal=f"all {cluster.size} workers at work until the end",
            problem=f"{who} {have} been lost after step {step}.",
            reason="every step needs a share of the batch from each worker; its process has ended, or cannot be reached",
            remedy=f"see what it has said last, then go on from {since}: start all workers again with {resume}, or on one "
            f"machine {resume} --strategy none",
        )
    )
