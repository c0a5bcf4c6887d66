"""The people: who they are, how they speak, and the store that keeps what they said.

A voice belongs to one part: what is tuned on some voices is reported on others. What makes an
utterance hard is written on it as groups, so that no group's misses hide in the mean.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from benchmark import synthesisers
from benchmark.speaking_styles import STYLES
from voice_coach.speech.clips import speech_rms

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from numpy.typing import NDArray

    from benchmark.rooms import Part

    Samples = NDArray[np.float32]

VERSION = "3"
"""The version of the sounds; a new one makes every cached sound again."""
FAST, SLOW = 195, 125
"""Words a minute from which on an utterance counts as fast, and up to which as slow."""
HIGH, LOW = 62, 38
"""The same for eSpeak's pitch."""
SOFT = -8.0
"""Level of a soft voice against a plain one, in dB."""

_VARIANTS = {
    "tune": ("f1", "f3", "f5", "m1", "m3", "m5", "m7", "Alicia", "Annie", "david", "edward"),
    "report": ("f2", "f4", "m2", "m4", "m6", "Andrea", "belinda", "paul", "quincy"),
}
_ACCENTS = {
    "tune": ("en-gb-scotland", "en-gb-x-gbclan", "en-us-nyc"),
    "report": ("en-029", "en-gb-x-rp", "en-gb-x-gbcwmd"),
}
_PLAIN = ("en-us", "en")
"""American, and British by its file's name: with "en-gb" eSpeak takes no notice of variants."""
_OTHERS = {
    "tune": (("flite", "slt"), ("flite", "kal16")),
    "report": (("flite", "rms"), ("flite", "awb"), ("piper", "joe")),
}


@dataclass(frozen=True)
class Speaker:
    """One person."""

    engine: str
    name: str

    @property
    def accented(self) -> bool:
        """Whether it is far from the speech the model knows best."""
        if self.engine == "espeak":
            return self.name.split("+")[0] not in _PLAIN
        return self.name == "awb"  # a Scot

    def __str__(self) -> str:
        """Give the engine and its name for the voice."""
        return f"{self.engine} {self.name}"


def voices(part: Part, engines: Collection[str]) -> list[Speaker]:
    """Give everybody in this part whom these engines can speak for."""
    everybody = [
        Speaker("espeak", f"{accent}+{variant}")
        for variant in _VARIANTS[part]
        for accent in (*_PLAIN, *_ACCENTS[part])
    ]
    everybody += [Speaker(*other) for other in _OTHERS[part]]
    return [voice for voice in everybody if voice.engine in engines]


class Sound(Protocol):
    """Anything that can be heard in a scene; a frozen value, so that its name is its content."""

    def make(self) -> Samples:
        """Make the samples anew: 16 kHz, at any level."""


@dataclass(frozen=True)
class Utterance:
    """Words from somebody's mouth."""

    text: str
    voice: Speaker
    rate: int = 150
    """Words a minute."""
    pitch: int = 50
    """From 0 to 100; 50 is the voice's own."""
    style: str = ""
    """One of `STYLES`; plain if empty."""

    @property
    def groups(self) -> frozenset[str]:
        """Name what is hard about it; "plain" if nothing."""
        found = {
            "high": self.pitch >= HIGH,
            "low": self.pitch <= LOW,
            "fast": self.rate >= FAST or self.style == "hurried",
            "slow": self.rate <= SLOW and self.style != "hurried",
            "quiet": self.style in ("quiet", "whispered"),
            "strained": self.style in ("strained", "breathy"),
            "accent": self.voice.accented,
        }
        return frozenset(name for name, true in found.items() if true) or frozenset({"plain"})

    @property
    def level(self) -> float:
        """How loud it is against a plain utterance, in dB."""
        return SOFT if self.style in ("quiet", "whispered") else 0.0

    def make(self) -> Samples:
        """Have it spoken."""
        voice = self.voice
        spoken = synthesisers.speak(
            voice.engine, voice.name, self.text, rate=self.rate, pitch=self.pitch
        )
        if self.style:
            digest = hashlib.sha256(repr(self).encode()).digest()
            spoken = STYLES[self.style](spoken, np.random.default_rng(list(digest)))
        return spoken


def draw_utterance(text: str, people: list[Speaker], rng: np.random.Generator) -> Utterance:
    """Let somebody say `text`; half of all by eSpeak, whose voices are many but much alike.

    Rates and pitches lie around the middle, as people's do; half speak plainly.
    """
    espeak = rng.random() < 0.5
    some = [voice for voice in people if (voice.engine == "espeak") == espeak] or people
    voice = some[rng.integers(len(some))]
    rate = int(np.clip(rng.normal(155, 35), 110, 220))
    pitch = int(np.clip(rng.normal(50, 18), 20, 80))
    style = ""
    if rng.random() < 0.5:
        style = str(rng.choice([*STYLES]))
    return Utterance(text, voice, rate, pitch, style)


class SoundStore:
    """Keeps on disk what was made, named after what it was made of."""

    def __init__(self, folder: Path | None = None) -> None:
        """Keep it in `folder`; without one, in the system's cache folder."""
        self.folder = folder or Path(tempfile.gettempdir()) / "voice-coach-bench"
        self.folder.mkdir(parents=True, exist_ok=True)

    def samples(self, sound: Sound) -> Samples:
        """Give the sound, trimmed of silence and with active speech of rms one."""
        return self.cached(repr(sound), lambda: levelled(sound.make()))

    def cached(self, content: str, make: Callable[[], Samples]) -> Samples:
        """Give what is cached under `content`, or make and cache it."""
        key = hashlib.sha256(f"{VERSION} {content}".encode()).hexdigest()[:32]
        path = self.folder / f"{key}.npy"
        if path.exists():
            return np.asarray(np.load(path), np.float32)
        samples = make().astype(np.float32)
        # Written aside and renamed: another process may look for the same.
        with tempfile.NamedTemporaryFile(dir=self.folder, suffix=".part", delete=False) as part:
            np.save(part, samples)
        Path(part.name).replace(path)
        return samples


def levelled(samples: Samples) -> Samples:
    """Cut what is 40 dB below the peak off both ends; make the rms of active speech one."""
    sounding = np.flatnonzero(np.abs(samples) > 0.01 * np.max(np.abs(samples)))
    trimmed = samples[sounding[0] : sounding[-1] + 1]
    return (trimmed / (speech_rms(trimmed) + 1e-12)).astype(np.float32)
