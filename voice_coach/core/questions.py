"""The screening aloud: eight questions before the first routine that needs them.

They are asked once, or when somebody says "ask me again"; before a press the one who lies down is
asked, and nothing of that is kept. A question without an answer counts as unknown, and then only
what is gentle is led. What the answers leave out is decided in screening.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.core import speech_queue
from voice_coach.core.actions import Prepare
from voice_coach.core.commands import Command
from voice_coach.core.screening import conclude, needs
from voice_coach.core.state import Then, evolve
from voice_coach.core.transitions import Signal

if TYPE_CHECKING:
    from voice_coach.core.routine import Class, Routine
    from voice_coach.core.state import ScreeningState, SessionState
    from voice_coach.core.turn import Setup, Turn


ALL: frozenset[Class] = frozenset({"strong", "twist", "partner", "head low"})
"""Everything but what is gentle."""


def is_needed(turn: Turn, routine: Routine) -> bool:
    """Whether the questions must be asked before this routine."""
    table, screening = turn.setup.config.screening, turn.screening
    if table is None or "screening" not in needs(routine, table):
        return False
    return screening.lying is None if routine.partner else not screening.asked


def is_left_out(turn: Turn, routine: Routine) -> bool:
    """Whether the answers leave this routine out, or are unknown and it needs them."""
    table, screening = turn.setup.config.screening, turn.screening
    if table is None or "screening" not in needs(routine, table):
        return False
    excludes = screening.lying if routine.partner else screening.excludes
    return excludes is None or bool(routine.classes & excludes)


def only_gentle(setup: Setup, screening: ScreeningState) -> bool:
    """Whether a plan may hold only what is gentle."""
    return setup.config.screening is not None and screening.excludes != frozenset()


def begin(
    turn: Turn, trigger: Command | Signal, wanted: str, now: float, before: tuple[str, ...] = ()
) -> None:
    """Ask the first question; `wanted` is chosen again when all are answered."""
    turn.move(trigger)
    turn.intro = evolve(turn.intro, suggested="")
    routine = turn.setup.plain(wanted)
    lying = routine is not None and routine.partner
    turn.screening = evolve(turn.screening, wanted=wanted, for_partner=lying, answers=())
    lines = turn.setup.language.teaching.screening
    said = (*(lines.lying if lying else lines.intro), *lines.questions.values())
    turn.actions.append(Prepare(said, turn.controls.pace.rate))
    _ask(turn, (*before, *(lines.lying if lying else lines.intro)), now)


def question(setup: Setup, state: SessionState | Turn) -> str:
    """Give the question that waits for an answer."""
    table = setup.config.screening
    if table is None:
        raise RuntimeError("there is nothing to ask")
    lines = setup.language.teaching.screening
    return lines.questions[table.questions[len(state.screening.answers)]]


def answer(turn: Turn, command: Command, now: float) -> None:
    """Take a yes or a no, or ask again."""
    table = turn.setup.config.screening
    if table is None:
        raise RuntimeError("there is nothing to answer")
    if command in (Command.YES, Command.NO):
        answers = (*turn.screening.answers, command is Command.YES)
        if len(answers) == len(table.questions):
            _conclude(turn, dict(zip(table.questions, answers, strict=True)), now)
            return
        turn.screening = evolve(turn.screening, answers=answers)
    _ask(turn, (), now)


def give_up(turn: Turn, now: float) -> None:
    """Leave it unknown: only what is gentle is led today."""
    _leave(turn, None, turn.setup.language.teaching.screening.unknown, now)


def _conclude(turn: Turn, answers: dict[str, bool], now: float) -> None:
    table = turn.setup.config.screening
    if table is None:
        raise RuntimeError("there is nothing to conclude")
    excludes = conclude(answers, table, 0.0).excludes
    lines = turn.setup.language.teaching.screening
    if not turn.screening.for_partner:
        turn.screening = evolve(turn.screening, new=excludes)
    _leave(turn, excludes, lines.limited if excludes else lines.free, now)


def _leave(
    turn: Turn, excludes: frozenset[Class] | None, said: tuple[str, ...], now: float
) -> None:
    screening = turn.screening
    if screening.for_partner:
        # Unknown is as good as everything: there is no press without answers.
        screening = evolve(screening, lying=ALL if excludes is None else excludes)
    else:
        screening = evolve(screening, asked=True, excludes=excludes)
    turn.screening = evolve(screening, answers=(), for_partner=False)
    turn.move(Signal.SCREENED)
    speech_queue.cut(turn, now)
    speech_queue.speak(turn, said, now, then=Then.CHOOSE_WANTED)


def _ask(turn: Turn, before: tuple[str, ...], now: float) -> None:
    speech_queue.cut(turn, now)
    speech_queue.speak(turn, (*before, question(turn.setup, turn)), now)
