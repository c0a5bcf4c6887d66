"""The picture of a step: a pose becomes one SVG document, which moves where the step does.

A body is drawn in layers, far limbs first. Each bone is a tapered capsule; all bones of a layer
are outlined first and filled then, so that only the outline of the whole is seen. What moves is
moved by CSS alone, bone by bone: a rigid shape with a `translate` and a `rotate` at a few stops,
which every browser interpolates alike. All animations of a document begin together, last one
period and lead from the pose (0) to where it comes from (1) and back; a page can set their clock.
Progress 0 is the end of a breath out, 1 the end of a breath in. A force is shown at 0 only.
"""

from __future__ import annotations

import cmath
from math import degrees
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape
from zlib import crc32

from voice_coach.display.layers import layers
from voice_coach.display.outline import point
from voice_coach.display.props import HORIZON, Support

if TYPE_CHECKING:
    from voice_coach.core.pose import Pose
    from voice_coach.display.outline import Shape

WIDTH, HEIGHT, GROUND = 280, 236, 212
"""Of the picture, and how far down the floor is, in centimetres of a person 170 cm tall."""
LARGEST, MARGIN = 1.4, 16
"""How much larger a low figure is drawn, and how much is free around it."""
PERIOD = 8
"""Seconds there and back, where nobody sets the clock."""
STOPS = 10
"""How many stops there are from 0 to 1."""
STYLE = """
.f-ground{fill:#fff}.f-floor{fill:#e6eaee}.f-line{fill:none;stroke:#4a5561;stroke-width:1.5}
.f-body{fill:#dde5ec;stroke:#1f2a37}.f-far{fill:#b9c6d1;stroke:#1f2a37}
.f-moved{fill:#ffb787;stroke:#7d2b08}.f-moved.f-far{fill:#e5955f}
.f-partner{fill:#cbdcf5;stroke:#1d4b8f}.f-partner.f-far{fill:#a0bbe2}
.f-prop{fill:#f4f6f8;stroke:#4a5561}.f-rail{fill:none;stroke:#4a5561;stroke-width:5}
.f-spine{fill:none;stroke:#7d2b08;stroke-width:2.4}.f-force{fill:#a81016}.f-water{fill:none;stroke:#1d4b8f;stroke-width:2}
.f-body,.f-prop{stroke-width:4;paint-order:stroke}
.f-patch{stroke:none}.f-outline{fill:none}.f-inside{stroke:none}
.f-figure path{stroke-linecap:round;stroke-linejoin:round}
@media (prefers-color-scheme:dark){
.f-ground{fill:#11161d}.f-floor{fill:#232b35}.f-line{stroke:#aeb8c2}
.f-body{fill:#3a4756;stroke:#e8edf2}.f-far{fill:#242d37;stroke:#e8edf2}
.f-moved{fill:#8a4a1c;stroke:#ffc69a}.f-moved.f-far{fill:#643310}
.f-partner{fill:#2a4a77;stroke:#a9cbff}.f-partner.f-far{fill:#1a3050}
.f-prop{fill:#1d252e;stroke:#aeb8c2}.f-rail{stroke:#aeb8c2}
.f-spine{stroke:#ffc69a}.f-force{fill:#ff9c9c}.f-water{stroke:#a9cbff}}
"""


def draw(pose: Pose, *, mirrored: bool, title: str, progress: float = 0) -> str:
    """Draw a pose as one SVG document, which moves if the pose comes from somewhere.

    `mirrored` shows the other side, `progress` (0 to 1) where it stands while nothing moves it.
    The document has no script and asks for nothing; it may stand alone or within a page.
    """
    moves = any(body and body.comes_from for body in (pose, pose.partner))
    shapes = _picture(pose, progress, mirrored=mirrored, moving=moves)
    name = f"f{crc32(shapes.encode()):08x}"
    rules = ""
    if moves:
        rules = f"{_motion(pose, name)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="f-figure" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' role="img"><title>{escape(title)}</title><style>{STYLE}{rules}</style>'
        f"{shapes.replace('%', name)}</svg>\n"
    )


def still(pose: Pose, *, mirrored: bool = False, progress: float = 0) -> str:
    """Give the shapes of a picture alone, which ``STYLE`` colours, for a page of many."""
    return _picture(pose, progress, mirrored=mirrored, moving=False)


