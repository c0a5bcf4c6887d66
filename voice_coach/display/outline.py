"""The outlines a picture is made of: tapered capsules, heads, lines and arrows, as SVG paths.

A shape is rigid. It can be written where it lies, or lying along the x axis, to be moved there by a
transform.
"""

from __future__ import annotations

import cmath
from dataclasses import dataclass
from math import acos
from typing import Literal

HEAD = 11.5
"""Radius of a head, in centimetres."""

Kind = Literal["limb", "head", "line", "arrow"]


@dataclass(frozen=True)
class Shape:
    """Something rigid, from one point to another."""

    at: complex
    to: complex
    radius: float = 0
    """At its beginning."""
    end: float = 0
    """Radius at its end."""
    kind: Kind = "limb"
    nose: int = 0
    """Of a head: +1 where the nose is clockwise of the top, -1 on the other side, 0 unseen."""
    seen: float = 1
    """How much of it is seen, 0 to 1."""

    def path(self, at: complex, to: complex) -> str:
        """Give its outline when it lies there."""
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


def _capsule(a: complex, b: complex, r: float, s: float) -> str:
    """Give the outline of two circles and the band between them, anticlockwise."""
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
    """Write a point down."""
    return f"{z.real:.1f} {z.imag:.1f}".replace(".0", "")
