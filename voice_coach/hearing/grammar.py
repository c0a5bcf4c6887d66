"""Grammars: what the recognisers listen for, of all the words of a language.

The small grammar holds the phrases of the moment and nothing else: it misses little and is easily
fooled. The full one also holds whatever could be said instead: the phrases of other moments, words
that sound like a command, and the commonest words of speech (fillers). A word that is part of a
phrase is no filler while that phrase is listened for, because it would break the phrase up.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voice_coach.core.commands import URGENT

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from voice_coach.core.commands import Command, Phrases
    from voice_coach.core.language import Language


@dataclass(frozen=True)
class Grammar:
    """The phrases of one moment."""

    phrases: Phrases
    """Those that mean something now."""
    small: tuple[str, ...]
    full: tuple[str, ...]

    @property
    def partial_words(self) -> frozenset[str]:
        """The words of phrases that are no phrase by themselves."""
        words = {word for phrase in self.phrases for word in phrase.split()}
        return frozenset(words - self.phrases.keys())

    @property
    def urgent(self) -> tuple[str, ...]:
        """The phrases of pain and stop."""
        return tuple(p for p, meaning in self.phrases.items() if meaning.command in URGENT)

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
    phrases = {p: meaning for p, meaning in every.items() if meaning.command in commands}
    words = {word for phrase in phrases for word in phrase.split()}
    others = {*every, *(filler for kind in language.fillers.values() for filler in kind)}
    return Grammar(
        phrases,
        tuple(sorted(phrases)),
        (*sorted(phrases), *sorted(others - words - phrases.keys())),
    )
