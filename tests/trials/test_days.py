"""The trial of three days: what the person answers, what is written down, and the day between."""

from dataclasses import replace

import pytest
from history.past_sessions import EVENING, one
from trials.coach import Line
from trials.days import DAY, WANTED, Transcript, move_back, visits

from voice_coach.core.screening import Screening
from voice_coach.core.transitions import State
from voice_coach.core.view import Feeling
from voice_coach.display.words import read_screen_words
from voice_coach.history.store import open_history

WORDS = read_screen_words()
SESSION = one(ended=EVENING + 600, offset=0.0, routine="upper-back-10", felt=Feeling.WORSE)
FEELING = "How do you feel now? Say: better, the same, or worse."


@pytest.mark.parametrize(
    ("day", "line", "answer"),
    [
        (1, "Which stretch would you like?", WANTED),
        (1, "Are you pregnant?", "no"),
        (1, FEELING, "feels good"),
        (2, "As last time: Ten minutes for your neck and upper back?", "yes"),
        (2, FEELING, "worse"),
        (3, FEELING, "the same"),
        (3, "Once you're comfortable, say: next.", "next"),
        (3, "Did that hurt?", "no"),
        (3, "Halfway.", ""),
    ],
)
def test_each_day_has_its_answers(language, day, line, answer):
    """The first day is screened and good, the second the same and worse, the third comes after."""
    assert visits(language)[day - 1].answer(line) == answer


def test_what_the_day_before_should_have_changed_and_has_not_is_told(language):
    """A third day that asks about the body again, and does not say why it is gentle, fails."""
    third = visits(language)[2]
    assert third.missed(third.said) == []
    question = third.unsaid[0]
    assert third.missed([question]) == [
        *(f"not said: {text}" for text in third.said),
        f"said: {question}",
    ]


def test_a_transcript_holds_what_was_said_and_not_what_was_only_shown():
    """With its second; a sentence that was held back for a while is written once."""
    transcript = Transcript(WORDS, 100.0)
    for state, text in (
        (State.CHOOSING, WORDS.headlines[State.CHOOSING]),
        (State.CHOOSING, "Hello. I am your stretching coach."),
        (State.CHOOSING, WORDS.listening),
        (State.CHOOSING, "Hello. I am your stretching coach."),
        (State.WAITING, WORDS.hints[State.WAITING]),
        (State.TELLING, "Gentle bends · step 1 of 10 · Stand tall"),
        (State.PAIN_CONFIRMATION, "Did that hurt?"),
    ):
        line = Line(102.5, WORDS.states[state], text)
        if transcript.is_spoken(line):
            transcript.coach(line)
    transcript.person("no", 104.0)
    assert transcript.lines == [
        "    2.5  coach    Hello. I am your stretching coach.",
        "    2.5  coach    Did that hurt?",
        "    4.0  person   no",
    ]


def test_a_day_later_all_that_is_remembered_is_a_day_older(tmp_path):
    """The sessions and the answers about the body, and nothing else of them changes."""
    file = tmp_path / "history.db"
    with open_history(file) as history:
        history.write(SESSION)
        history.write_screening(Screening(EVENING, frozenset({"twist"})))
    move_back(file, DAY)
    with open_history(file) as history:
        (session,) = history.past().sessions
        assert session == replace(SESSION, number=1, began=EVENING - DAY, ended=EVENING + 600 - DAY)
        assert history.screening() == Screening(EVENING - DAY, frozenset({"twist"}))
