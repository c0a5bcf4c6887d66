"""What the coach advises against, and what it offers instead.

When twists come too often, it says why and offers the gentle bends; only a clear "yes, go on" leads
to the twist all the same. For some time after pain it offers rest, lying with bent knees, and
nothing else; for a day after "worse" only what is gentle. What is strong waits for the screening.
Before a plan that somebody else has assigned, it asks whether it may be told how that goes.
guard.py and adapt.py decide how often is too often, and how long these times are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.core import ending, intro, questions, speech_queue, stop_test
from voice_coach.core.actions import Prepare
from voice_coach.core.adapt import GENTLE, ChangeReason, without_gentle
from voice_coach.core.commands import Command
from voice_coach.core.guard import TwistReason
from voice_coach.core.state import evolve
from voice_coach.core.transitions import Signal, State

if TYPE_CHECKING:
    from voice_coach.core.turn import Turn

QUESTIONS = frozenset({State.TOO_OFTEN, State.AFTER_PAIN, State.CONSENT})
"""The states in which an answer is awaited here."""


def begin(turn: Turn, before: tuple[str, ...], now: float) -> None:
    """Say the first words of the session, and whatever the past gives reason to say."""
    allowed, lines = turn.usage.allowed, turn.setup.lines.usage_guard
    if allowed.hurt_often:
        before += lines.see_doctor
    if allowed.hurt_lately:
        before += (lines.felt_bad, *turn.setup.language.safety.doctor)
    reasons = turn.setup.language.teaching.adapt.reasons
    if allowed.worse_often:
        before += (reasons[ChangeReason.WORSE_OFTEN],)
    if allowed.gentle_only:
        before += (reasons[ChangeReason.WORSE],)
    if turn.progress.routine:
        intro.begin(turn, before, now)
    elif turn.usage.wanted:
        choose(turn, turn.usage.wanted, now, before)
    elif allowed.hurt_lately:
        _ask(turn, Signal.HURT_LATELY, (*before, *lines.after_pain), now)
    else:
        # Whoever is sent to a doctor is not asked to do the same once more.
        sent = allowed.worse_often or allowed.hurt_often
        suggested = "" if sent else _assigned(turn) or _last(turn)
        turn.intro = evolve(turn.intro, suggested=suggested)
        intro.begin(turn, before, now)


def choose(turn: Turn, choice: str, now: float, before: tuple[str, ...] = ()) -> None:
    """Go on to this routine or plan, unless something speaks against it."""
    allowed, setup = turn.usage.allowed, turn.setup
    routine = setup.plain(choice)
    if routine is None:
        _choose_plan(turn, choice, now, before)
    elif stop_test.is_refused(turn, routine) and not allowed.hurt_lately:
        stop_test.refuse(turn, now)
    elif allowed.hurt_lately and not allowed.allows(routine):
        _advise_against(turn, choice, before, now)
    elif allowed.gentle_only and not routine.is_gentle:
        reasons = setup.language.teaching.adapt.reasons
        intro.back_to_choice(turn, now, Signal.REFUSED, (*before, reasons[ChangeReason.WORSE]))
    elif questions.is_needed(turn, routine):
        questions.begin(turn, Signal.UNSCREENED, choice, now, before)
    elif questions.is_left_out(turn, routine):
        refused = setup.language.teaching.screening.refused
        intro.back_to_choice(turn, now, Signal.REFUSED, (*before, *refused))
    elif allowed.allows(routine):
        intro.choose(turn, choice, now, before=before)
    else:
        speech_queue.cut(turn, now)
        _advise_against(turn, choice, before, now)


def choose_wanted(turn: Turn, now: float) -> None:
    """Take up what waited for the screening; where nothing did, say what there is."""
    wanted = turn.screening.wanted
    turn.screening = evolve(turn.screening, wanted="")
    if wanted:
        choose(turn, wanted, now)
    else:
        intro.restart(turn, now)


def answer_suggestion(turn: Turn, command: Command, now: float) -> None:
    """Do what was suggested, or say what else there is."""
    suggested = turn.intro.suggested
    turn.intro = evolve(turn.intro, suggested="")
    if command is Command.YES:
        choose(turn, suggested, now)
    else:
        intro.restart(turn, now)


def _choose_plan(turn: Turn, choice: str, now: float, before: tuple[str, ...]) -> None:
    """Lead as much of a plan as is allowed now."""
    allowed, setup = turn.usage.allowed, turn.setup
    asks = setup.config.screening is not None and not turn.screening.asked
    if asks and not allowed.hurt_lately and not allowed.gentle_only:
        questions.begin(turn, Signal.UNSCREENED, choice, now, before)
        return
    still = allowed.gentle_only or allowed.twisting is not None or turn.stop_test.refused
    if still or questions.only_gentle(setup, turn.screening):
        choice += GENTLE
    if setup.routine(choice) is None:
        refused = setup.lines.usage_guard.not_today
        intro.back_to_choice(turn, now, Signal.REFUSED, (*before, refused))
    elif _needs_consent(turn, without_gentle(choice)):
        speech_queue.cut(turn, now)
        question = (*before, *setup.language.teaching.plans.consent)
        _ask(turn, Signal.CONSENT_OPEN, question, now)
    else:
        intro.choose(turn, choice, now, before=before)


def _needs_consent(turn: Turn, choice: str) -> bool:
    """Whether the person is to say if it may be told how this goes."""
    config = turn.setup.config
    assigned = config.assigned is not None and choice == config.assigned.choice
    return assigned and config.asks_consent and turn.intro.consent is None


def answer_consent(turn: Turn, answer: Command | Signal, now: float) -> None:
    """Keep the answer, for which silence is a no, and go on to the plan."""
    lines, assigned = turn.setup.language.teaching.plans, turn.setup.config.assigned
    if assigned is None:
        raise RuntimeError("there is no plan to tell of")
    consents = answer is Command.YES
    turn.move(answer)
    turn.intro = evolve(turn.intro, consent=consents)
    reply = lines.consented if consents else lines.declined
    choose(turn, assigned.choice, now, (reply,))


def _assigned(turn: Turn) -> str:
    """Give what somebody else has chosen for the person, if anything of it is allowed now."""
    assigned = turn.setup.config.assigned
    return assigned.choice if assigned and turn.setup.routine(assigned.choice) else ""


def _last(turn: Turn) -> str:
    """Give what was done last, if it is still there."""
    setup, last = turn.setup, without_gentle(turn.setup.config.last)
    known = {meaning.choice for meaning in setup.language.phrases().values()}
    return last if last in known and setup.routine(last) is not None else ""


def answer(turn: Turn, command: Command, now: float) -> None:
    """Take the answer to what was asked."""
    usage = turn.usage
    match command:
        case Command.YES | Command.NO if turn.state is State.CONSENT:
            answer_consent(turn, command, now)
        case Command.YES:
            routines = turn.setup.language.routines
            after_pain = turn.state is State.AFTER_PAIN
            offered = usage.allowed.after_pain if after_pain else usage.allowed.gentle
            gentle = next(r.id for r in routines if r.id in offered)
            intro.choose(turn, gentle, now, command)
        case Command.INSIST if usage.wanted:
            intro.choose(turn, usage.wanted, now, command)
        case Command.NO if turn.state is State.AFTER_PAIN:
            ending.stop(turn, now, command)
        case Command.NO:
            turn.move(command)
            intro.restart(turn, now)
        case Command.REPEAT:
            speech_queue.cut(turn, now)
            speech_queue.speak(turn, usage.question, now)


def _advise_against(turn: Turn, routine: str, before: tuple[str, ...], now: float) -> None:
    lines, notes = turn.setup.lines.usage_guard, turn.setup.language.safety
    allowed = turn.usage.allowed
    if allowed.hurt_lately:
        question = (*before, lines.not_today, *lines.after_pain)
        _ask(turn, Signal.HURT_LATELY, question, now)
        return
    turn.usage = evolve(turn.usage, wanted=routine)
    reasons = {
        TwistReason.LATELY: (*lines.lately, *notes.twisting),
        TwistReason.OFTEN: (*lines.often, *notes.twisting),
        TwistReason.UNKNOWN: lines.unknown,
    }
    why = reasons[allowed.twisting] if allowed.twisting else ()
    _ask(turn, Signal.TOO_OFTEN, (*before, *why, *lines.too_often), now)


def _ask(turn: Turn, signal: Signal, question: tuple[str, ...], now: float) -> None:
    turn.move(signal)
    turn.usage = evolve(turn.usage, question=question)
    turn.actions.append(Prepare(question, turn.controls.pace.rate))
    speech_queue.speak(turn, question, now)
