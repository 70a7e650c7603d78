"""What PyTorch programs do with tensors beside layers: views, slices, sums, and whole numbers from sizes."""

from __future__ import annotations

from convshape._networks._amounts import amount, divided, plus, product
from convshape._networks._constants import MatMul
from convshape._networks._dense import Dense
from convshape._networks._plain import Activation, Dropout
from convshape._networks._same import Same
from convshape._readers import _moving as moving
from convshape._readers._torch_functions import number, plain
from convshape._readers._torch_slices import cut, entries, expand, expand_as, narrow, repeat, select
from convshape._readers._wires import Constant, Unread, Wire
from convshape._readers._wiring import Wiring

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

UNARY = (
    "abs", "celu", "clamp", "clamp_max", "clamp_min", "clip", "cos", "elu", "erf", "exp", "gelu", "hardshrink", "hardsigmoid",
    "hardswish", "hardtanh", "leaky_relu", "log", "log1p", "log_softmax", "logsigmoid", "log_sigmoid", "mish", "neg", "normalize", "reciprocal",
    "relu", "relu6", "rrelu", "rsqrt", "selu", "sigmoid", "sign", "silu", "sin", "softmax", "softmin", "softplus", "softshrink",
    "softsign", "sqrt", "square", "tanh", "tanhshrink", "threshold", "nan_to_num", "local_response_norm",
)  # fmt: skip

BINARY = {
    "add": "Add", "sub": "Sub", "mul": "Mul", "div": "Div", "truediv": "Div", "true_divide": "Div", "multiply": "Mul",
    "subtract": "Sub", "divide": "Div", "rsub": "Sub", "pow": "Pow", "maximum": "Max", "minimum": "Min", "floordiv": "Div",
}  # fmt: skip

ALIASES = ("contiguous", "clone", "detach", "to", "float", "half", "double", "bfloat16", "type_as", "alias", "requires_grad_", "cuda", "cpu", "lift_fresh_copy", "_assert_tensor_metadata")  # fmt: skip

