"""How much is measured: all that is promised in an hour, or a look at everything in a minute."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """How much is measured: numbers of events, or hours."""

    over: int
    """Cries over the coach, at each echo level."""
    start: int
    """Cries in the coach's first words."""
    alone: float
    """Hours of the coach alone."""
    hard: float
    """Hours of the same, in each hard condition."""
    noises: int
    """Breaths, coughs and things over the coach; half as many in its pauses."""
    talk: float
    """Hours of people talking."""
    words: int
    """Single words from nearby."""
    quiet: int
    """Cries in the coach's pauses."""
    orders: int
    """Orders over the coach, and as many in its pauses."""
    wordless: int
    """Cries without words, over the coach."""
    check: int
    """Answers to the sound check."""
    question: int
    """Answers to "Did that hurt?"."""
    lived: int
    """Cries, and as many orders, in each lived-in room."""
    lived_alone: float
    """Hours in each lived-in room in which nobody speaks."""
    recordings: int
    """Of each kind, at most."""


FULL = Plan(
    over=300,
    start=200,
    alone=2.0,
    hard=0.25,
    noises=150,
    talk=0.75,
    words=300,
    quiet=150,
    orders=200,
    wordless=60,
    check=60,
    question=90,
    lived=12,
    lived_alone=0.1,
    recordings=80,
)
BASELINES = Plan(
    over=20,
    start=8,
    alone=0.1,
    hard=0,
    noises=20,
    talk=0.1,
    words=20,
    quiet=20,
    orders=20,
    wordless=10,
    check=0,
    question=0,
    lived=2,
    lived_alone=0.02,
    recordings=20,
)
"""Baselines are given no more than this: enough for their many mistakes."""
QUICK = Plan(
    over=1,
    start=1,
    alone=0.004,
    hard=0.002,
    noises=2,
    talk=0.004,
    words=2,
    quiet=1,
    orders=2,
    wordless=1,
    check=1,
    question=1,
    lived=1,
    lived_alone=0.002,
    recordings=1,
)
QUICK_BASELINES = Plan(
    over=1,
    start=0,
    alone=0,
    hard=0,
    noises=0,
    talk=0,
    words=0,
    quiet=0,
    orders=0,
    wordless=0,
    check=0,
    question=0,
    lived=0,
    lived_alone=0,
    recordings=0,
)
"""A look at everything: whether it can be measured, not how well it does."""
