"""Why a run or pictures cannot be put to one of the paper's tests."""

from __future__ import annotations

from dcgan.errors import DataError, Diagnosis, RunError
from dcgan.keeping.runs import Run
from dcgan.pictures import Pictures


def wrong_number(
    operation: str, argument: str, given: object, legal: object, reason: str, instead: int
) -> RunError:
    """Refuse a number.

    Args:
        operation: Who asks.
        argument: Of which option, such as ``labels_per_class``.
        given: It.
        legal: Which ones are legal.
        reason: Why others are not.
        instead: One that is legal.
    """
    return RunError(
        Diagnosis(
            operation,
            argument,
            given=given,
            legal=legal,
            problem=f"{argument} cannot be {given!r}.",
            reason=reason,
            fix={"--" + argument.replace("_", "-"): instead},
        )
    )


def no_classes(run: Run) -> RunError:
    """Refuse a run whose samples have no names."""
    return RunError(
        Diagnosis(
            "neighbours",
            "run",
            given=str(run.folder),
            legal="a run that was trained with --conditional",
            problem=f"{run.folder} knows no classes.",
            reason="a picture is named after the sample nearest to it, so samples must have names",
            remedy="train a new run with --conditional",
        )
    )


def no_test(data: str, operation: str) -> DataError:
    """Refuse pictures that have no test pictures beside them."""
    return DataError(
        Diagnosis(
            operation,
            "test",
            given=data,
            legal="pictures that the run was not trained on, in the same classes",
            problem=f"{data} has no test pictures of its own.",
            reason="mnist, fashion_mnist, cifar10 and an .npz file with x_test have some, and pictures that were trained on are no test",
            remedy="say with --test where there are others",
        )
    )


def no_others(pictures: Pictures, operation: str) -> DataError:
    """Refuse pictures to be tested on that are those to learn from."""
    return DataError(
        Diagnosis(
            operation,
            "test",
            given=pictures.name,
            legal="pictures that nothing has been learnt from, in the same classes",
            problem=f"there is no picture in {pictures.name} that has not been learnt from.",
            reason="answers about what has been seen are no test",
            remedy="say with --test where there are others",
        )
    )


def unlabelled(pictures: Pictures, operation: str) -> DataError:
    """Refuse pictures that are not of at least two classes."""
    what = "a single class" if pictures.classes else "no classes"
    return DataError(
        Diagnosis(
            operation,
            "data",
            given=pictures.name,
            legal="pictures of at least two classes",
            problem=f"the pictures of {pictures.name} have {what}.",
            reason="right answers are counted, and there must be several to choose from",
            remedy="put the pictures of each class into a sub-folder of its own; an .npz file has classes in y_train and y_test",
        )
    )


def other_classes(tested: Pictures, classes: tuple[str, ...], operation: str) -> DataError:
    """Refuse test pictures that are of other classes."""
    return DataError(
        Diagnosis(
            operation,
            "test",
            given=tested.name,
            legal=f"pictures of the classes {', '.join(classes)}",
            problem=f"the classes of {tested.name} are others: {', '.join(tested.classes)}.",
            reason="an answer is right if it is the name of the picture's class",
            remedy="name the sub-folders of the test pictures as the classes are named",
        )
    )


def too_few(pictures: Pictures, name: str, count: int, per_class: int | None, *, least: int) -> DataError:
    """Refuse a class that too little can be learnt from.

    Args:
        pictures: Of which the class is one.
        name: Of the class.
        count: Of its pictures, those that can be learnt from.
        per_class: How many were asked for; None for all.
        least: How many pictures of a class there must be.
    """
    enough = per_class is not None and count >= least
    return DataError(
        Diagnosis(
            "probe",
            "labels_per_class" if enough else "data",
            given=per_class if enough else pictures.name,
            legal=f"at most {count} of each class" if enough else f"at least {least} pictures of each class",
            problem=f"the class {name} of {pictures.name} has {count} picture{'s' if count != 1 else ''} to learn from.",
            reason="as many are learnt from of every class"
            if enough
            else "some are learnt from, some choose C, and some may be kept for the test",
            fix={"--labels-per-class": count} if enough else None,
            remedy=None if enough else f"add pictures of the class {name}, or take its folder away",
        )
    )
