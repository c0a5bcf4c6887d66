"""A real process on a real terminal: what tmux shows of a session is what was approved.

The golden screens and lines are made anew, to be looked at and committed, by running this file.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import Self

HERE = Path(__file__).parent
GOLDEN = HERE / "golden" / "tmux"
SESSION = (sys.executable, str(HERE / "shown_session.py"))
MOMENTS = ("choosing", "telling", "breathing-in", "breathing-out", "paused", "hurt")
SIZES = ((80, 24), (200, 60))
PATIENCE = 30.0
"""Seconds a screen may take to become what it should be; a busy computer starts slowly."""
QUIET_FOR = 1.5
"""Seconds without a change after which a screen that is made anew counts as done."""
ENVIRONMENT = {"LC_ALL": "C.UTF-8", "TERM": "screen", "COLORTERM": "truecolor"}


class Tmux:
    """A terminal of its own, with a session in it."""

    def __init__(self, folder: Path, *moments: str, **environment: str) -> None:
        if shutil.which("tmux") is None:
            pytest.fail("tmux is missing: apt install tmux, or let ./scripts/test install it.")
        self._command = ("tmux", "-u", "-f", os.devnull, "-S", str(folder / "tmux"))
        made_of = {**ENVIRONMENT, **environment}
        settings = " ".join(f"{name}={value}" for name, value in made_of.items())
        # Nothing that is typed is to be seen, and what the display leaves behind is.
        program = (
            f"stty -echo; env -i {settings} {' '.join(SESSION)} {' '.join(moments)}; sleep 100"
        )
        self.run("new-session", "-d", "-x", "80", "-y", "24", program)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.run("kill-server")

    def run(self, *words: str) -> str:
        """Let tmux do something; give what it prints."""
        return subprocess.run(
            (*self._command, *words), check=True, capture_output=True, encoding="utf-8", timeout=20
        ).stdout

    def resize(self, width: int, height: int) -> None:
        self.run("resize-window", "-x", str(width), "-y", str(height))

    def go_on(self) -> None:
        self.run("send-keys", "Enter")

    def screen(self, *options: str) -> str:
        return self.run("capture-pane", "-p", *options)

    def screens(self) -> Iterator[str]:
        """Give the screen again and again, for as long as one may wait for it."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            yield self.screen()
            time.sleep(0.05)

    def comes_to_show(self, approved: str) -> None:
        """Wait for this screen; fail with what differs if it does not come."""
        shown = ""
        for shown in self.screens():
            if shown == approved:
                return
        pytest.fail("\n".join(unified_diff(approved.splitlines(), shown.splitlines())))

    def shows(self, words: str) -> str:
        """Wait for these words; give the screen with all its colours."""
        if not any(words in screen for screen in self.screens()):
            pytest.fail(f"{words!r} is not on the screen:\n{self.screen()}")
        return self.screen("-e")

    def settled(self, before: str) -> str:
        """Wait for a screen that is another than before and changes no more."""
        shown, since = "", time.monotonic()
        for screen in self.screens():
            if screen != shown:
                shown, since = screen, time.monotonic()
            if shown.strip() and shown != before and time.monotonic() > since + QUIET_FOR:
                return shown
        raise TimeoutError(shown)


def golden_file(moment: str, width: int, height: int) -> Path:
    """Say where an approved screen is kept."""
    return GOLDEN / f"{moment}-{width}x{height}.txt"


def lines() -> str:
    """Run the session where there is no terminal; give what it writes."""
    return subprocess.run(
        (*SESSION, *MOMENTS), input="\n" * len(MOMENTS), env=ENVIRONMENT,
        check=True, capture_output=True, encoding="utf-8", timeout=60,
    ).stdout  # fmt: skip


def test_a_session_looks_as_it_was_approved_at_every_size_of_its_window(tmp_path):
    """On 80 by 24 and, when the window is drawn larger, at once on 200 by 60, and back."""
    with Tmux(tmp_path, *MOMENTS) as terminal:
        for moment in MOMENTS:
            for size in (*SIZES, SIZES[0]):
                terminal.resize(*size)
                terminal.comes_to_show(golden_file(moment, *size).read_text("utf-8"))
            terminal.go_on()
        terminal.comes_to_show((GOLDEN / "left-80x24.txt").read_text("utf-8"))


def test_without_a_terminal_it_is_the_lines_that_were_approved():
    """A log, or a screen reader, gets each event as one line."""
    assert lines() == (GOLDEN / "lines.txt").read_text("utf-8")


COLOURED = re.compile(r"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9\d|10\d)\b")
RED = "48;2;168;0;0"


def test_after_pain_the_window_is_red(tmp_path):
    with Tmux(tmp_path, "telling", "hurt") as terminal:
        terminal.shows("step 2 of 13")
        terminal.go_on()
        assert RED in terminal.shows("Do not go on today.")


def test_who_wants_no_colour_gets_none_and_knows_pain_all_the_same(tmp_path):
    """With NO_COLOR no colour is sent, and the screen after pain is reversed."""
    with Tmux(tmp_path, "telling", "hurt", NO_COLOR="1") as terminal:
        telling = terminal.shows("step 2 of 13")
        terminal.go_on()
        hurt = terminal.shows("Do not go on today.")
    for screen in (telling, hurt):
        assert not COLOURED.search(screen)
    assert "\x1b[7m" in hurt
    assert "\x1b[7m" not in telling


def test_a_terminal_that_can_place_no_words_gets_lines(tmp_path):
    with Tmux(tmp_path, "telling", TERM="dumb") as terminal:
        shown = terminal.shows("step 2 of 13")
    assert re.search(r"^\d\d:\d\d  telling    Assisted press · step 1 of 13", shown, re.MULTILINE)
    assert "\x1b" not in shown.replace("\x1b[39m", "")


def renew(folder: Path) -> None:
    """Make all golden files anew."""
    GOLDEN.mkdir(exist_ok=True)
    (GOLDEN / "lines.txt").write_text(lines(), "utf-8")
    with Tmux(folder, *MOMENTS) as terminal:
        screen = ""
        for moment in MOMENTS:
            for size in (*SIZES, SIZES[0]):
                terminal.resize(*size)
                screen = terminal.settled(screen)
                golden_file(moment, *size).write_text(screen, "utf-8")
            terminal.go_on()
        (GOLDEN / "left-80x24.txt").write_text(terminal.settled(screen), "utf-8")


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as made:
        renew(Path(made))
