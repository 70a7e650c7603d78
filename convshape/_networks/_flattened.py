"""Where spatial axes end: numbers of features, which are products of all axes, and what layers ask of them."""

from __future__ import annotations

from math import gcd

from convshape._layouts import channel_axis
from convshape._networks._block import places, volume
from convshape._networks._conditions import Condition, equal, needs_others, untold
from convshape._networks._dense import Dense, Flatten, Reshape
from convshape._networks._fixed import GlobalPool
from convshape._networks._forms import grown
from convshape._networks._joins import Concat
from convshape._networks._network import INPUT
from convshape._networks._reshaped import Refilled, Reshaped
from convshape._refusals import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._networks._axis import AxisProgram
    from convshape._networks._network import Node
    from convshape._shapes import Size

_PROBE = 17  # a number of features by which a layer shows whether it changes them


def end(program: AxisProgram, position: int, node: Node) -> None:
    """Add a layer at which the spatial axes end: a Flatten holds their product, a global pool forgets them."""
    block, source = node.block, node.sources[0]
    if isinstance(getattr(block, "inner", block), GlobalPool):
        program.stop()
        return
    if not isinstance(block, Flatten | Reshape):
        raise untold(node)
    beside = _beside(program, source)
    if isinstance(block, Reshape):
        _reshape(program, position, node, block, beside)
    elif beside is None:
        program.unknown.add(position)
        program.stop()
    else:
        program.vectors.add(position)
        program.add(lambda values: values[source] * beside, grown(*program.rate(source), beside, 1))


def after_the_end(program: AxisProgram, position: int, node: Node) -> None:
    """Add a layer whose input has no spatial axes that depend on the network's."""
    source, block = node.sources[0], node.block
    live = source in program.vectors
    if isinstance(block, Reshape):
        _reshape(program, position, node, block, 1 if live else None, ended=not live)
        return
    if isinstance(block, Dense) and block.in_features is not None:
        if source in program.unknown:
            raise needs_others(node, program.start)
        if live:
            wanted = block.in_features
            program.exact.append(
                Condition(
                    position, lambda values: values[source] == wanted, source, None, wanted, equation=True
                )
            )
    if _keeps(program, position, node) and (live or source in program.unknown):
        (program.vectors if live else program.unknown).add(position)
        program.add(lambda values: values[source], program.rate(source) if live else None)
        return
    program.stop()


def join_vectors(program: AxisProgram, position: int, node: Node) -> None:
    """Add a join of vectors: features stand one behind the other, or have to be as many."""
    if any(source in program.unknown for source in node.sources):
        program.unknown.add(position)
        program.stop()
        return
    live = [source for source in node.sources if source in program.vectors]
    others = [program.given(source).shape[-1] for source in node.sources if source not in program.vectors]
    if not live or not all(isinstance(size, int) for size in others):
        program.stop()
        return
    program.vectors.add(position)
    if isinstance(node.block, Concat):
        more: int = sum(others)  # type: ignore[arg-type]
        program.add(lambda values: sum(values[source] for source in live) + more, program.together(live, sum))
        return
    first = live[0]
    program.exact += [equal(position, first, other, False) for other in live[1:]]
    for size in others:
        program.exact.append(_is(position, first, size))  # type: ignore[arg-type]
    program.add(lambda values: values[first], program.rate(first))


def _is(position: int, value: int, number: int) -> Condition:
    return Condition(position, lambda values: values[value] == number, value, None, number, equation=True)


def _keeps(program: AxisProgram, position: int, node: Node) -> bool:
    """Return whether a layer makes as many features as it takes, asked by an example."""
    example = (program.given(node.sources[0]).shape[0], _PROBE)
    try:
        return node.block.output((example,), None) == example
    except Refusal:  # it takes only its own number of features, so it is no such layer
        return False


