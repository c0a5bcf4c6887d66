"""Checks whether each part is there and works, and says what to do if not.

The last check matters most. The coach speaks in the studio, and a voice says "it hurts" into a
microphone that hears both. The coach must fall silent and speak the safety note.
"""

from __future__ import annotations

import platform
import shutil
import sys
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from voice_coach.app import Nobody
from voice_coach.audio.device import Device, devices_present
from voice_coach.audio.hearing_thread import DeafListener
from voice_coach.audio.mixer import Mixer
from voice_coach.audio.sound_system import portaudio
from voice_coach.audio.studio import Room, Studio
from voice_coach.core.actions import Say
from voice_coach.core.commands import Command
from voice_coach.core.config import SessionConfig
from voice_coach.core.earcons import SECONDS as EARCONS
from voice_coach.core.events import ClipStarted, Fault, TimeReached
from voice_coach.core.pace import DEFAULT_RATE
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.core.session import Session
from voice_coach.core.view import Outcome
from voice_coach.errors import CoachError
from voice_coach.hearing.listener import open_listener
from voice_coach.hearing.recognisers import open_recognisers
from voice_coach.history import store
from voice_coach.private import private_folder
from voice_coach.runner import Runner
from voice_coach.speech.clips import CACHE, clip_store
from voice_coach.speech.narrator import PromptNarrator
from voice_coach.speech.voices import choose_voice, open_voice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from voice_coach.core.actions import Action
    from voice_coach.core.events import Event
    from voice_coach.core.language import Language
    from voice_coach.hearing.recogniser import Recogniser
    from voice_coach.hearing.recognisers import Recognisers
    from voice_coach.speech.clips import SpeechClip
    from voice_coach.speech.narrator import Synthesiser

OLDEST, NEWEST = (3, 10), (3, 14)
"""The Python versions that the parts support."""
ROOMY = 200
"""Megabytes that should be free: the model needs 68, the clips of all routines about 40."""
ECHO = -10.0
"""Level of the coach in the microphone, in dB relative to the cry."""
CRY_AT = 0.8
"""Seconds from the start of the coach's first sentence to the cry."""
AT_ONCE = 0.7
"""Seconds after the end of the cry within which the coach must be silent."""
PAUSE = 0.1
"""Seconds of silence that are longer than a pause between words."""
FLOWING = 2.0
"""Seconds for which both devices are tried."""


@dataclass(frozen=True)
class Finding:
    """The result of one check."""

    part: str
    well: bool
    detail: str
    """What was found, or what to do."""


def examine(language: Language, model: Path | None = None, voice: str = "") -> Iterator[Finding]:
    """Check every part in turn; a part that needs a broken part is left out."""
    clips: list[SpeechClip] = []
    recognisers: list[Recognisers] = []
    yield _try("Python", _python)
    yield (found := _try("PortAudio", portaudio))
    if found.well:
        yield (found := _try("devices", _devices))
    if found.well:
        yield _try("sound", _gaps)
    yield _try("voice", lambda: _voice(language, voice, clips))
    yield _try("speech model", lambda: _model(language, model, recognisers))
    if clips and recognisers:
        recogniser = recognisers[0].microphone
        yield _try("recogniser", lambda: _recogniser(language, recogniser, clips[0].samples))
    yield _try("cache", partial(_writable, CACHE, "rendered sentences are kept"))
    yield _try("data folder", partial(_writable, store.FILE.parent, "sessions are remembered"))
    yield _try("free disk", _disk)
    if clips and recognisers:
        speaks = open_voice(language, voice)
        yield _try("stop", lambda: _stop(language, recognisers[0], clips[0], speaks))


