"""The partner's press: counted, short, and let go of at every interruption.

From the first round on the partner may be pressing. So every interruption of the rounds begins with
the words that make the partner let go. These words are always said whole: nothing hushes them, and
whatever interrupts them says them again. When a hush has lasted for a second, they are said all the
same. After a release no press is cued before a new breath in. Eight presses are all there are in a
session, however often a step is done again.

Where the session leads the press by the breath (`breath_led`), it listens to two free breaths
first. If it does not hear them, it asks once for louder ones. If it still hears none, there is no
press.
"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from voice_coach.core import speech_queue
from voice_coach.core.breath_led import BreathLedRounds
from voice_coach.core.breathing import Phase
from voice_coach.core.events import BreathStarted
from voice_coach.core.rounds import BreathingRounds
from voice_coach.core.state import HeardBreath, evolve
from voice_coach.core.transitions import State

if TYPE_CHECKING:
    from voice_coach.core.events import BreathEnded
    from voice_coach.core.routine import Breathing
    from voice_coach.core.script import ScriptStep
    from voice_coach.core.state import SessionState
    from voice_coach.core.timed import Cue, Timed
    from voice_coach.core.turn import Setup, Turn

MOST = 8
"""Presses in a session: a product choice, about a minute and a half of slow breaths."""
LONGEST_HUSH = 1.0
"""Seconds of a hush after which the partner is told to let go: in silence they would press on."""


FREE_BREATHS = 2
"""Breaths out that must be heard before a press."""
SHORTEST_BREATH, LONGEST_BREATH = 1.0, 12.0
"""Seconds of a free breath out that counts as one; a cough is shorter."""
HEARD_SECONDS = range(2, round(LONGEST_BREATH) + 1)
"""What is told of their length; a shorter one counts as two."""
CLEARLY = 0.5
"""Confidence from which a free breath was heard clearly. 97 % of made-up breaths are surer, and
87 % of those of a real person."""
_ABOUT_PRESS = ("clock", "place")
"""What is asked before and between presses."""
_LISTENING = frozenset(
    {
        *(State.TELLING, State.WAITING, State.HOLDING, State.BREATHING),
        *(State.PAUSED, State.PAIN_CONFIRMATION),
    }
)


def release(turn: Turn) -> tuple[str, ...]:
    """Give the words that make the partner let go; none if they are not pressing."""
    return () if turn.progress.released else (turn.setup.lines.press.release,)


def gentler(setup: Setup) -> str:
    """Give what asks the partner for less pressure."""
    return setup.lines.to_partner.format(sentence=setup.lines.answers.gentler)


def begin(turn: Turn) -> None:
    """Note that the partner may press from now on."""
    turn.progress = evolve(turn.progress, released=False)


def count(turn: Turn, cue: Cue) -> None:
    """Count a press when its cue is handed over."""
    if cue.press:
        turn.progress = evolve(turn.progress, presses=turn.progress.presses + 1)


def left(turn: Turn) -> int:
    """Tell how many presses are left in this session."""
    return 0 if turn.progress.press_over else MOST - turn.progress.presses


def listens_for_breath(setup: Setup, state: SessionState | Turn) -> bool:
    """Whether breaths are to be reported: in the steps of a press that is led by them."""
    routine = setup.routine(state.progress.routine)
    led = setup.config.press_by_breath and routine is not None and routine.needs_hearing
    return led and state.state in _LISTENING


def admit(turn: Turn, number: int, *, back: bool = False) -> tuple[int, tuple[str, ...]]:
    """Give the step to tell instead of this one, and what goes before it.

    A press is only told where one is left, and where the person's breath is known or they chose
    the clock. Questions that ask nothing are left out, towards the start if `back`.
    """
    lines, script = turn.setup.lines.press, turn.script
    said: tuple[str, ...] = ()
    while 0 <= number < len(script):
        each = script[number]
        if not (each.source.is_press or each.source.ask in _ABOUT_PRESS):
            break
        if each.source.is_press and left(turn) <= 0:
            over = lines.enough if turn.progress.presses else lines.none
            number, back, said = number + 1, False, said or (over,)
        elif _is_idle(turn, each):
            number += -1 if back else 1
        elif not _waits_in_vain(turn) or each.source.ask == "place":
            return number, (*said, *_before_press(turn, each, number))
        elif not turn.progress.asked_louder and number and _is_free(script[number - 1]):
            turn.progress = evolve(turn.progress, asked_louder=True)
            return number - 1, (lines.louder,)
        elif each.source.ask:
            return number, (lines.unheard,)
        else:
            now = step(turn.setup, turn)
            asked = now is not None and now.source.ask == "clock"
            number, back, said = number + 1, False, (lines.none if asked else lines.unheard,)
            finish(turn)
    return number, said


def _is_idle(turn: Turn, step: ScriptStep) -> bool:
    """Whether this step asks what is settled."""
    if step.source.ask == "clock":
        return left(turn) <= 0 or not _waits_in_vain(turn)
    return step.source.ask == "place" and (left(turn) <= 0 or not turn.progress.presses)


def _waits_in_vain(turn: Turn) -> bool:
    """Whether no press can be led: it would wait for a breath that is not heard."""
    progress = turn.progress
    led = turn.setup.config.press_by_breath and not progress.by_clock
    return led and len(progress.breaths) < FREE_BREATHS


def _before_press(turn: Turn, step: ScriptStep, number: int) -> tuple[str, ...]:
    """Give what is said before a press: that the breath is heard, or that it will not be."""
    lines, progress = turn.setup.lines.press, turn.progress
    if not step.source.is_press or not turn.setup.config.press_by_breath:
        return ()
    if progress.by_clock:
        return (lines.by_clock,)
    if not 0 <= progress.step < number or not _is_free(turn.script[progress.step]):
        return ()
    seconds = max(min(HEARD_SECONDS), round(median(progress.breaths)))
    return (lines.heard.format(n=turn.setup.language.number(seconds)),)


def _is_free(step: ScriptStep) -> bool:
    return step.breathing is not None and not step.breathing.press


def finish(turn: Turn) -> None:
    """Let nobody press any more in this session."""
    turn.progress = evolve(turn.progress, press_over=True)


def after(turn: Turn, number: int) -> int:
    """Give the first step after the press that this step belongs to."""
    script = turn.script
    related = [n for n, each in enumerate(script) if each.source.is_press]
    return max([number, *related]) + 1


def step(setup: Setup, state: SessionState | Turn) -> ScriptStep | None:
    """Give the step that is or was told; None before the first."""
    number, script = state.progress.step, setup.script(state.progress.routine)
    return script[number] if 0 <= number < len(script) else None


def end_rounds(turn: Turn, now: float) -> None:
    """Note how long the rounds of a press lasted, before they are forgotten, and if that is all."""
    timed = turn.progress.timed
    if not isinstance(timed, BreathLedRounds):
        return
    ended = timed.interrupt(now) if turn.progress.clock_runs else timed
    turn.progress = evolve(turn.progress, press_seconds=ended.spent)
    if ended.gives_up:
        finish(turn)


def rounds(turn: Turn, breathing: Breathing, called: tuple[tuple[str, str], ...]) -> Timed:
    """Give the rounds of a breathing: those of a press wait for the breath where it is heard.

    `called` are the cues of each round, in and out, where they take turns.
    """
    progress = turn.progress
    if breathing.press and turn.setup.config.press_by_breath and not progress.by_clock:
        own, lines = median(progress.breaths), turn.setup.lines.press
        spent = progress.press_seconds
        return BreathLedRounds(breathing, own, lines, breathing.rounds, spent=spent)
    return BreathingRounds(breathing, called)


def breathe(turn: Turn, event: BreathStarted | BreathEnded, now: float) -> None:
    """Take note that a breath began or ended."""
    running, progress = turn.progress.running, turn.progress
    at, began = now - event.ago, isinstance(event, BreathStarted)
    latest = HeardBreath(at) if began else progress.breath and evolve(progress.breath, ended=at)
    turn.progress = progress = evolve(progress, breath=latest)
    if isinstance(running, BreathLedRounds):
        turn.progress = evolve(progress, timed=running.hear(now, at, began=began))
    elif began and running is not None:
        beat = running.beat(at)
        if beat and beat.phase is Phase.OUT:
            turn.progress = evolve(progress, breath_began=at)
    if not began and progress.breath_began is not None:
        lasted = at - progress.breath_began
        breaths = (*progress.breaths, lasted)
        if SHORTEST_BREATH <= lasted <= LONGEST_BREATH and event.confidence >= CLEARLY:
            turn.progress = evolve(turn.progress, breaths=breaths)
        turn.progress = evolve(turn.progress, breath_began=None)


def used_up(turn: Turn, step: ScriptStep) -> bool:
    """Whether this step has a press, and no press is left."""
    return step.source.is_press and left(turn) <= 0


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
