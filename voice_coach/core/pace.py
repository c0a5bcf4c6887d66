"""How fast the coach speaks and breathes, and how long saying something will take."""

from __future__ import annotations

from dataclasses import dataclass, replace

DEFAULT_RATE = 150
"""Words a minute. Synthetic speech is most comfortable at 150 to 200; instructions are best near
150."""
RATES = (110, 130, DEFAULT_RATE, 170, 190)
"""What "slower" and "faster" step through, in words a minute."""

SECONDS_PER_LETTER = 0.074
SECONDS_PER_STOP = 0.57
SECONDS_PER_SENTENCE = 0.3
"""A clip's length at DEFAULT_RATE: a fit to the default voice's clips of all shipped sentences,
0.36 s of which remain unexplained (root mean square)."""


@dataclass(frozen=True)
class Pace:
    """The speed of a session; "slower" and "faster" move one notch."""

    rate: int = DEFAULT_RATE
    """Words a minute."""

    @property
    def stretch(self) -> float:
        """How much longer than written a breath lasts; slower speech goes with slower breath."""
        return 1 + (DEFAULT_RATE - self.rate) / 200

    def slower(self) -> Pace:
        """One notch down, or the same at the end of the scale."""
        return replace(self, rate=max((r for r in RATES if r < self.rate), default=self.rate))

    def faster(self) -> Pace:
        """One notch up, or the same at the end of the scale."""
        return replace(self, rate=min((r for r in RATES if r > self.rate), default=self.rate))


def speaking_seconds(text: str, rate: int = DEFAULT_RATE) -> float:
    """Estimate how long `text` takes to say, in seconds."""
    letters = sum(character.isalnum() for character in text)
    stops = sum(text.rstrip(".,;:!?").count(mark) for mark in ".,;:!?")
    seconds = SECONDS_PER_LETTER * letters + SECONDS_PER_STOP * stops + SECONDS_PER_SENTENCE
    return seconds * DEFAULT_RATE / rate
