"""How this process's C heap gives memory back: glibc keeps what was freed, and the more the larger it was."""

from __future__ import annotations

import ctypes

_LIBC = ctypes.CDLL(None)
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8  # malloc.h of glibc
_FIRST = 1 << 17
"""Bytes: glibc's own first value of both thresholds, which it raises by itself as soon as something big was freed."""


def bound(arenas: int) -> None:
    """Lets freed memory go back to the system at once, in so many heaps that threads share; nothing without glibc.

    Without this a pass over big hostile pages left a process of 165 MB at 270.
    """
    if hasattr(_LIBC, "mallopt"):
        _LIBC.mallopt(_M_TRIM_THRESHOLD, _FIRST)
        _LIBC.mallopt(_M_MMAP_THRESHOLD, _FIRST)
        _LIBC.mallopt(_M_ARENA_MAX, arenas)


def give_back() -> None:
    """Returns all that is free now: a millisecond where there are tens of MB."""
    if hasattr(_LIBC, "malloc_trim"):
        _LIBC.malloc_trim(0)
