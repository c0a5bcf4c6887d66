"""The sound of a session is kept only for who asks for it, and costs the session nothing."""

from __future__ import annotations

import stat
import wave

import numpy as np

from voice_coach.audio import recorder as recorder_module
from voice_coach.audio.recorder import AudioRecorder
from voice_coach.core.commands import Command
from voice_coach.core.events import Noticed
from voice_coach.core.ports import BLOCK


class BlockListener:
    """Notices something in every block."""

    def __init__(self):
        self.told = []

    def listen(self, commands):
        self.told.append(commands)

    def hear(self, microphone, far_end):
        return [Noticed("duck")]


def hear(recorder, blocks=120):
    listener = recorder.around(BlockListener())
    block = np.full(BLOCK, 0.5, np.float32)
    return [listener.hear(block, -block) for _ in range(blocks)]


def test_the_microphone_is_on_the_left_and_the_coach_on_the_right(tmp_path):
    path = tmp_path / "sessions" / "a.wav"
    with AudioRecorder(path) as recorder:
        assert hear(recorder) == [[Noticed("duck")]] * 120
    assert recorder.trouble is None
    with wave.open(str(path)) as sound:
        assert (sound.getnchannels(), sound.getframerate()) == (2, 16_000)
        samples = np.frombuffer(sound.readframes(sound.getnframes()), "<i2").reshape(-1, 2)
    assert len(samples) == 120 * BLOCK
    assert set(samples[:, 0]) == {16383}
    assert set(samples[:, 1]) == {-16383}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_is_to_be_heard_is_handed_on():
    listener = BlockListener()
    AudioRecorder(None).around(listener).listen(frozenset({Command.NEXT}))
    assert listener.told == [frozenset({Command.NEXT})]


def test_a_folder_that_cannot_be_written_costs_one_sentence_and_no_hearing(tmp_path):
    (tmp_path / "sessions").write_text("in the way")
    with AudioRecorder(tmp_path / "sessions" / "a.wav") as recorder:
        assert len(hear(recorder)) == 120
    assert "The sound cannot be kept in" in str(recorder.trouble)


def test_a_tape_ends_after_its_longest_and_hearing_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr(recorder_module, "LONGEST", 1)
    path = tmp_path / "a.wav"
    with AudioRecorder(path) as recorder:
        assert len(hear(recorder, 500)) == 500
    with wave.open(str(path)) as sound:
        assert 16_000 <= sound.getnframes() <= 2 * 16_000
