"""Fits the breath detector, and reports what it finds beside a detector of loudness alone.

The loss is the cross-entropy of every block that can be judged; Adam (Kingma & Ba 2015) descends
it. Blocks without breath count double: a false breath may become a press, a missed one only costs
a round.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from benchmark.breath_rounds import LoudnessDetector

from training.breath_scenes import BACKGROUNDS, CALM, OTHER, SHORT, BreathScene, record
from training.scene import SETTLED
from voice_coach.hearing.breath import BreathFollower, log_odds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from benchmark.coach import Clips
    from benchmark.voices import SoundStore
    from numpy.typing import NDArray

    from training.breath_scenes import PlayedBreaths
    from voice_coach.hearing.breath import BreathChange, Weights

    Vectors = NDArray[np.float32]

HIDDEN = 24
"""Units: with twice as many the trial was no better."""
EPOCHS, BATCH, RATE = 30, 2048, 3e-3
FALSE_COSTS = 2.0
"""What a block without breath counts for."""
RATE_OF_BLOCKS = 50
EARLY, LATE = 0.3, 1.0
"""Seconds before and after a breath's onset in which a detection counts for it."""
ECHOES = (None, -10.0, 0.0, 10.0)
LEVELS = (-15.0, -10.0, -5.0, 0.0)


def fit(
    recordings: Sequence[PlayedBreaths], rng: np.random.Generator, tell: Callable[[str], None]
) -> dict[str, Vectors]:
    """Fit the weights of `voice_coach.hearing.breath` to recordings."""
    kept = [each.certain for each in recordings]
    features = np.concatenate([r.features[k] for r, k in zip(recordings, kept, strict=True)])
    truth = np.concatenate([r.truth[k] for r, k in zip(recordings, kept, strict=True)])
    given = {"mean": features.mean(0), "deviation": features.std(0) + 0.05}
    plain = ((features - given["mean"]) / given["deviation"]).astype(np.float32)
    size = plain.shape[1]
    free = {
        "dense": rng.normal(0, 1 / np.sqrt(size), (size, HIDDEN)).astype(np.float32),
        "dense_bias": np.zeros(HIDDEN, np.float32),
        "output": rng.normal(0, 1 / np.sqrt(HIDDEN), HIDDEN).astype(np.float32),
        "output_bias": np.zeros(1, np.float32),
    }
    first = {name: np.zeros_like(array) for name, array in free.items()}
    second = {name: np.zeros_like(array) for name, array in free.items()}
    counts = np.where(truth, 1.0, FALSE_COSTS).astype(np.float32)
    batches = len(plain) // BATCH
    step, steps = 0, EPOCHS * batches
    for epoch in range(EPOCHS):
        losses = []
        for some in np.array_split(rng.permutation(len(plain)), batches):
            loss, slope = _slope(free, plain[some], truth[some], counts[some])
            losses.append(loss)
            step += 1
            rate = RATE * 0.5 * (1 + np.cos(np.pi * step / steps))
            for name, by in slope.items():
                first[name] += 0.1 * (by - first[name])
                second[name] += 0.001 * (by**2 - second[name])
                change = first[name] / (1 - 0.9**step)
                change /= np.sqrt(second[name] / (1 - 0.999**step)) + 1e-8
                free[name] -= (rate * change).astype(np.float32)
        if epoch % 5 == 4:
            tell(f"epoch {epoch + 1} of {EPOCHS}: loss {np.mean(losses):.4f}")
    return {**{name: array.astype(np.float32) for name, array in given.items()}, **free}


def _slope(
    free: dict[str, Vectors], plain: Vectors, truth: NDArray[np.bool_], counts: Vectors
) -> tuple[float, dict[str, Vectors]]:
    """Give the mean cross-entropy of a batch, and its slope along each weight."""
    hidden = np.tanh(plain @ free["dense"] + free["dense_bias"])
    odds = hidden @ free["output"] + free["output_bias"]
    chance = 1 / (1 + np.exp(-odds))
    loss = np.mean(counts * (np.logaddexp(0, odds) - truth * odds))
    error = counts * (chance - truth) / len(plain)
    back = (error[:, None] * free["output"]) * (1 - hidden**2)
    slope = {
        "dense": plain.T @ back,
        "dense_bias": back.sum(0),
        "output": hidden.T @ error,
        "output_bias": error.sum(keepdims=True),
    }
    return float(loss), slope


def together(one: Weights, other: Weights, shift: float = 0.0) -> dict[str, Vectors]:
    """Give one network whose log odds are the mean of those of two, plus `shift`.

    Two fits to different scenes err at different sounds.
    """
    scale = one["deviation"] / other["deviation"]
    moved = (one["mean"] - other["mean"]) / other["deviation"]
    bias = other["dense_bias"] + moved @ other["dense"]
    return {
        "mean": one["mean"],
        "deviation": one["deviation"],
        "dense": np.concatenate((one["dense"], scale[:, None] * other["dense"]), axis=1),
        "dense_bias": np.concatenate((one["dense_bias"], bias)),
        "output": np.concatenate((one["output"], other["output"])) / 2,
        "output_bias": (one["output_bias"] + other["output_bias"]) / 2 + np.float32(shift),
    }


def save(weights: Weights, path: Path) -> None:
    """Write them with half precision, which is enough for tenths of log odds."""
    halves: Any = {name: array.astype(np.float16) for name, array in weights.items()}
    np.savez_compressed(path, **halves)


# The report


