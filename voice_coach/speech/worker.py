"""The child's side of a voice: one JSON line asks, one JSON line answers, until the input ends."""

from __future__ import annotations

import base64
import io
import json
import os
import signal
import sys
import wave
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable

    Message = dict[str, Any]
    Answer = Callable[[Message], Message]

PATIENCE = 60
"""Seconds after which a rendering that hangs is ended by the system, even if nobody is left to end
it: longer than any voice is waited for."""


def serve(answer: Answer, *, apart: bool = False) -> None:
    """Answer each line of the standard input with one line on the standard output.

    With `apart` a fresh copy of this process answers each, so that none depends on those before.
    """
    # Engines print: from here on their words go to the standard error, and only answers get out.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    reply = _reply_apart if apart else _reply
    for line in sys.stdin:
        reply(answer, line, answers)


def wav(pcm: bytes, rate: int) -> Message:
    """Make the answer of 16-bit samples of one channel, `rate` a second."""
    content = io.BytesIO()
    with wave.open(content, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(pcm)
    return {"wav": base64.b64encode(content.getvalue()).decode()}


def _reply(answer: Answer, line: str, answers: TextIO) -> None:
    _end_after(PATIENCE)
    print(json.dumps(answer(json.loads(line))), file=answers, flush=True)
    _end_after(0)


def _reply_apart(answer: Answer, line: str, answers: TextIO) -> None:
    if (copy := os.fork()) == 0:
        status = 1
        try:
            _reply(answer, line, answers)
            status = 0
        finally:
            os._exit(status)
    if os.waitpid(copy, 0)[1] != 0:
        sys.exit(1)  # the asker sees the answer missing, and starts another worker


def _end_after(seconds: int) -> None:
    """Let the system end this process after these seconds; 0 takes it back."""
    if sys.platform != "win32":
        signal.alarm(seconds)
