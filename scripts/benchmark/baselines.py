"""Baselines: what others would build, each the way its tutorial says, on the same microphone.

None of them hushes or asks: a phrase that is heard ends the routine. Pain and stop act on partial
results in all but the tutorial's own loop, for that is the best that can be done with them.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pocketsphinx
import vosk

from voice_coach.core.commands import URGENT
from voice_coach.core.events import Heard
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.hearing import model_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from benchmark.simulation import Baseline
    from voice_coach.core.commands import Command, Phrases
    from voice_coach.core.language import Language

    Samples = NDArray[np.float32]

QUIET = 1e-4
"""Rms of the far end below which the tutorial's loop is not speaking."""
KEYPHRASE = 1e-20
"""Threshold of a keyphrase, as PocketSphinx's documentation has it in its example."""


vosk.SetLogLevel(-3)


class Canceller(Protocol):
    """Takes the echo out of the microphone."""

    def cancel(self, microphone: Samples, far_end: Samples) -> Samples:
        """Give one block without the echo of `far_end`."""


class LibraryCanceller:
    """WebRTC's echo canceller, as the package livekit brings it along; it takes 10 ms at a time."""

    def __init__(self) -> None:
        from livekit import rtc  # noqa: PLC0415 - optional

        self._frame = rtc.AudioFrame
        self._canceller = rtc.AudioProcessingModule(
            echo_cancellation=True, high_pass_filter=True, noise_suppression=False
        )

    def cancel(self, microphone: Samples, far_end: Samples) -> Samples:
        """Give one block without the echo of `far_end`."""
        size = SAMPLE_RATE // 100
        cleaned = []
        for start in range(0, len(microphone), size):
            far, near = (
                self._frame(bytearray(pcm(part[start : start + size])), SAMPLE_RATE, 1, size)
                for part in (far_end, microphone)
            )
            self._canceller.process_reverse_stream(far)
            self._canceller.process_stream(near)
            cleaned.append(np.frombuffer(bytes(near.data), np.int16))
        return np.divide(np.concatenate(cleaned), 32768, dtype=np.float32)


class VoskBaseline:
    """A vosk recogniser that acts on whatever phrase shows in a partial result."""

    def __init__(
        self,
        model: vosk.Model,
        phrases: Phrases,
        *,
        grammar: bool = True,
        canceller: Canceller | None = None,
    ) -> None:
        """Hear `phrases`, with a closed grammar of all of them or with the full vocabulary."""
        self._model = model
        self._all = phrases
        self._grammar = grammar
        self._canceller = canceller
        self._phrases: Phrases = {}
        self._recogniser: Any = None
        self._reported: Counter[str] = Counter()

    def listen(self, commands: frozenset[Command]) -> None:
        """Report only these; a change of grammar is a new recogniser."""
        self._phrases = {p: m for p, m in self._all.items() if m.command in commands}
        if self._grammar or self._recogniser is None:
            words = [json.dumps([*self._phrases, "[unk]"])] if self._grammar else []
            self._recogniser = vosk.KaldiRecognizer(self._model, SAMPLE_RATE, *words)

    def hear(self, microphone: Samples, far_end: Samples) -> list[Heard]:
        """Take the next block; report each phrase once for every time it was said."""
        if self._canceller:
            microphone = self._canceller.cancel(microphone, far_end)
        over = self._recogniser.AcceptWaveform(pcm(microphone))
        result = self._recogniser.Result() if over else self._recogniser.PartialResult()
        words = f" {json.loads(result)['text' if over else 'partial']} "
        heard = []
        for phrase, meaning in self._phrases.items():
            said = words.count(f" {phrase} ")
            if said > self._reported[phrase]:
                self._reported[phrase] = said
                heard.append(Heard(meaning.command, phrase))
        if over:
            self._reported.clear()
        return heard


