"""What runs by the clock: holds lose no time, breathing keeps its beat, and a press its breath."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenes import BENDS, LEGS, PRESS, at, begin, in_a_row, lead, notice, possibly_say, press

from voice_coach.catalogue import read_language
from voice_coach.core.actions import Cut, Say
from voice_coach.core.breathing import Phase, Round, plan_round
from voice_coach.core.commands import Command
from voice_coach.core.events import ClipDropped, Fault, Heard, TimeReached
from voice_coach.core.pace import BREATHS, RATES, Pace, speaking_seconds
from voice_coach.core.rounds import BreathingRounds
from voice_coach.core.routine import Breathing
from voice_coach.core.timed import LEAD, LONGEST_SILENCE, Holding
from voice_coach.core.transitions import State

GRACE = 0.15

PRESS_STEP = 4
"""In a routine that asks nothing."""
BREATH = in_a_row(read_language()).routine(PRESS).steps[PRESS_STEP - 1].breathing
REST_CUE, OUT_CUE, PRESS_CUE, LET_GO_CUE = BREATH.cues


# Holding


def held(simulation):
    """Let a hold run to its end; give its words and when each began, from the hold's end back."""
    begun = len(simulation.spoken)
    simulation.run_until(lambda session: session.state is not State.HOLDING)
    end = simulation.now
    return end, {spoken.text: spoken.start - end for spoken in simulation.spoken[begun:]}


def test_a_hold_is_halved_and_counted_down(language):
    """Twenty seconds: "halfway" in the middle, "three, two, one" on the last seconds."""
    _, words = held(at(language, State.HOLDING, LEGS))
    assert words == pytest.approx({"Halfway.": -10, "Three.": -3, "Two.": -2, "One.": -1})


def test_a_short_rest_is_neither_halved_nor_counted(language):
    """Five seconds of rest are quiet."""
    rest = lead(
        begin(language, BENDS),
        lambda view: view.state is State.HOLDING and view.title == "Come up",
    )
    assert held(rest)[1] == {}


def holding_begins(language):
    """Give a simulation at the first moment of a hold of twenty seconds, and that moment."""
    simulation = at(language, State.HOLDING, LEGS)
    # The hold begins when the quiet after the last told sentence is over.
    return simulation, simulation.now + 1.5


@pytest.mark.parametrize("held_for", [0.0, 0.2, 1.5, 3.3, 9.4, 9.6, 10.2, 16.6, 17.1, 19.7])
@pytest.mark.parametrize("pauses", [1, 3])
def test_pauses_lose_no_time_of_a_hold(language, held_for, pauses):
    """However often a hold is paused, and whenever, it lasts as long in all as it should.

    A word that is broken off is said again, with all of its second.
    """
    simulation, begins = holding_begins(language)
    simulation.advance(begins + held_for - simulation.now)
    quiet = 0.0
    counted = (language.coach.hold.halfway, *language.coach.hold.countdown)
    for _ in range(pauses):
        last = simulation.spoken[-1]
        press(simulation, Command.PAUSE)
        paused_at = last.start if last.cut and last.text in counted else simulation.now
        simulation.advance(7.3)
        press(simulation, Command.CONTINUE)
        simulation.advance(0)
        # The clock runs again when "on we go" has been said.
        simulation.run_until(lambda session: session.view(0).seconds_left is not None)
        resumed = simulation.now + 0.4
        quiet += resumed - paused_at
        simulation.advance(resumed - simulation.now)
    end, words = held(simulation)
    assert end - begins - quiet == pytest.approx(20, abs=1e-6)
    assert words.get("One.", -1) == pytest.approx(-1)


def test_what_was_said_of_a_hold_is_not_said_again(language):
    """A pause after "halfway" is not followed by another "halfway"."""
    simulation, begins = holding_begins(language)
    simulation.advance(begins + 12 - simulation.now)
    press(simulation, Command.PAUSE)
    simulation.advance(5)
    press(simulation, Command.CONTINUE)
    held(simulation)
    assert [spoken.text for spoken in simulation.spoken].count("Halfway.") == 1


