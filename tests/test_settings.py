"""What is set once holds from then on, and each setting tells where it comes from."""

from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from voice_coach import app, cli, settings
from voice_coach.core.view import Outcome
from voice_coach.settings import InvalidSettings, Settings, remember, resolve


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "FILE", tmp_path / "own" / "settings.toml")
    settings.FILE.parent.mkdir()
    return settings.FILE


def run(*words, env=None):
    return CliRunner().invoke(cli.app, words, env=env)


def test_where_nothing_is_set_the_defaults_hold():
    found = resolve()
    assert {setting.source for setting in found.values()} == {"default"}
    assert {name: setting.value for name, setting in found.items()} == dict(Settings())


def test_an_option_outranks_the_environment_and_that_the_file():
    text = 'rate = 120\nvoice = "joe"\nbreath = "5-7"'
    found = resolve(
        text,
        {"VOICE_COACH_RATE": "130", "VOICE_COACH_VOICE": "en-gb", "VOICE_COACH_LANGUAGE": ""},
        {"rate": 140, "voice": None},
    )
    told = {name: (setting.value, setting.source) for name, setting in found.items()}
    assert told["rate"] == (140, "option")
    assert told["voice"] == ("en-gb", "environment")
    assert told["breath"] == ("5-7", "file")
    assert told["language"] == ("en", "default")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("rate = 120\nrate = 130", "mine.toml: not valid TOML: "),
        ("# fast\nrate = 500", "mine.toml, line 2: rate must be at most 190; lower it."),
        ("\n\nrate = 'quick'", "mine.toml, line 3: rate must be a whole number; write digits"),
        ("voice = 7", "mine.toml, line 1: voice must be a text; put it in quotes."),
        ("rat = 120", "mine.toml, line 1: rat is not known; check its spelling or leave it out."),
        ("language = 'fr'", "mine.toml, line 1: language must be one of en, es, not 'fr'"),
        ("breath = 'deep'", 'mine.toml, line 1: breath must be another: "deep" is no breath'),
        (
            "rate = 130\n\n[mqtt] # at home\nport = 70000",
            "mine.toml, line 4: mqtt port must be at most 65535",
        ),
        (
            '[mqtt]\nhost = "a"\npassword = "b"',
            "mine.toml, line 3: mqtt password is not known; check its",
        ),
        ("[mqtt]\nhost = 7", "mine.toml, line 2: mqtt host must be a text; put it in quotes."),
        (
            "rate = 500\n[mqtt]\nhost = 'a'",
            "mine.toml, line 1: rate must be at most 190; lower it.",
        ),
    ],
)
def test_a_broken_file_is_told_with_its_line_and_a_remedy(text, told):
    with pytest.raises(InvalidSettings) as invalid:
        resolve(text, name="mine.toml")
    assert str(invalid.value).startswith(told)


def test_a_wrong_variable_is_told_by_its_name():
    with pytest.raises(InvalidSettings, match=r"^VOICE_COACH_RATE must be at least 110; raise it"):
        resolve("", {"VOICE_COACH_RATE": "9"})


def test_what_is_remembered_leaves_comments_and_all_else_as_they_were(file):
    file.write_text('# mine\nrate = 130 # calm\nvoice = "en-gb"\n', "utf-8")
    remember("voice", "joe")
    assert file.read_text("utf-8") == '# mine\nrate = 130 # calm\nvoice = "joe"\n'
    assert [*file.parent.iterdir()] == [file]


def test_a_first_setting_begins_the_file(file):
    file.parent.rmdir()
    remember("rate", 130)
    assert file.read_text("utf-8") == "rate = 130\n"


def test_a_broken_file_is_not_written_over(file):
    file.write_text("rate = ", "utf-8")
    with pytest.raises(InvalidSettings):
        remember("rate", 130)
    assert file.read_text("utf-8") == "rate = "


def test_config_shows_what_is_in_force_and_whence(file):
    file.write_text("rate = 130\n", "utf-8")
    said = run("config", "--voice", "joe", env={"VOICE_COACH_BREATH": "5-7"})
    assert said.exit_code == 0
    lines = [line.split() for line in said.stdout.splitlines()]
    assert ["rate", "130", "file"] in lines
    assert ["voice", "joe", "option"] in lines
    assert ["breath", "5-7", "environment"] in lines
    assert ["language", "en", "default"] in lines
    assert str(file) in said.stdout


@pytest.mark.parametrize("verb", [("config",), ("run",), ("list",), ("voices",), ()])
def test_verbs_that_need_the_settings_tell_in_one_sentence_that_they_are_broken(verb, file):
    file.write_text("\nrate = 500\n", "utf-8")
    said = run(*verb)
    assert said.exit_code == cli.ExitCode.TROUBLE
    assert said.stderr == f"{file}, line 2: rate must be at most 190; lower it.\n"


def test_verbs_that_need_none_do_not_mind_broken_settings(file):
    file.write_bytes(b"\xff")
    assert run("schema").exit_code == 0
    assert run("--version").exit_code == 0
    assert "is not UTF-8 text" in run("config").stderr


@pytest.fixture
def led(monkeypatch):
    """Note with what a session would be led."""
    found = {}

    def run_live(config, options, **_):
        found.update(dict(config), language=config.language.code)
        found.update(vars(options))
        return SimpleNamespace(fault="", outcome=Outcome.COMPLETED)

    monkeypatch.setattr(app, "run_live", run_live)
    monkeypatch.setattr("voice_coach.audio.device.devices_present", lambda: None)
    return found


SET = """\
earcons = false
rate = 130
voice = "joe"
microphone = "Desk"
language = "es"
breath = "5-7"
"""


@pytest.mark.parametrize("verb", [("run",), ()])
def test_a_session_takes_what_it_is_not_told_from_the_settings(verb, file, led):
    file.write_text(SET, "utf-8")
    said = run(*verb)
    assert said.exit_code == 0, said.output
    assert (led["rate"], led["voice"], led["microphone"]) == (130, "joe", "Desk")
    assert led["loudspeaker"] is None
    assert led["language"] == "es"
    assert led["earcons"] is False
    assert (led["pattern"].breath_in, led["pattern"].breath_out) == (5, 7)


def test_an_option_of_a_session_outranks_the_settings(file, led):
    file.write_text(SET, "utf-8")
    run("run", "--rate", "170", "--language", "en", "--earcons")
    assert (led["rate"], led["language"], led["voice"]) == (170, "en", "joe")
    assert led["earcons"] is True
