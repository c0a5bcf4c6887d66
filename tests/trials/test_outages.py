"""What the trial with outages calls false, and how it counts the delay of pain."""

import time

import pytest
from trials.outages import BACK, Outage, Watch, delay_of

from voice_coach.rooms.board import SILENCE

LATER = 1e12
GREEN, DARK = "Breathing", "not known since 12:04"
NUMBER = "0123456789abcdef"


def shown(headline, name="mat-1", alarms=()):
    return {"name": name, "headline": headline, "alarms": [*alarms]}


def outage(began, ended, *rooms):
    """Give an outage that began, and ended, so many seconds ago; 0: it has not ended."""
    now = time.time()
    until = now - ended if ended else float("inf")
    return Outage("network cut", frozenset(rooms), now - began, until)


@pytest.mark.parametrize(
    ("headline", "began", "ended", "room", "false"),
    [
        (GREEN, 5, 0, "mat-1", False),
        (GREEN, SILENCE + 3, 0, "mat-1", True),
        (GREEN, SILENCE + 3, 0, "mat-2", False),
        ("not known since 00:61", SILENCE + 3, 0, "mat-1", True),
        (DARK, 30, 1, "mat-1", False),
        (DARK, 30, BACK + 1, "mat-1", True),
        (DARK, BACK + 1, 0, "mat-2", True),
        (GREEN, 30, BACK + 1, "mat-1", False),
    ],
)
def test_a_room_that_stays_green_or_dark_for_too_long_is_false(headline, began, ended, room, false):
    watch = Watch(LATER)
    watch.look([shown(headline)], [outage(began, ended, room)])
    assert bool(watch.false) == false


def test_a_room_that_has_left_at_the_end_is_not_false():
    watch = Watch(time.time() - 1)
    watch.look([shown(DARK)], [outage(60, 30, "mat-1")])
    assert watch.false == {}


def test_pain_is_noted_when_it_is_on_the_page_first():
    watch = Watch(LATER)
    watch.look([shown(GREEN, alarms=[NUMBER])], [])
    first = dict(watch.seen)
    watch.look([shown(GREEN, alarms=[NUMBER])], [])
    assert [*first] == [NUMBER]
    assert watch.seen == first


def test_the_delay_of_pain_counts_from_the_return_of_what_was_out_meanwhile():
    outages = [
        Outage("network cut", frozenset({"mat-1"}), 100.0, 120.0),
        Outage("broker killed", frozenset({"mat-1"}), 121.0, 130.0),
    ]
    assert delay_of(90.0, 90.5, outages, "mat-1") == 0.5
    assert delay_of(105.0, 120.7, outages, "mat-1") == pytest.approx(0.7)
    assert delay_of(105.0, 131.0, outages, "mat-1") == 1.0
    assert delay_of(105.0, 107.0, outages, "mat-2") == 2.0
    assert delay_of(105.0, 140.0, outages[:1], "mat-1") == 20.0
