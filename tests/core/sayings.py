"""What a coach can ever say, and what in it is a command at that moment."""

from __future__ import annotations

import re
from itertools import product

from scenes import BENDS, GENTLE, PRESS, begin, lead, press, scenes

from voice_coach.core.commands import NAMING, Command, unmarked
from voice_coach.core.guard import GuardResult, TwistReason
from voice_coach.core.script import write_out
from voice_coach.core.transitions import State, accepted


def words(text):
    """Give a text as it sounds, in small letters."""
    return f" {' '.join(re.findall(r'[a-z]+', unmarked(text.lower())))} "


def untaught(language, sentence):
    """Give a sentence as it sounds, without what is taught in it and not used."""
    return words(re.sub(rf"\b{language.advice.teaching} [^.?!]*", "", sentence.lower()))


def commands_in(language, state, sentence):
    """Give the phrases of a sentence that are commands while it is said.

    Routines must be called by their names; such words of its own the coach does not heed.
    """
    commands = accepted(state) - NAMING
    if state is State.CHOOSING:
        # Heeded only while it is asked whether to do the same again, which teaches both.
        commands -= {Command.YES, Command.NO}
    live = {
        phrase
        for phrase, meaning in language.phrases().items()
        if meaning.command in commands and not meaning.alone
    }
    return [phrase for phrase in live if words(phrase) in untaught(language, sentence)]


def every_sentence(language):
    """Give all sentences of a language that can ever be spoken, whether a session reaches them."""

    def strings(thing):
        if isinstance(thing, str):
            yield thing
        elif isinstance(thing, dict):
            for part in thing.values():
                yield from strings(part)
        elif isinstance(thing, (list, tuple)):
            for part in thing:
                yield from strings(part)

    yield from strings(language.coach.model_dump())
    yield from strings(language.safety.model_dump())
    for routine in language.routines:
        yield from (*routine.caution, *routine.place, *routine.closing)
        for step in write_out(routine, language.coach):
            yield from step.sentences


def spoken(language):
    """Gather what is said in every state, after every command that does something there."""
    heard = set()

    def note(view):
        if view.saying:
            heard.add((view.state, view.saying))

    def listen(simulation, seconds):
        until = simulation.now + seconds
        while simulation.now < until and simulation.step():
            note(simulation.session.view(simulation.now))

    for scene in scenes(language).values():
        for command in [None, *accepted(scene.session.state)]:
            following = scene.fork()
            if command:
                press(following, command)
            listen(following, 120 if command is Command.SAFETY else 40)
    for wanted, reason, hurt in product([None, BENDS, PRESS], [None, *TwistReason], [False, True]):
        guard = GuardResult(
            reason,
            hurt_lately=hurt,
            hurt_often=True,
            gentle=GENTLE,
            after_pain=("bent-knees-rest",),
        )
        listen(begin(language, wanted, guard=guard), 60)
    for routine in language.routines:
        patient = begin(language, routine.id)
        patient.advance(60)
        lead(patient, lambda view: note(view) or view.state is State.ENDED)
    return heard
