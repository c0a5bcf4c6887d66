"""What the last sessions change in the next one: how long, how often, and which routines.

The rules are data (data/adapt.toml), each change has a reason that is said aloud, and nothing is
ever made stronger where a head is low or a partner presses. As in guard.py, clocks are trusted
little: a time in the future counts as now.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from itertools import accumulate
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from voice_coach.core.pose import FileModel
from voice_coach.core.problems import parse_data
from voice_coach.core.routine import SHORTEST_COUNTED
from voice_coach.core.timed import LONGEST_HOLD, SHORTEST_HOLD
from voice_coach.core.view import Feeling, Outcome
from voice_coach.errors import CoachError

if TYPE_CHECKING:
    from voice_coach.core.past import Past, PastSession
    from voice_coach.core.routine import Routine, Step

HOUR = 3600
MOST_ROUNDS = 30
"""The limit of the rounds of a breathing in a routine."""


class InvalidRules(CoachError):
    """The message names the file, the place in it and what is wrong."""


class Rules(FileModel):
    """The figures of ``adapt.toml``; the reasons for them are there, too."""

    hours_gentle_after_worse: Annotated[int, Field(ge=1, le=1000)]
    worse_in_a_row: Annotated[int, Field(ge=2, le=10)]
    """After so many answers "worse" in a row, the coach says: see a doctor."""
    step: Annotated[float, Field(gt=1, le=2)]
    """By this factor "longer hold" and "shorter hold" change the holds."""
    shortest: Annotated[float, Field(gt=0, le=1)]
    longest: Annotated[float, Field(ge=1, le=2)]
    """Shares of what is written, beyond which holds and rounds are not changed."""
    same_in_a_row: Annotated[int, Field(ge=1, le=10)]
    """After so many times "the same" with a routine, it gets one step more."""
    skipped_in_a_row: Annotated[int, Field(ge=1, le=10)]
    """A routine of which something was skipped so many times is left out of plans."""


GENTLE = "-gentle"
"""Ends the identifier of a plan of which only what is gentle is led, after its minutes."""


def without_gentle(identifier: str) -> str:
    """Give the identifier of a plan in its whole form; that of a routine stays."""
    whole = identifier.removesuffix(GENTLE)
    return whole if whole[-1:].isdigit() else identifier


class ChangeReason(Enum):
    """Why the next session is not like the last; each has a sentence in every language."""

    WORSE = "worse"
    WORSE_OFTEN = "worse_often"
    AFTER_WORSE = "after_worse"
    LONGER = "longer"
    SHORTER = "shorter"
    SAME = "same"
    BETTER = "better"


WHOLE = frozenset({ChangeReason.WORSE, ChangeReason.WORSE_OFTEN})
"""The reasons that concern a whole session; they are said at its beginning."""


@dataclass(frozen=True)
class Adaptation:
    """What to change in a routine; by default nothing."""

    factor: float = 1.0
    """By which holds and rounds of breath are multiplied."""
    gentle_only: bool = False
    see_doctor: bool = False
    reasons: tuple[ChangeReason, ...] = ()


def gentle_only(past: Past, now: float, rules: Rules) -> bool:
    """Say whether only gentle routines are led, because of a "worse" not long ago."""
    latest = accumulate((max(one.began, one.ended) for one in past.sessions), max)
    hours = rules.hours_gentle_after_worse * HOUR
    return any(
        one.felt is Feeling.WORSE and now - moment < hours
        for one, moment in zip(past.sessions, latest, strict=True)
    )


def worse_often(past: Past, rules: Rules) -> bool:
    """Say whether the last answers were all "worse"; an unanswered question counts as none."""
    felt = [one.felt for one in past.sessions if one.felt][-rules.worse_in_a_row :]
    return len(felt) == rules.worse_in_a_row and set(felt) == {Feeling.WORSE}


def adapt(
    past: Past, identifier: str, now: float, rules: Rules, *, timed: bool = False
) -> Adaptation:
    """Say what the past changes in a routine or a plan at `now`, in seconds of UTC since 1970.

    A plan that was led in its gentle form counts as the same plan. What is `timed`, as a plan is,
    grows only where longer holds were asked for, because its minutes were asked for too.
    """
    doctor = worse_often(past, rules)
    reasons = [ChangeReason.WORSE_OFTEN] if doctor else []
    ids = {identifier, identifier + GENTLE}
    before = [one for one in past.sessions if one.routine in ids and one.reached]
    if gentle_only(past, now, rules):
        return Adaptation(
            _bounded(1 / rules.step, rules), True, doctor, (*reasons, ChangeReason.WORSE)
        )
    if not before:
        return Adaptation(see_doctor=doctor, reasons=tuple(reasons))
    factor, reason = _factor(before, rules, timed=timed)
    return Adaptation(factor, False, doctor, (*reasons, *([reason] if reason else [])))


def left_out(past: Past, routine_id: str, rules: Rules) -> bool:
    """Say whether so much of a routine was skipped, time after time, that plans do without it."""
    last = [one for one in past.sessions if one.routine == routine_id and one.reached]
    last = last[-rules.skipped_in_a_row :]
    return len(last) == rules.skipped_in_a_row and all(one.skipped for one in last)


def adapted(routine: Routine, factor: float) -> Routine:
    """Give the routine with its holds and rounds multiplied.

    What lowers a head, and a partner's press, is never made longer.
    """
    return routine.model_copy(update={"steps": tuple(_step(s, factor) for s in routine.steps)})


def parse_rules(text: str) -> Rules:
    """Build the rules from the text of ``adapt.toml``, or raise ``InvalidRules``."""
    return parse_data(Rules, text, "adapt.toml", InvalidRules)


def _factor(
    before: list[PastSession], rules: Rules, *, timed: bool
) -> tuple[float, ChangeReason | None]:
    """Go through the sessions of one routine, oldest first; give the factor and what led to it."""
    factor, reason, same = 1.0, None, 0
    for one in before:
        same = same + 1 if one.felt is Feeling.SAME else 0
        reason = None
        if one.felt is Feeling.WORSE or one.outcome is Outcome.PAIN:
            factor, reason = min(factor, 1.0) / rules.step, ChangeReason.AFTER_WORSE
        elif one.longer:
            factor *= rules.step**one.longer
            reason = ChangeReason.LONGER if one.longer > 0 else ChangeReason.SHORTER
        elif same >= rules.same_in_a_row and not timed:
            factor, reason, same = factor * rules.step, ChangeReason.SAME, 0
        elif one.felt is Feeling.BETTER:
            reason = ChangeReason.BETTER
        factor = _bounded(factor, rules)
    return factor, reason


def _bounded(factor: float, rules: Rules) -> float:
    return min(max(factor, rules.shortest), rules.longest)


def _step(step: Step, factor: float) -> Step:
    if (step.head_low or step.is_press) and factor > 1:
        return step
    if step.hold is not None:
        # Who rests is never counted out of it, so a hold that is not counted stays that short.
        longest = LONGEST_HOLD if step.hold >= SHORTEST_COUNTED else SHORTEST_COUNTED - 1
        hold = min(max(round(step.hold * factor), SHORTEST_HOLD), longest)
        # A short hold's end is not counted, and what would be said then is not said.
        release = step.release if hold >= SHORTEST_COUNTED else None
        return step.model_copy(update={"hold": float(hold), "release": release})
    if step.breathing is not None:
        rounds = min(max(round(step.breathing.rounds * factor), 1), MOST_ROUNDS)
        breathing = step.breathing.model_copy(update={"rounds": rounds})
        return step.model_copy(update={"breathing": breathing})
    return step
