"""Whoever lies under the partner's hands is never left pressed: the partner is told to let go."""

from __future__ import annotations

from functools import cache

import pytest
from fuzzing import examples
from hypothesis import example, given
from hypothesis import strategies as st
from scenes import PRESS, begin, key, lead, press

from voice_coach.catalogue import read_language
from voice_coach.core.actions import Say
from voice_coach.core.commands import URGENT, Command
from voice_coach.core.events import Fault, Heard, Noticed, SomebodyComing
from voice_coach.core.pace import BREATHS, RATES
from voice_coach.core.press import MOST
from voice_coach.core.transitions import State

LONGEST_HUSH = 1.0

PRESS_STEP = 5
"""The first step with a press, as a view counts."""
AFTER = 10
"""The step after the last press."""
SOON = 0.7
"""Seconds from an interruption to the first word that releases."""
DOUBT = Heard(Command.PAIN, "ow", tier="possible")
HUSHED = Noticed("hush")
FAULTS = [Fault("hearing", "It is gone."), Fault("voice", "It is gone."), Fault("computer", "So.")]
LEAVING = [
    key(command)
    for command in (
        *(Command.PAUSE, Command.HELP, Command.SAFETY, Command.BACK, Command.REPEAT, Command.NEXT),
        *(Command.STOP, Command.PAIN),
    )
]
INTERRUPTIONS = [*LEAVING, DOUBT, *FAULTS]


def named(event):
    """Name an event for a report."""
    return getattr(event, "command", None) or getattr(event, "part", "") or type(event).__name__


@cache
def first_press(language):
    """Lead a session in this language to the first moment of the press."""
    begun = begin(read_language(language), PRESS)
    return lead(begun, lambda view: view.step == PRESS_STEP and view.state is State.BREATHING)


@pytest.fixture(params=["en", "es"])
def pressing(request):
    """A session at the first moment of the press, in each language."""
    return first_press(request.param)


def releasing(simulation):
    """Give the sentences that release; the second also ends the routine."""
    language = simulation.session.config.language
    return language.coach.press.release, language.safety.partner[0]


def breath_cues(simulation):
    """Give the cues of the press: in, out, push, let go."""
    steps = simulation.session.config.language.routine(PRESS).steps
    return next(step.breathing for step in steps if step.breathing and step.breathing.press).cues


def next_words(simulation, seconds=30):
    """Give what sounds from now on."""
    begun = len(simulation.spoken)
    simulation.advance(seconds)
    return simulation.spoken[begun:]


@pytest.mark.parametrize("event", INTERRUPTIONS, ids=named)
def test_every_interruption_of_a_press_begins_with_the_release(pressing, event):
    """At each fifth of a second of two rounds, whatever interrupts tells the partner first."""
    simulation = pressing.fork()
    for _ in range(100):
        interrupted = simulation.fork()
        at = interrupted.now
        interrupted.handle(event)
        first, *after = next_words(interrupted)
        assert first.text in releasing(interrupted)
        assert not first.cut
        assert first.start - at <= SOON
        no_press_before_a_breath_in(interrupted, after)
        simulation.advance(0.2)


def test_a_hush_of_more_than_a_second_tells_the_partner_to_let_go(pressing):
    """And nothing else is said before the hush is over; then the breath begins anew."""
    simulation = pressing.fork()
    for _ in range(50):
        hushed = simulation.fork()
        at = hushed.now
        hushed.handle(HUSHED)
        words = next_words(hushed, 6)
        assert [spoken.text for spoken in words] == [releasing(hushed)[0]]
        assert words[0].start - at == pytest.approx(LONGEST_HUSH, abs=0.1)
        hushed.handle(Noticed("resume"))
        assert next_words(hushed, 3)[0].text == breath_cues(hushed)[0]
        simulation.advance(0.4)


@pytest.mark.parametrize(("seconds", "pressed"), [(3, False), (6.5, False), (8.5, True)])
def test_a_short_hush_costs_a_round_and_releases_who_presses(pressing, seconds, pressed):
    """After a cough of under a second the breath begins anew; a press has ended by a word."""
    simulation = pressing.fork()
    simulation.advance(seconds)
    simulation.handle(HUSHED)
    simulation.advance(0.8)
    simulation.handle(Noticed("resume"))
    texts = [spoken.text for spoken in next_words(simulation, 4)]
    assert texts[: 1 + pressed] == [
        *releasing(simulation)[:1] * pressed,
        breath_cues(simulation)[0],
    ]


@examples(40)
@given(
    st.lists(
        st.tuples(
            st.floats(0, 9),
            st.sampled_from(
                [
                    *INTERRUPTIONS[:6],
                    *(DOUBT, HUSHED, Noticed("duck"), Noticed("resume"), SomebodyComing()),
                    *map(key, (Command.CONTINUE, Command.NO, Command.GENTLER, Command.SLOWER)),
                    *map(key, (Command.LONGER_BREATHS, Command.HOW_LONG, Command.FASTER)),
                ]
            ),
        ),
        max_size=10,
    ),
    st.sampled_from([*LEAVING, DOUBT, *FAULTS]),
)
@example([(0.0, HUSHED), (3.0, key(Command.GENTLER)), (7.0, key(Command.PAUSE))], FAULTS[0])
def test_after_any_events_the_partner_is_released(row, last):
    """After any row of events: within a moment the words, or they have been said since."""
    simulation = first_press("en").fork()
    for seconds, event in row:
        simulation.advance(seconds)
        simulation.handle(event)
    at = simulation.now
    progress = simulation.session.snapshot.progress
    simulation.handle(last)
    if progress.running and not progress.released:
        words = next_words(simulation)
        assert words[0].text in releasing(simulation)
        assert words[0].start - at <= SOON
    watch(simulation)


