"""Keys."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import termios
from contextlib import contextmanager
from dataclasses import replace
from queue import SimpleQueue

import pytest
from sample_views import (
    BREATHING_IN,
    CHOOSING,
    HURT,
    LANGUAGE,
    PAUSED,
    QUESTION,
    SOUND_CHECK,
    TELLING,
    WAITING,
)

from voice_coach.core.commands import Command
from voice_coach.core.events import Heard
from voice_coach.core.transitions import State
from voice_coach.display.terminal import keyboard
from voice_coach.display.terminal.keyboard import Keyboard

PATIENCE = 5
"""Seconds a key gets to arrive; it needs a thousandth."""


class Screen:
    """A display of which only the newest view matters."""

    def __init__(self, view):
        self.view = view


class Typist:
    """Types on a terminal and reads what the keyboard made of it."""

    def __init__(self, master, slave, stream):
        self.master = master
        self.slave = slave
        self.stream = stream
        self.heard = SimpleQueue()

    def keyboard(self, view=WAITING):
        """Give a keyboard on this terminal, with `view` on the screen."""
        return Keyboard(self.heard.put, LANGUAGE.routines, Screen(view), self.stream)

    def type(self, keys):
        """Type these bytes."""
        os.write(self.master, keys)

    def next(self):
        """Give what was heard next."""
        return self.heard.get(timeout=PATIENCE)

    @property
    def mode(self):
        """How the terminal is set."""
        return termios.tcgetattr(self.slave)


@pytest.fixture
def typist():
    """Give a terminal with somebody at it."""
    master, slave = pty.openpty()
    with open(slave, encoding="utf-8") as stream:  # noqa: PTH123 - a descriptor, not a path
        yield Typist(master, slave, stream)
    os.close(master)


@pytest.mark.parametrize(
    ("view", "key", "command"),
    [
        (SOUND_CHECK, " ", Command.READY),
        (SOUND_CHECK, "\n", Command.READY),
        (TELLING, " ", Command.NEXT),
        (WAITING, "\r", Command.NEXT),
        (PAUSED, " ", Command.CONTINUE),
        (BREATHING_IN, "p", Command.PAUSE),
        (PAUSED, "p", Command.CONTINUE),
        (TELLING, "r", Command.REPEAT),
        (TELLING, "b", Command.BACK),
        (CHOOSING, "q", Command.STOP),
        (BREATHING_IN, "h", Command.PAIN),
        (BREATHING_IN, "x", Command.PAIN),
        (BREATHING_IN, "H", Command.PAIN),
        (CHOOSING, "w", Command.WHAT_ELSE),
        (CHOOSING, "a", Command.ASK_AGAIN),
        (SOUND_CHECK, "y", Command.YES),
        (QUESTION, "y", Command.YES),
        (QUESTION, "n", Command.NO),
    ],
)
def test_a_key_means_what_it_should_at_that_moment(typist, view, key, command):
    """A key means what it should at that moment, without enter."""
    with typist.keyboard(view):
        typist.type(key.encode())
        assert typist.next() == Heard(command, source="key")


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("key", [b"h", b"x"])
def test_pain_can_be_typed_in_every_state(typist, state, key):
    """Pain can be typed in every state."""
    with typist.keyboard(replace(WAITING, state=state)):
        typist.type(key)
        assert typist.next().command is Command.PAIN


def test_pain_can_be_typed_before_anything_is_shown(typist):
    """Pain can be typed before anything is shown."""
    with typist.keyboard(None):
        typist.type(b" rh")
        assert typist.next().command is Command.PAIN


def test_a_digit_chooses_a_routine(typist):
    """A digit chooses the routine of that number, while one can be chosen."""
    with typist.keyboard(CHOOSING):
        typist.type(b"0392")
        assert typist.next() == Heard(Command.CHOOSE, choice="shoulder-press", source="key")
    with typist.keyboard(TELLING):
        typist.type(b"1q")
        assert typist.next().command is Command.STOP


@pytest.mark.parametrize("typed", [b"3", b"12", b"1", b"2", b"13"])
def test_a_number_of_two_digits_chooses_a_routine_too(typist, monkeypatch, typed):
    """With thirteen routines "1" waits for a second digit, but not for long, and "3" does not."""
    monkeypatch.setattr(keyboard, "NEXT_DIGIT", PATIENCE if typed in (b"3", b"12") else 0.05)
    routines = [
        LANGUAGE.routines[0].model_copy(update={"id": f"routine-{n}"}) for n in range(1, 14)
    ]
    with Keyboard(typist.heard.put, routines, Screen(CHOOSING), typist.stream):
        typist.type(typed)
        choice = f"routine-{typed.decode()}"
        assert typist.next() == Heard(Command.CHOOSE, choice=choice, source="key")


def test_a_digit_before_another_key_is_forgotten(typist):
    """Who types a digit and then thinks better of it gets what they typed last."""
    routines = [LANGUAGE.routines[0]] * 13
    with Keyboard(typist.heard.put, routines, Screen(CHOOSING), typist.stream):
        typist.type(b"1w2")
        assert typist.next().command is Command.WHAT_ELSE


@pytest.mark.parametrize("key", [b" ", b"\r", b"p"])
def test_habit_denies_no_pain(typist, key):
    """While the coach asks whether it hurt, the keys that always go on do nothing."""
    with typist.keyboard(QUESTION):
        typist.type(key + b"n")
        assert typist.next().command is Command.NO


def test_a_key_that_means_nothing_does_nothing(typist):
    """A key that means nothing, or nothing now, does nothing."""
    with typist.keyboard(HURT):
        typist.type("zé\t\x13 pbr".encode())
        typist.type(b"q")
        assert typist.next().command is Command.STOP


def test_arrow_and_function_keys_are_not_taken_for_letters(typist):
    """Arrow and function keys are not taken for the letters they are made of."""
    with typist.keyboard():
        typist.type(b"\x1b[B\x1b[H\x1bOH\x1b[1;5H\x1b[15~\x1bOPq")
        assert typist.next().command is Command.STOP


def test_an_arrow_key_that_arrives_in_two_parts_is_still_one_key(typist, monkeypatch):
    """An arrow key that arrives in two parts is still one key."""
    monkeypatch.setattr(keyboard, "REST_OF_SEQUENCE", PATIENCE)
    with typist.keyboard() as board:
        board._press = typist.heard.put  # noqa: SLF001 - to see each character
        typist.type(b"r\x1b[")
        assert typist.next() == "r"
        typist.type(b"Hq")
        assert typist.next() == "q"


def test_pain_after_escape_is_heard(typist):
    """Whoever hits escape and then the key for pain is heard."""
    with typist.keyboard():
        typist.type(b"\x1bh")
        assert typist.next().command is Command.PAIN


def test_the_terminal_is_put_back_at_the_end(typist):
    """While keys are read nothing is echoed and Ctrl-S freezes nothing; then all is as before."""
    before = typist.mode
    with typist.keyboard():
        flags, local = typist.mode[0], typist.mode[3]
        assert not flags & termios.IXON
        assert not local & (termios.ECHO | termios.ICANON)
        assert local & termios.ISIG
    assert typist.mode == before


def test_the_terminal_is_put_back_after_an_error(typist):
    """The terminal is put back when the program fails."""
    before = typist.mode
    with pytest.raises(KeyError), typist.keyboard():
        raise KeyError
    assert typist.mode == before


PROGRAM = """
import signal, sys
from voice_coach.display.terminal.keyboard import Keyboard

