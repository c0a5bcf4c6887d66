"""The log of a session as text: JSON lines, the first of which holds what the session was made of.

All the core was told and all it asked for stands in it, so that it can be played again. A person
can read it, too::

    {"log": 1, "version": "0.1.0", "began": "2026-05-04T18:00:00+00:00", "origin": {...}}
    {"time": 1.5, "event": "Heard", "command": "next", "phrase": "next", "llr": 4.2}
    {"time": 1.5, "action": "Cut"}
    {"idle": [1.6, 1.7]}

Times are audio times in seconds. ``idle`` are times at which the session was asked and had no wish.
A log may come from anywhere: what is read has been checked, and is told in one sentence if wrong.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TextIO, get_args

from pydantic import TypeAdapter, ValidationError

from voice_coach import __version__
from voice_coach.core.actions import Action, Listen
from voice_coach.core.commands import NAMING
from voice_coach.core.config import SessionConfig
from voice_coach.core.events import Event, Heard, TimeReached
from voice_coach.errors import CoachError

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMAT = 1
"""Raise it when a line is written in another way."""
LONGEST_LINE = 2**20
"""Characters; the first line of a real log has a tenth of them."""
MOST_IDLE = 100
"""Idle times on one line; with more of them it is written."""

EVENTS: dict[str, TypeAdapter[Any]] = {k.__name__: TypeAdapter(k) for k in get_args(Event)}
ACTIONS: dict[str, TypeAdapter[Any]] = {k.__name__: TypeAdapter(k) for k in get_args(Action)}


class BadLog(CoachError):
    """The log cannot be read; the message is one sentence."""


@dataclass(frozen=True)
class Entry:
    """One thing that happened, or was asked for."""

    at: float
    """Audio time in seconds."""
    what: Event | Action


def head(origin: SessionConfig, began: str) -> str:
    """Give the first line; `began` is when, in ISO 8601."""
    made_of = origin.model_dump(mode="json", exclude_defaults=True)
    made_of["known"] = sorted(origin.known)
    return _line({"log": FORMAT, "version": __version__, "began": began, "origin": made_of})


class Draft:
    """Turns what happens in a session into lines."""

    def __init__(self) -> None:
        self._idle: list[float] = []
        self._asked = False
        """Whether the last of them may yet be answered by an action."""

    def lines(self, now: float, what: Event | Action) -> Iterator[str]:
        """Give the lines that are due after this, each with its end."""
        if isinstance(what, TimeReached):
            self._idle.append(now)
            self._asked = True
            if len(self._idle) > MOST_IDLE:
                yield from self._idled(self._idle.pop())
            return
        woken = [self._idle.pop()] if self._asked and type(what).__name__ in ACTIONS else []
        yield from self.rest()
        for at in woken:
            yield _line({"time": at, "event": TimeReached.__name__})
        yield _line(_entry(now, what))

    def rest(self) -> Iterator[str]:
        """Give the line that is still due."""
        yield from self._idled()

    def _idled(self, *left: float) -> Iterator[str]:
        if self._idle:
            yield _line({"idle": self._idle})
        self._idle = [*left]
        self._asked = bool(left)


@dataclass(frozen=True)
class Log:
    """A log that is being read."""

    origin: SessionConfig
    began: str
    """When, in ISO 8601, by the clock of that time."""
    _name: str
    _lines: TextIO

    @classmethod
    def read(cls, lines: TextIO, name: str) -> Log:
        """Read the first line of the log called `name`, or raise ``BadLog``."""
        content = _parse(_next_line(lines, f"{name}, line 1"), f"{name}, line 1")
        if "log" not in content:
            raise BadLog(f"{name} is no log of a session: name one from the folder of the logs.")
        if (content["log"], content.get("version")) != (FORMAT, __version__):
            version = str(content.get("version"))[:20]
            raise BadLog(
                f"{name} was written by voice-coach {version!r}, and this is {__version__!r}: "
                "only that one can replay it."
            )
        try:
            origin = SessionConfig.model_validate_json(json.dumps(content.get("origin")))
        except ValidationError as error:
            raise BadLog(f"{name}, line 1 is broken: {_first(error)}.") from None
        return cls(origin, str(content.get("began")), name, lines)

    def entries(self) -> Iterator[Entry]:
        """Read the rest, line by line; raises ``BadLog`` where one is broken."""
        routines = {routine.id for routine in self.origin.language.routines}
        now, number = 0.0, 1
        while True:
            number += 1
            place = f"{self._name}, line {number}"
            line = _next_line(self._lines, place)
            if not line:
                return
            for entry in _entries(_parse(line, place), place):
                if not now <= entry.at < math.inf:
                    raise BadLog(f"{place} is broken: its time is before that of another.")
                match entry.what:
                    case Heard(command, _, choice) if command in NAMING and choice not in routines:
                        raise BadLog(f"{place} is broken: it chooses what there is not.")
                now = entry.at
                yield entry


def _entry(now: float, what: Event | Action) -> dict[str, Any]:
    name = type(what).__name__
    kind, adapters = ("event", EVENTS) if name in EVENTS else ("action", ACTIONS)
    fields = adapters[name].dump_python(what, mode="json", exclude_defaults=True)
    if isinstance(what, Listen):
        fields["commands"].sort()
    return {"time": now, kind: name, **fields}


def _entries(content: dict[str, Any], place: str) -> Iterator[Entry]:
    try:
        if "idle" in content:
            for at in TypeAdapter(list[float]).validate_python(content["idle"], strict=True):
                yield Entry(at, TimeReached())
            return
        at = TypeAdapter(float).validate_python(content.pop("time", None), strict=True)
        for kind, adapters in (("event", EVENTS), ("action", ACTIONS)):
            name = content.pop(kind, "")
            if isinstance(name, str) and name in adapters:
                yield Entry(at, adapters[name].validate_json(json.dumps(content)))
                return
    except ValidationError as error:
        raise BadLog(f"{place} is broken: {_first(error)}.") from None
    raise BadLog(f"{place} is broken: it is no event and no action.")


def _next_line(lines: TextIO, place: str) -> str:
    try:
        line = lines.readline(LONGEST_LINE + 1)
    except UnicodeDecodeError:
        raise BadLog(f"{place} or one soon after it is broken: it is no UTF-8 text.") from None
    if len(line) > LONGEST_LINE:
        raise BadLog(f"{place} is broken: it has more than {LONGEST_LINE} characters.")
    return line


def _parse(line: str, place: str) -> dict[str, Any]:
    try:
        content = json.loads(line)
    except (ValueError, RecursionError):
        raise BadLog(f"{place} is broken: it is no whole line of JSON.") from None
    if not isinstance(content, dict):
        raise BadLog(f"{place} is broken: it is no JSON object.")
    return content


def _first(error: ValidationError) -> str:
    problem = error.errors()[0]
    where = ".".join(str(part)[:40] for part in problem["loc"])
    message = problem["msg"].removeprefix("Value error, ")
    return f"{where}: {message}" if where else message


def _line(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False) + "\n"