def _picture(pose: Pose, progress: float, *, mirrored: bool, moving: bool) -> str:
    """Give all shapes; in a moving one "%" stands for the name of the document."""
    both = [*layers(pose, 0), *layers(pose, 1)]
    points = [p for layer in both for s in layer.shapes for p in (s.at, s.to)]
    low, high = (bound(p.real for p in points) for bound in (min, max))
    way = -1 if mirrored else 1
    tall = max(p.imag for p in points)
    zoom = max(1, min(LARGEST, (WIDTH - 2 * MARGIN) / (high - low), (GROUND - MARGIN) / tall))
    middle = WIDTH / 2 - zoom * way * (low + high) / 2
    parts = [f'<rect class="f-ground" width="{WIDTH}" height="{HEIGHT}"/>']
    floor = GROUND
    if pose.view == "above":
        floor = round(
            HEIGHT / 2 + zoom * sum(bound(p.imag for p in points) for bound in (min, max)) / 2
        )
    else:
        top = round(GROUND - zoom * HORIZON)
        parts.append(
            f'<rect class="f-floor" y="{top}" width="{WIDTH}" height="{HEIGHT - top}"/>'
            f'<path class="f-line" d="M0 {top}H{WIDTH}"/>'
        )
    parts.append(
        f'<g transform="translate({middle:.1f} {floor}) scale({zoom * way:.3f} {-zoom:.3f})">'
    )
    if pose.prop == "mat":
        if pose.view == "above":
            deep = [bound(p.imag for p in points) for bound in (min, max)]
            mat = (low - 18, deep[0] - 18, high - low + 36, deep[1] - deep[0] + 36)
        else:
            mat = (low - 14, -9, high - low + 28, 13)
        x, y, wide, high_ = mat
        parts.append(
            f'<rect class="f-prop f-mat" x="{x:.0f}" y="{y:.0f}" width="{wide:.0f}"'
            f' height="{high_:.0f}" rx="5"/>'
        )
    turn = 1 if pose.facing == "right" else -1
    parts += [
        f'<path class="f-{"body f-prop" if style == "prop" else style}" d="{path}"/>'
        for style, path in Support(pose.prop, turn).drawn()
    ]
    number = 0
    ends = layers(pose, 0.5), layers(pose, 1), layers(pose, 0)
    for index, layer in enumerate(layers(pose, progress)):
        still_ = all(other[index] == layer for other in ends)
        if still_ or not moving:
            path = "".join(shape.path(shape.at, shape.to) for shape in layer.shapes)
            faint = min(shape.seen for shape in layer.shapes)
            shown = f' opacity="{faint:.2f}"' if faint < 1 else ""
            parts.append(f'<path class="{layer.style}"{shown} d="{path}"/>')
            continue
        bones = []
        for shape in layer.shapes:
            number += 1
            shown = f' opacity="{shape.seen:.2f}"' if shape.kind == "arrow" else ""
            bones.append(
                f'<path class="f-moves %-{number}"{shown} transform="{_at(shape)}"'
                f' d="{shape.path(0j, abs(shape.to - shape.at) + 0j)}"/>'
            )
        inner = "".join(bones)
        if layer.style.startswith("f-body"):
            inner = f'<g class="f-outline">{inner}</g><g class="f-inside">{inner}</g>'
        parts.append(f'<g class="{layer.style}">{inner}</g>')
    return "".join(parts) + "</g>"


def _motion(pose: Pose, name: str) -> str:
    """Give the keyframes of all that moves, and where it stands still."""
    stops = [layers(pose, stop / STOPS) for stop in range(STOPS + 1)]
    rules = []
    number = 0
    for index, first in enumerate(stops[0]):
        layer_stops = [stop[index] for stop in stops]
        if all(layer == first for layer in layer_stops):
            continue
        for place in range(len(first.shapes)):
            number += 1
            frames = []
            before = None
            for step, layer in enumerate(layer_stops):
                shape = layer.shapes[place]
                angle = degrees(cmath.phase(shape.to - shape.at))
                if before is not None:
                    angle += 360 * round((before - angle) / 360)
                before = angle
                share = 50 * step / STOPS
                when = "50%" if step == STOPS else f"{share:g}%,{100 - share:g}%"
                shown = f";opacity:{shape.seen:.2f}" if shape.kind == "arrow" else ""
                frames.append(
                    f"{when}{{transform:translate({shape.at.real:.1f}px,{shape.at.imag:.1f}px)"
                    f" rotate({angle:.1f}deg){shown}}}"
                )
            rules.append(
                f".{name}-{number}{{animation-name:{name}-{number}}}"
                f"@keyframes {name}-{number}{{{''.join(frames)}}}"
            )
    return (
        f".f-moves{{animation:{PERIOD}s linear infinite}}\n"
        + "\n".join(rules)
        + "\n@media (prefers-reduced-motion:reduce){.f-moves{animation:none!important}}\n"
    )


def _at(shape: Shape) -> str:
    angle = degrees(cmath.phase(shape.to - shape.at))
    return f"translate({point(shape.at)}) rotate({angle:.1f})"
