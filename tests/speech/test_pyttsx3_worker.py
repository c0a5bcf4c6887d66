"""What is promised about the process in which pyttsx3 speaks."""

import base64
import io
import json
import subprocess
import sys
import wave

from voice_coach.speech.pyttsx3_voice import WORKER, WORKER_FOLDER

REQUEST = {"text": "Hold.", "voice": None, "rate": 150}


def ask(command, *requests):
    """Start a worker, ask, close its input, and give its answers once it has ended by itself."""
    lines = "".join(json.dumps(request) + "\n" for request in requests)
    ended = subprocess.run(
        command,
        input=lines,
        capture_output=True,
        text=True,
        cwd=WORKER_FOLDER,
        timeout=60,
        check=True,
    )
    return [json.loads(line) for line in ended.stdout.splitlines()]


def test_end():
    """It ends by itself when nobody is left to ask."""
    assert ask(WORKER) == []


def test_answers():
    """Each request gets one line, whatever pyttsx3 prints."""
    answers = ask(WORKER, REQUEST, REQUEST, {"voices": True})
    assert [list(answer) for answer in answers] == [["wav"], ["wav"], ["voices"]]
    assert answers[0] == answers[1]
    with wave.open(io.BytesIO(base64.b64decode(answers[0]["wav"]))) as sound:
        assert sound.getnframes() > sound.getframerate() / 2


def test_no_espeak():
    """A computer without eSpeak NG is told what to install."""
    code = """
import ctypes, runpy
def missing(path): raise OSError(path)
ctypes.cdll.LoadLibrary = missing
runpy.run_module("voice_coach.speech.pyttsx3_worker", run_name="__main__")
"""
    (answer,) = ask((sys.executable, "-c", code), REQUEST)
    assert "libespeak-ng1" in answer["error"]
