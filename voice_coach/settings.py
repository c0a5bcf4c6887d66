"""Settings: an option comes before the environment, then the file, then the default.

A setting is an option of the command line that is remembered. It is in one TOML file, written by
hand or by ``voice-coach voices NAME --use``, or in the environment as VOICE_COACH_ and its name in
capitals. ``resolve`` works out from texts alone what is in force and where it was set.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import platformdirs
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from voice_coach.core.breathing import parse_pattern
from voice_coach.core.pace import DEFAULT_RATE, RATES
from voice_coach.core.problems import at_line, explain, first_problems
from voice_coach.core.toml_reader import parse_toml
from voice_coach.errors import CoachError
from voice_coach.package_data import languages
from voice_coach.plain_files import read_plain_text
from voice_coach.private import private_folder, write_private
from voice_coach.rooms.broker import Broker
from voice_coach.rooms.server import PostgreSQL

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = Path(platformdirs.user_config_dir("voice-coach", appauthor=False)) / "settings.toml"
"""The file with a person's settings."""
LARGEST = 100_000
"""Bytes that the file may have, some hundred times what it needs."""
PREFIX = "VOICE_COACH_"
"""The prefix of a setting's name in the environment."""


class InvalidSettings(CoachError):
    """The message names the file and line or the variable, what is wrong, and how to mend it."""


def _language(code: str) -> str:
    if code not in (known := languages()):
        raise ValueError(f"must be one of {', '.join(known)}, not '{code}'; change it")
    return code


def _breath(text: str) -> str:
    try:
        parse_pattern(text or "4-6")
    except CoachError as trouble:
        raise ValueError(f"must be another: {trouble}") from None
    return text


class Settings(BaseModel):
    """All settings and their defaults."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: Annotated[str, AfterValidator(_language)] = "en"
    """The code of the coach's language."""
    voice: str = ""
    """A name that ``voice-coach voices`` lists; empty for the language's default."""
    rate: Annotated[int, Field(ge=min(RATES), le=max(RATES))] = DEFAULT_RATE
    """Words a minute to begin with."""
    breath: Annotated[str, AfterValidator(_breath)] = ""
    """Seconds in and out, such as 4-6; empty for each routine's own."""
    earcons: bool = True
    """Whether earcons are played."""
    microphone: str = ""
    """Its name or a part of it; empty for the system's default."""
    loudspeaker: str = ""
    """Its name or a part of it; empty for the system's default."""
    mqtt: Broker = Broker()
    """The broker that is told about this room; a table of the file, in no variable."""
    postgresql: PostgreSQL = PostgreSQL()
    """The database of a board, where that is not a file; a table as well."""


TABLES = frozenset({"mqtt", "postgresql"})
"""The settings that are tables of the file."""
VARIABLES = {key: PREFIX + key.upper() for key in Settings.model_fields if key not in TABLES}
"""The names in the environment of the settings that can be set there."""

Source = Literal["default", "file", "environment", "option"]


@dataclass(frozen=True)
class InForce:
    """The value of one setting that is in force, and where it was set."""

    value: Any
    source: Source


def resolve(
    text: str = "",
    environment: Mapping[str, str] | None = None,
    options: Mapping[str, Any] | None = None,
    *,
    name: str = FILE.name,
) -> dict[str, InForce]:
    """Return for each setting what is in force: the last of default, file, environment and option.

    Args:
        text: the text of the file.
        environment: variables; empty ones set nothing.
        options: values by the names of settings; None sets nothing.
        name: the name of the file, for messages.

    Raises ``InvalidSettings``.

    """
    found = {key: InForce(value, "default") for key, value in Settings()}
    variables = {
        key: value for key, name in VARIABLES.items() if (value := (environment or {}).get(name))
    }
    given = {key: value for key, value in (options or {}).items() if value is not None}
    layers: tuple[tuple[Source, Mapping[str, Any]], ...] = (
        ("file", _parsed(text, name)),
        ("environment", variables),
        ("option", given),
    )
    for source, layer in layers:
        try:
            checked = Settings.model_validate(layer)
        except UnicodeEncodeError:
            # Bytes that are no UTF-8 come from the system as halves of surrogate pairs.
            key = next(key for key in layer if re.search("[\ud800-\udfff]", str(layer[key])))
            of = VARIABLES[key] if source == "environment" else f"--{key}"
            raise InvalidSettings(f"{of} is no text: write it in UTF-8.") from None
        except ValidationError as invalid:
            problem = first_problems(invalid)[0]
            place, message = problem["loc"], explain(problem, "it")
            if source == "file":
                raise InvalidSettings(f"{at_line(name, text, place, message)}.") from None
            key = str(place[0])
            of = VARIABLES[key] if source == "environment" else f"--{key}"
            raise InvalidSettings(f"{of}{message.removeprefix(key)}.") from None
        for key in checked.model_fields_set:
            found[key] = InForce(getattr(checked, key), source)
    return found


def in_force(options: Mapping[str, Any] | None = None) -> dict[str, InForce]:
    """Return what is in force on this computer; raises ``InvalidSettings`` or ``OSError``."""
    return resolve(_text(), os.environ, options, name=str(FILE))


def remember(key: str, value: str | int) -> None:
    """Write one setting into the file; the rest of the file, with its comments, stays as it is.

    Raises ``InvalidSettings`` if the file is broken, or ``OSError``.
    """
    import tomlkit  # noqa: PLC0415 - only needed for writing, and it takes 0.1 s

    resolve(_text(), name=str(FILE))
    document = tomlkit.parse(_text())
    document[key] = value
    file = FILE.resolve()  # it may be a link to where the person keeps such files
    private_folder(file.parent)
    write_private(file, tomlkit.dumps(document))


def _text() -> str:
    try:
        return read_plain_text(FILE, LARGEST)
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise InvalidSettings(f"{FILE}: is not UTF-8 text; save it as UTF-8.") from None


def _parsed(text: str, name: str) -> dict[str, Any]:
    try:
        return parse_toml(text)
    except ValueError as error:
        raise InvalidSettings(f"{name}: not valid TOML: {error}; mend it there.") from None