def test_a_hold_is_not_stretched_by_slower_speech(language):
    """Twenty seconds are twenty seconds at any pace."""
    simulation, begins = holding_begins(language)
    press(simulation, Command.SLOWER)
    press(simulation, Command.SLOWER)
    assert held(simulation)[0] - begins == pytest.approx(20)


def test_the_time_left_counts_down(language):
    """The screen shows at most the whole hold, then less and less, down to nothing."""
    simulation, begins = holding_begins(language)
    left = [simulation.session.view(begins + t).seconds_left for t in (-1, 0, 5, 19.5, 21)]
    assert left == pytest.approx([20, 20, 15, 0.5, 0])


@given(seconds=st.floats(5, 60), quiet=st.floats(0, 10))
def test_no_hold_is_silent_for_more_than_twelve_seconds(language, seconds, quiet):
    """However long one holds, a word comes in time, and none over another."""
    timed = Holding.of(seconds, language.coach.hold, quiet)
    timed = timed.begin(0, 1)
    cues, now = [], 0.0
    while not timed.over(now):
        now = max(now, timed.deadline())
        timed, due = timed.due(now, 1)
        cues += due
    moments = [-quiet, *(cue.at for cue in cues), seconds]
    assert moments == sorted(moments)
    assert max(two - one for one, two in pairwise(moments)) <= LONGEST_SILENCE + 1e-6
    assert all(
        two.at - one.at >= speaking_seconds(one.text, min(RATES)) for one, two in pairwise(cues)
    )
    counted = [cue.at for cue in cues if cue.text in language.coach.hold.countdown]
    assert counted == pytest.approx([seconds - 3, seconds - 2, seconds - 1][: len(counted)])


def test_a_minute_is_held_in_company(language):
    """Sixty seconds: halfway, the last three counted, and a word now and then in between."""
    timed = Holding.of(60, language.coach.hold, 2.0)
    timed = timed.begin(0, 1)
    said = [(round(cue.at), cue.text) for cue in timed.due(60, 1)[1]]
    assert said == [
        *((9, "Keep breathing."), (19, "Calm and even."), (30, "Halfway.")),
        *((39, "Keep breathing."), (48, "Calm and even.")),
        *((57, "Three."), (58, "Two."), (59, "One.")),
    ]


# The beat


def rounds(number, seconds_in=4.0, seconds_out=6.0):
    """Give rounds of breath, without the limits of a routine."""
    return BreathingRounds(
        Breathing.model_construct(
            rounds=number,
            breath_in=seconds_in,
            breath_out=seconds_out,
            cue_in="In.",
            cue_out="Out.",
            press=False,
            cue_push=None,
            cue_let_go=None,
        )
    )


def breathe(timed, stretch=1.0, lateness=lambda: 0.0):
    """Run to the end as a session does; give all cues and the time of the end."""
    cues = []
    now = 0.0
    while not timed.over(now):
        now = max(now, timed.deadline()) + lateness()
        timed, due = timed.due(now, stretch)
        cues += due
    return cues, now


def test_an_hour_of_breathing_does_not_drift():
    """After 360 rounds of ten seconds the last breath begins on its sample."""
    timed = rounds(360)
    timed = timed.begin(0, 1)
    cues, end = breathe(timed)
    begins = [cue.at for cue in cues if cue.text == "In."]
    assert begins == [LEAD + 10 * n for n in range(360)]
    assert [cue.at for cue in cues if cue.text == "Out."] == [LEAD + 4 + 10 * n for n in range(360)]
    assert end == LEAD + 3600


def test_an_hour_of_breathing_keeps_its_beat_however_late_the_coach_looks():
    """Looking at the clock late, again and again, moves no breath by as much as a sample."""
    late = iter([0.013, 0.4, 0.0, 3.1, 0.09, 11.0] * 1000)
    timed = rounds(360, 3.9, 6.1)
    timed = timed.begin(0, 1)
    cues, _ = breathe(timed, lateness=lambda: next(late))
    begins = [cue.at for cue in cues if cue.text == "In."]
    sample = 1 / 16_000
    assert begins == pytest.approx([LEAD + 10 * n for n in range(360)], abs=sample / 2)


