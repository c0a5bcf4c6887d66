"""Ways to bring a session to a place in virtual time.

A scene is a simulation that stands still somewhere. A fork of it is how a test tries many things
from the same moment without playing the session up to it again each time.
"""

from __future__ import annotations

from dataclasses import replace

from voice_coach.catalogue import read_screening
from voice_coach.core.assigned_plan import AssignedPlan
from voice_coach.core.breathing import Phase
from voice_coach.core.commands import NAMING, Command
from voice_coach.core.config import SessionConfig
from voice_coach.core.events import Fault, Heard, Noticed
from voice_coach.core.guard import GuardResult, TwistReason
from voice_coach.core.pace import speaking_seconds
from voice_coach.core.session import Session
from voice_coach.core.simulation import Simulation
from voice_coach.core.transitions import State

PRESS = "assisted-press"
BENDS = "gentle-bends"
LEGS = "leg-over-leg"
GENTLE = (BENDS, "gentle-bends-shower")
ALLOWED = GuardResult(gentle=GENTLE)
TOO_OFTEN = GuardResult(TwistReason.LATELY, gentle=GENTLE)
AFTER_PAIN = GuardResult(hurt_lately=True, gentle=GENTLE, after_pain=("bent-knees-rest",))


def new_session(language, routine="", **config):
    """Give a session of a routine, or of choosing one, that has not begun.

    Its press follows the clock unless the config says otherwise: most tests need no breath.
    """
    config.setdefault("press_by_breath", False)
    return Session(SessionConfig(language=language, routine=routine or "", **config))


def begin(language, routine="", seconds=speaking_seconds, guard=ALLOWED, **config):
    """Begin a simulation of a routine, or of choosing one."""
    return Simulation(new_session(language, routine, guard=guard, **config), seconds)


def in_a_row(language):
    """Give the language with a press whose eight rounds follow each other, without a question."""
    whole = language.routine(PRESS)
    down, kneel, free, _, first, *_ = whole.steps
    breathing = first.breathing.model_copy(update={"rounds": 8})
    away = next(step for step in whole.steps[5:] if step.hold)
    steps = (down, kneel, free, first.model_copy(update={"breathing": breathing}), away)
    routine = whole.model_copy(update={"steps": steps})
    others = (one for one in language.routines if one.id != PRESS)
    return language.model_copy(update={"routines": (*others, routine)})


def key(command, choice=BENDS):
    """Give a command as a key gives it; those that name a routine name this one."""
    return Heard(command, choice=choice if command in NAMING else "", source="key")


def press(simulation, command, choice=BENDS):
    """Give a command by key."""
    simulation.handle(key(command, choice))


def notice(simulation, kind):
    """Let the person be noticed."""
    simulation.handle(Noticed(kind))


def possibly_say(simulation, command=Command.PAIN):
    """Let the listener report this as possible."""
    simulation.handle(Heard(command, command.value, tier="possible"))


def heeded(simulation):
    """Give the commands that do something here."""
    return simulation.session.accepted


def routine_of(language, simulation):
    """Give the routine that was chosen; None before that."""
    chosen = simulation.session.snapshot.progress.routine
    return language.routine(chosen) if chosen else None


def lead(simulation, arrived):
    """Do whatever moves on, as soon as the coach is silent, until `arrived(view)`."""
    answers = {
        State.CHOOSING: (Command.CHOOSE, PRESS),
        State.SOUND_CHECK: (Command.READY,),
        State.WAITING: (Command.NEXT,),
    }
    while not arrived(view := simulation.session.view(simulation.now)):
        if simulation.session.counting and simulation.sounding:
            simulation.hear(Command.PAIN)
        elif view.state in answers and not simulation.busy:
            press(simulation, *answers[view.state])
        else:
            assert simulation.step(), f"the session stands still, {view.state.value}"
    return simulation


def at(language, state, routine=PRESS):
    """Lead a session of this routine to the first moment of a state."""
    return lead(begin(language, routine), lambda view: view.state is state)


def assigned(language, minutes=5):
    """Give the upper-back plan of a language as if somebody had assigned it."""
    plan = next(plan for plan in language.plans if plan.id == "upper-back")
    parts = plan.model_dump(include={"area", "names", "warm_up", "main", "cool_down"})
    return AssignedPlan(**parts, minutes=minutes)


_BEGUN = {}
"""The scenes of a language, by its identity, with the language, so that it keeps it."""


