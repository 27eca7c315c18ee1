"""All benchmarks: `python -m benchmarks`. Each prints ratios against a floor or a peer in the same run."""

from benchmarks import backfill, near, passes, quality, server, stories, topic

passes.main()
backfill.main()
quality.main()
topic.main()
near.main()
stories.main()
server.main()
