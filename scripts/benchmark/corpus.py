"""Real recordings in a folder of the person's own: a manifest.csv with file, kind, label, seconds.

Kinds: ``cmd`` (people saying the label), ``neg_word`` (other words), ``neg_speech`` (people
talking), ``cry`` (cries of pain without words), ``breath`` (one breath out each). Others are left
alone.
"""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
import samplerate

from voice_coach.core.ports import SAMPLE_RATE

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from benchmark.rooms import Part


MOST_BREATHS = 200
"""Recordings of breaths out that are taken at most."""
SHARE_ALIKE = ("-SA", "ODbL")
"""What the names of such licences hold."""


@dataclass(frozen=True)
class CorpusFile:
    """A file with somebody in it."""

    path: str

    def make(self) -> NDArray[np.float32]:
        """Read it: 16 kHz, one channel."""
        import soundfile  # noqa: PLC0415 - optional

        samples, rate = soundfile.read(self.path, dtype="float32", always_2d=True)
        mono = np.mean(samples, axis=1)
        return np.asarray(samplerate.resample(mono - np.mean(mono), SAMPLE_RATE / rate), np.float32)


@dataclass(frozen=True)
class LabelledRecording:
    """A recording, with who says what in it."""

    sound: CorpusFile
    speaker: str
    label: str
    share_alike: bool
    """Whether its licence asks for works that derive from it to be shared alike."""


class Corpus:
    """The recordings of one part: a speaker is in one part only."""

    def __init__(self, folder: Path, part: Part) -> None:
        self._folder = folder
        self._part = part

    @cached_property
    def _rows(self) -> list[dict[str, str]]:
        with (self._folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
            return [row for row in csv.DictReader(file) if self._is_ours(row["speaker"])]

    @property
    def labels(self) -> frozenset[str]:
        """What is said in the recordings of commands."""
        return frozenset(row["label"] for row in self._rows if row["kind"] == "cmd")

    def _is_ours(self, speaker: str) -> bool:
        """Put every third speaker into the part to tune on, by the hash of the name."""
        tune = hashlib.sha256(speaker.encode()).digest()[0] % 3 == 0
        return tune == (self._part == "tune")

    def recordings(self, what: str, most: int) -> list[CorpusFile]:
        """Give the recordings of this command or kind, in the order of their names."""
        return [each.sound for each in self.labelled(what, most)]

    def breaths(self) -> list[CorpusFile]:
        """Give the recordings of breaths out."""
        return self.recordings("breath", MOST_BREATHS)

    def labelled(self, what: str, most: int) -> list[LabelledRecording]:
        """Give the same recordings with what is known of them."""
        chosen = [
            row
            for row in self._rows
            if row["kind"] == what or (row["kind"] == "cmd" and row["label"] == what)
        ]
        return [
            LabelledRecording(
                CorpusFile(str(self._folder / row["file"])),
                row["speaker"],
                row["label"],
                any(name in row.get("licence", "") for name in SHARE_ALIKE),
            )
            for row in sorted(chosen, key=itemgetter("file"))[:most]
        ]
