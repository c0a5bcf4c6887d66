"""All steps of many routines in one picture, one or more rows for each routine.

If a step moves, the pose it comes from is seen faintly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from voice_coach.core.routine import CHOICE
from voice_coach.display.figures.figure import HEIGHT, STYLE, WIDTH, drawn_still

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from voice_coach.core.routine import Routine, Step

COLUMNS = 6
GAP = 12
"""Pixels between pictures."""
HEADING, CAPTION = 54, 28
"""Heights of a routine's title and of a step's."""
LETTERS = 36
"""Characters of a title that have room."""

SHEET_STYLE = """text{font:14px "DejaVu Sans",Arial,Helvetica,sans-serif;fill:#1f2a37}
.f-routine{font-size:26px}
.f-sheet{fill:#fff}.f-frame{fill:none;stroke:#343d47}
@media (prefers-color-scheme:dark){text{fill:#e8edf2}.f-sheet{fill:#0a0d11}.f-frame{stroke:#aeb8c2}}
"""


def contact_sheet(routines: Sequence[Routine]) -> str:
    """Draw every step of these routines into one SVG document; sided steps on their first side."""
    width = COLUMNS * (WIDTH + GAP) + GAP
    parts, y = [], 0
    for routine in routines:
        title = escape(routine.title)
        parts.append(f'<text class="f-routine" x="{GAP}" y="{y + HEADING - 16}">{title}</text>')
        y += HEADING
        for first in range(0, len(routine.steps), COLUMNS):
            for column, step in enumerate(routine.steps[first : first + COLUMNS]):
                x = GAP + column * (WIDTH + GAP)
                parts.append(f'<g transform="translate({x} {y})">{"".join(_cell(step))}</g>')
            y += HEIGHT + CAPTION + GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="f-figure" viewBox="0 0 {width} {y}"'
        f' width="{width}" height="{y}" role="img"><title>All steps of all routines</title>'
        f"<style>{STYLE}{SHEET_STYLE}</style>"
        f'<rect class="f-sheet" width="{width}" height="{y}"/>{"".join(parts)}</svg>\n'
    )


def _cell(step: Step) -> Iterator[str]:
    title = CHOICE.sub(r"\1", step.title)
    if len(title) > LETTERS:
        title = f"{title[: LETTERS - 1]}…"
    frame = f'<rect class="f-frame" width="{WIDTH}" height="{HEIGHT}"/>'
    if step.pose:
        yield f'<svg width="{WIDTH}" height="{HEIGHT}">{drawn_still(step.pose)}</svg>'
    yield f'{frame}<text x="2" y="{HEIGHT + 19}">{escape(title)}</text>'
