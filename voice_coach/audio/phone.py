"""The stage on a phone: its microphone and its loudspeaker, with the clock of both.

The phone plays what it is sent, sample by sample, and reports what it has played together with what
it heard meanwhile, from the same clock. Each report moves the audio clock by as many samples, and
as many more are rendered: ``AHEAD`` lies in advance, against the jitter of the network. So what was
played is the clock, as with a sound card.

The far end of the canceller is what the phone says it played; `audio.echo_delay` delays it.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from voice_coach.audio.ahead_mixer import AheadMixer
from voice_coach.audio.echo_delay import EchoDelay
from voice_coach.audio.live_stage import LiveStage
from voice_coach.audio.phone_frames import Kind, frame
from voice_coach.audio.phone_line import LOST
from voice_coach.audio.sound_system import NoSoundDevice
from voice_coach.audio.stream_health import StreamHealth
from voice_coach.core.events import Fault
from voice_coach.core.ports import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_coach.audio.hearing_thread import BlockListener
    from voice_coach.audio.live_stage import StageMixer
    from voice_coach.audio.mixer import Sound
    from voice_coach.audio.phone_frames import Report
    from voice_coach.audio.phone_line import PhoneLine

AHEAD = SAMPLE_RATE // 4
"""Samples that lie in advance: 250 ms. A home network of 20 ms, its jitter, and a piece of sound
take a third of it. It delays the coach's next sentence, and never its silence."""
CONNECTING = 5.0
"""Seconds the phone may take to connect; it does so before the session is asked for."""


@dataclass
class _Gap:
    """A gap in the phone's sound, in the words of PortAudio's flags."""

    input_overflow: bool = False
    output_underflow: bool = True
    priming_output: bool = False


class PhoneDevice(LiveStage):
    """A phone as the stage of a session."""

    def __init__(
        self, line: PhoneLine, listener: BlockListener, *, last_words: Sound | None = None
    ) -> None:
        """Take what the phone says when the coach is lost."""
        self._mixer = AheadMixer()
        streams = (StreamHealth("phone"),)
        super().__init__(self._mixer, EchoDelay(listener), streams, last_words)
        self._line = line
        self._last_words = last_words
        self._lock = Lock()
        """Held while the mixer is used: by the runner's thread, or by the server's."""
        self._missed = 0

    def take_report(self, report: Report) -> None:
        """Take what the phone heard and played; a report that comes again changes nothing."""
        with self._lock:
            known = self._mixer.played - report.first
            if not 0 <= known < len(report.played):
                return
            if report.missed > self._missed:
                self._health[0].note(_Gap())
                self._missed = report.missed
            played = report.first + len(report.played)
            self._mixer.advance(played)  # what it should have had by now is lost
            self._mixer.follow(played)
            self._render()
        self._hearing.follow(report.played[known:])
        self._hearing.capture(report.microphone[known:])

    def phone_lost(self, why: str) -> None:
        """Know that the phone gave up: by now it is silent, and has said its last words."""
        self._report("sound", _sentence(why))

    def _begin(self) -> None:
        if not self._line.begin(self, CONNECTING):
            raise NoSoundDevice(
                "No phone is connected: open the page on the phone, and begin there."
            )
        self._hearing.begin(SAMPLE_RATE, latency=0.0)
        if self._last_words:
            self._line.send(frame(Kind.LAST_WORDS, samples=self._last_words.samples))
        with self._lock:
            self._render()

    def _end(self) -> None:
        self._line.hang_up(lost="sound" in self._faulty)

    def _order(self, call: Callable[[StageMixer], None]) -> None:
        with self._lock:
            call(self._mixer)
            self._send()

    def _passed(self) -> tuple[int, ...]:
        return (self._mixer.played,)

    def _stalled(self, _health: StreamHealth) -> Fault:
        return Fault("sound", _sentence("network"))

    def _render(self) -> None:
        self._mixer.advance(self._mixer.played + AHEAD)
        self._send()

    def _send(self) -> None:
        for first, samples in self._mixer.take_changes():
            self._line.send(frame(Kind.SOUND, first, samples))
        for event in self._mixer.take_events():
            self.post(event)


def _sentence(why: str) -> str:
    return f"{LOST[why]}, so nobody could have stopped the coach: start again on the phone."
