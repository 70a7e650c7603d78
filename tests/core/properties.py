"""Properties of the verbs, each a function of the implementation that is on trial and one legal call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import convshape as cs
from tests.core import by_definition, forms
from tests.core.calls import run
from tests.engines.operation import read

Call = Mapping[str, Any]
WITH_OUTPUT = ("conv_output", "pool_output", "transpose_output")


def counts_places(implementation: Any, call: Call, *, verb: str) -> None:
    """A forward verb returns as many elements as its window has places."""
    assert getattr(implementation, verb)(**call) == by_definition.output(verb, dict(call))


def pads_least(implementation: Any, call: Call) -> None:
    """padding_amounts is the least padding with which SAME works, and any other as it is written."""
    assert implementation.padding_amounts(**call) == by_definition.padding_amounts(dict(call))


def amounts_replace_words(implementation: Any, call: Call) -> None:
    """A convolution padded by the amounts is the convolution padded by the word."""
    amounts = implementation.padding_amounts(**call)
    assert cs.conv_output(**{**call, "padding": amounts}) == cs.conv_output(**call)


def outputs_are_what_the_twin_undoes(implementation: Any, call: Call) -> None:
    """The set holds every shape that the forward twin takes to the input, in growing order, and no other."""
    outputs, members = implementation.transpose_outputs(**call), by_definition.outputs(dict(call))
    assert list(outputs) == members
    assert len(outputs) == len(members)
    assert all(member in outputs for member in members)
    assert outputs.default in members
    spatial = [read("transpose_output", call).canonical(member)[1:-1] for member in members]
    assert [list(sizes) for sizes in outputs.ranges] == [
        sorted(set(axis)) for axis in zip(*spatial, strict=True)
    ]


def forward_undoes_transpose(implementation: Any, call: Call) -> None:
    """conv_output(transpose_output(x)) == x in sizes, whichever member is chosen."""
    for member in implementation.transpose_outputs(**call):
        back = implementation.conv_output(**{**call, "input_shape": member})
        assert back == tuple(call["input_shape"]), f"{member} goes back to {back}"


def check_takes_the_members(implementation: Any, call: Call) -> None:
    """check_transpose returns a member as it is, and refuses what is no member."""
    outputs = cs.transpose_outputs(**call)
    operation = read("transpose_output", call)
    for member in outputs:
        assert implementation.check_transpose(**call, output_shape=member) == member
        batch, *spatial, channels = operation.canonical(member)
        for changed in (
            (batch, spatial[0] + operation.strides[0], *spatial[1:], channels),
            (batch + 1, *spatial, channels),
        ):
            try:
                implementation.check_transpose(**call, output_shape=operation.laid_out(changed))
            except cs.ShapeError:
                continue
            raise AssertionError(f"took {changed}, which is no member of {outputs}")


def default_is_documented(implementation: Any, call: Call) -> None:
    """SAME i*s; VALID i*s + max(k - s, 0); explicit padding (i-1)*s + k - before - after."""
    operation = read("transpose_output", call)
    made = operation.canonical(implementation.transpose_output(**call))
    for axis, (size, stride) in enumerate(zip(operation.sizes, operation.strides, strict=True)):
        span = (operation.kernel[axis] - 1) * operation.dilations[axis] + 1
        wanted = {"SAME": size * stride, "VALID": size * stride + max(span - stride, 0)}.get(
            str(operation.padding),
            (size - 1) * stride + span - (sum(operation.padding[axis]) if operation.explicit else 0),
        )
        assert made[1 + axis] == wanted


def output_padding_counts_up(implementation: Any, call: Call) -> None:
    """output_padding j is the j-th legal size, from the smallest."""
    outputs = cs.transpose_outputs(**call)
    for extra in range(min(read("transpose_output", call).strides)):
        made = implementation.transpose_output(**call, output_padding=extra)
        spatial = read("transpose_output", call).canonical(made)[1:-1]
        assert spatial == tuple(sizes[extra] for sizes in outputs.ranges)


def unknown_stays_unknown(implementation: Any, call: Call, hidden: tuple[bool, ...], *, verb: str) -> None:
    """None in, None out, axis by axis; the known axes and the channels are as with numbers."""
    operation = read(verb, call)
    batch, *spatial, channels = operation.input_shape
    hidden_batch, hidden_channels, *hidden_spatial = hidden
    masked = operation.laid_out(
        (
            None if hidden_batch else batch,
            *(None if hide else size for hide, size in zip(hidden_spatial, spatial, strict=False)),
            None if hidden_channels else channels,
        )
    )
    known = operation.canonical(getattr(implementation, verb)(**call))
    made = operation.canonical(getattr(implementation, verb)(**{**call, "input_shape": masked}))
    assert made[0] == (None if hidden_batch else known[0])
    assert made[-1] == (None if hidden_channels and verb == "pool_output" else known[-1])
    for hide, size, certain in zip(hidden_spatial, made[1:-1], known[1:-1], strict=False):
        assert size == (None if hide else certain)


def forms_are_equal(implementation: Any, pair: tuple[Call, Call], *, verb: str) -> None:
    """The same call in another form has the same answer, of plain tuples and ints."""
    one, other = (getattr(implementation, verb)(**call) for call in pair)
    assert one == other and type(one) is type(other)
    if verb in WITH_OUTPUT:
        assert type(other) is tuple and {type(size) for size in other} <= {int, str, type(None)}


def layouts_are_symmetric(implementation: Any, call: Call, *, verb: str) -> None:
    """Channels first or last: the same sizes."""
    other = forms.turned(verb, dict(call))
    one, two = (getattr(implementation, verb)(**each) for each in (call, other))
    if verb == "padding_amounts":
        assert one == two
    elif verb == "transpose_outputs":
        assert one.ranges == two.ranges and one.channels == two.channels
    else:
        assert read(verb, call).canonical(one) == read(verb, other).canonical(two)


def spec_is_the_verb(implementation: Any, call: Call, *, verb: str, spec: str) -> None:
    """A spec of the same arguments, called with the shape, returns what the verb returns."""
    arguments = {**call, "data_format": forms.plain(verb, dict(call))["data_format"]}
    made = run(f"{spec}()", arguments, implementation)
    assert made == getattr(implementation, verb)(**call) and type(made) is tuple
