"""Commands that are answered in passing: pace, loudness, "how long?", less pressure.

They do not move the session. The answer is given at once or, where a clock runs, as soon as no cue
is in its way.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from voice_coach.core import flow, press, speech_queue
from voice_coach.core.actions import SetVolume
from voice_coach.core.commands import Command
from voice_coach.core.earcons import GAP as EARCON_GAP
from voice_coach.core.earcons import HEARD, NOT_UNDERSTOOD
from voice_coach.core.pace import Pace, speaking_seconds
from voice_coach.core.remaining import how_long, steps_left
from voice_coach.core.state import GAP, evolve
from voice_coach.core.timed import Holding
from voice_coach.core.transitions import State, accepted

if TYPE_CHECKING:
    from voice_coach.core.turn import Turn

PACES = {
    Command.SLOWER: Pace.slower,
    Command.FASTER: Pace.faster,
    Command.LONGER_BREATHS: Pace.longer_breaths,
    Command.SHORTER_BREATHS: Pace.shorter_breaths,
}
"""What each command makes of the pace."""
VOLUME_STEP = 4.0
"""Decibels that "louder" and "softer" move by."""
VOLUMES = {Command.LOUDER: VOLUME_STEP, Command.SOFTER: -VOLUME_STEP}
SIDE_COMMANDS = frozenset(
    {*PACES, *VOLUMES, Command.GENTLER, Command.HOW_LONG, Command.WHERE, Command.WHAT_NEXT}
)
"""The commands that are answered here."""
HOLD_FACTOR = 1.2
"""By which "longer hold" and "shorter hold" change a hold; the next session does the same."""
LOUDEST, SOFTEST = 12.0, -16.0
"""Decibels."""
WELL_UNDER = 6.0
"""Decibels by which the coach's echo should be fainter than the person."""
HINT = 2
"""The time that something was not understood at which a sentence helps."""
MOST_STEPS = 2
"""Steps by which the coach becomes softer for that; with more it would be hard to hear itself."""


def obey(turn: Turn, command: Command, now: float) -> None:
    """Do what one of ``SIDE_COMMANDS`` asks for, and say so."""
    answers = turn.setup.lines.answers
    if command in PACES:
        flow.change_pace(turn, PACES[command](turn.controls.pace))
        answer(turn, getattr(answers, command.value), now)
    elif command is Command.GENTLER or (command is Command.SOFTER and _is_pressed(turn)):
        _ask_gentler(turn, now)
    elif command in VOLUMES:
        _set_volume(turn, turn.controls.volume + VOLUMES[command])
        answer(turn, getattr(answers, command.value), now)
    elif command is Command.WHERE:
        answer(turn, _where(turn), now)
    elif command is Command.WHAT_NEXT:
        answer(turn, _what_next(turn), now)
    else:
        answer(turn, None, now)


def change_hold(turn: Turn, command: Command, now: float) -> None:
    """Hold this position longer, or less long, and remember it for the next session."""
    step, running = turn.script[turn.progress.step], turn.progress.running
    longer = command is Command.LONGER_HOLD
    if not isinstance(running, Holding) or (step.source.head_low and longer):
        return
    lines = turn.setup.language.teaching.adapt
    factor = HOLD_FACTOR if longer else 1 / HOLD_FACTOR
    timed = running.resized(factor, now, flow.hold_lines(turn))
    count = turn.progress.longer + (1 if longer else -1)
    turn.progress = evolve(turn.progress, timed=timed, longer=count)
    answer(turn, lines.longer if longer else lines.shorter, now)


def adapt_volume(turn: Turn, over_echo: float) -> None:
    """Speak softer, without a word, where the echo comes near to the person's loudness."""
    steps = min(MOST_STEPS, ceil((WELL_UNDER - over_echo) / VOLUME_STEP))
    if steps > 0:
        _set_volume(turn, turn.controls.volume - steps * VOLUME_STEP)


