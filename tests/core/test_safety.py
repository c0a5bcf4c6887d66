"""The pain rule and the last words, tried from everywhere rather than by example."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fuzzing import nightly
from scenes import (
    BENDS,
    PRESS,
    at,
    begin,
    condition,
    key,
    press,
    routine_of,
    scenes,
)

from voice_coach.core.actions import Cut, Listen, Say
from voice_coach.core.commands import Command
from voice_coach.core.earcons import ENDED
from voice_coach.core.events import ClipFinished, Fault, Heard, Masked, Noticed, TimeReached
from voice_coach.core.pace import DEFAULT_RATE
from voice_coach.core.safety import safety_note, vital_sentences
from voice_coach.core.transitions import State
from voice_coach.core.view import Outcome

OUCH = Heard(Command.PAIN, "ouch")
BY_KEY = replace(OUCH, source="key")
FAULTS = [Fault(part, "It is gone: mend it.") for part in ("hearing", "voice", "sound", "computer")]
ALIKE = (
    *(Command.FASTER, Command.SOFTER, Command.SHORTER_BREATHS),
    *(Command.HELP, Command.SAME),
)
"""Of those that differ in words or figures alone one is enough: slower, louder, longer breaths,
safety, better stand for these."""
POSSIBLE = Heard(Command.PAIN, "it hurts", tier="possible")
EVENTS = [
    *(key(command) for command in Command if command not in (Command.PAIN, *ALIKE)),
    POSSIBLE,
    *(Noticed(kind) for kind in ("duck", "hush", "resume")),
    Masked(),
    ClipFinished(999_999),
    *FAULTS,
]
PLACES = (
    *("choosing", "sound check", "counting", "caution", "caution, known"),
    *("waiting", "holding", "pressing", "rating", "last words"),
)
"""Scenes from which every other is an event or two away."""


@pytest.fixture(scope="module")
def places(language):
    """Scenes to begin with; a test forks them."""
    begun = scenes(language)
    return {name: begun[name] for name in PLACES}


def next_moment(scene):
    """Let whatever is due next happen: a clip begins or ends, or a deadline comes."""
    scene.step()


def stall(scene):
    """Let the coach notice two seconds late that time has passed."""
    scene.now += 2
    scene.handle(TimeReached())


def futures(scene):
    """Give a fork of the scene for everything that can happen in it and changes something."""
    before, accepted = scene.session.snapshot, scene.session.accepted
    for event in EVENTS:
        future = scene.fork()
        future.handle(event)
        if future.session.snapshot != before:
            yield future
            heeded = not isinstance(event, Heard) or event.command in accepted
            assert heeded, "what is not listened for changes nothing"
    for happen in (next_moment, stall):
        future = scene.fork()
        happen(future)
        yield future


def pain_is_heeded(language, scene):
    """Hurt, and see that the note begins."""
    note = safety_note(language, routine_of(language, scene))
    already = scene.session.state is State.HURT and note[0] in coming(scene)
    actions = scene.session.handle(ouch(scene), scene.now)
    done = [action for action in actions if not isinstance(action, Listen)]
    if already:
        assert not done, "a note that has only just begun is not begun again"
    else:
        cut, say = done
        assert isinstance(cut, Cut)
        assert (say.text, say.rate, say.latest) == (note[0], DEFAULT_RATE, None)
    assert scene.session.state is State.HURT
    assert scene.session.outcome is Outcome.PAIN


def ouch(scene):
    """Give pain as it is meant: in the stop test a spoken one is a test."""
    return BY_KEY if scene.session.state is State.STOP_TEST else OUCH


def coming(scene):
    """Give what sounds or is about to."""
    return [text for text, _ in scene.coming]


def pain_ends_it(language, scene):
    """Hurt, and see that exactly the note follows, then the end."""
    pain_is_heeded(language, scene.fork())
    note = list(safety_note(language, routine_of(language, scene)))
    already = scene.session.state is State.HURT and note[0] in coming(scene)
    sounds = already and scene.sounding == note[0]
    said = len(scene.spoken) - sounds
    scene.handle(ouch(scene))
    while not scene.session.over:
        assert scene.session.state is State.HURT
        scene.step()
    assert [spoken.text for spoken in scene.spoken[said:]] == note
    assert scene.session.outcome is Outcome.PAIN


@pytest.mark.parametrize("length", [3, *nightly(4)])
def test_pain_after_any_events_silences_and_speaks_the_safety_note(language, places, length):
    """Whatever so many things happened before, "ouch" cuts, and the note is what follows."""
    try_pain(language, [scene.fork() for scene in places.values()], length)


@pytest.mark.parametrize("name", ["too often", "after pain", "rating"])
def test_pain_after_any_two_events_before_and_after_a_routine_does_so_too(language, name):
    """Nor does it matter that the coach has just asked something."""
    try_pain(language, [scenes(language)[name]], 2)


def try_pain(language, level, longest):
    """Hurt in each of these scenes, and after every row of so many events from there."""
    seen = {condition(scene) for scene in level}
    for scene in level:
        pain_ends_it(language, scene.fork())
    for length in range(1, longest + 1):
        following = []
        for scene in level:
            for future in futures(scene):
                if length == longest:
                    pain_is_heeded(language, future)
                elif (state := condition(future)) not in seen:
                    seen.add(state)
                    following.append(future)
                    pain_ends_it(language, future.fork())
        level = following


def test_it_makes_no_difference_whether_pain_or_stop_is_possible(language):
    """The question is the same, so what follows any of four events follows the other, too."""
    for scene in scenes(language).values():
        if scene.session.state not in (State.PAIN_CONFIRMATION, State.STOP_TEST):
            other = scene.fork()
            scene.handle(POSSIBLE)
            other.handle(replace(POSSIBLE, command=Command.STOP))
            assert condition(scene) == condition(other)


def test_nothing_leads_back_from_pain(language, places):
    """Once it hurt, no three events lead anywhere but through the note to the end."""
    level = [scene.fork() for scene in places.values()]
    for scene in level:
        scene.handle(ouch(scene))
    for _ in range(3):
        level = [future for scene in level for future in futures(scene)]
        level = list({condition(scene): scene for scene in level}.values())
        for scene in level:
            note = safety_note(language, routine_of(language, scene))
            assert scene.session.state in (State.HURT, State.ENDED)
            assert scene.session.outcome is Outcome.PAIN
            assert set(coming(scene)) <= set(note)


def test_pain_outranks_even_the_end(language):
    """Pain that is said when all is over is still answered with the note."""
    simulation = at(language, State.ENDED)
    pain_ends_it(language, simulation)


def test_pain_after_the_note_began_says_it_again(language):
    """Who says "it hurts" again while the note is spoken hears it anew, partner first."""
    simulation = at(language, State.BREATHING)
    simulation.handle(OUCH)
    simulation.advance(8)
    pain_ends_it(language, simulation)


@pytest.mark.parametrize("state", [State.SOUND_CHECK, State.BREATHING, State.PAUSED])
def test_the_partner_is_told_first_to_take_the_hands_off(language, state):
    """With a partner, the first words after pain are "Partner: hands off."."""
    simulation = at(language, State.BREATHING if state is State.PAUSED else state)
    if state is State.PAUSED:
        press(simulation, Command.PAUSE)
    simulation.handle(OUCH)
    simulation.advance(1)
    assert simulation.spoken[-1].text == "Partner: hands off."


def test_alone_nobody_is_told_to_take_hands_off(language):
    """Without a partner the note speaks to the person at once."""
    simulation = at(language, State.HOLDING, BENDS)
    simulation.handle(OUCH)
    simulation.advance(1)
    assert simulation.spoken[-1].text == language.safety.person[0]


def test_the_note_says_all_it_must(language):
    """The note ends it, leads out slowly, forbids to go on, and names doctor and warning signs."""
    note = " ".join(safety_note(language, language.routine(PRESS))).lower()
    for fact in (
        "hands off",
        "step away",
        "we are done",
        "slowly",
        "do not go on today",
        "lasts",
        "returns often",
        "at rest",
        "see a doctor",
        "emergency number",
        "legs weak, numb",
        "between the legs",
        "bladder or bowel",
        "chest",
        "accident",
        "double vision",
    ):
        assert fact in note, fact


@pytest.mark.parametrize("part", ["hearing", "voice", "computer"])
def test_a_coach_that_fails_says_so_and_ends(language, places, part):
    """Lost hearing or voice ends the session aloud wherever it was, the partner told first."""
    faults = language.coach.faults
    for scene in places.values():
        failing = scene.fork()
        partner = (routine := routine_of(language, failing)) and routine.partner
        said = (*(language.safety.partner if partner else ()), *getattr(faults, part))
        begun = len(failing.actions)
        failing.handle(Fault(part, "It is gone: mend it."))
        assert isinstance(failing.actions[begun], Cut)
        assert failing.session.state is State.FAULTED
        assert failing.session.view(failing.now).fault == "It is gone: mend it."
        begun = len(failing.spoken)
        failing.run_until(lambda session: session.over)
        assert tuple(spoken.text for spoken in failing.spoken[begun:]) == said
        assert failing.session.outcome is Outcome.FAULT


def test_a_coach_without_a_loudspeaker_ends_at_once(places):
    """When the sound is gone, nothing is said into the void: the session is over."""
    for scene in places.values():
        failing = scene.fork()
        failing.handle(Fault("sound", "The loudspeaker is gone: plug it in."))
        assert failing.session.over
        assert not coming(failing)
        assert failing.session.view(failing.now).fault == "The loudspeaker is gone: plug it in."


@pytest.mark.parametrize("first", ["pain", "hearing", "voice"])
@pytest.mark.parametrize("then", ["hearing", "voice"])
def test_a_further_fault_silences_no_last_words(language, first, then):
    """The partner is told to let go even when one part fails after the other."""
    simulation = at(language, State.BREATHING)
    simulation.handle(OUCH if first == "pain" else Fault(first, "It is gone: mend it."))
    simulation.advance(0.5)
    simulation.handle(Fault(then, "It is gone too: mend it."))
    said = len(simulation.spoken) - 1
    simulation.run_until(lambda session: session.over)
    assert [spoken.text for spoken in simulation.spoken[said:]][: len(language.safety.partner)] == [
        *language.safety.partner
    ]
    assert not simulation.spoken[said].cut


@pytest.mark.parametrize("first", ["pain", "hearing"])
def test_last_words_that_stood_still_are_said_again(language, first):
    """A stall may have broken them off, and then nobody knows how much was heard."""
    simulation = at(language, State.BREATHING)
    simulation.handle(OUCH if first == "pain" else Fault(first, "It is gone: mend it."))
    simulation.advance(4)
    note = simulation.spoken[-1].text
    simulation.handle(Fault("computer", "It stood still."))
    assert isinstance(simulation.actions[-2], Cut)
    said = len(simulation.spoken)
    outcome = simulation.session.outcome
    simulation.run_until(lambda session: session.over)
    assert simulation.spoken[said].text == language.safety.partner[0]
    assert note in [spoken.text for spoken in simulation.spoken[said:]]
    assert simulation.session.outcome is outcome


def test_what_must_be_said_is_in_memory_before_the_first_word(language):
    """All that follows pain, possible pain, a fault or "stop" is rendered ahead, at its rate."""
    vital = set(vital_sentences(language))
    places = scenes(language)
    places["impatient"] = places["pressing"].fork()
    for _ in range(3):
        press(places["impatient"], Command.FASTER)
    for scene in places.values():
        for event in (BY_KEY, POSSIBLE, *FAULTS, Heard(Command.STOP, source="key")):
            ending = scene.fork()
            if event is POSSIBLE and ending.session.state is State.STOP_TEST:
                continue  # there it is what was asked for
            if event is POSSIBLE and ending.session.snapshot.progress.step < 0:
                continue  # nothing can have hurt yet, so it goes on
            if event is not BY_KEY and ending.session.state in (State.CLOSING, State.ENDED):
                continue
            ending.handle(event)
            begun = len(ending.actions)
            while not ending.session.over and ending.step():
                pass
            last = [action for action in ending.actions[begun:] if isinstance(action, Say)]
            assert {say.text for say in last} <= vital | {ENDED}  # made, not rendered
            assert {say.rate for say in last} <= {DEFAULT_RATE}


def test_the_end_comes_even_if_the_voice_never_ends_its_last_words(places):
    """A sentence that hangs cannot keep a session from ending."""
    for scene in places.values():
        for event in (BY_KEY, *FAULTS, Heard(Command.STOP, source="key")):
            ending = scene.fork()
            ending.handle(event)
            if ending.session.over:
                continue
            outcome = ending.session.outcome
            deadline = ending.session.deadline()
            assert deadline - ending.now < 180
            ending.session.handle(TimeReached(), deadline)
            assert ending.session.over
            assert ending.session.outcome is outcome


def test_stop_says_one_goodbye_and_ends(language, places):
    """A "stop" cuts, tells the partner to let go, says one short sentence, and it is over."""
    for scene in places.values():
        stopped = scene.fork()
        begun = len(stopped.actions)
        press(stopped, Command.STOP)
        if scene.session.state is State.CLOSING:
            assert stopped.session.over, "a stop among the last words cuts them too"
            continue
        kinds = [type(action) for action in stopped.actions[begun:]]
        assert kinds in ([Cut, Say], [Cut, Say, Listen])
        assert stopped.session.state is State.CLOSING
        over = scene.session.state in {State.RATING, State.RESTART_PROMPT}
        assert stopped.session.outcome is (Outcome.COMPLETED if over else Outcome.STOPPED)
        begun = len(stopped.spoken)
        stopped.run_until(lambda session: session.over, limit=stopped.now + 9)
        partner = (routine := routine_of(language, scene)) and routine.partner
        said = ["Partner: hands off."] * bool(partner) + [language.coach.stopped]
        assert [spoken.text for spoken in stopped.spoken[begun:]] == said


def test_a_second_stop_ends_it_without_a_word(language):
    """Who says "stop" twice hears nothing more."""
    simulation = at(language, State.HOLDING, BENDS)
    press(simulation, Command.STOP)
    simulation.advance(0.5)
    press(simulation, Command.STOP)
    assert simulation.session.over
    assert simulation.spoken[-1].cut


def test_pain_is_listened_for_in_every_state(language):
    """The recogniser is told to listen for pain from the first moment to the last."""
    for scene in scenes(language).values():
        listens = [action for action in scene.actions if isinstance(action, Listen)]
        assert listens
        assert all(Command.PAIN in listen.commands for listen in listens)


def test_a_session_that_hurts_before_a_choice_speaks_to_the_person(language):
    """Before a routine is chosen, nobody knows of a partner; the note is the person's."""
    simulation = begin(language)
    simulation.handle(OUCH)
    simulation.advance(1)
    assert simulation.spoken[-1].text == language.safety.person[0]


