"""The peer of `benchmarks.bands`, in a process of its own: `python -m benchmarks.bands_peer N`.

datasketch's MinHashLSH keeps its index in memory. It is given ready hash values: making a MinHash from a text is no
part of the figure.
"""

from __future__ import annotations

import resource
import sys
import time
from itertools import pairwise

import numpy as np
from datasketch import MinHash, MinHashLSH

from articles.nearness import BANDS, ROWS

_MEASURED = 1_000


def main() -> None:
    """Prints milliseconds of CPU for a lookup and an insert, and the memory of the process."""
    count = int(sys.argv[1])
    rng = np.random.default_rng(1)
    index = MinHashLSH(num_perm=BANDS * ROWS, params=(BANDS, ROWS))
    pattern = MinHash(num_perm=BANDS * ROWS)

    def signature() -> MinHash:
        made = pattern.copy()
        made.hashvalues = rng.integers(0, 2**32, BANDS * ROWS, dtype=np.uint64)
        return made

    for number in range(count):
        index.insert(number, signature())
    fresh = [signature() for _ in range(_MEASURED)]
    marks = [time.process_time()]
    for each in fresh:
        index.query(each)
    marks.append(time.process_time())
    for number, each in enumerate(fresh, start=count):
        index.insert(number, each)
    marks.append(time.process_time())
    lookup, insert = (1000 * (b - a) / _MEASURED for a, b in pairwise(marks))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"datasketch {count:>9,} documents: lookup {lookup:.3f} ms, insert {insert:.3f} ms; memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
