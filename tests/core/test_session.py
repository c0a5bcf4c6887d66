"""What each command does in each state, as a person expects it."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from scenes import (
    BENDS,
    LEGS,
    PRESS,
    at,
    begin,
    condition,
    heeded,
    lead,
    new_session,
    notice,
    press,
    scenes,
)

from voice_coach.core.actions import Listen, Prepare, Say, SetVolume
from voice_coach.core.commands import Command
from voice_coach.core.earcons import SECONDS as EARCONS
from voice_coach.core.events import ClipReady, Fault, Heard, TimeReached
from voice_coach.core.pace import DEFAULT_RATE, RATES
from voice_coach.core.safety import whole_note
from voice_coach.core.script import write_out
from voice_coach.core.transitions import State, accepted
from voice_coach.core.view import Outcome

LOUDEST = 12.0
SOFTEST = -16.0

TURNS = (Command.NEXT, Command.BACK, Command.REPEAT)
IN_A_STEP = (State.TELLING, State.WAITING, State.HOLDING, State.BREATHING)


def view(simulation):
    """Give what a display would show now."""
    return simulation.session.view(simulation.now)


def in_step(language, routine, number, state):
    """Lead a session to a state within a step."""
    return lead(begin(language, routine), lambda v: v.step == number and v.state is state)


def said_since(simulation, begun):
    """Give what began to sound since so many sentences had."""
    return [spoken.text for spoken in simulation.spoken[begun:]]


# From the first word to the last


@pytest.mark.parametrize("routine", [BENDS, LEGS, PRESS])
def test_a_whole_session(language, routine):
    """Sound check, caution, place, every step in its order, and a friendly end."""
    simulation = begin(language, routine, stop_tested=True)
    simulation.run_obediently()
    assert simulation.session.outcome is Outcome.COMPLETED
    texts = [spoken.text for spoken in simulation.spoken]
    lines, its = language.coach, language.routine(routine)
    order = [
        lines.welcome[0],
        lines.teach_pain,
        lines.ask_ready,
        *its.caution,
        lines.disclaimer,
        *its.place,
        its.steps[0].say[0],
        *its.closing,
        *lines.completed,
    ]
    assert [text for text in texts if text in order] == order
    assert not any(spoken.cut for spoken in simulation.spoken)


def first_words(session):
    """Begin, and give all that is to be said first, without the earcons."""
    said = [action.text for action in session.start(0) if isinstance(action, Say)]
    rest = session.snapshot.speech.passage.sentences
    return [text for text in (*said, *rest) if text not in EARCONS]


def test_weak_hearing_is_said_aloud_at_the_beginning(language):
    """Who is heard badly is told so before anything else."""
    _, *said = first_words(new_session(language, BENDS, weak_hearing=True))
    assert said[:2] == list(language.coach.weak_hearing)


def test_a_session_whose_sound_is_kept_says_so_before_anything_else(language):
    """Nobody is recorded without being told."""
    begun = new_session(language, BENDS, audio_kept=True)
    assert first_words(begun)[1] == language.coach.audio_kept
    assert begun.view(0).audio_kept


def test_the_partner_may_say_it_too(language):
    """In the press the partner is told, before it begins, that they can end it."""
    simulation = begin(language, PRESS)
    simulation.advance(60)
    assert language.coach.sound_check_partner[0] in said_since(simulation, 0)


@pytest.mark.parametrize("word", [Command.READY, Command.YES])
def test_ready_or_yes_begins(language, word):
    """The sound check ends with the person's own voice."""
    simulation = begin(language, BENDS)
    simulation.advance(25)
    simulation.hear(word)
    assert simulation.session.state is State.BRIEFING


def test_no_is_answered_kindly_and_waits(language):
    """Who is not ready is given time."""
    simulation = begin(language, BENDS)
    simulation.run_until(lambda _: simulation.spoken and not simulation.busy)
    begun = len(simulation.spoken)
    simulation.hear(Command.NO)
    simulation.advance(3)
    assert said_since(simulation, begun) == ["Take your time."]
    assert simulation.session.state is State.SOUND_CHECK


# Next, back, repeat


