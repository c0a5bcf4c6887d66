"""A mixer for a loudspeaker at the end of a network: it renders ahead, and can take that back.

A network delivers late and in bursts, so the far end of it needs some sound in advance. But a coach
that is to be silent must not play on for what lies in advance. So this mixer remembers how its own
mixer stood at each piece. For a cut, a hush or a duck it goes back to the last sample that was
played for sure, gives the order there, and renders the rest anew. What was played stays as it was,
and the clock does not jump.

A start of a clip, a change of the volume and a ``resume`` only add sound. They take effect at the
newest sample, so nothing of what they start is lost. An event that was told and is then taken back
is not told a second time.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from voice_coach.audio.mixer import Mixer
from voice_coach.core.events import ClipDropped, ClipFinished, ClipStarted

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from voice_coach.core.events import Event

    Call = Callable[[Mixer], None]


class AheadMixer:
    """Renders ahead of what is played; not thread-safe."""

    def __init__(self) -> None:
        self.played = 0
        """Samples that have been played for sure; nothing before them changes any more."""
        self._mixer = Mixer()
        self._states: deque[Mixer] = deque()
        """How the mixer stood before each piece that is not played yet, and one piece before."""
        self._calls: list[tuple[int, Call, bool]] = []
        """Clips and volumes since the first of those: the sample, the call, and if it is a clip."""
        self._last_order = 0
        """The sample at which the loudness was last ordered; no later order goes back before it."""
        self._changes: list[tuple[int, NDArray[np.float32]]] = []
        self._told: deque[tuple[int, Event]] = deque()
        """What happened in the pieces that are not played yet, with the first sample of each."""
        self._owed: list[Event] = []
        """What was told and taken back: when it happens again, nobody is told again."""
        self._events: list[Event] = []

    @property
    def position(self) -> int:
        """Samples rendered so far: the audio clock."""
        return self._mixer.position

    @property
    def dead(self) -> bool:
        """Whether the dead man's switch was left too long."""
        return self._mixer.dead

    def guard(self, samples: int, last_words: NDArray[np.float32]) -> None:
        """Let the dead man's switch be left for so many samples, and then say the last words."""
        self._mixer.guard(samples, last_words)

    def hold(self) -> None:
        """Hold the dead man's switch."""
        self._mixer.hold()

    def play(
        self, say_id: int, samples: NDArray[np.float32], *, at: int, latest: int | None = None
    ) -> None:
        """Queue `samples` to start at sample `at`, and no later than at sample `latest`."""
        self._add(
            lambda mixer: mixer.play(say_id, samples, at=at, latest=latest),
            clip=True,
        )

    def set_volume(self, decibels: float) -> None:
        """Glide to this gain."""
        self._add(lambda mixer: mixer.set_volume(decibels), clip=False)

    def cut(self) -> None:
        """Silence everything that is not played yet, and forget what waits."""
        self._calls = [call for call in self._calls if not call[2]]
        self._take_back(self.played, Mixer.cut)
        self._owed.clear()

    def duck(self) -> None:
        """Go on 20 dB softer."""
        self._take_back(max(self.played, self._last_order), Mixer.duck)

    def hush(self) -> None:
        """Fade to silence, and stand still."""
        self._take_back(max(self.played, self._last_order), Mixer.hush)

    def resume(self) -> None:
        """End duck and hush from the newest sample on."""
        self._mixer.resume()
        self._last_order = self.position
        self._collect(self.position)

    def follow(self, played: int) -> None:
        """Know that so many samples have been played in all."""
        self.played = min(max(self.played, played), self.position)
        while len(self._states) > 1 and self._states[1].position <= self.played:
            self._states.popleft()
        if self._states:
            first = self._states[0].position
            self._calls = [call for call in self._calls if call[0] > first]
            while self._told and self._told[0][0] < first:
                self._told.popleft()

    def advance(self, position: int) -> None:
        """Render up to this sample."""
        if position > self.position:
            start = self.position
            self._changes.append((start, self._render(position - start)))

    def take_changes(self) -> list[tuple[int, NDArray[np.float32]]]:
        """Give what is to be played, each with its first sample, in place of what was there."""
        changes, self._changes = self._changes, []
        return changes

    def take_events(self) -> list[Event]:
        """Give what began and ended since this was last asked, in order."""
        events, self._events = self._events, []
        return events

    def _add(self, call: Call, *, clip: bool) -> None:
        self._calls.append((self.position, call, clip))
        call(self._mixer)
        self._collect(self.position)

    def _render(self, frames: int) -> NDArray[np.float32]:
        self._states.append(self._mixer.copy())
        start = self.position
        samples = self._mixer.render(frames)
        self._collect(start)
        return samples

    def _take_back(self, position: int, order: Call) -> None:
        """Give the order at this sample, and render anew what comes after it."""
        end = self.position
        while self._states and self._states[-1].position > position:
            self._states.pop()
        if position == end or not self._states:
            order(self._mixer)
        else:
            self._go_back(position)
            order(self._mixer)
            later = [(at, call) for at, call, _ in self._calls if at > position]
            pieces = [self._up_to(at, call) for at, call in [*later, (end, None)]]
            self._changes.append((position, np.concatenate(pieces)))
        self._last_order = position
        self._collect(position)

    def _go_back(self, position: int) -> None:
        """Stand where it stood at this sample, and owe what was told of the samples from there."""
        self._mixer = self._states.pop()
        # Whoever gives an order is alive, also where the coach had stood still since then.
        self._mixer.hold()
        start = self._mixer.position
        while self._told and self._told[-1][0] >= start:
            self._owed.append(self._told.pop()[1])
        if position > start:
            self._render(position - start)

    def _up_to(self, position: int, call: Call | None) -> NDArray[np.float32]:
        """Render up to this sample, and then do this."""
        frames = position - self.position
        samples = self._render(frames) if frames else np.zeros(0, np.float32)
        if call:
            call(self._mixer)
            self._collect(position)
        return samples

    def _collect(self, position: int) -> None:
        for event in self._mixer.take_events():
            self._tell(position, event)

    def _tell(self, position: int, event: Event) -> None:
        self._told.append((position, event))
        if event in self._owed:
            self._owed.remove(event)
        elif isinstance(event, ClipDropped) and ClipStarted(event.say_id) in self._owed:
            # It began, and was taken back: for the session it is over, as after a hush.
            self._owed.remove(ClipStarted(event.say_id))
            self._told.pop()
            self._tell(position, ClipFinished(event.say_id))
        else:
            self._events.append(event)