def _try(part: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(part, True, look())
    except CoachError as trouble:
        return Finding(part, False, str(trouble))


def _python() -> str:
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        raise CoachError(
            f"{platform.python_version()} is not supported: use a version from "
            f"{'.'.join(map(str, OLDEST))} to {'.'.join(map(str, NEWEST))}."
        )
    return platform.python_version()


def _devices() -> str:
    devices = devices_present()
    return f"microphone '{devices.microphone}', loudspeaker '{devices.loudspeaker}'"


def _gaps() -> str:
    """Let silence flow through both devices, and count the gaps that the sound system reports."""
    with Device(Mixer(), DeafListener()) as device:
        while True:
            event, _ = device.wait(FLOWING)
            if isinstance(event, Fault):
                raise CoachError(event.reason)
            if isinstance(event, TimeReached):
                break
        gaps = device.gaps
    if not gaps.overflows and not gaps.underflows:
        return f"no gaps in {FLOWING:.0f} s"
    return (
        f"gaps in {FLOWING:.0f} s: the microphone lost sound {gaps.overflows} times, the "
        f"loudspeaker had none {gaps.underflows} times; if the coach stutters, close other programs"
    )


def _test_phrase(language: Language) -> str:
    return language.commands[Command.PAIN][0]


def _voice(language: Language, name: str, clips: list[SpeechClip]) -> str:
    choice = choose_voice(language, name)
    with closing(PromptNarrator(choice.voice, clip_store())) as narrator:
        clips.append(narrator.clip(_test_phrase(language), DEFAULT_RATE))
    return f"{choice.voice.name}, because {choice.why}"


def _model(language: Language, model: Path | None, found: list[Recognisers]) -> str:
    recognisers = open_recognisers(language, model)
    if recognisers.deaf:
        raise CoachError(recognisers.weak)
    found.append(recognisers)
    if recognisers.weak:
        raise CoachError(f"hearing works, but worse than it could. {recognisers.weak}")
    if recognisers.unknown:
        unknown = ", ".join(recognisers.unknown)
        return f"{recognisers.microphone.name}; its model does not know: {unknown}"
    return recognisers.microphone.name


def _recogniser(language: Language, recogniser: Recogniser, clip: NDArray[np.float32]) -> str:
    phrase = _test_phrase(language)
    recogniser.listen_for([phrase])
    silence = np.zeros(SAMPLE_RATE // 2, np.float32)
    for part in (silence, clip, silence, silence):
        result = recogniser.accept(part)
        if result and phrase in result.text:
            return f'the coach\'s own "{phrase}" was heard'
    raise CoachError(
        f'the coach\'s own "{phrase}" was not heard: fetch the model again with '
        "voice-coach fetch-model, or choose another voice"
    )


def _writable(folder: Path, what: str) -> str:
    probe = folder / ".doctor"
    try:
        private_folder(folder)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise CoachError(
            f"{folder}, where {what}, cannot be written ({error.strerror}): check its owner, and "
            "whether the disk is full or read-only."
        ) from None
    return str(folder)


def _disk() -> str:
    free = min(shutil.disk_usage(_there(folder)).free for folder in (CACHE, store.FILE.parent))
    megabytes = free // 1_000_000
    if megabytes < ROOMY:
        raise CoachError(f"only {megabytes} MB are free: make room for {ROOMY}.")
    return f"{megabytes} MB"


def _there(folder: Path) -> Path:
    """Return the folder, or the nearest existing folder above it."""
    return next(each for each in (folder, *folder.parents) if each.exists())


def _stop(language: Language, recognisers: Recognisers, cry: SpeechClip, voice: Synthesiser) -> str:
    """Say "it hurts" into the coach's first sentence; check that the coach obeys."""
    studio = Studio(Mixer(), open_listener(language, recognisers), Room(ECHO))
    session = Session(SessionConfig(language=language, routine=language.routines[0].id))
    cries: list[float] = []
    sentences: set[int] = set()

    def cry_once(now: float, what: Event | Action) -> None:
        match what:
            case Say(say_id, text) if text not in EARCONS:
                sentences.add(say_id)
            case ClipStarted(say_id) if say_id in sentences and not cries:
                cries.append(now + CRY_AT)
                studio.speak(cry.samples, now + CRY_AT)
            case _:
                pass

    with closing(PromptNarrator(voice, clip_store())) as narrator:
        Runner(session, studio, narrator, Nobody(), cry_once).run()
    if session.outcome is not Outcome.PAIN:
        raise CoachError(
            f'"{cry.text}" over the coach\'s voice was not obeyed: try another voice, or another '
            "model, and do not lead a session until this works"
        )
    since = studio.played[round(cries[0] * SAMPLE_RATE) :]
    sounding = np.flatnonzero(since)
    gaps = np.flatnonzero(np.diff(sounding) > PAUSE * SAMPLE_RATE)
    silent = float(sounding[gaps[0]] / SAMPLE_RATE if len(gaps) else np.inf)
    if silent > cry.seconds + AT_ONCE:
        raise CoachError(
            f'"{cry.text}" was obeyed, but the coach spoke on for {silent:.1f} s: '
            "try another voice, or another model"
        )
    return f'"{cry.text}" silenced the coach in {silent:.2f} s and ended the session'
