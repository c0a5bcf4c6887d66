"""Reads what the coach says and teaches: each language is a folder of the package's data.

The person's own routines are in a folder of their own, and so are their plans. A file there that is
broken, or in which ``advise`` finds a fault, is left out with a sentence about it; the coach starts
all the same.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import platformdirs

from voice_coach.core.adapt import InvalidRules, Rules, parse_rules
from voice_coach.core.advice import advise, advise_on_plan
from voice_coach.core.commands import unmarked
from voice_coach.core.guard import InvalidLimits, Limits, parse_limits
from voice_coach.core.language import InvalidLanguage, Language, parse_language
from voice_coach.core.plan import InvalidPlan, Plan, faults, parse_plan
from voice_coach.core.problems import MAX_CHARACTERS, at_line, named
from voice_coach.core.routine import InvalidRoutine, parse_routine
from voice_coach.core.screening import InvalidScreening, Table, parse_table
from voice_coach.core.toml_reader import parse_toml
from voice_coach.errors import CoachError
from voice_coach.package_data import data_folder, languages
from voice_coach.plain_files import read_plain_text
from voice_coach.private import private_folder, write_private

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from importlib.resources.abc import Traversable

    from voice_coach.core.advice import Advice
    from voice_coach.core.routine import Routine

    Place = TypeVar("Place", Path, Traversable)

OWN_ROUTINES = Path(platformdirs.user_config_dir("voice-coach", appauthor=False)) / "routines"
"""The person's own routines; those in another language are in a subfolder named by its code. Their
plans are in the folder "plans" beside it."""

ENGLISH = "en"
"""The default language."""
LONGEST_NAME = 40
"""Characters of a routine's name: a few words, as one says them."""
LARGEST = 4 * MAX_CHARACTERS
"""Bytes that a routine's file may have: UTF-8 takes up to four for each character."""
MOST_FILES = 200
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
        for path in _toml_files(folder / "routines")
    ]
    plans = [
        parse_plan(_read(path, InvalidPlan), path.name) for path in _toml_files(folder / "plans")
    ]
    language = parse_language(code, texts, routines, plans)
    for plan in plans:
        if found := faults(plan, language):
            path, _, wrong = found[0]
            raise InvalidPlan(f"{code}/plans/{plan.id}.toml: {named(path)} {wrong}")
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


def with_own(language: Language, but: Path | None = None) -> tuple[Language, list[str]]:
    """Add the person's own routines and plans after all others; say which are left out, and why.

    `but` is a file that is not read, because it is about to be checked beside the others.
    """
    left_out: list[str] = []
    itself = but and but.absolute()
    for path in _own_files(_own_routines(language), "routines", left_out):
        with _told(path, "routine", left_out):
            if path.absolute() != itself:
                language = language.taught_too(read_routine(path, language))
    for path in _own_files(_own_plans(language), "plans", left_out):
        with _told(path, "plan", left_out):
            if path.absolute() != itself:
                language = language.planned_too(read_plan(path, language))
    return language, left_out


def _own_files(folder: Path, kind: str, left_out: list[str]) -> list[Path]:
    try:
        paths = _toml_files(folder) if folder.is_dir() else []
    except OSError as problem:
        left_out.append(f"{folder}: {problem.strerror}. Until then its {kind} are left out.")
        return []
    if len(paths) > MOST_FILES:
        left_out.append(
            f"{folder} holds {len(paths)} {kind}. Only the first {MOST_FILES} are read: "
            "move the others elsewhere."
        )
    return paths[:MOST_FILES]


@contextmanager
def _told(path: Path, kind: str, left_out: list[str]) -> Iterator[None]:
    """Add a sentence to `left_out` where this file cannot be read."""
    try:
        yield
    except (CoachError, OSError) as problem:
        told = f"{path.name}: {problem.strerror}" if isinstance(problem, OSError) else f"{problem}"
        left_out.append(f"{told.splitlines()[0]}. Until then this {kind} is left out.")


def read_routine(
    path: Path, language: Language, knows: Callable[[str], bool] = lambda _word: True
) -> Routine:
    """Read a routine to be added to those of `language`; `knows` tells which words can be heard.

    Raises ``InvalidRoutine``, with a line for each problem, or ``OSError``.
    """
    text = _own_text(path, InvalidRoutine)
    routine = parse_routine(text, path.name)
    _refuse(advise(routine, language, knows), text, path, InvalidRoutine)
    return routine


