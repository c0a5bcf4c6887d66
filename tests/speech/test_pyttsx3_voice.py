"""What is promised about the coach's voice: real pyttsx3 and eSpeak NG, and children that fail."""

import os
import sys
from contextlib import closing

import numpy as np
import pytest

from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.speech.clips import VoiceUnavailable, finished
from voice_coach.speech.pyttsx3_voice import Pyttsx3Voice

pytestmark = pytest.mark.real_parts

SENTENCE = "Lie on one side and bring your knees to your chest."

REAL = "import runpy; runpy.run_module('voice_coach.speech.pyttsx3_worker', run_name='__main__')"


def worker(code):
    """Give the command of a worker that runs `code` instead of, or before, the real one."""
    return (sys.executable, "-c", f"import os, pathlib, signal, sys\n{code}")


def failing_once(folder, failure):
    """Give the command of a worker that fails on its first request, and is real from then on."""
    return worker(f"""
marker = pathlib.Path({str(folder)!r}, "failed")
if not marker.exists():
    marker.touch()
    sys.stdin.readline()
    {failure}
{REAL}
""")


@pytest.fixture(scope="module")
def voice():
    """Render with the real thing, as the user gets it."""
    with closing(Pyttsx3Voice()) as voice:
        yield voice


def test_speech(voice):
    """A sentence becomes speech of plausible length and loudness."""
    samples = voice.render(SENTENCE, 150)
    assert samples.dtype == np.float32
    assert 2 < len(samples) / SAMPLE_RATE < 6
    assert 0.1 < np.max(np.abs(samples)) <= 1


def test_one_child(tmp_path):
    """One child renders a whole session."""
    starts = tmp_path / "starts"
    command = worker(f"open({str(starts)!r}, 'a').write('x')\n{REAL}")
    with closing(Pyttsx3Voice(command=command)) as voice:
        lengths = [len(voice.render("Hold. " * (1 + number % 4), 150)) for number in range(40)]
    assert starts.read_text() == "x"
    assert lengths == lengths[:4] * 10
    assert lengths[:4] == sorted(set(lengths[:4]))


def test_repeatable(voice):
    """A sentence sounds the same whatever was said before, and by whom."""
    first = voice.render(SENTENCE, 150)
    voice.render("And now something quite different.", 170)
    np.testing.assert_array_equal(voice.render(SENTENCE, 150), first)
    with closing(Pyttsx3Voice()) as another:
        np.testing.assert_array_equal(another.render(SENTENCE, 150), first)


@pytest.mark.parametrize("rate", [110, 150, 180])
def test_rate(voice, rate):
    """Speech has as many words a minute as were asked for."""
    sentences = [
        SENTENCE,
        "Put your left arm across your body, to the outer side of your right leg.",
        "Walk your feet forward slowly until your back rests on the ball.",
        "Hold this position, and keep breathing calmly.",
    ]
    words = sum(len(sentence.split()) for sentence in sentences)
    samples = sum(len(finished(voice.render(sentence, rate))) for sentence in sentences)
    assert words / (samples / SAMPLE_RATE / 60) == pytest.approx(rate, rel=0.1)


@pytest.mark.parametrize("other", ["en-gb", "en-us+f3", "en-gb+m3", "English (Scotland)"])
def test_other_voices(voice, other):
    """Another voice speaks differently."""
    with closing(Pyttsx3Voice(other)) as second:
        spoken = second.render(SENTENCE, 150)
        assert second.name != voice.name
    usual = voice.render(SENTENCE, 150)
    assert len(spoken) != len(usual) or not np.allclose(spoken, usual, atol=0.05)


@pytest.mark.parametrize("unknown", ["nobody", "en-us+nobody"])
def test_unknown_voice(unknown):
    """An unknown voice is refused in one sentence that names others."""
    with (
        closing(Pyttsx3Voice(unknown)) as voice,
        pytest.raises(VoiceUnavailable, match=rf"no voice '{unknown.replace('+', '.')}'.*en-gb"),
    ):
        voice.render(SENTENCE, 150)


def test_voices(voice):
    """The voices of the computer can be listed, and asked for as listed."""
    voices = voice.voices()
    identifier = next(i for i, each in voices.items() if each["name"] == "English (America)")
    assert voices[identifier]["language"] == "en-us"
    with closing(Pyttsx3Voice(identifier)) as same:
        np.testing.assert_array_equal(same.render("Hold.", 150), voice.render("Hold.", 150))


def test_odd_text(voice):
    """Words with quotes, accents and line breaks are spoken."""
    assert len(voice.render('Say "déjà vu",\nthen let go - slowly.', 150)) > SAMPLE_RATE


def test_dead_child(tmp_path, voice):
    """A child that dies at work is replaced unnoticed."""
    command = failing_once(tmp_path, "os.kill(os.getpid(), signal.SIGKILL)")
    with closing(Pyttsx3Voice(command=command)) as replaced:
        np.testing.assert_array_equal(replaced.render("Hold.", 150), voice.render("Hold.", 150))


def test_mad_child(tmp_path):
    """A child that talks nonsense is replaced unnoticed."""
    with closing(Pyttsx3Voice(command=failing_once(tmp_path, "print('oops', flush=True)"))) as v:
        assert len(v.render("Hold.", 150))


def test_hung_child(tmp_path):
    """A child that hangs is killed with all it started, and the voice says it is unavailable."""
    lifeline = tmp_path / "lifeline"
    os.mkfifo(lifeline)
    hang = worker(f"""
lifeline = open({str(lifeline)!r}, "w")
os.fork()
signal.pause()
""")
    reader = os.open(lifeline, os.O_RDONLY | os.O_NONBLOCK)
    with (
        closing(Pyttsx3Voice(command=hang, patience=0.3)) as voice,
        pytest.raises(VoiceUnavailable, match="3 times"),
    ):
        voice.render("Hold.", 150)
    assert os.read(reader, 1) == b""  # an error, if anybody still had the other end
    os.close(reader)


def test_cannot_start():
    """A voice that cannot start says so in one sentence."""
    with (
        closing(Pyttsx3Voice(command=worker("sys.exit(1)"))) as voice,
        pytest.raises(VoiceUnavailable, match="no voice"),
    ):
        voice.render("Hold.", 150)


def test_closed():
    """A voice that was closed renders no more."""
    voice = Pyttsx3Voice()
    voice.close()
    with pytest.raises(VoiceUnavailable, match="closed"):
        voice.render("Hold.", 150)


def test_name():
    """The name tells engine, version and voice, and asking for it starts nothing."""
    name = Pyttsx3Voice("en-gb", command=("does-not-exist",)).name
    assert "eSpeak NG 1." in name
    assert name.endswith("en-gb")
