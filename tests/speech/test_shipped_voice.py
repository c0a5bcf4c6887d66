"""The coach's own voice: its clips first, and the network that spoke them for all else."""

from contextlib import closing

import numpy as np
import pytest

from voice_coach.speech.clip_pack import shipped
from voice_coach.speech.clips import ClipStore, VoiceUnavailable, finished
from voice_coach.speech.narrator import PromptNarrator
from voice_coach.speech.shipped_voice import ShippedVoice


class Live:
    """Speaks like nobody else, and tells what it was asked for."""

    name = "live"

    def __init__(self):
        self.asked = []
        self.closed = False

    def render(self, text, rate):
        self.asked.append((text, rate))
        return np.sin(np.arange(8000) / 5, dtype=np.float32)

    def close(self):
        self.closed = True


@pytest.fixture
def voice():
    return ShippedVoice(shipped("en"))


def test_a_shipped_sentence_is_neither_rendered_nor_kept(tmp_path):
    live, store = Live(), ClipStore(tmp_path / "clips")
    with closing(PromptNarrator(ShippedVoice(shipped("en"), live), store)) as narrator:
        clip = narrator.clip("Three.", 150)
        np.testing.assert_array_equal(clip.samples * 32768, shipped("en").load("Three."))
    assert live.asked == []
    assert live.closed
    assert not (tmp_path / "clips").exists()


def test_all_else_is_rendered_live_and_kept(tmp_path):
    live, store = Live(), ClipStore(tmp_path / "clips")
    for _ in range(2):
        narrator = PromptNarrator(ShippedVoice(shipped("en"), live), store)
        clip = narrator.clip("Stand by the sea.", 130)
    assert live.asked == [("Stand by the sea.", 130)]
    pcm = finished(live.render("", 130))
    np.testing.assert_array_equal(clip.samples * 32768, pcm)


def test_without_a_live_voice_nothing_else_is_said(voice):
    assert voice.name == shipped("en").voice
    assert voice.clip("Nobody says this.", 150) is None
    with pytest.raises(VoiceUnavailable, match=r"no clip of 'Nobody says this.'"):
        voice.render("Nobody says this.", 150)
    voice.close()
