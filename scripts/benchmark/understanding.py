"""How well the coach is understood: every sentence, transcribed without a grammar.

A recogniser is no person, but what it mishears is a fair sign of what is hard to hear: a word that
runs into the next, a sound that the voice does not make well.
"""

from __future__ import annotations

import json
import math
import re
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import vosk

from benchmark.baselines import pcm, speech_model
from benchmark.coach import sentences
from benchmark.figures import Figure, Row, proportion
from benchmark.intervals import ratio
from benchmark.reports import OURS
from benchmark.table import Section
from voice_coach.catalogue import read_language
from voice_coach.core.pace import DEFAULT_RATE
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.core.simulation import simulate
from voice_coach.speech.clips import clip_store
from voice_coach.speech.narrator import PromptNarrator
from voice_coach.speech.voices import open_voice

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from voice_coach.core.language import Language

OTHERS = {"Pico": "pico-us", "system voice": "en-us"}
"""What speaks on Linux where the coach's own voice lacks a sentence, the better first: how it is
called here → what to ask for it by."""
QUICK = 5
"""Sentences of a quick run."""
HARDEST = 10
SHORTEST = 4
"""Words of a sentence that counts among the hardest; shorter ones are titles and cues, and one word
wrong is much of them."""
AROUND = 0.4
"""Seconds of silence before and after a sentence, as a recogniser expects."""
HEAD = """\
Every sentence that ships, said by the coach and transcribed by the speech model with its whole
vocabulary, without a grammar: words wrong, left out or put in, as a share of all words. The model
knows no word of the routines beforehand, and a person hears better than it does."""


@dataclass(frozen=True)
class Transcript:
    """What was said, and what was understood of it."""

    said: str
    understood: str

    @property
    def size(self) -> int:
        """Words that were said."""
        return len(words(self.said))

    @property
    def wrong(self) -> int:
        """Fewest words that were put in, left out or changed (Levenshtein, 1966)."""
        said, understood = words(self.said), words(self.understood)
        above = list(range(len(understood) + 1))
        for number, word in enumerate(said, 1):
            row = [number]
            for place, other in enumerate(understood, 1):
                changed = above[place - 1] + (word != other)
                row.append(min(above[place] + 1, row[-1] + 1, changed))
            above = row
        return above[-1]


def words(text: str) -> list[str]:
    """Give the words of a sentence as a transcript writes them."""
    return re.findall(r"[a-z']+", text.lower().replace("’", "'"))


def measure(*, quick: bool) -> Section:
    """Let each voice say every sentence, and transcribe it."""
    language = read_language()
    texts = spoken(language)
    if quick:
        texts = texts[:: -(-len(texts) // QUICK)]
    voices = {OURS: ""} | OTHERS
    found = {name: _transcripts(language, voice, texts) for name, voice in voices.items()}
    rows = [
        Row("Words wrong", math.nan, {name: _wrong(each) for name, each in found.items()}),
        Row(
            "Sentences right to the last word",
            math.nan,
            {name: _whole(each) for name, each in found.items()},
            at_most=False,
        ),
    ]
    settings = {"sentences": str(len(texts)), "words": str(sum(t.size for t in found[OURS]))}
    return Section("Understanding", HEAD, rows, settings, [], _hardest(found))


def spoken(language: Language) -> list[str]:
    """Give all that is said whole, and what is put together while it is said."""
    said = {
        each.text for routine in language.routines for each in simulate(language, routine).spoken
    }
    return sorted({*sentences(language), *(text for text in said if words(text))})


def _transcripts(language: Language, voice: str, texts: Iterable[str]) -> list[Transcript]:
    model = speech_model(language.code)
    silence = np.zeros(int(AROUND * SAMPLE_RATE), np.float32)
    made = []
    with closing(PromptNarrator(open_voice(language, voice), clip_store())) as narrator:
        for text in texts:
            samples = narrator.clip(text, DEFAULT_RATE).samples
            recogniser = vosk.KaldiRecognizer(model, SAMPLE_RATE)
            sound = np.concatenate((silence, samples, silence))
            recogniser.AcceptWaveform(pcm(sound))
            made.append(Transcript(text, json.loads(recogniser.FinalResult())["text"]))
    return made


def _wrong(transcripts: Sequence[Transcript]) -> Figure:
    counts, sizes = [t.wrong for t in transcripts], [t.size for t in transcripts]
    value, low, high = (100 * each for each in ratio(counts, sizes))
    text = f"{value:.1f} % ({low:.1f}–{high:.1f}; {sum(counts)} of {sum(sizes)})"
    return Figure(value, low, high, text)


def _whole(transcripts: Sequence[Transcript]) -> Figure:
    return proportion(sum(not t.wrong for t in transcripts), len(transcripts))


def _hardest(found: dict[str, list[Transcript]]) -> str:
    """Show what each voice is worst at."""
    lines = []
    for name, transcripts in found.items():
        long = [t for t in transcripts if t.size >= SHORTEST]
        worst = sorted(long, key=lambda t: (-t.wrong / t.size, t.said))[:HARDEST]
        lines += [f"The hardest of {name}, of {SHORTEST} words or more:", ""]
        lines += ["| Said | Understood | Words wrong |", "|---|---|---|"]
        lines += [f"| {t.said} | {t.understood} | {t.wrong} of {t.size} |" for t in worst] + [""]
    return "\n".join(lines).rstrip()
