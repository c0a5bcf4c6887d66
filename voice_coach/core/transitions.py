"""Every state a session can be in and every move between them, as data.

This file alone decides which state follows which. A move that is not in ``TABLE`` is illegal and
changes nothing; a command without a move is not listened for. The diagram in docs/architecture.md
is drawn from this table. One rule stands above it (see safety.py): pain is legal in every state and
leads to HURT, and from there only the end follows. Only where the coach
has just asked for it, in STOP_TEST, a spoken "it hurts" is a test (see stop_test.py).
"""

from __future__ import annotations

from enum import Enum
from functools import cache

from voice_coach.core.commands import Command


class State(Enum):
    """Where a session stands."""

    CHOOSING = "choosing"
    TOO_OFTEN = "too often"
    AFTER_PAIN = "after pain"
    SCREENING = "screening"
    CONSENT = "consent"
    SOUND_CHECK = "sound check"
    STOP_TEST = "stop test"
    BRIEFING = "briefing"
    TELLING = "telling"
    WAITING = "waiting"
    HOLDING = "holding"
    BREATHING = "breathing"
    PAUSED = "paused"
    PAIN_CONFIRMATION = "pain confirmation"
    RATING = "rating"
    RESTART_PROMPT = "restart prompt"
    CLOSING = "closing"
    FAULTED = "faulted"
    HURT = "hurt"
    ENDED = "ended"


class Signal(Enum):
    """A move without a command: a passage is spoken, a time is over, pain or stop is possible."""

    TOO_OFTEN = "too often"
    HURT_LATELY = "hurt lately"
    UNSCREENED = "unscreened"
    SCREENED = "screened"
    CONSENT_OPEN = "consent open"
    STOP_UNTESTED = "stop untested"
    STOP_TESTED = "stop tested"
    REFUSED = "refused"
    BRIEFED = "briefed"
    TOLD_TO_WAIT = "told, wait"
    TOLD_TO_HOLD = "told, hold"
    TOLD_TO_BREATHE = "told, breathe"
    STEP_OVER = "step over"
    ROUTINE_OVER = "routine over"
    POSSIBLE = "possible"
    UNANSWERED = "unanswered"
    FAULT = "fault"
    SAID = "said"


Trigger = Command | Signal
_Row = dict[Trigger, State]

_VOLUME = (Command.LOUDER, Command.SOFTER)
_PACE = (Command.SLOWER, Command.FASTER)
_BREATH = (Command.LONGER_BREATHS, Command.SHORTER_BREATHS)
_PLACE = (Command.HOW_LONG, Command.WHERE, Command.WHAT_NEXT)
_HOLD = (Command.LONGER_HOLD, Command.SHORTER_HOLD)
_SIDE = (*_VOLUME, *_PACE, *_BREATH, *_PLACE, Command.GENTLER)


def _row(state: State, stays: tuple[Command, ...], moves: dict[Trigger, State]) -> _Row:
    return {**dict.fromkeys(stays, state), **moves}


_OPEN: _Row = {
    Signal.POSSIBLE: State.PAIN_CONFIRMATION,
    Signal.FAULT: State.FAULTED,
    Command.STOP: State.CLOSING,
}
_INTRO: _Row = {**_OPEN, Signal.UNANSWERED: State.FAULTED}
_STEP: _Row = {
    **_OPEN,
    Command.NEXT: State.TELLING,
    Command.SKIP: State.TELLING,
    Command.BACK: State.TELLING,
    Command.REPEAT: State.TELLING,
    Command.START_OVER: State.TELLING,
    Command.PAUSE: State.PAUSED,
    Command.HELP: State.PAUSED,
    Command.SAFETY: State.PAUSED,
    Command.MORE_DETAIL: State.BRIEFING,
    Signal.ROUTINE_OVER: State.RATING,
}
_ASKED: _Row = {
    **dict.fromkeys((Command.SAME, Command.YES, Command.NO), State.TELLING),
    **dict.fromkeys((Command.ANOTHER_PLACE, Command.HIGHER, Command.LOWER), State.WAITING),
}
"""The answers to what a step asks."""

