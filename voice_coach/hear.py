"""Runs the whole hearing chain over recordings instead of devices.

The input is what the microphone recorded and, if the coach was speaking, what the loudspeaker
played meanwhile. It passes canceller, near-end VAD, recognisers and decision block by block. The
coach does not react: it plays what the file says. Results depend on the files alone.
"""

from __future__ import annotations

import csv
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from voice_coach.audio.sound_reader import read_sound
from voice_coach.catalogue import read_language
from voice_coach.core.events import CandidateScored, Fault, Heard, Masked, Noticed
from voice_coach.core.ports import BLOCK, SAMPLE_RATE
from voice_coach.core.transitions import State, accepted
from voice_coach.errors import CoachError
from voice_coach.hearing.listener import open_listener
from voice_coach.hearing.recognisers import Recognisers, open_recognisers
from voice_coach.plain_files import read_plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from voice_coach.core.events import Event
    from voice_coach.core.language import Language

IN_A_STEP = State.HOLDING
"""The default state; all states within a step accept the same commands."""
LARGEST_MANIFEST = 10_000_000
"""Bytes of a table: some hundred thousand recordings."""
PROCESSES = 2
"""Most processes; each holds a speech model of 180 MB."""
AFTERWARDS = 2.0
"""Seconds of silence added to a recording, so that its last word is decided."""


@dataclass(frozen=True)
class HearingInput:
    """One recording to hear."""

    file: str
    """Its name in the results."""
    microphone: Path
    far_end: Path | None = None
    """What the loudspeaker played, on the same clock; None if the coach was silent."""
    state: State = IN_A_STEP


def read_manifest(path: Path) -> list[HearingInput]:
    """Read a CSV table with the columns ``file``, ``far`` and ``state``; raises ``CoachError``.

    Paths are relative to the table's folder or, if there is no such file, to the current folder. An
    empty ``far`` means a silent coach, an empty ``state`` a step.
    """
    try:
        rows = csv.DictReader(StringIO(read_plain_text(path, LARGEST_MANIFEST)))
        if "file" not in (rows.fieldnames or ()):
            raise CoachError(f"{path}: has no column 'file'; begin it with 'file,far,state'.")
        return [_recording(row, path.parent) for row in rows]
    except OSError as error:
        raise CoachError(f"{path}: {error.strerror or error}; name a CSV file.") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise CoachError(f"{path} is no CSV text in UTF-8 ({error}): save it as such.") from None


def state_named(name: str) -> State:
    """Return the state of this name, or a step if the name is empty; raises ``CoachError``."""
    if not name:
        return IN_A_STEP
    try:
        return State(name.strip().lower().replace("_", " ").replace("-", " "))
    except ValueError:
        names = ", ".join(state.value for state in State)
        raise CoachError(f"There is no state '{name}': take one of {names}.") from None


def hear_all(
    recordings: Sequence[HearingInput], model: Path | None, language: Language
) -> Iterator[list[dict[str, Any]] | CoachError]:
    """Hear the recordings in two processes; yield the events of each, or why there are none.

    Raises ``CoachError`` if no word of the `language` can be understood.
    """
    # Before there are two processes that would both download the model.
    if (recognisers := open_recognisers(language, model)).deaf:
        raise CoachError(recognisers.weak)
    with ProcessPoolExecutor(max(1, min(PROCESSES, os.cpu_count() or 1, len(recordings)))) as pool:
        yield from pool.map(
            _hear, recordings, [model] * len(recordings), [language.code] * len(recordings)
        )


def _recording(row: dict[str, str | None], folder: Path) -> HearingInput:
    def found(name: str) -> Path:
        return folder / name if (folder / name).exists() else Path(name)

    name, far = row["file"] or "", row.get("far") or ""
    state = state_named(row.get("state") or "")
    return HearingInput(name, found(name), found(far) if far else None, state)


def _hear(
    recording: HearingInput, model: Path | None, code: str
) -> list[dict[str, Any]] | CoachError:
    try:
        microphone = read_sound(recording.microphone)
        far_end = read_sound(recording.far_end) if recording.far_end else None
    except CoachError as trouble:
        return trouble
    language, recognisers = _parts(model, code)
    listener = open_listener(language, recognisers)
    listener.listen(accepted(recording.state))
    blocks = -(-len(microphone) // BLOCK) + round(AFTERWARDS * SAMPLE_RATE / BLOCK)
    heard, played = (_padded(each, blocks * BLOCK) for each in (microphone, far_end))
    return [
        {"file": recording.file, "time": round((at + BLOCK) / SAMPLE_RATE, 2), **_entry(event)}
        for at in range(0, len(heard), BLOCK)
        for event in listener.hear(heard[at : at + BLOCK], played[at : at + BLOCK])
    ]


def _entry(event: Event) -> dict[str, Any]:
    match event:
        case Heard():
            entry = {"kind": "command", "command": event.command.value, "tier": event.tier}
            return entry | {"phrase": event.phrase, "llr": event.llr}
        case CandidateScored():
            entry = {"kind": "candidate", "tier": event.tier, "phrase": event.phrase}
            return entry | {"score": event.score, "features": dict(event.features)}
        case Noticed():
            return {"kind": event.kind}
        case Masked():
            return {"kind": "masked"}
        case Fault():
            return {"kind": "fault", "reason": event.reason}
        case _:
            raise TypeError(f"A listener does not give {event}.")


def _padded(samples: np.ndarray[Any, Any] | None, size: int) -> np.ndarray[Any, Any]:
    padded = np.zeros(size, np.float32)
    if samples is not None:
        padded[: len(samples)] = samples[:size]
    return padded


@cache
def _parts(model: Path | None, code: str) -> tuple[Language, Recognisers]:
    """Load what all recordings of this process share."""
    language = read_language(code)
    return language, open_recognisers(language, model)
