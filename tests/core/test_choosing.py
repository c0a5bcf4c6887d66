"""Choosing a routine by ear: few names at a time, and what is to be known of each."""

from __future__ import annotations

from itertools import islice

import pytest
from scenes import BENDS, LEGS, PRESS, press, rehearse

from voice_coach.core.choosing import AT_A_TIME
from voice_coach.core.commands import Command
from voice_coach.core.events import Heard
from voice_coach.core.session import Session
from voice_coach.core.simulation import Simulation, rehearsed
from voice_coach.core.transitions import State


@pytest.fixture
def thirteen(language):
    """Give a language with thirteen routines: two of a person's own behind the others."""
    own = [
        language.routines[0].model_copy(update={"id": name, "names": (name,), "title": name})
        for name in ("morning", "evening")
    ]
    return language.model_copy(update={"routines": (*language.routines, *own)})


def said_after(rehearsal, command, choice=BENDS):
    """Give a command, and what is said until the question which stretch it is to be."""
    begun = len(rehearsal.spoken)
    press(rehearsal, command, choice)
    return asked(rehearsal, begun)


def asked(rehearsal, begun):
    """Give what is said until the question, without it."""
    lines = rehearsal.session._lines  # noqa: SLF001
    rehearsal.run_until(
        lambda _: len(rehearsal.spoken) > begun and rehearsal.spoken[-1].text == lines.ask
    )
    return [spoken.text for spoken in rehearsal.spoken[begun:-1]]


def test_a_few_names_are_read_out_gentle_bends_first_then_it_is_asked(language):
    """Nobody has to keep a dozen names in mind to answer."""
    said = asked(rehearse(language), 0)
    assert said[:2] == [*language.coach.welcome, "Number one: gentle bends."]
    assert said[-1] == "To hear others, say: what else."
    assert len(said) == 1 + AT_A_TIME + 1


def test_what_else_reads_on_until_all_were_read_and_then_begins_anew(thirteen):
    """However many there are, each is read out once before the first comes again."""
    rehearsal = Simulation(Session(thirteen))
    read = asked(rehearsal, 0)[1:-1]
    while (further := said_after(rehearsal, Command.WHAT_ELSE)[:-1])[0] != read[0]:
        read += further
    assert [name.split(": ")[1].rstrip(".") for name in read] == [
        routine.names[0] for routine in thirteen.routines
    ]
    assert read[-1] == "Number thirteen: evening."


def test_repeat_reads_the_same_names_again(language):
    """Who has not understood hears the same again, not others."""
    rehearsal = rehearse(language)
    others = said_after(rehearsal, Command.WHAT_ELSE)
    assert said_after(rehearsal, Command.REPEAT) == others
    told = said_after(rehearsal, Command.ABOUT, LEGS)
    assert said_after(rehearsal, Command.REPEAT) == told


def test_where_all_are_read_out_nothing_else_is_promised(language):
    """With four routines or fewer there are no others to hear."""
    few = language.model_copy(update={"routines": language.routines[:AT_A_TIME]})
    rehearsal = Simulation(Session(few))
    assert language.coach.more not in asked(rehearsal, 0)


@pytest.mark.parametrize("place", [0, 6, 12])
def test_a_routine_is_chosen_by_name_even_while_the_names_are_read(thirteen, place):
    """Who knows what they want need not hear the list out, nor be read it at all."""
    wanted = thirteen.routines[place]
    rehearsal = Simulation(Session(thirteen))
    rehearsal.advance(4)
    rehearsal.hear(Command.CHOOSE, wanted.id)
    rehearsal.advance(3)
    assert rehearsal.session.state is State.SOUND_CHECK
    assert rehearsal.session.view(rehearsal.now).routine == wanted.title
    _, offer, title, *_ = rehearsal.spoken
    assert offer.cut
    assert title.text == f"{wanted.title}."


def test_about_a_routine_is_told_what_it_is_for_where_and_with_what_with_whom_and_how_long(
    language,
):
    """Whoever asks about a routine hears all that is needed to choose it, and is asked again."""
    for routine in language.routines:
        said = said_after(rehearse(language), Command.ABOUT, routine.id)
        assert said[0] == f"{routine.title}."
        assert said[1] == ("It is a twist, so it begins with a caution." if routine.twist else
                           "It is a stretch.")  # fmt: skip
        assert set(routine.place) <= set(said)
        needed = " ".join(said)
        for prop in routine.props:
            assert prop.split()[-1] in needed, f"{routine.id} tells of its {prop}"
        assert ("You need a partner for it." in said) == routine.partner
        told = language.coach.numbers.index(said[-1].split()[1])
        assert told == pytest.approx(rehearsed(language, routine).now / 60, abs=1)


def test_after_hearing_about_one_routine_another_can_be_chosen(language):
    """To ask is not to choose."""
    rehearsal = rehearse(language)
    said_after(rehearsal, Command.ABOUT, PRESS)
    assert rehearsal.session.state is State.CHOOSING
    assert rehearsal.session.view(rehearsal.now).routine == ""
    press(rehearsal, Command.CHOOSE, LEGS)
    assert rehearsal.session.view(rehearsal.now).routine == "Leg over leg"


@pytest.mark.parametrize("command", [Command.CHOOSE, Command.ABOUT])
def test_a_routine_that_does_not_exist_changes_nothing(language, command):
    """A routine nobody knows is an error, and the session stays where it was."""
    session = Session(language)
    session.start(0)
    with pytest.raises(KeyError):
        session.handle(Heard(command, "nonsense", "nonsense"), 1)
    assert session.state is State.CHOOSING


def test_the_names_the_coach_reads_out_are_not_taken_for_an_answer(language):
    """A name that comes back through the microphone while it is read out chooses nothing."""
    rehearsal = rehearse(language)
    rehearsal.run_until(lambda session: session.view(0).saying == "Number two: shower bends.")
    for phrase in ("shower bends", "two", "number two"):
        meaning = language.phrases()[phrase]
        rehearsal.handle(Heard(meaning.command, phrase, meaning.choice))
    assert rehearsal.session.state is State.CHOOSING
    assert not rehearsal.spoken[-1].cut


def test_the_view_tells_which_names_are_read_out(thirteen):
    """A screen too small for all of them shows those that are spoken of."""
    rehearsal = Simulation(Session(thirteen))
    shown = []
    for _ in islice(thirteen.routines, 0, None, AT_A_TIME):
        shown.append(rehearsal.session.view(rehearsal.now).offered)
        press(rehearsal, Command.WHAT_ELSE)
    assert shown == [0, 4, 8, 12]
