"""Why a checkpoint cannot be restored, or none be written."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dcgan.errors import Diagnosis, RunError
from dcgan.keeping.checkpoint_files import BEST, KEPT, prefix


def _run_of(folder: Path) -> Path:
    """Return the folder of the run that a folder of checkpoints is in."""
    return folder.parent.parent if folder.name == BEST else folder.parent


def gone_on(folder: Path, step: int, newest: int) -> RunError:
    """Refuse to go on from a step that is no longer the newest."""
    return RunError(
        Diagnosis(
            "train",
            "run",
            given=step,
            legal=f"the step of the newest checkpoint, {newest}",
            problem=f"this loop has done {step} steps, and the newest checkpoint of {_run_of(folder)} is of step {newest}.",
            reason="from anywhere else than its newest checkpoint a run would not go on as if it had never stopped",
            remedy=f"open it again: dcgan train --resume {shlex.quote(str(_run_of(folder)))}",
        )
    )


def torn(folder: Path, step: int, taken: int, newest: int) -> RunError:
    """Refuse to go on with weights that are ahead of the log."""
    run = shlex.quote(str(_run_of(folder)))
    return RunError(
        Diagnosis(
            "train",
            "run",
            given=step,
            legal="a loop that ended between two steps",
            problem=f"this loop was interrupted in a step: its weights have taken {taken}, and its log has {step}.",
            reason="the log and the checkpoints would be of other steps than they say",
            remedy=f"open it again: dcgan train --resume {run}" if newest else "train a new run",
        )
    )


def not_kept(folder: Path, step: int, steps: list[int]) -> RunError:
    """Refuse a step whose checkpoint is not kept."""
    if not steps:
        return none_there(folder)
    return RunError(
        Diagnosis(
            "restore",
            "step",
            given=step,
            legal=", ".join(map(str, steps)),
            problem=f"there is no checkpoint of step {step} in {folder}.",
            reason=f"the newest {KEPT} are kept, and the best where the training is evaluated",
            fix={"--step": min(steps, key=lambda other: abs(other - step))},
        )
    )


def none_there(folder: Path) -> RunError:
    """Refuse a folder without a checkpoint."""
    return RunError(
        Diagnosis(
            "restore",
            "run",
            given=str(_run_of(folder)),
            legal="a run with a checkpoint",
            problem=f"there is no checkpoint in {folder}.",
            reason="the weights are read from there",
            remedy=f"train it up to its first one: dcgan train --resume {shlex.quote(str(_run_of(folder)))}",
        )
    )


def damaged(folder: Path, step: int, damage: str, broken: list[int], whole: int | None) -> RunError:
    """Refuse a checkpoint that is not whole."""
    files = " ".join(f"{shlex.quote(str(prefix(folder, other)))}.*" for other in broken)
    if whole is not None:
        remedy = f"rm {files}    (the one of step {whole} is whole, and is then the newest)"
    elif folder.name == BEST:
        remedy = "leave out --best, for its newest checkpoint"
    else:
        remedy = "train the run again in a new folder: no other checkpoint in it is whole"
    return RunError(
        Diagnosis(
            "restore",
            "run",
            given=str(_run_of(folder)),
            legal="a checkpoint that is whole",
            problem=f"the checkpoint of step {step} is damaged: {damage}",
            reason="each value has a checksum, and all were read before any was used",
            remedy=remedy,
        )
    )


def other_networks(folder: Path, step: int, error: Exception) -> RunError:
    """Refuse a checkpoint whose values do not fit the networks."""
    return RunError(
        Diagnosis(
            "restore",
            "run",
            given=str(_run_of(folder)),
            legal="a checkpoint of the networks that config.json describes",
            problem=f"the checkpoint of step {step} in {folder} does not fit: {str(error).splitlines()[0]}",
            reason="every weight of both networks must be in it, in its shape, as this version of dcgan names them",
            remedy="go on with the version that wrote it (history.json says which), or put back the run's own",
        )
    )


def another(folder: Path, step: int, found: Mapping[str, Any], wanted: Mapping[str, Any]) -> RunError:
    """Refuse a checkpoint of another configuration."""
    changed = [name for name in {**wanted, **found} if found.get(name) != wanted.get(name)]
    was = ", ".join(f"{name} {found.get(name)}" for name in changed)
    now = ", ".join(f"{name} {wanted.get(name)}" for name in changed)
    return RunError(
        Diagnosis(
            "restore",
            "run",
            given={name: wanted.get(name) for name in changed},
            legal={name: found.get(name) for name in changed},
            problem=f"the checkpoint of step {step} in {folder} is of another configuration: "
            f"it has {was}, and {_run_of(folder) / 'config.json'} has {now}.",
            reason="weights fit only the networks, the pictures and the optimizers that they were trained with",
            remedy=f"write {was} into config.json again, or put back the checkpoints that belong to it",
        )
    )


def _plain(error: Exception) -> str:
    """Return the first line of an error without what TensorFlow says of its own insides."""
    return re.sub(r"\{\{.*?\}\} | \[Op:\w+\]", "", str(error).splitlines()[0])


def unwritable(folder: Path, error: Exception) -> RunError:
    """Say that no checkpoint could be written."""
    return RunError(
        Diagnosis(
            "save",
            "run",
            given=str(_run_of(folder)),
            legal="a folder that can be written to, on a disk with room",
            problem=f"no checkpoint could be written to {folder}: {_plain(error)}",
            reason="the operating system refused it; the checkpoints written before are as they were",
            remedy=f"make room there, then: dcgan train --resume {shlex.quote(str(_run_of(folder)))}",
        )
    )
