"""Calls that kill the Python process in TensorFlow, each run in a child of its own.

Run as `python -m tests.oracle.deaths` it imports TensorFlow once, forks a child for each call, and prints what
became of each as JSON: `died` with a signal, `refused` with an error, or `returned` a tensor.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
UP = {"input_shape": (2, 3, 3, 4), "filter_shape": (3, 3, 5, 4), "strides": 2, "padding": "SAME"}
UP_1D = {"input_shape": (2, 3, 4), "filter_shape": (3, 5, 4), "strides": 2, "padding": "SAME"}
UP_3D = {"input_shape": (2, 3, 3, 3, 4), "filter_shape": (3, 3, 3, 5, 4), "strides": 2, "padding": "SAME"}
EMPTY_3D = {"input_shape": (1, 0, 0, 0, 1), "filter_shape": (2, 2, 2, 1, 1), "strides": 2, "padding": "VALID"}


@dataclass(frozen=True)
class Death:
    """A call that kills the process on one build of TensorFlow or both.

    Attributes:
        name: What is wrong with it.
        verb: The function of convshape for it.
        call: Its arguments, for convshape and for the op.
        native: What the native build does: `died`, `refused` or `returned`.
        default: What the default build does.
        traced: Whether the op is called inside a `tf.function`.
    """

    name: str
    verb: str
    call: dict[str, Any]
    native: str
    default: str
    traced: bool = False


def _wanting(name: str, call: dict[str, Any], output_shape: Any) -> Death:
    return Death(name, "check_transpose", {**call, "output_shape": output_shape}, "refused", "died")


DEATHS = (
    _wanting("output_shape of three entries", UP, (6, 6, 5)),
    _wanting("output_shape of none", UP, ()),
    _wanting("output_shape a number", UP, 6),
    _wanting("output_shape of three entries in 3-D", UP_3D, (6, 6, 6)),
    _wanting("-1 for a height", UP, (2, -1, 6, 5)),
    _wanting("-1 for the channels", UP, (2, 6, 6, -1)),
    _wanting("-2 for a height", UP, (2, -2, 6, 5)),
    _wanting("a huge output_shape", UP, (2, 2**31 - 1, 2**31 - 1, 5)),
    Death("stride 0, traced", "check_transpose", {**UP, "strides": 0, "output_shape": (2, 6, 6, 5)},
          "died", "died", traced=True),
    Death("stride 0 in 1-D, traced", "check_transpose", {**UP_1D, "strides": 0, "output_shape": (2, 6, 5)},
          "died", "died", traced=True),
    Death("an output from an empty input in 3-D", "check_transpose", {**EMPTY_3D, "output_shape": (1, 1, 1, 1, 1)},
          "died", "returned"),
    Death("a max pool larger than its input", "pool_output",
          {"input_shape": (1, 2, 2, 1), "window_shape": 4, "strides": 2, "padding": "VALID"}, "returned", "died"),
    Death("a convolution of three axes in 2-D", "conv_output",
          {"input_shape": (3, 3, 4), "filter_shape": (3, 3, 4, 5), "strides": 1, "padding": "SAME"},
          "refused", "died"),
)  # fmt: skip
#: A legal call, to see that what is refused above is not refused for another reason.
CONTROL = Death(
    "a legal call", "check_transpose", {**UP, "output_shape": (2, 6, 6, 5)}, "returned", "returned"
)


def outcomes(*, onednn: bool) -> dict[str, str]:
    """Run every call on one build and return what became of each, by name.

    Raises:
        subprocess.CalledProcessError: The parent itself did not come through.
    """
    environment = {**os.environ, "TF_ENABLE_ONEDNN_OPTS": str(int(onednn)), "TF_CPP_MIN_LOG_LEVEL": "3"}
    ran = subprocess.run(
        [sys.executable, "-m", __name__], cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True
    )
    return json.loads(ran.stdout.splitlines()[-1])


def _in_a_child(work: Callable[[], object]) -> str:
    """Fork, do the work there, and return how the child ended."""
    child = os.fork()
    if not child:
        code = 1
        try:
            os.close(2)  # a dying child prints its stack
            work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return f"died of {signal.Signals(os.WTERMSIG(status)).name}"
    return "refused" if os.WEXITSTATUS(status) else "returned"


def _main() -> None:
    from tests.engines.tensorflow_ops import tensorflow

    tf = tensorflow()

    def execute(death: Death) -> None:
        call, rank = death.call, {3: 1, 4: 2, 5: 3}[len(death.call.get("filter_shape", (1,) * 4))]
        tensors = [tf.zeros(call[name]) for name in ("input_shape", "filter_shape") if name in call]
        strides: Any = [1, *[call["strides"]] * 3, 1] if rank == 3 else call["strides"]
        if death.verb == "pool_output":
            tf.nn.max_pool(*tensors, call["window_shape"], strides, call["padding"])
        elif death.verb == "conv_output":
            tf.nn.conv2d(*tensors, strides, call["padding"])
        else:
            op = getattr(tf.nn, f"conv{rank}d_transpose")
            if death.traced:
                op = tf.function(op, autograph=False)
            op(*tensors, output_shape=call["output_shape"], strides=strides, padding=call["padding"])

    print(
        json.dumps(
            {death.name: _in_a_child(lambda death=death: execute(death)) for death in (*DEATHS, CONTROL)}
        )
    )


if __name__ == "__main__":
    _main()
