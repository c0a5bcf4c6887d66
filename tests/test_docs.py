"""What the guide for routines of one's own tells to type does what it says."""

import re
import shlex
from importlib.resources import files

import pytest
from typer.testing import CliRunner

from voice_coach import app, catalogue, cli
from voice_coach.audio import loudspeaker
from voice_coach.core.routine import parse_routine
from voice_coach.display import figure

FOLDER = "~/.config/voice-coach/routines"


@pytest.fixture
def guide(request):
    return (request.config.rootpath / "docs" / "routines.md").read_text("utf-8")


def test_every_command_in_the_guide_works_in_its_order(guide, tmp_path, monkeypatch):
    started = []

    def run_live(_language, routine, **_options):
        started.append(routine.id)
        raise KeyboardInterrupt

    monkeypatch.setattr(catalogue, "OWN_ROUTINES", tmp_path)
    monkeypatch.setattr(app, "run_live", run_live)
    played = []
    monkeypatch.setattr(loudspeaker, "play", played.append)
    monkeypatch.setattr(loudspeaker, "loudspeaker_present", lambda: None)
    typed = re.findall(r"^\./scripts/run (.*)$", guide, re.MULTILINE)
    verbs = []
    for line in typed:
        command, _, target = line.replace(FOLDER, str(tmp_path)).partition(" > ")
        verb, *rest = shlex.split(command)
        said = CliRunner().invoke(cli.app, [verb, *rest])
        assert said.exit_code == 0, line
        verbs.append(verb)
        if target:
            (tmp_path / target).write_text(said.stdout, "utf-8")
    assert verbs == ["new", "check", "list", "rehearse", "preview", "run", "figures", "schema"]
    assert played
    assert started == ["morning-stretch"]
    written = tmp_path / "morning-stretch.toml"
    assert parse_routine(written.read_text("utf-8"), written.name).id == "morning-stretch"


def test_the_words_that_are_refused_in_the_guide_are_refused(guide, language):
    refused = re.search(r'such as "(\w+)" or "(\w+)"', guide)
    assert refused
    assert set(refused.groups()) <= set(language.phrases())


def test_the_figure_in_the_guide_can_be_drawn(guide):
    routine = (files("voice_coach") / "data" / "en" / "routines" / "gentle-bends.toml").read_text(
        "utf-8"
    )
    pose = re.search(r"(?s)```toml\n(\[steps\.pose\].*?)```", guide)[1]
    before, _, _ = routine.rpartition("[steps.pose]")
    drawn = parse_routine(f"{before}{pose}", "bends.toml").steps[-1].pose
    assert drawn.left_hand == "knee"
    assert figure.draw(drawn, mirrored=False, title="Lean on the knees")


def test_the_spanish_table_has_every_phrase_and_no_other(request, language):
    """Who cannot read TOML finds all that the Spanish coach understands."""
    text = (request.config.rootpath / "docs" / "languages.md").read_text("utf-8")
    spanish = catalogue.read_language("es")
    rows = re.findall(r"^\| \*\*(.+)\*\*(.*) \| (.+) \|$", text, re.MULTILINE)
    told = {meant: (first, *more.split(", ")[1:]) for first, more, meant in rows}
    assert told == {
        language.commands[command][0]: phrases for command, phrases in spanish.commands.items()
    }
    assert f'"{spanish.coach.number}"' in text
    assert f'"{spanish.coach.about.phrase}"' in text
