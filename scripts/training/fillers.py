"""Chooses the fillers: words that are no commands.

With them other talk has something better to be taken for than a command. Three kinds are chosen,
each from the likeliest on. *Rhymes* are the words that a recogniser which knows only commands takes
for one. *Own* words are those that the coach itself says most. *Common* words are the commonest of
speech, by the frequencies of wordfreq (R. Speer, 2022: subtitles, news, books, the web). Then every
phrase is said, and a word that is heard in the place of too many is dropped, for it would steal
commands; the next in rank moves up, and so on until none steals.
"""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmark.coach import sentences

from voice_coach.core.commands import URGENT

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from training.confusions import Confusions
    from voice_coach.core.language import Language

HEAD = """\
Words that are no commands, so that other talk has something better to be taken for than a \
command: near rhymes of the commands, the words the coach itself says most, and the commonest \
words of speech. A word that was heard in the place of a command too often would steal it, and \
was left out. Chosen from measured confusions by scripts/train fillers.\
"""
SIZES = {"rhymes": 80, "own": 60, "common": 180}
"""How many of each kind; with many more of them every phrase is heard worse."""
CANDIDATES = 1000
"""The commonest words that are looked at."""
TIMES_WORD, TIMES_PHRASE = 3, 8
"""How often a word and a phrase are said."""
RHYMES = 0.5
"""Share of its utterances that is taken for a command from which on a word is a rhyme."""
STEALS = 1
"""Phrases that a word may be heard in place of, of all that are said."""


def choose(
    confusions: Confusions,
    language: Language,
    frequent: Sequence[str],
    tell: Callable[[str], None],
) -> dict[str, list[str]]:
    """Measure which words are taken for a command and which steal one, and choose.

    `frequent` are words that the recogniser knows, the commonest first.
    """
    phrases = sorted(language.phrases())
    commands = language.commands
    # The routines' names and numbers are left out: they are asked for only while one chooses.
    grammars = [
        [phrase for command in commands for phrase in commands[command]],
        [phrase for command in URGENT for phrase in commands[command]],
    ]
    words = [word for word in frequent if word not in phrases][:CANDIDATES]
    taken = {}
    for number, word in enumerate(words, 1):
        taken[word] = confusions.taken(word, grammars, TIMES_WORD)
        if number % 100 == 0:
            tell(f"{number} of {len(words)} words said")
    ranks = Ranks.of(taken, coachs_words(language), words)
    dropped: set[str] = set()
    while True:
        chosen = ranks.chosen(dropped)
        used = {word for kind in chosen.values() for word in kind}
        lost, thieves = confusions.thieves(phrases, sorted({*phrases, *used}), TIMES_PHRASE)
        stealing = {word for word in used if thieves[word] > STEALS}
        tell(f"{lost} of {TIMES_PHRASE * len(phrases)} phrases lost; thieves: {sorted(stealing)}")
        if not stealing:
            return chosen
        dropped |= stealing


def coachs_words(language: Language) -> list[str]:
    """Give every word that the coach says, as often as it is in its sentences."""
    return [word for text in sentences(language) for word in re.findall(r"[a-z']+", text.lower())]


@dataclass(frozen=True)
class Ranks:
    """The words of each kind, the likeliest first; a word may be of more than one."""

    rhymes: Sequence[str]
    own: Sequence[str]
    common: Sequence[str]

    @classmethod
    def of(cls, taken: Mapping[str, float], said: Iterable[str], frequent: Sequence[str]) -> Ranks:
        """Rank by the share that is taken for a command, by what the coach says, by frequency."""
        place = {word: number for number, word in enumerate(frequent)}
        rhymes = [word for word in frequent if taken[word] >= RHYMES]
        own = Counter(word for word in said if word in place)
        return cls(
            sorted(rhymes, key=lambda word: -taken[word]),
            sorted(own, key=lambda word: (-own[word], word)),
            frequent,
        )

    def chosen(self, dropped: Collection[str]) -> dict[str, list[str]]:
        """Fill each kind with the first that are neither dropped nor of a kind before it."""
        kinds = {"rhymes": self.rhymes, "own": self.own, "common": self.common}
        chosen: dict[str, list[str]] = {}
        used = set(dropped)
        for kind, words in kinds.items():
            chosen[kind] = sorted([word for word in words if word not in used][: SIZES[kind]])
            used |= {*chosen[kind]}
        return chosen


def written(fillers: Mapping[str, Sequence[str]]) -> str:
    """Give the file of fillers."""
    parts = [textwrap.fill(HEAD, 100, initial_indent="# ", subsequent_indent="# ")]
    for kind, words in fillers.items():
        listed = ", ".join(f'"{word}"' for word in words)
        indented = textwrap.indent(textwrap.fill(listed, 95, break_on_hyphens=False), "    ")
        parts.append(f"{kind} = [\n{indented},\n]")
    return "\n".join(parts) + "\n"
