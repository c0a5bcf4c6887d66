"""Every state a session can be in and every move between them, as data.

All that decides which state follows which lives in this file: a move that is not in ``TABLE`` is
illegal, changes nothing, and for a spoken command means that it is not listened for. The diagram
in docs/architecture.md is drawn from this table. One rule stands above it (see safety.py): pain
is legal in every state and leads to HURT, which nothing leaves but the end.
"""

from __future__ import annotations

from enum import Enum

from voice_coach.core.commands import Command


class State(Enum):
    """Where a session stands."""

    CHOOSING = "choosing"
    SOUND_CHECK = "sound check"
    BRIEFING = "briefing"
    TELLING = "telling"
    WAITING = "waiting"
    HOLDING = "holding"
    BREATHING = "breathing"
    PAUSED = "paused"
    CLOSING = "closing"
    FAULTED = "faulted"
    HURT = "hurt"
    ENDED = "ended"


class Signal(Enum):
    """A move the session makes by itself, when a passage is spoken or a time is over."""

    BRIEFED = "briefed"
    TOLD_TO_WAIT = "told, wait"
    TOLD_TO_HOLD = "told, hold"
    TOLD_TO_BREATHE = "told, breathe"
    STEP_OVER = "step over"
    ROUTINE_OVER = "routine over"
    UNANSWERED = "unanswered"
    FAULT = "fault"
    SAID = "said"


Trigger = Command | Signal
_Row = dict[Trigger, State]

_VOLUME = (Command.LOUDER, Command.SOFTER)
_PACE = (Command.SLOWER, Command.FASTER)
_ASIDES = (*_VOLUME, *_PACE, Command.HOW_LONG, Command.GENTLER)


def _row(state: State, stays: tuple[Command, ...], moves: dict[Trigger, State]) -> _Row:
    return {**dict.fromkeys(stays, state), **moves}


_OPENING: _Row = {Signal.UNANSWERED: State.FAULTED, Signal.FAULT: State.FAULTED}
_STEP: _Row = {
    Command.NEXT: State.TELLING,
    Command.BACK: State.TELLING,
    Command.REPEAT: State.TELLING,
    Command.PAUSE: State.PAUSED,
    Command.HELP: State.PAUSED,
    Signal.ROUTINE_OVER: State.CLOSING,
    Signal.FAULT: State.FAULTED,
    Command.STOP: State.CLOSING,
}

TABLE: dict[State, _Row] = {
    State.CHOOSING: _row(
        State.CHOOSING,
        (*_VOLUME, *_PACE, Command.REPEAT, Command.HELP),
        {**_OPENING, Command.CHOOSE: State.SOUND_CHECK, Command.STOP: State.CLOSING},
    ),
    State.SOUND_CHECK: _row(
        State.SOUND_CHECK,
        (*_VOLUME, *_PACE, Command.REPEAT, Command.HELP, Command.NO),
        {
            **_OPENING,
            Command.READY: State.BRIEFING,
            Command.YES: State.BRIEFING,
            Command.STOP: State.CLOSING,
        },
    ),
    State.BRIEFING: _row(
        State.BRIEFING,
        _ASIDES,
        {
            **_STEP,
            Command.BACK: State.BRIEFING,
            Command.REPEAT: State.BRIEFING,
            Signal.BRIEFED: State.TELLING,
        },
    ),
    State.TELLING: _row(
        State.TELLING,
        _ASIDES,
        {
            **_STEP,
            Signal.TOLD_TO_WAIT: State.WAITING,
            Signal.TOLD_TO_HOLD: State.HOLDING,
            Signal.TOLD_TO_BREATHE: State.BREATHING,
        },
    ),
    State.WAITING: _row(State.WAITING, _ASIDES, {**_STEP, Signal.UNANSWERED: State.CLOSING}),
    State.HOLDING: _row(State.HOLDING, _ASIDES, {**_STEP, Signal.STEP_OVER: State.TELLING}),
    State.BREATHING: _row(State.BREATHING, _ASIDES, {**_STEP, Signal.STEP_OVER: State.TELLING}),
    State.PAUSED: _row(
        State.PAUSED,
        (*_VOLUME, *_PACE, Command.HOW_LONG, Command.HELP),
        {
            Command.NEXT: State.TELLING,
            Command.BACK: State.TELLING,
            Command.REPEAT: State.TELLING,
            Command.STOP: State.CLOSING,
            Signal.ROUTINE_OVER: State.CLOSING,
            Signal.UNANSWERED: State.CLOSING,
            Signal.FAULT: State.FAULTED,
        },
    ),
    State.CLOSING: {
        Command.STOP: State.ENDED,
        Signal.SAID: State.ENDED,
        Signal.FAULT: State.FAULTED,
    },
    State.FAULTED: {
        Command.STOP: State.ENDED,
        Signal.SAID: State.ENDED,
        Signal.FAULT: State.ENDED,
    },
    State.HURT: {Signal.SAID: State.ENDED, Signal.FAULT: State.ENDED},
    State.ENDED: {},
}

BEFORE_PAUSE = frozenset(
    {State.BRIEFING, State.TELLING, State.WAITING, State.HOLDING, State.BREATHING}
)
"""``Command.CONTINUE`` leads from PAUSED back to whichever of these was left, and only to it."""


class IllegalMove(Exception):  # noqa: N818 - a move, not a fault of the program
    """The table has no such move from this state; nothing has changed."""


def follow(state: State, trigger: Trigger, before_pause: State | None = None) -> State:
    """Give the state that `trigger` leads to, or raise ``IllegalMove``."""
    if state is State.PAUSED and trigger is Command.CONTINUE and before_pause in BEFORE_PAUSE:
        return before_pause
    try:
        return TABLE[state][trigger]
    except KeyError:
        raise IllegalMove(f"{trigger.value} does nothing while {state.value}") from None


def accepted(state: State) -> frozenset[Command]:
    """Give the commands that do something in `state`; pain does in every one."""
    commands = {trigger for trigger in TABLE[state] if isinstance(trigger, Command)}
    if state is State.PAUSED:
        commands.add(Command.CONTINUE)
    return frozenset(commands | {Command.PAIN})


def diagram() -> str:
    """Draw the table as a Mermaid state diagram; what stays in its state is left out."""
    arrows: dict[tuple[State, State], list[str]] = {}
    for state, row in TABLE.items():
        for trigger, target in row.items():
            if target is not state:
                arrows.setdefault((state, target), []).append(trigger.value.replace("_", " "))
    for state in sorted(BEFORE_PAUSE, key=list(State).index):
        arrows[(State.PAUSED, state)] = [
            *arrows.get((State.PAUSED, state), []),
            Command.CONTINUE.value,
        ]
    lines = ["stateDiagram-v2", "    [*] --> CHOOSING", "    [*] --> SOUND_CHECK"]
    lines += [
        f"    {source.name} --> {target.name}: {' / '.join(labels)}"
        for (source, target), labels in arrows.items()
    ]
    lines += ['    state "any state" as ANY', "    ANY --> HURT: pain", "    ENDED --> [*]"]
    return "\n".join(lines) + "\n"
