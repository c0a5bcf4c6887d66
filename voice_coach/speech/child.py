"""A speech engine in a process of its own, so that it can never delay the coach.

An engine can hang and crash. A child whose answer is late or broken is killed with all it started,
and a new one is asked the same. After three such failures the voice is unavailable. One JSON line
asks, one JSON line answers.
"""

from __future__ import annotations

import base64
import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import threading
import wave
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import samplerate

from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.speech.clips import VoiceUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

WORKER_FOLDER = Path(__file__).parents[2]
"""Where a child starts: the package is found there, and no file of the user's gets in between."""

ATTEMPTS = 3
"""Children that are asked the same before the voice counts as unavailable."""


class Child:
    """The process behind a voice; safe to use from several threads.

    Args:
        command: what starts it.
        patience: seconds to wait for one answer, the start of the child included.
        remedy: what a person can do if it fails, as the end of a sentence.

    """

    def __init__(self, command: Sequence[str], patience: float, remedy: str) -> None:
        self._command = command
        self._patience = patience
        self._remedy = remedy
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._closed = False

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Give its answer; VoiceUnavailable if there is none, or if it is an error."""
        line = json.dumps(request).encode() + b"\n"
        with self._lock:
            for _ in range(ATTEMPTS):
                if (answer := self._exchange(line)) is not None:
                    if "error" in answer:
                        raise VoiceUnavailable(answer["error"])
                    return answer
                self._discard()
        raise VoiceUnavailable(
            f"The coach has no voice, because the speech engine broke down or fell silent"
            f" {ATTEMPTS} times in a row: {self._remedy}."
        )

    def speech(self, request: dict[str, Any]) -> NDArray[np.float32]:
        """Give what it says as SAMPLE_RATE samples a second, one channel."""
        with wave.open(io.BytesIO(base64.b64decode(self.ask(request)["wav"]))) as sound:
            pcm = np.frombuffer(sound.readframes(sound.getnframes()), "<i2")
            spoken = pcm.reshape(-1, sound.getnchannels()).mean(axis=1, dtype=np.float32) / 32768
            ratio = SAMPLE_RATE / sound.getframerate()
        samples: NDArray[np.float32] = samplerate.resample(spoken, ratio)
        return samples

    def close(self) -> None:
        """End it at once, also while it works: whoever asked gets VoiceUnavailable."""
        self._closed = True
        if (process := self._process) is not None:
            _kill(process)
        with self._lock:
            self._discard()

    def _exchange(self, line: bytes) -> dict[str, Any] | None:
        """Ask once; None if the child cannot start, hangs, dies or gives a broken answer."""
        try:
            process = self._process = self._process or self._start()
            if self._closed:  # looked at after the child is known, so that close misses no child
                self._discard()
                raise VoiceUnavailable("The coach's voice has been closed.")
            assert process.stdin is not None  # noqa: S101 - both are pipes, see _start
            assert process.stdout is not None  # noqa: S101
            with _killing_after(self._patience, process):
                process.stdin.write(line)
                process.stdin.flush()
                answer: dict[str, Any] = json.loads(process.stdout.readline())
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

    def _discard(self) -> None:
        if self._process is not None:
            _kill(self._process)
            self._process.communicate()
            self._process = None


@contextlib.contextmanager
def _killing_after(seconds: float, process: subprocess.Popen[bytes]) -> Iterator[None]:
    alarm = threading.Timer(seconds, _kill, [process])
    alarm.start()
    try:
        yield
    finally:
        alarm.cancel()
        alarm.join()


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.returncode is not None:  # its number may be another's by now
        return
    if sys.platform == "win32":  # there are no groups, and no copies either
        process.kill()
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):  # it has ended already
        os.killpg(process.pid, signal.SIGKILL)
