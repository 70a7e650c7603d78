"""``torch.nn.functional``'s pools, with shapes in place of tensors."""

from __future__ import annotations

from convshape._errors import SizeError
from convshape._layouts import LAYOUTS
from convshape._pool import Pool
from convshape._reading import as_entries, as_index, as_text
from convshape._refusals import Refusal, Suggestion
from convshape._show import kind_of, show
from convshape.frameworks._known import recall
from convshape.frameworks._torch_checks import pairs
from convshape.frameworks._torch_conv import answer
from convshape.frameworks._torch_words import DILATION, KERNEL, NAMES, PADDING, STRIDE, TorchWords, alike

TYPE_CHECKING = False
if TYPE_CHECKING:
    from convshape._shapes import Shape


class TorchPoolWords(TorchWords):
    """As PyTorch's, where padding has no words."""

    def padding_of(self, padding: object) -> object:
        """Return symmetric core padding; PyTorch's pools know no words."""
        return None if as_text(padding) == "SAME" else super().padding_of(padding)


POOL = TorchPoolWords(NAMES)


def max_pool(
    rank: int,
    input: object,
    kernel_size: object,
    stride: object,
    padding: object,
    dilation: object,
    ceil_mode: object,
) -> Shape:
    """Return the output shape of ``max_pool{rank}d``, or raise the bare ``Refusal``."""
    return answer(POOL, recall(pool_spec, rank, kernel_size, stride, padding, dilation, ceil_mode), input)


def avg_pool(
    rank: int,
    input: object,
    kernel_size: object,
    stride: object,
    padding: object,
    ceil_mode: object,
    divisor_override: object,
) -> Shape:
    """Return the output shape of ``avg_pool{rank}d``, or raise the bare ``Refusal``."""
    spec = recall(pool_spec, rank, kernel_size, stride, padding, 1, ceil_mode)
    if divisor_override is not None and not as_index(divisor_override):
        raise Refusal(
            "divisor_override",
            given=divisor_override,
            problem=f"divisor_override is {kind_of(divisor_override)}.",
            legal="None, or a whole number other than 0",
            reason="sums are divided by it.",
            suggestions=(Suggestion({"divisor_override": None}),),
        )
    output = answer(POOL, spec, input)
    if rank == 3:
        _check_unpadded(spec, input)
    return output


def pool_spec(
    rank: int, kernel_size: object, stride: object, padding: object, dilation: object, ceil_mode: object
) -> Pool:
    """Return the pool of PyTorch's arguments, or raise the bare ``Refusal``."""
    window, pads = KERNEL.read(kernel_size, rank), PADDING.read(padding, rank)
    for axis, (pad, size) in enumerate(zip(pads, window, strict=True)):
        if pad > size // 2:
            smaller = tuple(min(one, most // 2) for one, most in zip(pads, window, strict=True))
            raise Refusal(
                "padding",
                given=padding,
                problem=f"padding {show(padding)} has {pad}, more than half of a kernel of {size}.",
                legal=range(size // 2 + 1),
                reason="PyTorch's pools take padding of at most half the kernel, rounded down.",
                axis=axis,
                kind=SizeError,
                suggestions=(Suggestion({"padding": alike(smaller)}),),
            )
    unset = stride is None or as_entries(stride) == ()
    return POOL.make(
        Pool,
        window_shape=window,
        strides=window if unset else STRIDE.read(stride, rank),
        padding=pairs(pads),
        dilations=DILATION.read(dilation, rank),
        ceil_mode=ceil_mode,
        data_format=LAYOUTS[rank][1],
    )


def _check_unpadded(spec: Pool, input: object) -> None:
    """PyTorch asks of avg_pool3d alone that the kernel fits without padding (ATen/native/Pool.h)."""
    sizes = (as_entries(input) or ())[-3:]
    for size, window in zip(map(as_index, sizes), spec.window_shape, strict=True):
        if size is not None and size < window:
            fitting = tuple(
                window if known is None else min(known, window)
                for known, window in zip(map(as_index, sizes), spec.window_shape, strict=True)
            )
            raise Refusal(
                "kernel_size",
                given=spec.window_shape,
                problem=f"a kernel of {window} is larger than the {size} elements of input {show(input)}.",
                legal=f"at most {show(fitting)}",
                reason="PyTorch's avg_pool3d does not count padding here: the kernel has to fit into the input.",
                kind=SizeError,
                suggestions=(
                    Suggestion({"kernel_size": alike(fitting)}),
                    Suggestion({"kernel_size": alike(fitting), "padding": 0}),
                ),
            )
