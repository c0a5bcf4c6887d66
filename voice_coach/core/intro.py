"""The part before the first step: the choice of a routine, the sound check, the briefing.

Returning users hear only the safety part of the briefing; the rest is said on request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.core import choosing, ending, flow, speech_queue
from voice_coach.core.adapt import without_gentle
from voice_coach.core.commands import Command
from voice_coach.core.rendering import introduction
from voice_coach.core.script import briefing, sound_check, way_up
from voice_coach.core.state import Then, evolve
from voice_coach.core.transitions import Signal, State
from voice_coach.core.view import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voice_coach.core.routine import Routine
    from voice_coach.core.state import SessionState
    from voice_coach.core.transitions import Trigger
    from voice_coach.core.turn import Turn

STATES = frozenset({State.CHOOSING, State.SOUND_CHECK, State.BRIEFING})


def is_abridged(state: SessionState | Turn) -> bool:
    """Whether the briefing was shortened, and no step but the first has been told since."""
    return state.intro.abridged and state.progress.step <= 0


def begin(turn: Turn, before: Iterable[str], now: float) -> None:
    """Say the first words of the session."""
    routine = turn.routine
    if turn.setup.config.rendered and routine:
        opening = introduction(routine, turn.setup.language)
        speech_queue.speak(turn, opening, now, then=Then.BRIEF)
        return
    _write_preamble(turn)
    flow.prepare(turn)
    speech_queue.speak(turn, (*before, *turn.intro.preamble), now)


def restart(turn: Turn, now: float, before: Iterable[str] = ()) -> None:
    """Say again what there is to choose from, or what the sound check is about."""
    ending.interrupt(turn, now)
    _write_preamble(turn)
    speech_queue.speak(turn, (*before, *turn.intro.preamble), now)


# The choice


def tell_about(turn: Turn, routine: str, now: float) -> None:
    """Describe this routine before it is chosen, and ask again."""
    turn.move(Command.ABOUT)
    turn.intro = evolve(turn.intro, told_about=routine)
    restart(turn, now)


def offer_others(turn: Turn, now: float) -> None:
    """Say what else there is to choose from."""
    turn.move(Command.WHAT_ELSE)
    offered = choosing.next_offered(turn.setup.language, turn.intro.offered)
    turn.intro = evolve(turn.intro, told_about="", offered=offered)
    restart(turn, now)


def choose(
    turn: Turn,
    routine: str,
    now: float,
    trigger: Command = Command.CHOOSE,
    before: Iterable[str] = (),
) -> None:
    """Go on to the sound check of this routine."""
    turn.move(trigger)
    turn.intro = evolve(turn.intro, suggested="")
    flow.load(turn, routine)
    _write_preamble(turn)
    flow.prepare(turn)
    restart(turn, now, before)


def back_to_choice(
    turn: Turn, now: float, trigger: Trigger = Command.YES, before: Iterable[str] = ()
) -> None:
    """Go back to the choice when a routine is completed, or refused."""
    up = _way_up(turn)
    turn.move(trigger)
    flow.load(turn, "")
    turn.intro = evolve(turn.intro, offered=0, told_about="", suggested="", up=up)
    restart(turn, now, before)


# The briefing


def brief(turn: Turn, trigger: Trigger, now: float) -> None:
    """Say the cautions and, to new users, the rest; then tell the first step."""
    routine = _routine(turn)
    turn.move(trigger)
    lines = turn.setup.lines
    cautions, place = briefing(routine, lines)
    abridged = turn.is_known
    # Who is ready before the words for pain were told hears them first.
    untold = tuple(text for text in turn.speech.coming if text == lines.teach_pain)
    turn.intro = evolve(turn.intro, checked=True, abridged=abridged)
    said = routine.caution if abridged else (*cautions, *place)
    if turn.screening.new is not None:
        # The questions about the body began with it.
        said = tuple(text for text in said if text != lines.disclaimer)
    ending.interrupt(turn, now)
    speech_queue.speak(turn, (*untold, *said), now, then=Then.START_STEPS)


def brief_in_full(turn: Turn, now: float) -> None:
    """Say what was left out of the briefing, after the cautions that are still to come."""
    turn.move(Command.MORE_DETAIL)
    routine = _routine(turn)
    cautions, place = briefing(routine, turn.setup.lines)
    coming = speech_queue.set_aside(turn, now).sentences
    turn.intro = evolve(turn.intro, abridged=False)
    ending.interrupt(turn, now)
    turn.progress = evolve(turn.progress, step=-1)
    kept = {turn.setup.lines.teach_pain, *routine.caution}
    still = (sentence for sentence in coming if sentence in kept)
    left_out = cautions[len(routine.caution) :]
    speech_queue.speak(turn, (*still, *left_out, *place), now, then=Then.START_STEPS)


def change_part(turn: Turn, command: Command, now: float) -> None:
    """Begin this part again; "next" goes on to the first step."""
    if turn.state is not State.BRIEFING:
        restart(turn, now)
        return
    if command is not Command.NEXT:
        brief(turn, command, now)
        return
    cautions, _ = briefing(_routine(turn), turn.setup.lines)
    cautions = (turn.setup.lines.teach_pain, *cautions)
    if any(sentence in cautions for sentence in turn.speech.coming):
        # "Next" may skip the rest of the briefing, never a caution.
        speech_queue.keep_only(turn, cautions)
    else:
        flow.tell(turn, 0, command, now)


def start_steps(turn: Turn, now: float) -> None:
    """Tell the first step, as soon as the briefing is over."""
    known = turn.intro.known | {without_gentle(_routine(turn).id)}
    turn.intro = evolve(turn.intro, known=known)
    flow.tell(turn, 0, Signal.BRIEFED, now)


def _write_preamble(turn: Turn) -> None:
    setup, routine = turn.setup, turn.routine
    if routine:
        title, *rest = sound_check(
            routine,
            setup.language,
            setup.lesson,
            checked=turn.intro.checked,
            known=turn.is_known,
            up=turn.intro.up,
            tested=setup.tests_the_stop(routine) and turn.stop_test.voices < routine.people,
        )
        sentences = (title, *setup.reasons(routine.id), *rest)
    elif turn.intro.suggested:
        sentences = choosing.suggestion(setup, turn.intro.suggested)
    elif turn.intro.told_about:
        sentences = choosing.about(setup.language, turn.intro.told_about)
    else:
        sentences = choosing.offers(setup.language, turn.intro.offered)
    turn.intro = evolve(turn.intro, preamble=sentences)


def _way_up(turn: Turn) -> tuple[str, ...]:
    """Tell how to get up from where a routine ended, or where its sound check was made."""
    routine, language = turn.routine, turn.setup.language
    if routine is None:
        return turn.intro.up
    if turn.progress.outcome is Outcome.COMPLETED:
        return way_up(routine, language)
    return language.teaching.moving.up if routine.position == "floor" else ()


def _routine(turn: Turn) -> Routine:
    if turn.routine is None:
        raise RuntimeError("there is no routine to brief for")
    return turn.routine
