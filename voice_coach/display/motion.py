"""Layers as SVG: at rest as one path, moving as a path for each bone with keyframes of its own.

Only `transform` and `opacity` are animated, for every browser animates those. A bone is rigid; the
few that are foreshortened are stretched. All animations have the same length and begin together;
between two stops they go evenly, for the stops themselves begin and end softly.
"""

from __future__ import annotations

import cmath
from math import degrees, isclose
from typing import TYPE_CHECKING

from voice_coach.display.outline import point

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_coach.display.layers import Layer
    from voice_coach.display.outline import Shape

PERIOD = 8
"""Seconds there and back, where nobody sets the clock."""
RULES = f""".f-moves{{animation:{PERIOD}s linear infinite}}
@media (prefers-reduced-motion:reduce){{.f-moves{{animation:none!important}}}}
"""
"""What all that moves has in common; it belongs before the rules of each."""


def still(layer: Layer) -> str:
    """Draw a layer at rest."""
    path = "".join(shape.path(shape.at, shape.to) for shape in layer.shapes)
    seen = min(shape.seen for shape in layer.shapes)
    shown = f' opacity="{seen:.2f}"' if seen < 1 else ""
    return f'<path class="{layer.style}"{shown} d="{path}"/>' if seen else ""


def moving(layer: Layer, stops: Sequence[Layer], name: str) -> tuple[str, str]:
    """Draw a layer that goes from the first of the stops to the last and back; give its rules too.

    `name` is that of its animations, to which the number of each bone is added.
    """
    bones, rules = "", ""
    for number, shape in enumerate(layer.shapes):
        own = f"{name}-{number}"
        angle = f"{degrees(cmath.phase(shape.to - shape.at)):.1f}"
        shown = f' opacity="{shape.seen:.2f}"' if shape.kind == "arrow" else ""
        bones += (
            f'<path class="f-moves {own}"{shown} transform="translate({point(shape.at)})'
            f' rotate({angle})" d="{shape.path(0j, abs(shape.to - shape.at) + 0j)}"/>'
        )
        frames = "".join(_frames(shape, [stop.shapes[number] for stop in stops]))
        rules += f".{own}{{animation-name:{own}}}@keyframes {own}{{{frames}}}\n"
    if layer.style.startswith("f-body"):
        bones = f'<g class="f-outline">{bones}</g><g class="f-inside">{bones}</g>'
    return f'<g class="{layer.style}">{bones}</g>', rules


def _frames(shape: Shape, stops: Sequence[Shape]) -> list[str]:
    """Give the keyframes of one bone, each for the way there and the way back."""
    lengths = [abs(stop.to - stop.at) / abs(shape.to - shape.at) for stop in stops]
    stretched = not all(isclose(length, 1, abs_tol=0.02) for length in lengths)
    frames = []
    angle = degrees(cmath.phase(stops[0].to - stops[0].at))
    for number, stop in enumerate(stops):
        # Always the short way round from the stop before.
        here = degrees(cmath.phase(stop.to - stop.at))
        angle = here + 360 * round((angle - here) / 360)
        share = 50 * number / (len(stops) - 1)
        times = f"{share:g}%,{100 - share:g}%" if number < len(stops) - 1 else "50%"
        place = f"translate({stop.at.real:.1f}px,{stop.at.imag:.1f}px) rotate({angle:.1f}deg)"
        stretch = f" scale({lengths[number]:.2f},1)" if stretched else ""
        shown = f";opacity:{stop.seen:.2f}" if stop.kind == "arrow" else ""
        frames.append(f"{times}{{transform:{place}{stretch}{shown}}}")
    return frames
