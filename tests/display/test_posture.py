"""The body in each figure is one that there can be, and it is where the words put it."""

from __future__ import annotations

import cmath
from math import degrees

import pytest

from voice_coach.display.figures.contact import SHORT
from voice_coach.display.figures.posture import partnered, posed
from voice_coach.display.figures.props import BALL, BED, EDGE, SEAT_BACK, Support
from voice_coach.display.figures.skeleton import ANKLE, HEAD, SIDES, WIDTHS

MOMENTS = (0, 0.25, 0.5, 0.75, 1)
"""How far the body is from the pose, towards where it comes from."""
SHOULDER, ELBOW, HIP, KNEE = (-70, 215), (-1, 160), (-30, 152), (-1, 160)
"""How far joints go, in degrees, as drawn; a shoulder goes on where the blade turns with it."""


def support(pose, away=0.0):
    rolled = (pose.before.along - pose.along) * away / 2
    return Support(pose.prop, 1 if pose.facing == "right" else -1, rolled)


def bodies(pose):
    return [posed(pose, away, support(pose, away)) for away in MOMENTS]


def turned(a, b):
    """Give the angle from one direction to another, -180 to 180."""
    return degrees(cmath.phase(b / a))


def between(value, limits):
    low, high = limits
    return any(low <= value + turn <= high for turn in (-360, 0, 360))


@pytest.fixture(scope="module")
def shipped(language):
    return [
        (f"{routine.id} {number}", step)
        for routine in language.routines
        for number, step in enumerate(routine.steps, 1)
    ]


@pytest.fixture(scope="module")
def pose(shipped):
    return lambda name: next(step.pose for other, step in shipped if other == name)


def sideways(shipped):
    return [(name, step.pose) for name, step in shipped if step.pose.view == "side"]


def test_every_joint_bends_as_a_human_one_does(shipped):
    """No elbow and no knee is bent the wrong way, at no moment of a movement."""
    for name, pose in sideways(shipped):
        people = bodies(pose)
        if pose.partner:
            floor = [Support("none", 1, blades=body.back(0.8) + 3j) for body in people]
            people += [
                partnered(pose.partner, away, ground)
                for away, ground in zip(MOMENTS, floor, strict=True)
            ]
        for body in people:
            chest, pelvis = body.along(0.99), body.along(0)
            for side in SIDES:
                shoulder, elbow, wrist, _ = body.arms[side]
                places = {getattr(pose, f"{side}_hand"), getattr(pose.before, f"{side}_hand")}
                if not places & set(SHORT):
                    raised = body.turn * turned(-chest, elbow - shoulder)
                    assert between(raised, SHOULDER), (name, side, raised)
                    bent = body.turn * turned(elbow - shoulder, wrist - elbow)
                    assert between(bent, ELBOW), (name, side, bent)
                hip, knee, ankle, _ = body.legs[side]
                lifted = body.turn * turned(-pelvis, knee - hip)
                assert between(lifted, HIP), (name, side, lifted)
                bent = -body.turn * turned(knee - hip, ankle - knee)
                assert between(bent, KNEE), (name, side, bent)


def test_nothing_sinks_into_the_floor_or_the_bed(shipped):
    """Head, trunk, knees, feet and hands stay above what carries them."""
    for name, pose in sideways(shipped):
        for away, body in zip(MOMENTS, bodies(pose), strict=True):
            ground = support(pose, away)
            points = [(body.head, HEAD), *zip(body.spine, WIDTHS, strict=True)]
            for side in SIDES:
                points += [(point, 2) for point in body.legs[side]]
                if not {getattr(pose, f"{side}_hand"), getattr(pose.before, f"{side}_hand")} & {
                    "out",
                    "back of head",
                }:
                    points += [(point, 2) for point in body.arms[side]]
            for point, radius in points:
                low = point.imag - radius - ground.level(point.real)
                assert low > -1.5, (name, away, point, low)


def test_nothing_floats(shipped):
    """Every body touches what carries it: by its feet, its seat, its back or its head."""
    for name, pose in sideways(shipped):
        for away, body in zip(MOMENTS, bodies(pose), strict=True):
            ground = support(pose, away)
            gaps = [
                point.imag - radius - ground.level(point.real)
                for point, radius in (
                    *zip(body.spine, WIDTHS, strict=True),
                    *((body.legs[side][2], ANKLE) for side in SIDES),
                )
            ]
            if pose.prop == "ball":
                middle = complex(ground.ball, BALL)
                gaps += [
                    abs(point - middle) - BALL - radius
                    for point, radius in zip(body.spine, WIDTHS, strict=True)
                ]
            assert min(gaps) == pytest.approx(0, abs=0.6), (name, away)


