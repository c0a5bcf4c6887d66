"""Other words for sentences that the coach says again and again, so that they do not bore.

A language lists groups of sentences that mean the same (teaching.toml). Where one of a group is
said, the next in turn takes its place: never the one that was said last, and in an order that
follows from a seed, so that the same seed gives the same session.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_coach.core.script import ScriptStep

Groups = tuple[tuple[str, ...], ...]
"""Sentences that may stand for each other; each sentence is in one group at most."""


def nth(group: Sequence[str], seed: int, count: int, first: str = "") -> str:
    """Give the wording for the `count`-th time, counted from 0; no two in a row are alike.

    They begin with `first`, or anywhere.
    """
    at = group.index(first) if first else _mixed(seed, group[0], 0)
    for number in range(1, count + 1 if len(group) > 1 else 0):
        # A step of 1 to len - 1 never comes to rest on the same sentence.
        at += 1 + _mixed(seed, group[0], number) % (len(group) - 1)
    return group[at % len(group)]


class Wording:
    """Hands out the wordings of one session, in order."""

    def __init__(self, groups: Groups, seed: int) -> None:
        self._groups = {sentence: group for group in groups for sentence in group}
        self._seed = seed
        self._counts: dict[tuple[str, ...], int] = {}

    def __call__(self, sentence: str) -> str:
        """Give the sentence, or the one of its group whose turn it is."""
        group = self._groups.get(sentence)
        if group is None:
            return sentence
        count = self._counts.get(group, 0)
        self._counts[group] = count + 1
        return nth(group, self._seed, count)


def varied(script: Sequence[ScriptStep], groups: Groups, seed: int) -> tuple[ScriptStep, ...]:
    """Give a script in which recurring sentences and breath cues take turns.

    Where a partner presses, every cue stays as it is: hands act on these words.
    """
    wording = Wording(groups, seed)
    pressed = any(step.source.is_press for step in script)
    return tuple(
        replace(
            step,
            say=tuple(map(wording, step.say)),
            called=() if pressed else _called(step, groups, seed),
        )
        for step in script
    )


def _called(step: ScriptStep, groups: Groups, seed: int) -> tuple[tuple[str, str], ...]:
    """Give the cues of each round; the first are those that are written, which say it in full."""
    breathing = step.breathing
    if breathing is None:
        return ()
    cues = (breathing.cue_in, breathing.cue_out)
    breath_in, breath_out = (next((g for g in groups if cue in g), (cue,)) for cue in cues)
    return tuple(
        (nth(breath_in, seed, number, cues[0]), nth(breath_out, seed, number, cues[1]))
        for number in range(breathing.rounds)
    )


def _mixed(seed: int, sentence: str, number: int) -> int:
    """Give a whole number that follows from these and looks like chance, on every computer."""
    digest = blake2b(f"{seed} {number} {sentence}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big")
