"""What is promised about the process in which pyttsx3 speaks."""

import base64
import io
import json
import struct
import subprocess
import sys
import threading
import wave
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from voice_coach.speech import pyttsx3_worker
from voice_coach.speech.child import WORKER_FOLDER
from voice_coach.speech.pyttsx3_voice import WORKER

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


class FakeVoices:
    """What the drivers of macOS and Windows share: voices, rate, and a thread of their own."""

    LISTED = (
        SimpleNamespace(id="com.speech.Alex", name="Alex", languages=["en_US"]),
        SimpleNamespace(id="com.speech.Monica", name="Monica", languages=["es_ES"]),
        SimpleNamespace(id="com.speech.Zarvox", name="Zarvox", languages=[]),
    )

    def __init__(self, proxy):
        self.proxy = proxy
        self.properties = {"voice": "com.speech.Alex", "rate": 200, "voices": list(self.LISTED)}
        self.thread = threading.get_ident()
        self.looping = False

    def destroy(self):
        """Leave nothing behind."""

    def getProperty(self, name):  # noqa: N802 - its name in the real one
        return self.properties[name]

    def setProperty(self, name, value):  # noqa: N802
        if name == "voice" and value not in {voice.id for voice in self.LISTED}:
            raise ValueError("unknown voice id %s", value)
        self.properties[name] = value


class FakeMac(FakeVoices):
    """Speaks on while its run loop turns; what is stopped before its end is left unfinished."""

    left = 0
    text = path = ""

    def save_to_file(self, text, path):
        self.proxy.setBusy(True)
        self.text, self.path, self.left = text, path, 5

    def stop(self):
        self.left = 0

    def startLoop(self):  # noqa: N802
        self.looping = True
        self.proxy.setBusy(False)
        while self.looping:
            if self.left == 1:
                self.left = 0
                sound = len(self.text) * struct.pack(">h", 99)
                Path(self.path).write_bytes(b"FORM....AIFF" + sound)
                self.proxy.notify("finished-utterance", completed=True)
                self.proxy.setBusy(False)
            self.left = max(0, self.left - 1)

    def endLoop(self):  # noqa: N802
        self.looping = False


class FakeWindows(FakeVoices):
    """Speaks before it returns, tells no end, and is called from one thread or not at all."""

    def save_to_file(self, text, path):
        assert threading.get_ident() == self.thread, "COM was called from another thread"
        with wave.open(path, "wb") as sound:
            sound.setnchannels(2)
            sound.setsampwidth(2)
            sound.setframerate(44_100)
            sound.writeframes(struct.pack("<hh", 99, 99) * len(text))

    def stop(self):
        """Have nothing to stop."""

    def startLoop(self):  # noqa: N802
        self.looping = True
        self.proxy.setBusy(False)
        for _ in range(1000):
            if not self.looping:
                return
        raise AssertionError("the loop never ends")

    def endLoop(self):  # noqa: N802
        self.looping = False


def convert(command, **_):
    """Do what afconvert does: refuse what is no AIFF."""
    spoken, converted = map(Path, command[-2:])
    content = spoken.read_bytes()
    assert content[8:12] == b"AIFF"
    with wave.open(str(converted), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(22_050)
        sound.writeframes(content[12:])


@pytest.fixture(params=["nsss", "sapi5"])
def driver(request, monkeypatch):
    """Put a driver of another system in place, under the real pyttsx3."""
    module = ModuleType(f"pyttsx3.drivers.{request.param}")
    module.buildDriver = {"nsss": FakeMac, "sapi5": FakeWindows}[request.param]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(pyttsx3_worker, "DRIVER", request.param)
    monkeypatch.setattr(pyttsx3_worker.subprocess, "run", convert)
    pyttsx3_worker.engine.cache_clear()
    yield request.param
    pyttsx3_worker.engine.cache_clear()


@pytest.mark.usefixtures("driver")
def test_on_other_systems_sentence_after_sentence_is_spoken_whole():
    """The loop of pyttsx3 neither cuts a sentence short nor hangs, at the first or any other."""
    for text in ("Hold.", "Hold this position.", "Breathe."):
        answer = pyttsx3_worker.answer({"text": text, "voice": None, "rate": 150})
        with wave.open(io.BytesIO(base64.b64decode(answer["wav"]))) as sound:
            assert sound.getnframes() == len(text)


@pytest.mark.usefixtures("driver")
@pytest.mark.parametrize("voice", ["Monica", "es_ES", "com.speech.Monica"])
def test_on_other_systems_a_voice_is_chosen_by_name_language_or_identifier(voice):
    """It then speaks at the rate that was asked for."""
    pyttsx3_worker.answer({"text": "Hold.", "voice": voice, "rate": 130})
    engine = pyttsx3_worker.engine()
    assert engine.getProperty("voice") == "com.speech.Monica"
    assert engine.getProperty("rate") == 130


@pytest.mark.usefixtures("driver")
def test_on_other_systems_an_unknown_voice_is_refused_and_the_known_ones_are_listed():
    """One sentence, as anywhere else."""
    answer = pyttsx3_worker.answer({"text": "Hold.", "voice": "nobody", "rate": 150})
    assert "no voice 'nobody'" in answer["error"]
    listed = pyttsx3_worker.answer({"voices": True})["voices"]
    assert listed["com.speech.Alex"] == {"name": "Alex", "language": "en_US"}
    assert listed["com.speech.Zarvox"]["language"] == ""


@pytest.mark.parametrize("driver", ["nsss"], indirect=True)
@pytest.mark.parametrize(
    ("voice", "spoken"), [(None, "premium.en-US.Zoe"), ("es_ES", "enhanced.es-ES.Monica")]
)
def test_on_a_mac_the_best_voice_of_the_language_speaks(driver, monkeypatch, voice, spoken):
    """One that was downloaded comes before those that every Mac has."""
    better = [
        SimpleNamespace(id=f"com.apple.voice.{kind}.{language}.{name}", name=name, languages=[code])
        for kind, language, name, code in (
            ("premium", "en-US", "Zoe", "en_US"),
            ("enhanced", "en-US", "Ava", "en_US"),
            ("enhanced", "es-ES", "Monica", "es_ES"),
            ("compact", "es-ES", "Jorge", "es_ES"),
        )
    ]
    monkeypatch.setattr(FakeMac, "LISTED", (*FakeMac.LISTED, *better))
    pyttsx3_worker.answer({"text": "Hold.", "voice": voice, "rate": 150})
    assert pyttsx3_worker.engine().getProperty("voice") == f"com.apple.voice.{spoken}"


@pytest.mark.parametrize(
    ("platform", "driver", "remedy"),
    [("darwin", "nsss", "pyobjc"), ("win32", "sapi5", "comtypes")],
)
def test_a_system_whose_engine_cannot_be_loaded_is_told_what_to_install(platform, driver, remedy):
    """As here, where neither is at home."""
    code = f"""
import sys
sys.platform = {platform!r}
sys.modules["pyttsx3.drivers.{driver}"] = None
import runpy
runpy.run_module("voice_coach.speech.pyttsx3_worker", run_name="__main__")
"""
    (answer,) = ask((sys.executable, "-c", code), REQUEST)
    assert remedy in answer["error"]
