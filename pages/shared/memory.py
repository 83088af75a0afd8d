"""What the server's memory allocator keeps for itself."""

import ctypes
import os
from contextlib import suppress
from functools import cache

_ARENA_MAX = -8
"""``M_ARENA_MAX`` of glibc's malloc.h."""


@cache
def share_arenas() -> None:
    """Let all threads share two arenas of glibc's, unless the operator chose a number; other systems have none.

    Every page is drawn in a thread of its own, and each arena would keep memory that threads of others cannot use.
    """
    if "MALLOC_ARENA_MAX" not in os.environ:
        with suppress(AttributeError, OSError, TypeError):  # no glibc
            ctypes.CDLL(None).mallopt(_ARENA_MAX, 2)
