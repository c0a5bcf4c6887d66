"""Ways to bring a session to a place in virtual time, and to copy one there.

A scene is a rehearsal that stands still somewhere. Copying one is how a test tries many things
from the same moment without playing the session up to it again each time.
"""

from __future__ import annotations

from collections import deque
from dataclasses import is_dataclass
from enum import Enum
from functools import cache
from types import FunctionType, MethodType

from pydantic import BaseModel

from voice_coach.core.breathing import Phase
from voice_coach.core.commands import NAMING, Command
from voice_coach.core.events import Fault, Heard, Noticed
from voice_coach.core.guard import Reason, Verdict
from voice_coach.core.pace import speaking_seconds
from voice_coach.core.script import ScriptStep
from voice_coach.core.session import Session
from voice_coach.core.simulation import Simulation
from voice_coach.core.transitions import State, accepted

PRESS = "assisted-press"
BENDS = "gentle-bends"
LEGS = "leg-over-leg"
GENTLE = (BENDS, "gentle-bends-shower")
ALLOWED = Verdict(gentle=GENTLE)
TOO_OFTEN = Verdict(Reason.LATELY, gentle=GENTLE)
AFTER_PAIN = Verdict(hurt_lately=True, gentle=GENTLE)


def rehearse(language, routine=None, seconds=speaking_seconds, verdict=ALLOWED, *, proven=False):
    """Begin a rehearsal of a routine, or of choosing one."""
    chosen = language.routine(routine) if routine else None
    return Simulation(Session(language, chosen, verdict=verdict, proven=proven), seconds)


def key(command, choice=BENDS):
    """Give a command as a key gives it; those that name a routine name this one."""
    return Heard(command, choice=choice if command in NAMING else "", source="key")


def press(rehearsal, command, choice=BENDS):
    """Give a command by key."""
    rehearsal.handle(key(command, choice))


def notice(rehearsal, kind):
    """Let the ear notice the person."""
    rehearsal.handle(Noticed(kind))


def suspect(rehearsal, command=Command.PAIN):
    """Let the ear think that this may have been said."""
    rehearsal.handle(Heard(command, command.value, tier="possible"))


def heeded(rehearsal):
    """Give the commands that do something here."""
    course = rehearsal.session._course  # noqa: SLF001 - a view does not show all that decides this
    spare = {
        Command.GENTLER: course.routine is not None and course.routine.partner,
        Command.MORE_DETAIL: rehearsal.session._opening.abridged,  # noqa: SLF001
    }
    return accepted(rehearsal.session.state) - {command for command in spare if not spare[command]}


def lead(rehearsal, arrived):
    """Do whatever moves on, as soon as the coach is silent, until `arrived(view)`."""
    answers = {
        State.CHOOSING: (Command.CHOOSE, PRESS),
        State.SOUND_CHECK: (Command.READY,),
        State.WAITING: (Command.NEXT,),
    }
    while not arrived(view := rehearsal.session.view(rehearsal.now)):
        if rehearsal.session.counting and rehearsal._sounding:  # noqa: SLF001
            rehearsal.hear(Command.PAIN)
        elif view.state in answers and not rehearsal._busy:  # noqa: SLF001
            press(rehearsal, *answers[view.state])
        else:
            assert rehearsal.step(), f"the session stands still, {view.state.value}"
    return rehearsal


def at(language, state, routine=PRESS):
    """Lead a session of this routine to the first moment of a state."""
    return lead(rehearse(language, routine), lambda view: view.state is state)


