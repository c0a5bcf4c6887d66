"""What a body rests on: how high it carries whom, and how it is drawn.

Everything is in centimetres, x to the right and y up, the floor at 0 and the hips of the body near
x = 0. A support is asked how far a body must rise so that it touches and nothing sinks in.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_coach.core.pose import Prop

SEAT, SEAT_FRONT, SEAT_BACK, BACKREST = 44.0, 10.0, -32.0, 80.0
"""Of the chair: heights of seat and backrest, and where the seat ends."""
BALL = 30.0
"""Its radius."""
BED, EDGE = 52.0, 36.0
"""Height of the bed, and where it ends."""
WALL, WALL_WIDTH = 52.0, 40
HORIZON = 5
"""How far above the near edge of a foot the floor ends, for it is seen a little from above."""
PIPE = 192
"""Height of the shower."""
DROPS = ((-14, 10), (-8, 2), (-2, 12), (4, 4), (10, 14), (16, 6))
"""Where the water falls, and how far down its first drop is."""


@dataclass(frozen=True)
class Support:
    """A prop, turned to the side the body faces."""

    prop: Prop
    turn: int
    """+1 for a body that faces to the right."""
    ball: float = 0
    """Where the middle of the ball is."""
    raised: float = 0
    """How much higher the floor is seen, for being farther away."""
    blades: complex | None = None
    """For a partner: where the shoulder blades of the person are."""

    @property
    def wall(self) -> float:
        """Where the wall is."""
        return WALL * self.turn

    @property
    def top(self) -> float:
        """Tell how high it is, where all of it has to be seen."""
        return PIPE if self.prop == "shower" else 0

    def level(self, x: float) -> float:
        """Give the height of the surface at a place."""
        if self.prop == "chair" and SEAT_BACK <= x * self.turn <= SEAT_FRONT:
            return SEAT
        return BED if self.prop == "bed" and x <= EDGE else self.raised

    def lift(self, circles: Sequence[tuple[complex, float]]) -> float:
        """Tell how far a body must rise, or sink, to rest; it is given as circles."""
        needed = -inf
        for point, radius in circles:
            height = self.level(point.real) + radius
            reach = BALL + radius
            if self.prop == "ball" and abs(point.real - self.ball) < reach - 1:
                height = max(height, BALL + sqrt(reach**2 - (point.real - self.ball) ** 2))
            needed = max(needed, height - point.imag)
        return needed

    def drawn(self) -> list[tuple[str, str]]:
        """Give the prop's shapes, as class and path, in centimetres."""
        if self.prop == "chair":
            front, back = SEAT_FRONT * self.turn, SEAT_BACK * self.turn
            legs = f"M{back:g} 0V{BACKREST:g}M{front - 4 * self.turn:g} {SEAT - 3:g}V0"
            return [("f-rail", f"{legs}M{back:g} {SEAT - 3:g}H{front:g}")]
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
