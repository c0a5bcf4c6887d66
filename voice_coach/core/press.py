"""The partner's press: counted, short, and let go of at every interruption.

From the first round on the partner may be pressing. So whatever interrupts the rounds begins with
the words that release, and these words are said whole: nothing hushes them, and what interrupts
them says them again. A hush may last for a second, then they are said into it. After a release no
press is cued before a new breath in. Eight presses are all there are in a session, however often a
step is done again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.core import speech_queue
from voice_coach.core.state import evolve

if TYPE_CHECKING:
    from voice_coach.core.script import ScriptStep
    from voice_coach.core.state import SessionState
    from voice_coach.core.timed import Cue
    from voice_coach.core.turn import Setup, Turn

MOST = 8
"""Presses in a session: a product choice, about a minute and a half of slow breaths."""
LONGEST_HUSH = 1.0
"""Seconds of a hush after which the partner is told to let go: silence would leave them pressing."""


def release(turn: Turn) -> tuple[str, ...]:
    """Give the words that go first; none where the partner was told, or never began to press."""
    return () if turn.progress.released else (turn.setup.lines.press.release,)


def begin(turn: Turn) -> None:
    """Note that the partner may press from now on."""
    turn.progress = evolve(turn.progress, released=False)


def count(turn: Turn, cue: Cue) -> None:
    """Count a press when its cue is handed over."""
    if cue.press:
        turn.progress = evolve(turn.progress, presses=turn.progress.presses + 1)


def left(turn: Turn) -> int:
    """Tell how many presses are left in this session."""
    return MOST - turn.progress.presses


def used_up(turn: Turn, step: ScriptStep) -> bool:
    """Whether this step has a press, and no press is left."""
    return step.breathing is not None and step.breathing.press and left(turn) <= 0


def said(turn: Turn, say_id: int) -> None:
    """Note that a sentence has been said whole; if it released the partner, that is done."""
    texts = (each.text for each in turn.speech.said if each.say_id == say_id)
    if not turn.progress.clock_runs and any(text in _words(turn.setup) for text in texts):
        turn.progress = evolve(turn.progress, released=True)


def is_releasing(state: SessionState | Turn, setup: Setup) -> bool:
    """Whether the words that release are being said, or wait to be."""
    if state.progress.released:
        return False
    return any(each.text in _words(setup) for each in state.speech.said)


def deadline(setup: Setup, state: SessionState | Turn) -> float | None:
    """Give the audio time at which a hush has lasted too long; None if none may."""
    hushed_at = state.speech.hushed_at
    if hushed_at is None or state.progress.released or is_releasing(state, setup):
        return None
    return hushed_at + LONGEST_HUSH


def pass_time(turn: Turn, now: float) -> None:
    """Say the words that release into a hush that lasts."""
    due = deadline(turn.setup, turn)
    if due is not None and now >= due:
        speech_queue.say_into_hush(turn, turn.setup.lines.press.release, now)


def _words(setup: Setup) -> tuple[str, str]:
    """Give the two sentences that release: the second also ends the routine."""
    return setup.lines.press.release, setup.language.safety.partner[0]
