"""``voice-coach hear``: recordings are heard as the coach would hear them, by the real parts."""

from __future__ import annotations

import json
import wave
from contextlib import closing

import numpy as np
import pytest
import samplerate
from typer.testing import CliRunner

from voice_coach.cli import app
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.hear import IN_A_STEP, hear_all, read_manifest
from voice_coach.speech.clips import clip_store
from voice_coach.speech.narrator import PromptNarrator
from voice_coach.speech.pyttsx3_voice import Pyttsx3Voice

pytestmark = pytest.mark.real_parts

KEYS = {"file", "time", "kind", "command", "tier", "phrase", "llr"}
CANDIDATE = {"file", "time", "kind", "tier", "phrase", "score", "features"}


@pytest.fixture(scope="module")
def speech():
    """Give what the person says, with a second of a quiet room before it."""
    hiss = np.random.default_rng(1).standard_normal(SAMPLE_RATE) * 1e-3
    with closing(PromptNarrator(Pyttsx3Voice("en-us+f2"), clip_store())) as person:
        yield lambda words: np.concatenate((hiss, person.clip(words, 140).samples, hiss))


@pytest.fixture(scope="module")
def coach():
    with closing(PromptNarrator(Pyttsx3Voice(), clip_store())) as narrator:
        yield narrator.clip("Stack both hands, one on the other, at the centre.", 150).samples


def save(path, samples, rate=SAMPLE_RATE, channels=1):
    if rate != SAMPLE_RATE:
        samples = samplerate.resample(samples, rate / SAMPLE_RATE)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        both = np.repeat((samples * 32767).astype("<i2"), channels)
        file.writeframes(both.tobytes())
    return path


def run(*words):
    return CliRunner().invoke(app, ["hear", *map(str, words)])


def entries(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_each_line_is_one_json_object_with_the_promised_keys(speech, tmp_path):
    result = run(save(tmp_path / "it-hurts.wav", speech("it hurts")), "--json")
    assert result.exit_code == 0
    found = entries(result)
    kinds = [entry["kind"] for entry in found]
    assert kinds.index("hush") < kinds.index("command")
    command = next(entry for entry in found if entry["kind"] == "command")
    assert set(command) == KEYS
    candidates = [entry for entry in found if entry["kind"] == "candidate"]
    assert candidates
    assert all(set(entry) == CANDIDATE for entry in candidates)
    assert (command["command"], command["phrase"]) == ("pain", "it hurts")
    assert 1.0 < command["time"] < 4.0


def test_the_rate_and_the_channels_of_a_file_do_not_matter(speech, tmp_path):
    heard = []
    for rate, channels in ((16_000, 1), (48_000, 2), (44_100, 1)):
        path = save(tmp_path / f"{rate}.wav", speech("stop"), rate, channels)
        found = entries(run(path, "--json"))
        heard.append([entry["command"] for entry in found if entry["kind"] == "command"])
    assert heard == [["stop"]] * 3


def test_a_recording_too_loud_to_hear_anybody_in_is_told_as_the_fault_of_a_session(tmp_path):
    noise = np.random.default_rng(1).uniform(-0.9, 0.9, 3 * SAMPLE_RATE)
    result = run(save(tmp_path / "roar.wav", noise))
    assert result.exit_code == 0
    assert "fault  It is so loud here that you could not be heard" in result.stdout


def test_many_are_heard_at_once_from_a_table_and_answered_in_its_order(speech, coach, tmp_path):
    save(tmp_path / "near.wav", speech("next"))
    save(tmp_path / "ready.wav", speech("ready"))
    echo = np.concatenate((coach, np.zeros(SAMPLE_RATE)))
    save(tmp_path / "echo.wav", 0.5 * np.roll(echo, 800))
    save(tmp_path / "far.wav", echo)
    table = tmp_path / "table.csv"
    table.write_text(
        "file,far,state\nnear.wav,,\necho.wav,far.wav,holding\n"
        "ready.wav,,sound check\nready.wav,,\n"
    )
    result = run("--manifest", table, "--json")
    commands = [(e["file"], e["command"]) for e in entries(result) if e["kind"] == "command"]
    assert commands == [("near.wav", "next"), ("ready.wav", "ready")]
    assert result.stdout == run("--manifest", table, "--json").stdout


def test_a_file_that_cannot_be_read_keeps_none_of_the_others_from_being_heard(speech, tmp_path):
    save(tmp_path / "stop.wav", speech("stop"))
    (tmp_path / "broken.wav").write_bytes(b"RIFF and nothing more")
    table = tmp_path / "table.csv"
    table.write_text("file,far,state\nbroken.wav,,\nmissing.wav,,\nstop.wav,,\n")
    result = run("--manifest", table, "--json")
    assert result.exit_code == 1
    assert "broken.wav is no WAV" in result.stderr
    assert "missing.wav" in result.stderr
    assert [e["command"] for e in entries(result) if e["kind"] == "command"] == ["stop"]


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ("near,far\na.wav,\n", "no column 'file'"),
        ("file,far,state\na.wav,,dreaming\n", "no state 'dreaming'"),
    ],
)
def test_a_table_that_is_wrong_is_refused_in_one_sentence(table, complaint, tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(table)
    result = run("--manifest", path)
    assert result.exit_code == 1
    assert complaint in result.stderr


def test_a_recording_of_hardly_any_samples_a_second_is_refused_in_one_sentence(tmp_path):
    save(tmp_path / "slow.wav", np.zeros(100, np.float32))
    wav = bytearray((tmp_path / "slow.wav").read_bytes())
    wav[24:28] = (62).to_bytes(4, "little")
    (tmp_path / "slow.wav").write_bytes(wav)
    result = run(tmp_path / "slow.wav")
    assert result.exit_code == 1
    assert "slow.wav has 62 samples a second, too few for speech" in result.stderr


def test_neither_or_both_of_recording_and_table_is_a_wrong_option(tmp_path):
    assert run().exit_code == 2
    assert run("a.wav", "--manifest", "b.csv").exit_code == 2


def test_empty_columns_mean_a_silent_coach_and_a_step(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("file\na.wav\n")
    (recording,) = read_manifest(path)
    assert recording.far_end is None
    assert recording.state is IN_A_STEP


def test_an_empty_table_gives_nothing(language):
    assert list(hear_all([], None, language)) == []
