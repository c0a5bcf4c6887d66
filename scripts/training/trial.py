"""Compares networks on scenes that none was fitted to.

An event is taken for a voice if the detector says so between its beginning and `AFTER` its end. The
detector is the coach's own, `voice_coach.hearing.vad`, with its thresholds; what it is given
was recorded once, so all networks hear the same.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from training.scene import SETTLED, VOICED
from voice_coach.hearing.endpointer import (
    ACTIVITY_THRESHOLD,
    ENDPOINT_SILENCE,
    SPEECH_THRESHOLD,
)
from voice_coach.hearing.vad import CRY, NearEndVad

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from training.recordings import PlayedScene, Span
    from voice_coach.hearing.vad import Weights

    Flags = NDArray[np.bool_]

RATE = 50
"""Blocks a second."""
AFTER = 0.3
"""Seconds after the end of an event in which it may still be noticed."""


@dataclass
class Tally:
    """What one network made of the recordings of one row."""

    events: int = 0
    sounds: int = 0
    """Events that were taken for a sound."""
    voices: int = 0
    """Events that were taken for a voice."""
    cries: int = 0
    """Events that were taken for a cry without words."""
    delays: list[float] = field(default_factory=list)
    """Seconds from the beginning of each of these until they were."""
    alone: float = 0.0
    """Seconds of the coach alone."""
    false_sounds: int = 0
    false_voices: int = 0

    @property
    def hours(self) -> float:
        """Of the coach alone."""
        return self.alone / 3600


def table(networks: Mapping[str, Weights], recordings: Sequence[PlayedScene]) -> str:
    """Give what is printed: a line a row and measure, a column a network."""
    tallies = {name: tally(weights, recordings) for name, weights in networks.items()}
    rows = sorted({row for each in tallies.values() for row in each})
    lines = [f"{'':44}" + "".join(f"{name:>12}" for name in networks)]
    for row in rows:
        measured = [_measures(row, each[row]) for each in tallies.values()]
        for measure in measured[0]:
            figures = "".join(f"{each[measure]:>12}" for each in measured)
            lines.append(f"{row + ': ' + measure:44}{figures}")
    return "\n".join(lines)


def tally(weights: Weights, recordings: Sequence[PlayedScene]) -> dict[str, Tally]:
    """Count, for each row of the trial, what a network with these weights notices."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for recording in recordings:
        sums = evidence(weights, recording)
        sounds = sums[:, 0] > ACTIVITY_THRESHOLD
        voices = np.all(sums[:, :2] > (ACTIVITY_THRESHOLD, SPEECH_THRESHOLD), axis=1)
        row = recording.scene.row
        if row.startswith("alone/"):
            found = tallies[row]
            # Before, detections do not count: the echo path is not yet known.
            settled = round(SETTLED * RATE)
            found.alone += (len(sums) - settled) / RATE
            found.false_sounds += _beginnings(sounds[settled:])
            found.false_voices += _beginnings(voices[settled:])
        for span, ended in zip(recording.spans, _ends(recording.spans), strict=True):
            during = slice(max(round(span.start * RATE), 0), round(ended * RATE))
            found = tallies[row if span.kind in VOICED else f"noises/{span.kind}"]
            found.events += 1
            found.sounds += bool(np.any(sounds[during]))
            found.cries += bool(np.any(sums[during, 2] > CRY))
            if np.any(voices[during]):
                found.voices += 1
                found.delays.append((int(np.argmax(voices[during])) + 1) / RATE)
    return dict(tallies)


def _ends(spans: Sequence[Span]) -> list[float]:
    """Give until when each event may be noticed: a breath only until somebody cries in it."""
    begins = [*(span.start for span in spans[1:]), np.inf]
    return [
        min(span.end + AFTER, following if span.kind not in VOICED else np.inf)
        for span, following in zip(spans, begins, strict=True)
    ]


def evidence(weights: Weights, recording: PlayedScene) -> NDArray[np.float64]:
    """Give the CUSUMs of sound, voice and cry (blocks, 3)."""
    near_end = NearEndVad(weights)
    return np.array([near_end.weigh(block) for block in recording.features])


def _beginnings(flags: Flags) -> int:
    """Count the detections; one within `ENDPOINT_SILENCE` of the one before is the same."""
    found = np.flatnonzero(flags)
    return len(found) and 1 + int(np.sum(np.diff(found) > ENDPOINT_SILENCE * RATE))


def _measures(row: str, found: Tally) -> dict[str, str]:
    measures = {}
    if found.alone:
        measures["sounds an hour"] = f"{found.false_sounds / found.hours:.0f}"
        measures["voices an hour"] = f"{found.false_voices / found.hours:.0f}"
    if found.events:
        measures["taken for a sound"] = f"{found.sounds / found.events:.1%}"
        measures[f"taken for a voice, of {found.events}"] = f"{found.voices / found.events:.1%}"
        measures["taken for a cry"] = f"{found.cries / found.events:.1%}"
    if row.startswith("over/"):
        middle, late = np.percentile(found.delays or [np.nan], (50, 90))
        measures["half of them within, s"] = f"{middle:.2f}"
        measures["90 % of them within, s"] = f"{late:.2f}"
    return measures
