"""What rooms tell, as a board gets it, and a clock that is set by hand."""

import json
from datetime import datetime, timedelta, timezone

from voice_coach.rooms.board import Board, Instant, Message, connect, hear

MORNING = datetime(2026, 1, 2, 9, 0, tzinfo=timezone(timedelta(hours=1)))
"""When the board begins, by its own clock."""


def at(seconds):
    """Give the moment so many seconds after the board has begun."""
    return Instant(1000.0 + seconds, MORNING + timedelta(seconds=seconds))


def number(n):
    return f"{n:016x}"


def event(n=1, outcome="pain", time=MORNING, **more):
    return {"event_type": outcome, "id": number(n), "time": time.isoformat(), **more}


def told(what, payload, room="mat", *, retained=False):
    """Give the message of a room; a payload that is no text is told as JSON."""
    text = payload if isinstance(payload, str) else json.dumps(payload)
    return Message(f"voice-coach/{room}/{what}", text.encode(), retained)


def heard(*messages, board=None, seconds=1.0):
    """Give what a board knows that was connected, and then heard these messages."""
    board = board or connect(Board(), at(0))
    for message in messages:
        board = hear(board, message, at(seconds))
    return board


def alive(room="mat", **state):
    """Give the messages of a room that has just connected."""
    return told("state", {"state": "idle", **state}, room), told("availability", "online", room)
