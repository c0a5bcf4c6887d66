"""Puts a body into its pose: lays it out, rests it on what is below it, and lets it reach.

First spine, head and free limbs follow their angles. Then the whole body sinks or rises until it
rests. Then legs and arms reach for what feet and hands touch. A body that stands on free legs is
anchored at the feet, every other body at the hips.
"""

from __future__ import annotations

from dataclasses import replace
from math import cos, pi
from typing import TYPE_CHECKING, Any

from voice_coach.core.pose import Pose, Position
from voice_coach.display.figures.contact import arm, footed, leg
from voice_coach.display.figures.skeleton import ANKLE, HEAD, SEGMENTS, SIDES, WIDTHS, laid_out

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from voice_coach.core import pose as data
    from voice_coach.display.figures.props import Support
    from voice_coach.display.figures.skeleton import PosedBody, Side

KNEE = 6.0
"""Radius of a knee, in centimetres."""
BREADTH = 10.0
"""Half the depth of a torso seen from the front or from behind."""
BEYOND = 7.0
"""How much higher the floor is drawn behind a leg that is in front."""


def posed(pose: Pose, away: float, on: Support) -> PosedBody:
    """Return the body of a `pose`, at `away` of the way (0 to 1) towards where it comes from."""
    return _settled(pose, (pose, pose.before), away, on)


def partnered(partner: data.Body, away: float, on: Support) -> PosedBody:
    """Return the body of a partner, who stands and is seen from the side."""
    return _settled(Pose(facing=partner.facing), (partner, partner.before), away, on)


def ease(share: float) -> float:
    """Begin and end a movement softly; `share` and the result go from 0 to 1."""
    return (1 - cos(pi * share)) / 2


def _settled(pose: Pose, ends: tuple[Position, Position], share: float, on: Support) -> PosedBody:
    position = _mixed(*ends, share)
    body = laid_out(pose, position)
    standing = {s for s in SIDES if any(getattr(end, f"{s}_foot") is not None for end in ends)}
    if pose.view == "above":
        body = body.moved(complex(position.along))
    else:
        body = _rested(body, position.along, on, free={*SIDES} - standing)
        legs = {}
        for side in SIDES:
            other = "left_leg" if side == "right" else "right_leg"
            ground = replace(on, raised=BEYOND) if other in pose.front else on
            legs[side] = (
                leg(body, side, ends, share, ground)
                if side in standing
                else footed(body.legs[side], body, side, ground)
            )
        body = replace(body, legs=legs)
    arms = {}
    for side in SIDES:
        one, two = (getattr(end, f"{side}_hand") for end in ends)
        arms[side] = arm(body, side, (one, two), share, on)
    return replace(body, arms=arms)


def _rested(body: PosedBody, along: float, on: Support, free: AbstractSet[Side]) -> PosedBody:
    """Let a body come to rest; `free` are the legs that do not stand by themselves."""
    widths = (BREADTH,) * (SEGMENTS + 1) if body.flat else WIDTHS
    circles = [*zip(body.spine, widths, strict=True), (body.head, HEAD)]
    feet = [body.legs[side][2] for side in sorted(free)]
    circles += [(body.legs[side][1], KNEE) for side in sorted(free)]
    circles += [(foot, ANKLE) for foot in feet]
    lowest = min(point.imag for point, _ in circles)
    standing = bool(feet) and all(foot.imag < lowest + 1 for foot in feet)
    anchor = sum(foot.real for foot in feet) / len(feet) if standing else 0
    aside = along - anchor
    return body.moved(aside + 1j * on.lift([(point + aside, r) for point, r in circles]))


def _mixed(a: Position, b: Position, share: float) -> Position:
    """Interpolate every number of a position between `a` (0) and `b` (1)."""

    def between(name: str) -> Any:
        one, two = getattr(a, name), getattr(b, name)
        if isinstance(one, tuple):
            return tuple(x + (y - x) * share for x, y in zip(one, two, strict=True))
        if isinstance(one, (int, float)) and isinstance(two, (int, float)):
            return one + (two - one) * share
        return one

    return Position.model_construct(**{name: between(name) for name in Position.model_fields})
