"""A part of the report: what was measured of one thing, and how to read it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmark.figures import Row


@dataclass
class Section:
    """One table and what belongs to it."""

    title: str
    head: str
    """How to read the table."""
    rows: list[Row]
    settings: dict[str, str]
    """On how much it stands."""
    left_out: list[str] = field(default_factory=list)
    """What was not measured and why, a sentence each."""
    tail: str = ""
    """More Markdown, for what is no figure."""
