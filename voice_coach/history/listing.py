"""The history as a table for people, and as JSON or CSV for programs.

Times are those the clock on the wall showed then. What happened is told, and nothing is counted
that could make somebody feel they ought to do more: no streaks, no gaps, no totals.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from voice_coach.core.view import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from voice_coach.core.past import PastSession

FIELDS = (
    *("number", "began", "ended", "routine", "twist", "steps", "reached", "step", "title"),
    *("outcome", "felt"),
)
"""What a program is given of each session, in this order; times in ISO 8601, with their offset."""


def local(session: PastSession, utc: float) -> datetime:
    """Give a time of this session as the clock on the wall showed it."""
    return datetime.fromtimestamp(utc, timezone(timedelta(seconds=session.offset)))


def ending(session: PastSession) -> str:
    """Say in a few words how it ended."""
    if session.outcome is None:
        return f"broken off in step {session.step}"
    if session.outcome is Outcome.COMPLETED:
        return "completed"
    where = f"in step {session.step}" if session.step else "before the first step"
    return f"{session.outcome.value} {where}"


def as_table(sessions: Iterable[PastSession], titles: Mapping[str, str]) -> Table:
    """Set the sessions in a table, the newest last; `titles` are those of the known routines."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("no.", justify="right")
    for column in ("when", "routine", "steps", "end", "felt"):
        table.add_column(column)
    for session in sessions:
        table.add_row(
            str(session.number),
            f"{local(session, session.began):%Y-%m-%d %H:%M}",
            Text(titles.get(session.routine, session.routine)),
            f"{session.reached} of {session.steps}" if session.steps else "",
            Text(ending(session), "bold red" if session.outcome is Outcome.PAIN else ""),
            session.felt.value if session.felt else "",
        )
    return table


def as_json(sessions: Iterable[PastSession]) -> str:
    """Write the sessions as a JSON list of objects."""
    return json.dumps([_entry(session) for session in sessions], indent=2)


def as_csv(sessions: Iterable[PastSession]) -> str:
    """Write the sessions as lines of comma-separated values, under a line of their names."""
    text = io.StringIO()
    writer = csv.DictWriter(text, FIELDS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_entry(session) for session in sessions)
    return text.getvalue()


def _entry(session: PastSession) -> dict[str, object]:
    special = {
        "began": local(session, session.began).isoformat(timespec="seconds"),
        "ended": local(session, session.ended).isoformat(timespec="seconds"),
        "outcome": session.outcome and session.outcome.value,
        "felt": session.felt and session.felt.value,
    }
    return {field: special.get(field, getattr(session, field)) for field in FIELDS}
