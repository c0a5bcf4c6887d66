"""Breaks something under sessions of the real process: scripts/fault_trial; see --help.

Each session runs on a virtual sound card of its own. At a random moment of it the sound server is
killed, frozen or put to sleep, the microphone is taken away, muted, turned down or lives without
hearing, the room becomes loud, the hearing or the loop of the program hangs, the terminal is closed
or takes nothing, or the echo comes later. Then it must say so, end with the exit code that belongs
to it, and leave a history that is whole; nobody helps it.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from trials import fault_injection, gentle_faults
from trials.coach import START, SessionOver, begin
from trials.virtual_sound_card import EQUAL, VirtualSoundCard
from voice_coach.catalogue import read_language
from voice_coach.cli.shell import ExitCode
from voice_coach.core.pace import speaking_seconds
from voice_coach.core.transitions import State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trials.coach import Coach
    from trials.microphone import Spoilt
    from voice_coach.core.language import Language

KINDS = {
    "kill": "sound server killed",
    "freeze": "sound server frozen",
    "suspend_speaker": "loudspeaker suspended",
    "suspend_microphone": "microphone suspended",
    "remove_microphone": "microphone removed",
    "mute_microphone": "microphone muted",
    "drop_gain": "microphone's gain drops to 5 %",
    "constant": "microphone gives one value",
    "last_bit": "microphone toggles its last bit",
    "repeat": "microphone repeats 20 ms for ever",
    "hum": "hum of 50 Hz near full scale",
    "roar": "noise at full scale in the room",
    "listener": "recogniser hangs",
    "runner": "program's loop hangs",
    "close_window": "terminal closed, with its shell",
    "freeze_window": "terminal takes nothing, microphone muted",
    "let_echo_jump": "echo 100 ms later, then a cry",
}
SPOILT: tuple[Spoilt, ...] = ("constant", "last_bit", "repeat", "hum")
"""What the microphone itself does; for these it has a clock of its own."""
ENDS: dict[str, tuple[tuple[str | None, ...], int | None]] = {
    "close_window": (("stopped", None), None),
    "let_echo_jump": (("pain",), ExitCode.PAIN),
}
"""How such a session may end, in the history and for the shell; all others end as a fault. A window
that is closed in the questions before the routine ends none."""
CRY_ANNOUNCED = 8.0
"""Seconds after a cry within which the routine is over: the coach may ask twice before."""
ROUTINES = ("assisted-press", "gentle-bends", "rocking")
MOMENTS = (12.0, 25.0)
"""Seconds after its first line at which something breaks, at least and at most; a microphone that
was muted is only told from one that pauses after ten."""
TURNS, TURN = 8, 1.0
"""Steps that are gone through before that, at most, and the seconds each is given."""
ANNOUNCED = 2.5
"""Seconds after which the fault must be on the screen: two, and what a line takes to come."""
ENDED = 5.0
"""Seconds after which the program must have ended; from its last words on where it has any."""
PATIENCE = 60.0
TRIES = 5
"""Sessions that are begun for one that lasts until it is broken."""


@dataclass(frozen=True)
class Break:
    """What breaks when."""

    kind: str
    routine: str
    turns: int
    moment: float
    """Seconds after the session's first line."""


@dataclass(frozen=True)
class FaultOutcome:
    """What came of it. Times are in seconds from the break."""

    broken: Break
    announced: float
    ended: float
    spoken: float
    """When its last words were over; 0 where the fault left it none."""
    code: int | None
    integrity: str
    shown: str

    @property
    def safe(self) -> bool:
        """Whether all came as it must."""
        return (
            self.announced <= (CRY_ANNOUNCED if self.broken.kind == "let_echo_jump" else ANNOUNCED)
            and self.ended <= ENDED + self.spoken
            and self.code == _end(self.broken.kind)[1]
            and self.integrity == "ok"
            and "Traceback" not in self.shown
        )

    def __str__(self) -> str:
        """Tell it in one line."""
        return (
            f"{'' if self.safe else 'NOT SAFE: '}{KINDS[self.broken.kind]} at "
            f"{self.broken.moment:.1f} s of {self.broken.routine}: announced after "
            f"{self.announced:.2f} s, ended after {self.ended:.2f} s (last words until "
            f"{self.spoken:.1f} s), exit code {self.code}, history {self.integrity}"
        )


def draw(number: int, seed: int, kinds: Sequence[str] = tuple(KINDS)) -> Iterator[Break]:
    """Draw so many breaks, each kind as often as the others."""
    random = Random(seed)  # noqa: S311 - a trial keeps no secret
    for n in range(number):
        yield Break(
            kinds[n % len(kinds)],
            random.choice(ROUTINES),
            random.randint(0, TURNS),
            random.uniform(*MOMENTS),
        )


def outcome(language: Language, broken: Break, folder: Path) -> FaultOutcome:
    """Lead a session until it breaks, and see what comes of it.

    One that ends before, as on a computer that is too busy for it, is led again.
    """
    for n in range(TRIES):
        with suppress(SessionOver, OSError):  # a key may come too late for it
            return _outcome(language, broken, folder / str(n))
    raise TimeoutError(f"no session lasted until it was broken, see {folder}")


