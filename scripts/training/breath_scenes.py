"""Scenes for the breath detector: somebody breathes, talks, coughs or rustles by a talking coach.

What is tuned on and what is reported on differ in rooms, voices, ways of breathing, cloth and
backgrounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from benchmark import synthesisers
from benchmark.backgrounds import background
from benchmark.breaths import breath, moving, onset, rush, rustle
from benchmark.conversation import SENTENCES
from benchmark.echoes import Conditions, Echo, Loudspeaker
from benchmark.noises import BODY, THINGS, Noise
from benchmark.rooms import Microphone, draw_room, paths, through
from benchmark.simulated_room import LEVEL
from benchmark.simulation import REFERENCE
from benchmark.voices import draw_utterance, voices

from training.labels import levels
from training.scene import SETTLED
from voice_coach.aec.canceller import EchoCanceller
from voice_coach.core.ports import BLOCK, SAMPLE_RATE
from voice_coach.hearing.breath import BreathFeatures, level_of

if TYPE_CHECKING:
    from benchmark.coach import Clips
    from benchmark.rooms import Part
    from benchmark.voices import SoundStore, Speaker
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]
    Generator = np.random.Generator

OTHER = ("speech", "body", "thing", "rustle", "moving")
"""Sounds of people that are no breath."""
BACKGROUNDS = ("music", "song", "television", "talkers", "fan", "water", "vacuum", "child")
RUSH = "rush"
"""A background to tune on only: whatever rushes."""
_BODY = tuple(kind for kind in BODY if not kind.startswith("breath"))
_MARGIN = 0.1
"""Seconds around the beginning and the end of a breath that are judged neither way."""
_CLEAR = 3.0
"""Decibels by which a breath must be above all else to be asked for: below, noise that swells would
have to be taken for breath, too."""
CALM, SHORT = (1.6, 6.0), (0.6, 1.5)
"""Seconds of breaths out: those of somebody who lies still, and sighs or quick ones."""


@dataclass(frozen=True)
class BreathScene:
    """All that is fixed before a scene is played."""

    seed: int
    part: Part
    sounds: tuple[str, ...]
    """What the person does, drawn at random: "breath", or of `OTHER`; empty for nothing."""
    echo: float | None
    """Of the coach against the person's voice, in dB; None: the coach is silent."""
    level: tuple[float, float]
    """Range of the loudness of breaths against the person's voice, in dB."""
    background: str = ""
    background_level: float = -20.0
    """Against the person's voice, in dB."""
    seconds: float = 24.0
    out: tuple[float, float] | None = None
    """Range of the length of breaths out, in seconds; None: calm or short ones."""


@dataclass(frozen=True)
class Breath:
    """One breath in a scene, audible from and to these seconds."""

    start: float
    end: float
    level: float
    """Against the person's voice, in dB."""
    inward: bool


@dataclass(frozen=True)
class PlayedBreaths:
    """One scene as the detector hears it; a row a block of 20 ms."""

    scene: BreathScene
    features: NDArray[np.float32]
    level: NDArray[np.float64]
    """Of the echo-free microphone, in dB of full scale."""
    truth: NDArray[np.bool_]
    """Whether there is breath."""
    certain: NDArray[np.bool_]
    """Whether that can be told."""
    breaths: tuple[Breath, ...]


def record(
    scene: BreathScene, clips: Clips, store: SoundStore, real: tuple[Samples, ...] = ()
) -> PlayedBreaths:
    """Play a scene; the same scene gives the same recording. `real` are breaths to use instead."""
    rng = np.random.default_rng(scene.seed)
    size = round(scene.seconds * SAMPLE_RATE / BLOCK) * BLOCK
    box = draw_room(scene.part, int(rng.integers(1 << 16)))
    to_echo, to_person, to_others = paths(box)
    noise = float(rng.uniform(-42, -28))
    conditions = Conditions(scene.echo or 0.0, strong=bool(rng.random() < 0.15), noise=noise)
    loudspeaker = Loudspeaker(rng, strong=conditions.strong)
    echo = Echo(to_echo, conditions, loudspeaker=loudspeaker, delay=box.delay, rng=rng)
    reference = np.concatenate([clips[text] for text in sorted(clips)[:REFERENCE]])
    echo.set_level(reference, LEVEL * 10 ** (conditions.echo / 20))
    far_end = np.zeros(size, np.float32) if scene.echo is None else _talk(clips, size, rng)

    track, air, breaths = _act(scene, size, to_person, store, rng, real)
    rest = Microphone(LEVEL * 10 ** (noise / 20), rng).hear(np.zeros(size, np.float32))
    if scene.background:
        behind = _behind(scene, size, rng)
        loud = LEVEL * 10 ** (scene.background_level / 20)
        rest = rest + loud * through(to_others, behind)[:size]
    gain = np.float32(10 ** (rng.uniform(-10, 5) / 20))

    canceller, features = EchoCanceller(), BreathFeatures()
    rows, level = [], []
    for at in range(0, size, BLOCK):
        block = slice(at, at + BLOCK)
        arrived = echo.hear(far_end[block]) + track[block] + air[block] + rest[block]
        frame = canceller.process(np.clip(gain * arrived, -1, 1), far_end[block])
        rows.append(features.of(frame))
        level.append(level_of(frame))
    truth, certain = _labels(breaths, air, track + rest)
    return PlayedBreaths(scene, np.stack(rows), np.array(level), truth, certain, breaths)


