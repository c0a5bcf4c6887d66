"""A reminder that any calendar program can read."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.errors import CoachError
from voice_coach.history.calendar import DAYS, LONGEST_LINE, Reminder, as_calendar, parse_reminder

ZONE = timezone(timedelta(hours=2))
SATURDAY = datetime(2026, 11, 28, 9, 30, tzinfo=ZONE)
TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(ZONE))  # noqa: DTZ001
REMINDERS = st.builds(
    Reminder,
    st.sets(st.sampled_from(DAYS), min_size=1).map(
        lambda days: tuple(day for day in DAYS if day in days)
    ),
    st.integers(0, 23),
    st.integers(0, 59),
)


def values(text):
    """Give the lines of a calendar by their names, unfolded."""
    unfolded = text.replace("\r\n ", "")
    return dict(line.split(":", 1) for line in unfolded.split("\r\n") if line)


@pytest.mark.parametrize(
    ("text", "reminder"),
    [
        ("weekdays 8:00", Reminder(("MO", "TU", "WE", "TH", "FR"), 8, 0)),
        ("mon, thu 18:30", Reminder(("MO", "TH"), 18, 30)),
        ("Thursday Monday 7:05", Reminder(("MO", "TH"), 7, 5)),
        ("daily 20:00", Reminder(DAYS, 20, 0)),
        ("8:00", Reminder(DAYS, 8, 0)),
    ],
)
def test_days_and_a_time_are_read(text, reminder):
    """What one would write on a note is understood."""
    assert parse_reminder(text) == reminder


@pytest.mark.parametrize("text", ["", "weekdays", "noday 8:00", "8", "24:00", "mon 8:60", "m 8:00"])
def test_what_is_no_reminder_is_told(text):
    """A slip is answered with an example."""
    with pytest.raises(CoachError, match="write such as"):
        parse_reminder(text)


def test_it_begins_on_the_next_such_day():
    """From a Saturday on, weekdays begin on Monday; a time that is over today, tomorrow."""
    weekdays = values(as_calendar(parse_reminder("weekdays 8:00"), "Stretch", 10, SATURDAY))
    assert weekdays["DTSTART"] == "20261130T080000"
    assert weekdays["RRULE"] == "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
    assert weekdays["DURATION"] == "PT10M"
    assert weekdays["DTSTAMP"] == "20261128T073000Z"
    daily = values(as_calendar(parse_reminder("9:30"), "Stretch", 10, SATURDAY))
    assert daily["DTSTART"] == "20261129T093000"


@given(REMINDERS, st.text(), st.integers(1, 60), TIMES)
def test_every_calendar_keeps_to_the_standard(reminder, title, minutes, now):
    """Lines end in CR LF and are short, and it begins after now, on one of its days."""
    text = as_calendar(reminder, title, minutes, now)
    assert text.endswith("END:VCALENDAR\r\n")
    assert text.count("\r") == text.count("\n") == text.count("\r\n")
    assert all(len(line.encode()) <= LONGEST_LINE for line in text.split("\r\n"))
    start = datetime.strptime(values(text)["DTSTART"], "%Y%m%dT%H%M%S").replace(tzinfo=ZONE)
    assert timedelta() < start - now <= timedelta(days=8)
    assert DAYS[start.weekday()] in reminder.days
