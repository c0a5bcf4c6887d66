"""The demo: a whole session through the real synthesiser and the real recogniser, and its WAV.

It is played once, as the command that anybody types; on Linux where there is no network.
"""

import json
import re
import stat
import subprocess
import sys
import wave
from difflib import SequenceMatcher

import numpy as np
import pytest
import vosk
from guarded_program import WITHOUT_NETWORK, guarded

from voice_coach.catalogue import read_language
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.core.safety import safety_note
from voice_coach.core.script import routine_sentences
from voice_coach.demo import ROUTINE, SCRIPT, TimelineEntry
from voice_coach.hearing import model_store

pytestmark = pytest.mark.real_parts


class Played:
    """The demo as it was played: what it printed, and the files that it left."""

    def __init__(self, home):
        self.home, self.wav = home, home / "demo.wav"
        before = WITHOUT_NETWORK if sys.platform == "linux" else ()
        self.run = guarded(home, "demo", "--wav", str(self.wav), before=before)
        entry = re.compile(r" *([0-9.]+)  (\w+) +(.*)")
        lines = map(entry.fullmatch, self.run.stdout.splitlines())
        self.timeline = [
            TimelineEntry(float(found[1]), *found.groups()[1:]) for found in lines if found
        ]
        with wave.open(str(self.wav)) as sound:
            both = np.frombuffer(sound.readframes(sound.getnframes()), "<i2").reshape(-1, 2)
        self.coach = both[:, 0]

    def said(self, who):
        """Give what came of one of them in the timeline."""
        return [entry for entry in self.timeline if entry.who == who]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    return Played(tmp_path_factory.mktemp("demo"))


BEFORE = 40.0
"""Seconds before the cut that are transcribed."""


def transcribe(samples):
    folder = model_store.find(model_store.manifest(), model_store.store())
    assert folder, "the speech model is missing: ./scripts/run fetch-model"
    recogniser = vosk.KaldiRecognizer(vosk.Model(str(folder)), SAMPLE_RATE)
    seconds = (samples[at : at + SAMPLE_RATE] for at in range(0, len(samples), SAMPLE_RATE))
    results = [recogniser.Result() for s in seconds if recogniser.AcceptWaveform(s.tobytes())]
    return " ".join(json.loads(r)["text"] for r in (*results, recogniser.FinalResult()))


def test_every_cue_of_the_second_voice_is_a_sentence_of_the_coach():
    language = read_language()
    script = routine_sentences(language.routine(ROUTINE), language)
    said = " ".join((*script, language.coach.ask_ready))
    assert [line.after for line in SCRIPT if line.after not in said] == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has network namespaces")
def test_there_is_no_network_where_it_is_played():
    """Where a network namespace may not be made this fails, because the others prove nothing."""
    links = subprocess.run(
        [*WITHOUT_NETWORK, "cat", "/proc/net/dev"], capture_output=True, text=True, check=True
    ).stdout.splitlines()[2:]
    # The loopback is always there, but it is down.
    assert [link.split(":")[0].strip() for link in links] == ["lo"]


def test_the_coach_obeys_every_command_and_hears_nothing_that_was_not_said(demo):
    words = [line.words for line in SCRIPT]
    assert demo.run.returncode == 0, demo.run.stdout + demo.run.stderr
    assert [entry.what for entry in demo.said("person")] == words
    assert [entry.what for entry in demo.said("heard")] == words


def test_only_the_user_can_read_what_it_leaves(demo):
    everything = [path for path in demo.home.rglob("*") if path != demo.wav]
    files = [path for path in everything if path.is_file()]
    assert len([path for path in files if path.suffix == ".wav"]) > 5, "the person's words"
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    folders = [path for path in everything if path.is_dir()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}
    # What was asked for by name is as public as any other file.
    assert stat.S_IMODE(demo.wav.stat().st_mode) == 0o644


def test_it_hurts_in_the_middle_of_a_press_frees_the_back_at_once_and_silences_the_rest(demo):
    cry, heard, silent = (demo.said(who)[-1].time for who in ("person", "heard", "silent"))
    before = [entry.what for entry in demo.said("coach") if entry.time < cry]
    during = [entry.what for entry in demo.said("coach") if cry < entry.time < heard]
    assert before[-1] == "And push."
    assert cry < silent
    note = min((e for e in demo.said("coach") if e.time > heard), key=lambda e: e.time)
    # Where the decision takes longer than a moment, the release comes before it.
    assert during in ([], ["Partner: let go."])
    assert note.what == "Partner: hands off."
    sounding = np.flatnonzero(demo.coach[: round((note.time - 0.03) * SAMPLE_RATE)])[-1]
    assert sounding / SAMPLE_RATE == pytest.approx(silent, abs=0.006)  # it is told in hundredths


def share_found(sentences, transcript):
    """Give the share of the sentences' words that stand in the transcript, in their order."""
    words = "".join(c if c.isalpha() else " " for c in " ".join(sentences).lower()).split()
    matcher = SequenceMatcher(None, words, transcript.split(), autojunk=False)
    return sum(match.size for match in matcher.get_matching_blocks()) / len(words)


def test_after_the_cut_the_wav_holds_the_safety_note_and_nothing_of_the_sentence(demo):
    language = read_language()
    note = safety_note(language, language.routine(ROUTINE))
    heard = demo.said("heard")[-1].time
    cut, begin = round(heard * SAMPLE_RATE), round((heard - BEFORE) * SAMPLE_RATE)
    after, before = transcribe(demo.coach[cut:]), transcribe(demo.coach[begin:cut])
    # Without a grammar the recogniser mishears every third word of this synthesiser.
    assert share_found(note, after) > 0.5
    assert share_found(note, before) < 0.3
    assert "hands off" in after
    assert "breathe" in before
    assert "breathe out" not in after
    assert "and push" not in after