@pytest.mark.parametrize("state", IN_A_STEP)
@pytest.mark.parametrize(("command", "move"), [(TURNS[0], 1), (TURNS[1], -1), (TURNS[2], 0)])
def test_next_back_and_repeat_tell_the_step_they_lead_to(language, state, command, move):
    """From wherever in a step: the one after, the one before, or this one from its beginning."""
    routine = PRESS if state in (State.BREATHING, State.WAITING) else BENDS
    number = {State.TELLING: 5, State.WAITING: 2, State.HOLDING: 7, State.BREATHING: 3}[state]
    simulation = in_step(language, routine, number, state)
    simulation.advance(2)
    begun = len(simulation.spoken)
    press(simulation, command)
    simulation.advance(1)
    move += state is State.BREATHING and move > 0  # a question that is settled is left out
    assert view(simulation).step == number + move
    assert simulation.session.state is State.TELLING
    script = write_out(language.routine(routine), language.coach)[number + move - 1]
    assert said_since(simulation, begun) == [script.say[0]]
    simulation.run_until(lambda session: session.state is not State.TELLING)
    assert said_since(simulation, begun) == list(script.say)


def test_a_repeated_hold_is_held_in_full(language):
    """What is repeated is repeated whole."""
    simulation = in_step(language, BENDS, 3, State.HOLDING)
    simulation.advance(6)
    press(simulation, Command.REPEAT)
    simulation.run_until(lambda session: session.state is State.HOLDING)
    assert view(simulation).seconds_left == 10


def test_back_at_the_first_step_tells_it_again(language):
    """There is nothing before the first step, so it is told once more; no caution, no check."""
    simulation = at(language, State.WAITING, BENDS)
    press(simulation, Command.BACK)
    simulation.advance(1)
    assert view(simulation).step == 1
    assert simulation.spoken[-1].text == "Stand tall, with your feet as wide as your hips."


def test_next_at_the_last_step_completes(language):
    """After the last step comes the end, also when it is not waited for."""
    simulation = lead(begin(language, BENDS), lambda v: v.step == v.steps)
    press(simulation, Command.NEXT)
    assert simulation.session.outcome is Outcome.COMPLETED
    simulation.run_until(lambda session: session.over)
    assert simulation.spoken[-1].text == language.coach.completed[-1]


@pytest.mark.parametrize("command", TURNS)
def test_a_pause_can_be_left_by_turning_the_page(language, command):
    """In a pause, next, back and repeat go on at another step; the old hold is forgotten."""
    simulation = in_step(language, BENDS, 4, State.HOLDING)
    simulation.advance(3)
    press(simulation, Command.PAUSE)
    simulation.advance(5)
    begun = len(simulation.spoken)
    press(simulation, command)
    simulation.advance(4)
    assert (
        view(simulation).step == 4 + {Command.NEXT: 1, Command.BACK: -1, Command.REPEAT: 0}[command]
    )
    assert said_since(simulation, begun)[0] == language.coach.answers.going_on
    simulation.run_until(lambda session: session.state is State.HOLDING)
    assert view(simulation).seconds_left in (5, 10)


@pytest.mark.parametrize("state", [State.CHOOSING, State.SOUND_CHECK])
def test_repeat_says_the_question_again(language, state):
    """Who did not understand the opening hears it again."""
    simulation = begin(language, PRESS if state is State.SOUND_CHECK else None)
    simulation.advance(60)
    begun = len(simulation.spoken)
    press(simulation, Command.REPEAT)
    simulation.advance(60)
    asked = language.coach.ask if state is State.CHOOSING else language.coach.ask_ready
    assert asked in said_since(simulation, begun)
    assert simulation.session.state is state


# Pause and continue


@pytest.mark.parametrize("name", ["caution", "telling", "waiting", "holding", "pressing"])
def test_a_pause_says_so_and_is_quiet(language, name):
    """No more than "a break" is said, after the partner's word, until the coach reminds."""
    scene = scenes(language)[name]
    begun = len(scene.spoken)
    press(scene, Command.PAUSE)
    scene.advance(10)
    said = [*[language.coach.press.release] * (name == "pressing"), language.coach.answers.paused]
    assert said_since(scene, begun) == said
    assert scene.session.state is State.PAUSED
    scene.advance(5)
    assert said_since(scene, begun)[len(said) :] == list(language.coach.prompts.paused.say)


