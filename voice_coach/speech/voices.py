"""Every voice there is to choose from, by one name each, and which of them leads a session.

The coach's own voice is called `heart` in English and `dora` in Spanish; it speaks where its clips
are shipped. On Linux there are also Pico's, such as `pico-us`. The name of a system's voice is its
language on Linux, where eSpeak has one voice for each, and the name in the system's settings
elsewhere.

A session has one voice. If the own one lacks as much as one sentence that may be said, and the
extra that could speak it is not installed, Pico or the system's voice says everything.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voice_coach.speech import pico_voice
from voice_coach.speech.clip_pack import shipped
from voice_coach.speech.clips import VoiceUnavailable
from voice_coach.speech.kokoro import INSTALLATION
from voice_coach.speech.kokoro_voice import KokoroVoice, installed
from voice_coach.speech.pico_voice import PicoVoice
from voice_coach.speech.pyttsx3_voice import SYSTEM, Pyttsx3Voice
from voice_coach.speech.shipped_voice import ShippedVoice

if TYPE_CHECKING:
    from voice_coach.core.language import Language
    from voice_coach.speech.narrator import Synthesiser

OWN = {"en": "heart", "es": "dora"}
"""What the coach's own voice is called in each language that it speaks."""
ONLY = {name: code for code, name in OWN.items()} | {
    name: accent.code for name, accent in pico_voice.VOICES.items()
}
"""The language of each voice that is known to speak no other."""


@dataclass(frozen=True)
class KnownVoice:
    """A voice that can be chosen."""

    name: str
    """What to ask for it by."""
    engine: str
    told: str
    """More about it, in a few words."""


@dataclass(frozen=True)
class Choice:
    """The voice of a session."""

    voice: Synthesiser
    why: str
    """Why it is this one, in a few words."""
    warning: str = ""
    """What the person should know before they hear it, in one sentence; empty if nothing."""


def choose_voice(language: Language, name: str = "") -> Choice:
    """Choose the voice of this `name` to say all of `language`, or the best there is.

    Raises ``VoiceUnavailable`` if the one asked for is known not to speak the language.
    """
    if ONLY.get(name, language.code) != language.code:
        raise VoiceUnavailable(
            f"The voice '{name}' does not speak '{language.code}': choose one that does, with "
            f"--voice; voice-coach voices --language {language.code} lists them."
        )
    if name and name not in OWN.values():
        chosen = PicoVoice(name) if name in pico_voice.VOICES else Pyttsx3Voice(name)
        return Choice(chosen, "it was chosen")
    pack = shipped(language.code)
    if pack is None:
        return Choice(_system_voice(language), "the coach has none of its own in this language")
    lacking = pack.lacks(language)
    if not lacking:
        return Choice(ShippedVoice(pack), "all it may say is shipped")
    count = "one sentence" if len(lacking) == 1 else f"{len(lacking)} sentences"
    if installed():
        told = f"all it may say is shipped, but for {count}, which it speaks when needed"
        return Choice(ShippedVoice(pack, KokoroVoice(language.code)), told)
    return Choice(
        _system_voice(language),
        f"the coach's own lacks {count}",
        f"The coach speaks with a voice of this computer, for its own lacks {count} that may be"
        f' said, such as "{lacking[0]}" To let it say these, too: {INSTALLATION}',
    )


def open_voice(language: Language, name: str = "") -> Synthesiser:
    """Give the voice of this `name`, as ``known_voices`` lists it, or the best there is.

    Raises ``VoiceUnavailable`` if it is known not to speak the language.
    """
    return choose_voice(language, name).voice


def usual_voice(code: str) -> str:
    """Name the voice that speaks the language of this code where none was chosen."""
    return OWN.get(code, "")


def known_voices(code: str) -> list[KnownVoice]:
    """List the voices of a language, given by its code; raises ``VoiceUnavailable``."""
    system = Pyttsx3Voice()
    try:
        listed = system.voices().items()
    finally:
        system.close()
    more = "any sentence" if installed() else f"the shipped sentences; for any: {INSTALLATION}"
    own = [KnownVoice(OWN[code], "Kokoro", more)] if code in OWN else []
    pico = [
        KnownVoice(name, "SVOX Pico", pico_voice.VOICES[name].language)
        for name in pico_voice.speaking(code)
    ]
    return [*own, *pico] + [
        KnownVoice(each["name"], SYSTEM, each["language"])
        if SYSTEM
        else KnownVoice(each["language"], "eSpeak NG", each["name"])
        for _, each in sorted(listed, key=lambda pair: pair[1]["language"])
        if _speaks(each["language"], code)
    ]


def _system_voice(language: Language) -> Synthesiser:
    if pico := pico_voice.speaking(language.code):
        return PicoVoice(pico[0])
    own = {"darwin": language.voice.mac, "win32": None}
    return Pyttsx3Voice(own.get(sys.platform, language.voice.espeak))


def _speaks(language: str, code: str) -> bool:
    return language.replace("_", "-").casefold().split("-")[0] == code
