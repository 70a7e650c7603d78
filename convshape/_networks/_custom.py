"""A layer that nobody here knows, given with its rule."""

from __future__ import annotations

from convshape._networks._plain import Layer
from convshape._reading import as_entries, as_index
from convshape._refusals import Refusal
from convshape._show import kind_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from convshape._networks._block import Entries
    from convshape._shapes import Shape


class Custom(Layer):
    """A layer that nobody here knows, with the rule of its shape.

    Args:
        name: What it is, for tables and errors.
        rule: A function from the input's shape to the output's, with batch, sizes in elements, None where not known.

    Raises:
        ShapeError: The rule is no function, or when called returns no shape.

    Examples:
        >>> import convshape as cs
        >>> halves = cs.layers.Custom("Halves", lambda shape: (*shape[:-1], shape[-1] // 2))
        >>> cs.Chain([halves])(("N", 8, 8, 64))
        ('N', 8, 8, 32)
        >>> cs.layers.Custom("Halves", "half")
        Traceback (most recent call last):
        ...
        convshape.ArgumentError: Custom: rule is the string "half".
          legal: a function from a shape to a shape
          because: only who wrote the layer knows what it does to a shape.
          fix: no change that passes this check was found
    """

    __slots__ = ("name", "rule")
    _fields = ("name", "rule")
    name: str
    rule: Callable[[Shape], object]

    def __init__(self, name: str, rule: Callable[[Shape], object]) -> None:
        self._make(name=name, rule=rule)

    @property
    def kind(self) -> str:
        """The layer's own name."""
        return self.name

    def settle(self) -> None:
        """Check that the rule can be asked."""
        if not callable(self.rule) or type(self.name) is not str:
            raise Refusal(
                "rule",
                given=self.rule,
                problem=f"rule is {kind_of(self.rule)}.",
                legal="a function from a shape to a shape",
                reason="only who wrote the layer knows what it does to a shape.",
            )

    def output(self, shapes: tuple[Shape, ...], layout: str | None) -> Shape:
        """Return what the rule says, read as a shape."""
        try:
            said = self.rule(shapes[0])
        except Exception as error:  # noqa: BLE001 - whatever a foreign rule raises is its answer to this shape
            raise self._refused(shapes[0], f"its rule raises {type(error).__name__}: {error}") from None
        entries = as_entries(said)
        plain = tuple(one if one is None or type(one) is str else as_index(one) for one in entries or ())
        if entries is None or not plain:
            raise self._refused(shapes[0], f"its rule returns {kind_of(said)}, not a shape.")
        return plain

    def _refused(self, shape: Shape, problem: str) -> Refusal:
        return Refusal(
            "input_shape",
            given=shape,
            problem=problem,
            legal="a shape that the rule takes",
            reason="the rule was given with the layer.",
        )

    def moves(self, shape: Shape, layout: str) -> None:
        """Return None: a rule does not say what happens to each axis."""

    def layout_after(self, layout: str | None, output: Shape, home: str | None) -> str | None:
        """Return the layout, as long as there are as many axes."""
        return layout if layout is not None and len(output) == len(layout) else None

    def named(self, entries: tuple[Entries, ...], output: Shape, layout: str | None) -> Entries:
        """Return what the rule says: it is not asked about names."""
        return output
