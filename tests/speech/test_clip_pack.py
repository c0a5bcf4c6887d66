"""What is promised about the clips that are shipped."""

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from voice_coach.audio.ogg_pages import HEADER
from voice_coach.catalogue import read_language
from voice_coach.core.all_sentences import all_sentences, digest
from voice_coach.core.pace import DEFAULT_RATE
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.speech.clip_pack import MANIFEST, ClipPack, file_name, shipped
from voice_coach.speech.clips import (
    LEAD,
    PEAK_LEVEL,
    SPEECH_LEVEL,
    TAIL,
    VoiceUnavailable,
    speech_rms,
)
from voice_coach.speech.kokoro import SPEAKERS

MEGABYTES = 12
"""More than that nobody should have to fetch for the voice of a language."""
REMEDY = "run scripts/voicepack"


@pytest.fixture(scope="module", params=SPEAKERS)
def code(request):
    return request.param


@pytest.fixture(scope="module")
def pack(code):
    return shipped(code)


@pytest.fixture(scope="module")
def clips(pack):
    return {text: pack.load(text) for text in pack.files}


def test_every_sentence_has_a_clip_and_every_clip_a_sentence(code, pack):
    said = {*all_sentences(read_language(code))}
    assert said - pack.files.keys() == set(), REMEDY
    assert pack.files.keys() - said == set(), REMEDY
    there = {path.name for path in pack.folder.iterdir()} - {MANIFEST}
    assert there == {*pack.files.values()}, REMEDY


def test_a_start_need_not_look_at_every_sentence_to_know_that_none_is_missing(code, pack):
    language = read_language(code)
    assert pack.language == digest(language), REMEDY
    unheard = language.model_copy(update={"fillers": {"breath": ("huh",)}})
    assert pack.language == digest(unheard)
    assert {*all_sentences(unheard)} == {*all_sentences(language)}
    assert pack.lacks(language) == []


def test_all_are_of_one_voice_at_the_usual_rate(code, pack):
    assert (pack.voice, pack.rate) == (SPEAKERS[code].name, DEFAULT_RATE)


def test_they_are_small_enough_to_ship(pack):
    sizes = [path.stat().st_size for path in pack.folder.iterdir()]
    assert sum(sizes) < MEGABYTES * 1e6
    assert max(sizes) < 1.5e6


def test_each_begins_at_once_and_ends_with_the_speech(clips):
    # An encoder adds a faint noise, so that the edges are looked for 30 dB below the peak.
    for text, clip in clips.items():
        loud = np.flatnonzero(np.abs(clip.astype(float)) > np.max(np.abs(clip)) / 10**1.5)
        assert loud[0] < LEAD + 0.15 * SAMPLE_RATE, text
        assert len(clip) - loud[-1] < TAIL + 0.3 * SAMPLE_RATE, text


def test_each_is_as_loud_as_the_others_and_never_clips(clips):
    softer = []
    for text, clip in clips.items():
        level = 20 * np.log10(speech_rms(clip / np.float32(32768)) / SPEECH_LEVEL)
        peak = np.max(np.abs(clip)) / 32768
        assert peak < PEAK_LEVEL * 1.12, text
        if peak > PEAK_LEVEL * 0.9 and level < -0.5:  # one loud vowel keeps all else down
            softer.append(level)
        else:
            assert level == pytest.approx(0, abs=0.5), text
    assert min(softer, default=0) > -2
    assert len(softer) < len(clips) / 20


def test_none_starts_or_ends_with_a_click(clips):
    for text, clip in clips.items():
        assert np.max(np.abs(clip[[0, 1, -2, -1]])) < 32768 * 0.01, text


def test_speech_is_calm(clips):
    words = sum(len(text.split()) for text in clips)
    minutes = sum(map(len, clips.values())) / SAMPLE_RATE / 60
    assert 130 < words / minutes < 150


def test_an_answer_of_two_sentences_is_put_together():
    pack = shipped("en")
    first, second = "Three.", "Two."
    both = pack.load(f"{first} {second}")
    np.testing.assert_array_equal(both[: len(pack.load(first))], pack.load(first))
    np.testing.assert_array_equal(both[-len(pack.load(second)) :], pack.load(second))
    assert pack.load(f"{first} Nobody says this.") is None
    assert pack.load("Nor this.") is None


def test_a_changed_sentence_is_missed(code, pack):
    language = read_language(code)
    said = [*language.coach.welcome, "Nobody says this."]
    changed = language.model_copy(
        update={"coach": language.coach.model_copy(update={"welcome": tuple(said)})}
    )
    assert pack.lacks(changed) == ["Nobody says this."]


@pytest.mark.parametrize("content", [None, b"", b"OggS and no more"])
def test_a_damaged_clip_says_what_to_do(tmp_path, content):
    if content is not None:
        (tmp_path / "a.ogg").write_bytes(content)
    broken = ClipPack("a voice", DEFAULT_RATE, "", {"Hold.": "a.ogg"}, tmp_path)
    with pytest.raises(VoiceUnavailable, match=r"a\.ogg, cannot be read .* install .* anew"):
        broken.load("Hold.")


def test_a_language_without_clips_has_none():
    assert shipped("fr") is None


def test_a_clip_is_named_after_voice_rate_and_pronunciation():
    names = {file_name(*each) for each in [("a", 150, "x"), ("b", 150, "x"), ("a", 1, "x")]}
    assert len(names | {file_name("a", 150, "y")}) == 4


def test_what_is_encoded_twice_is_the_same(pack):
    from clip_pack.__main__ import STREAM, encoded  # noqa: PLC0415 - needs the extra `export`

    clip = pack.load(next(iter(pack.files)))
    assert encoded(clip) == encoded(clip)
    streams = {HEADER.unpack_from(path.read_bytes())[4] for path in pack.folder.glob("*.ogg")}
    assert streams == {STREAM}


def test_the_manifest_is_written_in_order(pack, tmp_path):
    backwards = dict(reversed(pack.files.items()))
    replace(pack, files=backwards, folder=tmp_path).write()
    written = (tmp_path / MANIFEST).read_bytes()
    assert written == (pack.folder / MANIFEST).read_bytes()
    assert json.loads(written)["voice"] == pack.voice


def test_speaking_shipped_sentences_loads_nothing_that_renders(code, pack):
    text = next(iter(pack.files))
    program = (
        "import sys; from voice_coach.catalogue import read_language; "
        "from voice_coach.speech.voices import choose_voice; "
        f"voice = choose_voice(read_language({code!r})).voice; "
        f"voice.clip({text!r}, 150).any() or 1 / 0; "
        "print(*sorted({'onnxruntime', 'sanotts', 'pyttsx3', 'python_stretch'} & {*sys.modules}))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert ran.stdout.strip() == ""
