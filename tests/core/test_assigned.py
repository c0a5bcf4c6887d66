"""A plan that somebody else has chosen is asked about, and passes all that any plan must pass."""

import io

import pytest
from scenes import AFTER_PAIN, ALLOWED, BENDS, TOO_OFTEN, assigned, begin, possibly_say, press

from voice_coach.catalogue import read_language, read_screening
from voice_coach.core.adapt import GENTLE
from voice_coach.core.assigned_plan import read_assigned_plan
from voice_coach.core.commands import Command
from voice_coach.core.config import SessionConfig
from voice_coach.core.guard import GuardResult
from voice_coach.core.plan import MINUTES, InvalidPlan, compose
from voice_coach.core.transitions import State
from voice_coach.history.event_log import Log, head

TABLE = read_screening()
CHOICE = "assigned-5"


def offered(language, **config):
    """Begin a session with it, for somebody who was screened."""
    config = {"screening": TABLE, "screened": True, **config}
    simulation = begin(language, assigned=assigned(language), **config)
    simulation.advance(15)
    return simulation


def said(simulation):
    return [spoken.text for spoken in simulation.spoken]


@pytest.mark.parametrize("code", ["en", "es"])
def test_it_is_the_first_question_and_a_yes_leads_to_its_sound_check(code):
    language = read_language(code)
    simulation = offered(language, last=BENDS)
    lines = language.teaching.plans
    title = language.choices["upper-back-5"]
    question = (lines.assigned, language.coach.chosen.format(name=title), *lines.or_another)
    assert tuple(said(simulation)[-len(question) :]) == question
    assert not {lines.same_again.format(name=each) for each in language.choices.values()} & {
        *said(simulation)
    }
    press(simulation, Command.YES)
    assert simulation.session.view(0).routine_id == CHOICE
    assert simulation.session.state is State.SOUND_CHECK
    simulation.run_obediently()
    assert simulation.now == pytest.approx(300, rel=0.4)


def asked_for_consent(language, **config):
    """Say yes to the plan where a board would like to know how it goes."""
    simulation = offered(language, asks_consent=True, **config)
    press(simulation, Command.YES)
    return simulation


@pytest.mark.parametrize("code", ["en", "es"])
@pytest.mark.parametrize(
    ("answer", "consented"), [(Command.YES, True), (Command.NO, False), (None, False)]
)
def test_only_a_yes_lets_it_be_told_how_it_goes(code, answer, consented):
    """Silence, asked twice, is a no; the plan is led in each case."""
    language = read_language(code)
    simulation, lines = asked_for_consent(language), language.teaching.plans
    assert simulation.session.state is State.CONSENT
    simulation.advance(12)
    assert tuple(said(simulation)[-len(lines.consent) :]) == lines.consent
    if answer:
        press(simulation, answer)
    simulation.run_until(lambda session: session.state is State.SOUND_CHECK)
    simulation.advance(3)
    assert (lines.consented if consented else lines.declined) in said(simulation)
    view = simulation.session.view(0)
    assert (view.routine_id, view.consented) == (CHOICE, consented)
    simulation.run_obediently()
    assert said(simulation).count(lines.consent[0]) == (1 if answer else 2)


def test_a_second_yes_to_the_plan_is_no_consent(language):
    """By voice, by key or by a double touch: it counts only after all of the question."""
    simulation = asked_for_consent(language)
    press(simulation, Command.YES)
    simulation.hear(Command.YES)
    simulation.run_until(lambda session: session.view(0).saying != "", 60)
    press(simulation, Command.YES)
    assert simulation.session.state is State.CONSENT
    assert Command.YES not in simulation.session.accepted
    simulation.advance(12)
    press(simulation, Command.YES)
    assert simulation.session.view(0).consented


@pytest.mark.parametrize("answer", [Command.NO, Command.SAFETY])
def test_after_an_interruption_the_whole_question_about_consent_is_asked_again(language, answer):
    consent = language.teaching.plans.consent
    simulation = asked_for_consent(language)
    simulation.advance(12)
    if answer is Command.NO:
        possibly_say(simulation)
        simulation.advance(3)
    press(simulation, answer)
    simulation.run_until(lambda _: said(simulation).count(consent[0]) == 2, 200)
    assert not simulation.session.view(0).consented


def test_the_question_about_consent_is_said_again_and_can_be_left(language):
    consent = language.teaching.plans.consent
    simulation = asked_for_consent(language)
    simulation.advance(12)
    press(simulation, Command.REPEAT)
    simulation.advance(12)
    assert said(simulation).count(consent[0]) == 2
    press(simulation, Command.STOP)
    assert simulation.session.state is State.CLOSING
    assert not simulation.session.view(0).consented


def test_who_was_never_screened_answers_that_first_and_then_for_consent(language):
    simulation = asked_for_consent(language, screened=False)
    for _ in TABLE.questions[:-1]:
        simulation.advance(15)
        press(simulation, Command.NO)
    simulation.advance(15)
    press(simulation, Command.YES)
    simulation.run_until(lambda session: session.state is State.CONSENT, 600)
    press(simulation, Command.YES)
    simulation.advance(3)
    assert simulation.session.state is State.CONSENT
    assert not simulation.session.view(0).consented


