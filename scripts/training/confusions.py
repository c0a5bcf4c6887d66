"""What the recogniser takes for what, measured on made voices.

Two questions are asked of it. Which words are taken for a phrase, when it knows nothing but
phrases? And which words are heard where a phrase was said, when it knows them beside the phrases?
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
from benchmark.simulated_room import LEVEL
from benchmark.voices import draw_utterance

from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.hearing.recogniser import UNKNOWN
from voice_coach.hearing.second_pass import score

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from benchmark.voices import SoundStore, Speaker
    from numpy.typing import NDArray

    from voice_coach.hearing.recogniser import Hypothesis, Recogniser

    Samples = NDArray[np.float32]

NOISE = LEVEL * 10 ** (-35 / 20)
"""Rms of the room's noise."""
CLOSE = 2.5
"""How much likelier (a difference of log likelihoods) something else may be than a phrase that
still counts as heard: 2.5 less than the others, about what confirms a phrase."""


class Speakers:
    """People who say what they are asked to, near the microphone of a quiet room."""

    def __init__(self, people: list[Speaker], store: SoundStore, seed: int) -> None:
        """Draw who says what, and how, from `seed`."""
        self._people = people
        self._store = store
        self._seed = seed

    def say(self, text: str, times: int, *, before: float, after: float) -> Iterator[Samples]:
        """Say `text` so many times, each with so many seconds of silence before and after it."""
        rng = np.random.default_rng([self._seed, *text.encode()])
        for _ in range(times):
            sound = LEVEL * self._store.samples(draw_utterance(text, self._people, rng))
            padded = np.pad(sound, (round(before * SAMPLE_RATE), round(after * SAMPLE_RATE)))
            yield (padded + NOISE * rng.standard_normal(len(padded))).astype(np.float32)


class Confusions:
    """A recogniser, and people who speak to it."""

    def __init__(self, recogniser: Recogniser, speakers: Speakers) -> None:
        """Ask this recogniser."""
        self._recogniser = recogniser
        self._speakers = speakers

    def taken(self, word: str, grammars: Sequence[Collection[str]], times: int) -> float:
        """Give the share of utterances of `word` that is taken for a phrase of a grammar."""
        said = self._said(word, times)
        taken = [
            plain(guess) in grammar
            for samples in said
            for grammar in grammars
            for guess in self._recogniser.decode(samples, sorted(grammar))[:1]
        ]
        return sum(taken) / (times * len(grammars))

    def thieves(
        self, phrases: Iterable[str], grammar: Sequence[str], times: int
    ) -> tuple[int, Counter[str]]:
        """Say every phrase; count the lost ones, and for each word in how many it had a part."""
        lost, thieves = 0, Counter[str]()
        for phrase in phrases:
            for samples in self._said(phrase, times):
                heard = thief(phrase, self._recogniser.decode(samples, grammar))
                lost += bool(heard)
                thieves.update(heard)
        return lost, thieves

    def _said(self, text: str, times: int) -> list[Samples]:
        return list(self._speakers.say(text, times, before=0.3, after=0.3))


def thief(phrase: str, guesses: Sequence[Hypothesis]) -> set[str]:
    """Give the words that are heard in place of `phrase`; none if it is among the likeliest."""
    best = max((score(guess) for guess in guesses), default=0.0)
    if any(plain(guess) == phrase and score(guess) >= best - CLOSE for guess in guesses):
        return set()
    return set(plain(guesses[0]).split()) - set(phrase.split()) if guesses else set()


def plain(guess: Hypothesis) -> str:
    """Give its words without what is unknown."""
    return " ".join(word for word in guess.text.split() if word != UNKNOWN)
