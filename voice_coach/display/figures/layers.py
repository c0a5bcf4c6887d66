"""What is seen of a pose, from back to front: the prop, the body, the partner, the force.

Far limbs come first, darker and a little higher, because the view is from slightly above. Then come
torso and head with the line of the spine, then near limbs, and last what a pose puts in front.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import degrees
from typing import TYPE_CHECKING

from voice_coach.display.figures.contact import touched
from voice_coach.display.figures.posture import ease, partnered, posed
from voice_coach.display.figures.props import BALL, Support
from voice_coach.display.figures.skeleton import HEAD, SEGMENTS, WIDTHS, angle, foot_from, unit
from voice_coach.display.figures.svg import Layer, Shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voice_coach.core.pose import Part, Pose
    from voice_coach.display.figures.skeleton import PosedBody, Side

BROAD = (13.5, 12.5, 12.0, 13.0, 12.5, 9.0)
"""Half the width of the torso at the ends of its segments, seen from front or behind."""
TURNED = 45
"""From this twist on, in degrees, the face is not seen from the side."""
FAR = complex(3.5, 2.5)
"""How far a limb on the far side is shifted."""

SIDEWAYS: dict[Side, tuple[Part | None, ...]] = {
    "right": ("left_arm", "left_leg", None, "right_leg", "right_arm"),
    "left": ("right_arm", "right_leg", None, "left_leg", "left_arm"),
}
"""The order from back to front by the near side; None is torso and head."""
FLAT: tuple[Part | None, ...] = ("left_leg", "right_leg", None, "left_arm", "right_arm")


def layers(pose: Pose, progress: float) -> list[Layer]:
    """Return all that is seen of a pose at this progress, 0 to 1."""
    away = 1 - ease(progress)
    turn = 1 if pose.facing == "right" else -1
    rolled = (pose.before.along - pose.along) * away / 2
    support = Support(pose.prop, turn, rolled)
    body = posed(pose, away, support)
    seen = [*_ball(support), *_cushion(body, pose, support), *_person(body, pose, support)]
    if pose.partner:
        floor = Support("none", 1, blades=body.back(0.8) + 3j)
        partner = partnered(pose.partner, away, floor)
        seen += _person(partner, None, floor)
    if pose.force:
        near: Side = "right" if turn > 0 else "left"
        point = touched(pose.force.at, body, near, support)
        ahead = unit(pose.force.direction)
        if pose.force.at == "shoulder blades":  # beside the hands, so that it is seen
            point -= 15 * body.along(0.8)
        shown = 1 - away if pose.comes_from else 1
        arrow = Shape(point - 42 * ahead, point - 8 * ahead, kind="arrow", seen=shown)
        seen.append(Layer("f-force", (arrow,)))
    return seen


def _ball(support: Support) -> Iterator[Layer]:
    if support.prop == "ball":
        middle = complex(support.ball, BALL)
        spoke = unit(140 - degrees(support.ball / BALL))
        yield Layer("f-body f-prop", (Shape(middle, middle + spoke, BALL - 2, BALL - 2),))
        yield Layer("f-line", (Shape(middle + 19 * spoke, middle + 23 * spoke, kind="line"),))


def _cushion(body: PosedBody, pose: Pose, support: Support) -> Iterator[Layer]:
    if pose.cushion:
        middle, half, radius = body.head, 6j, HEAD + 4
        if pose.view != "above":
            middle = complex(middle.real, support.level(middle.real) + 2.5)
            half, radius = complex(HEAD), 2.5
        yield Layer("f-body f-prop", (Shape(middle - half, middle + half, radius, radius),))


def _person(body: PosedBody, pose: Pose | None, support: Support) -> Iterator[Layer]:
    """Yield the layers of a person, or of the partner if there is no `pose`."""
    flat = pose is not None and pose.view in ("front", "back")
    moved, front = (pose.moves, pose.front) if pose else ((), ())
    near: Side = "right" if body.turn > 0 else "left"

    def style(part: Part) -> str:
        tone = "f-body" if pose else "f-body f-partner"
        return f"{tone} f-moved" if part in moved else tone

    def limb(part: Part) -> Layer:
        side: Side = "left" if part.startswith("left") else "right"
        bones = _arm(body, side) if part.endswith("arm") else _leg(body, side, flat=flat)
        if flat or side == near or part in front:
            return Layer(style(part), bones)
        away = complex(FAR.real * body.turn, FAR.imag)
        shifted = (replace(bone, at=bone.at + away, to=bone.to + away) for bone in bones)
        return Layer(f"{style(part)} f-far", tuple(shifted))

    order = FLAT if flat else SIDEWAYS[near]
    for part in (*(part for part in order if part not in front), *front):
        if part is None:
            yield from _trunk(body, pose, support, (style("torso"), style("head")))
            continue
        yield limb(part)
        if part == f"{near}_leg" and not flat and style(part) == style("torso"):
            # Hide the edge between thigh and trunk.
            hip = body.legs[near][0]
            yield Layer(f"{style(part)} f-patch", (Shape(hip, hip + body.along(0), 10.4, 10.4),))


def _trunk(
    body: PosedBody, pose: Pose | None, support: Support, styles: tuple[str, str]
) -> Iterator[Layer]:
    view = pose.view if pose else "side"
    flat = view in ("front", "back")
    turned = pose.twist if pose else 0
    torso, head = _torso(body, flat=flat), _head(body, support, flat=flat or abs(turned) > TURNED)
    if styles[0] == styles[1]:
        yield Layer(styles[0], torso + head)
    else:
        yield Layer(styles[0], torso)
        yield Layer(styles[1], head)
    if pose and view != "front":
        yield Layer("f-spine", _spine(body, flat=flat))


def _torso(body: PosedBody, *, flat: bool) -> tuple[Shape, ...]:
    widths = BROAD if flat else WIDTHS
    trunk = tuple(
        Shape(body.spine[n], body.spine[n + 1], widths[n], widths[n + 1]) for n in range(SEGMENTS)
    )
    left, right = body.arms["left"][0], body.arms["right"][0]
    if flat:
        hips = Shape(body.legs["left"][0], body.legs["right"][0], 8, 8)
        return (*trunk, Shape(left, right, 6.5, 6.5), hips)
    return (*trunk, *(Shape(joint, joint + body.along(1), 6.5, 6.5) for joint in (left, right)))


def _head(body: PosedBody, support: Support, *, flat: bool) -> tuple[Shape, ...]:
    top = unit(body.up)
    nose = body.head + (HEAD + 3) * top * unit(-90 * body.turn)
    # A person who lies face down turns the head.
    hidden = flat or nose.imag < support.level(nose.real)
    return (
        Shape(body.spine[-1], body.head, 5.2, 4.6),
        Shape(body.head, body.head + HEAD * top, kind="head", nose=0 if hidden else body.turn),
    )


def _spine(body: PosedBody, *, flat: bool) -> tuple[Shape, ...]:
    points = [
        body.spine[n] - (0 if flat else 0.5 * WIDTHS[n]) * body.forward(n / SEGMENTS)
        for n in range(SEGMENTS + 1)
    ]
    return tuple(Shape(a, b, kind="line") for a, b in pairwise(points))


def _arm(body: PosedBody, side: Side) -> tuple[Shape, ...]:
    shoulder, elbow, wrist, tips = body.arms[side]
    return (
        Shape(shoulder, elbow, 5.6, 4.5),
        Shape(elbow, wrist, 4.5, 3.5),
        Shape(wrist, tips, 3.9, 2.8),
    )


def _leg(body: PosedBody, side: Side, *, flat: bool) -> tuple[Shape, ...]:
    hip, knee, ankle, toes = body.legs[side]
    foot = Shape(ankle, toes, 4, 3.4)
    if not flat:
        sole = angle(toes - ankle) + body.turn * angle(complex(14, 3.5))
        foot = Shape(ankle + foot_from(sole, body.turn)[0], toes, 3.2, 2.4)
    return (Shape(hip, knee, 8.6, 6.2), Shape(knee, ankle, 6.2, 4.3), foot)
