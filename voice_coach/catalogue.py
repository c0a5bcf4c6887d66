"""Reads what the coach says and teaches from the package's data: a language is a folder."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from voice_coach.core.language import InvalidLanguage, Language, parse_language
from voice_coach.core.routine import InvalidRoutine, parse_routine

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from voice_coach.core.ports import Trouble


def read_language(code: str = "en") -> Language:
    """Read one language whole; raises ``InvalidLanguage`` or ``InvalidRoutine``."""
    folder = files("voice_coach") / "data" / code
    if not code.isalpha() or not folder.is_dir():
        raise InvalidLanguage(f'there is no language "{code}"; take "en"')
    texts = {
        name: _read(folder / f"{name}.toml", InvalidLanguage)
        for name in ("coach", "commands", "decoys", "safety")
    }
    routines = [
        parse_routine(_read(path, InvalidRoutine), path.name)
        for path in _routine_files(folder / "routines")
    ]
    return parse_language(code, texts, routines)


def _read(path: Traversable, invalid: type[Trouble]) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise invalid(f"{path.name}: is not UTF-8 text; save it as UTF-8") from None


def _routine_files(folder: Traversable) -> list[Traversable]:
    paths = (path for path in folder.iterdir() if path.name.endswith(".toml"))
    return sorted(paths, key=lambda path: path.name)
