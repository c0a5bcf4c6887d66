"""PocketSphinx hears the phrases, with the English model in its wheel, if there is no vosk model.

It needs no download but confirms only two or three commands in four, and on partial results alone
four in five: a way to begin without a network. A grammar hears several times what its keyphrase
search does, yet takes most talk for a command. So fillers, common short words in any order, stand
beside the phrases; they weigh so little that a command prevails.

A word is too short for the decoder's running estimate of a voice, which so misses far more. So
the decoder is never run live: the utterance so far is decoded anew, as a whole, several times a
second, for 0.14 s of one core per second of sound. That makes a change of grammar free, for
nothing has to be kept but the sound. An utterance begins once most of the last 0.3 s are speech,
with that sound in it, and ends once few are.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import pocketsphinx

from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.hearing.recogniser import UNKNOWN, Hypothesis, Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    import numpy.typing as npt

LANGUAGE = "en"
"""That of the model; of any other language it would hear nothing but wrong words."""

_FILLERS = frozenset(
    "the a and of to in you he was for are with as they be at one have this from".split()  # noqa: SIM905 - words read best as a line
)
_FILLER_WEIGHT = "0.00000000000000000001"
"""Against 1 for a phrase; weightier, it misses more, and lighter, it takes talk for commands: of 65
commands in synthetic voices it missed 14, 10 and 8 with 1e-10, 1e-20 and 1e-30, and of five
sentences it took none, one and five for a command."""
_FRAME = 2 * SAMPLE_RATE * 30 // 1000
"""Bytes of 16-bit sound the voice detector judges at once: 30 ms."""
_WINDOW = 10
"""Frames that together decide on speech: 0.3 s."""
_BEGIN, _END = 8, 2
"""An utterance begins with at least so many frames of speech among them, ends with at most."""
_LONGEST = 133
"""Frames after which an utterance is over in any case: 4 s. No phrase takes longer."""
_PACE = 8
"""Frames from one partial result to the next: 0.24 s."""


class PocketsphinxRecogniser:
    """One stream of sound, heard through one grammar at a time; until told, that of no phrase."""

    name = "pocketsphinx"

    def __init__(self) -> None:
        """Load the model, in about 0.1 s."""
        self._decoder = _decoder()
        self._rescorer: pocketsphinx.Decoder | None = None
        self._detector = pocketsphinx.Vad(pocketsphinx.Vad.MEDIUM_STRICT, SAMPLE_RATE)
        self._phrases: frozenset[str] | None = None
        self._fillers = _FILLERS
        self._rest = bytearray()
        """Sound that does not fill a frame yet."""
        self._latest: deque[tuple[bytes, bool]] = deque(maxlen=_WINDOW)
        """The last frames, and whether each is speech."""
        self._utterance: list[bytes] = []
        """The frames of the utterance under way; empty if there is none."""
        self._shown = ""
        """The partial text last given out."""
        self.listen_for(())

    def knows(self, phrase: str) -> bool:
        """Tell whether the dictionary has every word of `phrase`."""
        return all(self._decoder.lookup_word(word) for word in phrase.split())

    def listen_for(self, phrases: Sequence[str]) -> None:
        """From now on hear only those of `phrases` whose words it knows; see ``Recogniser``."""
        if self._phrases != (wanted := frozenset(phrases)):
            self._phrases = wanted
            known = {phrase for phrase in wanted if self.knows(phrase)}
            self._fillers = _FILLERS - {word for phrase in known for word in phrase.split()}
            self._decoder.add_jsgf_string("phrases", _grammar(known, self._fillers))
            self._decoder.activate_search("phrases")

    def forget(self) -> None:
        """Count what was said so far as done with; see ``Recogniser``."""
        self._utterance.clear()
        self._latest.clear()
        self._rest.clear()
        self._shown = ""

    def accept(self, samples: npt.NDArray[np.float32]) -> Result | None:
        """Hear on; see ``Recogniser``. What follows a final result waits for the next call."""
        self._rest += _pcm(samples)
        result = None
        while len(self._rest) >= _FRAME and not (result and result.final):
            frame = bytes(self._rest[:_FRAME])
            del self._rest[:_FRAME]
            result = self._hear(frame) or result
        return result

    def decode(self, samples: npt.NDArray[np.float32], phrases: Sequence[str]) -> list[Hypothesis]:
        """Decode `samples` by themselves; see ``Recogniser``. One hypothesis, without a score."""
        if self._rescorer is None:  # a decoder of its own, because another thread may call this
            self._rescorer = _decoder()
        known = {phrase for phrase in phrases if self.knows(phrase)}
        fillers = _FILLERS - {word for phrase in known for word in phrase.split()}
        self._rescorer.add_jsgf_string("phrases", _grammar(known, fillers))
        self._rescorer.activate_search("phrases")
        return [Hypothesis(_decoded(self._rescorer, _pcm(samples), fillers), None)]

    def transcribe(self, samples: npt.NDArray[np.float32]) -> str | None:  # noqa: ARG002
        """Give no words: it has no model of whole sentences here; see ``Recogniser``."""
        return None

    def _hear(self, frame: bytes) -> Result | None:
        self._latest.append((frame, self._detector.is_speech(frame)))
        speech = sum(spoken for _, spoken in self._latest)
        if self._utterance:
            self._utterance.append(frame)
        elif speech >= _BEGIN:
            self._utterance = [sound for sound, _ in self._latest]
        else:
            return None
        over = speech <= _END or len(self._utterance) >= _LONGEST
        if len(self._utterance) % _PACE and not over:
            return None
        text, shown = _decoded(self._decoder, b"".join(self._utterance), self._fillers), self._shown
        if over:
            self._utterance.clear()
            self._latest.clear()
            self._shown = ""
            return Result(text, final=True)
        self._shown = text
        return Result(text, final=False) if text != shown else None


def _decoder() -> pocketsphinx.Decoder:
    # No language model, for there is a grammar; and the search for the best path at the end of an
    # utterance can take minutes.
    return pocketsphinx.Decoder(lm=None, bestpath=False, loglevel="FATAL")


def _decoded(decoder: pocketsphinx.Decoder, sound: bytes, fillers: frozenset[str]) -> str:
    """Give the phrase that fits `sound`, or the beginning of one, or ``UNKNOWN``."""
    decoder.start_utt()
    decoder.process_raw(sound, full_utt=True)
    decoder.end_utt()
    best = decoder.hyp()
    words = best.hypstr.split() if best else []
    return " ".join(words) if fillers.isdisjoint(words) else UNKNOWN


def _pcm(samples: npt.NDArray[np.float32]) -> bytes:
    return (samples.clip(-1, 1) * 32767).astype("<i2").tobytes()


def _grammar(phrases: Iterable[str], fillers: Iterable[str]) -> str:
    choices = [f"/1/ {phrase}" for phrase in sorted(phrases)]
    if fillers := sorted(fillers):  # the phrases may be all of them
        choices.append(f"/{_FILLER_WEIGHT}/ ({' | '.join(fillers)})+")
    return f"#JSGF V1.0; grammar phrases; public <phrase> = {' | '.join(choices)};"
