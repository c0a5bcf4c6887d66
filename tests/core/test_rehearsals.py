"""Every routine and every plan, heard from beginning to end, as `rehearse` prints them."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise, product

import pytest
from fuzzing import nightly
from scenes import begin

from voice_coach.catalogue import read_language
from voice_coach.core.pace import RATES
from voice_coach.core.plan import MINUTES, compose
from voice_coach.core.script import needs, write_out
from voice_coach.core.simulation import simulate

CODES = ("en", "es")
SMALL = {
    *("and", "slowly", "gently", "the", "to", "a", "of", "your", "again"),
    *("y", "despacio", "el", "la", "los", "al", "de", "su", "nuevo"),
}
"""Words that two sentences may share without saying the same."""
GOES_ON = {"all", "todo"}
"""A sentence with one of these takes the movement to its end: "all the way up"."""

THINGS = ("ball", "chair", "towel", "bed", "the mat", "something soft", "toalla", "algo blando")


@cache
def led(code):
    """Give a language, and all that it leads: each routine, and each plan, whole and gentle."""
    language = read_language(code)
    plans = [
        compose(plan, minutes, language, allowed.__contains__)
        for plan, minutes in product(language.plans, MINUTES)
        for allowed in (language.routines, [r for r in language.routines if r.is_gentle])
    ]
    return language, [*language.routines, *plans]


@cache
def rehearsals(code, rate=None):
    """Give what is heard of each routine, in a first session and in one of many."""
    language, routines = led(code)
    heard = []
    for routine in routines:
        taught = language if routine in language.routines else language.taught_too(routine)
        for known in (frozenset(), frozenset({routine.id})):
            config = {"rate": rate} if rate else {"seed": len(heard)}
            simulation = begin(taught, routine.id, known_routines=known, **config)
            simulation.run_obediently()
            heard.append((routine, [spoken.text for spoken in simulation.spoken]))
    return heard


def words(sentence):
    return set(re.findall(r"[\w']+", sentence.lower())) - SMALL


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("rate", [None, *nightly(*RATES)])
def test_no_sentence_comes_twice_in_a_row(code, rate):
    """At any pace and on any day, breath cues among them."""
    for routine, heard in rehearsals(code, rate):
        twice = [one for one, next_one in pairwise(heard) if one == next_one]
        assert not twice, routine.id


@pytest.mark.parametrize("code", CODES)
def test_what_ends_a_hold_is_not_said_once_more_by_the_next_step(code):
    """No "Let go of your feet." behind an "And let go of your feet"."""
    language, routines = led(code)
    for routine in routines:
        for step, then in pairwise(write_out(routine, language.coach)):
            first = words(then.say[0])
            if step.release and not first & GOES_ON:
                assert not words(step.release) <= first, (routine.id, step.release)


@pytest.mark.parametrize(("code", "warming"), [("en", "warm up"), ("es", "en calor")])
def test_nobody_hears_twice_that_they_warm_up(code, warming):
    """A plan says it in its first words, and the warm-up itself then begins."""
    for routine, heard in rehearsals(code):
        assert sum(warming in sentence.lower() for sentence in heard) <= 1, routine.id


@pytest.mark.parametrize("code", CODES)
def test_things_are_named_while_one_can_still_fetch_them(code):
    """Before the way down and before the first step; who knows the routine hears it, too."""
    language, _ = led(code)
    down = language.teaching.moving.down[0]
    for routine, heard in rehearsals(code):
        script = write_out(routine, language.coach)
        told = [sentence for step in script for sentence in step.say]
        named = "".join(needs(routine.things, language))
        used = [thing for thing in THINGS if re.search(rf"\b{thing}\b", " ".join(told).lower())]
        assert [thing for thing in used if thing.removeprefix("the ") not in named] == [], (
            routine.id
        )
        if named:
            assert heard.index(named) < heard.index(told[0]), routine.id
            assert down not in heard or heard.index(named) < heard.index(down), routine.id


def test_nobody_is_sent_to_the_ball_before_its_cautions(language):
    """Where it may stand is told before the coach, or anybody, is put beside it."""
    ball = language.routine("exercise-ball")
    heard = [spoken.text for spoken in simulate(language, ball).spoken]
    before = heard[: heard.index(ball.caution[0])]
    assert [text for text in before if "the ball" in text] == []


def test_who_is_told_to_stand_is_not_offered_a_chair(language):
    """Nobody sits down for a routine that begins: stand tall."""
    for routine in language.routines:
        if routine.position == "standing":
            assert not any("chair" in text for text in (*routine.setup, *routine.place)), routine.id


def test_a_plan_names_all_that_is_needed_below_again_before_the_way_down(language):
    """Ten minutes later things lie elsewhere, and nobody gets up again for a cushion."""
    down = language.teaching.moving.down[0]
    for routine, heard in rehearsals("en"):
        if routine.ends_on_floor and routine.position != "floor":
            named = heard[heard.index(down) - 1]
            assert "something soft for your head" in named, routine.id
            assert named == needs(routine.things, language)[0]
