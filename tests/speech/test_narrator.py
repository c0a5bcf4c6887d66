"""What is promised about speech being ready in time."""

import os
import sys
import threading
from contextlib import closing
from queue import Queue

import numpy as np
import pytest

from voice_coach.core.events import ClipReady, Fault
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.speech.clips import ClipStore, VoiceUnavailable
from voice_coach.speech.narrator import Narrator, PromptNarrator
from voice_coach.speech.pyttsx3_voice import Pyttsx3Voice

PATIENCE = 30
"""Seconds after which a test gives up waiting; none ever waits that long unless it fails."""


class Actor:
    """A voice whose sentences are tones, one length for each text; it notes what it is asked."""

    name = "actor"

    def __init__(self):
        self.asked = []
        self.closed = False

    def render(self, text, rate):
        """Give a tone, silence, or the failure the text asks for."""
        self.asked.append((text, rate))
        if "unspeakable" in text:
            raise VoiceUnavailable(f"Nobody can say '{text}'.")
        if "bug" in text:
            raise ZeroDivisionError
        seconds = 0.1 + 0.01 * len(text)
        time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
        return np.cos(2 * np.pi * 200 * time).astype(np.float32) * (text != "mute")

    def close(self):
        """Note that it was closed."""
        self.closed = True


class HeldActor(Actor):
    """A voice that says when it starts a sentence, and waits to be let go on."""

    def __init__(self):
        super().__init__()
        self.started = Queue()
        self.may_go_on = threading.Semaphore(0)

    def render(self, text, rate):
        """Wait before giving the tone."""
        self.started.put(text)
        assert self.may_go_on.acquire(timeout=PATIENCE)
        return super().render(text, rate)


@pytest.fixture
def store(tmp_path):
    """Keep clips in an empty folder."""
    return ClipStore(tmp_path / "clips")


@pytest.fixture
def posted():
    """Collect what the narrator posts."""
    return Queue()


def await_event(posted):
    """Wait for what the narrator posts next."""
    return posted.get(timeout=PATIENCE)


def test_prepared(store, posted):
    """What is prepared is there when it is needed."""
    with closing(Narrator(Actor(), store, posted.put)) as narrator:
        narrator.prepare(["Sit down.", "Lean back."], 150)
        narrator.clip("Hold.", 150)
        await_event(posted)
        narrator.prepare(["the last"], 150)
        while narrator.clip("the last", 150) is None:
            await_event(posted)
        clip = narrator.clip("Sit down.", 150)
        assert clip.text == "Sit down."
        assert clip.seconds == pytest.approx(0.1 + 0.09 + 0.07, abs=0.001)


def test_order(store, posted):
    """Clips are rendered in order, and what is needed now jumps the queue."""
    actor = HeldActor()
    with closing(Narrator(actor, store, posted.put)) as narrator:
        narrator.prepare(["one", "two"], 150)
        narrator.prepare(["three"], 130)
        assert actor.started.get(timeout=PATIENCE) == "one"
        assert narrator.clip("now", 150) is None
        assert narrator.clip("and now", 150) is None
        actor.may_go_on.release(5)
        assert await_event(posted) == ClipReady("now", 150)
        assert await_event(posted) == ClipReady("and now", 150)
        assert narrator.clip("now", 150).text == "now"
        assert [actor.started.get(timeout=PATIENCE) for _ in range(4)] == [
            "now",
            "and now",
            "two",
            "three",
        ]
    assert actor.asked[-1] == ("three", 130)
    assert posted.empty()


def test_asked_for_while_rendered(store, posted):
    """A clip asked for while it is being rendered is rendered once and reported."""
    actor = HeldActor()
    with closing(Narrator(actor, store, posted.put)) as narrator:
        narrator.prepare(["Hold."], 150)
        actor.started.get(timeout=PATIENCE)
        assert narrator.clip("Hold.", 150) is None
        actor.may_go_on.release()
        assert await_event(posted) == ClipReady("Hold.", 150)
    assert actor.asked == [("Hold.", 150)]


def test_held(store, posted):
    """What is held is in memory before the first word."""
    with closing(Narrator(Actor(), store, posted.put)) as narrator:
        narrator.hold(["Stop.", "Hands off."], 150)
        assert narrator.clip("Stop.", 150) is not None
        assert narrator.clip("Hands off.", 150) is not None
    assert posted.empty()


