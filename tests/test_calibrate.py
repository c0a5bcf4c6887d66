"""Trying the sound out: the verbs `devices` and `calibrate`, also on a virtual sound card."""

from __future__ import annotations

import json
import sys
import time

import numpy as np
import pytest
from fake_sounddevice import FakeSounddevice
from live_program import Program
from trials.virtual_sound_card import VirtualSoundCard
from typer.testing import CliRunner

from voice_coach import cli
from voice_coach.core.ports import SAMPLE_RATE


def run(*words):
    return CliRunner().invoke(cli.app, words)


@pytest.fixture
def library(monkeypatch):
    library = FakeSounddevice()
    monkeypatch.setitem(sys.modules, "sounddevice", library)
    return library


def test_devices_are_listed_and_those_in_use_are_starred(library):
    library.devices.append(library.device("Headset", inputs=1, outputs=2))
    said = run("devices", "--microphone", "Desk", "--loudspeaker", "Kitchen")
    assert said.exit_code == 0
    assert said.stdout.splitlines()[:6] == [
        "microphones",
        "* Desk microphone",
        "  Headset",
        "loudspeakers",
        "* Kitchen speaker",
        "  Headset",
    ]


def test_a_device_that_is_not_there_is_told_with_those_that_are(library):
    said = run("devices", "--microphone", "Studio")
    assert said.exit_code == cli.ExitCode.TROUBLE
    assert "choose one of those present (Desk microphone)" in said.stderr
    library.devices = []
    assert "This computer has no microphone" in run("calibrate").stderr


@pytest.fixture
def card():
    with VirtualSoundCard() as card:
        yield card


def words(seconds, loudness):
    """Give a sound that stands for a voice: its pitch wavers, so it never repeats exactly."""
    moments = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    cycles = 300 * moments + 2 * np.sin(2 * np.pi * 5.3 * moments)
    return (loudness * np.sin(2 * np.pi * cycles)).astype(np.float32)


@pytest.mark.sound_card
def test_noise_echo_delay_and_voice_are_measured_drawn_and_kept_for_the_user_alone(card, tmp_path):
    card.echo(60)
    with Program(card, tmp_path, "calibrate") as program:
        program.until("Now say a few words")
        card.say(words(2, 0.1)).wait()
        said, code = program.end()
    assert code == 0, said
    folder = tmp_path / "voice-coach"
    found = json.loads((folder / "calibration.json").read_text())
    print("Measured on the virtual sound card:", found)  # noqa: T201
    assert found["noise"] < -80
    # A volume of 60 % is 13 dB less: PulseAudio's scale is cubic.
    assert found["echo"] == pytest.approx(-23 - 13.3, abs=1)
    assert found["voice"] == pytest.approx(-23, abs=1)
    assert 0.01 < found["delay"] < 0.25
    for name in ("calibration.json", "calibration.svg"):
        assert (folder / name).stat().st_mode & 0o777 == 0o600
    assert "The room is fine for a session." in said


@pytest.mark.sound_card
def test_the_level_meter_shows_line_by_line_what_the_microphone_hears(card, tmp_path):
    with Program(card, tmp_path, "devices", "--test") as program:
        program.until("You should hear a tone")
        time.sleep(2)
        card.say(words(2, 0.1)).wait()
        said, code = program.end()
    assert code == 0, said
    levels = [int(line.split()[0]) for line in said.splitlines() if " dB  " in line]
    assert len(levels) == pytest.approx(5, abs=1)
    assert max(levels) == pytest.approx(-23, abs=2)
    assert min(levels) < -60


@pytest.mark.sound_card
def test_a_microphone_that_hears_nothing_is_told(card, tmp_path):
    with Program(card, tmp_path, "devices", "--test") as program:
        said, code = program.end()
    assert code == cli.ExitCode.TROUBLE
    assert "The microphone heard nothing" in said
