"""A small human model: from joint angles and contacts to where every bone is.

Points are complex numbers in centimetres, x to the right and y up, the floor at 0. Forward
kinematics lays out spine, head and limbs from the hips; then the body sinks or rises until it
rests on what is below it; then legs and arms whose feet and hands touch something reach for it, by
the law of cosines, with knees and elbows bent the way they can be. The lengths are those of a
person 170 cm tall, after the segment lengths in D. A. Winter, Biomechanics and Motor Control of
Human Movement, with the small parts a little larger, to be seen from afar.
"""

from __future__ import annotations

import cmath
from dataclasses import dataclass, replace
from math import acos, cos, degrees, pi, radians, sin
from typing import TYPE_CHECKING, Any, Literal

from voice_coach.core.pose import Pose, Position
from voice_coach.display.outline import HEAD

if TYPE_CHECKING:
    from voice_coach.core import pose as data
    from voice_coach.display.props import Support

Side = Literal["left", "right"]
SIDES: tuple[Side, Side] = ("left", "right")
Limb = tuple[complex, complex, complex, complex]
"""Shoulder, elbow, wrist, finger tips; or hip, knee, ankle, toes."""

SEGMENT, SEGMENTS = 9.8, 5
"""Of the spine, from the hips to the neck."""
NECK = 18.5
"""From the neck's foot to the middle of the head."""
UPPER_ARM, FOREARM, HAND = 28.0, 25.0, 9.0
THIGH, SHIN = 42.0, 41.0
ANKLE = 6.0
"""How high it is above the sole."""
PALM = 5.0
"""From the wrist to the middle of the palm."""
WIDTHS = (11.0, 10.2, 9.6, 10.6, 11.2, 8.6)
"""Half the depth of the torso at the ends of its segments, from the side."""
SHOULDERS, HIPS = 15.0, 8.0
"""Half the distance between the joints, from front or behind."""
BEYOND = 7.0
"""How much higher on the picture the floor is behind a leg that is in front."""
SHORT = ("hips", "spine", "back of head", "other knee", "out", "hanging")
"""Where a hand can only be when the arm goes out to the side, or across."""
RELAXED_FOOT, FOOT = 65, range(15, 116)
"""Angle between shin and sole when free, and how far it goes; 90 when standing."""


@dataclass(frozen=True)
class Body:
    """Where everything is."""

    spine: tuple[complex, ...]
    """From the hips to the foot of the neck."""
    head: complex
    up: float
    """Direction from the neck to the top of the head, in degrees."""
    arms: dict[Side, Limb]
    legs: dict[Side, Limb]
    turn: int
    """+1 where the belly is clockwise of the spine, -1 where it is on the other side."""

    def moved(self, by: complex) -> Body:
        """Give the same body elsewhere."""
        return replace(
            self,
            spine=tuple(point + by for point in self.spine),
            head=self.head + by,
            arms={side: _moved(limb, by) for side, limb in self.arms.items()},
            legs={side: _moved(limb, by) for side, limb in self.legs.items()},
        )

    def forward(self, at: float) -> complex:
        """Give the direction of the belly, at a part of the spine from hips (0) to neck (1)."""
        return self.along(at) * unit(-90 * self.turn)

    def along(self, at: float) -> complex:
        """Give the direction of the spine at a part of it."""
        index = min(int(at * SEGMENTS), SEGMENTS - 1)
        step = self.spine[index + 1] - self.spine[index]
        return step / abs(step)

    def back(self, at: float) -> complex:
        """Give the point of the back at a part of the spine."""
        index = min(int(at * SEGMENTS), SEGMENTS - 1)
        rest = at * SEGMENTS - index
        a, b = self.spine[index : index + 2]
        width = WIDTHS[index] * (1 - rest) + WIDTHS[index + 1] * rest
        return a + (b - a) * rest - width * self.forward(at)


def unit(angle: float) -> complex:
    """Give the point at distance 1 in a direction, in degrees."""
    return cmath.rect(1, radians(angle))


def posed(pose: Pose, away: float, support: Support) -> Body:
    """Lay the body of a `pose` out, `away` of the way (0 to 1) towards where it comes from."""
    return _settled(pose, (pose, pose.before), away, support)


