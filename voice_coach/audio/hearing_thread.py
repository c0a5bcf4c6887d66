"""The ear, and the thread it listens in.

Two streams bring sound in pieces of any length and at the device's own rate: what the microphone
hears, and the far end, which is what the loudspeaker was given. The ear gets both as blocks of
the coach's rate, in step: to each piece that comes from the microphone, as much of the far end is
counted off, so that between a sound that was played and its echo lies one constant delay.

A coach that hears nothing cannot be stopped by voice, so an ear that breaks down, hangs or falls
behind says so, and so does one whose microphone was muted.
"""

from __future__ import annotations

from collections import deque
from queue import SimpleQueue
from statistics import median
from threading import Thread
from typing import TYPE_CHECKING, Protocol

import numpy as np
import samplerate

from voice_coach.audio.muting import Muting
from voice_coach.core.ports import BLOCK, SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from voice_coach.core.commands import Command
    from voice_coach.core.events import Event

BACKLOG = 1.5
"""Seconds the ear may be behind the microphone; after more, "stop" would come too late. The second
pass runs in a thread of its own and does not count."""
WHILE = 0.5
"""Seconds over which it is judged whether the far end is in step."""
NEAR = 0.9
"""By what share of what is wanted the far end may be ahead more or less: to put it right costs the
canceller the path it has learnt."""
LATE = 0.25
"""By what share of that it may have moved after a wait that was mere lateness."""
GONE = 0.25
"""Seconds the microphone waits for its far end; without any for so long there is none."""
PATIENCE = 1.0
"""Seconds the ear may take over its last blocks."""
RESAMPLER = "sinc_medium"
"""The converter for a device at another rate: flat to 7 kHz, it holds back 3 ms and takes 0.005 of
a core. The best one holds back 9 ms; the fastest loses what is above 6 kHz."""


class BlockListener(Protocol):
    """Turns what the microphone hears into events. Only ever called from one thread."""

    @property
    def level(self) -> float | None:
        """How loud the person is, in dBFS, after the echo canceller; any thread may ask."""

    def hear(self, microphone: NDArray[np.float32], far_end: NDArray[np.float32]) -> list[Event]:
        """Take the next BLOCK samples of the microphone and, of the same time, the far end."""

    def listen(self, commands: AbstractSet[Command]) -> None:
        """From the next block on report only these commands."""


