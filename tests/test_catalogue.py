"""The package carries its words with it."""

from __future__ import annotations

import re

import pytest

from voice_coach import catalogue
from voice_coach.catalogue import new_plan, new_routine, read_language, read_routine, with_own
from voice_coach.core.config import SessionConfig
from voice_coach.core.language import InvalidLanguage
from voice_coach.core.routine import InvalidRoutine
from voice_coach.core.session import Session
from voice_coach.core.simulation import Simulation
from voice_coach.core.view import Outcome
from voice_coach.errors import CoachError
from voice_coach.package_data import data_folder


def test_the_shipped_language_is_read_whole():
    """English is there with its routines: gentle bends first, stretches before twists."""
    language = read_language()
    assert language.code == "en"
    assert [routine.id for routine in language.routines] == [
        "gentle-bends",
        "gentle-bends-shower",
        "shoulder-circles",
        "bent-knees-rest",
        "exercise-ball",
        "rocking",
        "hands-behind-head",
        "over-the-edge",
        "leg-over-leg",
        "upright-lean",
        "chair-lean",
        "hold-the-feet",
        "assisted-press",
    ]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Give a copy of the shipped words that may be spoilt, and read from it."""
    shipped = data_folder() / "en"
    folders = (shipped, shipped / "routines", shipped / "plans")
    for path in [path for folder in folders for path in folder.iterdir()]:
        if path.name.endswith(".toml"):
            inside = path.parent.name if path.parent != shipped else ""
            copy = tmp_path / "data" / "en" / inside / path.name
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    monkeypatch.setattr(catalogue, "data_folder", lambda: tmp_path / "data")
    monkeypatch.setattr(catalogue, "languages", lambda: ["en"])
    return tmp_path / "data" / "en"


def test_a_routine_that_is_put_in_the_folder_is_offered(folder):
    """A new routine needs no more than its file."""
    text = (folder / "routines" / "gentle-bends.toml").read_text("utf-8")
    text = text.replace('id = "gentle-bends"', 'id = "soft-bends"')
    text = re.sub("(?m)^names = .*", 'names = ["soft bends"]', text)
    (folder / "routines" / "soft-bends.toml").write_text(text, "utf-8")
    language = read_language()
    assert language.phrases()["soft bends"].choice == "soft-bends"


def test_a_spoilt_routine_is_told_by_the_name_of_its_file(folder):
    """Whoever edits a routine learns which file is wrong."""
    (folder / "routines" / "gentle-bends.toml").write_text("title = 1", "utf-8")
    with pytest.raises(InvalidRoutine, match=r"^gentle-bends\.toml, line 1: "):
        read_language()


@pytest.mark.parametrize(
    ("file", "error"),
    [
        ("routines/gentle-bends.toml", InvalidRoutine),
        ("coach.toml", InvalidLanguage),
        ("commands.toml", InvalidLanguage),
    ],
)
def test_a_file_in_another_encoding_is_told(folder, file, error):
    """A file saved as anything but UTF-8 is refused with its name and the remedy."""
    (folder / file).write_bytes('title = "Café"'.encode("latin-1"))
    name = file.rpartition("/")[2]
    with pytest.raises(error, match=f"{name}: is not UTF-8 text; save it as UTF-8"):
        read_language()


@pytest.mark.parametrize("code", ["xx", "../en", ""])
def test_a_language_that_is_not_there_is_told(code):
    """Asking for an unknown language gives one sentence."""
    with pytest.raises(InvalidLanguage, match="there is no language"):
        read_language(code)


@pytest.fixture
def own(tmp_path, monkeypatch):
    """Give a folder for routines of one's own that is not there yet."""
    monkeypatch.setattr(catalogue, "OWN_ROUTINES", tmp_path / "mine" / "routines")
    return catalogue.OWN_ROUTINES


def test_without_own_routines_the_shipped_ones_are_taught(own, language):
    """Nobody needs a folder of their own."""
    assert with_own(language) == (language, [])
    assert not own.exists()


def test_a_new_routine_is_good_and_is_taught_behind_the_shipped_ones(own, language):
    """What is written to begin with can be done at once, and moves no number of another."""
    path = new_routine("Morning stretch", language)
    assert path == own / "morning-stretch.toml"
    taught, left_out = with_own(language)
    assert left_out == []
    assert taught.routines[:-1] == language.routines
    assert taught.routines[-1].title == "Morning stretch"
    assert taught.phrases()["morning stretch"].choice == "morning-stretch"
    assert taught.phrases()["fourteen"].choice == "morning-stretch"


def test_own_routines_of_another_language_have_a_folder_of_their_own(own, language):
    """What is written in Spanish is taught in Spanish, its accents included, and only there."""
    spanish = read_language("es")
    path = new_routine("Inclinación matutina", spanish)
    assert path == own / "es" / "inclinacion-matutina.toml"
    taught, left_out = with_own(spanish)
    assert left_out == []
    assert taught.phrases()["inclinación matutina"].choice == "inclinacion-matutina"
    assert with_own(language) == (language, [])


