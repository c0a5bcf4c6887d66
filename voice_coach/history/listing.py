"""The history as a table for people, and as JSON or CSV for programs.

Times are local times of the session. The history says what happened. It counts nothing that could
make people feel they should do more: no streaks, no gaps, no totals.
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
"""The fields of a session for programs, in this order; times are ISO 8601 with their offset."""


def local(session: PastSession, utc: float) -> datetime:
    """Return a time of this session as local time."""
    return datetime.fromtimestamp(utc, timezone(timedelta(seconds=session.offset)))


def ending(session: PastSession) -> str:
    """Say in a few words how the session ended."""
    if session.outcome is None:
        return f"broken off in step {session.step}"
    if session.outcome is Outcome.COMPLETED:
        return "completed"
    where = f"in step {session.step}" if session.step else "before the first step"
    return f"{session.outcome.value} {where}"


def as_table(sessions: Iterable[PastSession], titles: Mapping[str, str]) -> Table:
    """Return a table of the sessions, the newest last; `titles` maps known routines to titles."""
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
    """Return the sessions as a JSON list of objects."""
    return json.dumps([_entry(session) for session in sessions], indent=2)


def as_csv(sessions: Iterable[PastSession]) -> str:
    """Return the sessions as comma-separated values with a header line."""
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
