"""The live stage: what it promises with any device, and on a virtual sound card what it does.

PortAudio finds its sound server once, when it is first used, so whatever uses the card is a scene
acted in a process of its own.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from contextlib import contextmanager
from functools import partial
from threading import Event, Thread, Timer
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import samplerate
from fake_sounddevice import FakeSounddevice, FakeStream
from keeping import Clip, KeepingListener
from trials.virtual_sound_card import VirtualSoundCard

from voice_coach.audio import device, live_stage
from voice_coach.audio.device import Device, NoSoundDevice, devices_present
from voice_coach.audio.mixer import Mixer
from voice_coach.core.commands import URGENT
from voice_coach.core.events import ClipFinished, ClipStarted, Fault, SoundGaps, TimeReached
from voice_coach.core.ports import BLOCK, SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

    from numpy.typing import NDArray

PATIENCE = 20.0
"""Seconds a busy computer gets for what another takes a part of a second for."""


def sweep(seconds: float) -> NDArray[np.float32]:
    """Give a tone that rises from 200 to 4000 Hz, so that it fits itself at one delay only."""
    moments = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    phase = 2 * np.pi * (200 * moments + 3800 / 2 / seconds * moments**2)
    return (0.3 * np.sin(phase)).astype(np.float32)


def tone(seconds: float) -> NDArray[np.float32]:
    """Give an even tone of 1000 Hz."""
    moments = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return (0.3 * np.sin(2 * np.pi * 1000 * moments)).astype(np.float32)


def noise(seconds: float) -> NDArray[np.float32]:
    """Give noise, the same each time."""
    random = np.random.default_rng(1)
    return (0.2 * random.standard_normal(int(seconds * SAMPLE_RATE))).astype(np.float32)


def find(sound: NDArray[np.float32], within: NDArray[np.float32]) -> tuple[int, float]:
    """Tell at which sample `sound` lies in `within`, and how alike the two are there, up to 1."""
    size = 1 << (len(within) + len(sound)).bit_length()
    fitting = np.fft.irfft(np.fft.rfft(within, size) * np.conj(np.fft.rfft(sound, size)), size)
    start = int(np.argmax(fitting[: len(within) - len(sound) + 1]))
    part = within[start : start + len(sound)]
    return start, float(part @ sound / np.sqrt((part @ part) * (sound @ sound)))


@pytest.fixture
def library(monkeypatch) -> FakeSounddevice:
    library = FakeSounddevice()
    monkeypatch.setitem(sys.modules, "sounddevice", library)
    return library


@pytest.fixture
def stage(library) -> Iterator[Device]:
    with Device(Mixer(), KeepingListener()) as stage:
        yield stage


@pytest.fixture
def speaker(stage, library):
    return library.streams[0]


@pytest.fixture
def microphone(stage, library):
    return library.streams[1]


class Clock:
    """A second clock that moves on by itself with each look at it; and the world with it."""

    def __init__(self, step, meanwhile=lambda: None):
        self.now = 0.0
        self.step = step
        self.meanwhile = meanwhile

    def __call__(self):
        self.meanwhile()
        self.now += self.step
        return self.now


def test_the_time_is_what_the_loudspeaker_has_played(stage, speaker):
    speaker.speak(1600)
    assert stage.wait(0.05) == (TimeReached(), 0.1)
    assert stage.wait(0.1) == (TimeReached(), 0.1)


def test_a_wait_lasts_until_the_loudspeaker_has_played_up_to_the_deadline(stage, speaker):
    playing = Thread(target=lambda: [speaker.speak(160) for _ in range(100)])
    playing.start()
    event, now = stage.wait(0.9)
    playing.join()
    assert event == TimeReached()
    assert now >= 0.9


def test_what_has_happened_comes_before_a_deadline_that_has_passed(stage, speaker):
    speaker.speak(1600)
    stage.post(ClipFinished(1))
    assert stage.wait(0.05) == (ClipFinished(1), 0.1)
    assert stage.wait(0.05) == (TimeReached(), 0.1)


def test_a_clip_is_played_to_the_sample_and_tells_when_it_starts_and_ends(stage, speaker):
    stage.play(1, Clip(sweep(0.05)), at=0.01)
    played = np.concatenate([speaker.speak(frames) for frames in (100, 1, 400, 499)])
    np.testing.assert_array_equal(played, np.r_[np.zeros(160), sweep(0.05), np.zeros(40)])
    assert stage.wait(None) == (ClipStarted(1), 1000 / SAMPLE_RATE)
    assert stage.wait(None) == (ClipFinished(1), 1000 / SAMPLE_RATE)


def test_a_cut_is_silence_with_the_next_callback_but_for_its_fade(stage, speaker):
    stage.play(1, Clip(tone(1)), at=0)
    assert np.any(speaker.speak(400))
    stage.cut()
    assert not np.any(speaker.speak(400)[80:])


def test_ducked_and_hushed_the_voice_gives_way_and_comes_back(stage, speaker):
    stage.play(1, Clip(tone(1)), at=0)
    speaker.speak(1600)
    stage.duck()
    np.testing.assert_allclose(speaker.speak(1600)[400:], 0.1 * tone(1)[2000:3200], atol=1e-6)
    stage.hush()
    assert not np.any(speaker.speak(1600)[480:])
    stage.resume()
    np.testing.assert_allclose(speaker.speak(1600)[400:], tone(1)[400:1600], atol=1e-6)


def test_a_volume_that_is_set_holds_for_what_is_played_from_then_on(stage, speaker):
    stage.set_volume(-20)
    speaker.speak(1600)
    stage.play(1, Clip(tone(0.1)), at=0)
    np.testing.assert_allclose(speaker.speak(1600), 0.1 * tone(0.1), atol=1e-6)


def test_the_ear_is_given_what_both_devices_did_and_told_what_to_report(library):
    listener = KeepingListener()
    with Device(Mixer(), listener) as stage:
        speaker, microphone = library.streams
        stage.listen(URGENT)
        stage.play(1, Clip(sweep(0.02)), at=0)
        speaker.speak(BLOCK)
        microphone.hear(tone(0.02))
    np.testing.assert_array_equal(listener.microphone, [tone(0.02)])
    np.testing.assert_array_equal(listener.far_end, [sweep(0.02)])
    assert listener.told_to_report == [URGENT]


@pytest.mark.parametrize(
    ("to_hear", "to_play"),
    [
        ((48_000, 1), (48_000, 1)),
        ((48_000, 1), (44_100, 2)),
        ((44_100, 2), (48_000, 2)),
        ((16_000, 6), (48_000, 1)),
    ],
)
def test_devices_that_only_run_at_other_rates_and_channels_serve_as_well(library, to_hear, to_play):
    """The echo comes at one and the same delay, whatever the devices are."""
    (heard_rate, heard_channels), (played_rate, played_channels) = to_hear, to_play
    library.devices[0]["max_input_channels"] = heard_channels
    library.only = {0: {to_hear}, 1: {to_play}}
    listener = KeepingListener()
    with Device(Mixer(), listener) as stage:
        speaker, microphone = library.streams
        assert [speaker.samplerate, microphone.samplerate] == [played_rate, heard_rate]
        stage.play(1, Clip(sweep(0.5)), at=0.25)
        room = samplerate.Resampler("sinc_best", 1)
        air = np.zeros(heard_rate // 50, np.float32)
        for _ in range(200):
            played = speaker.speak_all(played_rate // 100)
            assert played.shape[1] == played_channels
            np.testing.assert_array_equal(played[:, 0], played[:, -1])
            air = np.r_[air, room.process(played[:, 0], heard_rate / played_rate)]
            arrays = np.zeros((heard_rate // 100, heard_channels), np.float32)
            piece, air = np.split(air, [len(arrays)])
            arrays[: len(piece), -1] = piece
            microphone.hear(arrays)
    far_end, heard = np.concatenate(listener.far_end), np.concatenate(listener.microphone)
    began, likeness = find(sweep(0.5), far_end)
    assert likeness > 0.99
    arrived, likeness = find(sweep(0.5), heard)
    assert likeness > 0.99
    # 20 ms of air and what the converters hold back, less what the far end is kept back for.
    assert 0 < arrived - began < 0.04 * SAMPLE_RATE


def test_a_device_that_another_program_uses_leaves_nothing_open(library):
    library.busy = {0}
    with pytest.raises(NoSoundDevice, match="'Desk microphone' cannot be opened"):
        Device(Mixer(), KeepingListener()).__enter__()
    assert library.streams[0].calls == ["start", "stop", "close"]


def test_after_a_session_both_devices_are_given_back(stage, library):
    stage.__exit__()
    assert [stream.calls for stream in library.streams] == [["start", "stop", "close"]] * 2


@pytest.mark.parametrize(
    ("index", "name", "part"), [(0, "loudspeaker", "sound"), (1, "microphone", "hearing")]
)
def test_a_stream_that_ends_by_itself_is_a_fault_told_once(stage, library, index, name, part):
    library.streams[index].ceases()
    event, _ = stage.wait(None)
    assert event == Fault(
        part,
        f"The {name} stopped: see that it is plugged in and switched on, and start again.",
    )
    assert stage.wait(0) == (TimeReached(), 0.0)
    stage.__exit__()
    assert library.streams[index].calls == ["start", "abort", "close"]


def test_gaps_that_the_sound_system_reports_are_told_for_the_log(stage, speaker, microphone):
    speaker.speak(160, priming_output=True)
    speaker.speak(160, output_underflow=True)
    microphone.hear(np.zeros(160), input_overflow=True)
    assert stage.wait(None) == (SoundGaps(overflows=1, underflows=1, priming=1), 0.02)
    assert stage.gaps == SoundGaps(overflows=1, underflows=1, priming=1)


def test_an_echo_keeps_its_delay_when_the_microphone_reports_that_it_lost_samples(library):
    listener = KeepingListener()
    with Device(Mixer(), listener) as stage:
        speaker, microphone = library.streams
        stage.play(1, Clip(noise(6)), at=0)
        air = np.zeros(900, np.float32)
        for number in range(600):
            air = np.r_[air, speaker.speak(160)]
            lost = 150 * (number == 300)
            microphone.hear(air[lost : lost + 160], input_overflow=bool(lost))
            air = air[lost + 160 :]
            if lost:
                air = np.r_[air, speaker.speak(lost)]
    far_end, heard = np.concatenate(listener.far_end), np.concatenate(listener.microphone)

    def delay(second):
        start = second * SAMPLE_RATE
        return find(far_end[start : start + 8000], heard[start : start + 16_000])[0]

    assert delay(4) == delay(1)


def test_a_loudspeaker_that_falls_silent_is_a_fault(stage, speaker, microphone, monkeypatch):
    speaker.speak(160)
    clock = Clock(0.1, lambda: microphone.hear(np.zeros(160)))
    monkeypatch.setattr(live_stage, "monotonic", clock)
    event, _ = stage.wait(None)
    assert event.reason.startswith("The loudspeaker stopped")
    assert clock.now == pytest.approx(0.7, abs=0.11)


def test_a_microphone_that_falls_silent_is_a_fault(stage, speaker, microphone, monkeypatch):
    microphone.hear(np.zeros(160))
    monkeypatch.setattr(live_stage, "monotonic", Clock(0.1, lambda: speaker.speak(160)))
    event, _ = stage.wait(None)
    assert event.reason.startswith("The microphone stopped")


@pytest.mark.usefixtures("library")
def test_devices_that_never_begin_are_a_fault_but_are_given_time(monkeypatch):
    clock = Clock(0.1)
    monkeypatch.setattr(live_stage, "monotonic", clock)
    with Device(Mixer(), KeepingListener()) as stage:
        event, _ = stage.wait(None)
    assert event.part == "sound"
    assert 2.5 < clock.now < 3


def test_a_computer_that_stood_still_for_a_moment_has_not_lost_its_devices(
    stage, speaker, monkeypatch
):
    monkeypatch.setattr(live_stage, "monotonic", Clock(1.4))
    speaking = Timer(0.05, speaker.speak, [1600])
    speaking.start()
    event, _ = stage.wait(0.1)
    speaking.join()
    assert event == TimeReached()


def test_a_computer_that_slept_does_not_go_on_by_itself(stage, monkeypatch):
    monkeypatch.setattr(live_stage, "monotonic", Clock(60))
    event, _ = stage.wait(None)
    assert event.part == "computer"
    assert event.reason.startswith("For 60 seconds the coach stood still")


def test_the_clock_that_watches_goes_on_while_the_computer_sleeps():
    assert live_stage.monotonic() == pytest.approx(time.clock_gettime(time.CLOCK_BOOTTIME), abs=1)


def test_a_loudspeaker_whose_coach_does_not_move_falls_silent_and_says_the_last_words(library):
    with Device(Mixer(), KeepingListener(), last_words=Clip(sweep(0.5))) as stage:
        speaker, _ = library.streams
        stage.wait(0)
        stage.play(1, Clip(tone(10)), at=0)
        played = np.concatenate([speaker.speak(160) for _ in range(300)])
    start, likeness = find(sweep(0.5), played)
    assert likeness > 0.99
    assert start / SAMPLE_RATE == pytest.approx(1.5, abs=0.02)
    assert not played[start + 8000 :].any()


def test_a_loudspeaker_that_gave_the_coach_up_is_a_fault(stage, speaker, monkeypatch):
    """It counts samples, so it may say the last words when the clock has not quite come so far."""
    monkeypatch.setattr(live_stage, "monotonic", clock := Clock(0))
    stage.wait(0)
    clock.now = 1.49
    for _ in range(153):
        speaker.speak(160)
    faults = [event for _ in range(5) if isinstance(event := stage.wait(0)[0], Fault)]
    assert [fault.part for fault in faults] == ["computer"]
    assert faults[0].reason.startswith("For 2 seconds the coach stood still")


def test_a_coach_that_moves_again_too_late_ends_with_a_fault(stage, monkeypatch):
    monkeypatch.setattr(live_stage, "monotonic", clock := Clock(0))
    assert stage.wait(0) == (TimeReached(), 0.0)
    clock.now = 3.0
    event, _ = stage.wait(None)
    assert event.part == "computer"


def test_a_microphone_that_is_muted_is_a_fault(stage, library, monkeypatch):
    _, microphone = library.streams
    monkeypatch.setattr(live_stage, "monotonic", Clock(0))
    microphone.hear(noise(11))
    microphone.hear(np.zeros(25_000))
    event, _ = stage.wait(None)
    assert event == Fault("hearing", "The microphone was muted: switch it on, and start again.")


def test_an_ear_that_breaks_down_is_a_fault_told_once(library):
    class Broken(KeepingListener):
        """A listener that cannot hear."""

        def hear(self, *_):
            raise RuntimeError("no model")

    with Device(Mixer(), Broken()) as stage:
        speaker, microphone = library.streams
        speaker.speak(BLOCK)
        microphone.hear(np.zeros(BLOCK))
        assert stage.level == Broken.level
        event, _ = stage.wait(None)
        assert stage.wait(0.01) == (TimeReached(), 0.02)
        assert (
            stage.level is None
        )  # a meter that stands still would look like a listener that works
    assert event == Fault(
        "hearing", "Listening broke down (RuntimeError('no model')): start again."
    )


def test_an_ear_that_falls_behind_is_a_fault(library):
    awake = Event()

    class Slow(KeepingListener):
        """A listener that thinks."""

        def hear(self, *_):
            awake.wait()
            return []

    with Device(Mixer(), Slow()) as stage:
        library.streams[1].hear(np.zeros(24_001))
        event, _ = stage.wait(None)
        awake.set()
    assert event.part == "hearing"
    assert event.reason.startswith("Listening hangs, or this computer is too slow")


def test_a_wait_gives_way_to_control_c(stage):
    # A shell lets what it starts in the background take no notice of it.
    before = signal.signal(signal.SIGINT, lambda *_: stage.leave())
    interrupt = Timer(0.05, os.kill, [os.getpid(), signal.SIGINT])
    interrupt.start()
    with pytest.raises(KeyboardInterrupt):
        stage.wait(None)
    interrupt.join()
    signal.signal(signal.SIGINT, before)


def test_signals_at_any_moment_do_not_hold_up_a_wait(stage, monkeypatch):
    """As when the window of the terminal is dragged to another size."""
    monkeypatch.setattr(live_stage, "TICK", 0.0005)
    handled = []
    before = signal.signal(signal.SIGALRM, lambda *_: handled.append(0))
    signal.setitimer(signal.ITIMER_REAL, 0.0001, 0.0001)
    done = Event()

    def finish():
        latest = time.monotonic() + PATIENCE
        while stage.heartbeat <= 300 and time.monotonic() < latest:
            time.sleep(0.01)
        done.set()
        stage.post(ClipFinished(1))

    Thread(target=finish).start()
    while not done.is_set():
        stage.wait(None)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)
    assert len(handled) > 100
    assert stage.heartbeat > 300


def test_a_sound_system_that_hangs_when_it_is_opened_is_given_up(library, monkeypatch):
    thawed = Event()
    monkeypatch.setattr(library, "OutputStream", lambda **_: thawed.wait())
    monkeypatch.setattr(device, "OPENING", 0.01)
    with pytest.raises(NoSoundDevice, match="does not answer"):
        Device(Mixer(), KeepingListener()).__enter__()


def test_a_microphone_that_is_opened_too_late_is_closed_again(library, monkeypatch):
    """Nobody waits for it any more, and on the page the program goes on."""
    thawed, opened, closed = Event(), [], Event()

    class Late(FakeStream):
        def start(self):
            thawed.wait(10)
            opened.append(self)

        def close(self):
            super().close()
            if len(opened) == 2 and all("close" in each.calls for each in opened):
                closed.set()

    monkeypatch.setattr(library, "OutputStream", Late)
    monkeypatch.setattr(library, "InputStream", Late)
    monkeypatch.setattr(device, "OPENING", 0.01)
    with pytest.raises(NoSoundDevice, match="does not answer"):
        Device(Mixer(), KeepingListener()).__enter__()
    thawed.set()
    assert closed.wait(10)


def test_a_sound_system_that_hangs_when_it_is_closed_does_not_hold_up_the_end(
    stage, speaker, monkeypatch
):
    thawed = Event()
    monkeypatch.setattr(speaker, "stop", thawed.wait)
    monkeypatch.setattr(device, "CLOSING", 0.01)
    stage.__exit__()
    thawed.set()


@pytest.fixture
def card() -> Iterator[VirtualSoundCard]:
    with VirtualSoundCard() as card:
        yield card


@contextmanager
def acted(
    scene: Callable[[Connection], None], card: VirtualSoundCard
) -> Iterator[tuple[Any, Connection]]:
    """Act a scene in a process of its own: PortAudio finds its sound server once, at its start."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=scene, args=(theirs,))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in card.env.items():
            patch.setenv(name, value)
        process.start()
    theirs.close()
    try:
        yield process, ours
    finally:
        process.kill()
        process.join()
        process.close()
        ours.close()


