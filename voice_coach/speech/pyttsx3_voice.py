"""pyttsx3 as the coach's voice: text in, samples out, and nothing it does can hold the coach up.

pyttsx3 renders in a child process (see pyttsx3_worker), for it can hang and crash. A child that
gives no answer in time, or a broken one, is killed with all it started, and another one is asked
the same. Only when that has failed three times over is the voice unavailable.
"""

from __future__ import annotations

import base64
import contextlib
import ctypes
import io
import json
import os
import platform
import signal
import subprocess
import sys
import threading
import wave
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import samplerate

from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.speech.clips import VoiceUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

WORKER = (sys.executable, "-m", "voice_coach.speech.pyttsx3_worker")
WORKER_FOLDER = Path(__file__).parents[2]
"""Where the child starts: the package is found there, and no file of the user's gets in between."""

ATTEMPTS = 3
"""Children that are asked the same before the voice counts as unavailable."""
PATIENCE = 10.0
"""Seconds to wait for one clip, the start of the child included; it usually takes 0.03 s."""

DEFAULT_VOICE = None if sys.platform == "darwin" else "en-us"
"""None is the voice chosen in the system's settings.

A recogniser understood eSpeak's American voice (36 % word errors on 18 instructions at 150 words a
minute) no worse than its British ones (37-40 %) and as well as its variants (33-35 %, a tie).
"""


class Pyttsx3Voice:
    """Renders with a voice of the operating system; safe to use from several threads.

    `voice` is an identifier, language or name as ``voices`` lists them, on Linux with an optional
    variant of eSpeak's after a plus ("en-gb", "en-us+f3").
    """

    def __init__(
        self,
        voice: str | None = None,
        *,
        command: Sequence[str] = WORKER,
        patience: float = PATIENCE,
    ) -> None:
        self._voice = voice or DEFAULT_VOICE
        self._command = command
        self._patience = patience
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._closed = False

    @cached_property
    def name(self) -> str:
        """All that decides how this voice sounds, apart from words and rate."""
        return f"pyttsx3, {_engine()}, {self._voice or 'voice of the system'}"

    def voices(self) -> dict[str, str]:
        """List the voices there are: identifier → name. VoiceUnavailable if that fails."""
        voices: dict[str, str] = self._ask({"voices": True})["voices"]
        return voices

    def render(self, text: str, rate: int) -> NDArray[np.float32]:
        """Speak `text` at `rate` words a minute; give SAMPLE_RATE samples a second, one channel.

        The same words always give the same samples. VoiceUnavailable says why there is no voice.
        """
        answer = self._ask({"text": text, "voice": self._voice, "rate": rate})
        with wave.open(io.BytesIO(base64.b64decode(answer["wav"]))) as sound:
            pcm = np.frombuffer(sound.readframes(sound.getnframes()), "<i2")
            spoken = np.divide(pcm, 32768, dtype=np.float32)
            ratio = SAMPLE_RATE / sound.getframerate()
            samples: NDArray[np.float32] = samplerate.resample(spoken, ratio)
            return samples

    def close(self) -> None:
        """End the child at once, also while it renders: that render then fails."""
        self._closed = True
        if (child := self._child) is not None:
            _kill(child)
        with self._lock:
            self._discard_child()

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        line = json.dumps(request).encode() + b"\n"
        with self._lock:
            for _ in range(ATTEMPTS):
                if (answer := self._exchange(line)) is not None:
                    if "error" in answer:
                        raise VoiceUnavailable(answer["error"])
                    return answer
                self._discard_child()
        raise VoiceUnavailable(
            f"The coach has no voice, because the speech engine broke down or fell silent"
            f" {ATTEMPTS} times in a row: try 'espeak-ng hello' in a terminal, or another voice."
        )

    def _exchange(self, line: bytes) -> dict[str, Any] | None:
        """Ask once; None if the child cannot start, hangs, dies or talks nonsense."""
        try:
            child = self._child = self._child or self._start()
            if self._closed:  # looked at after the child is known, so that close misses no child
                self._discard_child()
                raise VoiceUnavailable("The coach's voice has been closed.")
            assert child.stdin is not None  # noqa: S101 - both are pipes, see _start
            assert child.stdout is not None  # noqa: S101
            with _killing_after(self._patience, child):
                child.stdin.write(line)
                child.stdin.flush()
                answer: dict[str, Any] = json.loads(child.stdout.readline())
        except (OSError, ValueError):
            return None
        return answer

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own command
            self._command,
            cwd=WORKER_FOLDER,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Its own group: it is killed with its copies, and Ctrl-C ends the coach, not its voice.
            start_new_session=True,
        )

    def _discard_child(self) -> None:
        if self._child is not None:
            _kill(self._child)
            self._child.communicate()
            self._child = None


@contextlib.contextmanager
def _killing_after(seconds: float, child: subprocess.Popen[bytes]) -> Iterator[None]:
    alarm = threading.Timer(seconds, _kill, [child])
    alarm.start()
    try:
        yield
    finally:
        alarm.cancel()
        alarm.join()


def _kill(child: subprocess.Popen[bytes]) -> None:
    if child.returncode is None:  # else its number may be another's by now
        with contextlib.suppress(ProcessLookupError, PermissionError):  # it has ended already
            os.killpg(child.pid, signal.SIGKILL)


def _engine() -> str:
    """Name the engine and its version, without starting it."""
    if sys.platform == "darwin":
        return f"macOS {platform.mac_ver()[0]}"
    try:
        espeak_info = ctypes.CDLL("libespeak-ng.so.1").espeak_Info
    except OSError:
        return "eSpeak NG"
    espeak_info.restype = ctypes.c_char_p
    return f"eSpeak NG {espeak_info(None).decode()}"
