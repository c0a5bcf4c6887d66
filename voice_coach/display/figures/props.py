"""What a body rests on: how high its surface is, and how it is drawn.

Everything is in centimetres, x to the right and y up, the floor at 0 and the hips of the body near
x = 0. A support tells how far a body must rise to touch it without sinking in.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_coach.core.pose import Prop

SEAT, SEAT_FRONT, SEAT_BACK, BACKREST = 44.0, 10.0, -32.0, 80.0
"""Heights of the chair's seat and backrest, and the ends of its seat."""
BALL = 30.0
"""Radius of the ball."""
BED, EDGE = 52.0, 36.0
"""Height of the bed, and its end."""
WALL, WALL_WIDTH = 52.0, 40
HORIZON = 5
"""How far the floor extends above 0, because it is seen a little from above."""
PIPE = 192
"""Height of the shower."""
DROPS = ((-14, 10), (-8, 2), (-2, 12), (4, 4), (10, 14), (16, 6))
"""Where water falls, and how far down the first drop is."""


@dataclass(frozen=True)
class Support:
    """A prop, turned to the side the body faces."""

    prop: Prop
    turn: int
    """+1 for a body that faces to the right."""
    ball: float = 0
    """The x of the middle of the ball."""
    raised: float = 0
    """How much higher the floor is drawn, because it is farther away."""
    blades: complex | None = None
    """For a partner: the shoulder blades of the person."""

    @property
    def wall(self) -> float:
        """The x of the wall."""
        return WALL * self.turn

    @property
    def top(self) -> float:
        """The height that must be in the picture."""
        return PIPE if self.prop == "shower" else 0

    def level(self, x: float) -> float:
        """Return the height of the surface at a place."""
        if self.prop == "chair" and SEAT_BACK <= x * self.turn <= SEAT_FRONT:
            return SEAT
        return BED if self.prop == "bed" and x <= EDGE else self.raised

    def lift(self, circles: Sequence[tuple[complex, float]]) -> float:
        """Return how far a body, given as circles, must rise (or sink) to rest on the prop."""
        needed = -inf
        for point, radius in circles:
            height = self.level(point.real) + radius
            reach = BALL + radius
            if self.prop == "ball" and abs(point.real - self.ball) < reach - 1:
                height = max(height, BALL + sqrt(reach**2 - (point.real - self.ball) ** 2))
            needed = max(needed, height - point.imag)
        return needed

    def drawn(self) -> list[tuple[str, str]]:
        """Return the prop's shapes as CSS class and SVG path, in centimetres."""
        if self.prop == "chair":
            front, back, turn = SEAT_FRONT * self.turn, SEAT_BACK * self.turn, self.turn
            legs = "".join(f"M{x:g} {SEAT - 6:g}V0" for x in (front - 5 * turn, back - 2 * turn))
            rail = f"M{back - 2 * turn:g} {SEAT - 6:g}V{BACKREST - 20:g}"
            rest = f"M{back:g} {BACKREST:g}h{-5 * turn}v-26h{5 * turn}z"
            seat = f"M{back - 4 * turn:g} {SEAT:g}H{front:g}v-6H{back - 4 * turn:g}z"
            return [("f-rail", legs + rail), ("f-body f-prop", rest + seat)]
        if self.prop == "bed":
            return [
                (
                    "f-body f-prop",
                    f"M-130 {BED:g}H{EDGE - 4:g}a4 4 0 0 0 4 -4v-4a4 4 0 0 0 -4 -4H-130z",
                ),
                ("f-rail", f"M{EDGE - 10:g} {BED - 14:g}V0M-118 {BED - 14:g}V0"),
            ]
        if self.prop == "wall":
            return [
                (
                    "f-floor",
                    f"M{self.wall:g} {HORIZON}h{WALL_WIDTH * self.turn}V240H{self.wall:g}z",
                ),
                ("f-line", f"M{self.wall:g} {HORIZON}V240"),
            ]
        if self.prop == "shower":
            x, turn = self.wall, self.turn
            drops = "".join(
                f"M{place * turn} {178 - start}v-9" + "m0 -12v-9" * 6 for place, start in DROPS
            )
            pipe = f"M{x:g} {HORIZON}V{PIPE - 10}q0 10 {-10 * turn} 10h{-34 * turn}"
            return [("f-rail", f"{pipe}M{-6 * turn} {PIPE - 4}h{24 * turn}"), ("f-water", drops)]
        return []