def told(connection: Connection) -> Any:
    """Take the next thing the scene tells."""
    assert connection.poll(60), "the scene tells nothing"
    return connection.recv()


def next_of(stage: Device) -> tuple[Any, float]:
    """Wait for what happens next, other than a report of gaps, which a busy computer leaves."""
    while True:
        event, now = stage.wait(None)
        if not isinstance(event, SoundGaps):
            return event, now


def pass_time(stage: Device, until: float) -> None:
    """Wait until the audio clock shows so many seconds."""
    while not isinstance(stage.wait(until)[0], TimeReached):
        pass


def plays_two_clips(connection: Connection) -> None:
    """Play two clips at given times; tell what happened when."""
    with Device(Mixer(), KeepingListener()) as stage:
        stage.play(1, Clip(sweep(0.5)), at=0.5)
        stage.play(2, Clip(sweep(0.5)[::-1]), at=1.25)
        happened = [next_of(stage) for _ in range(4)]
        pass_time(stage, happened[-1][1] + 0.2)
    connection.send(happened)


def cuts_twenty_times(connection: Connection) -> None:
    """Cut a tone again and again, at odd moments; tell the moments."""
    random = np.random.default_rng(2)
    moments = []
    with Device(Mixer(), KeepingListener()) as stage:
        for say_id in range(20):
            stage.play(say_id, Clip(tone(1)), at=0)
            _, now = next_of(stage)
            pass_time(stage, now + 0.2 + 0.05 * random.random())
            moments.append(time.monotonic())
            stage.cut()
            pass_time(stage, now + 0.5)
    connection.send(moments)


