"""What interrupts the routine for a while and loses nothing of it: hush, pause, pain confirmation.

A hush gives way without a word and without leaving the state. A pause and the question "Did that
hurt?" leave it, and lead back by the commands of ``transitions.RETURNS``. The question can
interrupt a pause.

The question fails safe: somebody who is hurt may be unable to answer, so no answer in time is a
yes. Under a partner's hands that takes three seconds. Elsewhere it is asked twice, with four
seconds each. Before the first step nothing can have hurt yet, so there no answer is a no. A sound
of the person may be the beginning of an answer and gets more time, but not without end. The words
that raised the question may be reported more than once; they are no answer to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.core import ending, flow, press, speech_queue
from voice_coach.core.commands import Command
from voice_coach.core.pace import DEFAULT_RATE
from voice_coach.core.safety import confirmation_question
from voice_coach.core.state import Left, PainQuestion, Passage, Then, evolve
from voice_coach.core.transitions import BEFORE, RETURNS, Signal, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voice_coach.core.state import SessionState
    from voice_coach.core.turn import Turn

ANSWER = 3.0
"""Seconds of silence after the question that count as pain under a partner's hands, four from its
beginning: people answer within one, and any sound of theirs starts this again."""
PATIENT_ANSWER = 4.0
"""The same where no hands press. The question is asked twice, so this makes eight seconds in
all."""
LONGEST = 8.0
"""Seconds after the question at which its time ends, even if somebody is still heard."""
SILENCE = 0.15
"""Seconds of silence before the question: a voice that passes from one sentence straight to another
does not sound as if it had been stopped."""
SAME_WORDS = 0.5
"""Seconds in which words that are possibly pain are still the ones that raised the question."""


def left(state: SessionState | Turn) -> State | None:
    """Give the state that the present one interrupts, if it interrupts one."""
    return state.interruptions.left[-1].state if state.state in RETURNS else None


def holds_caution(turn: Turn) -> bool:
    """Say whether a caution is still to come where this interrupts."""
    return left(turn) is not None and flow.holds_caution(
        turn, turn.interruptions.left[-1].rest.sentences
    )


def question(state: SessionState | Turn) -> PainQuestion | None:
    """Give the question that is open, if one is."""
    asked = state.state is State.PAIN_CONFIRMATION
    return state.interruptions.question if asked else None


def hush(turn: Turn, now: float) -> None:
    """Give way; what runs by the clock stands still meanwhile."""
    if running := turn.progress.running:
        first = press.release(turn) if running.is_pressed(now) else ()
        passage = flow.stand_still(turn, now)
        passage = evolve(passage, sentences=(*first, *passage.sentences))
        turn.speech = evolve(turn.speech, passage=passage)
    speech_queue.hush(turn, now)


def pause(turn: Turn, command: Command, sentences: Iterable[str], now: float) -> None:
    """Make a break; a partner is told to let go first."""
    way_out = flow.way_out(turn)
    _leave(turn, command, now)
    speech_queue.speak(turn, (*press.release(turn), *way_out, *sentences), now)


def keep_silent(turn: Turn, now: float) -> None:
    """Say nothing more in a break, but what lets a partner let go."""
    speech_queue.cut(turn, now)
    speech_queue.forget(turn)
    turn.speech = evolve(turn.speech, quiet_since=now)
    if words := press.release(turn):
        speech_queue.speak(turn, words, now)


def pause_in_noise(turn: Turn, now: float) -> None:
    """Let a partner let go while a word of the person could be missed; without a partner, go on."""
    if turn.routine and turn.routine.partner and turn.state in BEFORE[State.PAUSED]:
        hands_off, *_ = turn.setup.language.safety.partner
        pause(turn, Command.PAUSE, (hands_off, turn.setup.lines.answers.paused), now)


def go_back(turn: Turn, command: Command, now: float) -> None:
    """Go on where the routine was left, after one sentence."""
    lines = turn.setup.lines
    confirmed = question(turn)
    lead_in = lines.pain_confirmation.reassurance if confirmed else lines.answers.going_on
    turn.move(command, left(turn))
    *rest, last = turn.interruptions.left
    turn.interruptions = evolve(turn.interruptions, left=tuple(rest))
    speech_queue.cut(turn, now)
    turn.speech = evolve(turn.speech, rate=turn.controls.pace.rate)
    passage = last.rest
    if turn.state is State.WAITING:
        passage = Passage(lines.prompts.waiting.say[:1])
    first = (*press.release(turn), lead_in)
    sentences = (*first, *(text for text in passage.sentences if text not in first))
    speech_queue.speak(turn, sentences, now, gap=passage.gap, then=passage.then)


def _leave(turn: Turn, trigger: Command | Signal, now: float) -> None:
    # An interruption need not have led back: what it left is forgotten then.
    kept = turn.interruptions.left if turn.state in RETURNS else ()
    before = turn.state
    turn.move(trigger)
    place = Left(before, flow.stand_still(turn, now))
    turn.interruptions = evolve(turn.interruptions, left=(*kept, place))


# The pain confirmation


def confirm(turn: Turn, now: float) -> None:
    """Ask whether it hurt."""
    _leave(turn, Signal.POSSIBLE, now)
    turn.speech = evolve(turn.speech, rate=DEFAULT_RATE)
    sentences = confirmation_question(turn.setup.language, turn.routine)
    _ask(turn, sentences, now, since=now)


def _ask(
    turn: Turn, sentences: tuple[str, ...], now: float, *, since: float, again: bool = False
) -> None:
    begins = now + SILENCE
    asking = PainQuestion(since, ending.backstop(turn, sentences, begins), again=again)
    turn.interruptions = evolve(turn.interruptions, question=asking)
    speech_queue.speak(turn, sentences, begins, then=Then.AWAIT_CONFIRMATION)


def unanswered(turn: Turn, asked: PainQuestion, now: float) -> None:
    """Take silence for a yes, ask once more, or go on before the first step."""
    if asked.asked is None or _is_under_hands(turn):
        ending.pain(turn, now)
    elif not asked.again:
        again = (turn.setup.lines.pain_confirmation.again,)
        _ask(turn, again, now, since=asked.since, again=True)
    elif turn.progress.step < 0:
        go_back(turn, Command.CONTINUE, now)
    else:
        ending.pain(turn, now)


def _is_under_hands(turn: Turn) -> bool:
    routine = turn.routine
    return bool(routine and routine.partner and turn.progress.step >= 0)


def _patience(turn: Turn) -> float:
    return ANSWER if _is_under_hands(turn) else PATIENT_ANSWER


def await_confirmation(turn: Turn) -> None:
    """Wait for the answer from the end of the question on."""
    asked = turn.interruptions.question
    if asked:
        since = turn.speech.quiet_since
        waiting = evolve(asked, asked=since, over_at=since + _patience(turn))
        turn.interruptions = evolve(turn.interruptions, question=waiting)


def give_time(turn: Turn, now: float) -> None:
    """Give a sound of the person the time to become an answer."""
    open_question = question(turn)
    if open_question and open_question.asked is not None:
        longest = min(now + _patience(turn), open_question.asked + LONGEST)
        waiting = evolve(open_question, over_at=max(open_question.over_at, longest))
        turn.interruptions = evolve(turn.interruptions, question=waiting)


def is_raised_by(open_question: PainQuestion, now: float) -> bool:
    """Whether words heard now may be those that raised the question."""
    return now < open_question.since + SAME_WORDS
