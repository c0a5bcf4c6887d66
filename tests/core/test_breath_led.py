"""No push without a breath out: the press waits for the breath, whatever the person does."""

from __future__ import annotations

import pytest
from benchmark.breathing import WAYS
from breathers import Breather
from fuzzing import nightly
from scenes import PRESS, begin, lead, notice, press

from voice_coach.core.actions import ListenForBreath, Say
from voice_coach.core.breathing import LONGEST_PRESS, PRESS_SHARE
from voice_coach.core.commands import Command
from voice_coach.core.events import BreathStarted
from voice_coach.core.pace import speaking_seconds
from voice_coach.core.press import MOST
from voice_coach.core.transitions import State

CLEARLY = 0.5

FREE_STEP, PRESS_STEP = 3, 5
AUDIBLE = ("regular", "talking")
REPORTED, WINDOW, CUE = 0.25, 1.0, 1.2


@pytest.fixture(scope="module")
def free(language):
    """A session at the first moment of the free breaths."""
    begun = begin(language, PRESS, press_by_breath=True)
    return lead(begun, lambda view: view.step == FREE_STEP and view.state is State.BREATHING)


def cues_of(language):
    """Give the cues of the press: in, out, push, let go."""
    return language.routine(PRESS).steps[PRESS_STEP - 1].breathing.cues


def led(free, way, seed=0, seconds=300):
    """Let somebody breathe in this way from the free breaths on; give the session and them."""
    simulation, breather = free.fork(), Breather(way, seed)
    breather.advance(simulation, seconds)
    return simulation, breather


def under_the_hands(free, seconds=0.0):
    """Let somebody breathe regularly until the press has begun, and for so many seconds more."""
    simulation, breather = free.fork(), Breather("regular")
    breather.lead(
        simulation, lambda view: view.step == PRESS_STEP and view.state is State.BREATHING
    )
    breather.advance(simulation, seconds)
    return simulation, breather


def spoken(simulation, text):
    """Give when this was said."""
    return [each.start for each in simulation.spoken if each.text == text]


def test_two_free_breaths_tell_how_long_this_person_breathes_out(free, language):
    """The coach says so, and the press follows."""
    simulation, _ = under_the_hands(free, 10)
    assert "I hear you. About five seconds out." in [s.text for s in simulation.spoken]
    assert spoken(simulation, cues_of(language)[2])


def test_a_push_comes_soon_after_the_breath_and_ends_before_it(free, language):
    """At most four seconds, at 70 % of this person's breath, and never after it."""
    _, _, push, let_go = cues_of(language)
    simulation, breather = led(free, "regular")
    pushes, ends = spoken(simulation, push), spoken(simulation, let_go)
    assert len(pushes) == len(ends) == MOST
    said = speaking_seconds(push, 150)
    for start, end in zip(pushes, ends, strict=True):
        onset, over = next((b for b in breather.breaths if b[0] <= start <= b[1]), (None, None))
        assert onset is not None
        assert start - onset <= CUE + REPORTED + WINDOW
        assert end - start <= LONGEST_PRESS + 1e-6
        assert end - onset <= max(PRESS_SHARE * 5.6, start - onset + said) + 0.1
        assert end <= over


@pytest.mark.parametrize("least", [250, *nightly(1000)])
def test_no_push_without_a_breath_out_in_so_many_rounds(free, language, least):
    """However people breathe; and those who breathe as they are told get their press."""
    breath_out, push, let_go = cues_of(language)[1:]
    missed, release = language.coach.press.missed, language.coach.press.release
    rounds = heard = 0
    for seed in range(200):
        way = WAYS[seed % len(WAYS)]
        if way in ("silent", "panting") and seed > len(WAYS):
            continue
        simulation, breather = led(free, way, seed)
        pushes = spoken(simulation, push)
        for at in pushes:
            assert any(start <= at <= end + REPORTED for start, end in breather.breaths), way
        ends = sorted(spoken(simulation, let_go) + spoken(simulation, release))
        for at in (push for push in pushes if push < simulation.now - LONGEST_PRESS - 2):
            assert any(0 < end - at <= LONGEST_PRESS + 1 + REPORTED for end in ends), way
        rounds += len(spoken(simulation, breath_out))
        if way in AUDIBLE:
            heard += 1
            assert len(pushes) == MOST
            assert not spoken(simulation, missed)
        if rounds >= least:
            break
    assert rounds >= least
    assert heard


def test_the_end_of_the_breath_ends_the_press_at_once(free, language):
    """A breath of two seconds: the partner is told to let go when it is over."""
    push, let_go = cues_of(language)[2:]
    simulation, breather = led(free, "irregular", seed=3)
    short = [b for b in breather.breaths if b[1] - b[0] < 3]
    pairs = list(zip(spoken(simulation, push), spoken(simulation, let_go), strict=True))
    pressed = [(p, q, e) for p, q in pairs for s, e in short if s <= p <= e]
    assert pressed
    for start, end, over in pressed:
        assert end <= max(over + REPORTED, start + speaking_seconds(push, 150)) + 0.1


