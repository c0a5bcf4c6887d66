"""Is each part there, and does it work? If not, what to do about it."""

from __future__ import annotations

import platform
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from voice_coach.app import clip_store, open_ears, open_voice
from voice_coach.audio.device import devices_present
from voice_coach.core.commands import Command
from voice_coach.core.pace import DEFAULT_RATE
from voice_coach.core.ports import SAMPLE_RATE, Trouble
from voice_coach.speech.narrator import PromptNarrator

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from voice_coach.core.language import Language
    from voice_coach.hearing.recogniser import Recogniser


@dataclass(frozen=True)
class Finding:
    """What was found of one part."""

    part: str
    well: bool
    detail: str
    """What is there, or what to do."""


def examine(language: Language, model: Path | None = None) -> list[Finding]:
    """Try every part in turn; a part that stands on a broken one is left out."""
    findings = [Finding("Python", True, platform.python_version()), _try("sound", _sound)]
    clip: list[NDArray[np.float32]] = []
    findings.append(_try("voice", lambda: _voice(language, clip)))
    recogniser: list[Recogniser] = []
    findings.append(_try("recogniser", lambda: _recogniser(language, model, recogniser)))
    if clip and recogniser:
        findings.append(_try("hearing", lambda: _hearing(language, recogniser[0], clip[0])))
    return findings


def _try(part: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(part, True, look())
    except Trouble as trouble:
        return Finding(part, False, str(trouble))


def _sound() -> str:
    devices = devices_present()
    return f"microphone '{devices.microphone}', loudspeaker '{devices.loudspeaker}'"


def _test_phrase(language: Language) -> str:
    return language.commands[Command.PAIN][0]


def _voice(language: Language, clip: list[NDArray[np.float32]]) -> str:
    voice = open_voice(language)
    with closing(PromptNarrator(voice, clip_store())) as narrator:
        clip.append(narrator.clip(_test_phrase(language), DEFAULT_RATE).samples)
    return voice.name


def _recogniser(language: Language, model: Path | None, found: list[Recogniser]) -> str:
    ears = open_ears(language, model)
    if ears.deaf:
        raise Trouble(ears.weak)
    found.append(ears.person)
    if ears.weak:
        raise Trouble(f"hearing works, but worse than it could. {ears.weak}")
    if ears.unknown:
        return f"{ears.person.name}; what its model does not know: {', '.join(ears.unknown)}"
    return ears.person.name


def _hearing(language: Language, recogniser: Recogniser, clip: NDArray[np.float32]) -> str:
    phrase = _test_phrase(language)
    recogniser.listen_for([phrase])
    silence = np.zeros(SAMPLE_RATE // 2, np.float32)
    for part in (silence, clip, silence, silence):
        result = recogniser.accept(part)
        if result and phrase in result.text:
            return f'the coach\'s own "{phrase}" was heard'
    raise Trouble(
        f'the coach\'s own "{phrase}" was not heard: fetch the model again with '
        "voice-coach fetch-model, or choose another voice"
    )
