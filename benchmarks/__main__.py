"""All benchmarks: `python -m benchmarks`. Each prints ratios against a floor or a peer in the same run."""

from benchmarks import backfill, passes, quality

passes.main()
backfill.main()
quality.main()
