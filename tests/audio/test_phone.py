"""A phone as the stage of a session: its samples are the clock, and without it nothing goes on."""

from __future__ import annotations

import time

import numpy as np
import pytest
from far_phone import FarPhone
from keeping import Clip, KeepingListener

from voice_coach.audio import live_stage, phone
from voice_coach.audio.device import NoSoundDevice
from voice_coach.audio.phone import PhoneDevice
from voice_coach.audio.phone_frames import Kind, Report
from voice_coach.audio.phone_line import LOST, MOST_WAITING, PhoneLine
from voice_coach.core.commands import URGENT
from voice_coach.core.events import ClipFinished, ClipStarted, Fault, SoundGaps, TimeReached
from voice_coach.core.ports import SAMPLE_RATE

AHEAD = 0.25
"""Seconds of sound that lie in advance."""


def noise(seconds, seed=1):
    draw = np.random.default_rng(seed)
    return draw.uniform(-0.5, 0.5, round(seconds * SAMPLE_RATE)).astype(np.float32)


@pytest.fixture
def line():
    return PhoneLine()


@pytest.fixture
def far(line):
    return FarPhone(line)


@pytest.fixture
def stage(line, far):
    with PhoneDevice(line, KeepingListener(), last_words=Clip(noise(1, 9))) as stage:
        far.take()
        yield stage


def events(stage):
    """Give all that has happened; a phone that plays faster than in time outruns any listener."""
    found = []
    while not isinstance(event := stage.wait(0)[0], TimeReached):
        found.append(event)
    return [each for each in found if getattr(each, "part", "") != "hearing"]


def test_the_time_is_what_the_phone_has_played(stage, far):
    assert stage.wait(0)[1] == AHEAD
    far.play(0.48)
    assert stage.wait(0)[1] == pytest.approx(AHEAD + 0.48)


def test_a_clip_is_played_whole_at_its_sample(stage, far):
    clip = noise(0.5)
    stage.play(1, Clip(clip), at=0.5)
    far.play(2)
    assert np.allclose(far.sound[8000:16000], clip, atol=1e-4)
    assert not far.sound[:8000].any()
    assert events(stage) == [ClipStarted(1), ClipFinished(1)]


@pytest.mark.parametrize("order", ["cut", "hush"])
def test_silence_is_ordered_for_all_that_the_phone_has_not_played(stage, far, order):
    """Whatever lies in advance; the fade of a hush takes 30 ms."""
    stage.play(1, Clip(noise(5)), at=0)
    far.play(1)
    getattr(stage, order)()
    played = far.position
    far.play(1)
    assert far.sound[played - 100 : played].any()
    assert not far.sound[played + 480 :].any()


def test_the_last_words_are_on_the_phone_before_the_first_sound(stage, far):
    assert far.kinds == [Kind.BEGIN, Kind.LAST_WORDS, Kind.SOUND]
    assert np.allclose(far.last_words, noise(1, 9), atol=1e-4)


def test_the_listener_hears_what_the_phone_played_with_what_it_heard_meanwhile(line):
    far, listener = FarPhone(line), KeepingListener()
    with PhoneDevice(line, listener) as stage:
        stage.play(1, Clip(noise(1)), at=AHEAD)
        spoken = noise(1.92, 5)
        for piece in np.split(spoken, 80):
            line.take_report(far.report(heard=piece))
    assert np.allclose(np.concatenate(listener.microphone), spoken, atol=1e-4)
    heard = np.concatenate(listener.far_end)
    assert np.allclose(heard, far.sound[: len(heard)], atol=1e-4)
    assert np.any(heard)


def test_what_to_report_reaches_the_listener(line):
    listener, far = KeepingListener(), FarPhone(line)
    with PhoneDevice(line, listener) as stage:
        stage.listen(URGENT)
        far.play(0.1)
    assert listener.told_to_report == [URGENT]


def test_a_report_that_comes_twice_changes_nothing(stage, far, line):
    far.play(0.48)
    now = stage.wait(0)[1]
    again = far.report()
    assert line.take_report(again)
    assert line.take_report(again)
    assert stage.wait(0)[1] == pytest.approx(now + 0.024)