def test_a_slower_pace_stretches_the_next_breath_not_the_running_one():
    """A change of pace never moves a cue that is already planned."""
    timed = rounds(3)
    timed = timed.begin(0, 1)
    cues = ()
    for now, stretch in ((2, 1), (5, 1.2), (10.2, 1.2), (16, 1.2)):
        timed, due = timed.due(now, stretch)
        cues += due
    assert [cue.at for cue in cues] == pytest.approx([0.5, 4.5, 10.5, 15.3])


@given(
    interruptions=st.lists(st.floats(0.01, 25), max_size=12),
    seconds_in=st.floats(2, 10),
    seconds_out=st.floats(2, 12),
    number=st.integers(1, 6),
)
def test_breathing_ends_however_it_is_interrupted(interruptions, seconds_in, seconds_out, number):
    """Each time it goes on with a breath in, no round that was done is lost, and it ends."""
    timed = rounds(number, seconds_in, seconds_out)
    timed = timed.begin(0, 1)
    now, done = 0.0, 0
    for seconds in interruptions:
        until = now + seconds
        while timed.deadline() < until and not timed.over(now):
            now = max(now, timed.deadline())
            timed, _ = timed.due(now, 1)
        now = until
        timed = timed.interrupt(now)
        timed = timed.begin(now, 1)
        beat = timed.beat(now)
        assert beat.phase is Phase.IN
        assert done <= beat.round < number
        done = beat.round
    cues, end = [], now
    while not timed.over(end):
        end = max(end, timed.deadline())
        timed, due = timed.due(end, 1)
        cues += due
    assert [cue.text for cue in cues] == ["In.", "Out."] * (number - done)
    assert end - now == pytest.approx(LEAD + (number - done) * (seconds_in + seconds_out))


def test_pausing_in_the_moment_the_last_breath_ends_does_not_breathe_for_ever():
    """The last round is breathed once more, and then it is over."""
    timed = rounds(2)
    timed = timed.begin(0, 1)
    timed, _ = timed.due(10.2, 1)
    timed = timed.interrupt(20.6)
    timed = timed.begin(30, 1)
    cues, end = breathe(timed)
    assert [cue.text for cue in cues] == ["In.", "Out."]
    assert end == 30 + LEAD + 10


def test_a_round_is_done_only_when_its_breath_out_is_over():
    """In the last moments of a round, when the next is already planned, it still is this round."""
    timed = rounds(3)
    timed = timed.begin(0, 1)
    timed, _ = timed.due(10.1, 1)
    assert timed.beat(10.2).round == 0
    timed = timed.interrupt(10.2)
    timed = timed.begin(30, 1)
    assert timed.beat(30).round == 0


def test_a_hold_that_was_over_when_it_was_paused_is_over_when_it_goes_on(language):
    """Nothing is held twice."""
    timed = Holding.of(20, language.coach.hold)
    timed = timed.begin(0, 1)
    timed = timed.interrupt(20.1)
    timed = timed.begin(30, 1)
    assert timed.over(30)


# The breath, in a session


def pressing(language):
    """Give a simulation in the moment in which the first breath with a press begins."""
    return lead(
        begin(in_a_row(language), PRESS),
        lambda view: view.step == PRESS_STEP and view.saying == REST_CUE,
    )


def test_in_and_out_are_called_on_the_beat(language):
    """Four seconds in, six seconds out, eight times."""
    simulation = pressing(language)
    begun = len(simulation.spoken) - 1
    simulation.run_until(lambda session: session.state is not State.BREATHING)
    called = simulation.spoken[begun:]
    assert [spoken.text for spoken in called] == [*BREATH.cues] * 8
    breaths = [spoken for spoken in called if spoken.text in (REST_CUE, OUT_CUE)]
    steps = [two.start - one.start for one, two in pairwise(breaths)]
    assert steps == pytest.approx([4, 6] * 7 + [4])
    assert simulation.now - breaths[-1].start == pytest.approx(6)


