"""The coach speaks before it can listen, and nothing that is said meanwhile is lost."""

from __future__ import annotations

from concurrent.futures import Future

import numpy as np
import pytest

from voice_coach.audio.while_loading import LATE, LONGEST, HeldBack, LoadingListener
from voice_coach.core.commands import Command
from voice_coach.core.events import Fault, Heard, Noticed, SomebodyComing
from voice_coach.core.ports import BLOCK, SAMPLE_RATE
from voice_coach.errors import CoachError

SECOND = SAMPLE_RATE // BLOCK


class KeepingListener:
    """Notes all calls; a block above zero is a notice."""

    level = -30.0

    def __init__(self, clock=None, seconds=0.0):
        self.calls = []
        self.clock = clock
        self.seconds = seconds

    def listen(self, commands):
        self.calls.append(commands)

    def listen_for_breath(self, *, on):
        self.calls.append(on)

    def move_far_end(self, samples):
        self.calls.append(samples)

    def hear(self, microphone, far_end):
        self.calls.append((microphone[0], far_end[0]))
        if self.clock:
            self.clock[0] += self.seconds
        return [Noticed("hush")] if microphone[0] > 0 else []


@pytest.fixture
def loading():
    return Future()


@pytest.fixture
def clock():
    return [0.0]


@pytest.fixture
def listener(loading, clock):
    return LoadingListener(loading, lambda: clock[0])


def hear(listener, sample=0.0):
    block = np.full(BLOCK, sample, np.float32)
    return listener.hear(block, -block)


def test_what_is_said_while_the_model_loads_is_heard_in_order(listener, loading):
    """Also what it was told to listen for comes between the blocks as it came."""
    listener.listen({Command.STOP})
    assert [hear(listener, sample) for sample in (0.25, -0.5)] == [[], []]
    listener.listen_for_breath(on=True)
    listener.move_far_end(-60)
    loaded = KeepingListener()
    loading.set_result(loaded)
    events = [event for sample in (-0.75, -1.0, -1.0) for event in hear(listener, sample)]
    assert events == [Noticed("hush")]
    heard = [(0.25, -0.25), (-0.5, 0.5), (-0.75, 0.75), (-1.0, 1.0)]
    assert loaded.calls[:5] == [{Command.STOP}, heard[0], heard[1], True, -60]


@pytest.mark.parametrize(("seconds", "behind"), [(0.0034, 0.0), (0.0098, 0.0), (0.015, LATE)])
def test_what_was_kept_is_made_up_for_in_the_time_that_is_spare(
    listener, loading, clock, seconds, behind
):
    """A slow computer stays half a second behind; hurried on, it would be taken for too slow."""
    for _ in range(2 * SECOND):
        hear(listener)
    loaded = KeepingListener(clock, seconds)
    loading.set_result(loaded)
    longest = 0.0
    for _ in range(2 * SECOND):
        began = clock[0]
        hear(listener)
        longest = max(longest, clock[0] - began)
    assert (4 * SECOND - len(loaded.calls)) / SECOND == pytest.approx(behind, abs=0.02)
    assert longest < max(2 * seconds, 0.0102) + 0.001, "new sound would wait for it"
    assert hear(listener, 0.5) == ([] if behind else [Noticed("hush")])


def test_how_loud_the_person_is_shows_once_somebody_listens(listener, loading):
    assert listener.level is None
    loading.set_result(KeepingListener())
    assert listener.level == KeepingListener.level


def test_a_model_that_cannot_be_loaded_ends_the_session_with_the_reason(listener, loading):
    loading.set_exception(CoachError("It is damaged."))
    assert hear(listener) == [Fault("hearing", "It is damaged.")]
    assert hear(listener) == [], "one fault is enough"
    assert listener.level is None


def test_nobody_is_led_for_long_by_a_coach_that_does_not_listen(listener):
    events = [event for _ in range(round(LONGEST * SECOND) + SECOND) for event in hear(listener)]
    assert [event.part for event in events] == ["hearing"]


def test_a_program_error_while_loading_is_not_hidden(listener, loading):
    loading.set_exception(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        hear(listener)


@pytest.mark.parametrize("fails", [False, True])
def test_a_key_leads_on_only_once_the_coach_listens(loading, fails):
    """The sound check is not passed before; then what was asked for happens, in its order."""
    posted = []
    post = HeldBack(posted.append, loading)
    keys = [Heard(command, source="key") for command in (Command.NEXT, Command.SLOWER)]
    asked = [*keys, SomebodyComing()]
    for heard in asked:
        post(heard)
    assert posted == []
    if fails:
        loading.set_exception(CoachError("It is damaged."))
    else:
        loading.set_result(KeepingListener())
    assert posted == asked
    post(asked[0])
    assert posted == [*asked, asked[0]]


@pytest.mark.parametrize("command", [Command.PAIN, Command.STOP])
def test_pain_and_stop_by_key_never_wait(loading, command):
    posted = []
    post = HeldBack(posted.append, loading)
    post(Heard(Command.NEXT, source="key"))
    post(Heard(command, source="key"))
    assert [heard.command for heard in posted] == [command]