@pytest.mark.parametrize("config", [{"asks_consent": True}, {}])
def test_of_ones_own_choice_nobody_is_asked_for_consent(language, config):
    simulation = offered(language, **config)
    simulation.hear(Command.CHOOSE, BENDS)
    assert simulation.session.state is State.SOUND_CHECK


def test_a_no_leads_to_the_choice_as_ever(language):
    simulation = offered(language)
    press(simulation, Command.NO)
    simulation.advance(30)
    assert simulation.session.state is State.CHOOSING
    assert language.coach.ask in said(simulation)
    assert Command.YES not in simulation.session.accepted


def test_another_name_is_chosen_in_its_place_at_once(language):
    simulation = offered(language)
    simulation.hear(Command.CHOOSE, BENDS)
    assert simulation.session.view(0).routine_id == BENDS


def test_where_nobody_answers_it_never_begins(language):
    simulation = offered(language)
    simulation.advance(3600)
    assert simulation.session.view(0).routine_id == ""


def test_who_has_asked_for_something_is_not_asked_about_it(language):
    simulation = begin(language, BENDS, assigned=assigned(language))
    simulation.advance(15)
    assert language.teaching.plans.assigned not in said(simulation)
    assert simulation.session.view(0).routine_id == BENDS


def test_after_pain_it_is_not_offered(language):
    simulation = offered(language, guard=AFTER_PAIN)
    assert simulation.session.state is State.AFTER_PAIN
    assert language.teaching.plans.assigned not in said(simulation)


def test_who_was_never_screened_is_asked_before_it_begins(language):
    simulation = offered(language, screened=False)
    press(simulation, Command.YES)
    assert simulation.session.state is State.SCREENING


@pytest.mark.parametrize(
    "config",
    [
        {"guard": TOO_OFTEN},
        {"guard": GuardResult(gentle=(BENDS,), gentle_only=True)},
        {"excludes": frozenset({"twist"})},
    ],
)
def test_where_only_what_is_gentle_is_allowed_it_is_led_gently(language, config):
    simulation = offered(language, **config)
    press(simulation, Command.YES)
    assert simulation.session.view(0).routine_id == CHOICE + GENTLE
    assert not simulation.session.view(0).twist


def test_nothing_that_it_brings_is_listened_for(language):
    config = SessionConfig(language=language, guard=ALLOWED, assigned=assigned(language))
    assert config.language.phrases() == language.phrases()
    assert CHOICE not in config.language.choices


def test_in_lists_it_has_a_title_though_nobody_can_choose_it(language):
    assert language.titles[CHOICE] == "Assigned plan, 5 minutes"
    assert language.titles["rocking"] == "Rocking"
    assert CHOICE not in language.choices


def test_a_log_holds_it_so_that_the_session_can_be_replayed(language):
    config = SessionConfig(language=language, guard=ALLOWED, assigned=assigned(language))
    assert Log.read(io.StringIO(head(config, "2026-01-02")), "log").config == config


STRANGE = """
id = "anna"
area = "your lower back"
names = ["plan of anna"]
warm_up = [{{ routine = "{warm_up}" }}]
main = [{main}]
cool_down = [{{ routine = "{cool_down}" }}]
"""


def strange(main, warm_up="shoulder-circles", cool_down="bent-knees-rest"):
    return STRANGE.format(main=main, warm_up=warm_up, cool_down=cool_down)


def test_a_plan_never_leaves_a_head_hanging(language):
    """The steps that lift it come last, so it is taken whole or not at all."""
    parts = '{ routine = "over-the-edge", steps = [1, 2] }'
    with pytest.raises(InvalidPlan, match="lets the head hang"):
        read_assigned_plan(language, strange(parts), 10)
    with pytest.raises(InvalidPlan, match="lets the head hang"):
        read_assigned_plan(language, strange(parts.replace("[1, 2]", "[2, 3]")), 10)
    assert read_assigned_plan(language, strange('{ routine = "over-the-edge" }'), 15)


def test_no_plan_twists_twice_wherever_its_twists_stand(language):
    text = strange('{ routine = "leg-over-leg" }', "upright-lean", "hold-the-feet")
    for minutes in MINUTES:
        plan = read_assigned_plan(language, text, minutes)
        routine = compose(plan, minutes, language, lambda _: True)
        titles = [language.routine(each).title for each in ("upright-lean", "leg-over-leg")]
        assert not all(title in routine.summary for title in titles)


def test_a_plan_of_many_routines_is_led_however_long_its_list_would_be(language):
    """Its summary was too long for a routine, and the session broke as it began."""
    some = ("gentle-bends", "leg-over-leg", "rocking", "hold-the-feet", "hands-behind-head")
    text = strange(", ".join(f'{{ routine = "{each}" }}' for each in some))
    for minutes in MINUTES:
        plan = read_assigned_plan(language, text, minutes)
        assert begin(language, assigned=plan, screening=TABLE, screened=True)
