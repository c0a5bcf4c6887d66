"""A routine is chosen by voice alone, through the real synthesiser and the real recogniser."""

from contextlib import closing

import pytest

from voice_coach.audio.mixer import Mixer
from voice_coach.audio.studio import Room, Studio
from voice_coach.core.actions import Say
from voice_coach.core.commands import Command
from voice_coach.core.config import SessionConfig
from voice_coach.core.events import ClipFinished, Heard
from voice_coach.core.session import Session
from voice_coach.core.view import Outcome
from voice_coach.hearing.listener import open_listener
from voice_coach.hearing.recognisers import open_recognisers
from voice_coach.runner import Runner
from voice_coach.speech.clips import clip_store
from voice_coach.speech.narrator import PromptNarrator
from voice_coach.speech.pyttsx3_voice import Pyttsx3Voice

pytestmark = pytest.mark.real_parts


class Display:
    def show(self, view):
        self.view = view


@pytest.mark.parametrize(
    ("words", "routine"),
    [
        ("leg over leg", "leg-over-leg"),
        pytest.param("gentle bends", "gentle-bends", marks=pytest.mark.nightly),
    ],
)
def test_others_are_read_out_a_routine_is_told_about_and_begun_and_stop_ends_it(
    language, words, routine
):
    studio = Studio(Mixer(), open_listener(language, open_recognisers(language)), Room(-10))
    session = Session(SessionConfig(language=language))
    texts, heard = {}, []
    said = iter(("what else", f"tell me about {words}", words))

    with (
        closing(PromptNarrator(Pyttsx3Voice(), clip_store())) as coach,
        closing(PromptNarrator(Pyttsx3Voice("en-gb+f2"), clip_store())) as person,
    ):

        def direct(now, what):
            match what:
                case Say(say_id, text):
                    texts[say_id] = text
                case ClipFinished(say_id) if texts[say_id] == language.coach.ask:
                    asked = next(said)
                    studio.speak(person.clip(asked, 140).samples, now + 1)
                case ClipFinished(say_id) if texts[say_id] == language.coach.ask_ready:
                    studio.speak(person.clip("stop", 140).samples, now + 1)
                case Heard():
                    heard.append((what.command, what.choice))

        Runner(session, studio, coach, Display(), direct).run()

    assert heard == [
        (Command.WHAT_ELSE, ""),
        (Command.ABOUT, routine),
        (Command.CHOOSE, routine),
        (Command.STOP, ""),
    ]
    assert session.outcome is Outcome.STOPPED
