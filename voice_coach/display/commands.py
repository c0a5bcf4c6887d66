"""What is touched or typed on the page, as the events that the keyboard posts.

The page decides nothing: it tells which key, phrase or routine it was, and here it is seen what
that does in the state that is shown now, by the rules of ``keyboard``. Whatever does nothing is
refused, so nothing reaches the session that a key could not have said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.core.commands import NAMING, URGENT, Command
from voice_coach.core.events import Heard
from voice_coach.display.keyboard import ALSO, KEYS, keyed, meaning

if TYPE_CHECKING:
    from collections.abc import Collection

    from voice_coach.core.transitions import State


def understood(order: object, state: State | None, choices: Collection[str]) -> Heard | None:
    """Say what an order means in `state`; None if nothing.

    An order is one of ``{"key": "n"}``, ``{"command": "slower"}`` and ``{"choose": "rocking"}``;
    `choices` are the identifiers of the routines there are.
    """
    match order:
        case {"key": str(key)}:
            command = _typed(ALSO.get(key, key), state)
        case {"command": str(name)}:
            command = next((each for each in allowed(state) if each.value == name), None)
        case {"choose": str(choice)} if state and choice in choices:
            if Command.CHOOSE in keyed(state):
                return Heard(Command.CHOOSE, choice=choice, source="key")
            return None
        case _:
            return None
    return Heard(command, source="key") if command else None


def allowed(state: State | None) -> frozenset[Command]:
    """Give the commands a button may give in `state`; those that end all may always be given."""
    return (keyed(state) - NAMING if state else frozenset()) | URGENT


def _typed(key: str, state: State | None) -> Command | None:
    urgent = (command for command in KEYS.get(key, ()) if command in URGENT)
    return next(urgent, None) or (meaning(key, state) if state and key in KEYS else None)
