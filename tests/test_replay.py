"""A log holds a session whole: played again, the core asks for the very same."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from fuzzing import MUCH, THOROUGH
from typer.testing import CliRunner
from walks import Witnessed, walk

from voice_coach import __version__, cli
from voice_coach.catalogue import read_screening
from voice_coach.core.actions import Say
from voice_coach.core.commands import Command
from voice_coach.core.config import SessionConfig
from voice_coach.core.events import CandidateScored, Heard, TimeReached
from voice_coach.core.session import Session
from voice_coach.core.simulation import Simulation
from voice_coach.core.transitions import State
from voice_coach.history.event_log import Draft, Log, head, kept
from voice_coach.replay import Differs, replay

GOLDEN = Path(__file__).parent / "golden"
SEEDS = 100 * MUCH if THOROUGH else 100


def read(text):
    return Log.read(io.StringIO(text), "a.jsonl")


@pytest.mark.fuzz
@pytest.mark.parametrize("start", range(0, SEEDS, 50))
def test_the_core_does_the_same_again_in_many_random_sessions(language, start):
    for seed in range(start, start + 50):
        text, happened = walk(language, seed)
        log = read(text)
        assert log.config.language == language
        assert list(log.entries()) == happened, seed
        for _ in replay(read(text)):
            pass


def test_the_random_sessions_go_everywhere(language):
    ends, events = set(), set()
    for seed in range(60):
        text, happened = walk(language, seed)
        ends |= {line.text for line in replay(read(text)) if line.label == "end"}
        events |= {type(entry.what).__name__ for entry in happened}
    assert {"pain", "stopped", "fault"} <= ends
    assert {
        "Heard",
        "Noticed",
        "Fault",
        "CandidateScored",
        "ClipDropped",
        "Hush",
        "Resume",
        "Duck",
        "Cut",
    } <= events


def written_down(made_of):
    """Begin a session that is written down as a real one is; give the lines as they come."""
    draft, lines = Draft(), [head(made_of, "2026-05-04T18:00:00+00:00")]
    session = Session(made_of)

    def witness(now, what):
        lines.extend(draft.lines(now, kept(session.state, what)))

    return Simulation(Witnessed(session, witness)), lines


@pytest.mark.parametrize("said", [Command.YES, Command.NO])
def test_a_log_keeps_no_answer_to_the_questions_about_the_body(language, said):
    """The coach says so; what the answers leave out is kept elsewhere."""
    made_of = SessionConfig(language=language, routine="rocking", screening=read_screening())
    simulation, lines = written_down(made_of)
    simulation.run_until(lambda session: session.state is State.SCREENING)
    for _ in made_of.screening.questions:
        before = len(lines)
        simulation.handle(CandidateScored(said.value, "confirmed", 3.0))
        simulation.handle(Heard(said, said.value))
        assert [json.loads(line).get("withheld") for line in lines[before:][:2]] == ["answer"] * 2
    simulation.handle(Heard(Command.STOP, "stop"))
    text = "".join(lines)
    assert not re.search(rf'"(command|phrase)": "{said.value}"', text)
    shown = list(replay(read(text)))
    assert [line.text for line in shown if line.label == "withheld"] == [
        "Answers about the body are not kept. The rest is shown as the log holds it."
    ]
    assert any(line.text.startswith("stop") for line in shown)


def test_a_session_of_a_plan_that_was_chosen_is_replayed(language):
    simulation, lines = written_down(SessionConfig(language=language))
    simulation.run_until(lambda session: session.state is State.CHOOSING)
    simulation.hear(Command.CHOOSE, "upper-back-5")
    simulation.advance(3.0)
    assert any("upper-back-5" in line.text for line in replay(read("".join(lines))))


def test_a_log_without_a_line_of_its_actions_is_told_to_differ(language):
    text, _ = walk(language, 3)
    lines = text.splitlines(keepends=True)
    said = next(n for n, line in enumerate(lines) if '"action": "Say"' in line)
    with pytest.raises(Differs, match="the log or the program has changed"):
        list(replay(read("".join(lines[:said] + lines[said + 1 :]))))
    changed = lines[said].replace('"text": "', '"text": "Not ')
    with pytest.raises(Differs, match=r'asks for ".*", and in the log for "Not '):
        list(replay(read("".join([*lines[:said], changed, *lines[said + 1 :]]))))


def test_idle_moments_take_little_room_and_lose_nothing(language):
    text, happened = walk(language, 5, most=300)
    idle = sum(isinstance(entry.what, TimeReached) for entry in happened)
    assert text.count('"event": "TimeReached"') <= idle
    assert list(read(text).entries()) == happened


@pytest.fixture
def log(language, tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(walk(language, 11)[0], "utf-8")
    return path


def shown(*words):
    return CliRunner().invoke(cli.app, ["replay", *map(str, words)])


def test_a_session_is_shown_again_with_times_tier_and_llr(language, tmp_path):
    seed = next(
        seed
        for seed in range(100)
        if any(
            isinstance(e.what, Heard) and e.what.llr and e.what.tier == "possible"
            for e in walk(language, seed)[1]
        )
    )
    text, happened = walk(language, seed)
    path = tmp_path / "a.jsonl"
    path.write_text(text, "utf-8")
    result = shown(path)
    assert result.exit_code == 0, result.output
    assert "0:00.00  coach   ♬" in result.stdout
    assert "  coach   Hello. I am your stretching coach." in result.stdout
    assert "it hurts (possible, LLR " in result.stdout
    assert result.stdout.endswith("The coach would do the same today.\n")
    said = {entry.what.text for entry in happened if isinstance(entry.what, Say)}
    assert any(text in result.stdout for text in said)


def test_gaps_in_the_sound_are_logged_and_shown_and_change_nothing(language, log):
    lines = log.read_text("utf-8").splitlines(keepends=True)
    time = json.loads(lines[4])["time"]
    lines.insert(5, f'{{"time": {time}, "event": "SoundGaps", "overflows": 2, "underflows": 1}}\n')
    log.write_text("".join(lines), "utf-8")
    result = shown(log)
    assert result.exit_code == 0, result.output
    assert "gaps    microphone 2, loudspeaker 1" in result.stdout


def test_a_log_that_breaks_off_is_shown_as_far_as_it_goes(log):
    lines = log.read_text("utf-8").splitlines(keepends=True)
    log.write_text("".join(lines[:12]), "utf-8")
    result = shown(log)
    assert result.exit_code == 0, result.output
    assert "Here the log breaks off, before the session was over." in result.stdout


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"time": 1.0, "event": "Hea', "it is not a whole line of JSON"),
        ("[" * 100_000, "it is not a whole line of JSON"),
        ("[1]", "it is not a JSON object"),
        ("{}", "Input should be a valid number"),
        ('{"time": 900.0, "event": "Dreamt"}', "it is neither an event nor an action"),
        ('{"time": 900.0, "event": ["Heard"]}', "it is neither an event nor an action"),
        ('{"time": NaN, "event": "TimeReached"}', "its time is before that of the line before"),
        ('{"time": -1.0, "event": "TimeReached"}', "its time is before that of the line before"),
        ('{"idle": [1e999]}', "its time is before that of the line before"),
        ('{"idle": ["now"]}', "Input should be a valid number"),
        ('{"time": 900.0, "event": "Heard"}', "command: Field required"),
        (
            '{"time": 900.0, "event": "Heard", "command": "choose"}',
            "it chooses a routine that is not there",
        ),
        ('{"time": 900.0, "event": "Heard", "command": "sing"}', "command: Input should be 'next'"),
        ('{"time": 900.0, "event": "Heard", "command": "next", "phrase": "\\ud800"}', "is broken"),
        ("x" * 2**21, "it has more than 1048576 characters"),
    ],
)
def test_a_broken_line_is_told_in_one_sentence_behind_what_was_whole(log, line, told):
    lines = log.read_text("utf-8").splitlines(keepends=True)[:12]
    log.write_text("".join([*lines, line]), "utf-8")
    result = shown(log)
    assert result.exit_code == cli.ExitCode.TROUBLE
    assert result.stderr.startswith("a.jsonl, line 13 is broken: ")
    assert told in result.stderr
    assert result.stderr.count("\n") == 1
    assert "Hello. I am your stretching coach." in result.stdout


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"log": 3, "version": "9.9"}, "was written by voice-coach '9.9', and this is '__ver"),
        ({"log": "2"}, "does not know its format: replay it with that one"),
        ({"log": [2]}, "does not know its format: replay it with that one"),
        ({"config": None}, "line 1 is broken"),
        ({"config": {"routine": "a"}}, "line 1 is broken: language: Field required"),
        ({"log": 1, "origin": None}, "line 1 is broken"),
        ({"log": 1, "origin": {"language": {"coach": 1}}}, "line 1 is broken"),
    ],
)
def test_a_log_that_cannot_be_read_is_told_in_one_sentence(log, change, told):
    first, _, rest = log.read_text("utf-8").partition("\n")
    log.write_text(json.dumps({**json.loads(first), **change}) + "\n" + rest, "utf-8")
    result = shown(log)
    assert result.exit_code == cli.ExitCode.TROUBLE
    assert told.replace("__ver", __version__) in result.stderr
    assert result.stderr.count("\n") == 1


def test_the_version_that_wrote_a_log_does_not_matter(log):
    first, _, rest = log.read_text("utf-8").partition("\n")
    log.write_text(json.dumps({**json.loads(first), "version": "0.0.1"}) + "\n" + rest, "utf-8")
    assert shown(log).exit_code == 0


def test_a_log_of_the_first_format_still_replays_to_its_end():
    """Its keys have other names: origin, certain and suspected, margin, doubt, proof and others."""
    path = GOLDEN / "log-format-1.jsonl"
    text = path.read_text("utf-8")
    for name in ("origin", "suspected", "margin", "verdict", "taped", "proven", "decoys", "doubt"):
        assert f'"{name}"' in text
    result = shown(path)
    assert result.exit_code == 0, result.output
    assert "it hurts (possible, LLR -3.0)" in result.stdout
    assert "The rest is shown as the log holds it." in " ".join(result.stdout.split())
    assert "That is all for now. You did well." in result.stdout


def test_what_is_no_log_at_all_is_told_in_one_sentence(tmp_path):
    for content in (b"", b"{}", b"\xff\xfe", b"RIFF", b'{"version": "0.1.0"}'):
        (tmp_path / "a").write_bytes(content)
        result = shown(tmp_path / "a")
        assert result.exit_code == cli.ExitCode.TROUBLE
        assert result.stderr.count("\n") == 1
        assert "Traceback" not in result.output
    assert "Is a directory" in shown(tmp_path).stderr
    assert "No such file" in shown(tmp_path / "b").stderr
