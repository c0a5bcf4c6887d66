"""Kokoro as a live voice, as an extra: it says what has no shipped clip.

It runs in a child process (see kokoro_worker), which can be killed while it works, and costs a
session nothing until it is asked.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from voice_coach.speech.child import Child
from voice_coach.speech.kokoro import INSTALLATION, PACKAGES, SPEAKERS
from voice_coach.speech.tempo import at_tempo

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

WORKER = (sys.executable, "-m", "voice_coach.speech.kokoro_worker")
REMEDY = f"install it anew with {INSTALLATION}, or choose another voice"
PATIENCE = 30.0
"""Seconds to wait for one clip, a second or more of loading included; on an old computer a
sentence takes as long as it lasts."""


def installed() -> bool:
    """Whether all it needs is there."""
    from importlib.metadata import (  # noqa: PLC0415 - most sessions do without
        PackageNotFoundError,
        version,
    )

    try:
        return all(version(package) for package in PACKAGES)
    except PackageNotFoundError:
        return False


class KokoroVoice:
    """Renders any sentence of the language of this `code`; safe to use from several threads."""

    def __init__(
        self, code: str, *, command: Sequence[str] = WORKER, patience: float = PATIENCE
    ) -> None:
        self._code = code
        self._child = Child(command, patience, REMEDY)

    @property
    def name(self) -> str:
        """All that decides how this voice sounds, apart from words and rate."""
        return SPEAKERS[self._code].name

    def render(self, text: str, rate: int) -> NDArray[np.float32]:
        """Speak `text` at `rate` words a minute; give SAMPLE_RATE samples a second, one channel.

        The same words always give the same samples. VoiceUnavailable says why there is no voice.
        """
        spoken = self._child.speech({"text": text, "language": self._code})
        return at_tempo(spoken, rate / SPEAKERS[self._code].own_rate)

    def close(self) -> None:
        """End the child at once, also while it renders: that render then fails."""
        self._child.close()
