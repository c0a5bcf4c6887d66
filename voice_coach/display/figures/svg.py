"""Shapes and layers as SVG: at rest as one path, moving as one path for each bone with keyframes.

A shape is a tapered capsule, a head, a line or an arrow. It is rigid. It is written where it lies,
or along the x axis so that a transform moves it into place.

Only `transform` and `opacity` are animated, because every browser animates those. A bone that is
seen foreshortened is scaled. All animations have the same length and begin together. Between two
stops they run evenly; the stops themselves are placed so that a movement begins and ends softly.
"""

from __future__ import annotations

import cmath
from dataclasses import dataclass
from math import acos
from typing import TYPE_CHECKING, Literal

from voice_coach.display.figures.skeleton import HEAD, angle

if TYPE_CHECKING:
    from collections.abc import Sequence

PERIOD = 8
"""Seconds of one period, there and back, if no page sets the clock."""
LIKE = 1.04
"""Lengths with a smaller ratio count as equal."""
RULES = f""".f-moves{{animation:{PERIOD}s linear infinite}}
@media (prefers-reduced-motion:reduce){{.f-moves{{animation:none!important}}}}
"""
"""Rules for all that moves; they must come before the rules of each bone."""

Kind = Literal["limb", "head", "line", "arrow"]


@dataclass(frozen=True)
class Shape:
    """A rigid form from one point to another."""

    at: complex
    to: complex
    radius: float = 0
    """Radius at its beginning."""
    end: float = 0
    """Radius at its end."""
    kind: Kind = "limb"
    nose: int = 0
    """Of a head: +1 where the nose is clockwise of the top, -1 on the other side, 0 unseen."""
    seen: float = 1
    """Its opacity, 0 to 1."""

    def path(self, at: complex, to: complex) -> str:
        """Return its outline between these points, as an SVG path."""
        if self.kind == "line":
            return f"M{point(at)}L{point(to)}"
        ahead = (to - at) / abs(to - at)
        if self.kind == "arrow":
            across = ahead * 1j
            neck = to - 13 * ahead
            corners = (
                at - 3 * across,
                neck - 3 * across,
                neck - 9 * across,
                to,
                neck + 9 * across,
                neck + 3 * across,
                at + 3 * across,
            )
            return "M" + "L".join(map(point, corners)) + "Z"
        if self.kind == "head":
            circle = _capsule(at, at, HEAD, HEAD)
            if not self.nose:
                return circle
            face = ahead * -1j * self.nose
            return circle + _capsule(
                at + 8 * face - 1 * ahead, at + (HEAD + 2.2) * face - 2.5 * ahead, 4, 1.8
            )
        return _capsule(at, to, self.radius, self.end)


@dataclass(frozen=True)
class Layer:
    """Shapes that look alike and share one outline."""

    style: str
    shapes: tuple[Shape, ...]


def still(layer: Layer) -> str:
    """Draw a layer at rest."""
    path = "".join(shape.path(shape.at, shape.to) for shape in layer.shapes)
    seen = min(shape.seen for shape in layer.shapes)
    shown = f' opacity="{seen:.2f}"' if seen < 1 else ""
    return f'<path class="{layer.style}"{shown} d="{path}"/>' if seen else ""


def moving(layer: Layer, stops: Sequence[Layer], name: str) -> tuple[str, str]:
    """Draw a layer that moves from the first stop to the last and back; return it and its rules.

    Each animation is named `name` and the number of its bone.
    """
    bones, rules = "", ""
    for number, shape in enumerate(layer.shapes):
        own = f"{name}-{number}"
        way = [stop.shapes[number] for stop in stops]
        lengths = [abs(stop.to - stop.at) for stop in way]
        # A bone whose length changes is drawn at its longest, and scaled.
        stretched = max(lengths) > LIKE * min(lengths)
        length = max(lengths) if stretched else abs(shape.to - shape.at)
        place = f"translate({point(shape.at)}) rotate({angle(shape.to - shape.at):.1f})"
        if stretched:
            place += f" scale({abs(shape.to - shape.at) / length:.2f} 1)"
        shown = f' opacity="{shape.seen:.2f}"' if shape.kind == "arrow" else ""
        bones += (
            f'<path class="f-moves {own}"{shown} transform="{place}"'
            f' d="{shape.path(0j, length + 0j)}"/>'
        )
        frames = "".join(_frames(way, length if stretched else None))
        rules += f".{own}{{animation-name:{own}}}@keyframes {own}{{{frames}}}\n"
    if layer.style.startswith("f-body"):
        bones = f'<g class="f-outline">{bones}</g><g class="f-inside">{bones}</g>'
    return f'<g class="{layer.style}">{bones}</g>', rules


def _frames(stops: Sequence[Shape], length: float | None) -> list[str]:
    """Return the keyframes of a bone, each for both ways; `length` is None if it is constant."""
    frames = []
    turn = angle(stops[0].to - stops[0].at)
    for number, stop in enumerate(stops):
        # Turn the short way from the stop before.
        here = angle(stop.to - stop.at)
        turn = here + 360 * round((turn - here) / 360)
        share = 50 * number / (len(stops) - 1)
        times = f"{share:g}%,{100 - share:g}%" if number < len(stops) - 1 else "50%"
        place = f"translate({stop.at.real:.1f}px,{stop.at.imag:.1f}px) rotate({turn:.1f}deg)"
        stretch = f" scale({abs(stop.to - stop.at) / length:.2f},1)" if length else ""
        shown = f";opacity:{stop.seen:.2f}" if stop.kind == "arrow" else ""
        frames.append(f"{times}{{transform:{place}{stretch}{shown}}}")
    return frames


def _capsule(a: complex, b: complex, r: float, s: float) -> str:
    """Return the outline of two circles and the band between them, anticlockwise."""
    apart = abs(b - a)
    if apart <= abs(r - s) + 0.01:
        big, middle = (r, a) if r >= s else (s, b)
        left, right = point(middle - big), point(middle + big)
        return f"M{left}A{big:g} {big:g} 0 0 1 {right}A{big:g} {big:g} 0 0 1 {left}Z"
    ahead = (b - a) / apart
    side = cmath.rect(1, acos((r - s) / apart))
    above, below = ahead * side, ahead * side.conjugate()
    return (
        f"M{point(a + r * above)}A{r:g} {r:g} 0 {int(r > s)} 1 {point(a + r * below)}"
        f"L{point(b + s * below)}A{s:g} {s:g} 0 {int(s > r)} 1 {point(b + s * above)}Z"
    )


def point(z: complex) -> str:
    """Return a point as SVG coordinates."""
    return f"{z.real:.1f} {z.imag:.1f}".replace(".0", "")
