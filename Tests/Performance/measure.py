"""Runs one process and says what it cost: CPU seconds, wall seconds, peak memory, and what it printed about itself."""

import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass


@dataclass
class Run:
    """One finished process. `own` is the JSON object of its last output line, empty when there is none."""

    cpu: float
    wall: float
    peak: int
    own: dict
    output: str


def environment(changes=None):
    """One thread for everything that asks the environment, and none of the variables that retune OpenBLAS.

    `changes` are variables to set, or to remove where the value is None.
    """
    values = dict(os.environ)
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        values.pop(name, None)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        values[name] = "1"
    values["PYTHONHASHSEED"] = "0"
    values.update(changes or {})
    return {name: value for name, value in values.items() if value is not None}


def run(command, changes=None):
    """Runs a command to its end, in an environment with changes.

    The peak is what the kernel counts for the process alone. It starts from the size of this process, which therefore
    imports nothing large.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        actions = [(os.POSIX_SPAWN_DUP2, out.fileno(), 1), (os.POSIX_SPAWN_DUP2, err.fileno(), 2)]
        start = time.perf_counter()
        pid = os.posix_spawnp(command[0], command, environment(changes), file_actions=actions)
        _, status, usage = os.wait4(pid, 0)
        wall = time.perf_counter() - start
        code = os.waitstatus_to_exitcode(status)
        out.seek(0)
        text = out.read().decode(errors="replace")
        if code:
            err.seek(0)
            tail = err.read().decode(errors="replace").strip()[-2000:]
            sys.exit(f"error: {' '.join(command)}: exit code {code}\n{text[-500:]}\n{tail}")
    lines = text.strip().splitlines()
    own = json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {}
    return Run(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * 1024, own, text)


def bytes_below(folder):
    """The size of all files below a folder."""
    return sum(
        os.path.getsize(os.path.join(root, name)) for root, _, names in os.walk(folder) for name in names
    )
