"""The room of a scene: all that the microphone hears beside the person who is spoken of.

The coach's echo, what others say across the room, a background, the room's own noise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmark.echoes import Echo, Loudspeaker
from benchmark.rooms import Microphone, draw_room, paths, through
from voice_coach.core.ports import BLOCK, SAMPLE_RATE
from voice_coach.hearing.endpointer import PersonLevel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from benchmark.rooms import Part
    from benchmark.scene import Scene, SceneEvent
    from benchmark.voices import Sound, SoundStore

    Samples = NDArray[np.float32]
    BackgroundMaker = Callable[[str, float, np.random.Generator, Part], Samples]

LEVEL = 10 ** (-32 / 20)
"""Rms of the person's active speech at the microphone, of full scale: an echo that is 10 dB louder
stays below full scale, with a voice's peaks."""
LOUDEST = 8.0
"""Decibels from the rms of a phrase to its loudest block, on average: the level of a known
person."""
TALK_BEGINS = 5.0
"""Seconds of the scene at which others begin to talk: the person has said "ready" by then."""
BACKGROUND_LASTS = 120.0
"""Seconds after which a background begins anew."""
VARIANTS = 4
"""How many backgrounds of a kind there are in each part, so that the sound store stays small."""
AS_IT_IS = np.ones(1, np.float32)
"""The path of a recording, which has a room of its own."""


def known_person() -> PersonLevel:
    """Give the loudness of the person as it is known once they have said "ready"."""
    person = PersonLevel()
    person.learn(20 * float(np.log10(LEVEL)) + LOUDEST)
    return person


class SimulatedRoom:
    """One room during one scene; it goes on from session to session."""

    def __init__(
        self,
        scene: Scene,
        reference: Samples,
        store: SoundStore,
        make_background: BackgroundMaker,
        rng: np.random.Generator,
    ) -> None:
        """Take some of the coach's speech as `reference` for the loudness of its echo."""
        box = draw_room(scene.part, int(rng.integers(1 << 16)))
        to_echo, self._path, self._others_path = paths(box)
        conditions = scene.conditions
        self._store = store
        self._echo = Echo(
            to_echo,
            conditions,
            loudspeaker=Loudspeaker(rng, strong=conditions.strong),
            delay=box.delay,
            rng=rng,
        )
        self._echo.set_level(reference, LEVEL * 10 ** (conditions.echo / 20))
        self._microphone = Microphone(LEVEL * 10 ** (conditions.noise / 20), rng)
        self._background = self._make_background(scene, make_background)
        self._begins = round(scene.background.start * SAMPLE_RATE) if scene.background else 0
        self._talk, self.talk_ends = self._lay(scene.talk)
        self._position = 0

    def echo(self, far_end: Samples) -> Samples:
        """Give what the microphone hears of all but the person, while this block is played."""
        sound = self._echo.hear(far_end)
        add(sound, self._talk, self._position)
        if self._background is not None and self._position >= self._begins:
            places = np.arange(self._position - self._begins, self._position - self._begins + BLOCK)
            sound += self._background.take(places, mode="wrap")
        self._position += BLOCK
        return self._microphone.hear(sound)

    def arrive(self, sound: Sound, level: float = 0.0, *, dry: bool = False) -> Samples:
        """Give a sound of the person's as it arrives; `level` in dB against their speech."""
        return self._arrived(sound, level, AS_IT_IS if dry else self._path)

    def seconds(self, sound: Sound) -> float:
        """Give how long a sound is, without the ringing of the room."""
        return len(self._store.samples(sound)) / SAMPLE_RATE

    def _arrived(self, sound: Sound, level: float, path: Samples) -> Samples:
        samples = self._store.samples(sound)
        return np.asarray(LEVEL * 10 ** (level / 20) * through(path, samples), np.float32)

    def _lay(self, talk: Sequence[SceneEvent]) -> tuple[list[tuple[int, Samples]], float]:
        """Lay what others say on its time; give the second at which the last is over, too."""
        laid, at = [], TALK_BEGINS
        for each in talk:
            samples = self._arrived(each.sound, each.level, self._others_path)
            laid.append((round((at + each.gap) * SAMPLE_RATE), samples))
            at += each.gap + len(samples) / SAMPLE_RATE
        return laid, at if talk else 0.0

    def _make_background(self, scene: Scene, make: BackgroundMaker) -> Samples | None:
        if scene.background is None:
            return None
        kind, part, variant = scene.background.kind, scene.part, scene.seed % VARIANTS

        def made() -> Samples:
            rng = np.random.default_rng([variant, *kind.encode()])
            return make(kind, BACKGROUND_LASTS, rng, part)

        sound = self._store.cached(f"background {kind} {part} {variant}", made)
        size = 1 << (len(sound) + len(self._others_path)).bit_length()
        spectrum = np.fft.rfft(sound, size) * np.fft.rfft(self._others_path, size)
        arrived = np.fft.irfft(spectrum, size)[: len(sound)]
        wanted = LEVEL * 10 ** (scene.background.level / 20)
        return np.asarray(wanted * arrived / np.sqrt(np.mean(arrived**2)), np.float32)


def add(block: Samples, sounds: Sequence[tuple[int, Samples]], start: int) -> None:
    """Add all that sounds in the block that begins at this sample."""
    for first, samples in sounds:
        at = start - first
        if -len(block) < at < len(samples):
            part = samples[max(0, at) : at + len(block)]
            offset = max(0, -at)
            block[offset : offset + len(part)] += part
