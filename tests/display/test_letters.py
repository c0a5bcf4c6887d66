"""Large letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.catalogue import read_language
from voice_coach.core.script import write_out
from voice_coach.display.terminal.letters import draw

if TYPE_CHECKING:
    from voice_coach.core.language import Language


def titles(language: Language) -> list[str]:
    """Give the titles of all steps, for both sides."""
    return [
        step.title for routine in language.routines for step in write_out(routine, language.coach)
    ]


def test_a_word_is_drawn_with_half_blocks():
    """A word is drawn with half blocks, three rows high at its smallest."""
    assert draw("Let go!", 40, 3) == (
        "█   █▀▀ ▀█▀    █▀▀▀ █▀█ █",
        "█   █▀   █     █ ▀█ █ █ ▀",
        "▀▀▀ ▀▀▀  ▀     ▀▀▀▀ ▀▀▀ ▀",
    )


def test_letters_grow_with_the_room_they_have():
    """Letters grow with the room they have."""
    assert [
        len(draw("in", width, height) or []) for width, height in ((8, 3), (12, 5), (60, 40))
    ] == [
        3,
        5,
        10,
    ]


def test_a_long_title_goes_on_in_the_next_line():
    """A long title goes on in the next line, a square below the first."""
    assert len(draw("hands off", 36, 6, largest=1) or []) == 3
    assert len(draw("hands off", 20, 6, largest=1) or []) == 6


def test_marks_on_letters_are_left_out():
    """A letter with a mark is drawn as the letter, and a printed quotation mark as a plain one."""
    assert draw("¡Ñandú\u2019s!", 60, 3) == draw("¡NANDU's!", 60, 3)


@pytest.mark.parametrize("text", ["", "   ", "伸びる", "a\tb£"])
def test_what_has_no_drawing_is_not_drawn_in_part(text):
    """What has no drawing is not drawn in part."""
    assert draw(text, 80, 24) is None


@pytest.mark.parametrize("title", titles(read_language()))
def test_every_title_is_large_on_the_smallest_usual_screen(title):
    """Every step's title stands in large letters on a screen of 80 by 24."""
    assert draw(title, 76, 11)


@given(st.text("AIM W,.19-", max_size=60), st.integers(1, 200), st.integers(1, 60))
def test_a_drawing_never_leaves_its_room(text, width, height):
    """A drawing never leaves the room it was given."""
    rows = draw(text, width, height) or []
    assert len(rows) <= height
    assert all(len(row) <= width for row in rows)
