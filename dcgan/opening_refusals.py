"""Why a run cannot begin, or cannot go on."""

from __future__ import annotations

from dcgan.errors import DataError, Diagnosis, RunError
from dcgan.keeping.runs import Run
from dcgan.pictures import Pictures


def other_pictures(run: Run, pictures: Pictures) -> RunError:
    """Refuse pictures that a run was not trained on."""
    height, width, channels = pictures.image_shape
    return RunError(
        Diagnosis(
            "resume",
            "data",
            given=run.config.data,
            legal="the pictures that the run was trained on",
            problem=f"{run.folder} was trained on other pictures than the {pictures.used} of "
            f"{height}x{width}x{channels} now in {run.config.data}.",
            reason="going on with others would not be the same run",
            remedy="put the pictures back as they were, say with --data where they are, or train a new run on these",
        )
    )


def no_classes(pictures: Pictures) -> DataError:
    """Refuse to train on classes that there are not."""
    found = f"one class, {pictures.classes[0]}" if pictures.classes else "no classes"
    return DataError(
        Diagnosis(
            "train",
            "conditional",
            given=True,
            legal="two classes at least: a data set by name, an .npz file with labels, or a sub-folder for each class",
            problem=f"{pictures.name} has {found}.",
            reason="training on classes needs the class of every picture",
            remedy="leave out --conditional, or put the pictures of each class into a sub-folder of its name",
        )
    )


def nothing_left(run: Run, done: int) -> RunError:
    """Refuse to go on with a run that has all its steps."""
    return RunError(
        Diagnosis(
            "resume",
            "steps",
            given=run.config.steps,
            legal=f"more than {done}",
            problem=f"{run.folder} has done {done} steps, and was to do {run.config.steps}.",
            reason="steps are counted from the beginning, those before a resume included",
            fix={"--resume": str(run.folder), "--steps": 2 * done},
        )
    )
