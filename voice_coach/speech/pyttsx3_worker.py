"""The process in which pyttsx3 speaks: one JSON line asks, one JSON line answers.

    {"text": "Hold.", "voice": "en-gb", "rate": 150}  ->  {"wav": base64 of a WAV file}
    {"voices": true}       ->  {"voices": {"gmw/en": {"name": "English", "language": "en"}, ...}}
    anything that cannot be done                      ->  {"error": one sentence}

pyttsx3 can hang, crash and print, and all that is kept in here. It is also not repeatable: eSpeak
carries the waver of its pitch over from one sentence to the next, so that a sentence sounds, and
lasts, a little different after each other one. Where processes can be forked, every request is
therefore answered by a fresh copy of this one, which has pyttsx3 loaded and nothing said yet: a
clip then depends on its words, voice and rate alone.

The engines of macOS and Windows speak within the loop that pyttsx3 runs, and what was asked for
must wait for that loop: done before it, its end comes first too, and the loop cuts macOS short and
never returns on Windows. So pyttsx3 is told it is busy until the loop runs. Windows wants all calls
from one thread, which is the only one here. (Read in pyttsx3 2.99; tried with fakes alone.)

The process ends when its input does.
"""

from __future__ import annotations

import base64
import importlib
import io
import re
import subprocess
import sys
import tempfile
import threading
import time
from functools import cache
from pathlib import Path
from typing import Any

import pyttsx3

from voice_coach.speech.worker import serve

IDLE_POLL = 0.001
"""Seconds between two looks at whether eSpeak is idle."""

DRIVER = {"darwin": "nsss", "win32": "sapi5"}.get(sys.platform, "espeak")
PACE = {"espeak": 1.2}
"""Words a minute for each one that an engine is asked for; 1 where that was not measured.

Measured with eSpeak NG 1.51 on instructions, whose words are short; the ratio holds from 100
words a minute, the slowest eSpeak can do, to 280.
"""
NO_ENGINE = {
    "nsss": "The coach has no voice, because the speech engine of macOS could not be loaded:"
    " install pyobjc, for instance with 'pip install pyobjc'.",
    "sapi5": "The coach has no voice, because the speech engine of Windows could not be loaded:"
    " install it with 'pip install comtypes pywin32'.",
    "espeak": "The coach has no voice, because eSpeak NG is not installed: install it with"
    " 'sudo apt install libespeak-ng1' on Debian and Ubuntu, or as 'espeak-ng' elsewhere.",
}

BETTER = ("enhanced", "premium")
"""How macOS marks voices that a person has downloaded, better last: their identifiers are like
com.apple.voice.premium.en-US.Zoe (macOS 13 and later; tried with fakes alone)."""

Message = dict[str, Any]


class UnknownVoice(Exception):
    """There is no such voice; the message is one sentence for the person."""


def main() -> None:
    """Answer whoever asks."""
    try:
        importlib.import_module(f"pyttsx3.drivers.{DRIVER}")
    except (ImportError, RuntimeError, OSError):
        serve(lambda _: {"error": NO_ENGINE[DRIVER]})
    else:
        # Apple's frameworks do not survive a fork, and Windows has none.
        serve(answer, apart=DRIVER == "espeak")


def answer(request: Message) -> Message:
    """Do what a request asks for; an unknown voice is the only failure that has an answer."""
    try:
        if "voices" in request:
            return {
                "voices": {
                    voice.id: {"name": voice.name, "language": next(iter(voice.languages), "")}
                    for voice in engine().getProperty("voices")
                }
            }
        if request["voice"] is not None:
            choose(request["voice"])
        engine().setProperty("rate", round(request["rate"] / PACE.get(DRIVER, 1)))
        settle()
        wav = RENDER[DRIVER](request["text"])
        return {"wav": base64.b64encode(wav).decode()}
    except UnknownVoice as unknown:
        return {"error": str(unknown)}


