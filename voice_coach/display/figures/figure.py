"""The picture of a step: a pose becomes one SVG document, which moves if the step does.

A body is drawn in layers, far limbs first. Each bone is a tapered capsule. All bones of a layer are
outlined first and filled then, so that only the outline of the whole is seen.

All animations of a document begin together, last one period, and lead from where a pose comes from
(progress 0) to the pose itself (1) and back. So a page can set their clock: 0 is the end of a
breath in, 1 the end of a breath out. A force is shown towards 1 only. If nothing moves, the pose is
seen.

Lines have a contrast of at least 7:1 to the background, light or dark (WCAG 2.2, 1.4.6).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape
from zlib import crc32

from voice_coach.display.figures.layers import layers
from voice_coach.display.figures.props import HORIZON, Support
from voice_coach.display.figures.svg import RULES, moving, still

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_coach.core.pose import Pose
    from voice_coach.display.figures.svg import Layer

WIDTH, HEIGHT, GROUND = 280, 236, 212
"""Size of the picture and the y of its floor, in centimetres of a person 170 cm tall."""
LARGEST, MARGIN = 1.4, 10
"""Largest zoom of a low figure, and the free space around it."""
STOPS = 10
"""Number of stops from where a pose comes from to the pose."""
MAT, MAT_ABOVE = 14, 20
"""How far a mat extends beyond the person, seen from the side and from above."""

STYLE = """
.f-ground{fill:#fff}.f-floor{fill:#e6eaee}.f-line{fill:none;stroke:#343d47;stroke-width:1.5}
.f-body{fill:#dde5ec;stroke:#1f2a37}.f-far{fill:#b9c6d1;stroke:#1f2a37}
.f-moved{fill:#ffb787;stroke:#7d2b08}.f-moved.f-far{fill:#e5955f}
.f-partner{fill:#cbdcf5;stroke:#1d4b8f}.f-partner.f-far{fill:#a0bbe2}
.f-prop{fill:#f4f6f8;stroke:#343d47}.f-rail{fill:none;stroke:#343d47;stroke-width:5}
.f-spine{fill:none;stroke:#7d2b08;stroke-width:2.4}.f-force{fill:#960d12}.f-water{fill:none;stroke:#1d4b8f;stroke-width:2}
.f-body,.f-prop{stroke-width:4;paint-order:stroke}
.f-note{fill:#343d47;font:13px "DejaVu Sans",Arial,Helvetica,sans-serif}
.f-outline{fill:none}.f-faint{opacity:.25}
.f-figure path{stroke-linecap:round;stroke-linejoin:round}
@media (prefers-color-scheme:dark){
.f-ground{fill:#11161d}.f-floor{fill:#232b35}.f-line{stroke:#aeb8c2}
.f-body{fill:#3a4756;stroke:#e8edf2}.f-far{fill:#242d37;stroke:#e8edf2}
.f-moved{fill:#8a4a1c;stroke:#ffc69a}.f-moved.f-far{fill:#643310}
.f-partner{fill:#2a4a77;stroke:#a9cbff}.f-partner.f-far{fill:#1a3050}
.f-prop{fill:#1d252e;stroke:#aeb8c2}.f-rail{stroke:#aeb8c2}
.f-note{fill:#aeb8c2}.f-spine{stroke:#ffc69a}.f-force{fill:#ff9c9c}.f-water{stroke:#a9cbff}}
.f-patch,.f-inside{stroke:none}
"""


def draw(pose: Pose, *, mirrored: bool, title: str, note: str = "", progress: float = 1) -> str:
    """Draw a pose as one SVG document, which moves if the pose comes from somewhere.

    `mirrored` shows the other side; `note` is written into the corner, such as "seen from above";
    `progress` (0 to 1) is shown while nothing moves.
    The document has no script and loads nothing; it can stand alone or in a page.
    """
    stops = _stops(pose)
    name = f"f{crc32(pose.model_dump_json().encode()):08x}"
    drawn, rules = "", ""
    for number, layer in enumerate(layers(pose, progress)):
        way = [stop[number] for stop in stops]
        if all(at == layer for at in way):
            drawn += still(layer)
            continue
        moved, rule = moving(layer, way, f"{name}-{number}")
        drawn += moved
        rules += rule
    written = f'<text class="f-note" x="6" y="15">{escape(note)}</text>' if note else ""
    title = f"{title}, {note}" if note else title
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="f-figure" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' role="img"><title>{escape(title)}</title><style>{STYLE}{RULES if rules else ""}{rules}'
        f"</style>{_placed(pose, stops, drawn, mirrored=mirrored)}{written}</svg>\n"
    )


def drawn_still(pose: Pose) -> str:
    """Return the paths of a figure at rest, without a document, for a page with many figures.

    ``STYLE`` colours them. The pose it comes from is seen faintly behind it.
    """
    stops = _stops(pose)
    drawn = "".join(map(still, stops[-1]))
    if moves(pose):
        drawn = f'<g class="f-faint">{"".join(map(still, stops[0]))}</g>{drawn}'
    return _placed(pose, stops, drawn, mirrored=False)


def moves(pose: Pose) -> bool:
    """Tell whether anything moves in the picture of a pose."""
    return any(body and body.comes_from for body in (pose, pose.partner))


def _stops(pose: Pose) -> list[list[Layer]]:
    return [layers(pose, stop / STOPS) for stop in range(STOPS + 1)]


def _placed(pose: Pose, stops: Sequence[Sequence[Layer]], drawn: str, *, mirrored: bool) -> str:
    """Put the drawing onto the floor, in the middle of the picture, as large as possible."""
    shapes = [shape for stop in stops for layer in stop for shape in layer.shapes]
    ends = [end for shape in shapes for end in (shape.at, shape.to)]
    left, right = (bound(end.real for end in ends) for bound in (min, max))
    low, high = (bound(end.imag for end in ends) for bound in (min, max))
    support = Support(pose.prop, 1 if pose.facing == "right" else -1)
    high = max(high, support.top)
    way = -1 if mirrored else 1
    edge = MAT_ABOVE if pose.view == "above" else MAT
    room = (WIDTH - MARGIN) / (right - left + 2 * edge), (GROUND - MARGIN) / high
    zoom = max(1, min(LARGEST, *room))
    back = f'<rect class="f-ground" width="{WIDTH}" height="{HEIGHT}"/>'
    floor = float(GROUND)
    mat = (left - MAT, -9.0, right - left + 2 * MAT, 13.0)
    if pose.view == "above":
        floor = (HEIGHT + zoom * (low + high)) / 2
        wide, deep = right - left + 2 * MAT_ABOVE, high - low + 2 * MAT_ABOVE
        mat = (left - MAT_ABOVE, low - MAT_ABOVE, wide, deep)
    else:
        end = round(GROUND - zoom * HORIZON)
        back += (
            f'<rect class="f-floor" y="{end}" width="{WIDTH}" height="{HEIGHT - end}"/>'
            f'<path class="f-line" d="M0 {end}H{WIDTH}"/>'
        )
    if pose.prop == "mat":
        x, y, wide, deep = mat
        under = f'x="{x:.0f}" y="{y:.0f}" width="{wide:.0f}" height="{deep:.0f}" rx="5"'
        drawn = f'<rect class="f-prop f-mat" {under}/>{drawn}'
    props = "".join(f'<path class="{style}" d="{path}"/>' for style, path in support.drawn())
    middle = WIDTH / 2 - zoom * way * (left + right) / 2
    place = f"translate({middle:.1f} {floor:.1f}) scale({zoom * way:.3f} {-zoom:.3f})"
    return f'{back}<g transform="{place}">{props}{drawn}</g>'
