"""A plan that somebody else has chosen for the person, such as a practice at its board.

It comes from outside, so more is asked of it than of a file of one's own. It can only be offered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import ValidationError

from voice_coach.core.plan import (
    ASSIGNED,
    InvalidPlan,
    Minutes,
    Plan,
    choice,
    compose,
    faults,
    parse_plan,
)
from voice_coach.core.problems import named

if TYPE_CHECKING:
    from voice_coach.core.language import Language

LONGEST_PLAN = 6000
"""Bytes of the file; those of the shipped plans have under 800."""
SOURCE = "the plan"
"""What its file is called in messages."""


class AssignedPlan(Plan):
    """A plan that somebody else has chosen for the person; it can only be offered.

    It is no plan of the language, so its names are not listened for.
    """

    id: Literal["assigned"] = ASSIGNED
    minutes: Minutes

    @property
    def choice(self) -> str:
        """The identifier by which it is chosen."""
        return choice(self, self.minutes)


def read_assigned_plan(language: Language, text: str, minutes: Minutes) -> AssignedPlan:
    """Read the text of a plan that is to take so many minutes, or raise ``InvalidPlan``.

    Whoever sent it must not put words into the coach's mouth, so the area that is said must be that
    of a plan of `language`. What it is called in the file is not listened for. It takes routines
    whole, or the parts of them that those plans take, so that none ends in its midst.
    """
    if len(text.encode()) > LONGEST_PLAN:
        raise InvalidPlan(f"it has more than {LONGEST_PLAN} bytes")
    plan = parse_plan(text, SOURCE)
    for path, _, wrong in faults(plan, language):
        raise InvalidPlan(f"{SOURCE}: {named(path)} {wrong}")
    known = {other.area: other for other in language.plans}
    if plan.area not in known:
        areas = ", ".join(known)
        raise InvalidPlan(
            f"{SOURCE}: area is none that this coach says; take one of these: {areas}"
        )
    parts = {block for other in language.plans for block in other.blocks}
    if cut := next((each for each in plan.blocks if each.steps and each not in parts), None):
        raise InvalidPlan(
            f'{SOURCE}: "{cut.routine}" is taken in part, as no plan here does; take it whole'
        )
    content = dict(plan) | {"id": ASSIGNED, "names": known[plan.area].names, "minutes": minutes}
    made = AssignedPlan(**content)
    try:
        compose(made, minutes, language, lambda _routine: True)
    except ValidationError:
        raise InvalidPlan(f"{SOURCE}: is too much for one routine; leave some out") from None
    return made
