"""An iCalendar file that reminds of stretching, for any calendar program.

Only the few parts of RFC 5545 that a weekly reminder needs: one event with a rule, an alarm, lines
folded at 75 octets, text with its marks escaped. Times are floating: eight is eight wherever
somebody is.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import NamedTuple

from voice_coach.errors import CoachError

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
"""RFC 5545, 3.3.10, from Monday on, as ``datetime.weekday`` counts."""
GROUPS = {"weekdays": DAYS[:5], "daily": DAYS, "weekends": DAYS[5:]}
LONGEST_LINE = 75
"""Octets without the line's end (RFC 5545, 3.1)."""


class Reminder(NamedTuple):
    """When to remind, week after week."""

    days: tuple[str, ...]
    hour: int
    minute: int


def parse_reminder(text: str) -> Reminder:
    """Read such as "weekdays 8:00" or "mon thu 18:30"; raises ``CoachError``."""
    *words, clock = text.lower().replace(",", " ").split() or [""]
    found = re.fullmatch(r"(\d{1,2}):(\d{2})", clock)
    days: set[str] = set()
    for word in words or ["daily"]:
        short = word[:2].upper()
        if word in GROUPS:
            days |= set(GROUPS[word])
        elif short in DAYS and len(word) > 1:
            days.add(short)
        else:
            raise CoachError(f'"{word}" is no day; write such as: weekdays 8:00, or: mon thu 18:30')
    if not found or int(found[1]) > 23 or int(found[2]) > 59:  # noqa: PLR2004 - a clock's
        raise CoachError(f'"{clock}" is no time; write such as: weekdays 8:00')
    return Reminder(tuple(day for day in DAYS if day in days), int(found[1]), int(found[2]))


def as_calendar(reminder: Reminder, title: str, minutes: int, now: datetime) -> str:
    """Write the file's text: an event of so many `minutes`, from the next such day after `now`.

    `now` is aware of its time zone, and tells where the local clock stands.
    """
    start = now.replace(
        hour=reminder.hour, minute=reminder.minute, second=0, microsecond=0, tzinfo=None
    )
    while start <= now.replace(tzinfo=None) or DAYS[start.weekday()] not in reminder.days:
        start += timedelta(days=1)
    stamp = datetime.fromtimestamp(now.timestamp(), tz=now.tzinfo) - (
        now.utcoffset() or timedelta()
    )
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//voice-coach//EN",
        "BEGIN:VEVENT",
        f"UID:{start:%Y%m%dT%H%M}-{'-'.join(reminder.days).lower()}@voice-coach.local",
        f"DTSTAMP:{stamp:%Y%m%dT%H%M%S}Z",
        f"DTSTART:{start:%Y%m%dT%H%M%S}",
        f"DURATION:PT{minutes}M",
        f"RRULE:FREQ=WEEKLY;BYDAY={','.join(reminder.days)}",
        f"SUMMARY:{_escaped(title)}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:PT0M",
        f"DESCRIPTION:{_escaped(title)}",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _escaped(text: str) -> str:
    """Mark what has a meaning of its own in a text value (RFC 5545, 3.3.11)."""
    one_line = "".join(c for c in " ".join(text.split()) if c.isprintable())
    return re.sub(r"([\\;,])", r"\\\1", one_line)


def _folded(line: str) -> str:
    """Break a line that is too long, between characters (RFC 5545, 3.1)."""
    parts, room = [""], LONGEST_LINE
    for character in line:
        if len(f"{parts[-1]}{character}".encode()) > room:
            parts.append("")
            room = LONGEST_LINE - 1  # the space that begins it
        parts[-1] += character
    return "\r\n ".join(parts)
