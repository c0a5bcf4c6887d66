"""pyttsx3 as the coach's voice: text in, samples out, with a voice of the operating system.

It renders in a child process (see pyttsx3_worker), for it can hang and crash.
"""

from __future__ import annotations

import ctypes
import platform
import sys
from functools import cached_property
from typing import TYPE_CHECKING

from voice_coach.speech.child import Child

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

WORKER = (sys.executable, "-m", "voice_coach.speech.pyttsx3_worker")
PATIENCE = 10.0
"""Seconds to wait for one clip, the start of the child included; it usually takes 0.03 s."""

SYSTEM = {"darwin": "macOS", "win32": "Windows"}.get(sys.platform, "")
"""What speaks by itself; empty where eSpeak NG does."""
DEFAULT_VOICE = None if SYSTEM else "en-us"
"""None is the voice chosen in the system's settings.

A recogniser understood eSpeak's American voice (36 % word errors on 18 instructions at 150 words a
minute) no worse than its British ones (37-40 %) and as well as its variants (33-35 %, a tie).
"""
REMEDY = (
    "choose another voice in the system's settings, or with voice-coach voices"
    if SYSTEM
    else "try 'espeak-ng hello' in a terminal, or another voice"
)


class Pyttsx3Voice:
    """Renders with a voice of the operating system; safe to use from several threads.

    `voice` is an identifier, language or name as ``voices`` lists them, on Linux with an optional
    variant of eSpeak's after a plus ("en-gb", "en-us+f3").
    """

    def __init__(
        self,
        voice: str | None = None,
        *,
        command: Sequence[str] = WORKER,
        patience: float = PATIENCE,
    ) -> None:
        self._voice = voice or DEFAULT_VOICE
        self._child = Child(command, patience, REMEDY)

    @cached_property
    def name(self) -> str:
        """All that decides how this voice sounds, apart from words and rate."""
        return f"pyttsx3, {_engine()}, {self._voice or 'voice of the system'}"

    def voices(self) -> dict[str, dict[str, str]]:
        """List the voices there are: identifier → name and language.

        VoiceUnavailable if that fails.
        """
        voices: dict[str, dict[str, str]] = self._child.ask({"voices": True})["voices"]
        return voices

    def render(self, text: str, rate: int) -> NDArray[np.float32]:
        """Speak `text` at `rate` words a minute; give SAMPLE_RATE samples a second, one channel.

        The same words always give the same samples. VoiceUnavailable says why there is no voice.
        """
        return self._child.speech({"text": text, "voice": self._voice, "rate": rate})

    def close(self) -> None:
        """End the child at once, also while it renders: that render then fails."""
        self._child.close()


def _engine() -> str:
    """Name the engine and its version, without starting it."""
    if SYSTEM:
        return f"{SYSTEM} {platform.mac_ver()[0] or platform.version()}"
    try:
        espeak_info = ctypes.CDLL("libespeak-ng.so.1").espeak_Info
    except OSError:
        return "eSpeak NG"
    espeak_info.restype = ctypes.c_char_p
    return f"eSpeak NG {espeak_info(None).decode()}"
