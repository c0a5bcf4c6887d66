"""Faults that end no session by themselves: its window is closed or frozen, its echo jumps."""

from __future__ import annotations

import time
from contextlib import closing, suppress
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from trials import fault_injection
from trials.coach import SessionOver
from trials.moments import CRY
from trials.virtual_sound_card import EQUAL
from trials.window import Window
from voice_coach.core.pace import DEFAULT_RATE, speaking_seconds
from voice_coach.core.transitions import State
from voice_coach.speech.clips import clip_store
from voice_coach.speech.narrator import PromptNarrator
from voice_coach.speech.pyttsx3_voice import Pyttsx3Voice

if TYPE_CHECKING:
    from pathlib import Path

    from trials.coach import Coach
    from trials.faults import Break
    from trials.virtual_sound_card import VirtualSoundCard
    from voice_coach.core.language import Language

TURN = 1.0
"""Seconds that are given to each step that is gone through."""
FROZEN_FOR = 2.0
"""Seconds that a window is frozen before the microphone is muted."""
JUMP = 100
"""Milliseconds by which the echo comes later, as over Bluetooth."""
USUAL = 30
"""Milliseconds that it takes before."""
AFTER = 40.0
"""Seconds that the coach speaks on after the jump before somebody cries."""
SILENT_FOR = 3.0
"""Seconds of silence after which it is led on."""
PERSON = "en-us+f2"
"""The voice of the person: one on which no part of the hearing was tuned."""
PATIENCE = 90.0
"""Seconds within which everything must have ended: what is said after pain takes most of a minute.
"""


class FaultEnding(NamedTuple):
    """What followed. Times are in seconds from the fault, or from the cry that followed it."""

    announced: float
    ended: float
    spoken: float
    """When the last words were over."""
    code: int | None
    """Exit code; None if a shell stood between."""
    shown: str


def close_window(
    card: VirtualSoundCard, language: Language, broken: Break, folder: Path
) -> FaultEnding:
    """Close a window with a shell in it: shell and kernel both tell the session, by SIGHUP."""
    with Window(card, folder, broken.routine, fault_injection, under_shell=True) as window:
        _lead(window, broken)
        happened = time.monotonic()
        window.close()
        return _last_words(window, (language.coach.stopped,), happened)


def freeze_window(
    card: VirtualSoundCard, language: Language, broken: Break, folder: Path
) -> FaultEnding:
    """Mute the microphone of a session whose window takes nothing any more."""
    with Window(card, folder, broken.routine, fault_injection, under_shell=False) as window:
        _lead(window, broken)
        window.freeze()
        time.sleep(FROZEN_FOR)
        happened = time.monotonic()
        card.mute_microphone()
        return _last_words(window, language.coach.faults.hearing, happened)


def let_echo_jump(card: VirtualSoundCard, coach: Coach) -> FaultEnding:
    """Let the echo come later at once, and cry when the coach has spoken with that for a while.

    Nobody speaks before: what ends the session then ends it in error, and is never announced. But
    ``SessionOver`` is raised for a fault, as on a computer that is too busy for it.
    """
    card.echo(EQUAL, USUAL + JUMP)
    jumped = time.monotonic()
    while (now := time.monotonic()) < jumped + AFTER:
        line = coach.wait_for(lambda _: True, min(now + SILENT_FOR, jumped + AFTER))
        if line is None:
            coach.go_on()
        elif coach.is_in(State.FAULTED, line):
            raise SessionOver(coach.shown)
        elif coach.is_in(State.HURT, line) or coach.is_in(State.PAIN_CONFIRMATION, line):
            return FaultEnding(inf, inf, 0.0, None, coach.shown)
    with closing(PromptNarrator(Pyttsx3Voice(PERSON), clip_store())) as person:
        card.say(person.clip(CRY, DEFAULT_RATE).samples)
    cried = time.monotonic()
    announced, spoken = inf, 0.0
    with suppress(SessionOver):
        for line in coach.lines(cried + PATIENCE):
            if coach.is_in(State.HURT, line):
                announced = min(announced, line.at - cried)
                spoken = line.at - cried + speaking_seconds(line.text)
    code = coach.ended(PATIENCE)
    return FaultEnding(announced, time.monotonic() - cried, spoken, code, coach.shown)


def _lead(window: Window, broken: Break) -> None:
    """Lead it up to the moment; raises ``SessionOver`` if it fails before that by itself."""
    until = time.monotonic() + broken.moment
    for _ in range(broken.turns):
        time.sleep(TURN)
        window.go_on()
    time.sleep(max(0.0, until - time.monotonic()))
    if faults := [str(entry) for entry in window.log() if entry.get("event") == "Fault"]:
        raise SessionOver(faults[0])


def _last_words(window: Window, words: tuple[str, ...], happened: float) -> FaultEnding:
    """Follow the last words in the log: announced with the first, over with the last."""
    announced = time.monotonic() if window.says(words[0], PATIENCE) else inf
    spoken = time.monotonic() if window.has_said(words[-1], PATIENCE) else -inf
    ended = time.monotonic() if window.ended(PATIENCE) else inf
    said = "\n".join(str(entry) for entry in window.log())
    return FaultEnding(
        announced - happened, ended - happened, spoken - happened, window.code, said[-2000:]
    )
