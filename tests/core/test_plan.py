"""A plan for an area and a time: ordered, allowed, and about as long as was asked for."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_coach.catalogue import read_language
from voice_coach.core.commands import Command, Meaning
from voice_coach.core.config import SessionConfig
from voice_coach.core.plan import MINUTES, ORDER, InvalidPlan, compose, faults, name, parse_plan
from voice_coach.core.remaining import step_seconds
from voice_coach.core.routine import Routine
from voice_coach.core.script import write_out
from voice_coach.core.session import Session
from voice_coach.core.simulation import Simulation

AREAS = ("upper-back", "lower-back", "whole-back")
PLANS = list(product(AREAS, MINUTES))
GENTLE = "bent-knees-rest"

GOOD = """\
id = "short-one"
area = "your shoulders"
names = ["my shoulders"]
warm_up = [{ routine = "shoulder-circles", steps = [1, 2] }]
main = [{ routine = "gentle-bends", steps = [3, 8] }]
cool_down = [{ routine = "bent-knees-rest" }]
"""


def plan_of(language, area):
    return next(plan for plan in language.plans if plan.id == area)


def parts_of(plan):
    return (*plan.warm_up, *plan.main, *plan.fill, *plan.cool_down)


def anything(_routine):
    return True


def gentle(routine):
    return routine.classes == {"gentle"}


def seconds(language, routine):
    """Measure a whole session with somebody who knows the coach."""
    known = [routine.id]
    session = Simulation(
        Session(
            SessionConfig(
                language=language.taught_too(routine),
                routine=routine.id,
                stop_tested=True,
                known_routines=frozenset(known),
            )
        )
    )
    session.run_obediently()
    return session.now


@pytest.mark.parametrize(("area", "minutes"), PLANS)
@pytest.mark.parametrize("allowed", [anything, gentle])
def test_a_plan_takes_about_as_long_as_was_asked_for(language, area, minutes, allowed):
    """Five, ten and fifteen minutes are that, give or take a fifth, for whoever may do what."""
    for taught in (language, read_language("es")):
        routine = compose(plan_of(taught, area), minutes, taught, allowed)
        assert 0.8 * minutes * 60 <= seconds(taught, routine) <= 1.2 * minutes * 60, taught.code


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("allowed", [anything, gentle])
def test_ten_minutes_are_not_spent_lying_still(language, area, allowed):
    """Where the whole rest would leave little room for the main part, a short one ends it."""
    for taught in (language, read_language("es")):
        script = write_out(compose(plan_of(taught, area), 10, taught, allowed), taught.coach)
        rest = {step.title for step in taught.routine(GENTLE).steps} | {
            taught.routine(GENTLE).title
        }
        resting = sum(step_seconds(step) for step in script if step.title in rest)
        assert resting < 0.4 * sum(map(step_seconds, script)), taught.code


@pytest.mark.parametrize(("area", "minutes"), PLANS)
def test_a_plan_warms_up_first_and_rests_last(language, area, minutes):
    """The first step is one of a warm-up, the last one of a cool-down."""
    plan = plan_of(language, area)
    titles = [step.title for step in compose(plan, minutes, language, anything).steps]
    first = language.routine(plan.warm_up[0].routine).steps[0].title
    lasts = {
        language.routine(block.routine).steps[(block.steps or (0, 0))[1] - 1].title
        for block in plan.cool_down
    }
    assert titles[0] == first
    assert titles[-1] in lasts
    assert len(titles) > 4


@pytest.mark.parametrize(("area", "minutes"), PLANS)
@pytest.mark.parametrize("allowed", [anything, gentle])
def test_nobody_gets_down_and_up_and_down_again(language, area, minutes, allowed):
    """Standing comes before the floor, the way down is told once, and the way up at the end."""
    routine = compose(plan_of(language, area), minutes, language, allowed)
    down, up = language.teaching.moving.down[0], language.teaching.moving.up[0]
    session = Simulation(
        Session(
            SessionConfig(
                language=language.taught_too(routine), routine=routine.id, stop_tested=True
            )
        )
    )
    session.run_obediently()
    said = [spoken.text for spoken in session.spoken]
    assert said.count(down) == routine.ends_on_floor
    assert said.count(up) == routine.ends_on_floor
    assert ORDER.index(routine.position) <= ORDER.index(routine.ends)


@pytest.mark.parametrize(("area", "minutes"), PLANS)
def test_a_plan_has_one_twist_at_most_and_counts_as_one(language, area, minutes):
    """The guard counts a plan like any twist, and its caution is spoken before it."""
    routine = compose(plan_of(language, area), minutes, language, anything)
    by_title = {r.title: r for r in language.routines}
    parts = [by_title[step.title] for step in routine.steps if step.title in by_title]
    twists = [part for part in parts if part.twist]
    assert len(twists) <= 1
    assert routine.twist == bool(twists)
    for part in parts:
        told = next(step for step in routine.steps if step.title == part.title).say
        assert set(part.caution) <= set(told)


@settings(max_examples=25)
@given(st.sampled_from(PLANS), st.sets(st.integers(0, 12)))
def test_a_plan_holds_only_what_is_allowed(language, wanted, forbidden):
    """Whatever the screening, the guard or yesterday leave out is not in it."""
    area, minutes = wanted
    left_out = {routine.id for n, routine in enumerate(language.routines) if n in forbidden}
    routine = compose(
        plan_of(language, area), minutes, language, lambda one: one.id not in left_out
    )
    if routine is None:
        assert GENTLE in left_out
        return
    allowed = {
        step.say for one in language.routines if one.id not in left_out for step in one.steps
    }
    allowed |= {one.closing for one in language.routines if one.id not in left_out}
    titles = {one.title for one in language.routines if one.id not in left_out}
    titles |= {
        name(b, language) for b in parts_of(plan_of(language, area)) if b.routine not in left_out
    }
    for step in routine.steps:
        assert step.say in allowed or step.title in titles


@pytest.mark.parametrize("allowed", [anything, gentle])
def test_ten_minutes_for_the_lower_back_are_spent_on_it(language, allowed):
    """No shoulders are circled in them; those fill fifteen minutes where nothing strong may."""
    for taught in (language, read_language("es")):
        plan = plan_of(taught, "lower-back")
        shoulders = {step.title for step in taught.routine("shoulder-circles").steps[1:]}
        titles = {step.title for step in compose(plan, 10, taught, allowed).steps}
        assert not shoulders & titles
    whole = compose(plan_of(language, "lower-back"), 15, language, allowed)
    shoulders = {step.title for step in language.routine("shoulder-circles").steps[1:]}
    assert bool(shoulders & {step.title for step in whole.steps}) is (allowed is gentle)


def test_after_pain_a_plan_is_a_rest(language):
    """Where only rest is allowed, that is what there is."""
    routine = compose(plan_of(language, "whole-back"), 10, language, lambda r: r.id == GENTLE)
    assert [step.title for step in routine.steps] == [
        step.title for step in language.routine(GENTLE).steps
    ]
    assert compose(plan_of(language, "whole-back"), 10, language, lambda _: False) is None


def test_a_part_is_called_by_what_comes(language):
    """Nobody is told of shoulder circles where the embrace follows, without a circle."""
    whole = compose(plan_of(language, "whole-back"), 15, language, anything)
    told = [step.say[0] for step in whole.steps]
    assert "And now: Embrace yourself." in told
    assert "And now: Rest with bent knees." in told
    assert "And now: Shoulder circles." not in told


@pytest.mark.parametrize(("area", "minutes"), PLANS)
def test_who_hears_what_comes_hears_at_once_how(language, area, minutes):
    """Nobody is told to bend forward, and then nothing for seven seconds."""
    for taught in (language, read_language("es")):
        then = taught.teaching.plans.then.format(name="").removesuffix(".")
        for step in compose(plan_of(taught, area), minutes, taught, anything).steps:
            if step.say[0].startswith(then) and len(step.say) == 1:
                assert step.title in {routine.title for routine in taught.routines}


def test_what_is_said_after_a_twist_is_said_where_it_ends(language):
    """Not after the rest, which may be done often and loosens nothing."""
    lean = language.routine("upright-lean")
    whole = compose(plan_of(language, "upper-back"), 15, language, lambda r: r.is_gentle or r.twist)
    told = [step.say for step in whole.steps]
    assert told.count(lean.closing) == 1
    assert told[told.index(lean.closing) - 1] == lean.steps[-1].say
    assert whole.closing == language.routine(GENTLE).closing


def test_who_stays_where_they_are_is_not_asked_whether_they_are_there(language):
    """The cautions lead straight to the first step, which waits for "next" by itself."""
    whole = compose(plan_of(language, "upper-back"), 15, language, lambda r: r.is_gentle or r.twist)
    lean, there = language.routine("upright-lean"), language.teaching.plans.ready_to_move
    assert ("And now: Upright lean.", *lean.caution, *lean.steps[0].say) in {
        step.say for step in whole.steps
    }
    assert [step.title for step in whole.steps if there in step.say] == ["Rest with bent knees"]


def test_who_lies_on_the_bare_floor_needs_no_mat_for_the_rest(language):
    """A plan names one surface where all can be done on it."""
    whole = compose(plan_of(language, "upper-back"), 15, language, anything)
    assert whole.things == ("a firm bare floor", "something soft for your head")
    rocked = compose(plan_of(language, "lower-back"), 15, language, anything)
    assert rocked.things == ("a mat", "something soft for your head")


@pytest.mark.parametrize(("area", "minutes"), PLANS)
def test_a_plan_is_an_ordinary_routine(language, area, minutes):
    """It can be written down, read again and looked over like any other."""
    routine = compose(plan_of(language, area), minutes, language, anything)
    assert Routine.model_validate_json(routine.model_dump_json()) == routine


@pytest.mark.parametrize(
    ("said", "choice"),
    [
        ("ten minutes for my upper back", "upper-back-10"),
        ("my upper back", "upper-back-10"),
        ("five minutes for my neck", "upper-back-5"),
        ("something short for my lower back", "lower-back-5"),
        ("fifteen minutes for my back", "whole-back-15"),
    ],
)
def test_a_plan_is_chosen_in_plain_words(language, said, choice):
    """Who says how long and for what is understood."""
    assert language.phrases()[said] == Meaning(Command.CHOOSE, choice)


def test_spanish_has_every_plan(language):
    """The same areas, in plain Spanish, of the routines that are translated."""
    spanish = read_language("es")
    assert [plan.id for plan in spanish.plans] == [plan.id for plan in language.plans]
    for area, minutes in PLANS:
        assert compose(plan_of(spanish, area), minutes, spanish, anything)
    assert spanish.phrases()["diez minutos para el cuello"].choice == "upper-back-10"


def test_a_good_plan_is_read():
    """Anyone can write one."""
    assert parse_plan(GOOD, "short.toml").main[0].steps == (3, 8)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('area = "your shoulders"\n', "", "short.toml, line 1: area is missing; add it"),
        ("[3, 8]", "[8, 3]", "ends before it begins"),
        ("cool_down = [", "cooldown = [", "cooldown is not known; check its spelling"),
        ('names = ["my shoulders"]', "names = []", "names is empty; put something in"),
        ("main = [{", "main = [[", "not valid TOML"),
    ],
)
def test_a_mistake_in_a_plan_is_told(old, new, told):
    """Whoever wrote it knows where it is and what to do."""
    with pytest.raises(InvalidPlan, match=told):
        parse_plan(GOOD.replace(old, new), "short.toml")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"gentle-bends"', '"yoga"', 'there is no routine "yoga"'),
        ("[3, 8]", "[3, 80]", '"gentle-bends" has only'),
        ('"gentle-bends", steps = [3, 8]', '"assisted-press"', "needs a partner"),
    ],
)
def test_a_plan_of_what_is_not_there_is_told(language, old, new, told):
    """A plan that cannot be led is refused, and says why."""
    plan = parse_plan(GOOD.replace(old, new), "short.toml")
    assert told in faults(plan, language)[0][-1]
