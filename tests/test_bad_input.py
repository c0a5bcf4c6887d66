"""Whatever input a command gets, it answers in one clear sentence and with the right exit code."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import webbrowser
from importlib.resources import files

import pytest
from fuzzing import examples
from hypothesis import example, given
from hypothesis import strategies as st
from typer.testing import CliRunner

from voice_coach import app, calibrate, catalogue, cli, doctor, home_page
from voice_coach.audio import device, loudspeaker, sound_system
from voice_coach.audio.device import NoSoundDevice
from voice_coach.history import store

DONE, TROUBLE, USAGE = cli.ExitCode.DONE, cli.ExitCode.TROUBLE, cli.ExitCode.USAGE
VERBS = sorted(
    command.name or command.callback.__name__.replace("_", "-")
    for command in cli.app.registered_commands
)


@pytest.fixture(scope="module", autouse=True)
def place(tmp_path_factory):
    """Stand in a folder with all kinds of wrong things, and with no sound and no network."""
    folder = tmp_path_factory.mktemp("place")
    (folder / "folder.toml").mkdir()
    (folder / "folder.wav").mkdir()
    (folder / "folder.svg").mkdir()
    (folder / "bytes").write_bytes(bytes(range(256)) * 20)
    (folder / "empty").touch()
    (folder / "text").write_text("Stretch well.\n")
    (folder / "large").write_text("a = 1\n" * 200_000)
    (folder / "table.csv").write_text("name\nx\n")
    (folder / "loop").symlink_to("loop")

    def nothing(*_args, **_options):
        raise NoSoundDevice("This computer has no microphone: plug one in.")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "OWN_ROUTINES", folder / "routines")
        patch.setattr(store, "FILE", folder / "data" / "history.db")
        for module in (device, doctor, sound_system):
            patch.setattr(module, "devices_present", nothing)
        patch.setattr(app, "run_live", nothing)
        patch.setattr(home_page, "run_web", nothing)
        patch.setattr(webbrowser, "open", lambda _: None)
        patch.setattr(loudspeaker, "play", nothing)
        patch.setattr(calibrate, "Device", nothing)
        patch.chdir(folder)
        yield folder


def run(*words):
    return CliRunner().invoke(cli.app, words)


def told(result):
    """Give the sentence a person is told, without the box some stand in."""
    words = " ".join(re.sub("[│╭╮╰╯─]", " ", result.stderr).split())
    return words.rpartition(" Error ")[2] if " Error " in words else words


def assert_well(result, *codes):
    """Look whether it ended as a program should, whatever it was given."""
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code in codes, result.output
    assert "Traceback" not in result.output
    if result.exit_code:
        assert told(result) or result.stdout


MISSING, NO_FILE = "Missing argument", "No such file or directory"
IS_FOLDER = "Is a directory"
TABLE = [
    # What is missing, or too much, or unknown
    *((verb, ("--loudly",), USAGE, "No such option: --loudly") for verb in VERBS),
    *(
        (verb, ("1", "b", "c", "d"), USAGE, "unexpected extra argument")
        for verb in VERBS
        if verb != "voice"  # it takes any number of phrases
    ),
    *((verb, (), USAGE, MISSING) for verb in ("rehearse", "new", "check", "render", "preview")),
    ("hear", (), USAGE, "Give one recording, or --manifest with a table of many."),
    ("render", ("rocking",), USAGE, MISSING),
    ("demo", ("--echo", "loud"), USAGE, "valid"),
    ("demo", ("--echo", "nan"), USAGE, "give decibels"),
    ("demo", ("--echo", "1e999"), USAGE, "give decibels"),
    ("demo", ("--wav",), USAGE, "requires an argument"),
    # Routines
    ("run", ("headstand",), USAGE, "there is no routine 'headstand'; there are: gentle-bends,"),
    ("run", ("leg-over-legs",), USAGE, "did you mean 'leg-over-leg'? There are: gentle-bends,"),
    ("rehearse", ("assisted pres",), USAGE, "did you mean 'assisted-press'?"),
    ("render", ("rockin", "a.wav"), USAGE, "did you mean 'rocking'?"),
    ("rehearse", ("",), USAGE, "there is no routine ''; there are: gentle-bends,"),
    ("run", ("rocking", "--breath", "deep"), USAGE, '"deep" is no breath'),
    ("run", ("rocking", "--breath", "nan-nan"), USAGE, "is no breath to keep up"),
    ("render", ("rocking", "a.wav", "--breath", "1-99"), USAGE, "is no breath to keep up"),
    ("new", ("",), TROUBLE, "cannot be heard; give a few plain words"),
    ("new", ("../../etc/passwd",), TROUBLE, "cannot be heard"),
    ("new", ("stop",), TROUBLE, "stop"),
    ("run", ("rocking", "--for", "upper-back"), USAGE, "name a routine, or a plan with --for"),
    ("run", ("--minutes", "7"), USAGE, "--minutes is for a plan: name it with --for."),
    ("run", ("--for", "upper-back", "--minutes", "7"), USAGE, "a plan takes 5, 10, 15 minutes."),
    ("voices", ("\udcff",), TROUBLE, "is no text that can be read: write it in UTF-8."),
    # Files
    *((verb, ("none.toml",), TROUBLE, f"none.toml: {NO_FILE}.") for verb in ("check", "preview")),
    *((verb, ("folder.toml",), TROUBLE, IS_FOLDER) for verb in ("check", "preview")),
    *((verb, ("bytes",), TROUBLE, "bytes: is not UTF-8 text") for verb in ("check", "preview")),
    *((verb, ("text/a.toml",), TROUBLE, "Not a directory") for verb in ("check", "preview")),
    ("check", ("loop",), TROUBLE, "Too many levels of symbolic links"),
    ("check", ("text",), TROUBLE, "text: not valid TOML: "),
    ("check", ("empty",), TROUBLE, "is missing; add it"),
    ("check", ("large",), TROUBLE, "larger than"),
    ("check", ("a" * 300,), TROUBLE, "File name too long"),
    ("hear", ("none.wav",), TROUBLE, f"none.wav: {NO_FILE}; name a sound file."),
    ("hear", ("folder.wav",), TROUBLE, IS_FOLDER),
    ("hear", ("text",), TROUBLE, "text is no WAV, FLAC, MP3 or Ogg Vorbis file"),
    ("hear", ("text", "--state", "asleep"), TROUBLE, "There is no state 'asleep'"),
    ("hear", ("text", "--far", "none.wav"), TROUBLE, "text is no WAV"),
    ("hear", ("--manifest", "none.csv"), TROUBLE, f"none.csv: {NO_FILE}; name a CSV file."),
    ("hear", ("--manifest", "folder.wav"), TROUBLE, IS_FOLDER),
    ("hear", ("--manifest", "bytes"), TROUBLE, "bytes is no CSV text in UTF-8"),
    ("hear", ("--manifest", "table.csv"), TROUBLE, "has no column 'file'"),
    ("hear", ("text", "--manifest", "table.csv"), USAGE, "Give one recording, or"),
    ("render", ("rocking", "a.txt"), USAGE, "end its name in .wav"),
    ("render", ("rocking", "none/a.wav"), TROUBLE, NO_FILE),
    ("render", ("rocking", "text/a.wav"), TROUBLE, "Not a directory"),
    ("demo", ("--wav", "none/a.wav"), TROUBLE, NO_FILE),
    ("demo", ("--wav", "folder.wav"), TROUBLE, IS_FOLDER),
    ("demo", ("--model", "text"), TROUBLE, "text is no speech model"),
    ("hear", ("text", "--model", "none"), TROUBLE, "none is no speech model"),
    ("doctor", ("--model", "none"), TROUBLE, "none is no speech model"),
    ("replay", ("none",), TROUBLE, f"none: {NO_FILE}."),
    ("replay", ("folder.wav",), TROUBLE, IS_FOLDER),
    ("replay", ("bytes",), TROUBLE, "bytes, line 1 or one soon after it is broken"),
    ("replay", ("text",), TROUBLE, "text, line 1 is broken"),
    ("replay", (), TROUBLE, "There is no log yet"),
    # Settings and voices
    ("config", ("--rate", "20"), USAGE, "--rate must be at least 110; raise it."),
    ("config", ("--rate", "fast"), USAGE, "valid integer"),
    ("config", ("--language", "fr"), USAGE, "--language must be one of en, es, not 'fr'"),
    ("config", ("--breath", "deep"), USAGE, '"deep" is no breath'),
    ("run", ("--rate", "20"), USAGE, "greater than or equal to 110"),
    ("voices", ("--use",), USAGE, "Name the voice to use"),
    ("voices", ("nobody",), TROUBLE, "There is no voice 'nobody' on this computer"),
    ("voices", ("nobody", "--use"), TROUBLE, "There is no voice 'nobody' on this computer"),
    ("voices", ("heart", "--language", "es"), TROUBLE, "'heart' does not speak 'es'"),
    ("voices", ("en-us",), TROUBLE, "plug one in"),
    ("voice", ("banana",), TROUBLE, '"banana" means nothing to the coach'),
    ("voice", (), TROUBLE, "This computer has no microphone: plug one in, or see"),
    # Sound
    ("run", (), TROUBLE, "This computer has no microphone: plug one in."),
    ("run", ("--record",), TROUBLE, "This computer has no microphone: plug one in."),
    ("devices", (), TROUBLE, "This computer has no microphone: plug one in."),
    ("devices", ("--test",), TROUBLE, "This computer has no microphone: plug one in."),
    ("calibrate", (), TROUBLE, "This computer has no microphone: plug one in."),
    ("doctor", ("--voice", "nobody"), TROUBLE, "There is no voice 'nobody'"),
    ("run", ("--web",), TROUBLE, "This computer has no microphone: plug one in."),
    # The page
    ("web", ("rocking",), USAGE, "unexpected extra argument"),
    ("web", ("--port", "99999"), USAGE, "less than or equal to 65535"),
    ("web", ("--port", "http"), USAGE, "valid integer"),
    ("web", ("--breath", "deep"), USAGE, '"deep" is no breath'),
    ("run", ("--web", "--port", "-1"), USAGE, "greater than or equal to 0"),
    # Memory
    ("history", ("--json", "--csv"), USAGE, "Take one of"),
    ("history", ("--picture", "a.gif"), USAGE, "its name must end in .svg or .png"),
    # Pictures
    ("figures", (), USAGE, "Name the picture to draw"),
    ("figures", ("--sheet",), USAGE, "requires an argument"),
    ("figures", ("--sheet", "a.pdf"), USAGE, "its name must end in .svg or .png"),
    ("figures", ("--sheet", "none/a.svg"), TROUBLE, NO_FILE),
    ("figures", ("--sheet", "folder.svg"), TROUBLE, IS_FOLDER),
    ("figures", ("--sheet", "a\0.png"), USAGE, "null byte"),
    ("forget", ("yesterday",), USAGE, "valid integer"),
    ("forget", ("-1",), USAGE, "No such option"),
    ("forget", ("7",), TROUBLE, "There is no session 7"),
    ("forget", (), TROUBLE, "Nobody answered, so nothing is forgotten"),
]


@pytest.mark.parametrize(
    ("verb", "words", "code", "sentence"), TABLE, ids=lambda part: str(part)[:40]
)
def test_what_is_wrong_is_told_in_one_sentence(verb, words, code, sentence):
    result = run(verb, *words)
    assert_well(result, code)
    assert sentence in (told(result) or " ".join(result.stdout.split()))
    if code is TROUBLE and verb not in ("check", "preview", "doctor"):
        assert result.stderr.strip().count("\n") == 0


def test_every_verb_is_in_the_table():
    assert {verb for verb, *_ in TABLE} == set(VERBS)
    unknown = run("dance")
    assert_well(unknown, USAGE)
    assert "No such command 'dance'" in told(unknown)


@pytest.mark.parametrize("verb", ["history", "forget", "replay", "list", "new"])
def test_a_folder_that_is_none_is_told_by_those_who_need_it(verb, place, monkeypatch):
    monkeypatch.setattr(store, "FILE", place / "text" / "history.db")
    monkeypatch.setattr(catalogue, "OWN_ROUTINES", place / "text" / "routines")
    words = ("morning stretch",) if verb == "new" else ()
    assert_well(run(verb, *words), DONE if verb == "list" else TROUBLE)


WORDS = st.one_of(
    st.sampled_from(
        [
            *("--wav", "--echo", "--model", "--breath", "--json", "--csv", "--picture", "--yes"),
            *("--web", "--port", "65536"),
            *("--state", "--far", "--manifest", "--record", "--microphone", "--sheet", "--help"),
            *("--voice", "--rate", "--", "-"),
            *("rocking", "bytes", "text", "empty", "folder.wav", "a.svg", "4-6", "0", "-1", "nan"),
        ]
    ),
    st.text(max_size=12),
    st.binary(max_size=6).map(os.fsdecode),
)
SLOW = ("demo", "fetch-model", "doctor", "preview", "hear", "voices")
"""These load a model, would fetch one, or start a synthesiser."""
QUICK = [verb for verb in VERBS if verb not in SLOW]


@examples(60)
@given(verb=st.sampled_from(QUICK), words=st.lists(WORDS, max_size=4))
@example(verb="check", words=["\0"])
@example(verb="check", words=["\udcff"])
@example(verb="run", words=["\udcff"])
@example(verb="history", words=["--picture", "\0.svg"])
def test_no_words_on_the_command_line_end_in_a_traceback(verb, words):
    if verb == "render" and "rocking" in words:
        return  # it takes seconds
    result = run(verb, *words)
    assert_well(result, DONE, TROUBLE, USAGE)


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_a_name_that_no_terminal_can_show_is_shown_all_the_same(encoding, place):
    routine = files("voice_coach") / "data" / "en" / "template.toml"
    text = routine.read_text("utf-8")
    for field, value in (("id", "lie-flat"), ("title", "Lie flat"), ("name", "lie flat")):
        text = text.replace(f"{{{field}}}", value)
    path = place / os.fsdecode(b"\xff.toml")
    try:
        path.write_text(text, "utf-8")
    except OSError:
        pytest.skip("this disk takes no such names")
    result = subprocess.run(
        [sys.executable, "-m", "voice_coach", "check", str(path)],
        env={**os.environ, "PYTHONIOENCODING": encoding},
        capture_output=True,
        check=False,
    )
    assert result.returncode == DONE, result.stderr
    assert b"\\udcff.toml is a good routine" in result.stdout


@pytest.mark.parametrize("variable", ["VOICE_COACH_BREATH", "VOICE_COACH_LANGUAGE"])
@pytest.mark.parametrize(
    ("verb", "codes"), [("list", (TROUBLE,)), ("config", (TROUBLE,)), ("safety", (DONE,))]
)
def test_a_variable_that_holds_no_text_is_named(monkeypatch, variable, verb, codes):
    monkeypatch.setenv(variable, "\udcff")
    result = run(verb)
    assert_well(result, *codes)
    assert f"{variable} is no text: write it in UTF-8." in told(result)


def test_a_shipped_routine_lacks_no_clip_of_its_own_voice():
    """It is not taken for another one, number fourteen, beside itself."""
    result = run("check", "rocking")
    assert_well(result, DONE)
    assert "lacks" not in result.output


@pytest.mark.skipif(sys.platform != "linux", reason="only there a full disk is a device")
@pytest.mark.parametrize("words", [("--help",), ("list",)])
def test_what_cannot_be_printed_is_told_in_one_sentence(words):
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123
        done = subprocess.run(
            [sys.executable, "-m", "voice_coach", *words],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
        )
    assert (done.returncode, done.stderr) == (1, "What is printed: No space left on device.\n")
