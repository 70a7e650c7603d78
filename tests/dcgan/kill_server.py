"""A process that has imported TensorFlow, and forks one that trains whenever it is told to: started in no time, killed at will.

It forks before TensorFlow has computed anything; each child begins its own threads. One JSON object a line comes in, with
the command line of dcgan and when the child is to kill itself; out go the child's number, and how it has ended.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

CHANGES = ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate")


def serve() -> None:
    """Answer one request after the other."""
    from dcgan import cli, looping, session  # noqa: F401 - so that no child has to

    print("ready", flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        number = os.fork()
        if number == 0:
            _train(cli.main, request)
        print(number, flush=True)
        _, status = os.waitpid(number, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _train(main: Any, request: dict[str, Any]) -> None:
    """Run the command as a process of its own would, and never come back."""
    said = os.open(request["said"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(said, 1)
    os.dup2(said, 2)
    code = 1
    try:
        _watch(Path(request["folder"]), request)
        code = main(request["arguments"])
    except SystemExit as end:
        code = end.code
    except BaseException:  # noqa: BLE001 - it is told, and the process ends
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _watch(folder: Path, request: dict[str, Any]) -> None:
    """Kill this process at one of the changes that it makes in the run's folder, or while TensorFlow writes there."""
    seen, inside = [0], f"{folder}{os.sep}"

    def change(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in CHANGES or not str(arguments[0]).startswith(inside):
            return
        seen[0] += 1
        if seen[0] == request.get("change"):
            os.kill(os.getpid(), signal.SIGKILL)
        if event == "os.mkdir" and ".ckpt-" in str(arguments[0]) and "writing" in request:
            threading.Thread(target=die, args=(Path(arguments[0]),), daemon=True).start()

    def die(waiting: Path) -> None:
        time.sleep(request["writing"])
        if request.get("cut"):
            for file in waiting.rglob("*"):
                if file.is_file():
                    os.truncate(file, file.stat().st_size // 2)
        os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(change)


if __name__ == "__main__":
    serve()
