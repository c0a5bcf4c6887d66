"""A program whose loop hangs is left, whatever else hangs with it."""

from __future__ import annotations

import time
from itertools import count
from threading import Event

import pytest

from voice_coach import watchman
from voice_coach.watchman import Watchman


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