def partnered(partner: data.Body, away: float, support: Support) -> Body:
    """Lay out a partner."""
    return _settled(Pose(facing=partner.facing), (partner, partner.before), away, support)


def mixed(a: Position, b: Position, share: float) -> Position:
    """Give the position in which every angle is this share of the way from `a` to `b`."""

    def between(name: str) -> Any:
        one, two = getattr(a, name), getattr(b, name)
        if isinstance(one, tuple):
            return tuple(x + (y - x) * share for x, y in zip(one, two, strict=True))
        if isinstance(one, (int, float)) and isinstance(two, (int, float)):
            return one + (two - one) * share
        return one

    return Position.model_construct(**{name: between(name) for name in Position.model_fields})


def _settled(pose: Pose, ends: tuple[Position, Position], share: float, support: Support) -> Body:
    position = mixed(*ends, share)
    body = _laid_out(pose, position)
    reaching = {
        side for side in SIDES if any(getattr(end, f"{side}_foot") is not None for end in ends)
    }
    if pose.view != "above":
        circles = [*zip(body.spine, _radii(pose), strict=True), (body.head, HEAD)]
        for side in SIDES:
            if side not in reaching:
                _, knee, ankle, _ = body.legs[side]
                circles += [(knee, 6.0), (ankle, ANKLE)]
        feet = [body.legs[side][2] for side in SIDES if side not in reaching]
        # Who stands is anchored at the feet, everybody else at the hips.
        lowest = min(point.imag for point, _ in circles)
        standing = bool(feet) and all(foot.imag < lowest + 1 for foot in feet)
        anchor = sum(foot.real for foot in feet) / len(feet) if standing else 0
        body = body.moved(position.along - anchor)
        circles = [(point + position.along - anchor, radius) for point, radius in circles]
        body = body.moved(1j * support.lift(circles))
        legs = {
            side: _leg(body, side, (pose, *ends), share, support)
            if side in reaching
            else _footed(body.legs[side], body.turn, pose, side, support)
            for side in SIDES
        }
        body = replace(body, legs=legs)
    else:
        body = body.moved(complex(position.along))
    arms = dict(body.arms)
    for side in SIDES:
        one, two = (getattr(p, f"{side}_hand") for p in ends)
        if one is None and two is None:
            continue
        reaches = [_reach(body, side, place, pose, support) for place in (one, two)]
        if one in SHORT or two in SHORT:
            a, b, c, d = (x + (y - x) * share for x, y in zip(*reaches, strict=True))
            arms[side] = a, b, c, d
        else:
            palms = [_palm(limb) for limb in reaches]
            arms[side] = _arm(body, side, pose, palms[0] + (palms[1] - palms[0]) * share)
    return replace(body, arms=arms)


def _laid_out(pose: Pose, position: Position) -> Body:
    """Lay a body out from its angles alone, with the hips at 0."""
    sideways = pose.view in ("side", "above")
    turn = (1 if pose.facing == "right" else -1) if sideways else 1
    spine = [0j]
    lean = position.torso + turn * position.spine / 2
    for number in range(SEGMENTS):
        bend = turn * position.spine * (number + 0.5) / SEGMENTS
        spine.append(spine[-1] + SEGMENT * unit(lean - bend))
    pelvis, chest = (degrees(cmath.phase(spine[n + 1] - spine[n])) for n in (0, SEGMENTS - 1))
    up = chest - turn * position.neck
    arms: dict[Side, Limb] = {}
    legs: dict[Side, Limb] = {}
    for side in SIDES:
        # From behind the right side is to the right, from the front to the left.
        out = turn if sideways else _outward(pose, side)
        shoulder = spine[-1] - 5 * unit(chest)
        hip = spine[0]
        if sideways:
            ahead = 13 * sin(radians(position.twist)) * unit(chest - 90 * turn)
            shoulder += ahead if side == "left" else -ahead
        else:
            shoulder += SHOULDERS * out * unit(chest - 90)
            hip += HIPS * out * unit(pelvis - 90)
        raised, elbow = getattr(position, f"{side}_arm")
        lifted, knee = getattr(position, f"{side}_leg")
        arms[side] = _chain(shoulder, chest + 180 + out * raised, out * elbow, UPPER_ARM, FOREARM)
        leg = _chain(hip, pelvis + 180 + out * lifted, -out * knee, THIGH, SHIN)
        legs[side] = (
            *leg[:3],
            leg[2] + 14 * unit(pelvis + 180 + out * (lifted - knee + RELAXED_FOOT)),
        )
    return Body(tuple(spine), spine[-1] + NECK * unit(up), up, arms, legs, turn)