@cache
def engine() -> Any:
    """Give this process's only engine, idle: two engines in one process hang."""
    made = pyttsx3.init(DRIVER)
    # It starts out busy: properties would wait for the first run, and be lost in its beginning.
    made.proxy.setBusy(False)
    settle()
    if DRIVER == "nsss":
        made.setProperty("voice", _best_like(made.getProperty("voice"), made))
    return made


def _best_like(voice: str, made: Any) -> str:
    """Give the best voice of the language of this one; itself if none is better."""
    known = made.getProperty("voices")
    languages = {language for each in known if each.id == voice for language in each.languages}
    alike = [each.id for each in known if languages.intersection(each.languages)]
    best: str = max([voice, *alike], key=_quality)
    return best


def _quality(identifier: str) -> int:
    parts = identifier.casefold().split(".")
    return max((rank for rank, mark in enumerate(BETTER, 1) if mark in parts), default=0)


def settle() -> None:
    """Wait until eSpeak has taken in what it was told: a render that starts earlier undoes it."""
    if DRIVER == "espeak":
        is_playing = importlib.import_module("pyttsx3.drivers._espeak").IsPlaying
        while is_playing():
            time.sleep(IDLE_POLL)


def choose(voice: str) -> None:
    """Speak with the voice of this identifier, name or language, such as "en-us" or "en-gb+f3".

    What follows the plus is one of eSpeak's variants. UnknownVoice if there is no such voice.
    """
    if _speaks_with(voice):  # spares the listing, which costs as much as a sentence
        return
    base, plus, variant = voice.partition("+")
    known = engine().getProperty("voices")
    names = {
        name.casefold(): each.id
        for each in sorted(known, key=lambda each: _quality(each.id))
        for name in (*each.languages, each.name)
        if name
    }
    if not _speaks_with(names.get(base.casefold(), base) + plus + variant):
        english = sorted(name for name in names if re.match("en[-_]", name))
        raise UnknownVoice(
            f"There is no voice '{voice}' on this computer: the English ones are"
            f" {', '.join(english)}, and on Linux variants of them such as 'en-us+f3'; all are"
            " listed by voice-coach voices."
        )


def _speaks_with(identifier: str) -> bool:
    # Nothing is said when a voice is unknown, and an unknown variant is passed over:
    # only the voice that is there afterwards tells.
    engine().setProperty("voice", identifier)
    settle()
    current, wanted = engine().getProperty("voice").casefold(), identifier.casefold()
    return bool(current == wanted or current.endswith(f"/{wanted}"))


def render_espeak(text: str) -> bytes:
    """Speak one sentence into a WAV file and give its content."""
    done = threading.Event()
    engine().connect("finished-utterance", lambda **_: done.set())
    buffer = io.BytesIO()
    engine().save_to_file(text, buffer)
    engine().runAndWait()
    done.wait()
    return buffer.getvalue()


def render_mac(text: str) -> bytes:
    """Speak one sentence into a WAV file and give its content.

    macOS writes AIFF whatever the file is called; its own converter is part of every Mac.
    """
    with tempfile.TemporaryDirectory() as folder:
        spoken, converted = Path(folder, "spoken.aiff"), Path(folder, "converted.wav")
        _save(text, spoken)
        command = ["/usr/bin/afconvert", "-f", "WAVE", "-d", "LEI16", "-c", "1"]
        subprocess.run([*command, str(spoken), str(converted)], check=True)  # noqa: S603
        return converted.read_bytes()


def render_windows(text: str) -> bytes:
    """Speak one sentence into a WAV file and give its content."""
    with tempfile.TemporaryDirectory() as folder:
        spoken = Path(folder, "spoken.wav")
        _save(text, spoken)
        return spoken.read_bytes()


def _save(text: str, path: Path) -> None:
    engine().proxy.setBusy(True)
    engine().save_to_file(text, str(path))
    engine().runAndWait()


RENDER = {"espeak": render_espeak, "nsss": render_mac, "sapi5": render_windows}


if __name__ == "__main__":
    main()
