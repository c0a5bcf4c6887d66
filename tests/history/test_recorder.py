"""A session is remembered while it happens, and never waits for it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest
from fuzzing import THOROUGH
from past_sessions import EVENING, clock, one

from voice_coach import background
from voice_coach.catalogue import read_rules
from voice_coach.core.adapt import gentle_only
from voice_coach.core.commands import Command
from voice_coach.core.config import SessionConfig
from voice_coach.core.events import Fault, Heard
from voice_coach.core.session import Session
from voice_coach.core.simulation import Simulation
from voice_coach.core.transitions import State
from voice_coach.core.view import Feeling, Outcome
from voice_coach.history import database
from voice_coach.history.recorder import HistoryRecorder
from voice_coach.history.store import HistoryUnavailable, LocalTime, open_history

BENDS = "gentle-bends"
PRESS = "assisted-press"
KILLS = 50 if THOROUGH else 10
"""docs/safety-rules.md tells of 200."""


@pytest.fixture
def file(tmp_path):
    return tmp_path / "voice-coach" / "history.db"


def sessions(file):
    with open_history(file) as history:
        return history.past().sessions


@contextmanager
def remembered(language, file, routine=BENDS, when=clock):
    """Give a simulation of which each view is shown to a recorder."""
    simulation = Simulation(Session(SessionConfig(language=language, routine=routine or "")))
    with HistoryRecorder(file, when) as recorder:
        handle = simulation.session.handle

        def shown(event, now):
            actions = handle(event, now)
            recorder.show(simulation.session.view(now))
            return actions

        simulation.session.handle = shown
        simulation.recorder = recorder
        yield simulation


def lead_to_step(simulation, number, command=Command.NEXT):
    """Go on until this step is being told."""
    simulation.run_until(lambda session: session.view(0).saying)
    simulation.handle(Heard(Command.READY, source="key"))
    if simulation.session.state is State.STOP_TEST:
        simulation.run_until(lambda session: session.counting)
        simulation.hear(Command.PAIN)
    while (step := simulation.session.view(0).step) < number:
        if step:
            simulation.handle(Heard(command, source="key"))
        else:
            simulation.step()


def test_a_completed_session_is_remembered_whole(language, file):
    """Routine, steps, end and how it felt are there."""
    with remembered(language, file) as simulation:
        while simulation.session.state is not State.RATING or simulation.session.view(0).saying:
            if simulation.session.state in (State.SOUND_CHECK, State.WAITING):
                command = Command.NEXT if simulation.session.view(0).step else Command.READY
                simulation.handle(Heard(command, source="key"))
            simulation.step()
        simulation.handle(Heard(Command.BETTER, source="key"))
        simulation.run_until(lambda session: session.over)
        steps = simulation.session.view(0).steps
    (session,) = sessions(file)
    assert session == one(
        number=1,
        ended=EVENING,
        steps=steps,
        reached=steps,
        step=steps,
        title=session.title,
        outcome=Outcome.COMPLETED,
        felt=Feeling.BETTER,
    )


def test_each_step_is_on_the_disk_when_it_has_begun(language, file):
    """Nothing waits for the end."""
    with remembered(language, file) as simulation:
        for step in (1, 2, 3):
            lead_to_step(simulation, step)
            while not simulation.recorder.idle:
                time.sleep(0.001)
            (session,) = sessions(file)
            assert (session.step, session.reached, session.outcome) == (step, step, None)


def test_where_it_ended_and_how_far_it_came_are_two_things(language, file):
    """Who goes back keeps what was reached."""
    with remembered(language, file) as simulation:
        lead_to_step(simulation, 3)
        simulation.handle(Heard(Command.BACK, source="key"))
        simulation.handle(Heard(Command.STOP, source="key"))
    (session,) = sessions(file)
    assert (session.reached, session.step, session.outcome) == (3, 2, Outcome.STOPPED)
    assert session.title == "Warm up"


@pytest.mark.parametrize(
    ("event", "outcome"),
    [
        (Heard(Command.PAIN, source="key"), Outcome.PAIN),
        (Fault("hearing", "Gone: plug it in."), Outcome.FAULT),
    ],
)
@pytest.mark.parametrize("routine", [None, PRESS])
def test_pain_and_faults_are_remembered_even_before_the_first_step(
    language, file, event, outcome, routine
):
    """Also where no routine was chosen yet."""
    with remembered(language, file, routine) as simulation:
        simulation.handle(event)
    (session,) = sessions(file)
    assert (session.outcome, session.reached) == (outcome, 0)
    assert session.routine == (routine or "")
    assert session.twist is (routine == PRESS)


@pytest.mark.parametrize("routine", [None, BENDS])
def test_what_never_began_is_not_remembered(language, file, routine):
    """A look at the coach is no session, and makes no file."""
    with remembered(language, file, routine) as simulation:
        simulation.handle(Heard(Command.STOP, source="key"))
        simulation.run_until(lambda session: session.over)
    assert not file.exists()


def test_the_time_is_that_of_the_clock_on_the_wall(language, file):
    """From when the coach started to when the last news came, with the local time's offset."""
    moments = iter([LocalTime(EVENING, 7200.0), LocalTime(EVENING + 300, 0.0), *[clock()] * 9])
    with remembered(language, file, when=lambda: next(moments)) as simulation:
        lead_to_step(simulation, 1)
    (session,) = sessions(file)
    assert (session.began, session.ended, session.offset) == (EVENING, EVENING + 300, 7200.0)