def scenes(language):
    """Give a rehearsal in every state, and in every sort of moment within the longer ones."""
    place, countdown = language.routine(PRESS).place, language.coach.hold.countdown
    count = language.coach.proof.count
    sided = LEGS if LEGS in {routine.id for routine in language.routines} else BENDS
    begun = {
        "choosing": rehearse(language),
        "too often": rehearse(language, PRESS, verdict=TOO_OFTEN),
        "after pain": rehearse(language, verdict=AFTER_PAIN),
        "sound check": rehearse(language, PRESS),
        "sound check, alone": rehearse(language, BENDS),
        "proof": at(language, State.PROOF),
        "counting": lead(rehearse(language, PRESS), lambda view: view.saying == count),
        "caution": at(language, State.BRIEFING),
        "place": lead(rehearse(language, PRESS), lambda view: view.saying == place[1]),
        "telling": at(language, State.TELLING),
        "waiting": at(language, State.WAITING),
        "holding": at(language, State.HOLDING, sided),
        "counting down": lead(rehearse(language, sided), lambda view: view.saying == countdown[0]),
        "breathing in": lead(
            rehearse(language, PRESS),
            lambda view: view.step == 4 and view.beat and view.beat.phase is Phase.IN,
        ),
        "pressing": lead(
            rehearse(language, PRESS),
            lambda view: view.step == 4 and view.beat and view.beat.phase is Phase.OUT,
        ),
        "rating": at(language, State.RATING, BENDS),
        "another": at(language, State.ANOTHER, BENDS),
        "last words": at(language, State.CLOSING, BENDS),
    }
    known = Simulation(Session(language, language.routine(PRESS), known=[PRESS]))
    begun["caution, known"] = lead(known, lambda view: view.state is State.BRIEFING)
    for name in ("caution", "telling", "waiting", "holding", "pressing"):
        paused = begun[f"paused, {name}"] = copied(begun[name])
        press(paused, Command.PAUSE)
    for name in ("sound check", "telling", "holding", "pressing", "paused, holding", "rating"):
        notice(hushed := copied(begun[name]), "hush")
        suspect(doubted := copied(begun[name]))
        begun |= {f"hushed, {name}": hushed, f"doubt, {name}": doubted}
    notice(begun.setdefault("ducked", copied(begun["telling"])), "duck")
    asked = begun["doubt, asked"] = copied(begun["doubt, pressing"])
    lead(asked, lambda view: view.saying == language.coach.doubt.question)
    lead(asked, lambda view: not view.saying)
    stopped = begun["stopped"] = copied(begun["pressing"])
    press(stopped, Command.STOP)
    hurt = begun["hurt"] = copied(begun["pressing"])
    press(hurt, Command.PAIN)
    faulted = begun["faulted"] = copied(begun["pressing"])
    faulted.handle(Fault("hearing", "The microphone is gone: plug it in."))
    ended = begun["ended"] = copied(begun["pressing"])
    ended.handle(Fault("sound", "The loudspeaker is gone: plug it in."))
    return begun


def copied(original):
    """Copy a rehearsal or a session: what can change is copied, what is frozen is shared."""
    return _copy(original, {})


def condition(rehearsal):
    """Give all that decides how a session will go on, as a value that can be compared.

    What is left out is what only ever grows: the numbers of the sentences, and what was said.
    """
    sounding = rehearsal._sounding  # noqa: SLF001 - a scene is looked at from all sides
    waiting = tuple((say.at, say.text, say.rate) for say in rehearsal._queue)  # noqa: SLF001
    return (
        rehearsal.now,
        sounding and (sounding[1].start, sounding[1].text),
        waiting,
        _dump(rehearsal.session, set()),
    )


@cache
def _sort(kind):
    if kind in (list, deque, dict, tuple, MethodType):
        return kind
    if kind in (str, int, float, bool, type(None), frozenset, FunctionType):
        return None
    if issubclass(kind, (Enum, BaseModel)):
        return None
    if is_dataclass(kind) and kind.__dataclass_params__.frozen:
        return None
    assert kind.__module__.startswith("voice_coach."), f"can {kind} change?"
    return object


def _copy(thing, known):  # noqa: PLR0911 - a return a sort
    sort = _sort(type(thing))
    if sort is None:
        return thing
    if sort is list:
        return [_copy(part, known) for part in thing]
    if sort is deque:
        return deque([_copy(part, known) for part in thing], thing.maxlen)
    if sort is dict:
        return {key: _copy(part, known) for key, part in thing.items()}
    if sort is tuple:
        frozen = all(_sort(type(part)) is None for part in thing)
        return thing if frozen else tuple(_copy(part, known) for part in thing)
    if sort is MethodType:
        return MethodType(thing.__func__, _copy(thing.__self__, known))
    if id(thing) not in known:
        known[id(thing)] = copy = object.__new__(type(thing))
        for name, part in vars(thing).items():
            vars(copy)[name] = part if _sort(type(part)) is None else _copy(part, known)
    return known[id(thing)]


def _dump(thing, seen):
    sort = _sort(type(thing))
    if sort is None:
        # These are always the same objects, and too large to compare.
        return id(thing) if isinstance(thing, (BaseModel, ScriptStep)) else thing
    if sort in (list, deque, tuple):
        return tuple([_dump(part, seen) for part in thing])
    if sort is dict:
        return tuple([_dump(part, seen) for part in thing.values()])
    if sort is MethodType:
        return thing.__func__
    if id(thing) in seen:
        return None
    seen.add(id(thing))
    parts = dict(vars(thing))
    parts.pop("_actions", None)
    if parts.pop("_last_id", None) is not None:
        sounding = parts.pop("_sounding")
        parts["_sounding"] = sounding and list(parts["_said"]).index(sounding)
    return tuple([_dump(part, seen) for part in parts.values()])