@pytest.mark.parametrize("seconds", [0.0, 3, 3.7, 4.4, 9.7, 10.2, 14.9, 33.3, 79.9])
def test_after_a_pause_breathing_begins_with_a_breath_in_and_keeps_the_rounds_done(
    language, seconds
):
    """A broken round is breathed anew, unless its press was the last; those before it are not."""
    simulation = pressing(language)
    begun, start = len(simulation.spoken), simulation.now
    simulation.advance(seconds)
    done = simulation.session.view(simulation.now).beat.round
    pressed = simulation.session.snapshot.progress.presses
    press(simulation, Command.PAUSE)
    simulation.advance(20)
    assert not any(
        spoken.text in BREATH.cues
        for spoken in simulation.spoken[begun:]
        if spoken.start > start + seconds
    ), "nobody breathes to the beat in a pause"
    resumed = len(simulation.spoken)
    press(simulation, Command.CONTINUE)
    simulation.run_until(lambda session: session.state is not State.BREATHING)
    after = [spoken.text for spoken in simulation.spoken[resumed:]]
    assert after == [language.coach.answers.going_on, *[*BREATH.cues] * (8 - max(done, pressed))]


# A press exists only inside a breath out


def watch_presses(simulation, seconds):
    """Let time pass; hold every press cue against the breath it sounds in."""
    until = simulation.now + seconds
    checked = len(simulation.spoken)
    while simulation.now < until and not simulation.session.over and simulation.step():
        check_presses(simulation, checked)
        checked = len(simulation.spoken)


def check_presses(simulation, begun):
    """Hold the press cues that were spoken since against the breath of this moment."""
    for spoken in simulation.spoken[begun:]:
        if spoken.text == PRESS_CUE:
            assert simulation.session.state is State.BREATHING
            first = simulation.session.view(spoken.start).beat
            last = simulation.session.view(spoken.end - 1e-9).beat
            assert first.phase is last.phase is Phase.OUT
            assert first.round == last.round
            assert last.fraction < 1
            breath = simulation.session.view(spoken.start).breath
            assert breath.push <= spoken.start <= breath.push + GRACE + 1e-9, "on time or never"
            assert spoken.end <= breath.let_go <= breath.end


def pause_and_continue(simulation):
    """Pause for two seconds."""
    press(simulation, Command.PAUSE)
    watch_presses(simulation, 2)
    press(simulation, Command.CONTINUE)


def pause_and_continue_at_once(simulation):
    """Pause for no time at all."""
    press(simulation, Command.PAUSE)
    press(simulation, Command.CONTINUE)


def hush_and_resume(simulation):
    """Let the ear notice a voice for two seconds."""
    notice(simulation, "hush")
    watch_presses(simulation, 2)
    notice(simulation, "resume")


def hush_and_resume_at_once(simulation):
    """Let the ear be mistaken for no time at all."""
    notice(simulation, "hush")
    notice(simulation, "resume")


def hush_and_ask(simulation):
    """Let the person ask something after the coach has fallen silent for them."""
    notice(simulation, "hush")
    watch_presses(simulation, 0.5)
    press(simulation, Command.HOW_LONG)


def ask_and_deny(simulation):
    """Let pain be possible, and denied in the middle of the question."""
    possibly_say(simulation)
    watch_presses(simulation, 2)
    press(simulation, Command.NO)


def noticed(kind):
    """Give something that happens: this, and no end of it."""

    def happen(simulation):
        notice(simulation, kind)

    happen.__name__ = f"unending_{kind}"
    return happen


def everything_stalls(simulation):
    """Let three seconds go by in which neither coach nor loudspeaker does anything."""
    simulation.now += 3


