"""From what the ear notices to what the loudspeaker plays, through the real session and mixer."""

from itertools import pairwise

import numpy as np
import pytest

from voice_coach.audio.mixer import Mixer
from voice_coach.audio.studio import Room, Studio
from voice_coach.core.commands import Command
from voice_coach.core.config import SessionConfig
from voice_coach.core.events import ClipFinished, ClipStarted, Heard, Noticed
from voice_coach.core.pace import speaking_seconds
from voice_coach.core.ports import BLOCK, SAMPLE_RATE
from voice_coach.core.safety import safety_note
from voice_coach.core.session import Session
from voice_coach.core.transitions import State
from voice_coach.core.view import Outcome
from voice_coach.runner import Runner

TOUR = {
    State.SOUND_CHECK: Command.READY,
    State.BRIEFING: Command.NEXT,
    State.WAITING: Command.NEXT,
}
"""How to come to the first breaths, a command a second."""
TWO_STEPS = 2
"""They are told before."""
LOUD = 0.1


class Clip:
    """A hum as long as the sentence, with a pause in its middle."""

    def __init__(self, text, rate):
        self.seconds = speaking_seconds(text, rate)
        time = np.arange(round(self.seconds * SAMPLE_RATE)) / SAMPLE_RATE
        self.samples = (LOUD * np.cos(2 * np.pi * 200 * time)).astype(np.float32)
        middle = len(self.samples) // 2
        self.samples[middle : middle + SAMPLE_RATE // 10] = 0


class Voice:
    def prepare(self, texts, rate):
        pass

    def clip(self, text, rate):
        return Clip(text, rate)


class Display:
    def show(self, view):
        self.view = view


class BlockListener:
    """Reports what it was told to, at the times it was told to."""

    level = None

    def __init__(self):
        self.reports = []
        self.now = 0.0

    def hear(self, microphone, far_end):
        self.now += BLOCK / SAMPLE_RATE
        due = [event for at, event in self.reports if at <= self.now]
        self.reports = [(at, event) for at, event in self.reports if at > self.now]
        return due

    def listen(self, commands):
        pass

    def listen_for_breath(self, *, on):
        pass


class Performance:
    """One session in the studio; `plan` tells the ear what to report once a state is reached."""

    def __init__(self, language, state, plan):
        self.ear = BlockListener()
        self.studio = Studio(Mixer(), self.ear, Room())
        self.session = Session(
            SessionConfig(language=language, routine="assisted-press", stop_tested=True)
        )
        self.told = []
        self.since = None
        self._state, self._plan, self._turned = state, plan, 0.0
        Runner(self.session, self.studio, Voice(), Display(), self._lead).run()

    def _lead(self, now, what):
        self.told.append((now, what))
        if self.since is not None:
            return
        if self.session.state is self._state:
            self.since = now
            self.ear.reports = [(now + after, event) for after, event in self._plan]
            return
        state, step = self.session.state, self.session.view(now).step
        command = Command.NEXT if 0 < step <= TWO_STEPS else TOUR.get(state)
        if command and now >= self._turned + 1:
            self._turned = now
            self.studio.post(Heard(command, source="key"))

    def level(self, start, end):
        """Give the loudest sample between two times after the state was reached."""
        played = self.studio.played
        first, last = (round((self.since + t) * SAMPLE_RATE) for t in (start, end))
        return np.max(np.abs(played[first:last]), initial=0)


STOP = (40.0, Heard(Command.STOP))


def test_a_cough_leaves_no_trace_but_its_silence(language):
    """While the person sounds it is soft, then silent; then the sentence is taken up and ends."""
    # Who is ready early hears the words for pain before all else.
    sentence = language.coach.teach_pain
    plan = [
        (1.0, Noticed("duck")),
        (1.5, Noticed("hush")),
        (4.0, Noticed("resume")),
        (20.0, Heard(Command.STOP)),
    ]
    told = Performance(language, State.BRIEFING, plan)
    assert told.level(0.5, 0.95) == pytest.approx(LOUD, rel=0.01)
    assert told.level(1.1, 1.5) == pytest.approx(LOUD / 10, rel=0.01)
    assert told.level(1.6, 4.0) == 0
    assert told.level(4.2, 5.0) == pytest.approx(LOUD, rel=0.01)
    started, ended = (
        [now for now, event in told.told if isinstance(event, kind)]
        for kind in (ClipStarted, ClipFinished)
    )
    begin = min(now for now in started if now >= told.since - 0.1)
    end = min(now for now in ended if now > begin)
    # It was hushed before its middle, so it began anew when it was taken up.
    assert end - begin == pytest.approx(
        4.02 - (begin - told.since) + speaking_seconds(sentence), abs=0.1
    )


@pytest.mark.parametrize("after", [0.3, 3.0, 4.4, 5.1, 9.9])
def test_a_hushed_breath_begins_anew_with_a_breath_in(language, after):
    """Heard from the loudspeaker: silence, then a breath in, and the breath out on its beat."""
    breath = language.routine("assisted-press").steps[2].breathing
    plan = [(after, Noticed("hush")), (after + 2.5, Noticed("resume")), STOP]
    told = Performance(language, State.BREATHING, plan)
    assert told.level(after + 0.1, after + 2.5) == 0
    resumed = told.since + after + 2.5
    texts = {what.say_id: what.text for _, what in told.told if hasattr(what, "text") and what.text}
    cues = [
        (now, texts[event.say_id])
        for now, event in told.told
        if isinstance(event, ClipStarted) and resumed < now < resumed + 20
    ]
    assert [text for _, text in cues[:4]] == [breath.cue_in, breath.cue_out] * 2
    times = [now for now, _ in cues[:4]]
    assert [two - one for one, two in pairwise(times)] == pytest.approx([4, 6, 4], abs=0.021)


@pytest.mark.parametrize("kind", ["duck", "hush"])
def test_the_safety_note_is_spoken_at_full_loudness(language, kind):
    """Pain out of a duck, or out of a hush and its question, ends in words one can hear."""
    possible = Heard(Command.PAIN, "it hurts", tier="possible")
    plan = [
        (1.0, Noticed(kind)),
        (1.4, possible),
        (2.0, Noticed(kind)),
        (4.5, Heard(Command.YES, "yes")),
        (4.6, Noticed(kind)),
    ]
    told = Performance(language, State.BREATHING, plan)
    assert told.level(2.0, 3.5) == pytest.approx(LOUD, rel=0.01), "hands off, and the question"
    assert told.level(5.0, 7.0) == pytest.approx(LOUD, rel=0.01)
    assert told.session.outcome is Outcome.PAIN
    note = safety_note(language, language.routine("assisted-press"))
    said = [what.text for _, what in told.told if hasattr(what, "text")]
    assert tuple(said[-len(note) :]) == note
