"""The process in which Pico speaks: one JSON line asks, one JSON line answers.

    {"text": "Hold.", "voice": "en-US"}  ->  {"wav": base64 of a WAV file}
    anything that cannot be done         ->  {"error": one sentence}

Pico is not repeatable: a sentence sounds a little different after another one. So every request is
answered by a fresh copy of this process, which has said nothing yet.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from voice_coach.speech.pico_voice import REMEDY
from voice_coach.speech.worker import serve, wav

PICO_RATE = 16_000
"""Samples a second."""
VOLUME = 0.3
"""Of what it takes for loud: at 1 it clips, and at 0.3 its peaks lie 8 dB below full scale."""
ORDERS = str.maketrans("<>", "  ")
"""It takes what stands in angle brackets for orders, as in "<speed level='50'>"."""


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Do what a request asks for."""
    text = request["text"].translate(ORDERS)
    try:
        pico = import_module("py_nanotts").NanoTTS()
        pcm = pico.speak(text, voice=request["voice"], volume=VOLUME)
    except Exception as error:  # noqa: BLE001 - whatever broke, the remedy is the same
        return {"error": f"The voice Pico cannot speak ({error}): {REMEDY}."}
    return wav(pcm, PICO_RATE)


if __name__ == "__main__":
    serve(answer, apart=True)