def answer(turn: Turn, text: str | None, now: float) -> None:
    """Say something in between; None is what is left then."""
    if not turn.progress.running:
        speech_queue.put_in(turn, (text or _how_long(turn, now),), now)
    elif text not in turn.speech.answers:
        turn.speech = evolve(turn.speech, answers=(*turn.speech.answers, text))
        fit_in(turn, now)


def acknowledge(turn: Turn, now: float) -> None:
    """Sound the earcon that went with no sentence, if no cue would have to wait for it."""
    if not turn.speech.acknowledges:
        return
    turn.speech = evolve(turn.speech, acknowledges=False)
    running = turn.progress.running
    ends = now + speaking_seconds(HEARD) + EARCON_GAP
    if not turn.speech.said and (running is None or ends <= running.next_cue()):
        speech_queue.say(turn, HEARD, now)


def not_understood(turn: Turn, now: float) -> None:
    """Let an earcon tell it; the second time say what helps: "help", or the question again."""
    times = turn.controls.unclear + 1
    turn.controls = evolve(turn.controls, unclear=times)
    if turn.state is State.STOP_TEST:
        return  # whether the stop works is being tried out
    if times == HINT and Command.HELP in accepted(turn.state):
        answer(turn, turn.setup.lines.not_understood, now)
    elif times == HINT:
        prompts = turn.setup.lines.prompts
        asked = prompts.rating if turn.state is State.RATING else prompts.restart
        speech_queue.put_in(turn, asked.say, now)
    elif turn.setup.config.earcons and not turn.progress.running:
        speech_queue.put_in(turn, (NOT_UNDERSTOOD,), now)


def fit_in(turn: Turn, now: float) -> None:
    """Give the next answer that waits, if the running clock leaves room for it."""
    running, speech = turn.progress.running, turn.speech
    if not running or not speech.answers or speech.said:
        return
    text = speech.answers[0] or _how_long(turn, now)
    earcon = speaking_seconds(HEARD) + EARCON_GAP if speech.acknowledges else 0.0
    ends = now + earcon + speaking_seconds(text, turn.controls.pace.rate) + GAP
    if ends <= running.next_cue():
        turn.speech = evolve(speech, answers=speech.answers[1:])
        speech_queue.say(turn, text, now)


def _ask_gentler(turn: Turn, now: float) -> None:
    # The partner is told at once, even in the middle of a cue.
    text = press.gentler(turn.setup)
    running = turn.progress.running
    if running and not turn.progress.released:
        # A cue may be lost, so the round begins again: no push without the breath in before it.
        first = press.release(turn) if running.is_pressed(now) else ()
        rest = flow.stand_still(turn, now)
        speech_queue.speak(turn, (*first, text, *rest.sentences), now, then=rest.then)
    elif running:
        speech_queue.cut(turn, now)
        speech_queue.say(turn, text, now)
    else:
        answer(turn, text, now)


def _is_pressed(turn: Turn) -> bool:
    """Whether a partner presses in this step: "softer" means the press there, not the voice."""
    return turn.progress.step >= 0 and turn.script[turn.progress.step].source.is_press


def _where(turn: Turn) -> str:
    lines, number = turn.setup.lines.answers, turn.progress.step
    if number < 0:
        return lines.where.format(title=turn.routine.title if turn.routine else "")
    here = lines.where.format(title=turn.script[number].title)
    return f"{here} {steps_left(turn.setup.language, len(turn.script) - number - 1)}"


def _what_next(turn: Turn) -> str:
    lines, number = turn.setup.lines.answers, turn.progress.step + 1
    if number >= len(turn.script):
        return lines.last_step
    return lines.next_step.format(title=turn.script[number].title)


def _how_long(turn: Turn, now: float) -> str:
    steps = turn.script[max(0, turn.progress.step) :]
    return how_long(turn.setup.language, steps, turn.progress.running, now)


def _set_volume(turn: Turn, decibels: float) -> None:
    volume = max(SOFTEST, min(LOUDEST, decibels))
    turn.controls = evolve(turn.controls, volume=volume)
    turn.actions.append(SetVolume(volume))
