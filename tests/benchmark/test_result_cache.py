"""A run that was broken off goes on where it was."""

from dataclasses import replace

import pytest
from benchmark import result_cache
from benchmark.reports import OURS, EventOutcome, Hit, Report
from benchmark.result_cache import ResultCache
from benchmark.scene import Scene
from benchmark.workers import Task

SCENE = Scene("over/+0 dB", 10_003, "report", seconds=300.0)


@pytest.fixture
def task(tmp_path):
    return Task(SCENE, (OURS,), tmp_path)


@pytest.fixture
def reports():
    cry = EventOutcome(
        "it hurts", "pain", "over", "a voice", frozenset({"high", "fast"}), 10.0, 10.6
    )
    hits = [Hit(10.5, "pain", "confirmed", 2.0)]
    made = Report("over/+0 dB", 10_003, 0.0, True, OURS, 300.0, 5)
    made.outcomes, made.hits, made.hushes = [cry], hits, [(10.2, 0.5)]
    return [made]


def test_what_was_played_is_not_played_again(tmp_path, task, reports):
    ResultCache(tmp_path).add(task, reports)
    assert ResultCache(tmp_path).find(task) == reports


def test_another_scene_another_contender_and_another_coach_are(tmp_path, task, reports):
    ResultCache(tmp_path).add(task, reports)
    others = (
        replace(task, contenders=("a peer",)),
        replace(task, coach="en-us"),
        replace(task, scene=replace(SCENE, seed=10_004)),
        replace(task, scene=replace(SCENE, part="tune")),
    )
    assert not any(ResultCache(tmp_path).find(other) for other in others)


def test_a_line_that_was_cut_off_is_played_again_and_the_others_are_not(tmp_path, task, reports):
    other = replace(task, contenders=("a peer",))
    for each in (task, other):
        ResultCache(tmp_path).add(each, reports)
    file = tmp_path / "played.jsonl"
    file.write_text(file.read_text("utf-8")[:-40], "utf-8")
    assert ResultCache(tmp_path).find(task) == reports
    assert ResultCache(tmp_path).find(other) is None


def test_a_changed_program_plays_everything_again(tmp_path, task, reports, monkeypatch):
    ResultCache(tmp_path / ".").add(task, reports)
    program = tmp_path / "program"
    program.mkdir()
    (program / "evidence.py").write_text("CERTAIN = -3\n", "utf-8")
    monkeypatch.setattr(result_cache, "PROGRAM", (program,))
    assert ResultCache(tmp_path).find(task) is None
