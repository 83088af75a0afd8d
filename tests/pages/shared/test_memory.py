import os
import subprocess
import sys

import pytest

from tests.pages.conftest import ROOT

GLIBC = pytest.mark.skipif(sys.platform != "linux", reason="only glibc has arenas")


def n_arenas(**environment):
    """Count the arenas of a program whose many threads take memory at once, as glibc reports them."""
    program = """
import ctypes, threading
from pages.shared.memory import share_arenas
share_arenas()
libc, barrier = ctypes.CDLL(None), threading.Barrier(20)
libc.malloc.restype = ctypes.c_void_p
def take():
    libc.malloc(1000)
    barrier.wait()
threads = [threading.Thread(target=take) for _ in range(20)]
[thread.start() for thread in threads], [thread.join() for thread in threads]
libc.malloc_stats()
"""
    surroundings = {name: value for name, value in os.environ.items() if name != "MALLOC_ARENA_MAX"} | environment
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=surroundings, capture_output=True, text=True)
    return sum(line.startswith("Arena") for line in done.stderr.splitlines())


@GLIBC
def test_threads_share_two_arenas_unless_the_operator_chose_another_number():
    assert n_arenas() == 2
    assert n_arenas(MALLOC_ARENA_MAX="1") == 1
