"""Plays a scene: gives the features for the near-end network, and the truth about each block.

The coach's sentences go through loudspeaker and room, the person's sounds through the air to the
microphone, and both through the coach's own echo canceller.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from benchmark.echoes import Echo, Loudspeaker
from benchmark.rooms import Microphone, paths, through
from benchmark.simulated_room import LEVEL
from benchmark.simulation import REFERENCE

from training.labels import heard
from training.scene import CRY, SPEECH, VOICED
from voice_coach.aec.canceller import EchoCanceller
from voice_coach.core.ports import BLOCK, SAMPLE_RATE
from voice_coach.hearing.vad import VadFeatures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmark.coach import Clips
    from benchmark.voices import SoundStore
    from numpy.typing import NDArray

    from training.scene import SoundEvent, TrainingScene

    Samples = NDArray[np.float32]
    Placed = tuple[SoundEvent, float, Samples]
    """An event, the second in which it begins, and its sound."""

GAPS = (0.3, 0.9)
"""Shortest and longest silence between two sentences, in seconds."""
YIELDS_AFTER = (0.1, 0.4)
"""Seconds from the beginning of an event until the coach gives way, if it does."""
YIELDS_TO = (0.0, 0.1)
"""The gains of a coach that is silent, or ducked."""
PEAK = 5.0
"""Decibels by which the loudest 40 ms of a phrase exceed the rms of its active speech, in the
median of the benchmark's voices."""
CRY_WORDS = frozenset({"ouch", "ow", "ah", "argh"})
"""Words that are cries, too."""
DIRECT: Samples = np.ones(1, np.float32)
"""The impulse response of a way without walls."""
YIELDS_FOR = (0.3, 2.0)
"""Seconds from the end of an event until the coach speaks up again."""


@dataclass(frozen=True)
class Span:
    """An event in a recording; seconds from its beginning."""

    kind: str
    start: float
    end: float


@dataclass(frozen=True)
class PlayedScene:
    """One scene as the network hears it; a row a block of 20 ms."""

    scene: TrainingScene
    features: NDArray[np.float32]
    truth: NDArray[np.bool_]
    """Whether there is a sound of the person's, whether it is a voice, and a cry without words."""
    certain: NDArray[np.bool_]
    """Whether that can be told."""
    coach: NDArray[np.bool_]
    """Whether the coach speaks."""
    spans: tuple[Span, ...]


def record(scene: TrainingScene, clips: Clips, store: SoundStore) -> PlayedScene:
    """Play a scene; the same scene gives the same recording."""
    rng = np.random.default_rng(scene.seed)
    size = round(scene.seconds * SAMPLE_RATE / BLOCK) * BLOCK
    to_echo, to_person, to_others = paths(scene.room) if scene.walls else (DIRECT, DIRECT, DIRECT)
    echo = _echo(scene, to_echo, clips, rng)
    microphone = Microphone(LEVEL * 10 ** (scene.conditions.noise / 20), rng)
    placed = _placed(scene, store)
    kinds = {
        name: _track([each for each in placed if _kind(each[0]) == name], size, to_person)
        for name in ("words", "cry word", CRY, "thing")
    }
    spans = tuple(Span(event.kind, at, at + _seconds(sound)) for event, at, sound in placed)
    far_end = talk(clips, size, rng) if scene.coach else np.zeros(size, np.float32)
    if scene.yields:
        far_end *= _yielding(spans, size, rng)
    rest = microphone.hear(_track(_behind(scene, store), size, to_others))
    for each in scene.surroundings:
        rest += LEVEL * 10 ** (each.level / 20) * _arrived(to_others, each.make(scene.seconds))
    gain = np.float32(10 ** (scene.gain / 20))
    known = (
        None if scene.person is None else 20 * np.log10(LEVEL) + PEAK + scene.gain + scene.person
    )

    everybody: Samples = np.sum(np.stack(list(kinds.values())), axis=0)
    canceller, features = EchoCanceller(), VadFeatures()
    rows = []
    for start in range(0, size, BLOCK):
        block = slice(start, start + BLOCK)
        arrived = echo.hear(far_end[block]) + everybody[block] + rest[block]
        frame = canceller.process(np.clip(gain * arrived, -1, 1), far_end[block])
        rows.append(features.of(frame, known))
    anything = heard(everybody, rest)
    voice = heard(everybody - kinds["thing"], rest)
    cry, certain = heard(kinds[CRY], rest)
    certain &= ~heard(kinds["cry word"], rest)[0]
    return PlayedScene(
        scene=scene,
        features=np.stack(rows),
        truth=np.stack((anything[0], voice[0], cry), axis=1),
        certain=np.stack((anything[1], voice[1], certain), axis=1),
        coach=np.any(far_end.reshape(-1, BLOCK), axis=1),
        spans=spans,
    )


