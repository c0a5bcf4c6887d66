"""The simulated person: when they do what the scene says, and how often they say it again.

The first thing happens once the coach has spoken long enough for its echo path to be known. A cry
over the coach begins in the middle of a sentence, anything else when it may; neither while the
coach is held from the time before. A cry that changes nothing is repeated twice.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from benchmark.reports import LOST, Outcome
from benchmark.rooms import through
from voice_coach.core.ports import BLOCK, SAMPLE_RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from benchmark.rooms import Paths
    from benchmark.scenes import Happening, Scene
    from benchmark.voices import Sound, SoundStore

    Samples = NDArray[np.float32]

LEVEL = 10 ** (-32 / 20)
"""Rms of the person's active speech at the microphone, of full scale: an echo that is 10 dB louder
stays below full scale, with a voice's peaks."""
REPEATS = 2
"""How often the person says again what was not obeyed."""
REPEAT_AFTER = (1.0, 1.5)
"""Seconds from the end of what was said, at least and at most."""
AFTERMATH = 2.0
"""Seconds after its end for which anything else counts as going on."""
RELIEF = 1.0
"""Seconds for which a cry counts as going on after it was obeyed."""
EDGE = 0.2
"""Seconds at a sentence's beginning and end in which nobody cries out."""
AS_IT_IS = np.ones(1, np.float32)
"""The echo path of no room."""
WARM_UP = 7.5
"""Seconds before the first happening: a sound check, and some coach."""


class Person:
    """Everybody in the room, in fact; one of them is spoken of."""

    def __init__(
        self, scene: Scene, paths: Paths, store: SoundStore, rng: np.random.Generator
    ) -> None:
        """Lay all that sounds whatever happens on its time."""
        self._over_coach = scene.coach
        self._path, self._others_path = paths[1:]
        self._store = store
        self._rng = rng
        self._sounds: list[tuple[int, Samples]] = []
        self._todo = deque(scene.happenings)
        self._due: float | None = None
        """When the next cry begins, if the coach still speaks then."""
        self._earliest = WARM_UP
        self._repeat_at = 0.0
        self.current: tuple[Happening, Outcome] | None = None
        """What is going on, and what has come of it so far."""
        self.background_ends = self._lay(scene.background)
        """In seconds of the scene."""

    @property
    def done(self) -> bool:
        """Whether nothing more will happen."""
        return not (self._todo or self.current)

    def _lay(self, background: tuple[Happening, ...]) -> float:
        at = WARM_UP - 2.0
        for each in background:
            at = self._sound(each.sound, each.level, at + each.gap, self._others_path)
        return at + 1.0 if background else 0.0

    def say(self, sound: Sound, now: float) -> float:
        """Make a sound as loud as a person does; give the second at which it is over."""
        return self._sound(sound, 0.0, now, self._path)

    def _do(self, happening: Happening, now: float) -> float:
        path = AS_IT_IS if happening.dry else self._path
        return self._sound(happening.sound, happening.level, now, path)

    def _sound(self, sound: Sound, level: float, at: float, path: Samples) -> float:
        samples = self._store.samples(sound)
        arrived = LEVEL * 10 ** (level / 20) * through(path, samples)
        self._sounds.append((round(at * SAMPLE_RATE), arrived))
        return at + len(samples) / SAMPLE_RATE

    def sounding(self, start: int) -> Samples:
        """Give the sum of all that sounds in the block that begins at this sample."""
        block = np.zeros(BLOCK, np.float32)
        for first, samples in self._sounds:
            at = start - first
            if -BLOCK < at < len(samples):
                part = samples[max(0, at) : at + BLOCK]
                offset = max(0, -at)
                block[offset : offset + len(part)] += part
        self._sounds = [each for each in self._sounds if start - each[0] < len(each[1])]
        return block

    def hear_sentence_begin(self, now: float, seconds: float) -> None:
        """Choose a moment within the sentence that the coach begins now; any but its edges."""
        if now >= self._earliest:
            self._due = now + self._rng.uniform(EDGE, max(seconds - EDGE, 2 * EDGE))

    def act(self, now: float, *, talking: bool, held: bool, audible: bool) -> Outcome | None:
        """Do what it is time for; give the outcome to be, if something begins.

        `talking` is a coach who neither asks nor has ended, `held` one who was ducked or hushed,
        `audible` one who can be heard this very moment.
        """
        if self.current:
            self._go_on_with(*self.current, now, talking=talking)
        elif self._todo and now >= self._earliest:
            if not self._may_begin(now, free=talking and not held, audible=audible):
                return None
            return self._begin(self._todo.popleft(), now)
        return None

    def _may_begin(self, now: float, *, free: bool, audible: bool) -> bool:
        if not free:
            self._due = None
            return False
        if not self._is_cry(self._todo[0]):
            return True
        if self._due is None or now < self._due:
            return False
        self._due = None
        return audible

    def _is_cry(self, happening: Happening) -> bool:
        return bool(self._over_coach and happening.means)

    def _begin(self, happening: Happening, now: float) -> Outcome:
        end = self._do(happening, now)
        means = happening.means.value if happening.means else ""
        outcome = Outcome(happening.label, means, happening.voice, happening.groups, now, end)
        self.current = happening, outcome
        self._repeat_at = end + self._rng.uniform(*REPEAT_AFTER)
        return outcome

    def _go_on_with(
        self, happening: Happening, outcome: Outcome, now: float, *, talking: bool
    ) -> None:
        if not self._is_cry(happening):
            over = now > outcome.end + AFTERMATH and talking
        elif outcome.ended is not None:
            over = now > outcome.ended + RELIEF
        else:
            over = now > outcome.start + LOST and talking
            waits = talking and len(outcome.repeats) < REPEATS
            if waits and now >= self._repeat_at:
                outcome.repeats.append(now)
                end = self._do(happening, now)
                self._repeat_at = end + self._rng.uniform(*REPEAT_AFTER)
        if over:
            self.current = None
            passed = 0.0 if self._is_cry(happening) else now - outcome.end
            gap = self._todo[0].gap if self._todo else 0.0
            self._earliest = now + gap - passed
