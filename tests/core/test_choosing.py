"""Choosing a routine by ear: few names at a time, and what is to be known of each."""

from __future__ import annotations

from itertools import islice

import pytest
from scenes import BENDS, LEGS, PRESS, begin, new_session, press

from voice_coach.catalogue import read_language
from voice_coach.core.choosing import AT_A_TIME, offers
from voice_coach.core.commands import Command
from voice_coach.core.events import Heard
from voice_coach.core.simulation import Simulation, simulate
from voice_coach.core.transitions import State


@pytest.fixture
def thirteen(language):
    """Give a language with thirteen routines: two of a person's own behind the others."""
    own = [
        language.routines[0].model_copy(update={"id": name, "names": (name,), "title": name})
        for name in ("morning", "evening")
    ]
    return language.model_copy(update={"routines": (*language.routines, *own)})


def said_after(simulation, command, choice=BENDS):
    """Give a command, and what is said until the question which stretch it is to be."""
    begun = len(simulation.spoken)
    press(simulation, command, choice)
    return asked(simulation, begun)


def asked(simulation, begun):
    """Give what is said until the question, without it."""
    simulation.run_until(
        lambda _: (
            len(simulation.spoken) > begun
            and simulation.spoken[-1].text == "Which stretch would you like?"
        )
    )
    return [spoken.text for spoken in simulation.spoken[begun:-1]]


def test_a_few_names_are_read_out_gentle_bends_first_then_it_is_asked(language):
    """Nobody has to keep a dozen names in mind to answer."""
    said = asked(begin(language), 0)
    assert said[:2] == [*language.coach.welcome, "Number one: gentle bends."]
    assert said[-1] == "To hear others, say: what else."
    assert len(said) == 1 + AT_A_TIME + 2


@pytest.mark.parametrize("code", ["en", "es"])
def test_who_is_asked_hears_of_plans_and_can_say_what_is_taught(code):
    """Ten minutes for the back are offered by voice, not on the page alone."""
    language = read_language(code)
    offer = language.teaching.plans.offer
    assert language.phrases()[offer.split(": ")[1].rstrip(".")].choice == "whole-back-10"
    assert [n for n in range(0, 12, AT_A_TIME) if offer in offers(language, n)] == [0]


def test_what_else_reads_on_until_all_were_read_and_then_begins_anew(thirteen):
    """However many there are, each is read out once before the first comes again."""
    simulation = Simulation(new_session(thirteen))
    _, *read, _, _ = asked(simulation, 0)
    while (further := said_after(simulation, Command.WHAT_ELSE)[:-1])[0] != read[0]:
        read += further
    assert [name.split(": ")[1].rstrip(".") for name in read] == [
        routine.names[0] for routine in thirteen.routines
    ]
    assert read[-1] == "Number fifteen: evening."


def test_repeat_reads_the_same_names_again(language):
    """Who has not understood hears the same again, not others."""
    simulation = begin(language)
    others = said_after(simulation, Command.WHAT_ELSE)
    assert said_after(simulation, Command.REPEAT) == others
    told = said_after(simulation, Command.ABOUT, LEGS)
    assert said_after(simulation, Command.REPEAT) == told


def test_where_all_are_read_out_nothing_else_is_promised(language):
    """With four routines or fewer there are no others to hear."""
    few = language.model_copy(update={"routines": language.routines[:AT_A_TIME]})
    simulation = Simulation(new_session(few))
    assert language.coach.more not in asked(simulation, 0)


@pytest.mark.parametrize("place", [0, 6, 12])
def test_a_routine_is_chosen_by_name_even_while_the_names_are_read(thirteen, place):
    """Who knows what they want need not hear the list out, nor be read it at all."""
    wanted = thirteen.routines[place]
    simulation = Simulation(new_session(thirteen))
    simulation.run_until(lambda _: len(simulation.spoken) == 2)
    simulation.advance(0.5)
    simulation.hear(Command.CHOOSE, wanted.id)
    simulation.advance(3)
    assert simulation.session.state is State.SOUND_CHECK
    assert simulation.session.view(simulation.now).routine == wanted.title
    _, offer, title, *_ = simulation.spoken
    assert offer.cut
    assert title.text == f"{wanted.title}."


def test_about_a_routine_is_told_what_it_is_for_where_and_with_what_with_whom_and_how_long(
    language,
):
    """Whoever asks about a routine hears all that is needed to choose it, and is asked again."""
    for routine in language.routines:
        said = said_after(begin(language), Command.ABOUT, routine.id)
        assert said[0] == f"{routine.title}."
        assert said[1] == ("It is a twist, so it begins with a caution." if routine.twist else
                           "It is a stretch.")  # fmt: skip
        assert set(routine.place) <= set(said)
        needed = " ".join(said)
        for prop in routine.things:
            assert prop.split()[-1] in needed, f"{routine.id} tells of its {prop}"
        assert ("You need a partner for it." in said) == routine.partner
        told = language.coach.numbers.index(said[-1].split()[1])
        assert told == pytest.approx(simulate(language, routine).now / 60, abs=1)


def test_after_hearing_about_one_routine_another_can_be_chosen(language):
    """To ask is not to choose."""
    simulation = begin(language)
    said_after(simulation, Command.ABOUT, PRESS)
    assert simulation.session.state is State.CHOOSING
    assert simulation.session.view(simulation.now).routine == ""
    press(simulation, Command.CHOOSE, LEGS)
    assert simulation.session.view(simulation.now).routine == "Leg over leg"


@pytest.mark.parametrize("command", [Command.CHOOSE, Command.ABOUT])
def test_a_routine_that_does_not_exist_changes_nothing(language, command):
    """A routine nobody knows is an error, and the session stays where it was."""
    session = new_session(language)
    session.start(0)
    with pytest.raises(KeyError):
        session.handle(Heard(command, "nonsense", "nonsense"), 1)
    assert session.state is State.CHOOSING


def test_the_names_the_coach_reads_out_are_not_taken_for_an_answer(language):
    """A name that comes back through the microphone while it is read out chooses nothing."""
    simulation = begin(language)
    simulation.run_until(lambda session: session.view(0).saying == "Number two: shower bends.")
    for phrase in ("shower bends", "two", "number two"):
        meaning = language.phrases()[phrase]
        simulation.handle(Heard(meaning.command, phrase, meaning.choice))
    assert simulation.session.state is State.CHOOSING
    assert not simulation.spoken[-1].cut


def test_the_view_tells_which_names_are_read_out(thirteen):
    """A screen too small for all of them shows those that are spoken of."""
    simulation = Simulation(new_session(thirteen))
    shown = []
    for _ in islice(thirteen.routines, 0, None, AT_A_TIME):
        shown.append(simulation.session.view(simulation.now).offered)
        press(simulation, Command.WHAT_ELSE)
    assert shown == [0, 4, 8, 12]
