"""Rows of text, and how they are put beside and below each other."""

from __future__ import annotations

from itertools import zip_longest
from textwrap import wrap
from typing import TYPE_CHECKING, Literal

from rich.text import Text

from voice_coach.display.letters import LARGEST, draw

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def place(
    rows: Sequence[Text], height: int, where: Literal["top", "middle", "bottom"] = "top"
) -> list[Text]:
    """Put `rows` into exactly so many; what does not fit is cut off below."""
    spare = max(0, height - len(rows))
    above = {"top": 0, "middle": spare // 2, "bottom": spare}[where]
    blank = [Text() for _ in range(spare)]
    return [*blank[:above], *rows[:height], *blank[above:]]


def large(text: str, width: int, height: int, largest: int = LARGEST) -> list[Text]:
    """Draw `text` as large as fits; at least as bold capitals, set wide if they fit."""
    capitals = text.upper()
    spaced = " ".join(capitals)
    rows = draw(text, width, height, largest) or (
        [spaced] if len(spaced) <= width else wrap(capitals, width)
    )
    return [Text(row, "bold") for row in rows]


def plain(text: str, width: int) -> list[Text]:
    """Set `text` in as many rows as it takes."""
    return [Text(row) for row in wrap(text, width)]


def both_ends(left: Text, right: Text, width: int) -> Text:
    """Set one text at either end of a row."""
    gap = " " * max(2, width - left.cell_len - right.cell_len)
    return Text.assemble(left, gap, right) if right else left


def beside(columns: Iterable[tuple[Sequence[Text], int]]) -> list[Text]:
    """Set blocks of rows side by side, each so many columns wide."""
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
    """List `phrases` behind a label, none broken over two rows; as many as `most` rows hold."""
    unbroken = [phrase.replace(" ", "\xa0") for phrase in phrases]
    indent = len(label) + 2
    while len(rows := wrap(" · ".join(unbroken), max(1, width - indent))) > most:
        unbroken.pop()
    return [
        Text.assemble((name.ljust(indent), "dim"), row.replace("\xa0", " "))
        for name, row in zip_longest([label], rows, fillvalue="")
    ]
