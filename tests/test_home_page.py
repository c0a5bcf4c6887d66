"""A page leads session after session, perhaps for months."""

from __future__ import annotations

import subprocess
import sys

import pytest

ADDRESSES = """
import ctypes
from threading import Thread
from types import SimpleNamespace
from voice_coach.home_page import run_web

malloc = ctypes.CDLL(None).malloc
malloc.restype = ctypes.c_void_p
taken = []

def lead(config):
    threads = [Thread(target=lambda: taken.append(malloc(1000))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

config = SimpleNamespace(model_copy=lambda **_: None)
page = SimpleNamespace(choice=iter(("one", "another")).__next__)
try:
    run_web(config, page, lead, print)
except StopIteration:
    pass
heap = next(line for line in open("/proc/self/maps") if line.rstrip().endswith("[heap]"))
begin, end = (int(address, 16) for address in heap.split()[0].split("-"))
print(len(taken), sum(begin <= address < end for address in taken))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only the GNU C library has more than one heap")
def test_all_threads_of_all_sessions_take_memory_from_one_heap():
    """Else what a session leaves free in the heaps of its threads is of little use to the next."""
    told = subprocess.run(
        [sys.executable, "-c", ADDRESSES], check=True, capture_output=True, text=True
    ).stdout
    assert told == "8 8\n"
