"""How much is measured: all that is promised in an hour, or a look at everything in a minute."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """How much is measured: numbers of events, or hours."""

    over: int = 0
    """Cries over the coach, at each echo level."""
    start: int = 0
    """Cries in the coach's first words."""
    alone: float = 0
    """Hours of the coach alone."""
    hard: float = 0
    """Hours of the same, in each hard condition."""
    noises: int = 0
    """Breaths, coughs and things over the coach; half as many in its pauses."""
    talk: float = 0
    """Hours of people talking."""
    words: int = 0
    """Single words from nearby."""
    quiet: int = 0
    """Cries in the coach's pauses."""
    orders: int = 0
    """Orders over the coach, and as many in its pauses."""
    wordless: int = 0
    """Cries without words, over the coach."""
    check: int = 0
    """Answers to the sound check."""
    question: int = 0
    """Answers to "Did that hurt?"."""
    rooms: int = 0
    """Lived-in rooms."""
    lived: int = 0
    """Cries, and as many orders, with each background."""
    lived_alone: float = 0
    """Hours with each background in which nobody speaks."""
    recordings: int = 0
    """Of each kind, at most."""


FULL = Plan(
    over=200,
    start=150,
    alone=1.5,
    hard=0.15,
    noises=120,
    talk=0.5,
    words=240,
    quiet=120,
    orders=160,
    wordless=50,
    check=40,
    question=60,
    rooms=13,
    lived=10,
    lived_alone=0.08,
    recordings=60,
)
"""Some nine hours of sound, played in three quarters of an hour on two cores."""
BASELINES = Plan(
    over=20,
    start=8,
    alone=0.1,
    noises=20,
    talk=0.1,
    words=20,
    quiet=20,
    orders=10,
    wordless=10,
    rooms=4,
    lived=2,
    lived_alone=0.02,
    recordings=10,
)
"""Baselines are given no more than this: enough for their many mistakes."""
QUICK = Plan(
    over=1,
    start=1,
    alone=0.004,
    hard=0.001,
    noises=2,
    talk=0.003,
    words=2,
    quiet=1,
    orders=2,
    wordless=1,
    check=1,
    question=1,
    rooms=1,
    lived=1,
    lived_alone=0.001,
    recordings=1,
)
"""A look at everything: whether it can be measured, not how well it does."""
QUICK_BASELINES = Plan(over=1)
