"""Tests the sound: a level meter for the microphone, and a measurement of the whole room.

Both use the sound device of a session, with a listener that only stores the sound. So they measure
what the coach would hear.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from voice_coach.audio.calibration import (
    QUIET,
    RINGING,
    SETTLING,
    SPEAKING,
    SWEEP,
    Measured,
    echo_path,
    level,
    levels,
    measured,
    sweep,
)
from voice_coach.audio.device import Device, NoSoundDevice
from voice_coach.audio.mixer import Mixer
from voice_coach.core.events import Fault, TimeReached
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.display.calibration_picture import draw
from voice_coach.history import store
from voice_coach.private import private_folder, write_private
from voice_coach.speech.clips import SpeechClip

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from numpy.typing import NDArray

    from voice_coach.core.commands import Command
    from voice_coach.core.events import Event

METERED = 5.0
"""Seconds the level meter runs."""
QUIETEST = -70.0
"""In dB; a microphone that is switched off is below this, one that works has noise above it."""
CHIME = 0.5
"""Seconds of the test tone."""


class _StoringListener:
    """A listener that stores all sound, and shows its level."""

    level = None

    def __init__(self, show: Callable[[float], None] = lambda _: None) -> None:
        self._show = show
        self._blocks: list[NDArray[np.float32]] = []

    def hear(self, microphone: NDArray[np.float32], far_end: NDArray[np.float32]) -> list[Event]:
        self._blocks.append(np.stack((microphone, far_end)))
        self._show(level(microphone))
        return []

    def move_far_end(self, samples: int) -> None:
        """Do nothing: that is done in pauses, and what is measured has none."""

    def listen(self, commands: AbstractSet[Command]) -> None:
        """Do nothing."""

    def listen_for_breath(self, *, on: bool) -> None:
        """Do nothing."""

    @property
    def heard(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """All sound of the microphone and of the far end."""
        both = np.concatenate(self._blocks or [np.zeros((2, 0), np.float32)], axis=1)
        return both[0], both[1]


def meter(
    show: Callable[[float], None], *, microphone: str | None, loudspeaker: str | None
) -> float:
    """Play a tone, then show the microphone's level every 20 ms; return the loudest, in dB.

    Raises ``NoSoundDevice``.
    """
    moments = np.arange(int(CHIME * SAMPLE_RATE)) / SAMPLE_RATE
    tone = 0.1 * np.sin(2 * np.pi * 440 * moments) * np.sin(np.pi * moments / CHIME)
    listener = _StoringListener(show)
    with Device(Mixer(), listener, microphone=microphone, loudspeaker=loudspeaker) as stage:
        stage.play(1, SpeechClip("", tone.astype(np.float32)), at=0.1)
        _wait(stage, METERED)
    heard, _ = listener.heard
    return max(levels(heard[SAMPLE_RATE:]), default=level(heard))


def calibrate(
    tell: Callable[[str], None], *, microphone: str | None, loudspeaker: str | None
) -> tuple[Measured, Path]:
    """Measure the room and store the result and its picture; return the result and that path.

    `tell` receives what the person should do. Raises ``NoSoundDevice`` or ``OSError``.
    """
    listener = _StoringListener()
    begin = SETTLING + QUIET
    with Device(Mixer(), listener, microphone=microphone, loudspeaker=loudspeaker) as stage:
        tell(f"Please be quiet for {begin + SWEEP + RINGING:.0f} seconds.")
        stage.play(1, SpeechClip("", sweep()), at=begin)
        _wait(stage, begin + SWEEP + RINGING)
        tell("Now say a few words, as you would to the coach.")
        _wait(stage, begin + SWEEP + RINGING + SPEAKING)
    heard, played = listener.heard
    found = measured(heard, played)
    picture = draw(levels(heard), echo_path(heard, played), found)
    return found, _store(found, picture)


def _wait(stage: Device, until: float) -> None:
    while True:
        event, _ = stage.wait(until)
        if isinstance(event, Fault):
            raise NoSoundDevice(event.reason)
        if isinstance(event, TimeReached):
            return


def _store(found: Measured, picture: str) -> Path:
    """Write the result into the data folder, for the user alone."""
    place = private_folder(store.FILE.parent)
    entry = {"when": store.wall_clock().utc, **asdict(found)}
    write_private(place / "calibration.json", json.dumps(entry, indent=2))
    path = place / "calibration.svg"
    write_private(path, picture)
    return path
