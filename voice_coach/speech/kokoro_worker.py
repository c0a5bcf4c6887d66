"""The process in which Kokoro speaks: one JSON line asks, one JSON line answers.

    {"text": "Hold.", "language": "en"}  ->  {"wav": base64 of a WAV file}
    anything that cannot be done         ->  {"error": one sentence}

Loading the network takes a second, so that it is kept; the process ends when its input does.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from voice_coach.speech.kokoro import INSTALLATION, KOKORO_RATE, SPEAKERS
from voice_coach.speech.worker import serve, wav


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Do what a request asks for."""
    try:
        speaker = SPEAKERS[request["language"]]
        samples = speaker.speak(speaker.phonemes(request["text"]))
    except Exception as error:  # noqa: BLE001 - whatever broke, the remedy is the same
        remedy = f"install it anew with {INSTALLATION}"
        return {"error": f"The natural voice cannot speak ({error}): {remedy}."}
    pcm = np.rint(np.clip(samples, -1, 1) * 32767).astype("<i2")
    return wav(pcm.tobytes(), KOKORO_RATE)


if __name__ == "__main__":
    serve(answer)
