"""Rows of text and simple drawings, and how they are put beside and below each other.

A drawing tells by its form alone. Colour only repeats it, because a terminal may have none.
"""

from __future__ import annotations

import math
from itertools import zip_longest
from textwrap import wrap
from typing import TYPE_CHECKING, Literal

from rich.text import Text

from voice_coach.core.breathing import Phase
from voice_coach.display.terminal.letters import LARGEST, draw, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from voice_coach.core.breathing import Beat, Round
    from voice_coach.core.state import HeardBreath

LEAST_BREATH = 0.2
"""Size of the breath shape when all air is out, as a share of its largest."""
ROUNDNESS = 3
"""The exponent of the superellipse: 2 draws an ellipse, more is closer to a bar."""
SOFTEST, LOUDER = -60.0, 6.0
"""The meter begins at this level in dBFS; each bar stands for so many dB more."""
BARS = "▁▂▃▄▅▆▇█"
BREATH_STYLES = {Phase.IN: "#3a86c8", Phase.OUT: "#2a9d6f"}


def place(
    rows: Sequence[Text], height: int, where: Literal["top", "middle", "bottom"] = "top"
) -> list[Text]:
    """Fill exactly `height` rows with `rows`; what does not fit is cut off below."""
    spare = max(0, height - len(rows))
    above = {"top": 0, "middle": spare // 2, "bottom": spare}[where]
    blank = [Text() for _ in range(spare)]
    return [*blank[:above], *rows[:height], *blank[above:]]


def large(text: str, width: int, height: int, largest: int = LARGEST) -> list[Text]:
    """Draw `text` as large as fits; if no size fits, as bold capitals, spaced out if they fit."""
    capitals = text.upper()
    spaced = " ".join(capitals)
    rows = draw(text, width, height, largest) or (
        [spaced] if len(spaced) <= width else wrap(capitals, width)
    )
    return [Text(row, "bold") for row in rows]


def plain(text: str, width: int) -> list[Text]:
    """Wrap `text` into as many rows as it needs."""
    return [Text(row) for row in wrap(text, width)]


def both_ends(left: Text, right: Text, width: int) -> Text:
    """Put one text at each end of a row."""
    gap = " " * max(2, width - left.cell_len - right.cell_len)
    return Text.assemble(left, gap, right) if right else left


def beside(columns: Iterable[tuple[Sequence[Text], int]]) -> list[Text]:
    """Put blocks of rows side by side; each comes with its width in columns."""
    padded = []
    for rows, width in columns:
        for row in rows:
            row.pad_right(max(0, width - row.cell_len))
        padded.append((rows, Text(" " * width)))
    height = max(len(rows) for rows, _ in padded)
    return [
        Text.assemble(*(rows[n] if n < len(rows) else blank for rows, blank in padded))
        for n in range(height)
    ]


def listed(label: str, phrases: Iterable[str], width: int, most: int) -> list[Text]:
    """List `phrases` after a label, as many as fit into `most` rows; no phrase is broken."""
    unbroken = [phrase.replace(" ", "\xa0") for phrase in phrases]
    indent = len(label) + 2
    while len(rows := wrap(" · ".join(unbroken), max(1, width - indent))) > most:
        unbroken.pop()
    return [
        Text.assemble((name.ljust(indent), "dim"), row.replace("\xa0", " "))
        for name, row in zip_longest([label], rows, fillvalue="")
    ]


def bars(level: float) -> Text:
    """Draw how loud the person is, in dBFS: the louder, the more and the higher the bars."""
    shown = math.ceil((level - SOFTEST) / LOUDER)
    return Text(BARS[: max(0, shown)].ljust(len(BARS)))


def progress(step: int, steps: int, width: int) -> Text:
    """Draw a rule with one piece for each step; the pieces up to `step` are heavy."""
    if not steps or width < 3 * steps:
        return Text("─" * width, "dim")
    ends = [round(n * (width + 1) / steps) for n in range(steps + 1)]
    pieces = [
        Text(("━" if n < step else "─") * (ends[n + 1] - ends[n] - 1), "" if n < step else "dim")
        for n in range(steps)
    ]
    return Text(" ").join(pieces)


def heard_line(cued: Round, heard: HeardBreath, now: float, width: int) -> Text:
    """Draw on the time of a round, from left to right, when a breath is heard in it."""

    def column(at: float) -> int:
        share = (at - cued.start) / max(cued.end - cued.start, 1e-3)
        return round(width * min(1.0, max(0.0, share)))

    first, turn = column(heard.began), min(column(cued.turn), width - 1)
    last = max(first + 1, column(heard.ended or now))
    cells = ["=" if first <= at < last else "." for at in range(width)]
    cells[turn] = "|" if cells[turn] == "." else cells[turn]
    return Text("".join(cells), BREATH_STYLES[Phase.OUT])


def lungs(beat: Beat, width: int, height: int) -> list[Text]:
    """Draw a rounded shape that grows with the breath in and shrinks with the breath out."""
    full = beat.fraction if beat.phase is Phase.IN else 1 - beat.fraction
    reach = width / 2 * (LEAST_BREATH + (1 - LEAST_BREATH) * full)
    halves = []
    for n in range(2 * height):
        y = abs((n + 0.5) / height - 1) / (LEAST_BREATH + (1 - LEAST_BREATH) * math.sqrt(full))
        filled = round(reach * max(0.0, 1 - y**ROUNDNESS) ** (1 / ROUNDNESS))
        halves.append("." * (width // 2 - filled) + "#" * (2 * filled))
    return [Text(row, BREATH_STYLES[beat.phase]) for row in fold(halves)]
