"""The lines that are written where there is no terminal."""

from __future__ import annotations

import io
import threading
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING

from sample_views import (
    BREATHING_IN,
    BREATHING_OUT,
    CAPTIONS,
    CHOOSING,
    FAULTED,
    HOLDING,
    HURT,
    LISTENING,
    PAUSED,
    QUESTION,
    SOUND_CHECK,
    TELLING,
    WAITING,
)

from voice_coach.display.terminal.plain_lines import PlainLines

if TYPE_CHECKING:
    from voice_coach.core.view import View

SESSION = """\
00:01  choosing   Which stretch?
00:01  choosing   Say its name or its number.
00:09  heard      shoulder press
00:09  check      Shoulder press · Sound check
00:09  check      When you can hear me well, say: ready.
01:02  heard      ready
01:02  telling    Shoulder press · step 1 of 5 · Lie face down · you
01:02  telling    Turn your head to whichever side feels easy, and let both of your arms rest.
01:10  waiting    Say: next.
02:10  heard      next
02:10  breathing  Shoulder press · step 4 of 5 · Partner: press with the breath out · your partner
02:10  breathing  Breathe in. Hands rest.
03:16  breathing  Breathe out. Gently down.
03:18  heard      pause
03:18  paused     Shoulder press · step 4 of 5 · A break · Partner: press with the breath out
03:18  paused     Say: continue.
03:18  breathing  Shoulder press · step 4 of 5 · Partner: press with the breath out · your partner
03:18  breathing  listening ...
03:18  heard      it hurts
03:18  question   Shoulder press · step 4 of 5 · Did that hurt? · Partner: press with the breath out
03:18  question   Did that hurt?
03:19  heard      it hurts
03:19  hurt       Shoulder press · step 4 of 5 · Hands off
03:19  hurt       Breathe calmly.
03:19  ended      Shoulder press · 4 of 5 steps · 2:16 minutes
"""


def written(*views: View) -> str:
    """Give the lines that are written when these are shown."""
    stream = io.StringIO()
    with PlainLines(stream, CAPTIONS) as lines:
        for view in views:
            lines.show(view)
    return stream.getvalue()


def test_each_change_is_a_line():
    """Each change is a line: what is done, what is said, what was heard, what is waited for."""
    views = (
        *(CHOOSING, SOUND_CHECK, TELLING, WAITING),
        *(BREATHING_IN, BREATHING_OUT, PAUSED, LISTENING, QUESTION, HURT),
    )
    assert written(*views) == SESSION


def test_what_stays_the_same_is_not_written_again():
    """What stays the same is not written again, however often it is shown."""
    ticking = [replace(HOLDING, now=HOLDING.now + n, seconds_left=19.0 - n) for n in range(10)]
    assert written(*ticking).splitlines()[:-1] == written(HOLDING).splitlines()[:-1]


def test_a_fault_is_a_line_with_its_reason():
    """A fault is a line with its reason."""
    assert FAULTED.fault in written(BREATHING_IN, FAULTED)


class _DumbTerminal(io.StringIO):
    """A terminal that cannot draw."""

    def isatty(self) -> bool:
        return True


def test_on_a_terminal_a_fault_rings_the_bell():
    """On a terminal that cannot draw, a fault rings the bell; in a file it does not."""
    stream = _DumbTerminal()
    with PlainLines(stream, CAPTIONS) as lines:
        lines.show(FAULTED)
        lines.show(FAULTED)
    assert stream.getvalue().count("\a") == 1
    assert "\a" not in written(FAULTED)


class _Unread(io.StringIO):
    """A pipe nobody reads until they are told to."""

    def __init__(self) -> None:
        super().__init__()
        self.read_at_last = Event()

    def write(self, text: str) -> int:
        self.read_at_last.wait()
        return super().write(text)


def test_a_log_nobody_reads_does_not_hold_up_the_coach():
    """A log that nobody reads holds up neither the session nor its end, and loses no line."""
    stream = _Unread()
    with PlainLines(stream, CAPTIONS, patience=0.02) as lines:
        lines.show(CHOOSING)
        lines.show(TELLING)
    assert lines.stuck
    assert stream.getvalue() == ""
    stream.read_at_last.set()
    for thread in threading.enumerate():
        if thread.name == "plain lines":
            thread.join(5)
    assert stream.getvalue() == written(CHOOSING, TELLING)


class _Closed(io.StringIO):
    def write(self, _text: str) -> int:
        raise BrokenPipeError


def test_a_log_that_is_closed_does_not_end_the_session():
    """A log that is closed by its reader does not end the session."""
    with PlainLines(_Closed(), CAPTIONS) as lines:
        lines.show(CHOOSING)
        lines.show(TELLING)
    assert not lines.stuck
