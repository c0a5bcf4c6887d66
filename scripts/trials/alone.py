"""Lets the coach speak alone in the room: it must not react to its own voice."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from trials.coach import START, SessionOver, begin
from trials.listener_log import ListenerLog
from trials.moments import sentences
from voice_coach.core.transitions import State

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from trials.coach import Coach
    from trials.slow_computer import SlowComputer
    from trials.virtual_sound_card import VirtualSoundCard
    from voice_coach.core.language import Language

SILENT_FOR = 3.0
"""Seconds of silence after which the coach is led on, so that it speaks most of the time."""
SHORTEST = 20.0
"""Seconds a session is given at least."""


@dataclass(frozen=True)
class Solo:
    """One session in which nobody else spoke."""

    routine: str
    folder: Path
    log: ListenerLog
    fault: str = ""
    """What a part of the coach failed with; empty if none did."""

    def __str__(self) -> str:
        """Tell it in one line."""
        return (
            f"{self.routine}, {self.log.spoken:.0f} s of speech: {self.log.ends} ends, "
            f"{self.log.questions} questions, {self.log.count('hush')} hushes"
            f"{'; ' * bool(self.fault)}{self.fault}"
        )


def solos(
    card: VirtualSoundCard,
    language: Language,
    computer: SlowComputer | None = None,
    *,
    seconds: float,
    folder: Path,
) -> Iterator[Solo]:
    """Let the coach lead sessions until it has spoken so long, with nobody there to answer."""
    lengths = sentences(language)
    spoken = 0.0
    for number in count():
        if spoken >= seconds:
            return
        routine = language.routines[number % len(language.routines)].id
        place = folder / f"alone-{number + 1}"
        with begin(card, routine, place, computer=computer) as coach:
            fault = _lead(coach, lengths, max(SHORTEST, seconds - spoken))
        solo = Solo(routine, place, ListenerLog.load(place), fault)
        spoken += solo.log.spoken
        yield solo


def _lead(coach: Coach, lengths: Mapping[str, float], seconds: float) -> str:
    """Press the key whenever nothing is said, for so long; tell of a fault, which ends it."""
    line = coach.wait_for(lambda _: True, time.monotonic() + START)
    if line is None:
        raise TimeoutError(coach.shown)
    until = line.at + seconds
    with suppress(SessionOver):
        while (now := time.monotonic()) < until:
            if line and coach.is_in(State.FAULTED, line):
                return line.text
            quiet_at = now + lengths.get(line.text, 0.0) if line else now
            line = coach.wait_for(lambda _: True, min(until, quiet_at + SILENT_FOR))
            if line is None:
                coach.go_on()
    return ""
