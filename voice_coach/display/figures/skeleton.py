"""A small model of a human body: from the angles of its joints to the place of every bone.

Points are complex numbers in centimetres, x to the right and y up. The lengths are those of a
person 170 cm tall by Drillis and Contini (in D. A. Winter, Biomechanics and Motor Control of Human
Movement). Upper arm, hand and foot are a little shorter and the head is larger, as in pictograms,
so that they can be told apart from afar.
"""

from __future__ import annotations

import cmath
from dataclasses import dataclass, replace
from math import acos, degrees, radians, sin
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from voice_coach.core.pose import Pose, Position

Side = Literal["left", "right"]
SIDES: tuple[Side, Side] = ("left", "right")
Limb = tuple[complex, complex, complex, complex]
"""Shoulder, elbow, wrist, finger tips; or hip, knee, ankle, toes."""

SEGMENT, SEGMENTS = 9.8, 5
"""Of the spine, from the hips to the neck."""
NECK = 18.5
"""From the base of the neck to the middle of the head."""
UPPER_ARM, FOREARM, HAND = 28.0, 25.0, 9.0
THIGH, SHIN = 42.0, 41.0
ANKLE = 6.0
"""Height of the ankle above the sole."""
WIDTHS = (11.0, 10.2, 9.6, 10.6, 11.2, 8.6)
"""Half the depth of the torso at the ends of its segments, from the side."""
SHOULDERS, HIPS = 15.0, 8.0
"""Half the distance between the two joints, seen from the front or from behind."""
BELOW_NECK, DEPTH = 5.0, 13.0
"""How far the shoulders are below the base of the neck, and before it in a full twist."""
HEAD = 11.5
"""Radius of a head."""
FREE_FOOT = 65
"""Angle between shin and sole of a free foot, in degrees; it is 90 when standing."""


@dataclass(frozen=True)
class PosedBody:
    """The place of every part of a body, as it is seen."""

    spine: tuple[complex, ...]
    """The ends of its segments, from the hips to the base of the neck."""
    head: complex
    up: float
    """Direction from the neck to the top of the head, in degrees."""
    arms: dict[Side, Limb]
    legs: dict[Side, Limb]
    turn: int
    """+1 where the belly is clockwise of the spine, -1 where it is on the other side."""
    flat: bool
    """Whether it is seen from the front or from behind."""
    rear: bool
    """Whether it is seen from behind."""

    def way(self, side: Side) -> int:
        """Return the direction in which a limb of this side is lifted: +1 is anticlockwise.

        A limb is lifted forward, or to its own side if the body is seen from front or behind.
        """
        return (1 if (side == "right") == self.rear else -1) if self.flat else self.turn

    def near(self, side: Side) -> bool:
        """Tell whether this side is nearer to the viewer."""
        return (side == "right") == (self.turn > 0)

    def ahead(self) -> int:
        """Return to which side the feet point: with the belly, or away from the head when lying."""
        tall = self.spine[-1] - self.spine[0]
        if tall.imag > abs(tall.real):
            return self.turn
        return -1 if tall.real > 0 else 1

    def moved(self, by: complex) -> PosedBody:
        """Return the body, moved."""
        return replace(
            self,
            spine=tuple(point + by for point in self.spine),
            head=self.head + by,
            arms={side: _moved(limb, by) for side, limb in self.arms.items()},
            legs={side: _moved(limb, by) for side, limb in self.legs.items()},
        )

    def forward(self, at: float) -> complex:
        """Return the direction of the belly at a share of the spine, from hips (0) to neck (1)."""
        return self.along(at) * unit(-90 * self.turn)

    def along(self, at: float) -> complex:
        """Return the direction of the spine at a share of it."""
        index = min(int(at * SEGMENTS), SEGMENTS - 1)
        step = self.spine[index + 1] - self.spine[index]
        return step / abs(step)

    def back(self, at: float) -> complex:
        """Return the point of the back at a share of the spine."""
        index = min(int(at * SEGMENTS), SEGMENTS - 1)
        rest = at * SEGMENTS - index
        a, b = self.spine[index : index + 2]
        width = WIDTHS[index] * (1 - rest) + WIDTHS[index + 1] * rest
        return a + (b - a) * rest - width * self.forward(at)


