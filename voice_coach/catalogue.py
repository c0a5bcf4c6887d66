"""Reads what the coach says and teaches: each language is a folder of the package's data.

The person's own routines are in a folder of their own. A routine there that is broken, or in which
``advise`` finds a fault, is left out with a sentence about it; the coach starts all the same.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import platformdirs

from voice_coach.core.adapt import InvalidRules, Rules, parse_rules
from voice_coach.core.advice import advise
from voice_coach.core.commands import unmarked
from voice_coach.core.guard import InvalidLimits, Limits, parse_limits
from voice_coach.core.language import InvalidLanguage, Language, parse_language
from voice_coach.core.plan import InvalidPlan, faults, parse_plan
from voice_coach.core.problems import at_line, named
from voice_coach.core.routine import MAX_CHARACTERS, InvalidRoutine, parse_routine
from voice_coach.core.screening import InvalidScreening, Table, parse_table
from voice_coach.errors import CoachError
from voice_coach.package_data import data_folder, languages
from voice_coach.plain_files import read_plain_text
from voice_coach.private import private_file, private_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.resources.abc import Traversable

    from voice_coach.core.routine import Routine

    Place = TypeVar("Place", Path, Traversable)

OWN_ROUTINES = Path(platformdirs.user_config_dir("voice-coach", appauthor=False)) / "routines"
"""The person's own routines; those in another language are in a subfolder named by its code."""

ENGLISH = "en"
"""The default language."""
LONGEST_NAME = 40
"""Characters of a routine's name: a few words, as one says them."""
LARGEST = 4 * MAX_CHARACTERS
"""Bytes that a routine's file may have: UTF-8 takes up to four for each character."""
MOST_ROUTINES = 200
"""How many of the person's own files are read: ten times what can be chosen between by ear."""


def read_language(code: str = ENGLISH) -> Language:
    """Read one language whole; raises ``InvalidLanguage`` or ``InvalidRoutine``."""
    if code not in (known := languages()):
        raise InvalidLanguage(f'there is no language "{code}"; take one of: {", ".join(known)}')
    folder = _folder(code)
    texts = {
        name: _read(folder / f"{name}.toml", InvalidLanguage)
        for name in (
            "advice",
            "coach",
            "commands",
            "fillers",
            "safety",
            "sayings",
            "teaching",
            "voice",
        )
    }
    routines = [
        parse_routine(_read(path, InvalidRoutine), path.name)
        for path in _routine_files(folder / "routines")
    ]
    plans = [
        parse_plan(_read(path, InvalidPlan), path.name) for path in _routine_files(folder / "plans")
    ]
    language = parse_language(code, texts, routines, plans)
    for plan in plans:
        if found := faults(plan, language):
            raise InvalidPlan(f"{code}/plans/{plan.id}.toml: {found[0]}")
    return language


def read_limits() -> Limits:
    """Read the limits of the usage guard; raises ``InvalidLimits``."""
    return parse_limits(_read(data_folder() / "guard.toml", InvalidLimits))


def read_screening() -> Table:
    """Read the questions of the screening; raises ``InvalidScreening``."""
    return parse_table(_read(data_folder() / "screening.toml", InvalidScreening))


def read_rules() -> Rules:
    """Read the rules by which the past changes a session; raises ``InvalidRules``."""
    return parse_rules(_read(data_folder() / "adapt.toml", InvalidRules))


def with_own_routines(language: Language) -> tuple[Language, list[str]]:
    """Add the person's own routines after all others; say which are left out, and why."""
    left_out = []
    folder = _own_routines(language)
    paths = _routine_files(folder) if folder.is_dir() else []
    if len(paths) > MOST_ROUTINES:
        left_out.append(
            f"{folder} holds {len(paths)} routines. Only the first {MOST_ROUTINES} are read: "
            "move the others elsewhere."
        )
    for path in paths[:MOST_ROUTINES]:
        try:
            language = language.taught_too(read_routine(path, language))
        except (CoachError, OSError) as problem:
            told = (
                f"{path.name}: {problem.strerror}" if isinstance(problem, OSError) else f"{problem}"
            )
            left_out.append(f"{told.splitlines()[0]}. Until then this routine is left out.")
    return language, left_out


def read_routine(
    path: Path, language: Language, knows: Callable[[str], bool] = lambda _word: True
) -> Routine:
    """Read a routine to be added to those of `language`; `knows` tells which words can be heard.

    Raises ``InvalidRoutine``, with a line for each problem, or ``OSError``.
    """
    try:
        text = read_plain_text(path, LARGEST)
    except UnicodeDecodeError:
        raise InvalidRoutine(f"{path.name}: is not UTF-8 text; save it as UTF-8") from None
    routine = parse_routine(text, path.name)
    if advice := advise(routine, language, knows):
        raise InvalidRoutine(
            "\n".join(
                at_line(path.name, text, a.path, f"{named(a.path)} {a.message}", a.text)
                for a in advice
            )
        )
    return routine


def new_routine(name: str, language: Language) -> Path:
    """Write a template for a routine into the person's folder; give its path.

    Raises ``CoachError`` if the name cannot be heard, or if the file exists.
    """
    words = " ".join(name.lower().replace("-", " ").split())
    spelling = language.advice
    if not set(words) <= {*spelling.letters, " "} or not 0 < len(words) <= LONGEST_NAME:
        raise CoachError(
            f'"{name}" cannot be heard; give a few plain words, as in: {spelling.example}'
        )
    text = _read(_folder(language.code) / "template.toml", InvalidLanguage)
    identifier = unmarked(words).replace(" ", "-")
    for field, value in (("id", identifier), ("title", words.capitalize()), ("name", words)):
        text = text.replace(f"{{{field}}}", value)
    path = _own_routines(language) / f"{identifier}.toml"
    if advice := advise(parse_routine(text, path.name), language):
        raise CoachError(advice[0].message)
    private_folder(path.parent)
    try:
        private_file(path, new=True).write_text(text, "utf-8")
    except FileExistsError:
        raise CoachError(f"{path} is there already; edit it, or choose another name") from None
    return path


def _own_routines(language: Language) -> Path:
    return OWN_ROUTINES if language.code == ENGLISH else OWN_ROUTINES / language.code


def _folder(code: str) -> Traversable:
    return data_folder() / code


def _read(path: Traversable, invalid: type[CoachError]) -> str:
    """Read a file of the package."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise invalid(f"{path.name}: is not UTF-8 text; save it as UTF-8") from None


def _routine_files(folder: Place) -> list[Place]:
    paths = (path for path in folder.iterdir() if path.name.endswith(".toml"))
    return sorted(paths, key=lambda path: path.name)
