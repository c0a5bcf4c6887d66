"""The package carries its words with it."""

from __future__ import annotations

import re

import pytest

from voice_coach import catalogue
from voice_coach.catalogue import read_language
from voice_coach.core.language import InvalidLanguage
from voice_coach.core.routine import InvalidRoutine


def test_the_shipped_language_is_read_whole():
    """English is there, with its three routines, the one that is offered first in front."""
    language = read_language()
    assert language.code == "en"
    assert [routine.id for routine in language.routines] == [
        "gentle-bends",
        "assisted-press",
        "leg-over-leg",
    ]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Give a copy of the shipped words that may be spoilt, and read from it."""
    shipped = catalogue.files("voice_coach") / "data" / "en"
    for path in [*shipped.iterdir(), *(shipped / "routines").iterdir()]:
        if path.name.endswith(".toml"):
            routine = path.parent.name == "routines"
            copy = tmp_path / "data" / "en" / ("routines" if routine else "") / path.name
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    monkeypatch.setattr(catalogue, "files", lambda _package: tmp_path)
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
