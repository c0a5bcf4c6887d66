"""What is remembered of past sessions: values, wherever they are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voice_coach.core.view import Feeling, Outcome


@dataclass(frozen=True)
class PastSession:
    """One session, as far as it came."""

    number: int
    """Sessions are numbered in the order in which they were recorded."""
    began: float
    """UTC, in seconds since 1970, by the clock of that time."""
    ended: float
    """The same, when it was last recorded."""
    offset: float
    """Seconds by which the local time was ahead of UTC."""
    routine: str
    """Its identifier; empty if none was chosen."""
    twist: bool
    steps: int
    """How many the routine has."""
    reached: int
    """The furthest step that was begun, counted from 1; 0 for none."""
    step: int
    """The step at which it ended."""
    title: str
    """What that step is called."""
    outcome: Outcome | None
    """None if it was interrupted, or still runs."""
    felt: Feeling | None
    """None if nobody answered."""
    longer: int = 0
    """How often longer holds were asked for; below zero, shorter ones."""
    skipped: int = 0
    """How many holds and breathings were skipped before their end."""


@dataclass(frozen=True)
class Past:
    """All that is remembered."""

    sessions: tuple[PastSession, ...] = ()
    """In the order in which they were recorded."""
    lost_at: float | None = None
    """When everything before was lost or unreadable: UTC, in seconds; None if never."""