class HearingThread:
    """The thread in which the ear listens, and the queues that lead to it."""

    def __init__(self, ear: BlockListener, post: Callable[[Event], None]) -> None:
        self.captured = 0
        """Samples that came from the microphone, at its own rate."""
        self._ear = ear
        self._post = post
        self._queue: SimpleQueue[NDArray[np.float32] | None] = SimpleQueue()
        self._wishes: deque[AbstractSet[Command]] = deque()
        self._heard = 0
        self._broken = ""

    def begin(self, rate: int, lead: float) -> None:
        """Be ready for sound at `rate`, from a loudspeaker that keeps `lead` s of it in store."""
        self._rate = rate
        self._pairing = FarEndAligner(rate, lead)
        self._muting = Muting(rate)
        self._thread = Thread(target=self._run, name="hearing", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Hear what has come, and no more; an ear that hangs is left behind."""
        self._queue.put(self._pairing.rest())
        self._queue.put(None)
        self._thread.join(PATIENCE)

    def capture(self, piece: NDArray[np.float32]) -> None:
        """Copy what the microphone heard next. Never waits."""
        self._queue.put(self._pairing.take(piece))
        self._muting.follow(piece)
        self.captured += len(piece)

    def follow(self, piece: NDArray[np.float32]) -> None:
        """Take what the loudspeaker was given next. Never waits."""
        self._pairing.put(piece)

    @property
    def level(self) -> float | None:
        """How loud the ear finds the person, in dBFS."""
        return self._ear.level

    def listen(self, commands: AbstractSet[Command]) -> None:
        """Let the ear report only these commands, from its next block on."""
        self._wishes.append(commands)

    def trouble(self) -> str:
        """Tell in one sentence why nobody listens; nothing while somebody does."""
        if self._muting.muted:
            return "The microphone was muted: switch it on, and start again."
        if not self._broken and self.captured - self._heard > BACKLOG * self._rate:
            return (
                "Listening hangs, or this computer is too slow for it: "
                "close other programs and start again."
            )
        return self._broken

    def _run(self) -> None:
        try:
            self._hear()
        except Exception as error:  # noqa: BLE001 - whatever broke, nobody listens any more
            self._broken = f"Listening broke down ({error!r}): start again."

    def _hear(self) -> None:
        ratio = SAMPLE_RATE / self._rate
        resampler = samplerate.Resampler(RESAMPLER, 2) if ratio != 1 else None
        rest = np.zeros((0, 2), np.float32)
        while (both := self._queue.get()) is not None:
            rest = np.concatenate((rest, resampler.process(both, ratio) if resampler else both))
            while len(rest) >= BLOCK:
                while self._wishes:
                    self._ear.listen(self._wishes.popleft())
                for event in self._ear.hear(*rest[:BLOCK].T.copy()):
                    self._post(event)
                rest = rest[BLOCK:]
            self._heard += len(both)


class FarEndAligner:
    """Counts the far end off to the microphone; filled by two threads, emptied by the second.

    Callbacks come late and in bursts, so some of the far end has to wait here: about half of what
    the loudspeaker keeps in store, which is never so much that an echo would come before its
    sound. When none is left, the microphone waits. Either the loudspeaker's callback was late, or
    the loudspeaker ran dry; once it has been given twice its store, what is missing still was
    never played, and silence takes its place where the gap was. (Paired at once, the sound after
    the gap would be silence to the ear, and its echo somebody's voice.) Where the microphone lost
    sound, the middle of all that waited in a while is out of place, and is put right.
    """

    def __init__(self, rate: int, lead: float) -> None:
        self._while = rate * WHILE
        self._patience = rate * GONE
        self._store = rate * lead
        self._wanted = round(self._store / 2)
        self._pieces: deque[NDArray[np.float32]] = deque()
        self._far_end = np.zeros(0, np.float32)
        self._microphone = np.zeros(0, np.float32)
        self._skip = 0
        """Samples of the far end to leave out when they come."""
        self._given: int | None = None
        """Samples that came for the loudspeaker while the microphone waits; None: it does not."""
        self._usual: float = self._wanted
        """Samples the far end was ahead when that was last judged. It is brought back to just as
        many, for then the delay of the echo is the same as before."""
        self._levels: list[int] = []
        self._left = 0.0
        """Samples until the step is judged again; it is with the very first."""

    def put(self, piece: NDArray[np.float32]) -> None:
        """Take what the loudspeaker was given next."""
        self._pieces.append(piece)

    def take(self, piece: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take what the microphone heard next; give what is complete, two columns of samples."""
        given = 0
        while self._pieces:
            given += len(self._pieces[0])
            self._far_end = np.concatenate((self._far_end, self._pieces.popleft()))
        skipped = min(self._skip, len(self._far_end))
        self._skip -= skipped
        self._far_end = self._far_end[skipped:]
        self._microphone = np.concatenate((self._microphone, piece))
        if self._given is not None:
            self._given += given
            self._settle()
        return self._pairs(0 if self._given is not None else len(self._microphone))

    def rest(self) -> NDArray[np.float32]:
        """Give what still waits for its far end; none will come."""
        missing = max(0, len(self._microphone) - len(self._far_end))
        self._far_end = np.concatenate((self._far_end, np.zeros(missing, np.float32)))
        return self._pairs(len(self._microphone))

    @property
    def _level(self) -> int:
        """Samples by which the far end is ahead."""
        return len(self._far_end) - self._skip - len(self._microphone)

    def _pairs(self, most: int) -> NDArray[np.float32]:
        frames = min(most, len(self._far_end))
        pairs = np.column_stack((self._microphone[:frames], self._far_end[:frames]))
        self._microphone, self._far_end = self._microphone[frames:], self._far_end[frames:]
        if self._given is None:
            self._keep_step(frames)
        return pairs

    def _keep_step(self, frames: int) -> None:
        if len(self._microphone):
            self._given = 0
            self._levels.clear()
            return
        self._levels.append(self._level)
        self._left -= frames
        if self._left <= 0:
            self._usual = median(self._levels)
            if abs(self._usual - self._wanted) > NEAR * self._wanted:
                self._shift(self._wanted - self._usual)
                self._usual = self._wanted
            self._judge_anew()

    def _settle(self) -> None:
        """Let the microphone wait no longer, if it is clear what it waits for."""
        if self._given:
            self._levels.append(self._level)
        gone = len(self._microphone) > self._patience
        if not gone and (not self._given or self._given < 2 * self._store):
            return
        missing = max(self._usual, self._wanted / 2) - (
            self._level if gone else median(self._levels)
        )
        if abs(missing) > LATE * self._wanted:
            self._shift(missing)
        self._given = None
        self._judge_anew()

    def _shift(self, samples: float) -> None:
        """Put so much silence before the far end; below zero, leave so much of it out."""
        self._skip += max(0, -round(samples))
        silence = np.zeros(max(0, round(samples)), np.float32)
        self._far_end = np.concatenate((silence, self._far_end))

    def _judge_anew(self) -> None:
        self._levels.clear()
        self._left = self._while
