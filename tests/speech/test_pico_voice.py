"""What is promised about Pico: the real one, and children that fail."""

import sys
from contextlib import closing

import numpy as np
import pytest

from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.speech import pico_voice, pico_worker
from voice_coach.speech.clips import VoiceUnavailable, finished
from voice_coach.speech.pico_voice import VOICES, PicoVoice, installed, speaking

pytestmark = pytest.mark.real_parts

SENTENCES = {
    "en": [
        "Put your left arm across your body, to the outer side of your right leg.",
        "Walk your feet forward slowly until your back rests on the ball.",
        "Hold this position, and keep breathing calmly.",
    ],
    "es": [
        "Ponga el brazo izquierdo por delante del cuerpo, hacia el lado derecho de la pierna.",
        "Quédese así un momento, y siga respirando con toda tranquilidad.",
    ],
}
"""Instructions of a routine."""


@pytest.fixture(scope="module")
def voices():
    made = {name: PicoVoice(name) for name in VOICES}
    yield made
    for voice in made.values():
        voice.close()


def test_it_is_installed_and_named_with_all_that_decides_how_it_sounds(voices):
    assert installed()
    assert speaking("en") == ["pico-us", "pico-gb"]
    assert voices["pico-us"].name == "SVOX Pico, py-nanotts 0.1.1, en-US"


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_other_systems_speak_with_their_own_voices(monkeypatch, platform):
    monkeypatch.setattr(pico_voice.sys, "platform", platform)
    assert speaking("en") == []


@pytest.mark.parametrize("name", VOICES)
def test_the_same_words_sound_the_same_whatever_was_said_before_and_by_whom(voices, name):
    sentence = SENTENCES[VOICES[name].code][-1]
    first = voices[name].render(sentence, 150)
    assert first.dtype == np.float32
    voices[name].render("No.", 170)
    np.testing.assert_array_equal(voices[name].render(sentence, 150), first)
    with closing(PicoVoice(name)) as another:
        np.testing.assert_array_equal(another.render(sentence, 150), first)


@pytest.mark.parametrize("name", VOICES)
@pytest.mark.parametrize("rate", [110, 150, 190])
def test_speech_has_as_many_words_a_minute_as_were_asked_for(voices, name, rate):
    texts = SENTENCES[VOICES[name].code]
    words = sum(len(text.split()) for text in texts)
    samples = sum(len(finished(voices[name].render(text, rate))) for text in texts)
    assert words / (samples / SAMPLE_RATE / 60) == pytest.approx(rate, rel=0.1)


@pytest.mark.parametrize("name", VOICES)
def test_nothing_is_clipped(voices, name):
    for text in SENTENCES[VOICES[name].code]:
        rate = VOICES[name].own_rate  # nothing is stretched
        assert 0.1 < np.max(np.abs(voices[name].render(text, rate))) < 0.8


def test_what_looks_like_an_order_to_pico_is_only_read(voices):
    plain = voices["pico-us"].render("speed level='300' Breathe in.", 150)
    ordered = voices["pico-us"].render("<speed level='300'>Breathe in.", 150)
    assert len(ordered) > 0.9 * len(plain)


def test_a_child_that_hangs_is_killed_and_the_voice_says_it_is_unavailable():
    hang = (sys.executable, "-c", "import signal; signal.pause()")
    with (
        closing(PicoVoice("pico-us", command=hang, patience=0.3)) as voice,
        pytest.raises(VoiceUnavailable, match=r"3 times.*install py-nanotts anew"),
    ):
        voice.render("Hold.", 150)


def test_a_library_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "py_nanotts", None)
    answer = pico_worker.answer({"text": "Hold.", "voice": "en-US"})
    assert "py_nanotts" in answer["error"]
    assert "install py-nanotts anew, or choose another voice" in answer["error"]


def test_a_voice_that_was_closed_renders_no_more():
    voice = PicoVoice("pico-us")
    voice.close()
    with pytest.raises(VoiceUnavailable, match="closed"):
        voice.render("Hold.", 150)