@pytest.mark.parametrize("pauses", [1, 2])
def test_continue_takes_up_the_broken_sentence_and_loses_none(language, pauses):
    """What was broken off is said again in whole, and all that was to come still comes."""
    simulation = in_step(language, BENDS, 2, State.TELLING)
    undisturbed = simulation.fork()
    undisturbed.run_until(lambda session: session.state is State.HOLDING)
    for _ in range(pauses):
        simulation.advance(6)
        press(simulation, Command.PAUSE)
        simulation.advance(20)
        press(simulation, Command.CONTINUE)
    simulation.run_until(lambda session: session.state is State.HOLDING)
    told = language.routine(BENDS).steps[1].say
    whole = [s.text for s in simulation.spoken if s.text in told and not s.cut]
    assert whole == list(told)


def test_a_pause_between_two_sentences_repeats_nothing(language):
    """A pause in the quiet after a sentence goes on with the next one."""
    simulation = in_step(language, BENDS, 3, State.TELLING)
    simulation.run_until(lambda session: session.view(0).saying)
    simulation.run_until(lambda session: not session.view(0).saying)
    simulation.advance(0.5)
    press(simulation, Command.PAUSE)
    simulation.advance(5)
    begun = len(simulation.spoken)
    press(simulation, Command.CONTINUE)
    simulation.advance(5)
    assert said_since(simulation, begun)[:2] == [
        language.coach.answers.going_on,
        language.routine(BENDS).steps[2].say[1],
    ]


def test_continuing_to_wait_reminds_of_next(language):
    """After a pause at a told step the coach says how to go on."""
    simulation = at(language, State.WAITING)
    press(simulation, Command.PAUSE)
    simulation.advance(5)
    begun = len(simulation.spoken)
    press(simulation, Command.CONTINUE)
    simulation.advance(5)
    assert said_since(simulation, begun) == [
        language.coach.answers.going_on,
        language.coach.prompts.waiting.say[0],
    ]
    assert simulation.session.state is State.WAITING


@pytest.mark.parametrize("name", ["caution", "telling", "waiting", "holding", "pressing"])
def test_help_makes_a_break_and_teaches(language, name):
    """Who asks for help in a routine is given a break and the words to say."""
    scene = scenes(language)[name]
    begun = len(scene.spoken)
    press(scene, Command.HELP)
    scene.advance(25)
    help_paused = language.coach.answers.help_paused
    said = [text for text in said_since(scene, begun) if text != language.coach.press.release]
    assert said[: 1 + len(help_paused)] == [language.coach.answers.paused, *help_paused]
    assert scene.session.state is State.PAUSED


def test_help_at_the_opening_teaches_and_goes_on(language):
    """Before a routine begins, help answers and then takes up what it broke."""
    for routine, text in (
        (None, language.coach.answers.help_choosing),
        (BENDS, language.coach.answers.help_sound_check),
    ):
        simulation = begin(language, routine)
        simulation.advance(1)
        press(simulation, Command.HELP)
        simulation.advance(15)
        assert said_since(simulation, 1)[:2] == [text, language.coach.welcome[0]]


# Pace and loudness


@pytest.mark.parametrize("command", [Command.SLOWER, Command.FASTER])
def test_the_pace_changes_from_the_answer_on(language, command):
    """All that is said from now on is slower or faster, and is rendered ahead so."""
    for name, scene in scenes(language).items():
        if command not in accepted(scene.session.state):
            continue
        begun = len(scene.actions)
        press(scene, command)
        scene.advance(20)
        rates = {a.rate for a in scene.actions[begun:] if isinstance(a, (Say, Prepare))}
        wanted = DEFAULT_RATE + (20 if command is Command.FASTER else -20)
        assert rates == {wanted}, name
        prepared = [a for a in scene.actions[begun:] if isinstance(a, Prepare)]
        assert bool(prepared) == bool(view(scene).routine), name