def test_feet_that_stand_do_not_slide(pose):
    """Who bends, leans or rolls over the ball keeps the feet where they are."""
    for name in (
        *("gentle-bends 3", "gentle-bends 5", "gentle-bends-shower 3", "upright-lean 3"),
        *("chair-lean 1", "chair-lean 3", "exercise-ball 4", "over-the-edge 2"),
    ):
        ankles = [body.legs["right"][2] for body in bodies(pose(name))]
        assert max(abs(ankle - ankles[0]) for ankle in ankles) < 1.5, name


def palm(body, side):
    _, _, wrist, tips = body.arms[side]
    return (wrist + tips) / 2


@pytest.mark.parametrize(
    ("name", "side", "place", "within"),
    [
        ("gentle-bends 5", "right", lambda b: b.spine[1], 11),  # hands on the hips
        ("gentle-bends 3", "right", lambda b: sum(b.legs["right"][:2]) / 2, 12),
        ("gentle-bends 9", "right", lambda b: sum(b.legs["right"][:2]) / 2, 12),
        ("gentle-bends-shower 3", "right", lambda b: sum(b.legs["right"][:2]) / 2, 12),  # thighs
        ("gentle-bends-shower 5", "right", lambda b: b.spine[1], 11),
        ("upright-lean 2", "left", lambda b: b.back(0.35), 4),  # the centre of the spine
        ("upright-lean 3", "right", lambda b: b.back(0.35), 4),
        ("chair-lean 2", "right", lambda b: b.head, HEAD + 4),  # palms on the forehead
        ("chair-lean 3", "left", lambda b: b.head, HEAD + 4),
        ("chair-lean 4", "right", lambda b: sum(b.legs["right"][:2]) / 2, 12),  # in the lap
        ("rocking 1", "right", lambda b: b.legs["right"][1], 20),  # round the knees
        ("rocking 4", "left", lambda b: b.legs["left"][1], 20),
        ("hands-behind-head 3", "right", lambda b: b.head, HEAD + 4),
        ("hold-the-feet 4", "right", lambda b: b.legs["right"][3], 6),  # hands on the toes
        ("hold-the-feet 4", "left", lambda b: b.legs["left"][3], 6),
        ("leg-over-leg 3", "left", lambda b: b.legs["right"][1], 16),  # across, to the right knee
    ],
)
def test_hands_are_where_the_words_put_them(pose, name, side, place, within):
    """A hand is on what the sentence names."""
    body = bodies(pose(name))[0]
    assert abs(palm(body, side) - place(body)) <= within


def test_a_hand_is_on_the_wall(pose):
    """The other hand of the lean in the shower touches the wall it is said to touch."""
    lean = pose("gentle-bends-shower 5")
    tips = bodies(lean)[0].arms["left"][3]
    assert tips.real == pytest.approx(support(lean).wall, abs=3)


def test_the_hands_carry_the_head_over_the_edge(pose):
    """They lie behind the head whenever it is beyond the bed."""
    for number in range(1, 7):
        body = bodies(pose(f"over-the-edge {number}"))[0]
        assert body.head.real > EDGE, number
        assert abs(palm(body, "right") - body.head) < HEAD + 6, number


def test_each_time_it_hangs_lower_and_further_over_the_edge(pose):
    """The shoulders lie over the edge, and go a little further each time."""
    times = [bodies(pose(f"over-the-edge {n}"))[0] for n in (2, 5)]
    shoulders = [body.arms["right"][0] for body in times]
    heads = [body.head.imag for body in times]
    assert shoulders[0].real > EDGE
    assert heads == sorted(heads, reverse=True)
    hips = [body.spine[0].real for body in times]
    assert hips == sorted(set(hips))
    for n in (3, 6):
        assert bodies(pose(f"over-the-edge {n}"))[0].head.imag > BED
    assert bodies(pose("over-the-edge 7"))[0].head.real < EDGE


