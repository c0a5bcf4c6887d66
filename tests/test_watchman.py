"""A program whose loop hangs is ended, whatever else hangs with it."""

from __future__ import annotations

import os
import signal
import time
from itertools import count
from threading import Event

import pytest

from voice_coach import watchman
from voice_coach.watchman import Watchman, stopped_by_signals


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(watchman, "ROUND", 0.005)
    monkeypatch.setattr(watchman, "CLEAN_UP", 0.05)


def test_a_loop_that_hangs_is_parted_from_and_left_once():
    done, left = [], Event()

    def leave():
        done.append("left")
        left.set()

    with Watchman(lambda: 7, lambda: done.append("parted"), leave):
        assert left.wait(5)
    assert done == ["parted", "left"]


def test_a_parting_that_hangs_holds_nobody():
    left = Event()
    with Watchman(lambda: 7, Event().wait, left.set):
        assert left.wait(5)


def test_a_loop_that_turns_is_left_alone():
    left, turns = Event(), count()
    with Watchman(lambda: next(turns), left.set, left.set):
        assert not left.wait(0.3)


def test_a_loop_that_is_over_is_watched_no_longer():
    left = Event()
    with Watchman(lambda: 7, left.set, left.set):
        pass
    time.sleep(0.15)
    assert not left.is_set()


def told(*signals):
    """What the session is told when these signals come one after another."""
    done = []
    with stopped_by_signals(lambda: done.append("stop"), lambda: done.append("leave")):
        for number in signals:
            os.kill(os.getpid(), number)
    return done


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_storm_of_hang_ups_or_polite_kills_does_not_cut_the_goodbye(number):
    assert told(*[number] * 5) == ["stop"] * 5


def test_a_control_c_after_a_hang_up_still_lets_the_goodbye_be_said():
    assert "leave" not in told(signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def test_only_a_second_control_c_leaves_at_once():
    assert told(signal.SIGINT) == ["stop"]
    assert told(signal.SIGINT, signal.SIGHUP, signal.SIGINT) == ["stop", "stop", "leave", "stop"]
