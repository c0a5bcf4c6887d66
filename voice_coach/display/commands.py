"""What a key, a button or a request of the page means in the state that is shown.

A key has a list of commands and means the first that the session accepts now. So the space bar
always goes on, whatever "go on" is called at the moment. The question "Did that hurt?" is the
exception: it has keys of its own, so that habit does not answer it. Pain and stop work in every
state.

The page decides nothing. It names a key, a command or a routine, and a request that means nothing
is refused. So the page cannot send anything that a key could not send.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.core.commands import NAMING, URGENT, Command
from voice_coach.core.events import Heard
from voice_coach.core.transitions import State, accepted

if TYPE_CHECKING:
    from collections.abc import Collection

KEYS: dict[str, tuple[Command, ...]] = {
    " ": (Command.READY, Command.CONTINUE, Command.NEXT),
    "y": (Command.YES,),
    "n": (Command.NO,),
    "p": (Command.CONTINUE, Command.PAUSE),
    "r": (Command.REPEAT,),
    "b": (Command.BACK, Command.BETTER),
    "a": (Command.ASK_AGAIN,),
    "s": (Command.SAME,),
    "w": (Command.WORSE, Command.WHAT_ELSE),
    "q": (Command.STOP,),
    "h": (Command.PAIN,),
}
"""The commands of each key, in the order in which the help line shows the keys."""
SAME_KEYS = {"\r": " ", "\n": " ", "x": "h"}
"""Keys that mean the same as another key."""

EITHER = (State.PAIN_CONFIRMATION, State.WAITING)
"""The states in which a key does not mean "go on": it would deny pain, or mean the same as
another."""


def key_commands(state: State) -> frozenset[Command]:
    """Return the commands that a key can give in `state`."""
    ambiguous = {Command.CONTINUE} if state in EITHER else frozenset()
    return accepted(state) - ambiguous


def button_commands(state: State | None) -> frozenset[Command]:
    """Return the commands that a button can give in `state`; always pain and stop."""
    return (key_commands(state) - NAMING if state else frozenset()) | URGENT


def command_of_key(key: str, state: State) -> Command | None:
    """Return what a key of ``KEYS`` does in `state`, or None if it does nothing."""
    commands = key_commands(state)
    return next((command for command in KEYS[key] if command in commands), None)


def command_typed(key: str, state: State | None) -> Command | None:
    """Return what any key does in `state`, or None. Pain and stop do not need a state."""
    key = SAME_KEYS.get(key, key)
    urgent = (command for command in KEYS.get(key, ()) if command in URGENT)
    return next(urgent, None) or (command_of_key(key, state) if state and key in KEYS else None)


def command_requested(
    request: object, state: State | None, choices: Collection[str]
) -> Heard | None:
    """Return the event that a request of the page means in `state`, or None.

    A request is one of ``{"key": "n"}``, ``{"command": "slower"}`` and ``{"choose": "rocking"}``.
    `choices` holds the identifiers of the routines.
    """
    match request:
        case {"key": str(key)}:
            command = command_typed(key, state)
        case {"command": str(name)}:
            command = next((each for each in button_commands(state) if each.value == name), None)
        case {"choose": str(choice)} if state and choice in choices:
            if Command.CHOOSE in key_commands(state):
                return Heard(Command.CHOOSE, choice=choice, source="key")
            return None
        case _:
            return None
    return Heard(command, source="key") if command else None