def _outcome(language: Language, broken: Break, folder: Path) -> FaultOutcome:
    with VirtualSoundCard(0.0 if broken.kind in SPOILT else None) as card:
        card.hiss()
        if broken.kind in ("close_window", "freeze_window"):
            follow = getattr(gentle_faults, broken.kind)
            ending = follow(card, language, broken, folder)
            return _told(broken, ending, folder)
        if broken.kind == "let_echo_jump":
            card.echo(EQUAL)
        with begin(card, broken.routine, folder, fault_injection) as coach:
            if coach.wait_for(lambda _: True, time.monotonic() + START) is None:
                raise TimeoutError(coach.shown)
            _lead(coach, broken)
            if broken.kind == "let_echo_jump":
                return _told(broken, gentle_faults.let_echo_jump(card, coach), folder)
            happened = time.monotonic()
            _break(card, coach, broken.kind)
            announced, words = _follow(coach, language, happened)
            code = coach.ended(PATIENCE)
            ended = time.monotonic() - happened
            ending = gentle_faults.FaultEnding(announced, ended, words, code, coach.shown)
            return _told(broken, ending, folder)


def _told(broken: Break, ending: gentle_faults.FaultEnding, folder: Path) -> FaultOutcome:
    return FaultOutcome(
        broken,
        ending.announced,
        ending.ended,
        ending.spoken,
        ending.code,
        _integrity(folder, broken.kind),
        ending.shown,
    )


def _lead(coach: Coach, broken: Break) -> None:
    """Lead it up to the moment; raises ``SessionOver`` if it fails before that by itself."""
    over = time.monotonic() + broken.moment
    for turn in range(broken.turns + 1):
        if turn:
            coach.go_on()
        until = time.monotonic() + TURN if turn < broken.turns else over
        if coach.wait_for(partial(coach.is_in, State.FAULTED), until):
            raise SessionOver(coach.shown)


def _break(card: VirtualSoundCard, coach: Coach, kind: str) -> None:
    if kind == "listener":
        os.kill(coach.pid, fault_injection.LISTENER_HANGS)
    elif kind == "runner":
        os.kill(coach.pid, fault_injection.RUNNER_HANGS)
    elif kind in SPOILT:
        card.spoil(kind)
    else:
        getattr(card, kind)()


def _end(kind: str) -> tuple[tuple[str | None, ...], int | None]:
    return ENDS.get(kind, (("fault",), ExitCode.FAULT))


def _follow(coach: Coach, language: Language, happened: float) -> tuple[float, float]:
    """Give when the first line of a fault came, and when the last words were over; 0 for none."""
    announced, spoken = float("inf"), 0.0
    note = {*language.safety.partner, *language.coach.faults.hearing}
    with suppress(SessionOver):
        for line in coach.lines(happened + PATIENCE):
            if "start" in line.text and "again" in line.text:
                announced = min(announced, line.at - happened)
            if line.text in note:
                spoken = line.at - happened + speaking_seconds(line.text)
    return announced, spoken


def _integrity(folder: Path, kind: str) -> str:
    """Tell whether the history is whole; it must be there, with the end that belongs to it."""
    file = folder / "voice-coach" / "history.db"
    if not file.exists():
        return "missing"
    with closing(sqlite3.connect(file)) as connection:
        (found,) = connection.execute("PRAGMA integrity_check").fetchone()
        (last,) = connection.execute(
            "SELECT outcome FROM session ORDER BY number DESC"
        ).fetchone() or (None,)
    return str(found) if last in _end(kind)[0] else f"{found}, but ended as {last}"


def table(outcomes: Sequence[FaultOutcome]) -> str:
    """Sum them up in Markdown."""
    lines = [
        "| what broke | sessions | safe | announced within | ended within, or after last words |",
        "|---|--:|--:|--:|--:|",
    ]
    for kind, name in KINDS.items():
        some = [each for each in outcomes if each.broken.kind == kind]
        if some:
            safe = sum(each.safe for each in some)
            announced = max(each.announced for each in some)
            ended = max(each.ended - each.spoken for each in some)
            lines.append(f"| {name} | {len(some)} | {safe} | {announced:.1f} s | {ended:.1f} s |")
    safe = sum(each.safe for each in outcomes)
    return "\n".join((*lines, f"| all | {len(outcomes)} | {safe} | | |"))


def main(words: Sequence[str] | None = None) -> int:
    """Hold the trial; 1 if a session did not end safe."""
    parser = argparse.ArgumentParser(prog="scripts/fault_trial", description=__doc__)
    parser.add_argument("--sessions", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1, help="draws other moments")
    parser.add_argument("--kind", choices=KINDS, help="breaks only this")
    parser.add_argument("--at-once", type=int, default=2, help="sessions that run side by side")
    asked = parser.parse_args(words)
    language = read_language()
    outcomes: list[FaultOutcome] = []
    with (
        tempfile.TemporaryDirectory(prefix="fault-trial-") as folder,
        ThreadPoolExecutor(asked.at_once) as pool,
    ):
        kinds = (asked.kind,) if asked.kind else tuple(KINDS)
        drawn = enumerate(draw(asked.sessions, asked.seed, kinds))
        waiting = [
            pool.submit(outcome, language, broken, Path(folder) / str(n)) for n, broken in drawn
        ]
        for each in waiting:
            try:
                outcomes.append(each.result())
            except TimeoutError as reason:  # the computer is too busy for it
                sys.stderr.write(f"{reason}\n")
                continue
            sys.stderr.write(f"{len(outcomes)} of {asked.sessions}: {outcomes[-1]}\n")
            if not outcomes[-1].safe:
                sys.stderr.write(outcomes[-1].shown)
    print(table(outcomes))  # noqa: T201 - it is what was asked for
    return 0 if len(outcomes) == asked.sessions and all(each.safe for each in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
