"""The second pass never delays the stream."""

from __future__ import annotations

import os
import sys
from threading import Event, get_native_id
from types import SimpleNamespace

import pytest

from voice_coach.hearing.worker import InlineWorker, SecondPassHangs, ThreadWorker

PATIENCE = 10.0
"""Seconds that a thread may take, on any computer."""


def request(at):
    return SimpleNamespace(candidate=SimpleNamespace(at=at))


def decoded(request):
    return f"result of {request.candidate.at}"


class Slow:
    """A decoder that waits until it is let go on."""

    def __init__(self):
        self.begun, self.go_on, self.done = Event(), Event(), []

    def __call__(self, request):
        self.begun.set()
        assert self.go_on.wait(PATIENCE)
        self.done.append(request.candidate.at)
        return decoded(request)


def wait_for(worker, now, wanted):
    """Poll until so many are over."""
    finished, waited = [], Event()
    for _ in range(round(PATIENCE / 0.01)):
        finished += worker.poll(now)
        if len(finished) >= wanted:
            break
        waited.wait(0.01)
    return [(each.request.candidate.at, each.result) for each in finished]


def test_an_inline_result_becomes_known_a_fixed_time_of_sound_later():
    worker = InlineWorker(decoded, delay=0.2)
    worker.submit(request(1.0))
    assert worker.poll(1.18) == []
    (finished,) = worker.poll(1.2)
    assert finished.result == "result of 1.0"
    assert worker.poll(2.0) == []


def test_a_thread_decodes_in_order_while_the_stream_goes_on():
    slow = Slow()
    worker = ThreadWorker(slow)
    for at in (1.0, 1.2):
        worker.submit(request(at))
    assert slow.begun.wait(PATIENCE)
    assert worker.poll(1.3) == []
    slow.go_on.set()
    assert wait_for(worker, 1.5, 2) == [(1.0, "result of 1.0"), (1.2, "result of 1.2")]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux's threads have priorities")
def test_on_a_slow_computer_the_second_pass_lets_the_sound_go_first():
    """Else its half a second of computing leaves gaps in what is played and heard."""
    worker = ThreadWorker(lambda _: os.getpriority(os.PRIO_PROCESS, get_native_id()))
    here = os.getpriority(os.PRIO_PROCESS, get_native_id())
    worker.submit(request(1.0))
    ((_, there),) = wait_for(worker, 1.0, 1)
    assert there >= min(here + 10, 19)
    assert os.getpriority(os.PRIO_PROCESS, get_native_id()) == here


def test_where_too_many_wait_the_oldest_is_dropped_and_that_is_told():
    slow = Slow()
    worker = ThreadWorker(slow)
    worker.submit(request(1.0))
    assert slow.begun.wait(PATIENCE)
    for at in (1.1, 1.2, 1.3):
        worker.submit(request(at))
    slow.go_on.set()
    finished = wait_for(worker, 1.5, 4)
    assert finished[0] == (1.1, None)
    assert finished[1:] == [(at, f"result of {at}") for at in (1.0, 1.2, 1.3)]
    assert slow.done == [1.0, 1.2, 1.3]


def test_a_result_is_given_however_late_it_is():
    """What was heard in it may be a cry."""
    slow = Slow()
    worker = ThreadWorker(slow)
    for at in (1.0, 1.1):
        worker.submit(request(at))
    assert worker.poll(6.0) == []
    slow.go_on.set()
    assert wait_for(worker, 9.0, 2) == [(1.0, "result of 1.0"), (1.1, "result of 1.1")]


def test_a_worker_that_was_idle_takes_the_next_request():
    worker = ThreadWorker(decoded)
    for at in (1.0, 2.0):
        worker.submit(request(at))
        assert wait_for(worker, at, 1) == [(at, f"result of {at}")]


def test_a_recogniser_that_breaks_is_told_to_who_asks_next():
    def broken(_):
        raise OSError("no model")

    worker = ThreadWorker(broken)
    worker.submit(request(1.0))
    with pytest.raises(OSError, match="no model"):
        wait_for(worker, 1.0, 1)


def test_a_recogniser_that_hangs_is_told_too():
    slow = Slow()
    worker = ThreadWorker(slow)
    worker.submit(request(1.0))
    assert slow.begun.wait(PATIENCE)
    for now in (8.0, 18.0):
        assert worker.poll(now) == []
    with pytest.raises(SecondPassHangs):
        worker.poll(18.1)
    slow.go_on.set()
