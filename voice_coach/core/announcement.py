"""That somebody is coming: asked for from elsewhere, and said where it disturbs nothing.

It is said into silence, or between two sentences of an explanation. It waits while a question is
open, while a partner may press, while a breath is to be heard, and while the coach gives way. Where
a clock runs it is said only if it is over well before the next cue. After pain it follows the
safety note. What is broken off is said again. What was said is not said again for a minute, however
often it is asked for, and what has waited for minutes is not said at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.core import ending, press, press_questions, speech_queue
from voice_coach.core.actions import Prepare
from voice_coach.core.pace import speaking_seconds
from voice_coach.core.state import GAP, Announcement, Then, evolve
from voice_coach.core.timed import GRACE
from voice_coach.core.transitions import State

if TYPE_CHECKING:
    from voice_coach.core.turn import Turn

AGAIN = 60.0
"""Seconds after it was said in which it is not said again: a product choice."""
FRESH = 180.0
"""Seconds after which it is not said any more: by then whoever was coming is there. A press and the
safety note are shorter."""
MARGIN = 1.0
"""Seconds from its estimated end to the next cue: twice the residual of the estimate for a voice
that is rendered here (``pace``), so that the cue need not wait for it."""
EXPLAINING = frozenset({State.BRIEFING, State.TELLING})
"""Where it may be said between two sentences. A break is none of these: there the person may have
asked for the safety note."""
OPEN = EXPLAINING | {State.WAITING, State.HOLDING, State.BREATHING, State.PAUSED}
"""Where it may be said into silence: elsewhere something is asked or tested, or is the last."""


def ask(turn: Turn, now: float) -> None:
    """Note that it is to be said, and have it rendered."""
    turn.announcement = evolve(turn.announcement, asked_at=now)
    turn.actions.append(Prepare((turn.setup.lines.coming,), turn.speech.rate))


def is_news(turn: Turn, now: float) -> bool:
    """Whether it neither waits to be said nor was said lately."""
    said_at = turn.announcement.said_at
    return not _waits(turn, now) and (said_at is None or now >= said_at + AGAIN)


def between(turn: Turn, now: float) -> str:
    """Give what is to be said before the next sentence of the passage; empty if nothing is."""
    due = _may_be_said(turn, now) and turn.state in EXPLAINING and turn.speech.passage.sentences
    return turn.setup.lines.coming if due else ""


def fit_in(turn: Turn, now: float) -> None:
    """Say it into silence, if that disturbs nothing."""
    if not _may_be_said(turn, now) or turn.state not in OPEN or turn.speech.busy:
        return
    running, text = turn.progress.running, turn.setup.lines.coming
    at = max(now, turn.speech.quiet_since + GAP)
    if running is None:
        speech_queue.announce(turn, text, at)
    elif not (running.beat(now) and press.listens_for_breath(turn.setup, turn)):
        ends = at + speaking_seconds(text, turn.speech.rate) + MARGIN
        if ends <= running.next_cue():
            speech_queue.announce(turn, text, at, latest=at + GRACE)


def said(turn: Turn, say_id: int, now: float) -> None:
    """Note that it has been said, if it was this utterance."""
    if any(each.announces and each.say_id == say_id for each in turn.speech.said):
        turn.announcement = Announcement(said_at=now)


def end(turn: Turn, now: float) -> None:
    """End the session after its last words, but say it first if it waits."""
    if _waits(turn, now):
        text = turn.setup.lines.coming
        turn.ending = evolve(turn.ending, due=ending.backstop(turn, (text,), now))
        speech_queue.announce(turn, text, now, then=Then.END)
    else:
        ending.end(turn)


def _waits(turn: Turn, now: float) -> bool:
    asked_at = turn.announcement.asked_at
    return asked_at is not None and now < asked_at + FRESH


def _may_be_said(turn: Turn, now: float) -> bool:
    """Whether nobody presses, learns how to, answers or is given way to."""
    here = press.step(turn.setup, turn)
    teaches_pressing = turn.state is State.TELLING and here is not None and here.source.is_press
    return (
        _waits(turn, now)
        and not teaches_pressing
        and turn.progress.released
        and turn.speech.gives_way_until is None
        and not press_questions.asked(turn.setup, turn)
    )