def hears_itself(connection: Connection, seconds: float = 20) -> None:
    """Play noise for so long; tell what the listener was given."""
    listener = KeepingListener()
    with Device(Mixer(), listener) as stage:
        stage.play(1, Clip(noise(seconds)), at=0)
        next_of(stage)
        connection.send("playing")
        next_of(stage)
    connection.send((np.concatenate(listener.microphone), np.concatenate(listener.far_end)))


def hears_the_room(connection: Connection) -> None:
    """Listen for two seconds; tell what the listener was given."""
    listener = KeepingListener()
    with Device(Mixer(), listener) as stage:
        connection.send("listening")
        pass_time(stage, 2)
    connection.send(np.concatenate(listener.microphone))


def loses_its_device(connection: Connection) -> None:
    """Wait for the end of the sound; tell how it came, and how long it then took to close."""
    with Device(Mixer(), KeepingListener()) as stage:
        pass_time(stage, 0.5)
        connection.send("running")
        event, _ = next_of(stage)
        connection.send((event, time.monotonic()))
        closing = time.monotonic()
    connection.send(time.monotonic() - closing)


def looks_for_devices(connection: Connection) -> None:
    """Tell which devices there are, or why none."""
    try:
        connection.send(devices_present())
    except NoSoundDevice as nothing:
        connection.send(str(nothing))


