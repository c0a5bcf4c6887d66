"""What is remembered of one day shapes the next: whole sessions, with their answers."""

from __future__ import annotations

import pytest
from past_sessions import DAY, EVENING, clock, one

from voice_coach.catalogue import read_limits, read_rules, read_screening
from voice_coach.core.adapt import ChangeReason
from voice_coach.core.commands import Command
from voice_coach.core.config import SessionConfig
from voice_coach.core.past import Past
from voice_coach.core.session import Session
from voice_coach.core.simulation import REACTION, Simulation
from voice_coach.core.transitions import State
from voice_coach.history import store, usage
from voice_coach.history.recorder import HistoryRecorder
from voice_coach.history.store import LocalTime

FIFTEEN = "upper-back-15"
FIGURES = usage.Figures(read_limits(), read_screening(), read_rules())


@pytest.fixture
def day(language, tmp_path, monkeypatch):
    """Give a function that leads a whole session so many days later, and gives what was said."""
    monkeypatch.setattr(store, "FILE", tmp_path / "history.db")

    def led(days, wanted, felt):
        def clock():
            return LocalTime(EVENING + days * DAY, 0)

        monkeypatch.setattr(usage, "wall_clock", clock)
        remembered = usage.recall(language, FIGURES, pytest.fail)
        session = Session(SessionConfig(language=language, seed=7, **remembered))
        simulation = Simulation(session)
        answers = {
            State.CHOOSING: wanted,
            State.SCREENING: (Command.NO,),
            State.SOUND_CHECK: (Command.READY,),
            State.WAITING: (Command.NEXT,),
            State.RATING: (felt,),
            State.RESTART_PROMPT: (Command.NO,),
        }
        with HistoryRecorder(store.FILE, clock) as recorder:
            while not session.over:
                if session.state in answers and not simulation.busy:
                    simulation.advance(REACTION)
                    simulation.hear(*answers[session.state])
                elif session.counting and simulation.sounding:
                    simulation.advance(REACTION)
                    simulation.hear(Command.PAIN)
                else:
                    simulation.step()
                recorder.show(session.view(simulation.now))
        return [spoken.text for spoken in simulation.spoken]

    return led


def test_three_days_are_led_each_by_the_one_before(language, day):
    """Asked on the first, the same again on the second; after "worse" the third is gentle.

    After "worse" once more nobody is asked to do the same again: a doctor comes first.
    """
    coach, teaching = language.coach, language.teaching
    same_again = "As last time: Fifteen minutes for your neck and upper back?"
    questions = {*teaching.screening.questions.values()}
    strong = "Hands behind the head"

    first = day(0, (Command.CHOOSE, FIFTEEN), Command.BETTER)
    assert questions <= {*first}
    assert coach.stop_test.count in first
    assert f"And now: {strong}." in first
    assert coach.rating.better[0] in first
    assert same_again not in first

    second = day(1, (Command.YES,), Command.WORSE)
    assert same_again in second
    assert not questions & {*second}
    assert coach.stop_test.count in second
    assert len(second) < len(first)
    assert {*coach.rating.worse} <= {*second}
    assert coach.rating.better[0] not in second

    third = day(1.8, (Command.YES,), Command.WORSE)
    assert teaching.adapt.reasons[ChangeReason.WORSE] in third
    assert third.index(teaching.adapt.reasons[ChangeReason.WORSE]) < third.index(same_again)
    assert not questions & {*third}
    assert coach.stop_test.count not in third
    assert f"And now: {strong}." not in third

    fourth = day(2.5, (Command.CHOOSE, "gentle-bends"), Command.SAME)
    assert teaching.adapt.reasons[ChangeReason.WORSE_OFTEN] in fourth
    assert same_again not in fourth


def test_one_assigned_plan_makes_no_other_one_known(monkeypatch, language):
    """They share a name, and the next may be another person's: it is told in full."""
    past = Past(sessions=(one(routine="assigned-10"), one(routine="rocking")))
    monkeypatch.setattr(usage, "_read", lambda *_: (past, None))
    monkeypatch.setattr(usage, "wall_clock", clock)
    assert usage.recall(language, FIGURES, pytest.fail)["known_routines"] == {"rocking"}
