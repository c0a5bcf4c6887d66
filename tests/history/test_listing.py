"""The history as a table and as data."""

from __future__ import annotations

import csv
import io
import json

from past_sessions import DAY, EVENING, one
from rich.console import Console

from voice_coach.core.view import Feeling, Outcome
from voice_coach.history.listing import FIELDS, as_csv, as_json, as_table, ending

TITLES = {"gentle-bends": "Gentle bends"}
SESSIONS = (
    one(number=1, felt=Feeling.BETTER),
    one(number=3, began=EVENING + DAY, ended=EVENING + DAY, offset=-18000.0, reached=4, step=3,
        outcome=Outcome.PAIN, routine="my-own", title='Lean, "far"'),
    one(number=4, steps=0, reached=0, step=0, routine="", title="", outcome=Outcome.FAULT),
    one(number=5, reached=2, step=2, outcome=None),
)  # fmt: skip


def lines(table):
    console = Console(file=io.StringIO(), width=100)
    console.print(table)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def test_the_table_tells_when_what_how_far_and_how_it_ended():
    """One line a session, in the local time of that day."""
    header, first, hurt, fault, broken = lines(as_table(SESSIONS, TITLES))
    assert header.split() == ["no.", "when", "routine", "steps", "end", "felt"]
    assert first.split()[0] == "1"
    assert "2027-01-15 09:00  Gentle bends  9 of 9  completed" in first
    assert first.endswith("better")
    assert "2027-01-16 03:00  my-own        4 of 9  pain in step 3" in hurt
    assert "fault before the first step" in fault
    assert "broken off in step 2" in broken


def test_words_that_look_like_markup_are_shown_as_they_are():
    """A routine of one's own may be called anything."""
    _, line = lines(as_table([one(routine="[red]x")], {}))
    assert "[red]x" in line


def test_how_it_ended_is_told_for_every_end():
    """No end is without words."""
    for outcome in (None, *Outcome):
        assert ending(one(outcome=outcome))


def test_json_holds_every_field():
    """Times carry their offset, and what is not known is null."""
    entries = json.loads(as_json(SESSIONS))
    assert [tuple(entry) for entry in entries] == [FIELDS] * 4
    assert entries[1] == {
        "number": 3,
        "began": "2027-01-16T03:00:00-05:00",
        "ended": "2027-01-16T03:00:00-05:00",
        "routine": "my-own",
        "twist": False,
        "steps": 9,
        "reached": 4,
        "step": 3,
        "title": 'Lean, "far"',
        "outcome": "pain",
        "felt": None,
    }
    assert json.loads(as_json([])) == []


def test_csv_holds_the_same():
    """Under a line of names, also where there are commas and quotes."""
    rows = list(csv.DictReader(io.StringIO(as_csv(SESSIONS))))
    assert [row["title"] for row in rows] == ["Shake it out", 'Lean, "far"', "", "Shake it out"]
    for row, entry in zip(rows, json.loads(as_json(SESSIONS)), strict=True):
        assert row == {key: "" if value is None else str(value) for key, value in entry.items()}
    assert as_csv([]).strip().split(",") == list(FIELDS)
