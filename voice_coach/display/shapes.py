"""What is drawn without letters: how far the steps are, how full the breath, how loud the person.

A shape tells by its form alone. Colour only repeats it, for there may be none.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.text import Text

from voice_coach.core.breathing import Phase
from voice_coach.display.letters import fold

if TYPE_CHECKING:
    from voice_coach.core.breathing import Beat

LEAST_BREATH = 0.2
"""How large the breath still is when all of it is out, against its largest."""
ROUNDNESS = 3
"""The exponent of a superellipse: 2 draws an ellipse, more comes nearer to a bar."""
SOFTEST, LOUDER = -60.0, 6.0
"""Dbfs from which on the meter shows anything, and decibels by which each of its bars is louder."""
BARS = "▁▂▃▄▅▆▇█"
BREATH_STYLES = {Phase.IN: "#3a86c8", Phase.OUT: "#2a9d6f"}


def bars(level: float) -> Text:
    """Draw how loud the person is, in dBFS: more bars, and higher ones, the louder."""
    shown = math.ceil((level - SOFTEST) / LOUDER)
    return Text(BARS[: max(0, shown)].ljust(len(BARS)))


def progress(step: int, steps: int, width: int) -> Text:
    """Draw a rule in as many pieces as there are steps; those up to this one are heavy."""
    if not steps or width < 3 * steps:
        return Text("─" * width, "dim")
    ends = [round(n * (width + 1) / steps) for n in range(steps + 1)]
    pieces = [
        Text(("━" if n < step else "─") * (ends[n + 1] - ends[n] - 1), "" if n < step else "dim")
        for n in range(steps)
    ]
    return Text(" ").join(pieces)


def lungs(beat: Beat, width: int, height: int) -> list[Text]:
    """Draw a rounded shape that swells with the breath in and sinks with the breath out."""
    full = beat.fraction if beat.phase is Phase.IN else 1 - beat.fraction
    reach = width / 2 * (LEAST_BREATH + (1 - LEAST_BREATH) * full)
    halves = []
    for n in range(2 * height):
        y = abs((n + 0.5) / height - 1) / (LEAST_BREATH + (1 - LEAST_BREATH) * math.sqrt(full))
        filled = round(reach * max(0.0, 1 - y**ROUNDNESS) ** (1 / ROUNDNESS))
        halves.append("." * (width // 2 - filled) + "#" * (2 * filled))
    return [Text(row, BREATH_STYLES[beat.phase]) for row in fold(halves)]
