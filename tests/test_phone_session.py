"""Whole sessions over the line to a phone, in virtual time: network, room and person are simulated.

The line, the stage, the mixer, the canceller, the recogniser and the session are those of a real
session. So what a network costs can be measured on a computer of any speed.
"""

from __future__ import annotations

import time
from contextlib import closing
from threading import Thread

import numpy as np
import pytest
from audio.far_phone import FarPhone

from voice_coach.audio import live_stage
from voice_coach.audio.phone import PhoneDevice
from voice_coach.audio.phone_line import PhoneLine
from voice_coach.core.actions import Say
from voice_coach.core.config import SessionConfig
from voice_coach.core.events import ClipStarted
from voice_coach.core.pace import DEFAULT_RATE
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.core.safety import vital_sentences
from voice_coach.core.session import Session
from voice_coach.core.view import Outcome
from voice_coach.demo import PERSON, PERSON_RATE
from voice_coach.hearing.listener import open_listener
from voice_coach.hearing.recognisers import open_recognisers
from voice_coach.runner import Runner
from voice_coach.speech.clips import LEAD, TAIL, clip_store
from voice_coach.speech.narrator import PromptNarrator
from voice_coach.speech.pyttsx3_voice import Pyttsx3Voice
from voice_coach.speech.voices import open_voice

pytestmark = pytest.mark.real_parts

PIECE = 384
"""Samples of a report."""
BROWSER = 0.12
"""Seconds from what the phone plays to its echo: what Chromium took, at least."""
ECHO = 0.5
"""The echo's amplitude, as a share of what is played."""
SENTENCE = "Put me where you can hear me"
"""Into which of the coach's sentences the person cries, and how many seconds into it."""
INTO = 1.2
LONGEST = 60.0
"""Seconds a session may last."""
PAUSE = 0.4
"""Seconds without a sound that are silence and no mere pause in a sentence."""


class Nobody:
    def show(self, view):
        pass


class Scene:
    """A phone in a room with a person, at the end of a network; time is what the phone plays."""

    def __init__(self, line, cry, delays):
        self.far = FarPhone(line)
        self.line = line
        self.cried_at = None
        self._cry = cry
        self._delays = delays
        """Draws the seconds that the next message takes, one way."""
        self._down, self._up = [], []
        self._mouth = np.zeros(round(LONGEST + 10) * SAMPLE_RATE)
        self._hiss = np.random.default_rng(1)

    @property
    def now(self):
        return self.far.position / SAMPLE_RATE

    def cry(self):
        """Let the person cry in so many seconds from now."""
        start = self.far.position + round(INTO * SAMPLE_RATE)
        if self.cried_at is None:
            self._mouth[start : start + len(self._cry)] = self._cry
            self.cried_at = (start + LEAD) / SAMPLE_RATE

    def step(self):
        """Let a piece pass: what has arrived is played, heard, and reported."""
        if frames := self.line.take_frames():
            self._send(self._down, frames)
        arrived = b"".join(self._arrived(self._down))
        far = self.far
        far.line = type("Arrived", (), {"take_frames": staticmethod(lambda: arrived)})
        start = far.position
        late = max(0, start - round(BROWSER * SAMPLE_RATE))
        far.take()
        echo = np.zeros(PIECE)
        heard = far.store[late : late + PIECE] if start >= late + PIECE else echo
        hiss = 1e-4 * self._hiss.standard_normal(PIECE)
        microphone = ECHO * heard + self._mouth[start : start + PIECE] + hiss
        report = far.report(PIECE, heard=np.clip(microphone, -1, 1))
        self._send(self._up, report)
        for each in self._arrived(self._up):
            self.line.take_report(each)

    def _send(self, way, message):
        """A message never overtakes another."""
        soonest = way[-1][0] if way else 0.0
        way.append((max(soonest, self.now + self._delays()), message))

    def _arrived(self, way):
        found = []
        while way and way[0][0] <= self.now:
            found.append(way.pop(0)[1])
        return found

    def silent_at(self):
        """Tell from when on the phone is silent, at or after the cry, in seconds."""
        loud = np.flatnonzero(np.abs(self.far.sound) > 0.003) / SAMPLE_RATE
        edges = np.concatenate(([self.cried_at], loud[loud > self.cried_at], [np.inf]))
        return edges[int(np.argmax(np.diff(edges) > PAUSE))]


@pytest.fixture
def act(language, monkeypatch):
    """Give a function that leads a session over a network with such delays, and tells of it."""

    def act(delays):
        line = PhoneLine()
        with closing(PromptNarrator(Pyttsx3Voice(PERSON), clip_store())) as person:
            cry = person.clip("it hurts", PERSON_RATE).samples
        scene = Scene(line, cry, delays)
        monkeypatch.setattr(live_stage, "TICK", 0.0005)
        monkeypatch.setattr(live_stage, "monotonic", lambda: scene.now)
        listener = open_listener(language, open_recognisers(language))
        stage = PhoneDevice(line, listener)
        session = Session(SessionConfig(language=language, routine="gentle-bends"))
        wanted = []

        def witness(_now, what):
            if isinstance(what, Say) and what.text.startswith(SENTENCE):
                wanted.append(what.say_id)
            if isinstance(what, ClipStarted) and what.say_id in wanted:
                scene.cry()

        with closing(PromptNarrator(open_voice(language), clip_store())) as coach:
            coach.hold(vital_sentences(language), DEFAULT_RATE)
            with stage:
                runner = Runner(session, stage, coach, Nobody(), witness)
                leading = Thread(target=runner.run, daemon=True)
                leading.start()
                while leading.is_alive() and scene.now < LONGEST:
                    scene.step()
                    heard = stage._hearing  # noqa: SLF001 - time stands still until all is done
                    while heard.captured - heard._heard >= PIECE:  # noqa: SLF001
                        time.sleep(0.0005)
                    beat = stage.heartbeat
                    while stage.heartbeat < beat + 2 and leading.is_alive():
                        time.sleep(0.0005)
        assert not leading.is_alive()
        return scene, session.view(0.0), (len(cry) - LEAD - TAIL) / SAMPLE_RATE

    return act


@pytest.mark.parametrize(
    ("jitter", "extra"),
    [
        pytest.param(0.0, 0.1, id="wire", marks=pytest.mark.nightly),
        pytest.param(0.02, 0.15, id="home"),
        pytest.param(0.1, 0.35, id="bad", marks=pytest.mark.nightly),
    ],
)
def test_it_hurts_is_heard_over_the_coachs_own_voice_whatever_the_network_delays(
    act, jitter, extra
):
    """Silent by the end of the cry and what the network takes, and over; nothing else is heard."""
    draw = np.random.default_rng(3)
    scene, view, length = act(lambda: 0.002 + draw.uniform(0, 2 * jitter))
    silent = scene.silent_at() - scene.cried_at
    print(f"silent {silent:.3f} s after the start, jitter {jitter} s")  # noqa: T201 - a figure
    before = round(scene.cried_at * SAMPLE_RATE)
    assert np.any(scene.far.sound[before - 1600 : before + 1600]), "in mid-sentence"
    assert view.outcome is Outcome.PAIN, silent
    assert silent < length + extra
