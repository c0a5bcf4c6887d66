"""Grammars: what the recognisers listen for, of all the words of a language.

The small grammar holds only the phrases of the moment: it misses little, but takes other words for
them. The full one also holds what could be said instead: the phrases of other moments, words that
sound like a command, and the most common words of speech (fillers). A word that is part of a phrase
is no filler while that phrase is listened for, because it would break the phrase up.

Both also hold polite words ("please", "can you"). `Grammar.whole` removes them and gives the phrase
that is left, so polite forms need not be listed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voice_coach.core.commands import NAMING, Command

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from voice_coach.core.commands import Phrases
    from voice_coach.core.language import Language


@dataclass(frozen=True)
class Grammar:
    """The phrases of one moment."""

    phrases: Phrases
    """Those that mean something now."""
    small: tuple[str, ...]
    full: tuple[str, ...]
    polite: frozenset[str] = frozenset()
    """What may stand around a whole phrase."""
    naming: frozenset[str] = frozenset()
    """What may stand around the name of a routine."""
    harmless: frozenset[str] = frozenset()
    """What is neither pain nor an order where it is all that was said."""
    vowels: frozenset[str] = frozenset()
    """What the recogniser writes for a voice without words: "oh", "ow"."""

    @property
    def partial_words(self) -> frozenset[str]:
        """The words of phrases that are no phrase by themselves."""
        words = {word for phrase in self.phrases for word in phrase.split()}
        return frozenset(words - self.phrases.keys())

    @property
    def urgent(self) -> tuple[str, ...]:
        """The phrases of pain and stop."""
        return tuple(p for p, meaning in self.phrases.items() if meaning.urgent)

    def whole(self, text: str) -> str:
        """Give the phrase that `text` is, politeness taken off; empty if it is none."""
        if text in self.phrases:
            return text
        for head, tail in _splits(text):
            for around, inner in ((head, tail), (tail, head)):
                if around not in self.polite | self.naming:
                    continue
                phrase = self.whole(inner)
                if phrase and (around in self.polite or self.phrases[phrase].command in NAMING):
                    return phrase
        return ""

    def is_harmless(self, text: str) -> bool:
        """Whether `text`, politeness taken off, denies pain or means nothing to the coach."""
        return text in self.harmless or any(
            (head in self.polite and self.is_harmless(tail))
            or (tail in self.polite and self.is_harmless(head))
            for head, tail in _splits(text)
        )

    def is_wordless(self, transcript: str) -> bool:
        """Whether a transcript, with all words to choose from, holds none."""
        return self.vowels.issuperset(transcript.split())

    def log_size_ratio(self, small: int) -> float:
        """Give the logarithm of how many times more entries the full grammar has.

        The other grammar has `small` phrases. Each has one more entry: none of its phrases. A
        recogniser that takes all entries for equally likely gives the same words, in the full
        grammar, a log likelihood that is lower by this.
        """
        return math.log((len(self.full) + 1) / (small + 1))


def grammar(language: Language, commands: AbstractSet[Command]) -> Grammar:
    """Make the grammars for a moment at which only `commands` are accepted."""
    every = language.phrases()
    sayings = language.sayings
    phrases = {p: meaning for p, meaning in every.items() if meaning.command in commands}
    polite = {*sayings.polite, *(sayings.naming if Command.CHOOSE in commands else ())}
    words = {word for phrase in phrases for word in phrase.split()}
    fillers = {*every, *(filler for kind in language.fillers.values() for filler in kind)}
    others = {*fillers - words, *polite, *sayings.idle} - phrases.keys()
    denials = (p for p, meaning in every.items() if meaning.command is Command.UNHURT)
    return Grammar(
        phrases,
        (*sorted(phrases), *sorted(polite - phrases.keys())),
        (*sorted(phrases), *sorted(others)),
        frozenset(sayings.polite),
        frozenset(polite - {*sayings.polite}),
        frozenset({*sayings.idle, *denials}),
        frozenset(sayings.vowels),
    )


def _splits(text: str) -> list[tuple[str, str]]:
    """Give each way to cut `text` into two between words."""
    words = text.split()
    return [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