class TutorialBaseline:
    """Listens only between its own sentences, and acts on final results, as `runAndWait` has it.

    What sounds while the coach speaks is never recorded.
    """

    def __init__(self, model: vosk.Model, phrases: Phrases) -> None:
        self._model = model
        self._all = phrases
        self._phrases: Phrases = {}
        self._recogniser = vosk.KaldiRecognizer(model, SAMPLE_RATE)

    def listen(self, commands: frozenset[Command]) -> None:
        """Report only these."""
        self._phrases = {p: m for p, m in self._all.items() if m.command in commands}

    def hear(self, microphone: Samples, far_end: Samples) -> list[Heard]:
        """Take the next block, if the coach is silent."""
        if np.sqrt(np.mean(far_end**2)) > QUIET:
            return []
        if not self._recogniser.AcceptWaveform(pcm(microphone)):
            return []
        words = f" {json.loads(self._recogniser.Result())['text']} "
        return [Heard(m.command, p) for p, m in self._phrases.items() if f" {p} " in words]


class KeyphraseBaseline:
    """PocketSphinx's search for keyphrases, which needs no model but its own."""

    def __init__(self, phrases: Phrases) -> None:
        self._all = phrases
        self._phrases: Phrases = {}
        self._decoder: Any = None

    def listen(self, commands: frozenset[Command]) -> None:
        """Search for these commands' phrases."""
        self._phrases = {p: m for p, m in self._all.items() if m.command in commands}
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "keyphrases"
            path.write_text("".join(f"{phrase} /{KEYPHRASE}/\n" for phrase in self._phrases))
            self._decoder = pocketsphinx.Decoder(kws=str(path), lm=None, loglevel="FATAL")
        self._decoder.start_utt()

    def hear(self, microphone: Samples, far_end: Samples) -> list[Heard]:  # noqa: ARG002 - a listener's shape
        """Take the next block; begin anew after each find, as the documentation has it."""
        self._decoder.process_raw(pcm(microphone), no_search=False, full_utt=False)
        found = self._decoder.hyp()
        if found is None:
            return []
        self._decoder.end_utt()
        self._decoder.start_utt()
        phrases = (phrase.strip() for phrase in found.hypstr.split("  "))
        return [Heard(self._phrases[p].command, p) for p in phrases if p in self._phrases]


@cache
def speech_model(code: str) -> vosk.Model:
    """Load the speech model of the language with this code, once."""
    folder = model_store.find(model_store.manifest(code), model_store.store())
    if folder is None:
        raise model_store.NoModel("The speech model is needed: voice-coach fetch-model.")
    return vosk.Model(str(folder))


def baselines(language: Language) -> dict[str, Callable[[], Baseline]]:
    """Tell how to make each baseline there is, by name. Loads the model."""
    loaded = speech_model(language.code)
    every = language.phrases()
    urgent = {phrase: m for phrase, m in every.items() if m.command in URGENT}
    made: dict[str, Callable[[], Baseline]] = {
        "no canceller": lambda: VoskBaseline(loaded, urgent),
        "library canceller": lambda: VoskBaseline(loaded, urgent, canceller=LibraryCanceller()),
        "raw vosk grammar": lambda: VoskBaseline(loaded, every),
        "vosk full vocabulary": lambda: VoskBaseline(loaded, every, grammar=False),
        "pocketsphinx keyphrases": lambda: KeyphraseBaseline(every),
        "tutorial loop": lambda: TutorialBaseline(loaded, every),
    }
    return {name: made[name] for name in names()}


def names() -> list[str]:
    """Name the baselines that can be measured here."""
    every = [
        "no canceller",
        "library canceller",
        "raw vosk grammar",
        "vosk full vocabulary",
        "pocketsphinx keyphrases",
        "tutorial loop",
    ]
    return [name for name in every if name != "library canceller" or find_spec("livekit")]


def missing() -> list[str]:
    """Say in one line which baselines are left out."""
    if find_spec("livekit"):
        return []
    return ["livekit is not installed (pip install livekit): the library canceller is left out."]


def pcm(samples: Samples) -> bytes:
    """Give 16-bit samples, as recognisers take them."""
    return (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
