"""What is wrong, what is legal, why, and what to write instead.

    ShapeError (ValueError)
    ├── ArgumentError       an argument that is no size, shape, stride, padding or layout at all
    ├── RankError           shapes that do not have the number of axes that they need
    ├── ChannelError        input, filter, groups or output disagree about channels
    ├── SizeError           a kernel that does not fit, an empty result, a size that no tensor can have
    └── OutputShapeError    an output_shape that the transposed convolution cannot make

Every error is a record first (:class:`Diagnosis`); text, notebook HTML and JSON are made from it in one place.
"""

from __future__ import annotations

from sys import exception

from convshape._frozen import Frozen
from convshape._rendering import as_code, as_dict, as_html, as_json
from convshape._show import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from convshape._networks._trace import Trace

NO_FIX = "no change that passes this check was found"


class Diagnosis(Frozen):
    """One mistake, as data: the four parts of an error.

    Attributes:
        operation: The function or spec that was called.
        argument: The argument that is wrong, by its name in that call.
        axis: Position of the wrong entry in the argument, or None where it is wrong as a whole.
        given: What was passed.
        legal: What would be legal there: a ``range`` of sizes, a tuple of choices, or a pattern in words.
        problem: What is wrong, in one sentence.
        reason: Why it is wrong, with the numbers.
        fix: Arguments which, put in place of the wrong ones, make the call legal (checked), or None.
        alternatives: Further fixes, each checked likewise.
        notes: One remark for the fix and each alternative.
    """

    __slots__ = (
        "alternatives",
        "argument",
        "axis",
        "fix",
        "given",
        "legal",
        "notes",
        "operation",
        "problem",
        "reason",
    )
    _fields = (
        "operation",
        "argument",
        "axis",
        "given",
        "legal",
        "problem",
        "reason",
        "fix",
        "alternatives",
        "notes",
    )
    operation: str
    argument: str
    axis: int | None
    given: object
    legal: object
    problem: str
    reason: str
    fix: dict[str, object] | None
    alternatives: tuple[dict[str, object], ...]
    notes: tuple[str, ...]

    def __init__(
        self,
        operation: str,
        argument: str,
        *,
        given: object,
        legal: object,
        problem: str,
        reason: str,
        axis: int | None = None,
        fix: Mapping[str, object] | None = None,
        alternatives: tuple[Mapping[str, object], ...] = (),
        notes: tuple[str, ...] = (),
    ) -> None:
        self._set(
            operation=operation,
            argument=argument,
            axis=axis,
            given=given,
            legal=legal,
            problem=problem,
            reason=reason,
            fix=None if fix is None else dict(fix),
            alternatives=tuple(dict(other) for other in alternatives),
            notes=notes,
        )

    __hash__ = None  # type: ignore[assignment]  # `given` may be anything

    def __repr__(self) -> str:
        shown = {name: show(value, code=True) for name, value in self._values().items()}
        shown["fix"] = as_dict(self.fix)
        shown["alternatives"] = "[" + ", ".join(map(as_dict, self.alternatives)) + "]"
        inside = ", ".join(f"{name}={text}" for name, text in shown.items())
        return f"Diagnosis({inside})"

    def parts(self) -> list[tuple[str, str]]:
        """Return the labelled parts below the problem, in their fixed order: legal, because, fix, or."""
        legal = (
            self.legal if isinstance(self.legal, str) else show(self.legal, code=type(self.legal) is tuple)
        )
        rows = [("legal", legal), ("because", self.reason)]
        if self.fix is None:
            return [*rows, ("fix", NO_FIX)]
        for number, changes in enumerate((self.fix, *self.alternatives)):
            note = self.notes[number] if number < len(self.notes) else ""
            rows.append(("or" if number else "fix", as_code(changes) + (f"    ({note})" if note else "")))
        return rows

    def text(self) -> str:
        """Return the error as plain text of four parts or more, a line each."""
        lines = [f"{self.operation}: {self.problem}"]
        lines += [f"  {label}: {content}" for label, content in self.parts()]
        return "\n".join(lines)

    def html(self) -> str:
        """Return the error as self-contained HTML: no script, legible on light and dark pages."""
        return as_html(self.operation, self.problem, self.parts())

    def _repr_html_(self) -> str:
        return self.html()

    def to_json(self) -> dict[str, object]:
        """Return the record as a dict that ``json.dumps`` takes as it is."""
        return {name: as_json(value) for name, value in self._values().items()}