class Screen:
    view = None

def end(*_):
    sys.exit()

signal.signal(signal.SIGTERM, end)
keyboard = Keyboard(print, [], Screen())
keyboard.__enter__()
print("reading", flush=True)
if "wait" in sys.argv:
    signal.pause()
"""


@pytest.mark.parametrize("how", ["leave", "wait"])
def test_the_terminal_is_put_back_when_the_program_just_ends(typist, how):
    """The terminal is put back when the program just ends, or is ended by a kill it handles."""
    before = typist.mode
    program = [sys.executable, "-c", PROGRAM, how]
    with subprocess.Popen(program, stdin=typist.slave, stdout=subprocess.PIPE) as child:
        assert child.stdout.readline() == b"reading\n"
        if how == "wait":
            assert typist.mode != before
            child.send_signal(signal.SIGTERM)
        assert child.wait(PATIENCE) == 0
    assert typist.mode == before


def test_a_terminal_that_goes_away_does_not_end_the_session(typist):
    """A terminal that goes away does not end the session."""
    with typist.keyboard():
        os.close(typist.master)
        typist.master = os.open(os.devnull, os.O_RDONLY)


@contextmanager
def nothing_is_read(stream):
    """Promise that no key is heard meanwhile."""
    heard = SimpleQueue()
    with Keyboard(heard.put, LANGUAGE.routines, Screen(WAITING), stream):
        yield
    assert heard.empty()


def test_what_is_no_terminal_is_left_alone():
    """What is piped into the coach is not taken for keys."""
    reading, writing = os.pipe()
    os.write(writing, b"q")
    os.close(writing)
    with open(reading, encoding="utf-8") as stream:  # noqa: PTH123
        with nothing_is_read(stream):
            pass
        assert stream.read() == "q"


def test_in_the_background_no_keys_are_read(typist, monkeypatch):
    """In the background no keys are read: that would stop the whole program."""
    monkeypatch.setattr(os, "tcgetpgrp", lambda _terminal: os.getpgrp() + 1)
    before = typist.mode
    typist.type(b"q\n")
    with nothing_is_read(typist.stream):
        assert typist.mode == before


def test_without_any_input_the_coach_still_runs(monkeypatch):
    """Where the coach was started without any input, there are just no keys."""
    monkeypatch.setattr(sys, "stdin", None)
    with nothing_is_read(None):
        pass
