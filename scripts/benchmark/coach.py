"""The coach's part: every sentence it ships with, in its own voice, back to back."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from voice_coach.app import clip_store
from voice_coach.core.events import ClipFinished
from voice_coach.core.pace import DEFAULT_RATE
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.speech.narrator import PromptNarrator
from voice_coach.speech.pyttsx3_voice import Pyttsx3Voice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from voice_coach.audio.mixer import Mixer
    from voice_coach.core.events import Event
    from voice_coach.core.language import Language

    Samples = NDArray[np.float32]
    Clips = Mapping[str, Samples]

QUESTION = "Did that hurt?"
"""Asked where pain is suspected."""
GAPS = (0.3, 0.9)
"""Shortest and longest silence between two sentences, in seconds."""


def sentences(language: Language) -> list[str]:
    """Give all that is said whole: what ends like a sentence and has nothing to be put into it."""
    parts = language.model_dump(include={"coach", "safety", "routines"})
    whole = (text for text in _texts(parts) if text.endswith((".", "?", "!")))
    return sorted({text for text in whole if not {"{", "["} & set(text)})


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for value in part.values():
            yield from _texts(value)
    elif isinstance(part, (list, tuple)):
        for value in part:
            yield from _texts(value)


def render(language: Language) -> dict[str, Samples]:
    """Have all sentences and the question spoken as the coach would, or find them in its cache."""
    with closing(PromptNarrator(Pyttsx3Voice(), clip_store())) as narrator:
        texts = [*sentences(language), QUESTION]
        return {text: narrator.clip(text, DEFAULT_RATE).samples for text in texts}


class Coach:
    """Keeps the mixer speaking: one sentence after another, in an order of its own."""

    def __init__(self, mixer: Mixer, clips: Clips, rng: np.random.Generator) -> None:
        self._mixer = mixer
        self._clips = clips
        self._rng = rng
        self._texts = [text for text in clips if text != QUESTION]
        self._next: list[str] = []
        self._id = 0
        self.talking = False
        """Whether it goes on to the next sentence by itself."""
        self.seconds = 0.0
        """How long the latest sentence is."""

    def talk(self) -> None:
        """Begin the next sentence, and go on from there."""
        self.talking = True
        self._speak_next(0.0)

    def ask(self) -> int:
        """Break off and put the question; give the id of its clip."""
        self.fall_silent()
        self._id += 1
        self._mixer.play(self._id, self._clips[QUESTION])
        return self._id

    def fall_silent(self) -> None:
        """Break off."""
        self.talking = False
        self._mixer.cut()

    def note(self, event: Event) -> None:
        """Go on when a sentence is over."""
        if self.talking and isinstance(event, ClipFinished) and event.say_id == self._id:
            self._speak_next(self._rng.uniform(*GAPS))

    def _speak_next(self, gap: float) -> None:
        if not self._next:
            self._next = [self._texts[k] for k in self._rng.permutation(len(self._texts))]
        self._id += 1
        at = self._mixer.position + int(gap * SAMPLE_RATE)
        samples = self._clips[self._next.pop()]
        self.seconds = len(samples) / SAMPLE_RATE
        self._mixer.play(self._id, samples, at=at)
