"""Reads the message with which a board assigns a plan, and the one that says how it went."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, timedelta
from typing import TYPE_CHECKING

from pydantic import ValidationError

from voice_coach.errors import CoachError
from voice_coach.rooms.messages import LEGAL, Assignment, PlanResult, checksum

if TYPE_CHECKING:
    from datetime import datetime

HOLDS = timedelta(days=28)
"""How long an assigned plan is offered. Exercises are to be looked at again after some weeks, and
whoever was forgotten at the front desk is not asked for ever. A product choice."""
CLOCKS = timedelta(days=1)
"""By how much the clocks of board and room may differ: a zone that was set wrongly, and more."""


class UnusableAssignment(CoachError):
    """The plan is not offered; the message says why."""


def read_assignment(payload: bytes, now: datetime) -> Assignment:
    """Read a message of the topic "plan"; raises ``UnusableAssignment``."""
    try:
        told = Assignment.model_validate_json(payload, strict=True)
    except ValidationError:
        raise UnusableAssignment("it is not a message of a board") from None
    if checksum(told.plan) != told.sha256:
        raise UnusableAssignment("its checksum is another: it was damaged or changed on its way")
    if told.made.tzinfo is None or not -CLOCKS <= now - told.made <= HOLDS:
        raise UnusableAssignment(
            f"it was assigned at {told.made:%Y-%m-%d}, and holds for {HOLDS.days} days; if that "
            "is not so long ago, one of the clocks is wrong"
        )
    return told


def read_result(topic: str, payload: bytes) -> tuple[str, PlanResult] | None:
    """Read a message of the topic "result", and whose it is; None if it is none."""
    name, _, what = topic.removeprefix("voice-coach/").partition("/")
    if what != "result" or not LEGAL.fullmatch(name):
        return None
    try:
        result = PlanResult.model_validate_json(payload, strict=True)
    except ValidationError:
        return None
    shown = result.time.tzinfo is not None and MINYEAR < result.time.year < MAXYEAR
    return (name, result) if shown else None
