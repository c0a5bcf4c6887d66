"""From one step of a routine to the next.

The table in transitions.py decides which moves exist. This module carries each out: what falls
silent, what is said, and what follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.core import ending, press, speech_queue
from voice_coach.core.actions import Prepare
from voice_coach.core.commands import Command
from voice_coach.core.state import Passage, Progress, Then, evolve
from voice_coach.core.timed import GRACE, Holding
from voice_coach.core.transitions import Signal, State
from voice_coach.core.view import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voice_coach.core.lines import HoldLines
    from voice_coach.core.pace import Pace
    from voice_coach.core.timed import Timed
    from voice_coach.core.transitions import Trigger
    from voice_coach.core.turn import Turn

CHANGE = {Command.NEXT: 1, Command.BACK: -1, Command.REPEAT: 0, Command.START_OVER: 0}
"""How far each command moves."""


def load(turn: Turn, routine: str) -> None:
    """Take the routine that is to be led, by its identifier; empty: there is none any more."""
    progress = turn.progress
    turn.progress = Progress(
        routine,
        timed=progress.timed,
        clock_runs=progress.clock_runs,
        presses=progress.presses,
        press_over=progress.press_over,
        press_seconds=progress.press_seconds,
        breaths=progress.breaths,
        released=progress.released,
        felt=progress.felt,
    )


def prepare(turn: Turn) -> None:
    """Have all that will surely be said rendered ahead, at the present pace."""
    if turn.progress.routine:
        rest = turn.setup.sentences(turn.progress.routine)
        turn.actions.append(Prepare((*turn.intro.preamble, *rest), turn.controls.pace.rate))


def change_pace(turn: Turn, pace: Pace) -> None:
    """Speak and breathe at this pace from now on."""
    turn.controls = evolve(turn.controls, pace=pace)
    turn.speech = evolve(turn.speech, rate=pace.rate)
    prepare(turn)


def way_out(turn: Turn) -> tuple[str, ...]:
    """Give what lifts a head that hangs, before anything else is said that interrupts."""
    if turn.progress.running is None:
        return ()
    step = turn.script[turn.progress.step]
    return turn.setup.language.teaching.moving.lift if step.source.head_low else ()


def change_step(turn: Turn, command: Command, now: float) -> None:
    """Go to the next step or the one before, or begin this one again.

    "Start over" begins this step again; said once more in the same step, the routine. Where a plan
    comes to its next routine, "next" goes on to the cautions, and no further.
    """
    paused = turn.state is State.PAUSED
    if command is Command.NEXT and holds_caution(turn, turn.speech.coming):
        # What else is to be said is left out, but for how the step ends: say "next".
        ends = turn.script[turn.progress.step].say[-1]
        speech_queue.keep_only(turn, {*turn.setup.cautions, ends})
        return
    if command is Command.NEXT and turn.progress.timed is not None:
        turn.progress = evolve(turn.progress, skipped=turn.progress.skipped + 1)
    lead_in = (turn.setup.lines.answers.going_on,) if paused else way_out(turn)
    over = command is Command.START_OVER
    number = 0 if over and turn.progress.started_over else turn.progress.step + CHANGE[command]
    tell(turn, max(0, number), command, now, lead_in)
    turn.progress = evolve(turn.progress, started_over=over)


def holds_caution(turn: Turn, sentences: Iterable[str]) -> bool:
    """Say whether a caution of any routine is among these."""
    return not turn.setup.cautions.isdisjoint(sentences)


def tell(
    turn: Turn, number: int, trigger: Trigger, now: float, lead_in: Iterable[str] = ()
) -> None:
    """Say what is to be done in a step, counted from 0; beyond the last, complete the routine."""
    lead_in = (*press.release(turn), *lead_in)
    press.end_rounds(turn, now)
    ending.interrupt(turn, now)
    number, more = press.admit(turn, number, back=trigger is Command.BACK)
    lead_in = (*lead_in, *more, *_help_lesson(turn, number))
    if number >= len(turn.script):
        _complete(turn, lead_in, now)
        return
    turn.move(trigger)
    turn.progress = evolve(turn.progress, step=number, started_over=False)
    step = turn.script[number]
    gap = step.source.time_to_move
    speech_queue.speak(turn, (*lead_in, *step.say), now, gap=gap, then=Then.DO_STEP)


def _help_lesson(turn: Turn, number: int) -> tuple[str, ...]:
    """Give what teaches "help", once: in the first session, and after its first step.

    Before it, it would put off the first movement.
    """
    config = turn.setup.config
    late = 0 < number < len(turn.script)
    if (
        not late
        or turn.intro.help_taught
        or config.known_routines
        or config.deaf
        or config.rendered
    ):
        return ()
    turn.intro = evolve(turn.intro, help_taught=True)
    return (turn.setup.lines.teach_help,)


def do_step(turn: Turn, now: float) -> None:
    """Hold, breathe or wait, as soon as the step is told."""
    step = turn.script[turn.progress.step]
    timed: Timed
    if step.source.hold is not None:
        turn.move(Signal.TOLD_TO_HOLD)
        timed = Holding.of(step.source.hold, hold_lines(turn), step.source.time_to_move)
    elif step.breathing is not None:
        turn.move(Signal.TOLD_TO_BREATHE)
        timed = press.rounds(turn, step.breathing, step.called)
    else:
        turn.move(Signal.TOLD_TO_WAIT)
        return
    turn.progress = evolve(turn.progress, timed=timed)
    run_clock(turn, now)


def hold_lines(turn: Turn) -> HoldLines:
    """Give what is said in a hold of this step, which may have a release of its own."""
    lines, release = turn.setup.lines.hold, turn.script[turn.progress.step].release
    return lines.model_copy(update={"release": release}) if release else lines


def run_clock(turn: Turn, now: float) -> None:
    """Start the timed part, or go on with it; a step without a press left is over."""
    step = turn.script[turn.progress.step]
    if press.used_up(turn, step):
        tell(turn, turn.progress.step + 1, Signal.STEP_OVER, now)
        return
    timed = _timed(turn).begin(now, turn.controls.pace.stretch)
    if step.source.is_press:
        timed = timed.at_most(press.left(turn))
        press.begin(turn)
    turn.progress = evolve(turn.progress, timed=timed, clock_runs=True)


def stand_still(turn: Turn, now: float) -> Passage:
    """Fall silent and stop the clock; give what must be taken up later."""
    broken = turn.speech.cue
    rest = speech_queue.set_aside(turn, now)
    running = turn.progress.running
    if running is None:
        return rest
    timed = running.interrupt(now, broken)
    turn.progress = evolve(turn.progress, timed=timed, clock_runs=False)
    return Passage(rest.sentences, then=Then.RUN_CLOCK)


def say_due_cues(turn: Turn, now: float) -> bool:
    """Say what is due by the running clock; True if its time is over, and the next step told."""
    timed, cues = _timed(turn).due(now, turn.controls.pace.stretch)
    if timed is not turn.progress.timed:
        turn.progress = evolve(turn.progress, timed=timed)
    for cue in cues:
        if cue.always or now <= cue.at + GRACE:
            speech_queue.say(turn, cue.text, cue.at, cue)
            press.count(turn, cue)
    over = timed.over(now)
    if over:
        if not any(clip.cue and clip.cue.always for clip in turn.speech.said):
            turn.progress = evolve(turn.progress, released=True)
        tell(turn, turn.progress.step + 1, Signal.STEP_OVER, now, timed.parting)
    return over


def _complete(turn: Turn, lead_in: Iterable[str], now: float) -> None:
    turn.move(Signal.ROUTINE_OVER)
    turn.progress = evolve(turn.progress, outcome=Outcome.COMPLETED)
    routine = turn.routine
    last = (*lead_in, *(routine.closing if routine else ()))
    if turn.setup.config.rendered:
        turn.move(Signal.UNANSWERED)
        ending.take_leave(turn, Signal.UNANSWERED, last, now)
    else:
        speech_queue.speak(turn, (*last, *turn.setup.lines.prompts.rating.say), now)


def _timed(turn: Turn) -> Timed:
    if turn.progress.timed is None:
        raise RuntimeError("this step has no timed part")
    return turn.progress.timed
