"""What the documents tell to type does what they say."""

import json
import re
import shlex
import sys
import wave
from importlib.resources import files

import pytest
from fake_sounddevice import FakeSounddevice
from history.past_sessions import one
from typer.testing import CliRunner
from walks import walk

from voice_coach import (
    app,
    calibrate,
    catalogue,
    cli,
    demo,
    doctor,
    enrolment,
    hear,
    home_page,
    render,
    serve,
    settings,
)
from voice_coach.audio import loudspeaker
from voice_coach.board import BoardService
from voice_coach.core.routine import parse_routine
from voice_coach.display.figures import figure
from voice_coach.history import store
from voice_coach.history.store import open_history

FOLDER = "~/.config/voice-coach"
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "docs/*.md")
COMMAND = re.compile(
    r"(?:^|`)(?:\./scripts/run|voice-coach) (?P<words>[a-z][^`\n]*?)(?:  +#.*)?(?:`|$)",
    re.MULTILINE,
)


@pytest.fixture
def guide(request):
    return (request.config.rootpath / "docs" / "routines.md").read_text("utf-8")


def test_every_command_in_the_guide_works_in_its_order(guide, tmp_path, monkeypatch):
    started = []

    def run_live(config, *_, **__):
        started.append(config.routine)
        raise KeyboardInterrupt

    monkeypatch.setattr(catalogue, "OWN_ROUTINES", tmp_path / "routines")
    monkeypatch.setattr(app, "run_live", run_live)
    played = []
    monkeypatch.setattr(loudspeaker, "play", played.append)
    monkeypatch.setattr(loudspeaker, "loudspeaker_present", lambda: None)
    typed = re.findall(r"^\./scripts/run (.*)$", guide, re.MULTILINE)
    verbs = []
    for line in typed:
        command, _, target = line.replace(FOLDER, str(tmp_path)).partition(" > ")
        verb, *rest = shlex.split(command.replace("~", str(tmp_path)))
        if verb == "add":
            (tmp_path / "plans" / "my-shoulders.toml").rename(rest[0])
        said = CliRunner().invoke(cli.app, [verb, *rest], input="y\n")
        assert said.exit_code == 0, line
        verbs.append(verb)
        if target:
            (tmp_path / target).write_text(said.stdout, "utf-8")
    plan = ["new", "check", "rehearse", "add"]
    routine = ["new", "check", "list", "rehearse", "preview", "run"]
    assert verbs == [*routine, *plan, "figures", "schema"]
    assert played
    assert started == ["morning-stretch"]
    assert (tmp_path / "plans" / "my-shoulders.toml").is_file()
    written = tmp_path / "routines" / "morning-stretch.toml"
    assert parse_routine(written.read_text("utf-8"), written.name).id == "morning-stretch"


def shown(root):
    """Give every command for the coach that a document shows, as it can be typed one by one."""
    texts = (path.read_text("utf-8") for glob in DOCUMENTS for path in sorted(root.glob(glob)))
    found = {found["words"] for text in texts for found in COMMAND.finditer(text)}
    order = ("new", "", "forget NUMBER", "forget")
    return sorted(found, key=lambda words: (order.index(_matching(words, order)), words))


def _matching(words, order):
    return next((each for each in order if each and words.startswith(each)), "")


@pytest.fixture
def settled(tmp_path, monkeypatch):
    """A computer with sound and a past; what leads a session or needs long is left out."""

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    for module, name in (
        (app, "run_live"),
        (home_page, "run_web"),
        (BoardService, "run"),
        (demo, "run_demo"),
        (hear, "hear_all"),
        (enrolment, "learn_live"),
        (render, "render_file"),
        *((calibrate, verb) for verb in ("calibrate", "meter")),
        (doctor, "examine"),
    ):
        monkeypatch.setattr(module, name, interrupted)
    monkeypatch.setattr(serve, "local_address", lambda: "127.0.0.1")
    monkeypatch.setattr(loudspeaker, "play", lambda _: None)
    monkeypatch.setattr(loudspeaker, "loudspeaker_present", lambda: None)
    monkeypatch.setitem(sys.modules, "sounddevice", FakeSounddevice())
    monkeypatch.setattr(catalogue, "OWN_ROUTINES", tmp_path / "routines")
    monkeypatch.setattr(store, "FILE", tmp_path / "history.db")
    monkeypatch.setattr(settings, "FILE", tmp_path / "settings.toml")
    settings.FILE.write_text('[mqtt]\nhost = "127.0.0.1"\n', "utf-8")
    monkeypatch.chdir(tmp_path)
    shared = (catalogue.data_folder() / "en" / "plans" / "lower-back.toml").read_text("utf-8")
    for old, new in (("my lower", "my aching"), ('"lower-back"', '"aching-back"')):
        shared = shared.replace(old, new)
    (tmp_path / "shared-plan.toml").write_text(shared, "utf-8")
    return tmp_path


@pytest.fixture
def placeholders(settled, language):
    """What stands in the documents for a thing of one's own, and such a thing."""
    logs = settled / "sessions"
    logs.mkdir()
    (logs / "20260101T120000Z.jsonl").write_text(walk(language, 3)[0], "utf-8")
    with open_history() as history:
        number = history.write(one())
    with wave.open(str(settled / "mic.wav"), "wb") as sound:
        sound.setparams((1, 2, 16_000, 0, "NONE", ""))
        sound.writeframes(bytes(32_000))
    return {
        "ROUTINE": "rocking",
        "FILE": str(catalogue.OWN_ROUTINES / "morning-stretch.toml"),
        "FILE.svg": "sheet.svg",
        "MIC.wav": "mic.wav",
        "NUMBER": str(number),
        "192.168.1.20": "127.0.0.1",
    }


def test_every_command_in_the_documents_can_be_typed(request, settled, placeholders):
    commands = shown(request.config.rootpath)
    assert len(commands) > 30
    for command in commands:
        typed, _, _ = command.replace(FOLDER, str(settled)).partition(" > ")
        typed = typed.replace("~", str(settled))
        words = [placeholders.get(word, word) for word in shlex.split(typed)]
        said = CliRunner().invoke(cli.app, words, input="y\n")
        assert said.exit_code == 0, f"{command}: {said.output}"


def test_the_words_that_are_refused_in_the_guide_are_refused(guide, language):
    refused = re.search(r'such as "([\w ]+)" or "(\w+)"', guide)
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


def test_the_figures_of_the_hearing_guide_are_those_of_the_stored_report(request):
    docs = request.config.rootpath / "docs"
    report = json.loads((docs / "bench.json").read_text("utf-8"))
    stored = {
        row["measure"]: {name: figure["text"] for name, figure in row["figures"].items()}
        for row in report["Hearing"]["rows"]
    }
    guide = (docs / "hearing.md").read_text("utf-8")
    table = re.search(r"^\| Measure .*\n(?:\|.*\n)+", guide, re.MULTILINE)[0].splitlines()
    head, _, *lines = ([cell.strip() for cell in line.split("|")[1:-1]] for line in table)
    assert len(lines) > 20
    for measure, _, _, *figures, _before in lines:
        for name, told in zip(head[3:-1], figures, strict=True):
            assert told == stored[measure].get(name, "–"), measure
    assert report["Hearing"]["date"] in guide
    to_read = (docs / "bench.md").read_text("utf-8")
    for title, part in report.items():
        assert f"## {title}\n\nMeasured on {part['date']}." in to_read