def _reshape(
    program: AxisProgram, position: int, node: Node, block: Reshape, beside: int | None, ended: bool = False
) -> None:
    """Add a Reshape: what arrives fills its sizes, or a multiple of them; the axes begin anew, of known sizes."""
    source = node.sources[0]
    rest = volume(tuple(size for size in block.target_shape if size != -1)) or 1
    if isinstance(block, Refilled) and _mixed_above(program, position, rest):
        raise _mixed_twice(node)
    mixes = isinstance(block, Refilled) and _may_mix(program, position)
    if source in program.unknown or (not ended and not mixes and beside is None):
        raise needs_others(node, program.start)
    if mixes:
        if not ended:
            _mixed(program, position, node, rest)
    elif not ended and -1 in block.target_shape:
        scale = beside or 1
        program.exact.append(
            Condition(position, lambda values: values[source] * scale % rest == 0, source, None, rest)
        )
    elif not ended:
        scale = beside or 1
        program.exact.append(_is(position, source, rest // scale if rest % scale == 0 else 0))
    made = program.made(position)
    spots = () if made.layout is None else places(made.layout)
    if program.axis >= len(spots):  # fewer axes than there were
        program.stop()
        return
    place = spots[program.axis]
    if not ended and block.target_shape[place - 1] == -1:
        scale = beside or 1
        program.add(lambda values: values[source] * scale // rest, grown(*program.rate(source), scale, rest))
        return
    size = made.shape[place]
    if not isinstance(size, int):
        raise untold(node)
    program.constant(size)


def _may_mix(program: AxisProgram, position: int) -> bool:
    """Return whether a reshape may make another batch: not where its result meets what has the batch that was."""
    below = {position}
    for place, node in enumerate(program.network.nodes):
        if below & {*node.sources}:
            if isinstance(node.block, Reshaped) or not below.issuperset(node.sources):
                return False
            below.add(place)
    return True


def _mixed_above(program: AxisProgram, position: int, each: int) -> bool:
    """Return whether a reshape asks for a batch that depends on sizes, as another one above it made it."""
    nodes = program.network.nodes
    above = {*nodes[position].sources}
    if volume(program.given(nodes[position].sources[0]).shape[1:]) == each:
        return False
    for place in range(position - 1, INPUT, -1):
        if place in above:
            above |= {*nodes[place].sources}
            if isinstance(nodes[place].block, Refilled) and _may_mix(program, place):
                return True
    return False


def _mixed_twice(node: Node) -> Refusal:
    return Refusal(
        "network",
        given=node.name,
        problem=f'"{node.name}" ({node.block.kind}) lays out anew a batch that a reshape above it has mixed.',
        legal="one reshape that mixes pictures",
        reason="how big the batch is depends there on the sizes themselves.",
    )


def _mixed(program: AxisProgram, position: int, node: Node, each: int) -> None:
    """Add that all pictures together fill the sizes of a reshape; each by itself, where their number is not known."""
    source = node.sources[0]
    factors = [] if source in program.vectors else _factors(program, source)
    known = [one for one in (program.given(source).shape[0], *factors) if isinstance(one, int)]
    left = each // gcd(volume(tuple(known)) or 1, each)
    if left == 1:
        return
    if None in factors:
        raise needs_others(node, program.start)
    program.exact.append(Condition(position, lambda values: values[source] % left == 0, source, None, left))


def _beside(program: AxisProgram, source: int) -> int | None:
    """Return the product of channels and the other axes, where the axes end; None where one is not known."""
    return volume(tuple(_factors(program, source)))


def _factors(program: AxisProgram, source: int) -> list[Size]:
    """Return the channels and the sizes of the other axes, where the axes end; None what is not known."""
    given = program.given(source)
    layout = given.layout or ""
    factors = [given.shape[channel_axis(layout)]]
    for axis in range(len(layout) - 2):
        if axis != program.axis:
            size = given.shape[places(layout)[axis]]  # known where a layer fixes it, as a pool to 1 does
            factors.append(size if isinstance(size, int) else _sized(program, axis, source))
    return factors


def _sized(program: AxisProgram, axis: int, source: int) -> int | None:
    """Return the size of another axis at a layer."""
    size = program.start.shape[places(program.start.layout or "")[axis]]
    if source == INPUT or not isinstance(size, int):
        return size if isinstance(size, int) else None
    other = type(program)(program.network.until(source), program.start, axis, True)
    return other.sizes(size)[source]
