"""The earcons are the coach's own voice to the ear: it hears nobody in them."""

from __future__ import annotations

from contextlib import closing

import pytest

from voice_coach.audio.mixer import Mixer
from voice_coach.audio.studio import Room, Studio
from voice_coach.core.actions import Say
from voice_coach.core.commands import Command
from voice_coach.core.config import SessionConfig
from voice_coach.core.earcons import ENDED, HEARD, HOLD_OVER, OPENING, SECONDS
from voice_coach.core.events import ClipStarted, Heard, Noticed
from voice_coach.core.session import Session
from voice_coach.core.view import Outcome
from voice_coach.hearing.listener import open_listener
from voice_coach.hearing.recognisers import open_recognisers
from voice_coach.runner import Runner
from voice_coach.speech.clips import clip_store
from voice_coach.speech.narrator import PromptNarrator
from voice_coach.speech.voices import open_voice

pytestmark = [pytest.mark.real_parts, pytest.mark.nightly]

BENDS = "gentle-bends"


class Nobody:
    def show(self, view):
        pass


def test_in_a_session_with_earcons_nobody_is_noticed_where_nobody_speaks(language):
    """They ring alone and before sentences; of all that comes back nothing is taken for a person.

    The echo of the first words is as loud as they are, but it was learnt from the opening sound.
    """
    studio = Studio(Mixer(), open_listener(language, open_recognisers(language)), Room(0))
    session = Session(SessionConfig(language=language, routine=BENDS))
    lines = language.coach
    answers = {
        lines.ask_ready: iter((Command.LOUDER, Command.SOFTER, Command.REPEAT, Command.READY)),
        lines.answers.louder: iter((Command.REPEAT,)),
        lines.answers.softer: iter((Command.REPEAT,)),
        lines.disclaimer: iter((Command.NEXT,)),
        language.routine(BENDS).steps[0].say[0]: iter((Command.NEXT,)),
        language.routine(BENDS).steps[1].say[0]: iter((Command.NEXT,)),
        language.routine(BENDS).steps[3].say[0]: iter((Command.STOP,)),
    }
    texts, rung, noticed = {}, [], []

    def witness(now, what):
        match what:
            case Say(say_id, text):
                texts[say_id] = text
            case ClipStarted(say_id) if texts[say_id] in SECONDS:
                rung.append(texts[say_id])
            case ClipStarted(say_id):
                if (command := next(answers.get(texts[say_id], iter(())), None)) is not None:
                    studio.post(Heard(command))
            case Noticed() | Heard(phrase=str(), llr=float()):
                noticed.append((now, what))

    with closing(PromptNarrator(open_voice(language), clip_store())) as coach:
        Runner(session, studio, coach, Nobody(), witness).run()
    assert session.outcome is Outcome.STOPPED
    assert {*rung} == {OPENING, HEARD, HOLD_OVER, ENDED}
    assert rung.count(HEARD) >= 5
    assert noticed == []
