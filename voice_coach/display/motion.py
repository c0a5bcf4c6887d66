"""Layers as SVG: at rest as one path, moving as a path for each bone with keyframes of its own.

Only `transform` and `opacity` are animated, for every browser animates those. A bone is rigid; the
few that are foreshortened are stretched. All animations have the same length and begin together;
between two stops they go evenly, for the stops themselves begin and end softly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.display.outline import point
from voice_coach.display.skeleton import angle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_coach.display.layers import Layer
    from voice_coach.display.outline import Shape

PERIOD = 8
"""Seconds there and back, where nobody sets the clock."""
LIKE = 1.04
"""Lengths whose ratio is less count as the same."""
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
        way = [stop.shapes[number] for stop in stops]
        lengths = [abs(stop.to - stop.at) for stop in way]
        # A bone whose length is seen to change is drawn at its longest, and shortened.
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
    """Give the keyframes of a bone, each for the way there and back; its `length` if it changes."""
    frames = []
    turn = angle(stops[0].to - stops[0].at)
    for number, stop in enumerate(stops):
        # Always the short way round from the stop before.
        here = angle(stop.to - stop.at)
        turn = here + 360 * round((turn - here) / 360)
        share = 50 * number / (len(stops) - 1)
        times = f"{share:g}%,{100 - share:g}%" if number < len(stops) - 1 else "50%"
        place = f"translate({stop.at.real:.1f}px,{stop.at.imag:.1f}px) rotate({turn:.1f}deg)"
        stretch = f" scale({abs(stop.to - stop.at) / length:.2f},1)" if length else ""
        shown = f";opacity:{stop.seen:.2f}" if stop.kind == "arrow" else ""
        frames.append(f"{times}{{transform:{place}{stretch}{shown}}}")
    return frames