def test_a_network_that_is_late_costs_the_sound_and_not_the_session(stage, far, line):
    """The phone played silence meanwhile, as its clock cannot wait."""
    stage.play(1, Clip(noise(3)), at=AHEAD)
    far.play(0.5)
    far.take()
    reports = [far.report() for _ in range(20)]
    for report in reports:
        line.take_report(report)
    far.play(2.5)
    assert ClipFinished(1) in events(stage)
    assert stage.wait(0)[1] == pytest.approx(AHEAD + far.position / SAMPLE_RATE)


def test_what_the_phone_missed_is_counted(stage, far, monkeypatch):
    far.play(0.1, missed=0)
    far.play(0.1, missed=500)
    assert stage.gaps == SoundGaps(underflows=1)


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_a_phone_that_sends_nothing_for_half_a_second_is_a_fault(line, far, monkeypatch):
    monkeypatch.setattr(live_stage, "monotonic", clock := Clock())
    with PhoneDevice(line, KeepingListener()) as stage:
        for _ in range(100):
            far.play(0.048)
            clock.now += 0.05
            while stage._hearing.captured - stage._hearing._heard > SAMPLE_RATE:  # noqa: SLF001
                time.sleep(0.001)  # it listens in a thread of its own
            assert events(stage) == []
        found = []
        for _ in range(11):
            clock.now += 0.05
            found += events(stage)
        assert [event.part for event in found] == ["sound"]
        assert found[0].reason.startswith("The phone sent nothing for half a second")
    far.take()
    assert far.lost, "the phone is told to show it and to say its last words"


@pytest.mark.parametrize("why", LOST)
def test_a_phone_that_gives_up_is_a_fault_that_says_why(stage, line, why):
    assert line.lose(why)
    assert stage.wait(None)[0] == Fault(
        "sound", f"{LOST[why]}, so nobody could have stopped the coach: start again on the phone."
    )
    assert stage.level is None


def test_a_second_phone_is_refused_and_ends_the_session_as_a_fault(stage, line, far):
    assert line.connect(lambda: None) is None
    assert stage.wait(None)[0].reason.startswith("A second phone")
    assert line.is_connected(far.name)


def test_between_sessions_the_phone_that_came_last_is_the_one(line, far):
    second = FarPhone(line)
    assert not line.is_connected(far.name)
    assert line.is_connected(second.name)


def test_what_a_phone_that_vanished_did_not_take_is_not_sent_to_the_next(line):
    """Else the next one would be told that its session is over, and so on for ever."""
    FarPhone(line)
    line.hang_up(lost=True)
    second = FarPhone(line)
    second.take()
    assert second.kinds == []
    assert second.lost is None


def test_without_a_phone_nothing_begins(line, monkeypatch):
    monkeypatch.setattr(phone, "CONNECTING", 0.01)
    with pytest.raises(NoSoundDevice, match="open the page on the phone"):
        PhoneDevice(line, KeepingListener()).__enter__()


def test_after_the_session_the_microphone_is_closed(line, far):
    with PhoneDevice(line, KeepingListener()):
        far.play(0.1)
    far.take()
    assert far.kinds[-1] is Kind.END
    assert far.lost is False
    assert not line.is_connected(far.name)


def test_a_phone_that_takes_nothing_is_hung_up(stage, line, far):
    for _ in range(MOST_WAITING + 1):
        line.send(b"")
    assert not line.is_connected(far.name)


@pytest.mark.parametrize(
    "body",
    [b"", b"short", bytes(11), bytes(13), b"\xff" * 12, bytes(8) + b"\x01\0\0\0" + bytes(3)],
)
def test_what_is_no_report_is_refused(stage, line, body):
    assert not line.take_report(body)


def test_a_report_that_is_too_long_is_refused():
    count = 32_001
    assert Report.parse(bytes(8) + count.to_bytes(4, "little") + bytes(4 * count)) is None


@pytest.mark.parametrize("name", ["", "guessed", "ü"])
def test_no_other_name_is_the_phones(line, far, name):
    assert not line.is_connected(name)
    line.hang_up()
    assert not line.is_connected(name)
