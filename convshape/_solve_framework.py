"""The answers of a search as one framework says them: those that it says with no pad before and no crop after."""

from __future__ import annotations

from convshape._code import literal
from convshape._convert import convert
from convshape._errors import ShapeError
from convshape._layouts import LAYOUTS, assemble
from convshape._refusals import Refusal, Suggestion
from convshape._show import kind_of
from convshape._solutions import Fit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from convshape._conv import Conv
    from convshape._conversion import Conversion
    from convshape._questions import Question
    from convshape._transposed import ConvTranspose

FRAMEWORKS = ("tensorflow", "keras", "torch", "jax", "onnx")


def read_framework(framework: object) -> str:
    """Return the name of a framework, or refuse what is none."""
    if isinstance(framework, str) and framework in FRAMEWORKS:
        return framework
    raise Refusal(
        "framework",
        given=framework,
        problem=f"framework is {kind_of(framework)}.",
        legal=(*FRAMEWORKS, None),
        reason="these are the frameworks that calls can be written for.",
        suggestions=tuple(Suggestion({"framework": name}) for name in ("torch", None)),
    )


def said_by(framework: str, question: Question, fits: Iterable[Fit]) -> list[Fit]:
    """Return the answers that a framework can say by the call alone, each with that call; or refuse."""
    rank = len(question.inputs)
    shape = assemble(None, question.inputs, question.channels[0], LAYOUTS[rank][0])
    fits = list(fits)
    said = [told for fit in fits for told in _told(framework, shape, fit)]
    if said:
        return said
    others = [name for name in FRAMEWORKS if name != framework]
    raise Refusal(
        "framework",
        given=framework,
        problem=f"none of the {len(fits)} ways within the bounds can be said by {framework} in one call.",
        legal="what needs no pad before the call and no crop after it",
        reason=f"where {framework} cannot place the windows itself, convert() names the pad or crop that it takes.",
        suggestions=tuple(Suggestion({"framework": name}) for name in (None, *others)),
    )


def _told(framework: str, shape: tuple[int | None, ...], fit: Fit) -> Iterator[Fit]:
    """Yield the answer in the first of its writings that the framework can say, if there is one."""
    specs: tuple[Conv | ConvTranspose, ...] = (fit.spec, *fit.also)
    for spec in specs:
        try:
            conversion = convert(spec, framework, input_shape=shape)
        except ShapeError:  # this writing cannot be said there at all; another may
            continue
        if conversion.exact:
            others = tuple(other for other in specs if other != spec)
            yield fit.written(spec, others, call_of(conversion))
            return


def call_of(conversion: Conversion) -> str:
    """Return the call in one line; TensorFlow takes no None and no name for a batch, so the tensor is asked for it."""
    words = {name: literal(value) for name, value in conversion.arguments.items()}
    shape = conversion.arguments.get("output_shape")
    if shape is not None and not isinstance(shape[0], int):
        words["output_shape"] = f"(tf.shape(x)[0], {', '.join(map(str, shape[1:]))})"
    tensors = ["x", "weights"] if conversion.framework in ("tensorflow", "jax") else []
    inside = ", ".join([*tensors, *(f"{name}={text}" for name, text in words.items())])
    return f"{conversion.operation}({inside})"