def _chain(joint: complex, direction: float, bend: float, upper: float, lower: float) -> Limb:
    middle = joint + upper * unit(direction)
    end = middle + lower * unit(direction + bend)
    return joint, middle, end, end + HAND * unit(direction + bend)


def _leg(
    body: Body, side: Side, poses: tuple[Pose, Position, Position], share: float, support: Support
) -> Limb:
    """Reach for where the foot stands."""
    pose, one, two = poses
    hip, _, ankle, _ = body.legs[side]
    now = mixed(one, two, share).along
    other = "left_leg" if side == "right" else "right_leg"
    ground = replace(support, raised=BEYOND) if other in pose.front else support
    targets = []
    for end in (one, two):
        foot = getattr(end, f"{side}_foot")
        x = hip.real + end.along - now + (foot or 0) * _ahead(body)
        targets.append(ankle if foot is None else complex(x, ground.level(x) + ANKLE))
    target = targets[0] + (targets[1] - targets[0]) * share
    knee, ankle = _bent(hip, target, THIGH, SHIN, body.turn)
    return _footed((hip, knee, ankle, ankle), body.turn, Pose(), side, ground)


def _ahead(body: Body) -> int:
    """Tell which way the feet are: where the belly points, or away from the head of who lies."""
    tall = body.spine[-1] - body.spine[0]
    if tall.imag > abs(tall.real):
        return body.turn
    return -1 if tall.real > 0 else 1


def _footed(leg: Limb, turn: int, pose: Pose, side: Side, support: Support) -> Limb:
    """Put a foot to a leg: relaxed, unless it has to lie or stand on the ground."""
    hip, knee, ankle, _ = leg
    if pose.view in ("front", "back"):
        out = _outward(pose, side)
        return hip, knee, ankle, ankle + complex(3.5 * out, -3.2)
    shin = degrees(cmath.phase(ankle - knee))
    for angle in sorted(FOOT, key=lambda angle: abs(angle - RELAXED_FOOT)):
        toes = ankle + foot_from(shin + turn * angle, turn)[1]
        if toes.imag >= support.level(toes.real) + 2.2:
            break
    return hip, knee, ankle, toes


def foot_from(direction: float, turn: int) -> tuple[complex, complex]:
    """Give heel and toes of a foot, from its ankle, when its sole points in a direction."""
    ahead = unit(direction)
    above = ahead * unit(90 * turn)
    return -3.5 * ahead - 2.8 * above, 14.0 * ahead - 3.5 * above


def _arm(body: Body, side: Side, pose: Pose, palm: complex) -> Limb:
    """Reach for something with a hand."""
    shoulder = body.arms[side][0]
    turn = body.turn if pose.view in ("side", "above") else _outward(pose, side)
    elbow, end = _bent(shoulder, palm, UPPER_ARM, FOREARM + PALM, -turn)
    wrist = elbow + FOREARM * _towards(elbow, end)
    return shoulder, elbow, wrist, wrist + HAND * _towards(elbow, end)


def _reach(body: Body, side: Side, place: str | None, pose: Pose, support: Support) -> Limb:
    """Give an arm whose hand is at a place; without one, the arm as its angles have it."""
    if place is None:
        return body.arms[side]
    palm = touched(place, body, side, pose, support)
    if place in SHORT:
        return _foreshortened(body, side, place, palm)
    return _arm(body, side, pose, palm)


def _palm(arm: Limb) -> complex:
    _, elbow, wrist, _ = arm
    return wrist + PALM * _towards(elbow, wrist)