@pytest.mark.sound_card
def test_clips_come_out_of_the_loudspeaker_whole_and_at_their_times(card):
    for _try in range(5):  # on a busy computer the loudspeaker may run dry in or between them
        with card.record_loudspeaker() as recording, acted(plays_two_clips, card) as (_, scene):
            happened = told(scene)
        first, likeness = find(sweep(0.5), recording.samples)
        second, other = find(sweep(0.5)[::-1], recording.samples)
        exact = second - first == pytest.approx(0.75 * SAMPLE_RATE, abs=2)
        if exact and min(likeness, other) > 0.98:
            break
    assert exact
    assert min(likeness, other) > 0.98
    events = [event for event, _ in happened]
    assert events == [ClipStarted(1), ClipFinished(1), ClipStarted(2), ClipFinished(2)]
    assert [now for _, now in happened] == pytest.approx([0.5, 1, 1.25, 1.75], abs=0.1)


@pytest.mark.sound_card
def test_a_cut_is_silence_at_the_loudspeaker_within_a_tenth_of_a_second(card):
    with card.record_loudspeaker() as recording, acted(cuts_twenty_times, card) as (_, scene):
        moments = told(scene)
    loud = recording.times[np.abs(recording.samples) > 0.01]
    delays = np.array([loud[loud < moment + 0.2].max() - moment for moment in moments])
    middle, late = 1000 * np.quantile(delays, [0.5, 0.95])
    print(f"From a cut to silence: {middle:.0f} ms, at most {late:.0f} ms in 95 %")  # noqa: T201
    assert late < 100