def test_the_pace_has_its_limits(language):
    """Beyond the ends of the scale, "slower" and "faster" change nothing."""
    for command, limit in ((Command.SLOWER, RATES[0]), (Command.FASTER, RATES[-1])):
        simulation = at(language, State.TELLING, BENDS)
        for _ in range(9):
            press(simulation, command)
        simulation.advance(5)
        says = [action for action in simulation.actions if isinstance(action, Say)]
        assert says[-1].rate == limit


def test_loudness_moves_in_steps_between_its_limits(language):
    """Each "louder" and "softer" is heard, up to a limit."""
    simulation = at(language, State.WAITING, BENDS)
    for command in [Command.LOUDER] * 5 + [Command.SOFTER] * 9:
        press(simulation, command)
    volumes = [a.decibels for a in simulation.actions if isinstance(a, SetVolume)]
    assert volumes == [4, 8, 12, 12, 12, 8, 4, 0, -4, -8, -12, -16, -16, -16]
    assert (max(volumes), min(volumes)) == (LOUDEST, SOFTEST)


@pytest.mark.parametrize(
    ("over", "volume"),
    [(None, []), (20.0, []), (6.0, []), (5.9, [-4]), (2.0, [-4]), (1.9, [-8]), (-30.0, [-8])],
)
def test_a_coach_whose_echo_comes_near_to_the_person_speaks_softer(language, over, volume):
    """Without a word, and by two steps at most."""
    simulation = at(language, State.SOUND_CHECK, BENDS)
    simulation.handle(Heard(Command.HOW_LONG, "how long", over_echo=-30.0))
    simulation.handle(Heard(Command.READY, "ready", over_echo=over))
    assert [a.decibels for a in simulation.actions if isinstance(a, SetVolume)] == volume
    assert simulation.session.state is State.BRIEFING


@pytest.mark.parametrize(
    "command",
    [Command.SLOWER, Command.FASTER, Command.LOUDER, Command.SOFTER, Command.HOW_LONG],
)
def test_a_side_command_is_answered_wherever_it_is_accepted_and_moves_nothing(language, command):
    """Each gets one answer within a few seconds, and the session stays in its state."""
    for name, scene in scenes(language).items():
        state = scene.session.state
        if command not in accepted(state) or name == "counting down":
            continue
        undisturbed, begun = scene.fork(), len(scene.spoken) - bool(view(scene).saying)
        notice(undisturbed, "resume")  # an answer ends a hush, too
        press(scene, command)
        patience = 10 if state is State.BREATHING else 4.5  # the beat goes before an answer
        scene.advance(patience)
        undisturbed.advance(patience)
        answers = set(said_since(scene, begun)) - set(said_since(undisturbed, begun))
        assert len(answers) == 1, name
        assert scene.session.state in (state, undisturbed.session.state), name


def test_an_answer_in_a_hold_waits_for_room_and_moves_no_word_of_it(language):
    """Each second is counted on its second, whatever was asked a moment before."""
    for tenth in range(200):
        simulation = at(language, State.HOLDING, LEGS)
        simulation.spoken.clear()
        end = simulation.now + 21.5
        simulation.advance(1.5 + tenth / 10)
        press(simulation, Command.LOUDER)
        press(simulation, Command.HOW_LONG)
        simulation.run_until(lambda session: session.state is not State.HOLDING)
        assert simulation.now == pytest.approx(end)
        starts = {spoken.text: spoken.start for spoken in simulation.spoken}
        for word, before in (("Halfway.", 10), ("Three.", 3), ("Two.", 2), ("One.", 1)):
            assert starts[word] == pytest.approx(end - before)
        assert not [spoken for spoken in simulation.spoken if spoken.cut]


# The safety note