def test_a_day_after_worse_counts_from_the_last_word(language, file):
    """Not from the answer, and not from the beginning, however long the session was."""
    led = []

    def when():
        return LocalTime(EVENING + led[0].now, 0.0) if led else clock()

    with remembered(language, file, when=when) as simulation:
        led.append(simulation)
        simulation.run_until(lambda session: session.view(0).saying)
        simulation.handle(Heard(Command.READY, source="key"))
        simulation.run_until(lambda session: session.state is State.WAITING, 600)
        simulation.handle(Heard(Command.NEXT, source="key"))
        simulation.run_until(lambda session: session.state is State.RATING, 600)
        simulation.handle(Heard(Command.WORSE, source="key"))
        answered = simulation.now
        simulation.run_until(lambda session: session.over)
        over = EVENING + simulation.now
    assert over > EVENING + answered + 5
    with open_history(file) as history:
        past = history.past()
    rules = read_rules()
    day = rules.hours_gentle_after_worse * 3600
    assert past.sessions[0].ended == pytest.approx(over, abs=0.1)
    assert gentle_only(past, over + day - 1, rules)
    assert not gentle_only(past, over + day + 1, rules)


# When the disk will not


def test_what_could_not_be_written_is_made_good_by_the_next_time(language, file, monkeypatch):
    """A history that was locked for a while lacks nothing."""
    monkeypatch.setattr(database, "PATIENCE", 0.01)
    with open_history(file):
        pass
    holder = database.sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with remembered(language, file) as simulation:
        lead_to_step(simulation, 2)
        while not simulation.recorder.idle:
            time.sleep(0.001)
        assert "close it" in str(simulation.recorder.trouble)
        holder.close()
        lead_to_step(simulation, 3)
    assert simulation.recorder.trouble is None
    assert [session.reached for session in sessions(file)] == [3]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), None])
def test_a_disk_that_will_not_is_told_once_and_the_session_goes_on(
    language, file, monkeypatch, error
):
    """Every step is led as ever; what could not be kept is known in one sentence."""
    if error:
        monkeypatch.setattr(database, "private_folder", lambda _: (_ for _ in ()).throw(error))
    else:
        file.mkdir(parents=True)
    with remembered(language, file) as simulation:
        simulation.run_obediently()
    assert simulation.session.outcome is Outcome.COMPLETED
    assert isinstance(simulation.recorder.trouble, HistoryUnavailable)
    assert str(simulation.recorder.trouble).count("\n") == 0


def test_a_disk_that_hangs_holds_nobody_up(language, file, monkeypatch):
    """The end comes all the same, with a sentence."""
    answers, answered = Event(), []
    monkeypatch.setattr(background, "LAST_ITEMS", 0.05)
    monkeypatch.setattr(database, "private_folder", lambda _: answered.append(answers.wait(30)))
    with remembered(language, file) as simulation:
        lead_to_step(simulation, 1)
    assert not answered
    answers.set()
    assert str(simulation.recorder.trouble) == "The disk with the history does not answer."


# Killed


@pytest.mark.fuzz
def test_a_kill_at_any_moment_loses_at_most_the_running_step(tmp_path):
    """Whenever a session is killed, the history opens, is whole, and knows all steps but one."""
    file = tmp_path / "history.db"
    script = Path(__file__).parent / "dying_sessions.py"
    output = subprocess.run(
        [sys.executable, script, file, str(KILLS), "1"],
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
    )
    deaths = [json.loads(line) for line in output.stdout.splitlines()]
    assert len(deaths) == KILLS
    for death in deaths:
        assert death["integrity"] == "ok"
        assert not death["aside"]
        assert len(death["steps"]) <= 1
        (step,) = death["steps"] or [0]
        assert death["told"] - 1 <= step <= death["told"]
    assert deaths[-1]["sessions"] == 1 + sum(len(death["steps"]) for death in deaths)
    assert len({death["told"] for death in deaths}) > 2, "they died in many places"


def test_each_routine_of_a_session_is_remembered_by_itself(language, file):
    """Two routines one after the other are two lines, each with its own end."""
    with remembered(language, file) as simulation:
        simulation.run_until(lambda session: session.state is State.SOUND_CHECK)
        for routine in (BENDS, PRESS):
            if routine is PRESS:
                simulation.hear(Command.YES)
                simulation.handle(Heard(Command.CHOOSE, choice=PRESS, source="key"))
            simulation.hear(Command.READY)
            for _ in range(2 * (routine is PRESS)):
                simulation.run_until(lambda session: session.counting)
                simulation.hear(Command.PAIN)
            while simulation.session.state is not State.RATING:
                if simulation.session.state is State.WAITING:
                    simulation.hear(Command.NEXT)
                simulation.step()
            simulation.hear(Command.BETTER if routine is BENDS else Command.SAME)
        simulation.hear(Command.STOP)
    first, second = sessions(file)
    assert (first.routine, first.outcome, first.felt) == (
        *(BENDS, Outcome.COMPLETED),
        Feeling.BETTER,
    )
    assert (second.routine, second.outcome, second.felt) == (
        *(PRESS, Outcome.COMPLETED),
        Feeling.SAME,
    )
    assert second.twist