@pytest.mark.sound_card
def test_what_is_said_in_the_room_reaches_the_ear_whole(card):
    with acted(hears_the_room, card) as (_, scene):
        assert told(scene) == "listening"
        card.say(sweep(0.5))
        _, likeness = find(sweep(0.5), told(scene))
    assert likeness > 0.98


@pytest.mark.sound_card
def test_the_echo_of_a_sound_comes_one_constant_delay_after_it(card):
    """Twenty seconds long, but for a gap that a busy computer may leave in what is played."""
    card.echo(60)
    with acted(hears_itself, card) as (_, scene):
        assert told(scene) == "playing"
        microphone, far_end = told(scene)
    delays = []
    for start in range(SAMPLE_RATE, 19 * SAMPLE_RATE, SAMPLE_RATE):
        sound = far_end[start : start + SAMPLE_RATE]
        delay, _ = find(sound, microphone[start : start + 2 * SAMPLE_RATE])
        delays.append(delay)
    print(f"From a sound to its echo, second by second: {delays} samples")  # noqa: T201
    assert min(delays) > 0
    constant = [np.ptp(delays[start : start + 8]) <= 1 for start in range(len(delays) - 7)]
    assert any(constant)


@pytest.mark.sound_card
def test_after_the_program_stood_still_its_echo_is_in_step_again_at_once(card):
    """What was never played is silence to the listener; all that sounds after it is not."""
    card.echo(60)
    with acted(partial(hears_itself, seconds=8), card) as (process, scene):
        assert told(scene) == "playing"
        time.sleep(3)
        os.kill(process.pid, signal.SIGSTOP)
        time.sleep(0.15)
        os.kill(process.pid, signal.SIGCONT)
        microphone, far_end = told(scene)
    middle = slice(SAMPLE_RATE, 7 * SAMPLE_RATE)
    # Noise is never nothing, so nothing is a gap.
    gaps = np.sum(far_end[middle] == 0) / SAMPLE_RATE
    unheard = np.sum(microphone[middle] == 0) / SAMPLE_RATE
    print(f"Gaps in the far end: {gaps:.3f} s, in the room: {unheard:.3f} s")  # noqa: T201
    assert 0 < gaps < unheard + 0.1


