"""The command line: what it prints, and the exit code it ends with."""

import re

import pytest
from typer.testing import CliRunner

from voice_coach import __version__, cli, doctor
from voice_coach.audio.device import NoSoundDevice
from voice_coach.catalogue import read_language


def run(*words):
    return CliRunner().invoke(cli.app, words)


def test_the_version_is_told():
    assert run("--version").stdout == f"voice-coach {__version__}\n"


def test_help_names_every_verb():
    said = run("--help").stdout
    for verb in ("run", "demo", "rehearse", "list", "fetch-model", "doctor"):
        assert verb in said


def test_every_verb_is_in_the_readme(request):
    readme = (request.config.rootpath / "README.md").read_text()
    for command in cli.app.registered_commands:
        name = command.name or command.callback.__name__.replace("_", "-")
        assert f"./scripts/run {name}" in readme


def test_routines_are_listed_gentle_bends_first():
    lines = run("list").stdout.splitlines()
    assert lines[1].startswith("gentle-bends")
    for routine in read_language().routines:
        assert any(line.startswith(routine.id) for line in lines)


@pytest.mark.parametrize("name", ["leg-over-leg", "Leg over leg"])
def test_a_routine_is_rehearsed_by_its_name(name):
    said = run("rehearse", name)
    assert said.exit_code == 0
    assert re.search(r"^\d+:\d\d  Sit upright on the mat\.$", said.stdout, re.MULTILINE)


def test_an_unknown_routine_is_a_wrong_use_and_the_known_ones_are_named():
    said = run("rehearse", "headstand")
    assert said.exit_code == cli.ExitCode.USAGE
    assert "gentle-bends" in said.output


def test_a_model_that_is_none_ends_with_one_sentence(tmp_path):
    said = run("demo", "--wav", str(tmp_path / "x.wav"), "--model", str(tmp_path))
    assert said.exit_code == cli.ExitCode.TROUBLE
    assert "no speech model" in said.output


def test_a_demo_that_cannot_be_written_says_so_before_it_begins(tmp_path):
    said = run("demo", "--wav", str(tmp_path / "nowhere" / "x.wav"))
    assert said.exit_code == cli.ExitCode.TROUBLE
    assert "No such file or directory" in said.output


def test_the_doctor_names_every_part_and_what_is_missing(monkeypatch):
    def nothing():
        raise NoSoundDevice("This computer has no microphone: plug one in.")

    monkeypatch.setattr(doctor, "devices_present", nothing)
    said = run("doctor")
    assert said.exit_code == cli.ExitCode.TROUBLE
    for part in ("✓ Python", "✗ sound", "✓ voice", "✓ recogniser", "✓ hearing"):
        assert part in said.stdout
    assert "plug one in" in said.stdout