def test_the_ball_carries_back_and_head(pose):
    """Both lie on it, and it rolls along under the back as the knees bend and straighten."""
    rest = pose("exercise-ball 5")
    middle = complex(0, BALL)
    body = bodies(rest)[0]
    assert abs(body.head - middle) - BALL - HEAD < 4
    roll = pose("exercise-ball 4")
    touching = []
    for away in (0, 1):
        ground = support(roll, away)
        body = posed(roll, away, ground)
        middle = complex(ground.ball, BALL)
        gaps = [
            abs(point - middle) - width for point, width in zip(body.spine, WIDTHS, strict=True)
        ]
        touching.append(gaps.index(min(gaps)))
    assert touching[0] < touching[1]


def test_the_back_touches_the_backrest(pose):
    """Whoever leans in the chair leans on something."""
    for name in ("chair-lean 2", "chair-lean 3"):
        body = bodies(pose(name))[0]
        top = complex(SEAT_BACK, 80)
        assert min(abs(body.back(share / 50) - top) for share in range(50)) < 4, name


def test_the_partner_presses_as_the_words_say(pose):
    """From above the head, facing the feet, arms straight, hands between the shoulder blades."""
    press = pose("assisted-press 4")
    body = bodies(press)[0]
    blades = body.back(0.8)
    partner = partnered(press.partner, 0, Support("none", 1, blades=blades + 3j))
    feet = [leg[2].real for leg in partner.legs.values()]
    assert min(feet) > body.head.real + HEAD
    assert partner.turn == -1
    for side in SIDES:
        shoulder, elbow, wrist, _ = partner.arms[side]
        assert abs(turned(elbow - shoulder, wrist - elbow)) < 25
        assert abs(palm(partner, side) - blades) < 6
        assert abs((shoulder - wrist).real) < 0.45 * (shoulder - wrist).imag


def test_the_partner_kneels(pose):
    """On both knees, hips above them, as the words say: who stands bent hurts their own back."""
    for number in range(2, 6):
        press = pose(f"assisted-press {number}")
        for share in (0, 0.5, 1):
            partner = partnered(press.partner, share, Support("none", 1, blades=40 + 25j))
            hip, knee, ankle, _ = partner.legs["right"]
            assert knee.imag < 8, number
            assert ankle.imag < 8, number
            assert abs((hip - knee).real) < 15, number


def test_in_an_embrace_each_forearm_crosses_the_chest(pose):
    """The hands reach for the other shoulder, where a stranger sees them."""
    for name in ("shoulder-circles 3", "shoulder-circles 6"):
        body = bodies(pose(name))[0]
        middle = body.spine[-1].real
        for side in SIDES:
            shoulder, _, _, tips = body.arms[side]
            assert (shoulder.real - middle) * (tips.real - middle) < 0, name
            assert abs(tips.imag - shoulder.imag) < 12, name


def test_the_spine_bends_where_the_words_bend_it(pose):
    """Forward is forward, backward is backward, and right is right, seen from behind."""
    assert bodies(pose("gentle-bends 3"))[0].head.real > 25
    for name in ("gentle-bends 5", "gentle-bends-shower 5", "upright-lean 3"):
        body = bodies(pose(name))[0]
        assert body.head.real < body.spine[0].real - 8, name
    for name in ("gentle-bends 7", "gentle-bends-shower 7"):
        assert pose(name).view == "back"
        assert bodies(pose(name))[0].head.real > 15, name
    for name in ("hands-behind-head 3", "hands-behind-head 5"):
        lifted, lying = (posed(pose(name), away, support(pose(name))) for away in (0, 1))
        assert lifted.head.imag > lying.head.imag + 5, name


def test_feet_that_are_said_to_be_flat_are_flat(pose):
    """On the chair, on the ball and on the floor the sole lies on the ground."""
    for name in ("chair-lean 1", "exercise-ball 1", "exercise-ball 4", "hands-behind-head 1"):
        for body in bodies(pose(name))[::4]:
            _, _, ankle, toes = body.legs["right"]
            assert toes.imag == pytest.approx(2.5, abs=0.8), name
            assert abs(toes.real - ankle.real) > 12, name


def test_knees_are_bent_to_about_forty_five_degrees(pose):
    """Lying face up, the thighs rise from the floor as the words say, and then some more."""
    rises = []
    for number in (1, 2):
        hip, knee, _, _ = bodies(pose(f"hands-behind-head {number}"))[0].legs["right"]
        rises.append(abs(turned(-1, knee - hip)))
    assert rises[0] == pytest.approx(45, abs=5)
    assert rises[1] > rises[0] + 5