def _kind(event: SoundEvent) -> str:
    """Name what the event is to the network."""
    if event.kind not in VOICED:
        return "thing"
    is_word = event.kind == SPEECH and bool(
        CRY_WORDS & set(getattr(event.sound, "text", "").split())
    )
    return CRY if event.kind == CRY else "cry word" if is_word else "words"


def _arrived(path: Samples, sound: Samples) -> Samples:
    """Give what of a sound that goes on for long arrives; the path has energy one."""
    size = len(sound) + len(path)
    spectrum = np.fft.rfft(sound, size) * np.fft.rfft(path, size)
    return np.fft.irfft(spectrum, size)[: len(sound)].astype(np.float32)


def _echo(scene: TrainingScene, path: Samples, clips: Clips, rng: np.random.Generator) -> Echo:
    loudspeaker = Loudspeaker(rng, strong=scene.conditions.strong)
    echo = Echo(path, scene.conditions, loudspeaker=loudspeaker, delay=scene.room.delay, rng=rng)
    reference = np.concatenate([clips[text] for text in sorted(clips)[:REFERENCE]])
    echo.set_level(reference, LEVEL * 10 ** (scene.conditions.echo / 20))
    return echo


def _placed(scene: TrainingScene, store: SoundStore) -> list[Placed]:
    """Lay the events on their times, as far as they are over before the end."""
    placed = []
    earliest = scene.earliest
    at = 0.0
    for number, event in enumerate(scene.events):
        sound = store.samples(event.sound)
        if scene.begun and not number:
            at = -scene.begun * _seconds(sound)
        else:
            at = max(at, earliest) + event.gap
        if at + _seconds(sound) > scene.seconds:
            break
        placed.append((event, at, sound))
        at += _seconds(sound)
    return placed


def _behind(scene: TrainingScene, store: SoundStore) -> list[Placed]:
    """Lay what sounds across the room on its times, whatever else there is."""
    placed = []
    at = 0.0
    for event in scene.background:
        sound = store.samples(event.sound)
        placed.append((event, at + event.gap, sound))
        at += event.gap + _seconds(sound)
    return placed


def _track(placed: Sequence[Placed], size: int, path: Samples) -> Samples:
    """Give what arrives of these, on one track of so many samples."""
    track = np.zeros(size, np.float32)
    for event, start, sound in placed:
        arrived = LEVEL * 10 ** (event.level / 20) * through(path, sound)
        at = round(start * SAMPLE_RATE)
        part = arrived[max(-at, 0) :][: max(size - max(at, 0), 0)]
        track[max(at, 0) : max(at, 0) + len(part)] += part
    return track


def _seconds(sound: Samples) -> float:
    return len(sound) / SAMPLE_RATE


def talk(clips: Clips, size: int, rng: np.random.Generator) -> Samples:
    """Let the coach speak one sentence after another, in any order."""
    texts, far_end, at = sorted(clips), np.zeros(size, np.float32), 0
    while at < size:
        part = clips[texts[rng.integers(len(texts))]][: size - at]
        far_end[at : at + len(part)] = part
        at += len(part) + int(rng.uniform(*GAPS) * SAMPLE_RATE)
    return far_end


def _yielding(spans: Sequence[Span], size: int, rng: np.random.Generator) -> Samples:
    """Give the gain of a coach who gives way to every event, with ramps of 50 ms."""
    ramp = SAMPLE_RATE // 20
    gain = np.ones(size + ramp - 1)
    for span in spans:
        start = int((span.start + rng.uniform(*YIELDS_AFTER)) * SAMPLE_RATE)
        end = int((span.end + rng.uniform(*YIELDS_FOR)) * SAMPLE_RATE)
        gain[max(start, 0) : max(end, 0)] = rng.choice(YIELDS_TO)
    return np.convolve(gain, np.full(ramp, 1 / ramp), "valid").astype(np.float32)