def test_a_broken_own_routine_is_left_out_and_told(own, language):
    """One bad file keeps neither the coach from starting nor the other routines away."""
    new_routine("evening stretch", language)
    good = new_routine("morning stretch", language).read_text("utf-8")
    (own / "broken.toml").write_text("title = ", "utf-8")
    (own / "latin.toml").write_bytes("title = 'Caf\u00e9'".encode("latin-1"))
    (own / "folder.toml").mkdir()
    (own / "twin.toml").write_text(good, "utf-8")
    (own / "unsafe.toml").write_text(
        good.replace('"morning', '"unsafe').replace("Stay there", "Wait there"), "utf-8"
    )
    (own / "notes.txt").write_text("not a routine", "utf-8")
    taught, left_out = with_own(language)
    mine = [routine.id for routine in taught.routines[len(language.routines) :]]
    assert mine == ["evening-stretch", "morning-stretch"]
    names = [sentence.split(".toml")[0] for sentence in left_out]
    assert names == ["broken", "folder", "latin", "twin", "unsafe"]
    for sentence in left_out:
        assert sentence.endswith(". Until then this routine is left out.")
        assert "\n" not in sentence
    assert left_out[4].startswith('unsafe.toml, line 46: steps 2 say 2 has "wait", which is a comm')


@pytest.mark.parametrize(("code", "name"), [("en", "my shoulders"), ("es", "los hombros")])
def test_a_plan_of_ones_own_is_chosen_by_its_name_and_led(own, code, name):
    """It is like a shipped one: for five, ten or fifteen minutes, and never without a rest."""
    language = read_language(code)
    path = new_plan(name, language)
    assert path.parent.parts[-1 if code == "en" else -2] == "plans"
    taught, left_out = with_own(language)
    assert left_out == []
    timed = taught.teaching.plans.phrases.timed.format(n=taught.number(5), name=name)
    meaning = taught.phrases()[timed]
    simulation = Simulation(Session(SessionConfig(language=taught, routine=meaning.choice)))
    simulation.run_obediently()
    assert simulation.session.outcome is Outcome.COMPLETED
    assert simulation.now == pytest.approx(300, rel=0.25)


def test_a_broken_plan_of_ones_own_is_left_out_and_told(own, language):
    """The coach starts all the same."""
    good = new_plan("my shoulders", language).read_text("utf-8")
    folder = own.parent / "plans"
    (folder / "broken.toml").write_text("id = ", "utf-8")
    (folder / "twin.toml").write_text(good, "utf-8")
    (folder / "zzz.toml").write_text(
        good.replace("shoulders", "hips").replace('"my-', '"our-').replace("gentle-bends", "yoga"),
        "utf-8",
    )
    taught, left_out = with_own(language)
    assert [plan.id for plan in taught.plans][-1] == "my-shoulders"
    assert len(left_out) == 3
    for told, name in zip(left_out, ("broken", "twin", "zzz"), strict=True):
        assert told.startswith(f"{name}.toml")
        assert told.endswith("Until then this plan is left out.")


def test_every_problem_of_an_own_routine_is_told_with_its_line(own, language):
    """The line is that of the sentence, also in a list of many lines."""
    path = new_routine("morning stretch", language)
    text = path.read_text("utf-8").replace("let your shoulders drop", "pause")
    path.write_text(text.replace("Shake your", "Stop. Shake your"), "utf-8")
    with pytest.raises(InvalidRoutine) as caught:
        read_routine(path, language)
    rows = text.splitlines()
    closing, say = (
        next(n for n, row in enumerate(rows, 1) if words in row)
        for words in ("Shake your", "Stand tall, and")
    )
    assert [line.split(" has ")[0] for line in str(caught.value).splitlines()] == [
        f"morning-stretch.toml, line {closing}: closing 1",
        f"morning-stretch.toml, line {say}: steps 1 say 1",
    ]


def test_a_step_that_says_nothing_is_all_that_is_told_of_it(own, language):
    """That its list of steps is empty then would be no help."""
    path = new_routine("morning stretch", language)
    text = re.sub(r"(?ms)^say = \[.*?\]$", 'say = ["....."]', path.read_text("utf-8"))
    path.write_text(text, "utf-8")
    with pytest.raises(InvalidRoutine) as caught:
        read_routine(path, language)
    told = str(caught.value).splitlines()
    assert told
    assert all(line.endswith("says nothing; write words") for line in told)


def test_a_new_routine_replaces_none(own, language):
    """Who asks for the same name twice keeps what they wrote."""
    path = new_routine("morning stretch", language)
    path.write_text("mine", "utf-8")
    with pytest.raises(CoachError, match="is there already; edit it, or choose another name"):
        new_routine("morning stretch", language)
    assert path.read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    "name",
    ["", " ", "../evil", "stretch 2", "caf\u00e9", "a" * 60, "gentle bends", "stop", "rocking"],
)
def test_a_routine_that_could_not_be_asked_for_is_not_begun(own, language, name):
    """A name that cannot be heard, or means something already, is refused with a sentence."""
    with pytest.raises(CoachError) as refused:
        new_routine(name, language)
    assert "\n" not in str(refused.value)
    assert not own.exists()
