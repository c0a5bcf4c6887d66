"""A take, played: the features that the near-end network would be given, and what is true of them.

The coach's sentences go through loudspeaker and room, the person's sounds through the air to the
microphone, and both through the coach's own echo canceller.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from benchmark.closed_loop import REFERENCE
from benchmark.coach import GAPS
from benchmark.echoes import Echo, Loudspeaker
from benchmark.person import LEVEL
from benchmark.rooms import Microphone, paths, through

from fitting.labels import heard
from fitting.takes import SPEECH
from voice_coach.audio.ear import BLOCK
from voice_coach.audio.echo import EchoCanceller
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.hearing.near_end import Features

if TYPE_CHECKING:
    from benchmark.coach import Clips
    from benchmark.voices import SoundStore
    from numpy.typing import NDArray

    from fitting.takes import Deed, Take

    Samples = NDArray[np.float32]

FIRST = 4.0
"""Seconds of coach before the first deed, so that its echo path is known."""
YIELDS_AFTER = (0.1, 0.4)
"""Seconds from the beginning of a deed until a coach who yields does."""
YIELDS_TO = (0.0, 0.1)
"""The gains of a coach that is silent, or ducked."""
YIELDS_FOR = (0.3, 2.0)
"""Seconds from the end of a deed until the coach speaks up again."""


@dataclass(frozen=True)
class Span:
    """A deed in a recording; seconds from its beginning."""

    kind: str
    start: float
    end: float


@dataclass(frozen=True)
class Recording:
    """One take as the network hears it; a row a block of 20 ms."""

    take: Take
    features: NDArray[np.float32]
    truth: NDArray[np.bool_]
    """Whether there is a sound of the person's, and whether it is a voice."""
    certain: NDArray[np.bool_]
    """Whether that can be told."""
    coach: NDArray[np.bool_]
    """Whether the coach speaks."""
    spans: tuple[Span, ...]


def record(take: Take, clips: Clips, store: SoundStore) -> Recording:
    """Play a take; the same take gives the same recording."""
    rng = np.random.default_rng(take.seed)
    size = round(take.seconds * SAMPLE_RATE / BLOCK) * BLOCK
    loudspeaker = Loudspeaker(rng, strong=take.conditions.strong)
    to_echo, to_person, to_others = paths(take.room)
    echo = Echo(to_echo, take.conditions, loudspeaker=loudspeaker, delay=take.room.delay, rng=rng)
    reference = np.concatenate([clips[text] for text in sorted(clips)[:REFERENCE]])
    echo.set_level(reference, LEVEL * 10 ** (take.conditions.echo / 20))
    microphone = Microphone(LEVEL * 10 ** (take.conditions.noise / 20), rng)

    speech, things = np.zeros((2, size), np.float32)
    spans = []
    for deed, span, sound in _placed(take, store):
        _add(speech if deed.kind == SPEECH else things, span.start, deed.level, to_person, sound)
        spans.append(span)
    far_end = np.zeros(size, np.float32)
    if take.coach:
        far_end = _talk(clips, size, rng)
        if take.yields:
            far_end *= _yielding(spans, size, rng)
    rest = microphone.hear(_behind(take, size, to_others, store))
    gain = np.float32(10 ** (take.gain / 20))

    canceller, features = EchoCanceller(), Features()
    rows = []
    for at in range(0, size, BLOCK):
        block = slice(at, at + BLOCK)
        sound = echo.hear(far_end[block]) + speech[block] + things[block] + rest[block]
        canceller.cancel(np.clip(gain * sound, -1, 1), far_end[block])
        rows.append(features.of(canceller.measures))
    voice, voice_certain = heard(speech, rest)
    anything, anything_certain = heard(speech + things, rest)
    return Recording(
        take,
        np.stack(rows),
        np.stack((anything, voice), 1),
        np.stack((anything_certain, voice_certain), 1),
        np.any(far_end.reshape(-1, BLOCK), axis=1),
        tuple(spans),
    )


def _placed(take: Take, store: SoundStore) -> list[tuple[Deed, Span, Samples]]:
    """Lay the deeds on their times, as far as they begin before the end."""
    placed = []
    at = FIRST if take.coach else 1.0
    for number, deed in enumerate(take.deeds):
        sound = store.samples(deed.sound)
        seconds = len(sound) / SAMPLE_RATE
        if number or not take.begun:
            at += deed.gap
        else:
            at = -take.begun * seconds
        if at + seconds > take.seconds:
            break
        placed.append((deed, Span(deed.kind, at, at + seconds), sound))
        at += seconds
        if not number and take.begun and take.coach:
            at = max(at, FIRST)
    return placed


def _behind(take: Take, size: int, path: Samples, store: SoundStore) -> Samples:
    """Give what sounds across the room."""
    behind, at = np.zeros(size, np.float32), 0.0
    for deed in take.background:
        sound = store.samples(deed.sound)
        at += deed.gap
        _add(behind, at, deed.level, path, sound)
        at += len(sound) / SAMPLE_RATE
    return behind


def _add(track: Samples, start: float, level: float, path: Samples, sound: Samples) -> None:
    arrived = LEVEL * 10 ** (level / 20) * through(path, sound)
    at = round(start * SAMPLE_RATE)
    part = arrived[max(-at, 0) :][: max(len(track) - max(at, 0), 0)]
    track[max(at, 0) : max(at, 0) + len(part)] += part


def _talk(clips: Clips, size: int, rng: np.random.Generator) -> Samples:
    """Let the coach speak one sentence after another, in any order."""
    texts, far_end, at = sorted(clips), np.zeros(size, np.float32), 0
    while at < size:
        part = clips[texts[rng.integers(len(texts))]][: size - at]
        far_end[at : at + len(part)] = part
        at += len(part) + int(rng.uniform(*GAPS) * SAMPLE_RATE)
    return far_end


def _yielding(spans: list[Span], size: int, rng: np.random.Generator) -> Samples:
    """Give the gain of a coach who gives way to every deed, with ramps of 50 ms."""
    gain = np.ones(size)
    for span in spans:
        start = int((span.start + rng.uniform(*YIELDS_AFTER)) * SAMPLE_RATE)
        end = int((span.end + rng.uniform(*YIELDS_FOR)) * SAMPLE_RATE)
        gain[max(start, 0) : max(end, 0)] = rng.choice(YIELDS_TO)
    ramp = SAMPLE_RATE // 20
    return np.convolve(np.pad(gain, (ramp, 0), "edge"), np.full(ramp, 1 / ramp), "valid")[
        :size
    ].astype(np.float32)
