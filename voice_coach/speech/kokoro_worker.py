"""The process in which Kokoro speaks: one JSON line asks, one JSON line answers.

    {"text": "Hold.", "language": "en"}  ->  {"wav": base64 of a WAV file}
    anything that cannot be done         ->  {"error": one sentence}

Loading the network takes a second, so that it is kept; the process ends when its input does.
"""

from __future__ import annotations

import base64
import io
import json
import os
import sys
import wave
from typing import Any

import numpy as np

from voice_coach.speech.kokoro import INSTALLATION, KOKORO_RATE, SPEAKERS


def main() -> None:
    """Answer each line of the standard input with one line on the standard output."""
    # What the engine prints goes to the standard error: only answers get out.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), file=answers, flush=True)


def answer(request: dict[str, Any]) -> dict[str, str]:
    """Do what a request asks for."""
    try:
        speaker = SPEAKERS[request["language"]]
        samples = speaker.speak(speaker.phonemes(request["text"]))
    except Exception as error:  # noqa: BLE001 - whatever broke, the remedy is the same
        remedy = f"install it anew with {INSTALLATION}"
        return {"error": f"The natural voice cannot speak ({error}): {remedy}."}
    content = io.BytesIO()
    with wave.open(content, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(KOKORO_RATE)
        sound.writeframes(np.rint(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return {"wav": base64.b64encode(content.getvalue()).decode()}


if __name__ == "__main__":
    main()