def test_safety_speaks_the_whole_note_wherever_it_is_accepted(language):
    """With the signs that need urgent care, to its end; then all goes on as it was."""
    note = whole_note(language)
    assert set(language.safety.red_flags) <= set(note)
    told = 0
    for name, scene in scenes(language).items():
        state = scene.session.state
        if Command.SAFETY not in accepted(state):
            assert Command.LOUDER not in accepted(state), name
            continue
        told += 1
        begun = len(scene.spoken) - bool(view(scene).saying)
        press(scene, Command.SAFETY)
        until = scene.now + 240
        while not (scene.spoken and scene.spoken[-1].text == note[-1]) and scene.now < until:
            scene.step()
        scene.run_until(lambda session: not session.view(0).saying)
        whole = [spoken.text for spoken in scene.spoken[begun:] if not spoken.cut]
        at = whole.index(note[0])
        assert whole[at:] == list(note), name
        assert scene.session.state in (state, State.PAUSED), name
    assert told > 20


def test_a_hold_stands_still_while_the_safety_note_is_spoken(language):
    """It takes more than a minute; afterwards the seconds are those that were left."""
    simulation = in_step(language, BENDS, 3, State.HOLDING)
    simulation.advance(5)
    left = view(simulation).seconds_left
    press(simulation, Command.SAFETY)
    simulation.advance(150)
    press(simulation, Command.CONTINUE)
    simulation.run_until(lambda session: session.state is State.HOLDING)
    simulation.run_until(lambda session: session.view(0).seconds_left is not None)
    assert view(simulation).seconds_left == pytest.approx(left, abs=0.5)


# Cautions


def hears_all_cautions(language, simulation):
    """Say whether every caution was spoken to its end before the first step was told."""
    cautions = (*language.routine(PRESS).caution, language.coach.disclaimer)
    spoken = {s.text for s in simulation.spoken if not s.cut and s.end <= simulation.now}
    return set(cautions) <= spoken


@pytest.mark.parametrize(
    ("number", "delay"), [(2, 0.0), (2, 4.1), pytest.param(3, 0.7, marks=pytest.mark.nightly)]
)
def test_no_row_of_commands_skips_a_caution(language, number, delay):
    """Whatever is said in the briefing, three times over, no step comes before every caution.

    Only the whole routine can be left out.
    """
    start = at(language, State.BRIEFING)
    heard = accepted(State.BRIEFING) | accepted(State.PAUSED)
    leaves = {Command.STOP, Command.PAIN, Command.SKIP}
    commands = sorted(heard - leaves, key=lambda command: command.value)
    rows = {(): start}
    for _ in range(number):
        longer = {}
        for (row, before), command in product(rows.items(), commands):
            simulation = before.fork()
            simulation.advance(delay)
            press(simulation, command)
            said = frozenset((spoken.text, spoken.cut) for spoken in simulation.spoken)
            longer.setdefault((condition(simulation), said), ((*row, command), simulation))
        rows = dict(longer.values())
    for row, simulation in rows.items():
        while view(simulation).step == 0 and simulation.now < 200:
            if simulation.session.state is State.PAUSED:
                press(simulation, Command.CONTINUE)
            simulation.step()
        assert view(simulation).step == 1, row
        assert hears_all_cautions(language, simulation), row


def test_next_skips_the_rest_of_the_briefing(language):
    """Once the cautions are said, "next" begins; said earlier, it spares what follows them."""
    early, late = at(language, State.BRIEFING), scenes(language)["place"]
    for simulation in (early, late):
        press(simulation, Command.NEXT)
        simulation.run_until(lambda session: session.state is State.TELLING)
        assert hears_all_cautions(language, simulation)
        assert language.routine(PRESS).place[-1] not in said_since(simulation, 0)


STRONG_IN_PLANS = [("whole-back-15", "rocking"), ("upper-back-15", "hands-behind-head")]


def at_caution(language, plan, routine):
    """Lead a plan to where it comes to this routine."""
    title = language.routine(routine).title
    return lead(begin(language, plan, stop_tested=True), lambda v: v.title == title)


def led_past_caution(language, simulation, routine):
    """Go on, as soon as the coach is silent, to the first step; give what was said in whole."""
    first = language.routine(routine).steps[0].title
    lead(simulation, lambda v: v.title == first or simulation.now > 4000)
    assert view(simulation).title == first
    return {s.text for s in simulation.spoken if not s.cut and s.end <= simulation.now}


