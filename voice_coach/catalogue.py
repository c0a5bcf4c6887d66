"""Reads what the coach says and teaches from the package's data: a language is a folder."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from voice_coach.core.language import Language, parse_language
from voice_coach.core.routine import parse_routine

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def read_language(code: str = "en") -> Language:
    """Read one language whole; raises ``InvalidLanguage`` or ``InvalidRoutine``."""
    folder = files("voice_coach") / "data" / code
    texts = {
        name: (folder / f"{name}.toml").read_text("utf-8")
        for name in ("coach", "commands", "safety")
    }
    routines = [
        parse_routine(path.read_text("utf-8"), path.name)
        for path in _routine_files(folder / "routines")
    ]
    return parse_language(code, texts, routines)


def _routine_files(folder: Traversable) -> list[Traversable]:
    paths = (path for path in folder.iterdir() if path.name.endswith(".toml"))
    return sorted(paths, key=lambda path: path.name)
