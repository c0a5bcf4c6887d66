"""A whole assisted press in the studio, steered by a second voice, and whether the coach obeyed.

The second voice is speech from the same synthesiser. The microphone hears it together with the
coach's own voice, and the listener gets only their sum. The session learns nothing except what the
recogniser understands.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from voice_coach.app import Nobody
from voice_coach.audio.mixer import Mixer
from voice_coach.audio.studio import Room, Studio
from voice_coach.core.actions import Say
from voice_coach.core.commands import Command
from voice_coach.core.config import SessionConfig
from voice_coach.core.events import ClipFinished, ClipStarted, Heard
from voice_coach.core.pace import DEFAULT_RATE
from voice_coach.core.ports import BLOCK, SAMPLE_RATE
from voice_coach.core.safety import vital_sentences
from voice_coach.core.session import Session
from voice_coach.hearing.listener import open_listener
from voice_coach.hearing.recognisers import open_recognisers
from voice_coach.runner import Runner
from voice_coach.speech.clips import clip_store
from voice_coach.speech.narrator import PromptNarrator
from voice_coach.speech.pyttsx3_voice import Pyttsx3Voice
from voice_coach.speech.voices import open_voice

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from voice_coach.audio.mixer import Sound
    from voice_coach.core.actions import Action
    from voice_coach.core.events import Event
    from voice_coach.core.language import Language

ROUTINE = "assisted-press"
PERSON = "en-gb+f2"
"""The second voice."""
PERSON_RATE = 140
"""Words a minute."""
PROMPTNESS = 3.0
"""Seconds after a phrase's end by which it must have been heard."""
AT_ONCE = 0.7
"""Seconds after the end of "it hurts" by which the coach must be silent."""


@dataclass(frozen=True)
class ScriptLine:
    """What the person says, and when."""

    words: str
    means: Command
    after: str
    """A part of the coach's sentence that gives the cue."""
    delay: float
    """Seconds from that sentence's end, or from its start with `during`."""
    during: bool = False
    """Spoken into the middle of the coach's sentence."""
    times: int = 1
    """Wait until the coach has said that sentence so often."""


SCRIPT = (
    ScriptLine("ready", Command.READY, "say: ready", 1.2),
    ScriptLine("it hurts", Command.PAIN, "One, two", 1.5, during=True),
    ScriptLine("it hurts", Command.PAIN, "One, two", 1.5, during=True),
    ScriptLine("next", Command.NEXT, "Once you're comfortable", 1.2),
    ScriptLine("repeat", Command.REPEAT, "between the shoulder blades", 0.3),
    ScriptLine("next", Command.NEXT, "Once your hands are there", 1.2),
    ScriptLine("pause", Command.PAUSE, "Breathe out, loudly", 0.8),
    ScriptLine("continue", Command.CONTINUE, "A break", 2.5),
    ScriptLine("it hurts", Command.PAIN, "And push.", 0.3, during=True, times=2),
)


@dataclass
class SpokenLine:
    """A line as it was spoken, and what came of it; all in seconds of audio time."""

    line: ScriptLine
    start: float
    end: float
    heard: float | None = None
    silent: float | None = None
    """When the coach's last sample sounded before it answered."""

    @property
    def obeyed(self) -> bool:
        """Whether it was heard as what it means, in time."""
        if self.heard is None:
            return False
        if self.line.means is Command.PAIN:
            return self.silent is not None and self.silent <= self.end + AT_ONCE
        return self.heard <= self.end + PROMPTNESS

    def summary(self) -> str:
        """Say in one line what came of it."""
        if self.heard is None:
            return f"'{self.line.words}' was not heard."
        delay = f"heard {self.heard - self.end:+.2f} s after its end"
        if self.silent is not None and self.silent > self.start:
            delay += f", silent {self.silent - self.end:+.2f} s"
        return f"'{self.line.words}' {delay}{'' if self.obeyed else ': too late'}."


@dataclass(frozen=True)
class TimelineEntry:
    """One entry of the timeline."""

    time: float
    """Seconds."""
    who: str
    """"coach", "person", "heard" or "silent"."""
    what: str