def read_plan(
    path: Path, language: Language, knows: Callable[[str], bool] = lambda _word: True
) -> Plan:
    """Read a plan to be added to those of `language`; as ``read_routine``, with ``InvalidPlan``."""
    text = _own_text(path, InvalidPlan)
    plan = parse_plan(text, path.name)
    _refuse(advise_on_plan(plan, language, knows), text, path, InvalidPlan)
    return plan


def holds_plan(path: Path) -> bool:
    """Tell whether this file is meant as a plan, by its main part; may raise ``OSError``."""
    with suppress(ValueError):
        return "main" in parse_toml(read_plain_text(path, LARGEST))
    return False


def _own_text(path: Path, invalid: type[CoachError]) -> str:
    try:
        return read_plain_text(path, LARGEST)
    except UnicodeDecodeError:
        raise invalid(f"{path.name}: is not UTF-8 text; save it as UTF-8") from None


def _refuse(found: Sequence[Advice], text: str, path: Path, invalid: type[CoachError]) -> None:
    """Raise with a line for each thing to mend, if there is one."""
    if found:
        raise invalid(
            "\n".join(
                at_line(path.name, text, a.path, f"{named(a.path)} {a.message}", a.text)
                for a in found
            )
        )


def new_routine(name: str, language: Language) -> Path:
    """Write a template for a routine into the person's folder; give its path.

    Raises ``CoachError`` if the name cannot be heard, or if the file exists.
    """
    text, identifier = _filled("template", name, language)
    path = _own_routines(language) / f"{identifier}.toml"
    if advice := advise(parse_routine(text, path.name), language):
        raise CoachError(advice[0].message)
    return _begun(path, text)


def new_plan(name: str, language: Language) -> Path:
    """Write a template for a plan into the person's folder; as ``new_routine``."""
    text, identifier = _filled("plan-template", name, language)
    path = _own_plans(language) / f"{identifier}.toml"
    if advice := advise_on_plan(parse_plan(text, path.name), language):
        raise CoachError(advice[0].message)
    return _begun(path, text)


def keep(path: Path, made: Routine | Plan, language: Language) -> Path:
    """Copy a file, whose content is `made`, into the person's own folder; give where it is now.

    Raises ``CoachError`` if there is such a file already, or ``OSError``.
    """
    folder = _own_plans(language) if isinstance(made, Plan) else _own_routines(language)
    return _begun(folder / f"{made.id}.toml", read_plain_text(path, LARGEST))


def _filled(template: str, name: str, language: Language) -> tuple[str, str]:
    """Give a template with the name in it, and the identifier that this makes."""
    words = " ".join(name.lower().replace("-", " ").split())
    spelling = language.advice
    if not set(words) <= {*spelling.letters, " "} or not 0 < len(words) <= LONGEST_NAME:
        raise CoachError(
            f'"{name}" cannot be heard; give a few plain words, as in: {spelling.example}'
        )
    text = _read(_folder(language.code) / f"{template}.toml", InvalidLanguage)
    identifier = unmarked(words).replace(" ", "-")
    for field, value in (("id", identifier), ("title", words.capitalize()), ("name", words)):
        text = text.replace(f"{{{field}}}", value)
    return text, identifier


def _begun(path: Path, text: str) -> Path:
    private_folder(path.parent)
    try:
        write_private(path, text, new=True)
    except FileExistsError:
        raise CoachError(
            f"{path} is there already; edit it, or choose another name or id"
        ) from None
    return path


def _own_routines(language: Language) -> Path:
    return OWN_ROUTINES if language.code == ENGLISH else OWN_ROUTINES / language.code


def _own_plans(language: Language) -> Path:
    folder = OWN_ROUTINES.parent / "plans"
    return folder if language.code == ENGLISH else folder / language.code


def _folder(code: str) -> Traversable:
    return data_folder() / code


def _read(path: Traversable, invalid: type[CoachError]) -> str:
    """Read a file of the package."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise invalid(f"{path.name}: is not UTF-8 text; save it as UTF-8") from None


def _toml_files(folder: Place) -> list[Place]:
    paths = (path for path in folder.iterdir() if path.name.endswith(".toml"))
    return sorted(paths, key=lambda path: path.name)
