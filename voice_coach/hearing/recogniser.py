"""What the coach asks of any recogniser: a closed set of phrases, and results while one speaks.

A recogniser is fed every sample once, in order, and answers at once: partial results while
somebody speaks, each of which may still be taken back, and a final one when they fall silent.
It decides nothing. Beside the stream it decodes pieces of sound for the second pass; that may
happen in another thread at the same time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

UNKNOWN = "[unk]"
"""Stands in a result for speech that is none of the phrases listened for."""


@dataclass(frozen=True)
class Result:
    """What has been heard of one utterance so far, or in the end."""

    text: str
    """Words in small letters, among them perhaps ``UNKNOWN``; empty if a guess was taken back."""
    final: bool
    """Whether the utterance is over and the text no longer changes."""


@dataclass(frozen=True)
class Hypothesis:
    """One way in which a piece of sound can be understood."""

    text: str
    """As in ``Result``."""
    score: float | None
    """Natural logarithm of its likelihood, up to a constant that all hypotheses about this sound
    share; None if the recogniser gives none."""


class Recogniser(Protocol):
    """Turns sound into results."""

    @property
    def name(self) -> str:
        """The engine, as a person may read it."""

    def listen_for(self, phrases: Sequence[str]) -> None:
        """From now on hear only `phrases`, also in the utterance that is under way.

        The same phrases as before change nothing, in whatever order they come.
        """

    def forget(self) -> None:
        """Count what was said so far as done with: no later result will hold any of it."""

    def accept(self, samples: npt.NDArray[np.float32]) -> Result | None:
        """Hear on: one-dimensional `samples` at ``SAMPLE_RATE``, from -1 to 1, of any length.

        Gives a result when the partial text has changed or an utterance has ended, else nothing.
        """

    def decode(self, samples: npt.NDArray[np.float32], phrases: Sequence[str]) -> list[Hypothesis]:
        """Decode `samples` by themselves, apart from the stream, as nothing but `phrases`.

        Gives the likeliest texts, best first, perhaps only one; an empty text stands for silence.
        Any thread may call it while another one calls ``accept``.
        """

    def transcribe(self, samples: npt.NDArray[np.float32]) -> str | None:
        """Give the likeliest words in `samples`, with all to choose from that there are.

        None if the recogniser cannot do that. Any thread may call it, as ``decode``.
        """
