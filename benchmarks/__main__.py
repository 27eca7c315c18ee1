"""All benchmarks: `python -m benchmarks`. Each prints ratios against a floor or a peer in the same run."""

from benchmarks import backfill, passes, quality, server

passes.main()
backfill.main()
quality.main()
server.main()
