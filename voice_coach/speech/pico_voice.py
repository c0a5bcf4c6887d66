"""SVOX Pico as the coach's voice on Linux: small, quick, and easier to understand than eSpeak.

It is a library in a package, py-nanotts, and no part of the system; pyttsx3 has no driver for it,
and loads drivers from its own package only. So Pico stands beside it. It renders in a child process
(see pico_worker), for it is made of C and may crash or hang.
"""

from __future__ import annotations

import sys
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from voice_coach.speech.child import Child
from voice_coach.speech.tempo import at_tempo

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

WORKER = (sys.executable, "-m", "voice_coach.speech.pico_worker")
PACKAGE = "py-nanotts"
REMEDY = f"install {PACKAGE} anew, or choose another voice"
PATIENCE = 10.0
"""Seconds to wait for one clip, the start of the child included; it usually takes 0.05 s."""


class Accent(NamedTuple):
    """One of Pico's voices."""

    language: str
    own_rate: int
    """Words a minute of instructions, pauses counted, at its own speed; every other rate is reached
    by stretching, for its own is off by a tenth at 110 and at 190."""

    @property
    def code(self) -> str:
        """The code of the language."""
        return self.language.split("-")[0]


VOICES = {
    "pico-us": Accent("en-US", 154),
    "pico-gb": Accent("en-GB", 154),
    "pico-es": Accent("es-ES", 124),
}
"""Those that speak a language of the coach, the better first."""


def installed() -> bool:
    """Whether it is there; on other systems than Linux their own voices speak."""
    from importlib.util import find_spec  # noqa: PLC0415 - seldom needed

    return sys.platform == "linux" and find_spec("py_nanotts") is not None


def speaking(code: str) -> list[str]:
    """List the ``VOICES`` that speak the language of this code, where Pico is installed."""
    if not installed():
        return []
    return [name for name, accent in VOICES.items() if accent.code == code]


class PicoVoice:
    """Renders with one of ``VOICES``; safe to use from several threads."""

    def __init__(
        self, voice: str, *, command: Sequence[str] = WORKER, patience: float = PATIENCE
    ) -> None:
        self._accent = VOICES[voice]
        self._child = Child(command, patience, REMEDY)

    @cached_property
    def name(self) -> str:
        """All that decides how this voice sounds, apart from words and rate."""
        from importlib.metadata import version  # noqa: PLC0415 - seldom needed

        return f"SVOX Pico, {PACKAGE} {version(PACKAGE)}, {self._accent.language}"

    def render(self, text: str, rate: int) -> NDArray[np.float32]:
        """Speak `text` at `rate` words a minute; give SAMPLE_RATE samples a second, one channel.

        The same words always give the same samples. VoiceUnavailable says why there is no voice.
        """
        spoken = self._child.speech({"text": text, "voice": self._accent.language})
        return at_tempo(spoken, rate / self._accent.own_rate)

    def close(self) -> None:
        """End the child at once, also while it renders: that render then fails."""
        self._child.close()
