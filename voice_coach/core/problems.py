"""What is wrong in a TOML file of data, and where: one sentence for each problem."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from voice_coach.core.toml_reader import parse_toml

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from voice_coach.errors import CoachError

Model = TypeVar("Model", bound=BaseModel)

TABLE = re.compile(r"\s*\[\[?\s*[A-Za-z_][\w.-]*\s*\]")
"""The header of a TOML table, such as ``[[steps]]``."""

MAX_CHARACTERS = 100_000
"""The longest text of a routine or a plan: ten times the longest of ours."""
MAX_PROBLEMS = 100
"""How many are reported at once: all that a person makes, and not all of a file that is none."""

Path = tuple[str | int, ...]
"""Where in a file a value is: the keys and the places in lists that lead to it."""


def parse_data(model: type[Model], text: str, source: str, trouble: type[CoachError]) -> Model:
    """Build a model from the TOML `text` of the shipped file `source`, or raise `trouble`."""
    try:
        return model.model_validate(parse_toml(text))
    except ValidationError as error:
        raise trouble(f"{source}: {explain(first_problems(error)[0], 'the file')}") from None
    except ValueError as error:
        raise trouble(f"{source}: not valid TOML: {error}; mend it there") from None


def explain_all(error: ValidationError, source: str, text: str, whole: str) -> str:
    """Give a line for each problem in the `text` of a file, as far as somebody reads them."""
    problems = first_problems(error)
    lines = [
        at_line(source, text, problem["loc"], explain(problem, whole))
        for problem in problems[:MAX_PROBLEMS]
    ]
    if more := len(problems) - len(lines):
        lines.append(f"{source}: {more} more mistakes; mend these first")
    return "\n".join(lines)


def at_line(source: str, text: str, path: Path, sentence: str, value: str = "") -> str:
    """Begin a `sentence` about what stands at `path` with its file and its line.

    In a list that takes several lines, the `value` tells which of them.
    """
    line = _line(text, path)
    rows = enumerate(text.split("\n")[line - 1 :], line)
    line = next((number for number, row in rows if value in row), line)
    return f"{source}, line {line}: {sentence}"


def first_problems(error: ValidationError) -> list[ErrorDetails]:
    """Give the problems without those that follow from another, in the order of the fields."""
    problems = error.errors()
    places = [problem["loc"] for problem in problems]
    explained = {place[:length] for place in places for length in range(len(place))}
    return [problem for problem in problems if problem["loc"] not in explained]


def explain(problem: ErrorDetails, whole: str) -> str:
    """Say in one sentence what is wrong and where; `whole` is what to call all of it."""
    limits = {"ge": 0, "le": 0, "max_length": 0, **problem.get("ctx", {})}
    message = {
        "missing": "is missing; add it",
        "extra_forbidden": "is not known; check its spelling or leave it out",
        "string_type": "must be a text; put it in quotes",
        "string_pattern_mismatch": "must be small letters, digits and hyphens; change it",
        "int_type": "must be a whole number; write digits",
        "int_parsing": "must be a whole number; write digits",
        "float_type": "must be a number; write digits",
        "float_parsing": "must be a number; write digits",
        "bool_type": "must be true or false; write one of them",
        "bool_parsing": "must be true or false; write one of them",
        "model_type": "must be a table; put it in square brackets, and its values below",
        "too_long": f"has more than {limits['max_length']} entries; leave some out",
        "tuple_type": "must be a list; put it in square brackets",
        "too_short": "is empty; put something in",
        "greater_than_equal": f"must be at least {limits['ge']:g}; raise it",
        "less_than_equal": f"must be at most {limits['le']:g}; lower it",
    }.get(problem["type"], problem["msg"].removeprefix("Value error, "))
    return f"{named(problem['loc']) or whole} {message[:1].lower()}{message[1:]}"


def named(path: Path) -> str:
    """Give a path as a person counts or reads it."""
    return " ".join(_name(part) for part in path)


def _name(part: str | int) -> str:
    """Give a part of a place as a person counts or reads it."""
    if isinstance(part, int):
        return str(part + 1)
    return part if part.isidentifier() else repr(part[:40])


def _line(text: str, path: Path) -> int:
    """Find the line of a value, or of the table that lacks it, counted from 1."""
    lines = text.split("\n")
    at, end = 0, len(lines)
    tables = [n for n, line in enumerate(lines) if TABLE.match(line)]
    if path[:1] != ("steps",):
        header = f"[{path[0]}]" if path else ""
        own = next((n for n in tables if lines[n].split("#")[0].strip() == header), -1)
        at, end = max(own, 0), min((n for n in tables if n > own), default=end)
    elif len(path) > 1 and isinstance(path[1], int):
        headers = [n for n in tables if "[[" in lines[n]]
        at = headers[path[1]] if path[1] < len(headers) else 0
        end = min((n for n in headers if n > at), default=end)
    for key in (re.escape(part) for part in path if isinstance(part, str)):
        pattern = re.compile(
            rf"\s*(\[steps\.([\w.]+\.)?{key}\]|[\"']?{key}[\"']?\s*=|.*[{{,]\s*{key}\s*=)"
        )
        at = next((n for n in range(at, end) if pattern.match(lines[n])), at)
    return at + 1
