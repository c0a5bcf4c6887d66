"""The clips that are shipped: every sentence the coach can say in a language, in one voice.

They are files in the package, one a sentence, and a manifest that tells which is which. They were
rendered at the usual rate; for another one they are stretched, and their pitch stays as it is.
``scripts/voicepack`` makes them.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import miniaudio
import numpy as np

from voice_coach.core.all_sentences import all_sentences, digest, parts
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.speech.clips import VoiceUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from voice_coach.core.language import Language

SHIPPED = Path(__file__).parents[1] / "voice"
"""A folder for each language that has clips."""
MANIFEST = "manifest.json"
FORMAT = 1
"""Raise it when clips are finished or encoded in another way: all are rendered anew then."""
PAUSE = SAMPLE_RATE * 400 // 1000
"""Samples between two sentences said in one go: 0.4 s, as between any two of the coach's."""


@dataclass(frozen=True)
class ClipPack:
    """Clips in a folder."""

    voice: str
    """All that decides how it sounds, apart from words and rate."""
    rate: int
    """Words a minute."""
    language: str
    """The ``digest`` of the language whose sentences it has, all of them."""
    files: Mapping[str, str]
    """Text → name of its file."""
    folder: Path

    def write(self) -> None:
        """Write the manifest."""
        content = {
            "voice": self.voice,
            "rate": self.rate,
            "language": self.language,
            "files": dict(sorted(self.files.items())),
        }
        text = json.dumps(content, indent=0, ensure_ascii=False)
        (self.folder / MANIFEST).write_text(f"{text}\n", "utf-8")

    def lacks(self, language: Language) -> list[str]:
        """List what the coach can say in this `language`, and the pack cannot."""
        if digest(language) == self.language:
            return []
        return [text for text in all_sentences(language) if self._files_of(text) is None]

    def load(self, text: str) -> NDArray[np.int16] | None:
        """Give the clip of `text` at the pack's own rate, SAMPLE_RATE a second; None without one.

        Raises ``VoiceUnavailable`` if its file is missing or damaged.
        """
        names = self._files_of(text)
        if names is None:
            return None
        pause = np.zeros(PAUSE, np.int16)
        clips = [clip for name in names for clip in (pause, self._decoded(name))]
        return np.concatenate(clips[1:])

    def _files_of(self, text: str) -> list[str] | None:
        """Name the files that say it, in order: its own, or those of its sentences."""
        if text in self.files:
            return [self.files[text]]
        names = [self.files.get(part) for part in parts(text)]
        return None if None in names else names  # type: ignore[return-value]

    def _decoded(self, name: str) -> NDArray[np.int16]:
        try:
            content = (self.folder / name).read_bytes()
            sound = miniaudio.decode(
                content, miniaudio.SampleFormat.SIGNED16, nchannels=1, sample_rate=SAMPLE_RATE
            )
        except (OSError, miniaudio.DecodeError) as error:
            raise VoiceUnavailable(
                f"A clip of the coach's voice, {name}, cannot be read ({error}): install"
                " voice-coach anew."
            ) from None
        return np.frombuffer(sound.samples, np.int16)


def shipped(code: str) -> ClipPack | None:
    """Open the clips of the language of this code; None where there are none."""
    folder = SHIPPED / code
    try:
        content = json.loads((folder / MANIFEST).read_text("utf-8"))
    except FileNotFoundError:
        return None
    return ClipPack(**content, folder=folder)


def file_name(voice: str, rate: int, phonemes: str) -> str:
    """Name the file of a clip after all that decides how it sounds."""
    digest = hashlib.sha256(f"{FORMAT}\n{voice}\n{rate}\n{phonemes}".encode()).hexdigest()
    return f"{digest[:20]}.ogg"
