"""Made-up sessions for the history."""

from __future__ import annotations

from dataclasses import replace

from voice_coach.core.past import PastSession
from voice_coach.core.view import Outcome
from voice_coach.history.store import LocalTime

DAY = 86_400
"""Seconds."""
EVENING = 1_800_000_000.0
"""15 January 2027, 08:00 UTC."""
ONE = PastSession(
    number=0,
    began=EVENING,
    ended=EVENING + 300,
    offset=3600.0,
    routine="gentle-bends",
    twist=False,
    steps=9,
    reached=9,
    step=9,
    title="Shake it out",
    outcome=Outcome.COMPLETED,
    felt=None,
)


def one(**changes):
    """Give a session that differs in these."""
    return replace(ONE, **changes)


def clock():
    """Stand still."""
    return LocalTime(EVENING, 3600.0)
