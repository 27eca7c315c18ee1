"""The peak memory of a command, summed over all its processes: `python -m benchmarks.memory [COMMAND…]`.

Two figures are taken from /proc (Linux) every tenth of a second:

pss   the proportional share of every living process, summed (`smaps_rollup`: pages that are shared count once); the
      largest sum that was seen. This is what a machine has to have. What comes and goes between two looks is missed.
hwm   the high-water mark of every process that ever lived (`VmHWM`), summed. The kernel misses no moment of it, but
      shared pages count once a process, and the processes need not have been at their height together: an upper bound.

Without a command: a pass over the built-in newsroom, `rasid demo --once`.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

SECONDS = 0.1
"""Between two looks; one takes about a millisecond a process."""

DEMO = (sys.executable, "-c", "from flows.cli import main; main()", "demo", "--once", "--json")


class Memory:
    """Watches a process and its descendants, from entering to leaving the block."""

    def __init__(self, root: int) -> None:
        self.pss_mb = 0.0
        """The largest sum so far."""
        self.shares_mb: list[float] = []
        """What it is the sum of, the oldest process first."""
        self._root = root
        self._marks: dict[int, int] = {}
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    @property
    def hwm_mb(self) -> float:
        """The high-water marks of all processes seen so far."""
        return sum(self._marks.values()) / 1024

    @property
    def processes(self) -> int:
        """How many were seen."""
        return len(self._marks)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._done.set()
        self._thread.join()

    def __str__(self) -> str:
        shares = " + ".join(f"{share:.0f}" for share in self.shares_mb)
        return f"peak {self.pss_mb:.0f} MB (pss: {shares}), at most {self.hwm_mb:.0f} MB (hwm of {self.processes})"

    def _watch(self) -> None:
        while not self._done.wait(SECONDS):
            living = family(self._root)
            shares = [_kb(pid, "smaps_rollup", "Pss:") / 1024 for pid in living]
            if sum(shares) > self.pss_mb:
                self.pss_mb, self.shares_mb = sum(shares), shares
            for pid in living:
                self._marks[pid] = max(self._marks.get(pid, 0), _kb(pid, "status", "VmHWM:"))


def family(root: int) -> list[int]:
    """A process and all its living descendants, the oldest first."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def _kb(pid: int, file: str, field: str) -> int:
    """A figure of a process; 0 for one that has ended meanwhile."""
    try:
        lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(field)), 0)


def main() -> None:
    """Runs a command, prints what it took, and ends as it did."""
    with subprocess.Popen(sys.argv[1:] or DEMO, stdout=subprocess.DEVNULL) as process, Memory(process.pid) as memory:
        code = process.wait()
    print(memory)
    sys.exit(code)


if __name__ == "__main__":
    main()
