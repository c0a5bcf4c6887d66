"""What the past allows: how soon a spine may be twisted again, and what may be done after pain.

Clocks can be wrong, be set back, or travel through time zones, so the guard trusts them little. It
computes in UTC. A time in the future counts as now. A session that was recorded after another one
cannot be earlier, whatever its clock said. Local time is only used to tell days apart. Where the
past is lost, the guard assumes too many twists.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from itertools import accumulate
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from voice_coach.core.pose import FileModel
from voice_coach.core.problems import parse_data
from voice_coach.core.view import Outcome
from voice_coach.errors import CoachError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voice_coach.core.past import Past, PastSession
    from voice_coach.core.routine import Routine

HOUR = 3600
DAY = 24 * HOUR
WEEK = 7 * DAY
"""Seconds."""


class Limits(FileModel):
    """The figures of the guard; ``guard.toml`` has them, with their reasons."""

    twists_in_24_hours: Annotated[int, Field(ge=1, le=100)]
    twists_in_7_days: Annotated[int, Field(ge=1, le=100)]
    hours_after_pain: Annotated[int, Field(ge=1, le=1000)]
    """For this time only gentle routines are offered."""
    pain_days: Annotated[int, Field(ge=1, le=100)]
    pain_weeks: Annotated[int, Field(ge=1, le=100)]
    """Pain on this many days, in this many weeks: see a doctor."""
    after_pain: Annotated[tuple[str, ...], Field(min_length=1)]
    """The identifiers of the routines that may follow pain; the first one is offered."""
    gentle: Annotated[tuple[str, ...], Field(min_length=1)]
    """The identifiers of the routines that are offered instead; the first one is the default."""


class InvalidLimits(CoachError):
    """The message names the file, the place in it and what is wrong."""


class TwistReason(Enum):
    """Why another twist would be too much."""

    LATELY = "lately"
    OFTEN = "often"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class GuardResult:
    """What is allowed now; by default, everything."""

    twisting: TwistReason | None = None
    """Why no twist should be done; None if one may."""
    hurt_lately: bool = False
    """Whether only what is gentle may be done."""
    hurt_often: bool = False
    """Whether a doctor should be seen."""
    gentle: tuple[str, ...] = ()
    after_pain: tuple[str, ...] = ()
    gentle_only: bool = False
    """Whether only gentle routines are led, because the last answer was "worse" not long ago."""
    worse_often: bool = False
    """Whether it was worse so often that a doctor should be seen."""
    twists_left: int | None = None
    """How many twists may still be done before another would be too much; None: any number."""

    def after_a_twist(self) -> GuardResult:
        """Give what is allowed when a twist has just been done."""
        if self.twists_left is None:
            return self
        left = max(0, self.twists_left - 1)
        lately = None if left else TwistReason.LATELY
        return replace(self, twists_left=left, twisting=self.twisting or lately)

    def allows(self, routine: Routine) -> bool:
        """Say whether this may be done without a question."""
        if self.hurt_lately:
            return routine.id in self.after_pain
        if self.gentle_only and not routine.is_gentle:
            return False
        return not (self.twisting and routine.twist)


def parse_limits(text: str) -> Limits:
    """Build the limits from the text of ``guard.toml``, or raise ``InvalidLimits``."""
    return parse_data(Limits, text, "guard.toml", InvalidLimits)


def judge(past: Past, now: float, limits: Limits) -> GuardResult:
    """Say what is allowed at `now`, in seconds of UTC since 1970."""
    reason = None
    left_today = limits.twists_in_24_hours - _twists(past, now, DAY)
    left_this_week = limits.twists_in_7_days - _twists(past, now, WEEK)
    if left_today <= 0:
        reason = TwistReason.LATELY
    elif left_this_week <= 0:
        reason = TwistReason.OFTEN
    elif past.lost_at is not None and now - past.lost_at < WEEK:
        reason = TwistReason.UNKNOWN
    days = {
        (session.ended + session.offset) // DAY
        for session in _pains(past, now, limits.pain_weeks * WEEK)
    }
    return GuardResult(
        reason,
        hurt_lately=any(_pains(past, now, limits.hours_after_pain * HOUR)),
        hurt_often=len(days) >= limits.pain_days,
        gentle=limits.gentle,
        after_pain=limits.after_pain,
        twists_left=max(0, min(left_today, left_this_week)),
    )


def _twists(past: Past, now: float, seconds: float) -> int:
    """Count the twists that came to their first step; nothing is twisted before it."""
    return sum(session.twist and session.reached > 0 for session in _last(past, now, seconds))


def _pains(past: Past, now: float, seconds: float) -> Iterator[PastSession]:
    return (session for session in _last(past, now, seconds) if session.outcome is Outcome.PAIN)


def _last(past: Past, now: float, seconds: float) -> Iterator[PastSession]:
    """Give the sessions of the last so many seconds."""
    latest = accumulate((max(session.began, session.ended) for session in past.sessions), max)
    for session, moment in zip(past.sessions, latest, strict=True):
        if now - moment < seconds:
            yield session
