"""A small news world on loopback: what `rasid demo` reads, and what the tests ingest over real HTTP."""
