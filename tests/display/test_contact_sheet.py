"""All figures on one sheet, as the guide shows them."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner

from voice_coach import cli
from voice_coach.catalogue import read_language
from voice_coach.core.routine import CHOICE
from voice_coach.display.figures.contact_sheet import contact_sheet

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("code", ["en", "es"])
def test_every_routine_and_every_step_is_on_it_by_its_title(code):
    """Titles stand in the order in which routines are listed; long ones are cut short."""
    routines = read_language(code).routines
    drawn = ET.fromstring(contact_sheet(routines))  # noqa: S314 - we have just drawn it
    titles = [text.text.rstrip("…") for text in drawn.iter(f"{SVG}text")]
    expected = [
        title
        for routine in routines
        for title in (routine.title, *(CHOICE.sub(r"\1", step.title) for step in routine.steps))
    ]
    assert len(titles) == len(expected)
    assert all(whole.startswith(title) for title, whole in zip(titles, expected, strict=True))


def test_the_sheet_in_the_docs_is_what_the_verb_draws_today(request, language):
    """Nobody looks at figures of yesterday. Draw it anew with: figures --sheet FILE."""
    path = request.config.rootpath / "docs" / "figures" / "contact-sheet.svg"
    assert path.read_text("utf-8") == contact_sheet(language.routines)
    assert path.stat().st_size < 400_000
    guide = (request.config.rootpath / "docs" / "usage.md").read_text("utf-8")
    assert "(figures/contact-sheet.svg)" in guide


@pytest.mark.parametrize(("name", "start"), [("a.svg", b"<svg "), ("a.PNG", b"\x89PNG\r\n")])
def test_the_verb_draws_it_as_svg_and_as_png(name, start, tmp_path):
    """How the file's name ends decides."""
    said = CliRunner().invoke(cli.app, ["figures", "--sheet", str(tmp_path / name)])
    assert said.exit_code == 0
    assert said.stdout == f"Drawn into {tmp_path / name}.\n"
    assert (tmp_path / name).read_bytes().startswith(start)


def test_a_step_without_a_pose_leaves_its_place_empty(language):
    """A routine of one's own need not have any."""
    bare = language.routines[0]
    steps = tuple(step.model_copy(update={"pose": None}) for step in bare.steps)
    drawn = contact_sheet([bare.model_copy(update={"steps": steps})])
    assert "<path" not in drawn
    assert "Bend forward" in drawn