def laid_out(pose: Pose, position: Position) -> PosedBody:
    """Lay a body out from its angles alone, with the hips at 0, seen as `pose` says."""
    flat = pose.view in ("front", "back")
    turn = -1 if pose.facing == "left" and not flat else 1
    spine = [0j]
    lean = position.torso + turn * position.spine / 2
    for number in range(SEGMENTS):
        bend = turn * position.spine * (number + 0.5) / SEGMENTS
        spine.append(spine[-1] + SEGMENT * unit(lean - bend))
    pelvis, chest = (angle(spine[n + 1] - spine[n]) for n in (0, SEGMENTS - 1))
    up = chest - turn * position.neck
    head = spine[-1] + NECK * unit(up)
    body = PosedBody(tuple(spine), head, up, {}, {}, turn, flat=flat, rear=pose.view == "back")
    arms: dict[Side, Limb] = {}
    legs: dict[Side, Limb] = {}
    for side in SIDES:
        way = body.way(side)
        shoulder, hip = spine[-1] - BELOW_NECK * unit(chest), spine[0]
        if flat:
            shoulder += SHOULDERS * way * unit(chest - 90)
            hip += HIPS * way * unit(pelvis - 90)
        else:
            ahead = DEPTH * sin(radians(position.twist)) * unit(chest - 90 * turn)
            shoulder += ahead if side == "left" else -ahead
        raised, elbow = getattr(position, f"{side}_arm")
        arms[side] = limb(
            shoulder, (chest + 180 + way * raised, way * elbow), (UPPER_ARM, FOREARM, HAND)
        )
        lifted, knee = getattr(position, f"{side}_leg")
        leg = limb(hip, (pelvis + 180 + way * lifted, -way * knee), (THIGH, SHIN, 0))
        sole = pelvis + 180 + way * (lifted - knee + FREE_FOOT)
        legs[side] = (*leg[:3], leg[2] + foot_from(sole, way)[1])
    return replace(body, arms=arms, legs=legs)


def limb(joint: complex, turns: tuple[float, float], lengths: tuple[float, float, float]) -> Limb:
    """Lay a limb out from its joint; `turns` are the upper part's direction and the bend."""
    direction, bend = turns
    upper, lower, tip = lengths
    middle = joint + upper * unit(direction)
    end = middle + lower * unit(direction + bend)
    return joint, middle, end, end + tip * unit(direction + bend)


def bent(
    joint: complex, target: complex, lengths: tuple[float, float], way: int
) -> tuple[complex, complex]:
    """Return middle and end of a limb that reaches for a target, by the law of cosines.

    Seen from the joint, the middle is anticlockwise of the target if `way` is +1. If the target is
    too far, the limb is straight.
    """
    upper, lower = lengths
    far = min(max(abs(target - joint), abs(upper - lower) + 0.5), upper + lower - 0.05)
    cosine = (upper**2 + far**2 - lower**2) / (2 * upper * far)
    ahead = towards(joint, target)
    middle = joint + upper * ahead * cmath.rect(1, way * acos(max(-1, min(1, cosine))))
    return middle, joint + far * ahead


def foot_from(direction: float, turn: int) -> tuple[complex, complex]:
    """Return heel and toes, relative to the ankle, of a foot whose sole points in a direction."""
    ahead = unit(direction)
    above = ahead * unit(90 * turn)
    return -3.5 * ahead - 2.8 * above, 14.0 * ahead - 3.5 * above


def unit(direction: float) -> complex:
    """Return the point at distance 1 in a direction in degrees."""
    return cmath.rect(1, radians(direction))


def angle(way: complex) -> float:
    """Return a direction in degrees, from -180 to 180."""
    return degrees(cmath.phase(way))


def towards(a: complex, b: complex) -> complex:
    """Return the direction from one point to another, with length 1."""
    return (b - a) / abs(b - a) if a != b else 1 + 0j


def _moved(limb: Limb, by: complex) -> Limb:
    a, b, c, d = limb
    return a + by, b + by, c + by, d + by
