"""What may be written in a pose, and what is told of a mistake in one."""

from __future__ import annotations

import pytest

from voice_coach.core.pose import Pose
from voice_coach.core.routine import InvalidRoutine, parse_routine

ROUTINE = """\
id = "roll-down"
title = "Roll down"
names = ["roll down"]
summary = "Down and up."
place = ["Stand."]

[[steps]]
title = "Roll"
say = ["Roll down."]
{pose}
"""


def routine(pose):
    return parse_routine(ROUTINE.format(pose=pose), "roll-down.toml")


def test_a_step_needs_no_pose():
    """Whoever writes a routine need not draw."""
    assert routine("").steps[0].pose is None


def test_a_pose_written_in_one_line_is_read():
    """A few angles are enough; all else is at rest."""
    pose = routine('pose = { view = "side", torso = 60, left_leg = [20, 10] }').steps[0].pose
    assert (pose.torso, pose.left_leg, pose.right_leg) == (60, (20, 10), (0, 0))
    assert pose.before == pose.before.model_copy(update={"torso": 60})


def test_where_a_pose_comes_from_is_written_by_what_differs():
    """All else is as in the pose, and a limb whose angles are written touches nothing."""
    pose = Pose(
        torso=20,
        left_hand="knee",
        right_hand="knee",
        left_foot=40,
        comes_from={"torso": 90, "right_arm": [10, 5], "left_leg": [0, 0]},
    )
    before = pose.before
    assert (before.torso, before.left_hand, before.right_hand) == (90, "knee", None)
    assert (before.right_arm, before.left_foot) == ((10, 5), None)


@pytest.mark.parametrize(
    ("pose", "line", "told"),
    [
        ("pose = { torso = 400 }", 10, "steps 1 pose torso must be at most 360; lower it"),
        ("pose = { torsoo = 4 }", 10, "steps 1 pose torsoo is not known; check its spelling"),
        ('pose = { prop = "sofa" }', 10, "steps 1 pose prop input should be 'none', 'mat'"),
        ('pose = { left_hand = "nose" }', 10, "steps 1 pose left_hand input should be 'hips'"),
        (
            "[steps.pose]\ntorso = 0\n[steps.pose.comes_from]\nspine = 1\ntwists = 2",
            14,
            "steps 1 pose comes_from twists is not known",
        ),
        (
            'pose = { force = { at = "shoulder blades", direction = 270 } }',
            10,
            "between the shoulder blades, where only a partner reaches; add: partner",
        ),
        (
            'pose = { left_hand = "wall" }',
            10,
            'has a hand on a wall but no wall; add: prop = "wall"',
        ),
        ('pose = { right_hand = "ball" }', 10, 'a ball but no ball; add: prop = "ball"'),
        (
            "pose = { partner = { along = 90 } }",
            1,
            "shows a partner in step 1; add: partner = true",
        ),
    ],
)
def test_a_mistake_in_a_pose_is_told_with_line_and_remedy(pose, line, told):
    """It is told like any other mistake in a routine."""
    with pytest.raises(InvalidRoutine) as caught:
        routine(pose)
    assert str(caught.value).startswith(f"roll-down.toml, line {line}: ")
    assert told in str(caught.value)