@dataclass
class BreathTally:
    """What one detector made of the scenes of one row."""

    breaths: int = 0
    found: int = 0
    errors: list[float] = field(default_factory=list)
    """Seconds by which the reported onset of each is off, without sign."""
    delays: list[float] = field(default_factory=list)
    """Seconds from the onset of each until it is reported."""
    minutes: float = 0.0
    """Without a breath."""
    false: int = 0


def report_scenes(number: int, seed: int) -> Iterator[tuple[str, BreathScene]]:
    """Give so many scenes of each row."""
    for index in range(number):
        for row, change in _rows():
            rng = np.random.default_rng([seed, index])
            fixed: dict[str, Any] = {
                "sounds": (),
                "echo": ECHOES[index % 4],
                "level": (-10.0, -10.0),
                "out": CALM,
                **change,
            }
            yield row, BreathScene(int(rng.integers(1 << 31)), "report", **fixed)


def _rows() -> Iterator[tuple[str, dict[str, Any]]]:
    for level in LEVELS:
        yield f"breath {level:+.0f} dB", {"sounds": ("breath",), "level": (level, level)}
    for echo in ECHOES:
        row = "coach silent" if echo is None else f"echo {echo:+.0f} dB"
        yield f"breath -10 dB, {row}", {"sounds": ("breath",), "echo": echo}
    yield "short breath -10 dB", {"sounds": ("breath",), "out": SHORT}
    for kind in ("fan", "music"):
        change = {"sounds": ("breath",), "background": kind, "background_level": -20.0}
        yield f"breath -10 dB, {kind} -20 dB", change
    yield "nobody", {}
    for sound in OTHER:
        yield f"no breath: {sound}", {"sounds": (sound,)}
    for kind in BACKGROUNDS:
        yield f"no breath: {kind} -20 dB", {"background": kind}


def tally(
    rows: Iterable[tuple[str, BreathScene]],
    detectors: dict[str, Callable[[PlayedBreaths], list[tuple[float, float]]]],
    clips: Clips,
    store: SoundStore,
    real: tuple[NDArray[np.float32], ...] = (),
) -> dict[tuple[str, str], BreathTally]:
    """Let each detector hear the same recordings; give its tally by row and name."""
    tallies: dict[tuple[str, str], BreathTally] = defaultdict(BreathTally)
    for row, scene in rows:
        heard = record(scene, clips, store, real)
        for name, detect in detectors.items():
            _count(tallies[row, name], heard, detect(heard))
    return tallies


def _count(tally: BreathTally, heard: PlayedBreaths, found: list[tuple[float, float]]) -> None:
    """Match detections, (onset, when reported), with breaths."""
    left = [each for each in found if each[1] > SETTLED]
    for breath in heard.breaths:
        near = [e for e in left if breath.start - EARLY <= e[0] <= breath.start + LATE]
        if not breath.inward:
            tally.breaths += 1
        if near:
            left.remove(near[0])
            if not breath.inward:
                tally.found += 1
                tally.errors.append(abs(near[0][0] - breath.start))
                tally.delays.append(near[0][1] - breath.start)
    during = sum(each.end - each.start for each in heard.breaths)
    tally.minutes += (heard.scene.seconds - SETTLED - during) / 60
    # A breath that is found twice is no false one.
    tally.false += sum(
        not any(each.start - EARLY <= at <= each.end + EARLY for each in heard.breaths)
        for at, _ in left
    )


def ours(weights: Weights) -> Callable[[PlayedBreaths], list[tuple[float, float]]]:
    """Give the detector with these weights."""

    def detect(heard: PlayedBreaths) -> list[tuple[float, float]]:
        return _follow(log_odds(weights, heard.features), heard)

    return detect


def energy(heard: PlayedBreaths) -> list[tuple[float, float]]:
    """Take whatever is some decibels above the floor for breath."""
    detector = LoudnessDetector()
    return _begun(detector.follow(float(level)) for level in heard.level)


def _follow(odds: NDArray[np.floating], heard: PlayedBreaths) -> list[tuple[float, float]]:
    follower = BreathFollower()
    blocks = zip(odds, heard.level, strict=True)
    return _begun(follower.step(float(each), float(level)) for each, level in blocks)


def _begun(changes: Iterable[BreathChange | None]) -> list[tuple[float, float]]:
    """Give when each breath began, and when that became known; of each block what was told."""
    found = []
    for block, change in enumerate(changes):
        if change and change.started:
            now = (block + 1) / RATE_OF_BLOCKS
            found.append((now - change.ago, now))
    return found


def table(tallies: dict[tuple[str, str], BreathTally]) -> Iterator[str]:
    """Give the lines of a table in Markdown."""
    names = list(dict.fromkeys(name for _, name in tallies))
    yield "| scenes | detector | found | onset off by | told after | false a minute |"
    yield "|---|---|--:|--:|--:|--:|"
    for row in dict.fromkeys(row for row, _ in tallies):
        for name in names:
            t = tallies[row, name]
            found = f"{t.found} of {t.breaths}" if t.breaths else ""
            off = late = ""
            if t.errors:
                off = f"{np.median(t.errors):.2f}, {np.percentile(t.errors, 90):.2f} s"
                late = f"{np.percentile(t.delays, 90):.2f} s"
            false = f"{t.false / t.minutes:.2f} ({t.false} in {t.minutes:.0f} min)"
            yield f"| {row} | {name} | {found} | {off} | {late} | {false} |"
