"""The sound check for real: how loud the coach comes back decides how loud it goes on."""

from contextlib import closing

import pytest
from trials.random_parts import NoDisplay

from voice_coach.audio.mixer import Mixer
from voice_coach.audio.studio import Room, Studio
from voice_coach.core.actions import SetVolume
from voice_coach.core.commands import Command
from voice_coach.core.config import SessionConfig
from voice_coach.core.events import ClipFinished, Heard
from voice_coach.core.session import Session
from voice_coach.core.transitions import State
from voice_coach.demo import PERSON, PERSON_RATE
from voice_coach.hearing.listener import open_listener
from voice_coach.hearing.recognisers import open_recognisers
from voice_coach.runner import Runner
from voice_coach.speech.clips import clip_store
from voice_coach.speech.narrator import PromptNarrator
from voice_coach.speech.pyttsx3_voice import Pyttsx3Voice

pytestmark = pytest.mark.real_parts


def volumes(language, echo, louder=1.0):
    """Let somebody say "ready" in a room with this echo; give the volumes the coach then takes."""
    studio = Studio(Mixer(), open_listener(language, open_recognisers(language)), Room(echo))
    session = Session(SessionConfig(language=language, routine="gentle-bends"))
    with closing(PromptNarrator(Pyttsx3Voice(PERSON), clip_store())) as person:
        ready = louder * person.clip("ready", PERSON_RATE).samples
    happened = []

    def witness(now, what):
        happened.append(what)
        if isinstance(what, ClipFinished) and what.say_id == LAST:
            studio.speak(ready, now + 1.0)
        if session.state is State.BRIEFING:
            studio.post(Heard(Command.STOP, source="key"))

    with closing(PromptNarrator(Pyttsx3Voice(), clip_store())) as coach:
        Runner(session, studio, coach, NoDisplay(), witness).run()
    (answer,) = [each for each in happened if isinstance(each, Heard) and each.source == "voice"]
    return answer, [each.decibels for each in happened if isinstance(each, SetVolume)]


LAST = 5
"""The sentence that asks for it."""


@pytest.mark.parametrize(("echo", "volume"), [(-20, []), (0, [-8])])
def test_the_louder_the_echo_the_softer_the_coach(language, echo, volume):
    answer, taken = volumes(language, echo)
    assert answer.command is Command.READY
    assert answer.over_echo == pytest.approx(-echo, abs=5)
    assert taken == volume
