"""Vosk hears the phrases: a closed grammar over a small Kaldi model, streaming.

The grammar changes with what the coach can accept, and a person does not wait for that. Vosk
cannot change a grammar in mid-utterance (``SetGrammar`` then ends the whole process), so each
change makes a new recogniser, which costs 0.3 ms, and lets it hear the utterance under way from
its beginning, which costs 25 ms for each second of it. The sound before an utterance is kept
too, but only `_LEAD` of it: a word shows in a partial result a quarter of a second late, or more.

Partial results change about every 0.24 s. ``--frames-per-chunk=6`` in a model's
``conf/model.conf`` brings each 0.1 s sooner for twice the work; the model is left as its
publisher made it.

Kaldi adds noise of about one bit to what it hears (dither), drawn by the C library's ``rand``. Each
recogniser seeds that anew, so the same calls in one thread always give the same results. Where the
second pass runs in a thread of its own, the two draw from one sequence, and that one bit differs
from run to run. The model itself is shared safely: it is only read, and counts its users
atomically.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
from functools import lru_cache
from typing import TYPE_CHECKING

import vosk

from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.errors import CoachError
from voice_coach.hearing.model_store import STAMP
from voice_coach.hearing.recogniser import UNKNOWN, Hypothesis, Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

_SECOND = 2 * SAMPLE_RATE
"""Bytes of 16-bit sound."""
_LEAD = 2 * _SECOND
"""As long as there is no word, this much of the latest sound is kept to be heard again."""
_UTTERANCE = 5 * _SECOND
"""Once there is one, this much. No phrase takes longer."""

_ALTERNATIVES = 6
"""Ways to understand a piece of sound that are asked for; the search seldom keeps more."""
_C_LIBRARY = ctypes.CDLL(None) if os.name == "posix" else None
_TRIAL = """
import sys, vosk
recogniser = vosk.KaldiRecognizer(vosk.Model(sys.argv[1]), 16000, '["[unk]"]')
recogniser.AcceptWaveform(b"\\x00\\x10\\x00\\xf0" * 8000)
recogniser.FinalResult()
"""

vosk.SetLogLevel(-3)  # below even its errors: what matters comes as an exception


class UnusableModel(CoachError):
    """Vosk cannot work with a folder; the message says so in one sentence."""


class VoskModel:
    """A model in memory (180 MB), which any number of recognisers share."""

    def __init__(self, folder: Path) -> None:
        """Load the model in `folder`, in about half a second; raises ``UnusableModel``."""
        self._folder = folder
        # Part of a model may end the process instead of raising. A stamped one is known to be
        # whole; any other is first tried in a process that may die, for a second more.
        if not (folder / STAMP).is_file() and not _survives(folder):
            raise self._unusable()
        try:
            self._model = vosk.Model(str(folder))
        except Exception as error:  # vosk raises nothing more particular
            raise self._unusable() from error

    def knows(self, phrase: str) -> bool:
        """Tell whether every word of `phrase` is in the model; a grammar drops any that is not."""
        return all(self._model.vosk_model_find_word(word) >= 0 for word in phrase.split())

    def recogniser(self, phrases: Iterable[str] | None) -> vosk.KaldiRecognizer:
        """Make vosk's own recogniser of `phrases` and of what is none of them.

        With None it is one of all words.
        """
        grammar = [] if phrases is None else [json.dumps([*sorted(phrases), UNKNOWN])]
        if _C_LIBRARY:
            _C_LIBRARY.srand(1)
        try:
            return vosk.KaldiRecognizer(self._model, SAMPLE_RATE, *grammar)
        except Exception as error:  # a model without its ivector files fails only here
            raise self._unusable() from error

    def _unusable(self) -> UnusableModel:
        return UnusableModel(
            f"{self._folder} holds no speech model that can be used, or a damaged one: "
            "fetch it again, or name another folder."
        )


@lru_cache(maxsize=1)
def shared_model(folder: Path) -> VoskModel:
    """Load the model in `folder` once, for all sessions that the page leads one after another.

    Loaded for each of them anew, models left 120 MB behind each time: the memory of one that is
    given back is in pieces. Raises ``UnusableModel``.
    """
    return VoskModel(folder)


class VoskRecogniser:
    """One stream of sound, heard through one grammar at a time; until told, that of no phrase."""

    name = "vosk"

    def __init__(self, model: VoskModel) -> None:
        """Begin to hear; many of these may share `model`."""
        self._model = model
        self._phrases: frozenset[str] = frozenset()
        self._recogniser = model.recogniser(())
        self._heard = bytearray()
        """The sound since the last final result, as far as it is kept: 16-bit samples."""
        self._again = False
        """Whether the recogniser has yet to hear all that."""
        self._shown = ""
        """The partial text last given out."""
        self._told = False
        """Whether any text of this utterance was given out, even if it was taken back."""

    def listen_for(self, phrases: Sequence[str]) -> None:
        """From now on hear only `phrases`; see ``Recogniser``."""
        if self._phrases != (wanted := frozenset(phrases)):
            self._phrases = wanted
            self._recogniser = self._model.recogniser(wanted)
            self._again = True

    def forget(self) -> None:
        """Count what was said so far as done with; see ``Recogniser``."""
        self._recogniser = self._model.recogniser(self._phrases)
        self._heard.clear()
        self._again = False
        self._shown = ""
        self._told = False

    def accept(self, samples: npt.NDArray[np.float32]) -> Result | None:
        """Hear on; see ``Recogniser``."""
        fresh = _pcm(samples)
        self._heard += fresh
        over = self._recogniser.AcceptWaveform(bytes(self._heard) if self._again else fresh)
        self._again = False
        shown, told = self._shown, self._told
        if over:
            text = json.loads(self._recogniser.Result())["text"]
            # Vosk keeps what it computed of all sound, 4 MB a minute; a new recogniser takes 2 ms.
            self.forget()
            return Result(text, final=True) if text or told else None
        text = json.loads(self._recogniser.PartialResult())["partial"]
        del self._heard[: -(_UTTERANCE if text else _LEAD)]
        self._shown = text
        self._told = told or bool(text)
        return Result(text, final=False) if text != shown else None

    def decode(self, samples: npt.NDArray[np.float32], phrases: Sequence[str]) -> list[Hypothesis]:
        """Decode `samples` by themselves; see ``Recogniser``. About 30 ms for each second."""
        recogniser = self._model.recogniser(phrases)
        recogniser.SetMaxAlternatives(_ALTERNATIVES)
        recogniser.AcceptWaveform(_pcm(samples))
        alternatives = json.loads(recogniser.FinalResult())["alternatives"]
        return [Hypothesis(each["text"], each["confidence"]) for each in alternatives]

    def transcribe(self, samples: npt.NDArray[np.float32]) -> str | None:
        """Give the likeliest words; see ``Recogniser``. About 0.15 s for each second."""
        recogniser = self._model.recogniser(None)
        recogniser.AcceptWaveform(_pcm(samples))
        text: str = json.loads(recogniser.FinalResult())["text"]
        return text


def _pcm(samples: npt.NDArray[np.float32]) -> bytes:
    return (samples.clip(-1, 1) * 32767).astype("<i2").tobytes()


def _survives(folder: Path) -> bool:
    trial = [sys.executable, "-c", _TRIAL, str(folder)]
    # The command is our own; only the folder's name comes from outside, as one argument.
    return subprocess.run(trial, capture_output=True, check=False).returncode == 0  # noqa: S603