def the_coach_hangs(simulation):
    """Let the loudspeaker play on for three seconds of which the coach learns only afterwards."""
    missed, begun = [], len(simulation.spoken)
    simulation.handle = missed.append
    until = simulation.now + 3
    while (sound := simulation._next_sound()) is not None and sound <= until:  # noqa: SLF001
        simulation.now = max(simulation.now, sound)
        simulation._play()  # noqa: SLF001
    check_presses(simulation, begun)
    simulation.now = until
    del simulation.handle
    for event in missed:
        simulation.handle(event)


def the_beat_is_hurried(simulation):
    """Ask for the quickest pace in one breath."""
    for _ in RATES:
        press(simulation, Command.FASTER)


def the_beat_is_calmed(simulation):
    """Ask for the calmest pace in one breath."""
    for _ in RATES:
        press(simulation, Command.SLOWER)


def everything_is_asked(simulation):
    """Ask all that is answered in between."""
    for command in (Command.HOW_LONG, Command.LOUDER, Command.SLOWER, Command.GENTLER):
        press(simulation, command)


def given_by_key(command):
    """Give something that happens: this command."""

    def happen(simulation):
        press(simulation, command)

    happen.__name__ = command.value
    return happen


INTERRUPTIONS = [
    pause_and_continue,
    pause_and_continue_at_once,
    hush_and_resume,
    hush_and_resume_at_once,
    hush_and_ask,
    ask_and_deny,
    noticed("duck"),
    noticed("hush"),
    everything_stalls,
    the_coach_hangs,
    the_beat_is_hurried,
    the_beat_is_calmed,
    everything_is_asked,
    *(
        given_by_key(command)
        for command in (
            Command.GENTLER,
            Command.HOW_LONG,
            Command.NEXT,
            Command.BACK,
            Command.REPEAT,
            Command.HELP,
            Command.STOP,
            Command.PAIN,
        )
    ),
    possibly_say,
]
"""The last three end the session."""


@pytest.mark.parametrize("interruption", INTERRUPTIONS, ids=lambda happen: happen.__name__)
def test_no_interruption_brings_a_press_into_a_breath_in(language, interruption):
    """Whatever happens, and at whichever tenth of a second of two rounds, presses stay outside."""
    simulation = pressing(language)
    for _ in range(205):
        interrupted = simulation.fork()
        interruption(interrupted)
        watch_presses(interrupted, 25)
        simulation.advance(0.1)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.floats(0, 9), st.sampled_from(INTERRUPTIONS[:-3])), max_size=12))
def test_no_row_of_interruptions_brings_a_press_into_a_breath_in(language, row):
    """Interruptions upon interruptions, at any times, and still no press outside a breath out."""
    simulation = pressing(language)
    for seconds, interruption in row:
        watch_presses(simulation, seconds)
        interruption(simulation)
    watch_presses(simulation, 60)


def test_a_cue_that_comes_too_late_is_dropped(language):
    """More than 150 ms late a cue is not handed over, and one that waits may not start any more."""
    for late, spoken in ((GRACE - 0.01, True), (GRACE + 0.01, False)):
        simulation = pressing(language)
        session, now = simulation.session, simulation.now
        turn = now + 4
        actions = session.handle(TimeReached(), turn + late)
        cues = [action for action in actions if isinstance(action, Say)]
        assert [cue.text for cue in cues] == ([OUT_CUE] if spoken else [])
        assert all(cue.at == turn and cue.latest == turn + GRACE for cue in cues)


def test_a_cue_that_was_dropped_holds_up_nothing(language):
    """When a cue could not be played, the beat goes on and answers are given."""
    simulation = pressing(language)
    session, now = simulation.session, simulation.now
    simulation.advance(3.9)
    session.handle(ClipDropped(simulation.actions[-1].say_id), now + 4 + GRACE)
    push = session.snapshot.progress.timed.breath(now).push
    session.handle(TimeReached(), push - LEAD)
    session.handle(ClipDropped(session.snapshot.speech.last_id), push)
    answers = session.handle(Heard(Command.HOW_LONG, source="key"), push + 0.1)
    assert [a.text for a in answers if isinstance(a, Say)] == ["seven more breaths."]