@pytest.mark.parametrize(("plan", "routine"), STRONG_IN_PLANS)
@pytest.mark.parametrize("pause", [0.0, 1.0, 2.6])
def test_however_often_next_is_said_a_plan_skips_no_caution(language, plan, routine, pause):
    """Whoever hurries to its next routine is spared the way there, but none of the cautions."""
    simulation = at_caution(language, plan, routine)
    for _ in range(6):
        press(simulation, Command.NEXT)
        simulation.advance(pause)
    assert set(language.routine(routine).caution) <= led_past_caution(language, simulation, routine)


@pytest.mark.parametrize(("plan", "routine"), STRONG_IN_PLANS)
@pytest.mark.parametrize("delay", [0.0, 14.0, 22.0])
def test_no_row_of_commands_skips_a_caution_in_a_plan(language, plan, routine, delay):
    """Whatever is said where its next routine begins, twice over; only the whole is left out."""
    start = at_caution(language, plan, routine)
    start.advance(delay)
    leaves = {Command.STOP, Command.PAIN, Command.SKIP}
    commands = (accepted(State.TELLING) | accepted(State.PAUSED)) - leaves
    for row in product(sorted(commands, key=lambda command: command.value), repeat=2):
        simulation = start.fork()
        for command in row:
            press(simulation, command)
            simulation.advance(0.5)
        if simulation.session.state is State.PAUSED:
            press(simulation, Command.CONTINUE)
        said = led_past_caution(language, simulation, routine)
        assert set(language.routine(routine).caution) <= said, row


# Waiting, and giving up


@pytest.mark.parametrize(
    ("name", "seconds", "outcome"),
    [
        ("choosing", 60, Outcome.FAULT),
        ("sound check", 60, Outcome.FAULT),
        ("waiting", 300, Outcome.STOPPED),
        ("paused, holding", 300, Outcome.STOPPED),
    ],
)
def test_nobody_is_left_in_silence_for_more_than_twelve_seconds(language, name, seconds, outcome):
    """While it waits, the coach gives a sign of life every few seconds, and in the end gives up."""
    scene = scenes(language)[name]
    scene.run_until(lambda session: session.over, limit=3600)
    assert scene.now > seconds, "a person gets time to answer"
    assert scene.session.outcome is outcome
    for one, two in pairwise(scene.spoken):
        assert two.start - one.end <= 12


@pytest.mark.parametrize("paces", [(), (Command.SLOWER,) * 2, (Command.FASTER,) * 2])
def test_no_silence_in_a_whole_session_is_longer_than_twelve_seconds(language, paces):
    """From the first word to the last, whatever is being done, and however fast."""
    for routine in language.routines:
        simulation = begin(language, routine.id)
        for pace in paces:
            press(simulation, pace)
        simulation.run_obediently()
        silences = [two.start - one.end for one, two in pairwise(simulation.spoken)]
        assert max(silences) <= 12 + 1e-6


@pytest.mark.parametrize("paces", [(), (Command.SLOWER,) * 2, (Command.FASTER,) * 2])
def test_no_sentence_is_cut_off_or_crowded_out_by_the_next(language, paces):
    """All that is begun is said to its end, and every cue at its moment, however fast."""
    for routine in language.routines:
        simulation = begin(language, routine.id, stop_tested=True)
        for pace in paces:
            press(simulation, pace)
        begun = len(simulation.spoken)
        simulation.run_obediently()
        assert not any(spoken.cut for spoken in simulation.spoken[begun:])
        asked = [action for action in simulation.actions if isinstance(action, Say)]
        sounded = len(simulation.spoken) + len(simulation.earcons)
        assert len(asked) - sounded <= len(paces), "a cue came too late"


def test_a_sound_check_nobody_answers_begins_nothing(language):
    """A coach that was never heard says so, what to do, and ends as failed."""
    simulation = begin(language, PRESS)
    simulation.run_until(lambda session: session.over)
    assert said_since(simulation, 0)[-2:] == list(language.coach.faults.unanswered)
    assert simulation.session.outcome is Outcome.FAULT
    assert view(simulation).fault == " ".join(language.coach.faults.unanswered)


