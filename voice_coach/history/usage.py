"""Asks the usage guard what the history allows now; a history that cannot be read allows little."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.core.guard import judge
from voice_coach.core.past import Past
from voice_coach.history.store import HistoryUnavailable, open_history, wall_clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_coach.core.guard import GuardResult, Limits
    from voice_coach.core.language import Language


def check_usage(
    language: Language, limits: Limits, announce: Callable[[str], None]
) -> tuple[GuardResult, frozenset[str]]:
    """Say what the sessions so far allow now, and give the ids of the routines done in them.

    A history that cannot be read counts as lost just now. `announce` is told why it cannot be read,
    and what else the person should see.
    """
    now = wall_clock().utc
    try:
        with open_history() as history:
            past = history.past()
            if history.set_aside:
                announce(
                    f"The history was damaged and is kept as {history.set_aside}; "
                    "a new one is begun."
                )
    except HistoryUnavailable as trouble:
        announce(f"{trouble} Until then nothing is remembered.")
        past = Past(lost_at=now)
    verdict = judge(past, now, limits)
    if verdict.hurt_often:
        announce(" ".join(language.coach.usage_guard.see_doctor))
    return verdict, frozenset(session.routine for session in past.sessions if session.reached)