def test_gentler_reaches_the_partner_at_once(language):
    """In the middle of a press the partner lets go, and is told before anything else is said."""
    simulation = pressing(language)
    simulation.run_until(lambda session: session.view(0).saying == PRESS_CUE)
    press(simulation, Command.GENTLER)
    simulation.advance(0.1)
    *_, cue, told = simulation.spoken
    assert cue.cut
    assert told.text == "Partner: let go."
    assert told.start == cue.end
    simulation.advance(3)
    assert simulation.spoken[-1].text == "Partner: press less, please."


def test_gentler_makes_a_waiting_press_cue_wait_for_the_next_breath(language):
    """A press that was about to be called is not called late after the partner was told."""
    simulation = pressing(language)
    simulation.advance(5.3)
    assert simulation.actions[-1].text == PRESS_CUE
    begun = len(simulation.spoken)
    press(simulation, Command.GENTLER)
    simulation.advance(16)
    said = [spoken.text for spoken in simulation.spoken[begun:]]
    assert said[:2] == ["Partner: let go.", "Partner: press less, please."]
    assert said[2:6] == [REST_CUE, OUT_CUE, PRESS_CUE, LET_GO_CUE]


@given(
    seconds_in=st.floats(2, 10),
    seconds_out=st.floats(2, 12),
    stretch=st.sampled_from([Pace(rate, breath).stretch for rate in RATES for breath in BREATHS]),
)
def test_a_press_is_inside_the_breath_out_and_short_at_every_pace(seconds_in, seconds_out, stretch):
    """It begins after "breathe out", ends at 70 % of the breath, and lasts four seconds at most."""
    breathing = BREATH.model_copy(update={"breath_in": seconds_in, "breath_out": seconds_out})
    planned = plan_round(breathing, 0, 0.0, stretch)
    assert planned.turn + speaking_seconds(OUT_CUE, min(RATES)) <= planned.push
    assert planned.push + speaking_seconds(PRESS_CUE, min(RATES)) <= planned.let_go + 1e-9
    assert planned.let_go - planned.push <= 4 + 1e-9
    assert planned.let_go - planned.turn <= 0.7 * (planned.end - planned.turn) + 1e-9


def test_the_word_that_ends_a_press_is_never_dropped(language):
    """However late the coach looks at the clock, the partner is told to let go."""
    simulation = pressing(language)
    session, now = simulation.session, simulation.now
    simulation.advance(5.8)
    actions = session.handle(TimeReached(), now + 9.5)
    let_go = [a for a in actions if isinstance(a, Say) and a.text == LET_GO_CUE]
    assert [say.latest for say in let_go] == [None]


def test_a_fault_silences_the_press_at_once(language):
    """A cue that was handed over already is cut with everything else."""
    simulation = pressing(language)
    simulation.advance(5.3)
    simulation.handle(Fault("hearing", "It is gone: mend it."))
    assert isinstance(simulation.actions[-3], Cut)
    simulation.run_until(lambda session: session.over)
    assert PRESS_CUE not in [spoken.text for spoken in simulation.spoken]


@pytest.mark.parametrize("rate", RATES)
def test_slow_speech_goes_with_slow_breath(rate):
    """The slower the voice, the longer the breath; the default is as written."""
    assert Pace(rate).stretch == pytest.approx(1 + (150 - rate) / 200)


def test_the_round_that_runs_is_known_with_its_times_until_the_next_begins():
    timed = rounds(2, 4, 6)
    timed = timed.begin(0, 1)
    assert timed.breath(1) == Round(0, 0.5, 4.5, 10.5)
    timed, _ = timed.due(10.2, 1)  # the next is planned already
    assert timed.breath(10.4) == Round(0, 0.5, 4.5, 10.5)
    assert timed.breath(10.5) == Round(1, 10.5, 14.5, 20.5)