def test_a_breath_that_is_not_heard_gets_no_push(free, language):
    """Asked for louder breaths once, then the press is left out, and the coach says why."""
    simulation, _ = led(free, "silent")
    texts = [s.text for s in simulation.spoken]
    lines = language.coach.press
    assert texts.count(lines.louder) == 1
    assert texts.count(lines.unheard) == 1
    assert cues_of(language)[2] not in texts
    assert not any(
        isinstance(a, Say) and a.text == cues_of(language)[2] for a in simulation.actions
    )


def test_a_free_breath_that_is_heard_vaguely_is_none(free, language):
    """With water running the coach says that it hears no breath, and nobody is pressed."""
    simulation, breather = free.fork(), Breather("regular", sureness=CLEARLY - 0.1)
    breather.advance(simulation, 30)
    breather.advance(simulation, 120)
    assert spoken(simulation, language.coach.press.unheard)
    assert not spoken(simulation, cues_of(language)[2])


def test_three_rounds_without_a_breath_end_the_press(free, language):
    """Who falls silent under the hands is not called to breathe for ever."""
    simulation, breather = under_the_hands(free, 15)
    assert spoken(simulation, cues_of(language)[2])
    breather.way = "silent"
    breather.advance(simulation, 90)
    lines = language.coach.press
    assert len(spoken(simulation, lines.missed)) == 3
    assert lines.unheard in [s.text for s in simulation.spoken]


def test_a_breath_before_its_cue_or_long_after_it_is_no_reason_to_push(free, language):
    """Only a breath that begins within a second of "breathe out" counts."""
    simulation, _ = under_the_hands(free)
    for moment in range(60):
        trial = simulation.fork()
        trial.advance(moment / 10)
        cued = spoken(trial, cues_of(language)[1])
        trial.handle(BreathStarted(0.2, 0.9))
        begun = len(trial.spoken)
        trial.advance(2.5)
        pushed = cues_of(language)[2] in [s.text for s in trial.spoken[begun:]]
        turn = next(t for t in spoken(led_on(trial), cues_of(language)[1]) if t > simulation.now)
        at = simulation.now + moment / 10
        said = speaking_seconds(cues_of(language)[1], 150)
        if at - 0.2 < turn - 0.05 or at > turn + 2 * said + WINDOW:
            assert not pushed, (at, turn)
        elif turn + 0.25 <= at <= turn + said + WINDOW:
            assert pushed, (at, turn, cued)


def led_on(simulation):
    """Let some seconds pass."""
    on = simulation.fork()
    on.advance(6)
    return on


def test_after_the_last_push_an_interruption_brings_no_other(free, language):
    """A cough between the last "let go" and the next step, at any moment of it."""
    push, let_go = cues_of(language)[2:]
    begun, breather = under_the_hands(free)
    rounds = language.routine(PRESS).steps[PRESS_STEP - 1].breathing.rounds
    breather.lead(begun, lambda _: len(spoken(begun, let_go)) == rounds)
    tried = 0
    for moment in range(30):
        simulation = begun.fork()
        simulation.advance(moment / 10)
        if simulation.session.state is not State.BREATHING:
            break
        tried += 1
        notice(simulation, "hush")
        simulation.advance(0.5)
        notice(simulation, "resume")
        Breather("regular").lead(simulation, lambda view: view.step > PRESS_STEP)
        assert len(spoken(simulation, push)) == rounds, moment
    assert tried > 3


def test_breaths_are_asked_for_only_where_they_lead_a_press(free, language):
    """From the first step of the press on, and no more when it is over."""
    simulation, _ = led(free, "regular", seconds=400)
    asked = [a.on for a in simulation.actions if isinstance(a, ListenForBreath)]
    assert asked[0] is True
    assert asked[-1] is False
    by_the_clock = begin(language, PRESS)
    lead(by_the_clock, lambda view: view.step == PRESS_STEP)
    assert not [a for a in by_the_clock.actions if isinstance(a, ListenForBreath)]


@pytest.mark.parametrize("command", [Command.PAUSE, Command.HELP, Command.REPEAT, Command.BACK])
def test_an_interrupted_press_by_breath_releases_first(free, language, command):
    """The same promise as by the clock, at each half second of a round."""
    simulation, breather = under_the_hands(free)
    for _ in range(24):
        trial = simulation.fork()
        press(trial, command)
        begun = len(trial.spoken)
        trial.advance(3)
        assert trial.spoken[begun].text == language.coach.press.release
        breather.advance(simulation, 0.5)
