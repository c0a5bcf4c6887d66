"""The first pass: phrases of pain and stop as they are spoken, and whose words they are.

A streaming recogniser that knows only these phrases detects one a quarter of a second after it was
said. It misses little, but also detects many that nobody said. A second recogniser hears the far
end: a phrase that it finds there is ignored in the microphone for a second, because it may be the
echo (self-echo gate).
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from voice_coach.hearing.second_pass import occurrences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from voice_coach.hearing.recogniser import Recogniser

SELF_ECHO = 1.0
"""Seconds after a phrase of the coach in which its echo may be heard in the microphone."""
SILENCE_AFTER = 0.5
"""Seconds of silence that the far end's recogniser hears after the coach's last word. It shows a
phrase a quarter of a second late; without them it would show the last one with the next clip."""


class FirstPass:
    """Streams one recogniser over the microphone and one over the far end."""

    def __init__(self, person: Recogniser, coach: Recogniser) -> None:
        self._person = _Stream(person)
        self._coach = _Stream(coach)
        self._last_coach = -math.inf
        """When the coach was last audible, in seconds."""
        self._said_by_coach: dict[str, float] = {}
        """When the coach's own voice was last heard to say a phrase, in seconds."""

    def listen_for(self, phrases: Sequence[str]) -> None:
        """Detect these from now on."""
        self._person.listen_for(phrases)
        self._coach.listen_for(phrases)

    def step(
        self, now: float, clean: NDArray[np.float32], far_end: NDArray[np.float32] | None
    ) -> str:
        """Give the person's phrase that shows with the block ending at `now`; empty if none does.

        `far_end` is None while the coach is silent.
        """
        if far_end is not None:
            self._last_coach = now
        if now - self._last_coach <= SILENCE_AFTER:
            coach = np.zeros_like(clean) if far_end is None else far_end
            self._said_by_coach |= dict.fromkeys(self._coach.step(coach), now)
        own = self.said_by_coach(now)
        return next((each for each in self._person.step(clean) if each not in own), "")

    def said_by_coach(self, now: float) -> frozenset[str]:
        """Give the phrases that may come back in the microphone."""
        said = self._said_by_coach.items()
        return frozenset(phrase for phrase, at in said if now - at < SELF_ECHO)


class _Stream:
    """Tells which phrases are new in a recogniser's results."""

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser
        self._phrases: Sequence[str] = ()
        self._counted = Counter[str]()

    def listen_for(self, phrases: Sequence[str]) -> None:
        self._phrases = phrases
        self._recogniser.listen_for(phrases)

    def step(self, samples: NDArray[np.float32]) -> list[str]:
        """Give each phrase that occurs more often than it had in this utterance so far."""
        result = self._recogniser.accept(samples)
        if result is None:
            return []
        words, new = result.text.split(), []
        for phrase in self._phrases:
            said = occurrences(phrase.split(), words)
            if said > self._counted[phrase]:
                # Never counted down: after a change of grammar the utterance is decoded anew.
                self._counted[phrase] = said
                new.append(phrase)
        if result.final:
            self._counted.clear()
        return new
