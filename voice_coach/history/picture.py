"""The history as a picture: a column a day, a row a routine, a mark a session.

A session that ended in pain is a red cross, so its shape differs too. Days are local days of the
session. The picture is SVG, written without a library.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from voice_coach.core.view import Outcome
from voice_coach.history.listing import ending, local
from voice_coach.history.store import HistoryUnavailable, open_history

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from voice_coach.core.past import PastSession

DAY = 18
"""Width of a day, in pixels."""
ROW = 30
"""Height of a routine."""
NAMES = 190
"""Width of the routines' names."""
TOP = 56
"""Height of the legend and the dates."""
WIDEST = 1600
"""Most pixels for all days together; more days are narrower."""
MARK = 6
"""Half the size of a mark."""
LABEL = 64
"""Least width between two dates."""

STYLE = """text { font: 13px "DejaVu Sans", Arial, Helvetica, sans-serif; fill: #222 }
.date { font-size: 11px; fill: #555 }
.row, .day { stroke: #ddd }
.done { fill: #2a9d6f }
.part { fill: #fff; stroke: #2a9d6f; stroke-width: 2 }
.pain { stroke: #c1121f; stroke-width: 4; stroke-linecap: round }"""


def past_sessions(titles: Mapping[str, str]) -> tuple[str, int] | None:
    """Draw all past sessions, and count them; None if there are none."""
    try:
        with open_history() as history:
            sessions = history.past().sessions
    except HistoryUnavailable:
        return None
    return (draw(sessions, titles), len(sessions)) if sessions else None


def draw(sessions: Sequence[PastSession], titles: Mapping[str, str]) -> str:
    """Draw one or more sessions; `titles` maps known routines to titles."""
    days = [local(session, session.began).date() for session in sessions]
    first, length = min(days), (max(days) - min(days)).days + 1
    routines = sorted({session.routine for session in sessions})
    each = min(DAY, WIDEST / length)
    width = NAMES + max(each * length, 2 * LABEL) + LABEL
    height = TOP + ROW * len(routines) + MARK
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}">',
            "<title>Sessions by day and routine</title>",
            f"<style>{STYLE}</style>",
            f'<rect width="{width:.0f}" height="{height:.0f}" fill="#fff"/>',
            *_legend(),
            *_dates(first, length, each, height),
            *_rows([titles.get(routine, routine) or "none chosen" for routine in routines], width),
            *_marks(sessions, [(day - first).days for day in days], each, routines),
            "</svg>\n",
        )
    )


def _legend() -> Iterator[str]:
    meanings = {Outcome.COMPLETED: "completed", None: "in part", Outcome.PAIN: "it hurt"}
    for number, (outcome, words) in enumerate(meanings.items()):
        x = MARK + 2 + 110 * number
        yield _mark(outcome, x, 16)
        yield f'<text x="{x + 2 * MARK}" y="21">{words}</text>'


def _dates(first: date, length: int, each: float, height: float) -> Iterator[str]:
    step = max(1, round(LABEL / each))
    for day in range(0, length, step):
        x = NAMES + each * (day + 0.5)
        yield f'<line class="day" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 4}" y2="{height:.0f}"/>'
        text = (first + timedelta(days=day)).isoformat()
        yield f'<text class="date" x="{x - MARK:.1f}" y="{TOP - 8}">{text}</text>'


def _rows(names: Sequence[str], width: float) -> Iterator[str]:
    for number, name in enumerate(names):
        y = TOP + ROW * (number + 0.5)
        yield f'<line class="row" x1="{NAMES}" x2="{width:.0f}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="2" y="{y + 5:.1f}">{escape(name)}</text>'


def _marks(
    sessions: Sequence[PastSession], days: Sequence[int], each: float, routines: Sequence[str]
) -> Iterator[str]:
    seen: dict[tuple[int, str], int] = {}
    # Pain is drawn last, so that it lies on top of other marks of that day.
    order = sorted(zip(sessions, days, strict=True), key=lambda s: s[0].outcome is Outcome.PAIN)
    for session, day in order:
        again = seen[day, session.routine] = seen.get((day, session.routine), -1) + 1
        x = NAMES + each * (day + 0.5) + 3 * again
        y = TOP + ROW * (routines.index(session.routine) + 0.5)
        when = f"{local(session, session.began):%Y-%m-%d %H:%M}"
        tooltip = f"<title>{when}, {escape(ending(session))}</title>"
        yield f"<g>{tooltip}{_mark(session.outcome, x, y)}</g>"


def _mark(outcome: Outcome | None, x: float, y: float) -> str:
    if outcome is Outcome.PAIN:
        a, b, c, d = x - MARK, y - MARK, x + MARK, y + MARK
        path = f"M{a:.1f} {b:.1f}L{c:.1f} {d:.1f}M{c:.1f} {b:.1f}L{a:.1f} {d:.1f}"
        return f'<path class="pain" d="{path}"/>'
    kind = "done" if outcome is Outcome.COMPLETED else "part"
    return f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{MARK}"/>'
