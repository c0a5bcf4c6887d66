"""Questions that wait for an answer: reprompts, the rating, and whether to do another routine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.core import (
    ending,
    intro,
    press_questions,
    questions,
    speech_queue,
    usage_guard,
)
from voice_coach.core.commands import Command
from voice_coach.core.state import evolve
from voice_coach.core.transitions import Signal, State
from voice_coach.core.view import Feeling

if TYPE_CHECKING:
    from voice_coach.core.lines import Prompt
    from voice_coach.core.state import SessionState
    from voice_coach.core.turn import Setup, Turn

PROMPTS = {
    State.CHOOSING: "choosing",
    State.TOO_OFTEN: "too_often",
    State.AFTER_PAIN: "after_pain",
    State.SCREENING: "screening",
    State.CONSENT: "consent",
    State.SOUND_CHECK: "sound_check",
    State.WAITING: "waiting",
    State.PAUSED: "paused",
    State.RATING: "rating",
    State.RESTART_PROMPT: "restart",
}
"""The prompt of each state that waits for a person, as a field of ``PromptLines``."""
FEELINGS = {
    Command.BETTER: Feeling.BETTER,
    Command.SAME: Feeling.SAME,
    Command.WORSE: Feeling.WORSE,
}
"""What each answer to the rating means."""


def deadline(setup: Setup, state: SessionState) -> float | None:
    """Give the audio time at which to ask again; None while no answer is awaited."""
    prompt = _prompt(setup, state)
    return None if prompt is None else state.speech.quiet_since + prompt.every


def ask_again(turn: Turn, now: float) -> None:
    """Ask again if it is time to, or give up."""
    prompt = _prompt(turn.setup, turn)
    if prompt is None or now < turn.speech.quiet_since + prompt.every:
        return
    unanswered = turn.controls.unanswered + 1
    if unanswered > prompt.times:
        turn.controls = evolve(turn.controls, unanswered=0)
        if turn.state is State.SCREENING:
            questions.give_up(turn, now)
        elif turn.state is State.CONSENT:
            usage_guard.answer_consent(turn, Signal.UNANSWERED, now)
        elif turn.state is State.WAITING and press_questions.asked(turn.setup, turn):
            press_questions.unanswered(turn, now)
        else:
            ending.give_up(turn, now)
        return
    turn.controls = evolve(turn.controls, unanswered=unanswered)
    sentence = prompt.say[(unanswered - 1) % len(prompt.say)]
    asked: tuple[str, ...] = ()
    if turn.state is State.SCREENING:
        asked = (questions.question(turn.setup, turn),)
    elif turn.state is State.CONSENT:
        asked = turn.setup.language.teaching.plans.consent[:1]
    speech_queue.speak(turn, (*asked, sentence), now)


def _prompt(setup: Setup, state: SessionState | Turn) -> Prompt | None:
    if state.speech.hushed or state.speech.busy or state.state not in PROMPTS:
        return None
    asked = press_questions.prompt(setup, state) if state.state is State.WAITING else None
    prompt: Prompt = getattr(setup.lines.prompts, PROMPTS[state.state])
    return asked or prompt


# How it was: asked once when a routine is completed; no answer is accepted, too.


def repeat_rating(turn: Turn, now: float) -> None:
    """Ask again how it was."""
    speech_queue.cut(turn, now)
    speech_queue.speak(turn, turn.setup.lines.prompts.rating.say, now)


def rate(turn: Turn, command: Command, now: float) -> None:
    """Keep one of ``FEELINGS``, or nothing of an "i'm fine", reply, and go on to the last words."""
    felt = FEELINGS.get(command)
    turn.progress = evolve(turn.progress, felt=felt)
    lines = turn.setup.lines.rating
    reply = {Feeling.BETTER: lines.better, Feeling.SAME: lines.same, Feeling.WORSE: lines.worse}
    speech_queue.cut(turn, now)
    ending.take_leave(turn, command, reply[felt or Feeling.SAME], now)


# Whether to do another routine; no answer is a no.


def answer_restart(turn: Turn, command: Command, now: float) -> None:
    """Go back to the choice of a routine, say goodbye, or ask again."""
    match command:
        case Command.YES:
            if turn.routine and turn.routine.twist:
                allowed = turn.usage.allowed.after_a_twist()
                turn.usage = evolve(turn.usage, allowed=allowed)
            turn.progress = evolve(turn.progress, felt=None)
            intro.back_to_choice(turn, now)
        case Command.NO:
            speech_queue.cut(turn, now)
            ending.take_leave(turn, command, (), now)
        case Command.REPEAT:
            speech_queue.cut(turn, now)
            speech_queue.speak(turn, turn.setup.lines.prompts.restart.say, now)