def test_any_answer_resets_the_count_of_reprompts(language):
    """Who says anything is there, and is waited for as long as before."""
    simulation = at(language, State.WAITING)
    simulation.advance(400)
    press(simulation, Command.LOUDER)
    simulation.advance(400)
    assert simulation.session.state is State.WAITING


# What is listened for, and shown


def test_exactly_what_does_something_is_listened_for(language):
    """In every moment the recogniser is given the commands of the state, no more and no fewer."""
    for scene in scenes(language).values():
        *_, listen = (action for action in scene.actions if isinstance(action, Listen))
        assert listen.commands == heeded(scene)


def test_gentler_is_only_for_partners(language):
    """Alone there is nobody who could press less."""
    alone = at(language, State.HOLDING, BENDS)
    begun = len(alone.actions)
    press(alone, Command.GENTLER)
    assert not alone.actions[begun:]
    assert "gentler" not in view(alone).can_say


def test_the_view_shows_what_is_said_heard_and_done(language):
    """Title, step, side, sentence, the words heard, and what can be said now."""
    simulation = in_step(language, LEGS, 6, State.TELLING)
    simulation.handle(Heard(Command.LOUDER, "speak up"))
    simulation.advance(1)
    shown = view(simulation)
    assert shown.routine == "Leg over leg"
    assert shown.title == "Left leg over the right"
    assert (shown.step, shown.steps, shown.side) == (6, 9, "left leg over")
    assert shown.mirrored
    assert shown.saying == language.coach.answers.louder
    assert shown.heard == "speak up"
    assert {"next", "go back", "pause", "stop", "it hurts"} <= set(shown.can_say)
    assert shown.outcome is None


def test_no_step_is_shown_before_one_has_begun(language):
    """Paused or hurt before the first step, the screen names no step."""
    caution = at(language, State.BRIEFING)
    press(caution, Command.PAUSE)
    assert (view(caution).step, view(caution).title) == (0, "")
    check = begin(language, PRESS)
    press(check, Command.PAIN)
    assert (view(check).step, view(check).title) == (0, "")


def test_the_beat_is_shown(language):
    """While breathing, the screen can show the round and how far the breath is."""
    simulation = in_step(language, PRESS, 5, State.BREATHING)
    simulation.advance(2 + 10 + 2)
    shown = view(simulation)
    assert (shown.beat.round, shown.beat.phase.value) == (1, "in")
    assert shown.beat.fraction == pytest.approx(0.5)
    assert shown.rounds == 2
    assert shown.seconds_left == pytest.approx(8)
    assert shown.to_partner
    assert shown.hands == "let go"
    simulation.advance(5)
    assert view(simulation).hands == "push"


def test_news_that_changes_nothing_is_taken_calmly(language):
    """A clip that is ready, or a look at the clock too early, does nothing."""
    for scene in scenes(language).values():
        assert not scene.session.handle(ClipReady("Anything.", 150), scene.now)
        if scene.session.deadline() is None or scene.session.deadline() > scene.now:
            assert not scene.session.handle(TimeReached(), scene.now)


def test_a_session_that_is_over_wants_nothing(language):
    """After the last word there is no deadline, and no fault is of interest."""
    ended = scenes(language)["ended"]
    assert ended.session.deadline() is None
    assert not ended.session.handle(Fault("voice", "Gone."), ended.now)


@pytest.mark.parametrize("rate", [RATES[0], RATES[-1]])
def test_it_speaks_at_the_rate_that_was_set_but_its_vital_words_at_the_one_they_are_held_at(
    language, rate
):
    """They were rendered before the session began, and need no synthesiser."""
    simulation = begin(language, BENDS, rate=rate)
    simulation.hear(Command.READY)
    simulation.advance(5)
    before = {action.rate for action in simulation.actions if isinstance(action, Say)}
    told = len(simulation.actions)
    simulation.hear(Command.PAIN)
    simulation.advance(60)
    vital = {action.rate for action in simulation.actions[told:] if isinstance(action, Say)}
    assert (before, vital) == ({rate}, {DEFAULT_RATE})
