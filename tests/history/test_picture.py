"""The history as a picture."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st
from past_sessions import DAY, EVENING, one

from voice_coach.core.view import Outcome
from voice_coach.history.picture import draw

SVG = "{http://www.w3.org/2000/svg}"
TITLES = {"gentle-bends": "Gentle bends", "my-own": "Rock & roll <slowly>"}


def drawn(*sessions):
    return ET.fromstring(draw(sessions, TITLES))  # noqa: S314 - we have just drawn it


def texts(picture):
    return [text.text for text in picture.iter(f"{SVG}text")]


def marks(picture):
    """Give the class and the place of each session's mark, by what is told of it."""
    found = {}
    for group in picture.iter(f"{SVG}g"):
        title, mark = group
        x = mark.get("cx") or mark.get("d")[1:].split()[0]
        found[title.text] = (mark.tag.removeprefix(SVG), mark.get("class"), float(x))
    return found


def test_a_pain_stop_has_a_shape_of_its_own():
    """It is told from the others without colour."""
    picture = drawn(
        one(),
        one(began=EVENING + DAY, outcome=Outcome.PAIN, step=4),
        one(began=EVENING + 2 * DAY, outcome=Outcome.STOPPED, step=2),
    )
    assert {told: mark[:2] for told, mark in marks(picture).items()} == {
        "2027-01-15 09:00, completed": ("circle", "done"),
        "2027-01-16 09:00, pain in step 4": ("path", "pain"),
        "2027-01-17 09:00, stopped in step 2": ("circle", "part"),
    }


def test_days_go_from_left_to_right_at_equal_distances():
    """Two days between are twice as far as one."""
    picture = drawn(*(one(began=EVENING + day * DAY) for day in (0, 1, 3)))
    first, second, third = (x for _, _, x in marks(picture).values())
    assert third - second == 2 * (second - first) > 0


def test_each_routine_has_its_row():
    """By its title where there is one, whatever is in it."""
    names = texts(drawn(one(), one(routine="my-own"), one(routine="gone"), one(routine="")))
    assert {"Gentle bends", "Rock & roll <slowly>", "gone", "none chosen"} <= set(names)
    assert "2027-01-15" in names


def test_two_sessions_of_a_day_do_not_hide_each_other():
    """The second stands a little to the right."""
    picture = drawn(one(), one(began=EVENING + 7200))
    first, second = (x for _, _, x in marks(picture).values())
    assert second > first


@given(st.lists(st.floats(0, 2.5e11), min_size=1, max_size=9))
def test_whatever_the_clocks_said_it_stays_a_small_picture(times):
    """A clock that was once thousands of years ahead makes it neither wide nor large."""
    sessions = [one(began=time) for time in times]
    picture = draw(sessions, TITLES)
    assert float(ET.fromstring(picture).get("width")) < 2000  # noqa: S314 - we have just drawn it
    assert len(picture) < 20_000
