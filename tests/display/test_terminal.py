"""The display on a terminal."""

from __future__ import annotations

import io
import os
import pty
import re
import threading
from threading import Event

import pytest
from rich.console import Console
from sample_views import CAPTIONS, CHOOSING, FAULTED, HURT, LANGUAGE, PAUSED, TELLING, WAITING

from voice_coach.display.terminal.plain_lines import PlainLines
from voice_coach.display.terminal.screen import Terminal, open_display

ENTER, LEAVE, SHOW_CURSOR = "\x1b[?1049h", "\x1b[?1049l", "\x1b[?25h"
RED = "48;2;168;0;0"


def console(stream: io.StringIO, **more: object) -> Console:
    """Give a terminal of 80 by 24."""
    return Console(
        file=stream, width=80, height=24, force_terminal=True, color_system="truecolor",
        _environ={}, **more,
    )  # fmt: skip


def drawn(*views, **more):
    """Give all that is sent to a terminal when these are shown."""
    stream = io.StringIO()
    with Terminal(console(stream, **more), CAPTIONS) as display:
        for view in views:
            display.show(view)
    return stream.getvalue()


def test_a_session_has_a_screen_of_its_own_and_gives_it_back():
    """A session has a screen of its own and gives the old one back, cursor and all."""
    output = drawn(TELLING)
    assert output.startswith(ENTER)
    assert TELLING.saying in output
    assert LEAVE in output
    assert SHOW_CURSOR in output


def test_the_screen_is_given_back_after_an_error():
    """The screen is given back when the program fails."""
    stream = io.StringIO()
    with pytest.raises(KeyError), Terminal(console(stream), CAPTIONS):
        raise KeyError
    assert stream.getvalue().endswith(LEAVE + SHOW_CURSOR)


def test_nothing_shown_leaves_nothing_behind():
    """A session that ends before anything is shown leaves nothing behind."""
    assert drawn().endswith(LEAVE + SHOW_CURSOR)


def test_the_safety_note_stays_readable_after_the_end():
    """The safety note stays on the terminal when the session's screen is gone."""
    _, after = drawn(HURT).split(LEAVE)
    assert all(sentence in after for sentence in CAPTIONS.note(HURT))


def test_what_was_done_is_told_below_and_after_pain_the_note_comes_first():
    """What was done stays on the terminal: calm lines, and after pain behind what matters more."""
    _, after = drawn(TELLING, HURT).split(LEAVE)
    done = "Shoulder press · 4 of 5 steps · 0:00 minutes"
    assert after.index(CAPTIONS.note(HURT)[-1]) < after.index(done)


def test_after_pain_the_whole_screen_is_red():
    """After pain all of the screen is red, to the last cell of each row."""
    frame, _ = drawn(HURT).split(LEAVE)
    _, *rows = re.split(r"\x1b\[\d+;1H", frame)
    assert len(rows) == 24
    for row in rows:
        cells = re.findall(r"\x1b\[([\d;]*)m([^\x1b]*)", row)
        assert sum(len(text) for style, text in cells if RED in style) == 80
    assert RED not in drawn(TELLING)


def test_without_colour_the_alarm_is_still_unlike_anything_else():
    """Where there is no colour, the screen after pain is reversed and no colour is sent."""
    output = drawn(HURT, no_color=True)
    assert "38;2" not in output
    assert "48;2" not in output
    assert "\x1b[7m" in output
    assert "\x1b[7m" not in drawn(TELLING, no_color=True)


def test_a_fault_rings_the_bell_once():
    """Who does not look at the screen hears it, though the loudspeaker may be gone."""
    assert drawn(TELLING, FAULTED).count("\a") == 1
    assert "\a" not in drawn(TELLING, HURT)


class _Frozen(io.StringIO):
    """A terminal that takes nothing until it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.tried = Event()
        self.thawed = Event()

    def write(self, text: str) -> int:
        self.tried.set()
        self.thawed.wait()
        return super().write(text)


def test_a_frozen_terminal_does_not_freeze_the_coach():
    """A terminal that takes nothing more holds up neither the session nor its end."""
    stream = _Frozen()
    with Terminal(console(stream), CAPTIONS, patience=0.02) as display:
        display.show(CHOOSING)
        assert stream.tried.wait(5)
        display.show(TELLING)
        display.show(WAITING)
    assert display.stuck
    stream.thawed.set()
    for thread in threading.enumerate():
        if thread.name == "terminal":
            thread.join(5)
    assert stream.getvalue().count(LEAVE) == 1


def test_the_newest_view_wins():
    """When a terminal takes more again, it is shown what is true now and nothing else."""
    stream = _Frozen()
    with Terminal(console(stream), CAPTIONS) as display:
        assert stream.tried.wait(5)
        display.show(TELLING)
        display.show(PAUSED)
        stream.thawed.set()
    assert TELLING.saying not in stream.getvalue()
    assert "A break" not in stream.getvalue()
    assert PAUSED.title in stream.getvalue()


def test_a_terminal_that_goes_away_does_not_end_the_session():
    """A terminal that goes away does not end the session."""
    stream = _Frozen()
    stream.thawed.set()
    with Terminal(console(stream), CAPTIONS) as display:
        stream.write = _fail
        display.show(TELLING)
    assert not display.stuck


def _fail(_text: str) -> int:
    raise OSError(5, "Input/output error")


def _sent(stream: _Frozen, what: str) -> bool:
    for _ in range(50):
        if what in stream.getvalue():
            return True
        stream.tried.wait(0.1)
        stream.tried.clear()
    return False


def test_a_screen_that_changes_its_size_is_drawn_anew(monkeypatch):
    """A screen that changes its size is drawn anew, though nothing else has happened."""
    monkeypatch.setattr("voice_coach.display.terminal.screen.LOOK", 0.01)
    stream = _Frozen()
    stream.thawed.set()
    screen = console(stream)
    with Terminal(screen, CAPTIONS) as display:
        display.show(TELLING)
        assert _sent(stream, "\x1b[24;1H")
        screen.size = (100, 30)
        assert _sent(stream, "\x1b[30;1H")


def test_a_terminal_gets_a_picture(monkeypatch):
    """On a terminal the session is drawn."""
    monkeypatch.setenv("TERM", "xterm")
    master, slave = pty.openpty()
    with open(slave, "w", encoding="utf-8") as stream:  # noqa: PTH123 - a descriptor, not a path
        with open_display(LANGUAGE, stream) as display:
            display.show(TELLING)
        assert isinstance(display, Terminal)
        assert ENTER.encode() in os.read(master, 10_000)
    os.close(master)


@pytest.mark.parametrize(("term", "encoding"), [("dumb", "utf-8"), ("xterm", "latin-1")])
def test_a_terminal_that_cannot_draw_gets_lines(monkeypatch, term, encoding):
    """A terminal that cannot place words, or has no block letters, gets plain lines."""
    monkeypatch.setenv("TERM", term)
    master, slave = pty.openpty()
    with open(slave, "w", encoding=encoding) as stream:  # noqa: PTH123
        with open_display(LANGUAGE, stream) as display:
            display.show(TELLING)
        assert isinstance(display, PlainLines)
    os.close(master)


def test_a_file_gets_lines(tmp_path, monkeypatch):
    """A file or a pipe gets plain lines, even where colour is asked for by force."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    log = tmp_path / "log"
    with log.open("w", encoding="utf-8") as stream, open_display(LANGUAGE, stream) as display:
        display.show(TELLING)
    lines = log.read_text("utf-8")
    assert TELLING.saying in lines
    assert "\x1b" not in lines