@pytest.mark.sound_card
@pytest.mark.parametrize("fault", ["kill", "freeze", "suspend_speaker", "suspend_microphone"])
def test_a_lost_device_is_a_fault_within_two_seconds_and_closes_within_two_more(card, fault):
    with acted(loses_its_device, card) as (process, scene):
        assert told(scene) == "running"
        lost = time.monotonic()
        getattr(card, fault)()
        event, noticed = told(scene)
        closing = told(scene)
        process.join(5)
        assert process.exitcode == 0
    print(f"After {fault}: noticed in {noticed - lost:.2f} s, closed in {closing:.2f} s")  # noqa: T201
    assert isinstance(event, Fault)
    microphone = fault == "suspend_microphone"
    assert event.part == ("hearing" if microphone else "sound")
    assert ("microphone" in event.reason) == microphone
    assert noticed - lost < 2
    assert closing < 2


@pytest.mark.sound_card
def test_a_virtual_sound_card_counts_as_a_microphone_and_a_loudspeaker(card):
    with acted(looks_for_devices, card) as (_, scene):
        assert told(scene) == ("default", "default")


@pytest.mark.sound_card
def test_a_sound_server_that_is_gone_leaves_no_devices(card):
    card.kill()
    with acted(looks_for_devices, card) as (_, scene):
        assert told(scene).startswith("This computer has no microphone")


@pytest.mark.sound_card
def test_a_sound_server_that_hangs_is_given_up_and_does_not_hold_up_the_end(card):
    card.freeze()
    with acted(looks_for_devices, card) as (process, scene):
        assert told(scene).startswith("The sound system does not answer")
        process.join(5)
        assert process.exitcode == 0