@pytest.mark.parametrize("first", ["pain", "hearing", "stop"])
def test_no_storm_of_signals_cuts_the_last_words(language, first):
    """A closed terminal hangs up twice, and a manager of services may ask to end at any moment."""
    signal = Heard(Command.STOP, source="signal")
    simulation = begin(language, PRESS)
    by_first = {"pain": OUCH, "stop": signal}
    simulation.handle(by_first.get(first) or Fault("hearing", "It is gone: mend it."))
    waiting, done = simulation.session.state, len(simulation.actions)
    for _ in range(5):
        simulation.handle(signal)
    assert not any(isinstance(action, Cut) for action in simulation.actions[done:])
    assert simulation.session.state == waiting
    simulation.handle(key(Command.STOP))
    assert simulation.session.over == (first != "pain")


def test_nobody_is_pressed_in_a_noise_in_which_a_cry_could_go_unheard(language, places):
    """The hands come off first; who is alone goes on, and can let go by themselves."""
    pressing = places["pressing"].fork()
    begun = len(pressing.spoken)
    pressing.handle(Masked())
    assert pressing.session.state is State.PAUSED
    pressing.advance(20)
    said = tuple(spoken.text for spoken in pressing.spoken[begun:])
    release = language.coach.press.release
    assert said[:3] == (release, "Partner: hands off.", language.coach.answers.paused)
    holding = places["holding"].fork()
    holding.handle(Masked())
    assert holding.session.state is not State.PAUSED
