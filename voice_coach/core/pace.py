"""How fast the coach speaks and breathes, and how long saying something will take."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from voice_coach.core.earcons import SECONDS as EARCON_SECONDS

DEFAULT_RATE = 150
"""Words a minute. Synthetic speech is most comfortable at 150 to 200; instructions are best near
150."""
BREATHS = (0.8, 1.0, 1.25, 1.5)
"""What "longer breaths" and "shorter breaths" step through, as multiples of the written length."""
RATES = (110, 130, DEFAULT_RATE, 170, 190)
"""What "slower" and "faster" step through, in words a minute."""

SECONDS_PER_LETTER = 0.091
SECONDS_PER_STOP = 0.23
SECONDS_PER_SENTENCE = 0.24
"""The length of a clip at DEFAULT_RATE: a fit to 474 English clips. On 721 later ones its
residual is 0.30 s (root mean square). Spanish clips are 12 % shorter than it says, so nothing is
late. For eSpeak, which pauses longer at each stop, the residual is 0.47 s in English and 0.36 s in
Spanish; its clips are 2 % longer, or as long."""
ESTIMATES = 4096
"""How many estimates are kept: a language has some 500 sentences, and plans ask again and again."""


@dataclass(frozen=True)
class Pace:
    """The speed of a session; "slower" and "faster" move speech and breath by one notch.

    A person who says "slower" on the floor, with closed eyes, means both. "Longer breaths" and
    "shorter breaths" move only the breath.
    """

    rate: int = DEFAULT_RATE
    """Words a minute."""
    breath: float = 1.0
    """How much longer a breath lasts than it would at this rate."""

    @property
    def stretch(self) -> float:
        """How much longer than written a breath lasts; slower speech goes with slower breath."""
        return self.breath * (1 + (DEFAULT_RATE - self.rate) / 200)

    def slower(self) -> Pace:
        """One notch down, or the same at the end of the scale."""
        return replace(self, rate=max((r for r in RATES if r < self.rate), default=self.rate))

    def faster(self) -> Pace:
        """One notch up, or the same at the end of the scale."""
        return replace(self, rate=min((r for r in RATES if r > self.rate), default=self.rate))

    def longer_breaths(self) -> Pace:
        """One notch up for the breath alone, or the same at the end of the scale."""
        longer = (breath for breath in BREATHS if breath > self.breath)
        return replace(self, breath=min(longer, default=self.breath))

    def shorter_breaths(self) -> Pace:
        """One notch down for the breath alone, or the same at the end of the scale."""
        shorter = (breath for breath in BREATHS if breath < self.breath)
        return replace(self, breath=max(shorter, default=self.breath))


@lru_cache(ESTIMATES)
def speaking_seconds(text: str, rate: int = DEFAULT_RATE) -> float:
    """Estimate how long `text` takes to say, in seconds; of an earcon it is known."""
    if text in EARCON_SECONDS:
        return EARCON_SECONDS[text]
    letters = sum(character.isalnum() for character in text)
    stops = sum(text.rstrip(".,;:!?").count(mark) for mark in ".,;:!?")
    seconds = SECONDS_PER_LETTER * letters + SECONDS_PER_STOP * stops + SECONDS_PER_SENTENCE
    return seconds * DEFAULT_RATE / rate
