"""How much is measured: all that is promised, or a small part of it in minutes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    emergencies: int
    """At each echo level."""
    alone: float
    """Hours of the coach alone."""
    hard: float
    """The same for each hard condition."""
    noises: int
    """Over the coach, and as many in silence."""
    talk: float
    """Hours of synthetic talk."""
    orders: int
    """Utterances in a quiet room."""
    recordings: int
    """Of each kind, at most."""


FULL = Plan(emergencies=300, alone=10, hard=1, noises=250, talk=1, orders=600, recordings=10_000)
PEERS = Plan(emergencies=40, alone=0.25, hard=0, noises=40, talk=0.25, orders=120, recordings=60)
"""Peers are given no more than this: enough for their many mistakes."""
QUICK = Plan(emergencies=2, alone=0.01, hard=0.003, noises=3, talk=0.006, orders=6, recordings=4)
QUICK_PEERS = Plan(emergencies=1, alone=0.003, hard=0, noises=1, talk=0.003, orders=3, recordings=2)
"""A look at everything, in a minute or two: whether it can be measured, not how well it does."""
