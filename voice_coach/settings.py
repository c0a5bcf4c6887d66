"""What is set once and holds from then on: option before environment, before file, before default.

A setting is an option of the command line that is remembered. It stands in one TOML file, written
by hand or by ``voice-coach voices NAME --use``, or in the environment, as VOICE_COACH_ and its name
in capitals. ``resolve`` works out what is in force, and whence, from texts alone.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import platformdirs
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from voice_coach.catalogue import languages
from voice_coach.core.breathing import parse_pattern
from voice_coach.core.pace import DEFAULT_RATE, RATES
from voice_coach.core.routine import at_line, explain, first_problems
from voice_coach.errors import CoachError
from voice_coach.private import private_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILE = Path(platformdirs.user_config_dir("voice-coach", appauthor=False)) / "settings.toml"
"""Where a person's settings are."""
PREFIX = "VOICE_COACH_"
"""What comes before a setting's name in the environment."""


class InvalidSettings(CoachError):
    """The message names the file and line, or the variable, what is wrong and how to mend it."""


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
    """What can be set, and what holds where nothing is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: Annotated[str, AfterValidator(_language)] = "en"
    """The code of the coach's language."""
    voice: str = ""
    """A name as ``voice-coach voices`` lists it; empty for the language's own."""
    rate: Annotated[int, Field(ge=min(RATES), le=max(RATES))] = DEFAULT_RATE
    """Words a minute to begin with."""
    breath: Annotated[str, AfterValidator(_breath)] = ""
    """Seconds in and out, such as 4-6; empty for each routine's own."""
    earcons: bool = True
    """Whether short sounds go with the words."""
    microphone: str = ""
    """Its name or a part of it; empty for the system's own choice."""
    loudspeaker: str = ""
    """Its name or a part of it; empty for the system's own choice."""


Source = Literal["default", "file", "environment", "option"]


@dataclass(frozen=True)
class InForce:
    """What holds for one setting, and where it was set."""

    value: Any
    source: Source


def resolve(
    text: str = "",
    environment: Mapping[str, str] | None = None,
    options: Mapping[str, Any] | None = None,
    *,
    name: str = FILE.name,
) -> dict[str, InForce]:
    """Say for each setting what holds: the last of default, file, environment and option.

    Args:
        text: what stands in the file.
        environment: variables; those that are empty set nothing.
        options: by the names of settings; None sets nothing.
        name: what the file is called.

    Raises ``InvalidSettings``.

    """
    found = {key: InForce(value, "default") for key, value in Settings().model_dump().items()}
    variables = {
        key: value for key in found if (value := (environment or {}).get(PREFIX + key.upper()))
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
        except ValidationError as invalid:
            problem = first_problems(invalid)[0]
            place, told = problem["loc"], explain(problem, "it")
            if source == "file":
                raise InvalidSettings(f"{at_line(name, text, place, told)}.") from None
            key = str(place[0])
            of = PREFIX + key.upper() if source == "environment" else f"--{key}"
            raise InvalidSettings(f"{of}{told.removeprefix(key)}.") from None
        for key in checked.model_fields_set:
            found[key] = InForce(getattr(checked, key), source)
    return found


def in_force(options: Mapping[str, Any] | None = None) -> dict[str, InForce]:
    """Say what holds on this computer now; raises ``InvalidSettings`` or ``OSError``."""
    return resolve(_text(), os.environ, options, name=str(FILE))


def remember(key: str, value: str | int) -> None:
    """Write one setting into the file; all else in it, comments among it, stays as it is.

    Raises ``InvalidSettings`` if the file is broken, or ``OSError``.
    """
    import tomlkit  # noqa: PLC0415 - only who writes needs it, and it takes 0.1 s

    resolve(_text(), name=str(FILE))
    document = tomlkit.parse(_text())
    document[key] = value
    private_folder(FILE.parent)
    part = FILE.with_suffix(".part")
    part.write_text(tomlkit.dumps(document), "utf-8")
    part.replace(FILE)


def _text() -> str:
    try:
        return FILE.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise InvalidSettings(f"{FILE}: is not UTF-8 text; save it as UTF-8.") from None


def _parsed(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidSettings(f"{name}: not valid TOML: {error}; mend it there.") from None
