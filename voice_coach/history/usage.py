"""Asks the past what it allows and changes now; a history that cannot be read allows little."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from voice_coach.core.adapt import adapt, gentle_only, left_out, without_gentle, worse_often
from voice_coach.core.guard import judge
from voice_coach.core.past import Past
from voice_coach.core.plan import is_assigned
from voice_coach.core.screening import Standing, standing
from voice_coach.history.store import HistoryUnavailable, open_history, wall_clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_coach.core.adapt import Rules
    from voice_coach.core.guard import GuardResult, Limits
    from voice_coach.core.language import Language
    from voice_coach.core.screening import Screening, Table


class Figures(NamedTuple):
    """The tables by which the past is judged."""

    limits: Limits
    table: Table
    rules: Rules


def recall(
    language: Language, figures: Figures, announce: Callable[[str], None]
) -> dict[str, object]:
    """Give all that a session's config takes from the past, as its fields.

    A history that cannot be read counts as lost just now. `announce` is told why it cannot be read,
    and what else the person should see.
    """
    limits, table, rules = figures
    now = wall_clock().utc
    past, screening = _read(now, announce)
    guard = _judged(language, past, now, limits, announce)
    known = standing(screening, now, table, past.lost_at) is Standing.KNOWN
    routines = {routine.id for routine in language.routines}
    changes = {
        choice: adapt(past, choice, now, rules, timed=choice not in routines)
        for choice in language.choices
    }
    done = [session.routine for session in past.sessions if session.reached]
    return {
        "guard": replace(
            guard,
            gentle_only=gentle_only(past, now, rules),
            worse_often=worse_often(past, rules),
        ),
        # After so long a body is asked anew, and a routine is told anew.
        "known_routines": _done(past, since=now - table.seconds_valid),
        "screening": table,
        "screened": known,
        "excludes": screening.excludes if screening and known else frozenset(),
        "changes": {name: change for name, change in changes.items() if change.reasons},
        "left_out": frozenset(name for name in changes if left_out(past, name, rules)),
        "last": done[-1] if done else "",
    }


def _read(now: float, announce: Callable[[str], None]) -> tuple[Past, Screening | None]:
    try:
        with open_history() as history:
            past, screening = history.past(), history.screening()
            if not history.locked:
                announce(
                    "The disk with the history has no file locks: do not lead two sessions at once."
                )
            if history.set_aside:
                announce(
                    f"The history was damaged and is kept as {history.set_aside}; "
                    "a new one is begun."
                )
    except HistoryUnavailable as trouble:
        announce(f"{trouble} Until then nothing is remembered.")
        return Past(lost_at=now), None
    return past, screening


def _judged(
    language: Language,
    past: Past,
    now: float,
    limits: Limits,
    announce: Callable[[str], None],
) -> GuardResult:
    guard = judge(past, now, limits)
    if guard.hurt_often:
        announce(" ".join(language.coach.usage_guard.see_doctor))
    return guard


def _done(past: Past, since: float = 0.0) -> frozenset[str]:
    done = (session for session in past.sessions if session.reached and session.ended >= since)
    # One assigned plan is as new as the next, whatever was done before.
    return frozenset(
        without_gentle(session.routine) for session in done if not is_assigned(session.routine)
    )