@pytest.mark.parametrize("text", ["unspeakable", "mute"])
def test_cannot_hold(store, posted, text):
    """A safety clip that cannot be had keeps the coach from starting."""
    with (
        closing(Narrator(Actor(), store, posted.put)) as narrator,
        pytest.raises(VoiceUnavailable, match=text),
    ):
        narrator.hold(["Stop.", text], 150)


@pytest.mark.parametrize("text", ["unspeakable", "mute", "bug"])
def test_fault(store, posted, text):
    """A voice that fails is one fault, not a hundred, and is asked again for what comes later."""
    actor = HeldActor()
    with closing(Narrator(actor, store, posted.put)) as narrator:
        narrator.prepare([text] * 100, 150)
        actor.started.get(timeout=PATIENCE)
        actor.may_go_on.release()
        fault = await_event(posted)
        actor.may_go_on.release()
        narrator.clip("Stop.", 150)
        assert await_event(posted) == ClipReady("Stop.", 150)
    assert isinstance(fault, Fault)
    assert fault.part == "voice"
    assert text in fault.reason
    assert actor.asked == [(text, 150), ("Stop.", 150)]


def test_kept(store):
    """A kept clip is not rendered again, and sounds the same."""
    fresh = PromptNarrator(Actor(), store).clip("Hold.", 150)
    second = Actor()
    kept = PromptNarrator(second, store).clip("Hold.", 150)
    assert second.asked == []
    np.testing.assert_array_equal(kept.samples, fresh.samples)


def test_damaged(store, tmp_path):
    """A damaged clip is rendered again, and kept again."""
    fresh = PromptNarrator(Actor(), store).clip("Hold.", 150)
    (path,) = tmp_path.rglob("*.wav")
    path.write_bytes(path.read_bytes()[:-100])
    second = Actor()
    again = PromptNarrator(second, store).clip("Hold.", 150)
    assert second.asked == [("Hold.", 150)]
    np.testing.assert_array_equal(again.samples, fresh.samples)
    assert PromptNarrator(Actor(), store).clip("Hold.", 150).seconds == fresh.seconds


def test_no_disk(tmp_path):
    """Without a disk, speech is kept in memory."""
    (tmp_path / "clips").write_text("a file where the folder should be")
    actor = Actor()
    narrator = PromptNarrator(actor, ClipStore(tmp_path / "clips"))
    assert narrator.clip("Hold.", 150) is narrator.clip("Hold.", 150)
    assert actor.asked == [("Hold.", 150)]


def test_studio(store):
    """In the studio every clip is there at once."""
    actor = Actor()
    with closing(PromptNarrator(actor, store)) as narrator:
        narrator.prepare(["Sit down."], 150)
        narrator.hold(["Stop."], 150)
        assert narrator.clip("Sit down.", 150).text == "Sit down."
        with pytest.raises(VoiceUnavailable):
            narrator.clip("unspeakable", 150)
    assert actor.closed


def test_real_voice(store, posted):
    """The real voice sounds the same, fresh or kept."""
    sentences = [f"Hold for {number} more breaths." for number in range(2, 6)]
    with closing(Narrator(Pyttsx3Voice(), store, posted.put)) as narrator:
        narrator.hold(sentences, 150)
        fresh = [narrator.clip(text, 150).samples for text in sentences]
    nobody = Pyttsx3Voice(command=("does-not-exist",))
    kept = [PromptNarrator(nobody, store).clip(text, 150).samples for text in sentences]
    for one, other in zip(fresh, kept, strict=True):
        np.testing.assert_array_equal(one, other)


def test_close(tmp_path, store, posted):
    """Closing ends the thread, and a voice that hangs."""
    fifo = tmp_path / "pid"
    os.mkfifo(fifo)
    hang = f"""
import os, signal, sys
sys.stdin.readline()
with open({str(fifo)!r}, "w") as fifo: fifo.write(str(os.getpid()))
signal.pause()
"""
    voice = Pyttsx3Voice(command=(sys.executable, "-c", hang), patience=PATIENCE)
    narrator = Narrator(voice, store, posted.put)
    narrator.prepare(["Hold."], 150)
    pid = int(fifo.read_text())
    narrator.close()
    assert "narrator" not in {thread.name for thread in threading.enumerate()}
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert posted.empty()
