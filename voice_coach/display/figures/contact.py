"""Hands and feet reach for what they touch, with elbows and knees bent the natural way.

When a hand touches something, the arm follows by the law of cosines. When that is to the side,
towards or away from the viewer, the arm is seen foreshortened. Between two places an arm swings:
its angles go from one to the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.display.figures.skeleton import (
    ANKLE,
    FOREARM,
    FREE_FOOT,
    HAND,
    HEAD,
    SHIN,
    THIGH,
    UPPER_ARM,
    angle,
    bent,
    foot_from,
    limb,
    towards,
    unit,
)

if TYPE_CHECKING:
    from voice_coach.core.pose import Place, Position
    from voice_coach.display.figures.props import Support
    from voice_coach.display.figures.skeleton import Limb, PosedBody, Side

PALM = 5.0
"""From the wrist to the middle of the palm, in centimetres."""
SOLE = 2.2
"""Least height of the toes, in centimetres."""
FOOT = sorted(range(15, 116), key=lambda turn: abs(turn - FREE_FOOT))
"""Possible angles between shin and sole, in degrees, the one of a free foot first."""
STEEP = 0.5
"""A shin that rises more than this share of its length stands on a flat sole."""
BACKWARD = 120
"""An arm goes no farther back than this, in degrees."""
SHORT = ("hips", "spine", "forehead", "back of head", "other knee", "out", "hanging")
"""Places a hand reaches only with the arm to the side or across the body."""


def arm(
    body: PosedBody,
    side: Side,
    places: tuple[Place | None, Place | None],
    share: float,
    on: Support,
) -> Limb:
    """Return an arm whose hand is at this share of the way from one place to another.

    Without a place, the arm follows its angles.
    """
    one, two = (_reaching(body, side, place, on) for place in places)
    if places[0] == places[1]:
        return one
    way = body.way(side)
    chest = body.along(1)
    turns, lengths = [], []
    for shoulder, elbow, wrist, tips in (one, two):
        raised = way * angle((elbow - shoulder) / -chest)
        # An arm swings forward, never through the back.
        turns.append(
            (
                raised + 360 if raised < -BACKWARD else raised,
                angle((wrist - elbow) / (elbow - shoulder)),
            )
        )
        lengths.append((abs(elbow - shoulder), abs(wrist - elbow), abs(tips - wrist)))
    raised, elbow_ = (a + (b - a) * share for a, b in zip(*turns, strict=True))
    upper, lower, tip = (a + (b - a) * share for a, b in zip(*lengths, strict=True))
    return limb(one[0], (angle(-chest) + way * raised, elbow_), (upper, lower, tip))


def leg(
    body: PosedBody, side: Side, ends: tuple[Position, Position], share: float, on: Support
) -> Limb:
    """Return a leg whose foot is at this share of the way from its place to the one before."""
    hip, _, free, _ = body.legs[side]
    along = ends[0].along + (ends[1].along - ends[0].along) * share
    ankles = []
    for end in ends:
        foot = getattr(end, f"{side}_foot")
        x = hip.real + end.along - along + (foot or 0) * body.ahead()
        ankles.append(free if foot is None else complex(x, on.level(x) + ANKLE))
    ankle = ankles[0] + (ankles[1] - ankles[0]) * share
    knee, ankle = bent(hip, ankle, (THIGH, SHIN), body.turn)
    return footed((hip, knee, ankle, ankle), body, side, on)


def footed(leg: Limb, body: PosedBody, side: Side, on: Support) -> Limb:
    """Add the foot to a leg: free, or flat where it stands or lies on something."""
    hip, knee, ankle, toes = leg
    if body.flat:
        return hip, knee, ankle, ankle + complex(3.5 * body.way(side), -3.2)
    shin = angle(ankle - knee)
    turns = list(FOOT)
    if ankle.imag < on.level(ankle.real) + ANKLE + 1 and (knee - ankle).imag > STEEP * SHIN:
        flat = [round(body.turn * (sole - shin)) % 360 for sole in (0, 180)]
        turns = [turn for turn in flat if turn in FOOT] + turns
    for turn in turns:
        toes = ankle + foot_from(shin + body.turn * turn, body.turn)[1]
        if toes.imag >= on.level(toes.real) + SOLE:
            break
    return hip, knee, ankle, toes


def touched(place: Place, body: PosedBody, side: Side, on: Support) -> complex:
    """Return the point that a hand of this side touches."""
    hip, knee, ankle, toes = body.legs[side]
    hips, shoulder = body.spine[0], body.arms[side][0]
    near = body.near(side)
    aside = complex(7 * body.way(side)) if body.flat else 0j
    if place == "other knee":
        _, knee, ankle, _ = body.legs["left" if side == "right" else "right"]
    face = unit(body.up - 90 * body.turn)
    shin, thigh = towards(knee, ankle), towards(hip, knee)
    left = unit(90 * body.turn)
    return {
        "hips": hips + 9 * body.along(0) - 8 * body.forward(0) + aside,
        "spine": body.back(0.35) - 2 * body.forward(0.35),
        "forehead": body.head + (HEAD + 0.5) * face * unit(35 * body.turn),
        "back of head": body.head + HEAD * face * unit(150 * body.turn),
        "thigh": hip + 0.62 * (knee - hip) + 7 * thigh * left + aside,
        "knee": knee + 5 * thigh * left + aside,
        "other knee": knee + 0.3 * (ankle - knee),
        "shin": knee + 0.25 * (ankle - knee) + 6 * shin * left,
        "toes": toes,
        "beside": complex(shoulder.real + 57 * body.ahead(), on.level(hips.real) + 4),
        "behind": complex(hips.real - 26 * body.turn, on.level(hips.real) + 6),
        "out": shoulder + (complex(-27, -23) if near else complex(10, 6)),
        "hanging": shoulder + (complex(-7, -36) if near else complex(1, -28)),
        "ball": hips + complex(-22 * body.turn, -16),
        "wall": complex(on.wall - 3, shoulder.imag + 4),
        "shoulder blades": body.back(0.8) if on.blades is None else on.blades,
    }[place]


def _reaching(body: PosedBody, side: Side, place: Place | None, on: Support) -> Limb:
    if place is None:
        return body.arms[side]
    shoulder = body.arms[side][0]
    palm = touched(place, body, side, on)
    if place in SHORT:
        elbow = (shoulder + palm) / 2 + _elbow(body, side, place)
        return shoulder, elbow, palm - 0.35 * (palm - elbow), palm
    elbow, end = bent(shoulder, palm, (UPPER_ARM, FOREARM + PALM), -body.way(side))
    wrist = elbow + FOREARM * towards(elbow, end)
    return shoulder, elbow, wrist, wrist + HAND * towards(elbow, end)


def _elbow(body: PosedBody, side: Side, place: Place) -> complex:
    """Return how far the elbow of a foreshortened arm is from the line shoulder to palm."""
    if place in ("hips", "spine"):
        return -12 * body.forward(0.7)
    if place == "forehead":
        return 7 * body.along(1) * unit(-90 * body.turn)
    if place == "back of head":
        return -8j if body.near(side) else 6j
    return -8j if place == "other knee" else 0j