class ShapeError(ValueError):
    """A call whose shapes do not fit; it carries its :class:`Diagnosis` and reads as one.

    Attributes:
        diagnosis: What is wrong, as data.
        trace: Of a network, the table of the layers that fit; None of anything else.
    """

    trace: Trace | None = None

    # TensorFlow's AutoGraph puts a StagingError, and Keras an error made anew of the text, in the place of one that
    # comes out of a user's code. Each lets pass what has its mark (``_attach_error_metadata`` in autograph/impl/api.py,
    # ``inject_argument_info_in_traceback`` in keras/src/utils/traceback_utils.py).
    ag_pass_through = True
    _keras_call_info_injected = True

    def __init__(self, diagnosis: Diagnosis) -> None:
        record, note = _record_and_note(type(self), diagnosis)
        super().__init__(record)
        self.diagnosis = record
        if note:
            self.add_note(note)

    def __str__(self) -> str:
        return self.diagnosis.text()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.diagnosis!r})"

    def _repr_html_(self) -> str:
        return self.diagnosis.html()

    def to_json(self) -> dict[str, object]:
        """Return the error as a dict that ``json.dumps`` takes as it is, its kind included."""
        return {"error": type(self).__name__, **self.diagnosis.to_json(), "text": str(self)}

    @property
    def operation(self) -> str:
        """The function or spec that was called."""
        return self.diagnosis.operation

    @property
    def argument(self) -> str:
        """The argument that is wrong."""
        return self.diagnosis.argument

    @property
    def axis(self) -> int | None:
        """Position of the wrong entry in that argument."""
        return self.diagnosis.axis

    @property
    def given(self) -> object:
        """What was passed."""
        return self.diagnosis.given

    @property
    def legal(self) -> object:
        """What would be legal there."""
        return self.diagnosis.legal

    @property
    def problem(self) -> str:
        """What is wrong, in one sentence."""
        return self.diagnosis.problem

    @property
    def reason(self) -> str:
        """Why it is wrong."""
        return self.diagnosis.reason

    @property
    def fix(self) -> dict[str, object] | None:
        """Arguments which make the call legal, checked; None where none was found."""
        return self.diagnosis.fix

    @property
    def alternatives(self) -> tuple[dict[str, object], ...]:
        """Further fixes, each checked."""
        return self.diagnosis.alternatives


def _record_and_note(kind: type[ShapeError], given: object) -> tuple[Diagnosis, str]:
    """Return the record of a new error, and what else was said with it.

    Who catches an error to tell more sometimes raises ``type(error)(text)`` (``compute_output_spec`` in
    keras/src/ops/operation.py): such a text is a note on the error that is being handled.
    """
    if isinstance(given, Diagnosis):
        return given, ""
    handled = exception()
    if type(handled) is kind and isinstance(given, str):
        return handled.diagnosis, given.replace(str(handled), "").strip()
    raise TypeError(f"{kind.__name__} takes a Diagnosis, not {type(given).__name__}")


class ArgumentError(ShapeError):
    """An argument that is no size, shape, stride, padding or layout at all."""


class RankError(ShapeError):
    """A shape that does not have the number of axes that it needs."""


class ChannelError(ShapeError):
    """Input, filter, groups or output disagree about channels."""


class SizeError(ShapeError):
    """A kernel that does not fit, an empty result, or a size that no tensor can have."""


class OutputShapeError(ShapeError):
    """An output_shape that the transposed convolution cannot make."""