def scenes(language):
    """Give a simulation in every state, and in every sort of moment within the longer ones.

    They are led once for each language, and forked.
    """
    if id(language) not in _BEGUN:
        _BEGUN[id(language)] = _begin_scenes(language), language
    return {name: scene.fork() for name, scene in _BEGUN[id(language)][0].items()}


def _begin_scenes(language):
    place, countdown = language.routine(PRESS).place, language.coach.hold.countdown
    count = language.coach.stop_test.count
    sided = LEGS if LEGS in {routine.id for routine in language.routines} else BENDS
    begun = {
        "choosing": begin(language),
        "too often": begin(language, PRESS, guard=TOO_OFTEN),
        "after pain": begin(language, guard=AFTER_PAIN),
        "screening": begin(language, PRESS, screening=read_screening()),
        "same again": begin(language, last=BENDS),
        "sound check": begin(language, PRESS),
        "sound check, alone": begin(language, BENDS),
        "stop test": at(language, State.STOP_TEST),
        "counting": lead(begin(language, PRESS), lambda view: view.saying == count),
        "caution": at(language, State.BRIEFING),
        "place": lead(begin(language, PRESS), lambda view: view.saying == place[0]),
        "telling": at(language, State.TELLING),
        "waiting": at(language, State.WAITING),
        "holding": at(language, State.HOLDING, sided),
        "counting down": lead(begin(language, sided), lambda view: view.saying == countdown[0]),
        "breathing in": lead(
            begin(language, PRESS),
            lambda view: view.step == 5 and view.beat and view.beat.phase is Phase.IN,
        ),
        "pressing": lead(
            begin(language, PRESS),
            lambda view: view.step == 5 and view.beat and view.beat.phase is Phase.OUT,
        ),
        "rating": at(language, State.RATING, BENDS),
        "another": at(language, State.RESTART_PROMPT, BENDS),
        "last words": at(language, State.CLOSING, BENDS),
    }
    if language.plans:
        consent = begin(language, assigned=assigned(language), asks_consent=True)
        begun["consent"] = lead(consent, lambda view: not view.saying and view.now > 1)
        press(consent, Command.YES)
    known = begin(language, PRESS, known_routines=frozenset({PRESS}))
    begun["caution, known"] = lead(known, lambda view: view.state is State.BRIEFING)
    for name in ("caution", "telling", "waiting", "holding", "pressing"):
        paused = begun[f"paused, {name}"] = begun[name].fork()
        press(paused, Command.PAUSE)
    for name in ("sound check", "telling", "holding", "pressing", "paused, holding", "rating"):
        notice(hushed := begun[name].fork(), "hush")
        possibly_say(asked_about := begun[name].fork())
        begun |= {f"hushed, {name}": hushed, f"confirming, {name}": asked_about}
    notice(begun.setdefault("ducked", begun["telling"].fork()), "duck")
    asked = begun["confirming, asked"] = begun["confirming, pressing"].fork()
    lead(asked, lambda view: view.saying == language.coach.pain_confirmation.question)
    lead(asked, lambda view: not view.saying)
    stopped = begun["stopped"] = begun["pressing"].fork()
    press(stopped, Command.STOP)
    hurt = begun["hurt"] = begun["pressing"].fork()
    press(hurt, Command.PAIN)
    faulted = begun["faulted"] = begun["pressing"].fork()
    faulted.handle(Fault("hearing", "The microphone is gone: plug it in."))
    ended = begun["ended"] = begun["pressing"].fork()
    ended.handle(Fault("sound", "The loudspeaker is gone: plug it in."))
    return begun


def condition(simulation):
    """Give all that decides how a session will go on, as a value that can be compared.

    What is left out is what only ever grows, the ids of the sentences, and what a display shows as
    heard, which decides nothing.
    """
    state = simulation.session.snapshot
    speech, last = state.speech, state.speech.last_id
    said = tuple(replace(each, say_id=each.say_id - last) for each in speech.said)
    sounding = speech.sounding and replace(speech.sounding, say_id=speech.sounding.say_id - last)
    ended = tuple(say_id - last for say_id in speech.ended)
    unnumbered = replace(speech, said=said, sounding=sounding, ended=ended, last_id=0)
    controls = replace(state.controls, heard="", heard_at=0.0)
    return (
        simulation.now,
        simulation.coming,
        replace(state, speech=unnumbered, controls=controls),
    )