TABLE: dict[State, _Row] = {
    State.CHOOSING: _row(
        State.CHOOSING,
        (
            *(*_VOLUME, *_PACE, Command.REPEAT, Command.HELP, Command.SAFETY),
            *(Command.WHAT_ELSE, Command.ABOUT, Command.NO),
        ),
        {
            **_INTRO,
            Command.CHOOSE: State.SOUND_CHECK,
            Command.YES: State.SOUND_CHECK,
            Command.ASK_AGAIN: State.SCREENING,
            Signal.UNSCREENED: State.SCREENING,
            Signal.CONSENT_OPEN: State.CONSENT,
            Signal.TOO_OFTEN: State.TOO_OFTEN,
            Signal.HURT_LATELY: State.AFTER_PAIN,
            Signal.REFUSED: State.CHOOSING,
        },
    ),
    State.SCREENING: _row(
        State.SCREENING,
        (
            *(*_VOLUME, *_PACE, Command.REPEAT, Command.HELP, Command.SAFETY),
            *(Command.YES, Command.NO),
        ),
        {**_OPEN, Signal.SCREENED: State.CHOOSING},
    ),
    State.CONSENT: _row(
        State.CONSENT,
        (*_VOLUME, *_PACE, Command.REPEAT, Command.HELP, Command.SAFETY),
        {
            **_OPEN,
            **dict.fromkeys((Command.YES, Command.NO, Signal.UNANSWERED), State.CHOOSING),
        },
    ),
    State.TOO_OFTEN: _row(
        State.TOO_OFTEN,
        (*_VOLUME, *_PACE, Command.REPEAT, Command.HELP, Command.SAFETY),
        {
            **_INTRO,
            Command.CHOOSE: State.SOUND_CHECK,
            Command.YES: State.SOUND_CHECK,
            Command.INSIST: State.SOUND_CHECK,
            Command.NO: State.CHOOSING,
            Signal.UNSCREENED: State.SCREENING,
            Signal.REFUSED: State.CHOOSING,
            Signal.TOO_OFTEN: State.TOO_OFTEN,
        },
    ),
    State.AFTER_PAIN: _row(
        State.AFTER_PAIN,
        (*_VOLUME, *_PACE, Command.REPEAT, Command.HELP, Command.SAFETY),
        {
            **_INTRO,
            Command.CHOOSE: State.SOUND_CHECK,
            Command.YES: State.SOUND_CHECK,
            Command.NO: State.CLOSING,
            Signal.HURT_LATELY: State.AFTER_PAIN,
        },
    ),
    State.SOUND_CHECK: _row(
        State.SOUND_CHECK,
        (*_VOLUME, *_PACE, Command.REPEAT, Command.HELP, Command.SAFETY, Command.NO),
        {
            **_INTRO,
            Command.READY: State.BRIEFING,
            Command.YES: State.BRIEFING,
            Signal.STOP_UNTESTED: State.STOP_TEST,
        },
    ),
    State.STOP_TEST: _row(
        State.STOP_TEST,
        (*_VOLUME, *_PACE, Command.REPEAT, Command.SAFETY),
        {**_OPEN, Signal.STOP_TESTED: State.BRIEFING, Signal.REFUSED: State.CHOOSING},
    ),
    State.BRIEFING: _row(
        State.BRIEFING,
        _SIDE,
        {
            **_STEP,
            Command.SKIP: State.CHOOSING,
            Command.BACK: State.BRIEFING,
            Command.REPEAT: State.BRIEFING,
            Command.START_OVER: State.BRIEFING,
            Signal.BRIEFED: State.TELLING,
        },
    ),
    State.TELLING: _row(
        State.TELLING,
        _SIDE,
        {
            **_STEP,
            Command.CRACKED: State.TELLING,
            Signal.TOLD_TO_WAIT: State.WAITING,
            Signal.TOLD_TO_HOLD: State.HOLDING,
            Signal.TOLD_TO_BREATHE: State.BREATHING,
        },
    ),
    State.WAITING: _row(
        State.WAITING,
        _SIDE,
        {
            **_STEP,
            **_ASKED,
            Command.CONTINUE: State.TELLING,
            Command.CRACKED: State.TELLING,
            Signal.UNANSWERED: State.CLOSING,
        },
    ),
    State.HOLDING: _row(
        State.HOLDING, (*_SIDE, *_HOLD), {**_STEP, Signal.STEP_OVER: State.TELLING}
    ),
    State.BREATHING: _row(
        State.BREATHING,
        _SIDE,
        {**_STEP, Command.CRACKED: State.TELLING, Signal.STEP_OVER: State.TELLING},
    ),
    State.PAUSED: _row(
        State.PAUSED,
        (
            *(*_VOLUME, *_PACE, *_BREATH),
            *(*_PLACE, Command.PAUSE, Command.HELP, Command.SAFETY),
        ),
        {
            **_OPEN,
            Command.NEXT: State.TELLING,
            Command.SKIP: State.TELLING,
            Command.BACK: State.TELLING,
            Command.REPEAT: State.TELLING,
            Command.START_OVER: State.TELLING,
            Command.CRACKED: State.TELLING,
            Signal.ROUTINE_OVER: State.RATING,
            Signal.UNANSWERED: State.CLOSING,
        },
    ),
    State.PAIN_CONFIRMATION: {
        Command.YES: State.HURT,
        Signal.UNANSWERED: State.HURT,
        Command.STOP: State.CLOSING,
        Signal.FAULT: State.FAULTED,
    },
    State.RATING: _row(
        State.RATING,
        (*_VOLUME, Command.REPEAT, Command.SAFETY),
        {
            **_OPEN,
            Command.BETTER: State.RESTART_PROMPT,
            Command.SAME: State.RESTART_PROMPT,
            Command.UNHURT: State.RESTART_PROMPT,
            Command.WORSE: State.CLOSING,
            Signal.UNANSWERED: State.RESTART_PROMPT,
        },
    ),
    State.RESTART_PROMPT: _row(
        State.RESTART_PROMPT,
        # How it was may be told late, or corrected.
        (*_VOLUME, Command.REPEAT, Command.SAFETY, Command.BETTER, Command.SAME),
        {
            **_OPEN,
            Command.YES: State.CHOOSING,
            Command.NO: State.CLOSING,
            Command.WORSE: State.CLOSING,
            Signal.UNANSWERED: State.CLOSING,
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

RETURNS: dict[State, tuple[Command, ...]] = {
    State.PAUSED: (Command.CONTINUE,),
    State.PAIN_CONFIRMATION: (Command.NO, Command.UNHURT, Command.CONTINUE),
}
"""These commands lead back from an interruption to the state it interrupted."""
BEFORE = {
    interruption: frozenset(
        state
        for state, row in TABLE.items()
        if state is not interruption and interruption in row.values()
    )
    for interruption in RETURNS
}
"""The states each of them can interrupt."""


class IllegalMove(Exception):
    """The table has no such move from this state; nothing has changed."""


def follow(state: State, trigger: Trigger, before: State | None = None) -> State:
    """Give the state that `trigger` leads to, or raise ``IllegalMove``.

    `before` is what an interruption interrupted.
    """
    if trigger in RETURNS.get(state, ()) and before in BEFORE[state]:
        return before
    try:
        return TABLE[state][trigger]
    except KeyError:
        raise IllegalMove(f"{trigger.value} does nothing while {state.value}") from None


@cache
def accepted(state: State) -> frozenset[Command]:
    """Give the commands that do something in `state`; pain does in every state."""
    commands = {trigger for trigger in TABLE[state] if isinstance(trigger, Command)}
    return frozenset(commands | {*RETURNS.get(state, ()), Command.PAIN})