def _act(  # noqa: PLR0917 - all of a scene
    scene: BreathScene,
    size: int,
    path: Samples,
    store: SoundStore,
    rng: Generator,
    real: tuple[Samples, ...],
) -> tuple[Samples, Samples, tuple[Breath, ...]]:
    """Give the track of all other sounds, that of the breaths, and where these are."""
    track, air = np.zeros(size, np.float32), np.zeros(size, np.float32)
    breaths: list[Breath] = []
    people = voices(scene.part, synthesisers.engines())
    some = [people[k] for k in rng.choice(len(people), 2)]
    at = SETTLED
    while scene.sounds:
        at += float(rng.uniform(0.6, 2.0))
        what = str(rng.choice(scene.sounds))
        if what == "breath":
            level = float(rng.uniform(*scene.level))
            cycle = ((True, rng.uniform(0.5, 2.5)), (False, rng.uniform(*_lengths(scene, rng))))
            for inward, seconds in cycle if rng.random() < 0.7 and not real else cycle[1:]:
                made = breath(float(seconds), rng, scene.part, inward=inward)
                sound = real[rng.integers(len(real))] if real else made.astype(np.float32)
                if at + len(sound) / SAMPLE_RATE > scene.seconds - 0.5:
                    return track, air, tuple(breaths)
                begins, ends = onset(sound.astype(np.float64))
                loud = level - (rng.uniform(0, 6) if inward else 0)
                _add(air, at, LEVEL * 10 ** (loud / 20) * through(path, sound))
                breaths.append(Breath(at + begins, at + ends, loud, inward))
                at += len(sound) / SAMPLE_RATE + float(rng.uniform(0.15, 0.6))
            continue
        sound, loud = _other(what, some, scene.part, store, rng)
        if at + len(sound) / SAMPLE_RATE > scene.seconds - 0.5:
            break
        _add(track, at, LEVEL * 10 ** (loud / 20) * through(path, sound))
        at += len(sound) / SAMPLE_RATE
    return track, air, tuple(breaths)


def _lengths(scene: BreathScene, rng: Generator) -> tuple[float, float]:
    return scene.out or (CALM if rng.random() < 0.7 else SHORT)


def _behind(scene: BreathScene, size: int, rng: Generator) -> Samples:
    if scene.background == RUSH:
        return rush(size, rng).astype(np.float32)
    return background(scene.background, scene.seconds, rng, scene.part)


def _other(
    what: str, people: list[Speaker], part: Part, store: SoundStore, rng: Generator
) -> tuple[Samples, float]:
    """Give a sound of a person that is no breath, and its loudness in dB."""
    if what == "speech":
        spoken = draw_utterance(str(rng.choice(SENTENCES)), people, rng)
        return store.samples(spoken), float(rng.uniform(-8, 2))
    if what == "rustle":
        made = rustle(float(rng.uniform(0.5, 4)), rng, part)
        return made.astype(np.float32), float(rng.uniform(-18, -2))
    if what == "moving":
        made = moving(float(rng.uniform(1, 5)), rng, part)
        return made.astype(np.float32), float(rng.uniform(-18, -2))
    kinds = _BODY if what == "body" else THINGS
    # Even seeds for tuning, odd ones to report on.
    seed = 2 * int(rng.integers(1 << 29)) + (part == "report")
    return store.samples(Noise(str(rng.choice(kinds)), seed)), float(rng.uniform(-10, 0))


def _labels(
    breaths: tuple[Breath, ...], air: Samples, rest: Samples
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell of each block whether there is breath, and whether that is certain."""
    middle = (np.arange(len(air) // BLOCK) - 0.0) * BLOCK / SAMPLE_RATE
    truth, certain = np.zeros(len(middle), np.bool_), np.ones(len(middle), np.bool_)
    for each in breaths:
        truth |= (middle >= each.start) & (middle <= each.end)
        for edge in (each.start, each.end):
            certain &= np.abs(middle - edge) > _MARGIN
    drowned = levels(air) < levels(rest) + _CLEAR
    return truth, certain & ~(truth & drowned)


def _add(track: Samples, at: float, sound: Samples) -> None:
    first = round(at * SAMPLE_RATE)
    kept = sound[: len(track) - first]
    track[first : first + len(kept)] += kept


def _talk(clips: Clips, size: int, rng: Generator) -> Samples:
    """Let the coach speak one sentence after another, in any order, with room to breathe."""
    texts, far_end, at = sorted(clips), np.zeros(size, np.float32), 0
    while at < size:
        part = clips[texts[rng.integers(len(texts))]][: size - at]
        far_end[at : at + len(part)] = part
        at += len(part) + int(rng.uniform(0.3, 2.5) * SAMPLE_RATE)
    return far_end


def fit_scenes(number: int, seed: int) -> list[BreathScene]:
    """Draw scenes to fit to."""
    scenes = []
    for index in range(number):
        rng = np.random.default_rng([seed, index])
        choices = (("breath",), ("breath", *OTHER), OTHER, ("rustle",), ("moving",), ())
        sounds = choices[int(rng.choice(6, p=(0.3, 0.25, 0.15, 0.1, 0.1, 0.1)))]
        kinds = (RUSH, *BACKGROUNDS)
        kind = str(rng.choice(kinds, p=(0.36, *[0.08] * 8))) if rng.random() < 0.6 else ""
        echo = float(rng.uniform(-10, 12)) if rng.random() < 0.8 else None
        level, behind = (-18.0, 0.0), float(rng.uniform(-32, -8))
        scenes.append(
            BreathScene(int(rng.integers(1 << 31)), "tune", sounds, echo, level, kind, behind)
        )
    return scenes