def watch(simulation):
    """Check all that was said from the beginning on: each press ends, and begins with a breath."""
    breath_in, _, push, let_go = breath_cues(simulation)
    pressed, breathed = None, False
    for spoken in simulation.spoken:
        if spoken.text == breath_in:
            breathed = True
        elif spoken.text == push:
            assert breathed, "a press without a new breath in"
            assert pressed is None, "two presses without a release"
            pressed = spoken.start
        elif spoken.text == let_go or spoken.text in releasing(simulation):
            if pressed is not None:
                assert spoken.start - pressed <= 4 + SOON + LONGEST_HUSH
            pressed, breathed = None, False
    presses = [spoken for spoken in simulation.spoken if spoken.text == push]
    assert len(presses) <= MOST


def no_press_before_a_breath_in(simulation, words):
    """Check that the partner is not told to push before the person is told to breathe in."""
    breath_in, _, push, _ = breath_cues(simulation)
    texts = [spoken.text for spoken in words]
    if push in texts:
        assert breath_in in texts[: texts.index(push)]


def test_eight_presses_are_all_there_are(pressing):
    """However often the step is repeated or broken off; then the session goes on without."""
    simulation = pressing.fork()
    push = breath_cues(simulation)[2]
    for command in (Command.REPEAT, Command.PAUSE) * MOST:
        simulation.run_until(lambda s: s.view(0).saying == push or s.view(0).step > PRESS_STEP)
        if simulation.session.view(0).step > PRESS_STEP:
            break
        press(simulation, command)
        simulation.advance(2)
        if command is Command.PAUSE:
            press(simulation, Command.REPEAT)
    simulation.advance(8)
    assert simulation.session.view(0).step == AFTER
    asked = [a for a in simulation.actions if isinstance(a, Say) and a.text == push]
    assert len(asked) == MOST
    texts = [spoken.text for spoken in simulation.spoken]
    assert simulation.session.config.language.coach.press.enough in texts


@pytest.mark.parametrize("commands", [(), (Command.SLOWER,), (Command.LONGER_BREATHS,)])
def test_no_press_lasts_more_than_four_seconds_at_any_pace(pressing, commands):
    """Not with the calmest speech, and not with the longest breath."""
    simulation = pressing.fork()
    for command in commands:
        for _ in (*RATES, *BREATHS):
            press(simulation, command)
    lead(simulation, lambda view: view.step == AFTER)
    _, _, push, let_go = breath_cues(simulation)
    starts = [s.start for s in simulation.spoken if s.text == push]
    ends = [s.start for s in simulation.spoken if s.text == let_go]
    assert len(starts) == len(ends) == MOST
    assert all(0 < end - start <= 4 for start, end in zip(starts, ends, strict=True))


@pytest.mark.parametrize("event", [*map(key, (Command.PAUSE, Command.STOP)), DOUBT], ids=named)
@pytest.mark.parametrize("after", [0.05, 0.3, 0.6])
def test_nothing_breaks_off_the_release_for_good(pressing, event, after):
    """What comes in the middle of it says it again, or waits."""
    nexts = [
        *map(key, (Command.CONTINUE, Command.HELP, Command.SAFETY, Command.STOP)),
        HUSHED,
        DOUBT,
    ]
    simulation = pressing.fork()
    simulation.advance(6)
    simulation.handle(event)
    simulation.advance(after)
    for following in nexts:
        both = simulation.fork()
        begun = len(both.spoken) - 1
        both.handle(following)
        both.advance(5)
        said = [s for s in both.spoken[begun:] if s.text in releasing(both) and not s.cut]
        assert said, named(following)


def test_gentler_in_a_press_releases_first(pressing):
    """Less pressure begins with none; a new breath follows."""
    simulation = pressing.fork()
    simulation.run_until(lambda session: session.view(0).saying == breath_cues(simulation)[2])
    press(simulation, Command.GENTLER)
    first, gentler, breath, *_ = next_words(simulation, 12)
    lines = simulation.session.config.language.coach
    assert first.text == lines.press.release
    assert gentler.text == lines.to_partner.format(sentence=lines.answers.gentler)
    assert breath.text == breath_cues(simulation)[0]


def test_a_breath_does_not_soften_the_cues_of_a_press(pressing):
    """The breath out is a sound of the person's, and the partner must hear the cues over it."""
    simulation = pressing.fork()
    begun = len(simulation.actions)
    simulation.advance(5)
    simulation.handle(Noticed("duck"))
    assert all(isinstance(action, Say) for action in simulation.actions[begun:])


def test_pain_needs_no_breath():
    """The commands that end a routine are urgent wherever a partner presses."""
    assert {Command.PAIN, Command.STOP} == set(URGENT)