@dataclass
class Scenario:
    """Speaks for the person at the right moments, and writes down all that happens."""

    speak: Callable[[str], Sound]
    """Renders the person's words."""
    timeline: list[TimelineEntry] = field(default_factory=list)
    spoken: list[SpokenLine] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    """What was heard although nobody said it."""
    _texts: dict[int, str] = field(default_factory=dict)
    _count: int = 0

    def __call__(self, studio: Studio, now: float, what: Event | Action) -> None:
        """Take note of what happened at `now`, and speak if it was the cue."""
        match what:
            case Say(say_id, text):
                self._texts[say_id] = text
            case ClipStarted(say_id):
                self.timeline.append(TimelineEntry(now, "coach", self._texts[say_id]))
                self._cue(studio, now, self._texts[say_id], started=True)
            case ClipFinished(say_id):
                self._cue(studio, now, self._texts[say_id], started=False)
            case Heard(command, phrase):
                self.timeline.append(TimelineEntry(now, "heard", phrase))
                self._note(command, now)
            case _:
                pass

    def _cue(self, studio: Studio, now: float, text: str, *, started: bool) -> None:
        if len(self.spoken) == len(SCRIPT):
            return
        line = SCRIPT[len(self.spoken)]
        if line.after not in text or line.during is not started:
            return
        self._count += 1
        if self._count < line.times:
            return
        self._count = 0
        clip = self.speak(line.words)
        start = now + line.delay
        studio.speak(clip.samples, start)
        self.spoken.append(SpokenLine(line, start, start + clip.seconds))
        self.timeline.append(TimelineEntry(start, "person", line.words))

    def _note(self, command: Command, now: float) -> None:
        last = self.spoken[-1] if self.spoken else None
        if last and last.heard is None and command is last.line.means and now >= last.start:
            last.heard = now
        elif not last or command is not last.line.means:
            self.unexpected.append(command.value)

    @property
    def obeyed(self) -> bool:
        """Whether the coach obeyed every line, and nothing else."""
        complete = len(self.spoken) == len(SCRIPT)
        return complete and not self.unexpected and all(spoken.obeyed for spoken in self.spoken)

    def find_silences(self, played: NDArray[np.float32]) -> None:
        """Look up in all that was played when the coach fell silent; complete the timeline."""
        coach = [moment.time for moment in self.timeline if moment.who == "coach"]
        for spoken in self.spoken:
            if spoken.heard is not None:
                # An event is told at the end of the block in which it came about.
                answer = min(time for time in (*coach, np.inf) if time > spoken.heard)
                before = played[: round(min(answer * SAMPLE_RATE, len(played))) - BLOCK]
                spoken.silent = float(np.flatnonzero(before)[-1] + 1) / SAMPLE_RATE
                if spoken.silent > spoken.start:
                    self.timeline.append(TimelineEntry(spoken.silent, "silent", ""))
        self.timeline.sort(key=lambda moment: moment.time)


def run_demo(
    language: Language, wav: Path, *, echo: float, model: Path | None = None
) -> tuple[Scenario, float]:
    """Play the demo in the studio and write it to `wav`; give what happened, and its seconds."""
    recognisers = open_recognisers(language, model)
    listener = open_listener(language, recognisers)
    studio = Studio(Mixer(), listener, Room(echo))
    routine = language.routine(ROUTINE)
    config = SessionConfig(
        language=language,
        routine=routine.id,
        weak_hearing=bool(recognisers.weak),
        press_by_breath=False,  # the second voice only speaks
    )
    session = Session(config)
    with (
        wav.open("wb") as file,
        closing(PromptNarrator(open_voice(language), clip_store())) as coach,
        closing(PromptNarrator(Pyttsx3Voice(PERSON), clip_store())) as person,
    ):
        coach.hold(vital_sentences(language), DEFAULT_RATE)
        scenario = Scenario(lambda words: person.clip(words, PERSON_RATE))
        Runner(session, studio, coach, Nobody(), partial(scenario, studio)).run()
        scenario.find_silences(studio.played)
        studio.save(file)
    return scenario, len(studio.played) / SAMPLE_RATE
