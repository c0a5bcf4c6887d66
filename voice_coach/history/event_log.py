"""The log of a session as text: JSON lines, the first of which holds the session's config.

It holds every event and every action, so that the session can be replayed. A person can read it,
too::

    {"log": 2, "version": "0.1.0", "began": "2026-05-04T18:00:00+00:00", "config": {...}}
    {"time": 1.5, "event": "Heard", "command": "next", "phrase": "next", "llr": 4.2}
    {"time": 1.5, "action": "Cut"}
    {"idle": [1.6, 1.7]}

Times are audio times in seconds. ``idle`` are times at which the session was asked and did nothing.
How a question about the body was answered is left out: ``{"time": 20.1, "withheld": "answer"}``.
A log may come from anywhere, so all that is read is checked; an error is one sentence. Logs of
format 1 are read, too.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TextIO, get_args

from pydantic import TypeAdapter, ValidationError

from voice_coach import __version__
from voice_coach.core.actions import Action, Listen
from voice_coach.core.commands import NAMING, Command
from voice_coach.core.config import SessionConfig
from voice_coach.core.events import CandidateScored, Event, Heard, TimeReached
from voice_coach.core.transitions import State
from voice_coach.errors import CoachError
from voice_coach.history import old_log

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMAT = 2
"""Raise it when a line is written in another way, and keep a reader for the old one."""
OLD_FORMAT = 1
LONGEST_LINE = 2**20
"""Characters; the first line of a real log has a tenth of them."""
MOST_IDLE = 100
"""Idle times that are gathered before a line is written."""

EVENTS: dict[str, type] = {kind.__name__: kind for kind in get_args(Event)}
ACTIONS: dict[str, type] = {kind.__name__: kind for kind in get_args(Action)}


class BadLog(CoachError):
    """The log cannot be read; the message is one sentence."""


@dataclass(frozen=True)
class Withheld:
    """Something that the person said and that is not kept."""


Kept = Event | Action | Withheld


@dataclass(frozen=True)
class Entry:
    """One thing that happened, or was asked for."""

    at: float
    """Audio time in seconds."""
    what: Kept


def kept(state: State, what: Event | Action) -> Kept:
    """Give what a log may hold of this: not how the questions about the body are answered."""
    match what:
        case Heard(Command.YES | Command.NO) | CandidateScored() if state is State.SCREENING:
            return Withheld()
    return what


def head(config: SessionConfig, began: str) -> str:
    """Give the first line; `began` is when, in ISO 8601."""
    made_of = config.model_dump(mode="json", exclude_defaults=True)
    made_of["known_routines"] = sorted(config.known_routines)
    return _line({"log": FORMAT, "version": __version__, "began": began, "config": made_of})


class Draft:
    """Turns what happens in a session into lines."""

    def __init__(self) -> None:
        self._idle: list[float] = []
        self._asked = False
        """Whether an action may still follow the last of them."""

    def lines(self, now: float, what: Kept) -> Iterator[str]:
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

    config: SessionConfig
    began: str
    """When, in ISO 8601, by the clock of that time."""
    version: str
    """Of the program that wrote it."""
    _format: int
    _name: str
    _lines: TextIO

    @classmethod
    def read(cls, lines: TextIO, name: str) -> Log:
        """Read the first line of the log called `name`, or raise ``BadLog``."""
        content = _parse(_next_line(lines, f"{name}, line 1"), f"{name}, line 1")
        if "log" not in content:
            raise BadLog(f"{name} is not the log of a session: name one in the log folder.")
        written = content["log"]
        version = str(content.get("version"))[:20]
        if written == FORMAT:
            made_of = content.get("config")
        elif written == OLD_FORMAT:
            made_of = old_log.config(content.get("origin"))
        else:
            raise BadLog(
                f"{name} was written by voice-coach {version!r}, and this is {__version__!r}, "
                "which does not know its format: replay it with that one."
            )
        try:
            config = SessionConfig.model_validate_json(json.dumps(made_of))
        except ValidationError as error:
            raise BadLog(f"{name}, line 1 is broken: {_first(error)}.") from None
        return cls(config, str(content.get("began")), version, written, name, lines)

    @property
    def is_old(self) -> bool:
        """Whether the log has an older format, so that an older coach wrote it."""
        return self._format == OLD_FORMAT

    def entries(self) -> Iterator[Entry]:
        """Read the rest, line by line; raises ``BadLog`` where one is broken."""
        choices = {*self.config.language.choices}
        now, number = 0.0, 1
        while True:
            number += 1
            place = f"{self._name}, line {number}"
            line = _next_line(self._lines, place)
            if not line:
                return
            content = _parse(line, place)
            if self.is_old:
                content = old_log.line(content)
            for entry in _entries(content, place):
                if not now <= entry.at < math.inf:
                    raise BadLog(f"{place} is broken: its time is before that of the line before.")
                match entry.what:
                    case Heard(command, _, choice) if command in NAMING and choice not in choices:
                        raise BadLog(f"{place} is broken: it chooses a routine that is not there.")
                now = entry.at
                yield entry


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter({**EVENTS, **ACTIONS}[name])


def _entry(now: float, what: Kept) -> dict[str, Any]:
    if isinstance(what, Withheld):
        return {"time": now, "withheld": "answer"}
    name = type(what).__name__
    kind = "event" if name in EVENTS else "action"
    fields = _adapter(name).dump_python(what, mode="json", exclude_defaults=True)
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
        if "withheld" in content:
            yield Entry(at, Withheld())
            return
        for kind, kinds in (("event", EVENTS), ("action", ACTIONS)):
            name = content.pop(kind, "")
            if isinstance(name, str) and name in kinds:
                yield Entry(at, _adapter(name).validate_json(json.dumps(content)))
                return
    except ValidationError as error:
        raise BadLog(f"{place} is broken: {_first(error)}.") from None
    raise BadLog(f"{place} is broken: it is neither an event nor an action.")


def _next_line(lines: TextIO, place: str) -> str:
    try:
        line = lines.readline(LONGEST_LINE + 1)
    except UnicodeDecodeError:
        raise BadLog(f"{place} or one soon after it is broken: it is not UTF-8 text.") from None
    if len(line) > LONGEST_LINE:
        raise BadLog(f"{place} is broken: it has more than {LONGEST_LINE} characters.")
    return line


def _parse(line: str, place: str) -> dict[str, Any]:
    try:
        content = json.loads(line)
    except (ValueError, RecursionError):
        raise BadLog(f"{place} is broken: it is not a whole line of JSON.") from None
    if not isinstance(content, dict):
        raise BadLog(f"{place} is broken: it is not a JSON object.")
    return content


def _first(error: ValidationError) -> str:
    problem = error.errors()[0]
    where = ".".join(str(part)[:40] for part in problem["loc"])
    message = problem["msg"].removeprefix("Value error, ")
    return f"{where}: {message}" if where else message


def _line(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False) + "\n"