DROPOUTS = ("dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "feature_dropout", "feature_alpha_dropout")  # fmt: skip

REDUCTIONS = ("mean", "sum", "amax", "amin", "logsumexp", "prod", "std", "var", "argmax", "argmin")


def view(wiring: Wiring, name: str, input: Wire, *sizes: object, **named: object) -> Wire:
    """Read a view or a reshape."""
    given = entries((*sizes, *named.values()))
    return moving.reshape(wiring, name, input, [number(one) for one in given])


def flatten(wiring: Wiring, name: str, input: Wire, start_dim: int = 0, end_dim: int = -1) -> Wire:
    """Read a flatten."""
    return moving.flatten(wiring, name, input, start_dim, end_dim)


def unflatten(wiring: Wiring, name: str, input: Wire, dim: int, sizes: Sequence[object]) -> Wire:
    """Read an unflatten."""
    return moving.unflatten(wiring, name, input, dim, tuple(map(number, sizes)))


def permute(wiring: Wiring, name: str, input: Wire, *dims: object, **named: object) -> Wire:
    """Read a permutation."""
    return moving.transpose(wiring, name, input, plain(entries((*dims, *named.values()))))


def transpose(wiring: Wiring, name: str, input: Wire, dim0: int = 0, dim1: int = 1) -> Wire:
    """Read an exchange of two axes."""
    order = list(range(input.rank))
    first, second = input.axis(dim0), input.axis(dim1)
    order[first], order[second] = second, first
    return moving.transpose(wiring, name, input, order)


def reduction(kind: str) -> Callable[..., Wire]:
    """Return the reader of a reduction over axes."""

    def read(wiring: Wiring, name: str, input: Wire, dim: object = None, keepdim: object = False, *rest: object, **named: object) -> Wire:  # fmt: skip
        if kind in ("std", "var") and type(dim) is bool:
            raise Unread("its axes are not told")
        axes = plain(dim)
        if axes is None or axes == ():
            raise Unread("it makes a single number")
        return moving.reduce(
            wiring, name, kind, input, axes if isinstance(axes, tuple) else (axes,), bool(keepdim)
        )

    return read


def norm(wiring: Wiring, name: str, input: Wire, p: object = None, dim: object = None, keepdim: object = False, *rest: object, **named: object) -> Wire:  # fmt: skip
    """Read a norm over axes."""
    return reduction("norm")(wiring, name, input, dim, keepdim)


def squeeze(wiring: Wiring, name: str, input: Wire, dim: object = None) -> Wire:
    """Read a squeeze."""
    axes = plain(dim)
    if axes is None:
        raise Unread("whether it leaves the batch out depends on the batch; give dim")
    return moving.squeeze(wiring, name, input, axes if isinstance(axes, tuple) else (axes,), strict=False)


def unsqueeze(wiring: Wiring, name: str, input: Wire, dim: int) -> Wire:
    """Read an unsqueeze."""
    return moving.unsqueeze(wiring, name, input, (dim,))


def cat(wiring: Wiring, name: str, tensors: Sequence[object], dim: int = 0) -> object:
    """Read a concatenation, of tensors or of sizes."""
    return moving.concat(wiring, name, list(tensors), dim)


def stack(wiring: Wiring, name: str, tensors: Sequence[object], dim: int = 0) -> Wire:
    """Read a stack: a new axis, and a concatenation along it."""
    if not all(isinstance(one, Wire) for one in tensors):
        raise Unread("it joins constants")
    raised = [moving.unsqueeze(wiring, f"{name}.{at}", one, (dim,)) for at, one in enumerate(tensors)]  # type: ignore[arg-type]
    return moving.concat(wiring, name, raised, dim)


def chunk(wiring: Wiring, name: str, input: Wire, chunks: int, dim: int = 0) -> tuple[Wire, ...]:
    """Read a cut into so many pieces."""
    whole = input.size(dim).number
    each = 1 if whole is None else -(-whole // chunks)
    return moving.pieces(wiring, name, input, dim, moving.equal_pieces(input, dim, each))


def split(wiring: Wiring, name: str, input: Wire, split_size: object, dim: int = 0) -> tuple[Wire, ...]:
    """Read a cut into pieces of one size or of several."""
    given = plain(split_size)
    sizes = (
        [amount(one) for one in given] if isinstance(given, tuple) else moving.equal_pieces(input, dim, given)
    )
    return moving.pieces(wiring, name, input, dim, sizes)


def matmul(wiring: Wiring, name: str, input: object, other: object) -> object:
    """Read a matrix product: of two values, or of one and a learned matrix, which is a dense layer."""
    if isinstance(input, Wire) and isinstance(other, Wire):
        return wiring.add(name, MatMul(), input, other)
    if isinstance(input, Wire) and isinstance(other, Constant) and len(other.shape) == 2 and other.learned:
        features, units = other.shape
        return wiring.add(name, Dense(units, features, False), input, again=not wiring.learned(other))
    raise Unread("one of both is a constant that is not learned")


def dropout(wiring: Wiring, name: str, input: Wire, p: object = 0.5, *rest: object, **named: object) -> Wire:
    """Read a dropout."""
    return wiring.add(
        name, Dropout(p) if isinstance(p, int | float) and 0 <= p < 1 else Same("Dropout"), input
    )


def calculated(kind: str, first: object, second: object) -> object:
    """Return what arithmetic makes of whole numbers of which one follows from sizes."""
    one, other = number(first), number(second)
    if kind in ("add", "sub"):
        return plus(one, other, 1 if kind == "add" else -1)
    if kind == "mul":
        return product(one, other)
    by = other.number
    if by is not None and by > 0 and kind in ("floordiv", "mod"):
        whole = divided(one, by)
        return whole if kind == "floordiv" else plus(one, whole, -by)
    raise Unread("it works out sizes in a way that is not known")


def unary(name: str) -> Callable[..., Wire]:
    """Return the reader of a function of each element."""
    return lambda wiring, layer, input, *rest, **named: wiring.add(layer, Activation(name), input)


METHODS: dict[str, Callable[..., object]] = {
    **{name: unary(name) for name in UNARY},
    **{name: reduction(name) for name in REDUCTIONS},
    **dict.fromkeys(ALIASES, lambda wiring, name, input, *rest, **named: input),
    **dict.fromkeys(DROPOUTS, dropout),
    **dict.fromkeys(("view", "reshape", "_unsafe_view"), view),
    **dict.fromkeys(("cat", "concat", "concatenate"), cat),
    **dict.fromkeys(("matmul", "bmm", "mm"), matmul),
    **dict.fromkeys(("transpose", "t", "swapaxes"), transpose),
    "flatten": flatten, "unflatten": unflatten, "permute": permute, "squeeze": squeeze, "unsqueeze": unsqueeze,
    "norm": norm, "stack": stack, "chunk": chunk, "split": split, "split_with_sizes": split, "expand": expand, "expand_as": expand_as, "repeat": repeat,
    "slice": cut, "narrow": narrow, "select": select,
}  # fmt: skip
