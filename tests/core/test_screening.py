"""What the answers about the body leave out, whatever the clocks say."""

from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pasts import DAY

from voice_coach.catalogue import read_language, read_screening
from voice_coach.core.screening import (
    InvalidScreening,
    Screening,
    Standing,
    conclude,
    needs,
    parse_table,
    standing,
)

TABLE = read_screening()
NOW = 1_800_000_000
HALF_A_YEAR = TABLE.months_valid * 365.25 / 12 * DAY
ANSWERS = st.fixed_dictionaries({question: st.booleans() for question in TABLE.questions})
TIMES = st.integers(0, 2 * NOW)


def answers(*yes):
    """Answer yes to these and no to all others."""
    return {question: question in yes for question in TABLE.questions}


def test_there_are_eight_questions_each_with_a_source():
    """What is asked is written down, and so is why."""
    assert len(TABLE.questions) == 8
    assert all(question.source for question in TABLE.question)


@pytest.mark.parametrize("code", ["en", "es"])
def test_every_language_asks_every_question(code):
    """No question is without words, and none is asked that leaves nothing out."""
    lines = read_language(code).teaching.screening
    assert set(lines.questions) == set(TABLE.questions)
    assert all(question.endswith("?") for question in lines.questions.values())


@pytest.mark.parametrize("question", TABLE.questions)
def test_any_yes_leaves_only_what_is_gentle(language, question):
    """One yes is enough to leave out twists, presses, rocking and a low head."""
    screening = conclude(answers(question), TABLE, NOW)
    led = [r for r in language.routines if not r.classes & screening.excludes]
    assert led
    assert all(routine.classes == {"gentle"} for routine in led)


def test_who_answers_no_eight_times_may_do_everything():
    """Nothing is left out without a reason."""
    assert conclude(answers(), TABLE, NOW).excludes == frozenset()


def test_only_what_is_left_out_is_kept():
    """The answers themselves cannot be told from what is stored."""
    assert set(vars(conclude(answers("cancer"), TABLE, NOW))) == {"at", "excludes"}
    assert conclude(answers("cancer"), TABLE, NOW) == conclude(answers("fall"), TABLE, NOW)


def test_half_an_answer_concludes_nothing():
    """A question without an answer is no no."""
    with pytest.raises(ValueError, match="every question"):
        conclude({"bones": False}, TABLE, NOW)


def test_what_is_strong_needs_screening_and_the_stop_test(language):
    """What can injure is led only to somebody who was asked, and who can stop it."""
    for routine in language.routines:
        wanted = frozenset() if routine.classes == {"gentle"} else {"screening", "stop test"}
        assert needs(routine, TABLE) == wanted, routine.id


def test_the_riskiest_are_not_harmless(language):
    """Over the edge, hands behind the head, the ball and rocking are strong."""
    strong = {r.id for r in language.routines if "strong" in r.classes}
    assert strong == {"over-the-edge", "hands-behind-head", "exercise-ball", "rocking"}


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (0, Standing.KNOWN),
        (HALF_A_YEAR - 1, Standing.KNOWN),
        (HALF_A_YEAR, Standing.EXPIRED),
        (-3600, Standing.KNOWN),
        (-2 * DAY, Standing.EXPIRED),
    ],
)
def test_the_answers_hold_for_half_a_year(age, expected):
    """Older ones are asked again, and so are those that a wrong clock has dated."""
    assert standing(Screening(NOW - age, frozenset()), NOW, TABLE) is expected


def test_what_was_lost_or_never_asked_is_unknown():
    """Though nothing was ever left out."""
    free = Screening(NOW - DAY, frozenset())
    assert standing(None, NOW, TABLE) is Standing.NEVER
    assert standing(free, NOW, TABLE, lost_at=NOW - 3600) is Standing.NEVER
    assert standing(free, NOW, TABLE, lost_at=NOW - 2 * DAY) is Standing.KNOWN


@given(ANSWERS, ANSWERS)
def test_one_more_yes_never_allows_more(some, more):
    """Whatever else is answered, a yes only ever leaves out."""
    both = {question: some[question] or more[question] for question in some}
    few, many = (conclude(given, TABLE, NOW) for given in (some, both))
    assert few.excludes <= many.excludes


@given(TIMES, TIMES, st.none() | TIMES)
def test_whatever_the_clock_does_nothing_old_or_lost_is_believed(at, now, lost_at):
    """Known is only what was answered in the last half year, and after the last loss."""
    if standing(Screening(at, frozenset()), now, TABLE, lost_at) is Standing.KNOWN:
        assert -DAY <= now - at < HALF_A_YEAR
        assert lost_at is None or lost_at < at


@given(TIMES, st.integers(0, NOW), st.integers(0, NOW))
def test_time_never_brings_an_old_answer_back(at, first, more):
    """Once they are too old they stay so."""
    screening = Screening(at, frozenset())
    if standing(screening, at + first, TABLE) is Standing.EXPIRED:
        assert standing(screening, at + first + more, TABLE) is Standing.EXPIRED


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("months_valid = 6", "months_valid = 0", "months_valid must be at least 1; raise it"),
        ("gentle = []\n", "", "has no needs for gentle; add them"),
        ('id = "surgery"', 'id = "bones"', "has two questions of one id; rename one"),
        ('excludes = ["strong", ', 'excludes = ["gentle", ', "leaves out what is gentle"),
        ("[[question]]", "[[question", "not valid TOML"),
    ],
)
def test_a_mistake_in_the_table_is_told(old, new, told):
    """Whoever changes the table knows what is wrong."""
    text = (files("voice_coach") / "data" / "screening.toml").read_text("utf-8")
    with pytest.raises(InvalidScreening, match=told):
        parse_table(text.replace(old, new, 1))