def _foreshortened(body: Body, side: Side, place: str, palm: complex) -> Limb:
    """Give an arm that goes towards or away from whoever looks, and so is seen shorter."""
    shoulder = body.arms[side][0]
    elbow = (shoulder + palm) / 2
    if place in ("spine", "hips"):
        elbow -= 12 * body.forward(0.7)
    elif place == "back of head" and not _near(body, side):
        elbow += 6j
    elif place in ("back of head", "other knee"):
        elbow -= 8j
    wrist = palm - 0.35 * (palm - elbow)
    return shoulder, elbow, wrist, palm


def _near(body: Body, side: Side) -> bool:
    return (side == "right") == (body.turn > 0)


def _outward(pose: Pose, side: Side) -> int:
    """Tell where a side is: +1 to the right; from behind that is the right side itself."""
    return 1 if (side == "right") == (pose.view == "back") else -1


def _bent(
    joint: complex, target: complex, upper: float, lower: float, way: int
) -> tuple[complex, complex]:
    """Give the middle and the end of a limb that reaches for a target, by the law of cosines."""
    far = min(max(abs(target - joint), abs(upper - lower) + 0.5), upper + lower - 0.05)
    cosine = (upper**2 + far**2 - lower**2) / (2 * upper * far)
    ahead = _towards(joint, target)
    middle = joint + upper * ahead * cmath.rect(1, way * acos(max(-1, min(1, cosine))))
    return middle, joint + far * ahead


def touched(place: str, body: Body, side: Side, pose: Pose, support: Support) -> complex:
    """Give the point a hand touches."""
    hip, knee, ankle, toes = body.legs[side]
    hips, arm = body.spine[0], body.arms[side][0]
    nearer = _near(body, side)
    face = body.turn * -90 + body.up
    outside = 0j
    if pose.view in ("front", "back"):
        outside = complex(7 * _outward(pose, side))
    if place == "other knee":
        _, knee, ankle, _ = body.legs["left" if side == "right" else "right"]
    above = _towards(hip, knee) * unit(90 * body.turn)
    if place == "shoulder blades":
        return body.back(0.8) if support.blades is None else support.blades
    return {
        "hips": lambda: hips + 9 * body.along(0) - 8 * body.forward(0) + outside,
        "spine": lambda: body.back(0.35) - 2 * body.forward(0.35),
        "forehead": lambda: body.head + (HEAD + 0.5) * unit(face + 35 * body.turn),
        "back of head": lambda: body.head + HEAD * unit(face + 150 * body.turn),
        "thigh": lambda: hip + (knee - hip) * 0.62 + 7 * above + outside,
        "knee": lambda: knee + 5 * above + outside,
        "other knee": lambda: knee + (ankle - knee) * 0.3,
        "shin": lambda: (
            knee + (ankle - knee) * 0.25 + 6 * _towards(knee, ankle) * unit(90 * body.turn)
        ),
        "toes": lambda: toes,
        "beside": lambda: complex(arm.real + 57 * _ahead(body), support.level(hips.real) + 4),
        "behind": lambda: complex(hips.real - 26 * body.turn, support.level(hips.real) + 6),
        "out": lambda: arm + (complex(-19, -17) if nearer else complex(20, 21)),
        "hanging": lambda: arm + (complex(-7, -36) if nearer else complex(1, -28)),
        "ball": lambda: complex(hips.real - 22 * body.turn, hips.imag - 16),
        "wall": lambda: complex(support.wall - 3, arm.imag + 4),
    }[place]()


def _towards(a: complex, b: complex) -> complex:
    return (b - a) / abs(b - a) if a != b else 1 + 0j


def _radii(pose: Pose) -> tuple[float, ...]:
    return WIDTHS if pose.view == "side" else (10.0,) * (SEGMENTS + 1)


def _moved(limb: Limb, by: complex) -> Limb:
    a, b, c, d = limb
    return a + by, b + by, c + by, d + by


def ease(share: float) -> float:
    """Begin and end a movement softly; `share` and the answer go from 0 to 1."""
    return (1 - cos(pi * share)) / 2
