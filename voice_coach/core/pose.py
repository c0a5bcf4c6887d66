"""The picture of a step, as data: a body of joint angles and contacts, and what it rests on.

The body is that of a grown person 170 cm tall. An angle tells how a joint is bent; a contact, such
as a hand on the knee, says more exactly what a sentence says, and the limb follows. Whatever is
not written is at rest, so that a pose says only what matters. Where the body is, nobody writes: it
rests on the floor, the chair, the ball or the bed by its own weight.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Degrees = Annotated[float, Field(ge=-360, le=360)]
Centimetres = Annotated[float, Field(ge=-200, le=200)]
Place = Literal[
    "hips",
    "spine",
    "forehead",
    "back of head",
    "thigh",
    "knee",
    "other knee",
    "shin",
    "toes",
    "beside",
    "behind",
    "out",
    "hanging",
    "ball",
    "wall",
    "shoulder blades",
]
"""Where a hand can be: on the body, on the floor beside or behind the hips or out to the side,
hanging out to the side, on the ball, on the wall; or, for a partner, between the shoulder blades of
the person."""
Part = Literal["head", "torso", "left_arm", "right_arm", "left_leg", "right_leg"]
Prop = Literal["none", "mat", "chair", "ball", "bed", "wall", "shower"]

TOUCHES = {
    "left_arm": "left_hand",
    "right_arm": "right_hand",
    "left_leg": "left_foot",
    "right_leg": "right_foot",
}
"""What tells where the end of each limb is."""


class FileModel(BaseModel):
    """What is read from a data file: unknown keys are refused, and nothing is changed later.

    Its checks are built when the first of it is read, so that importing it is quick.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, defer_build=True)


class Position(FileModel):
    """How a body is bent, in degrees, and what hands and feet touch."""

    torso: Degrees = 90
    """Direction from hips to neck: 90 upright, 0 lying with the head to the right."""
    spine: Degrees = 0
    """Bend along the torso: above zero rounded forward, below zero arched back; from behind, above
    zero to the right."""
    neck: Degrees = 0
    """Bend of the head against the torso: above zero chin to chest."""
    left_arm: tuple[Degrees, Degrees] = (0, 0)
    """Shoulder (0 along the body, 90 forward, 180 overhead) and elbow (0 straight)."""
    right_arm: tuple[Degrees, Degrees] = (0, 0)
    left_leg: tuple[Degrees, Degrees] = (0, 0)
    """Hip (0 in line with the lower spine, 90 as when seated) and knee (0 straight)."""
    right_leg: tuple[Degrees, Degrees] = (0, 0)
    left_hand: Place | None = None
    """What the left hand touches; the arm follows, and its angles need not be written."""
    right_hand: Place | None = None
    left_foot: Centimetres | None = None
    """How far before the hips the left foot stands or lies; the leg follows."""
    right_foot: Centimetres | None = None
    twist: Degrees = 0
    """Turn of the shoulders against the hips: above zero to the right."""
    along: Centimetres = 0
    """How far the body has moved to the right along the floor."""


class Body(Position):
    """A body that faces somewhere, and may move."""

    facing: Literal["right", "left"] = "right"
    """Which way the belly points when upright; lying with the head to the right, "right" is face
    down and "left" face up."""
    comes_from: Position | None = None
    """Where the movement begins, and where each breath in leads back to; what is not written is as
    in the pose itself, and a limb whose angles are written touches nothing."""

    @property
    def before(self) -> Position:
        """Where the movement begins, whole; the pose itself where nothing moves."""
        position = Position.model_construct(
            **{name: getattr(self, name) for name in Position.model_fields}
        )
        if self.comes_from is None:
            return position
        written = self.comes_from.model_fields_set
        free = {TOUCHES[name]: None for name in written & set(TOUCHES)}
        changed = {name: getattr(self.comes_from, name) for name in written}
        return position.model_copy(update=free | changed)


class Force(FileModel):
    """A push, shown as an arrow."""

    at: Place
    direction: Degrees
    """Where it pushes to: 0 right, 90 up, 180 left, 270 down."""


class Pose(Body):
    """The picture of a step: where its words lead to, and where they lead from."""

    view: Literal["side", "front", "back", "above"] = "side"
    """From above, a body that lies on its side; from behind, so that right is on the right."""
    prop: Prop = "none"
    cushion: bool = False
    """Whether the head rests on something soft, such as a folded towel."""
    moves: tuple[Part, ...] = ()
    """What the step moves, shown in another colour."""
    front: tuple[Part, ...] = ()
    """What is in front of all else, such as an arm across the body."""
    partner: Body | None = None
    """A second person."""
    force: Force | None = None

    @model_validator(mode="after")
    def _possible(self) -> Pose:
        touched = {self.left_hand, self.right_hand, self.force and self.force.at}
        if "shoulder blades" in touched and not self.partner:
            raise ValueError(
                "has something between the shoulder blades, where only a partner reaches; "
                "add: partner"
            )
        for place in touched & {"ball", "wall"}:
            if place != self.prop:
                raise ValueError(f'has a hand on a {place} but no {place}; add: prop = "{place}"')
        return self
