"""Real sessions in several rooms, and the board in Chromium, while broker and network fail.

Each room leads one session after the other in the studio, in real time, each until it hurts. One
more room tells nobody, to compare with. Broker and board are the real programs. Meanwhile the
broker is killed and frozen, and all lines, that of the board, or those of some rooms, are cut.
"""

from __future__ import annotations

import random
import tempfile
import time
from contextlib import ExitStack, contextmanager
from datetime import datetime, timezone
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from screens.chromium import chromium, window

from trials.many_rooms import board
from trials.network import has_namespaces, network
from trials.room_on_trial import LENGTHS, RoomOnTrial
from trials.watched_session import Blank, WatchedSession
from voice_coach.catalogue import read_language
from voice_coach.rooms.board import SILENCE
from voice_coach.rooms.room import SIGN_OF_LIFE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from trials.mosquitto import Mosquitto
    from trials.network import Link

ROOMS = 5
CUT_OFF = 2
"""How many rooms are cut off where it is some."""
BETWEEN = (7.0, 12.0)
LASTS = (2.0, 26.0)
"""Seconds from one outage to the next, and of an outage."""
SOON = 2.0
"""Seconds after the return of the network in which pain is at the board."""
SLACK = 1.5
"""Seconds in which a busy computer brings to the page what the board knows."""
BACK = 6.0
"""Seconds after the return of the network in which every room is known again."""
LOOK = 100
"""Milliseconds after which the page is looked at."""
LOOK_AT_PAGE = """() => [...document.querySelectorAll(".room")].map((room) => ({
  name: room.dataset.key,
  headline: room.querySelector(".headline").textContent,
  alarms: [...room.querySelectorAll(".alarms li")].map((alarm) => alarm.dataset.key),
}))"""


class Outage(NamedTuple):
    """Something that fails for a while; times are seconds since 1970."""

    kind: str
    rooms: frozenset[str]
    """The rooms that the board cannot hear meanwhile."""
    began: float
    ended: float = float("inf")


class _Failure(NamedTuple):
    """What can fail, whom the board cannot hear then, and how it is done and undone."""

    kind: str
    rooms: frozenset[str]
    fail: Callable[[], object]
    mend: Callable[[], object]


class Watch:
    """What the page showed, and what of it was false."""

    def __init__(self, end: float) -> None:
        """Take when the first room may leave."""
        self._end = end
        self.seen: dict[str, float] = {}
        """When the pain of an id was on the page first."""
        self.false: dict[str, list[str]] = {}
        """By rooms, what was false, each once."""
        self.back = 0.0
        """Seconds after a return in which the last room was known again, at most."""

    def look(self, rooms: Sequence[Mapping[str, Any]], outages: Sequence[Outage]) -> None:
        """Judge what the page shows now; the newest outage may not have ended."""
        now = time.time()
        newest = outages[-1] if outages else None
        for each in rooms:
            name, headline = each["name"], each["headline"]
            for number in each["alarms"]:
                self.seen.setdefault(number, now)
            if newest is None:
                continue
            known = not headline.startswith("not known")
            out = newest.began <= now < newest.ended
            if out and name in newest.rooms and now > newest.began + SILENCE + SLACK:
                last_words = newest.began - SIGN_OF_LIFE - SLACK, newest.began + SLACK
                if headline not in map(_not_known_since, last_words):
                    self._note(name, f"{newest.kind}: {headline!r}")
            elif not known and now < self._end and not (out and name in newest.rooms):
                since = now - (newest.began if out else newest.ended)
                self.back = max(self.back, since)
                if since > BACK:
                    self._note(name, f"after {newest.kind}: {headline!r}")

    def _note(self, name: str, what: str) -> None:
        noted = self.false.setdefault(name, [])
        if what not in noted:
            noted.append(what)


def _not_known_since(at: float) -> str:
    local = datetime.fromtimestamp(at, timezone.utc).astimezone()
    return f"not known since {local:%H:%M}"


def delay_of(pain: float, seen: float, outages: Sequence[Outage], room: str) -> float:
    """Give the seconds from pain, or from the end of what was out meanwhile, to the page."""
    ends = (o.ended for o in outages if room in o.rooms and o.ended > pain and o.ended <= seen)
    return seen - max((pain, *ends))


def _failures(broker: Mosquitto, links: Sequence[Link], names: Sequence[str]) -> Iterator[_Failure]:
    """Give what fails, one after the other, without end."""
    some, everybody = links[:CUT_OFF], frozenset(names)
    return cycle(
        (
            _Failure("broker killed", everybody, broker.end, broker.start),
            _Failure("broker frozen", everybody, broker.freeze, broker.thaw),
            _Failure("network cut", everybody, _all(links, "cut"), _all(links, "mend")),
            _Failure("board cut off", everybody, links[-1].cut, links[-1].mend),
            _Failure(
                *("some rooms cut off", frozenset(names[:CUT_OFF])),
                *(_all(some, "cut"), _all(some, "mend")),
            ),
        )
    )


def _all(links: Sequence[Link], what: str) -> Callable[[], object]:
    return lambda: [getattr(link, what)() for link in links]


@contextmanager
def _page(address: str) -> Iterator[Callable[[], Sequence[Mapping[str, Any]]]]:
    with chromium() as browser:
        page = window(browser, "laptop")
        page.goto(address)

        def look() -> Sequence[Mapping[str, Any]]:
            page.wait_for_timeout(LOOK)
            rooms: Sequence[Mapping[str, Any]] = page.evaluate(LOOK_AT_PAGE)
            return rooms

        yield look


def hold(minutes: float, seed: int = 1) -> bool:
    """Hold the trial for so many minutes, print what came of it, and tell whether all was well."""
    language, drawn = read_language(), random.Random(seed)  # noqa: S311 - no secret
    alone = {n: WatchedSession(language, Blank(), enough=n).cues for n in LENGTHS}
    names = [f"mat-{n}" for n in range(1, ROOMS + 1)]
    outages: list[Outage] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        broker, links = stack.enter_context(network(folder, ROOMS + 1))
        broker.start()
        _, address = stack.enter_context(board(broker.port, folder, links[-1].host))
        look = stack.enter_context(_page(address))
        lines: list[Link | None] = [*links[:-1], None]
        rooms = [
            RoomOnTrial(name, line, language, alone)
            for name, line in zip((*names, "alone"), lines, strict=True)
        ]
        end = time.time() + 60 * minutes
        for room in rooms:
            room.end = end
            room.start()
        watch = Watch(end)
        for failure in _failures(broker, links, names):
            _look_for(drawn.uniform(*BETWEEN), look, watch, outages)
            if time.time() >= end:
                break
            failure.fail()
            outages.append(Outage(failure.kind, failure.rooms, time.time()))
            _look_for(drawn.uniform(*LASTS), look, watch, outages)
            failure.mend()
            outages[-1] = outages[-1]._replace(ended=time.time())
        while any(room.is_alive() for room in rooms):
            _look_for(1, look, watch, outages)
        _look_for(SOON + SLACK, look, watch, outages)
    return _tell(rooms, watch, outages)


def _look_for(
    seconds: float,
    look: Callable[[], Sequence[Mapping[str, Any]]],
    watch: Watch,
    outages: Sequence[Outage],
) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        watch.look(look(), outages)


def _tell(rooms: Sequence[RoomOnTrial], watch: Watch, outages: Sequence[Outage]) -> bool:
    """Print the table; tell whether all was well."""
    head = (
        "room",
        "sessions",
        "cues as alone",
        "a view held up",
        "too late",
        "pains",
        "at the board",
    )
    rows = [(*head, "after (median, longest)", "false"), ("---",) * (len(head) + 2)]
    well = not watch.false
    for room in rooms:
        seen = {number: at for number, at in watch.seen.items() if number in room.pains}
        delays = [delay_of(room.pains[n], at, outages, room.name) for n, at in seen.items()]
        hurt = room.sessions if room.tells else 0
        well &= room.equal == room.sessions and len(room.pains) == len(seen) == hurt
        well &= max(delays, default=0.0) <= SOON
        after = f"{median(delays):.1f} s, {max(delays):.1f} s" if delays else "-"
        times = f"{1000 * room.held_up:.1f} ms", f"{1000 * room.late:.0f} ms"
        false = "; ".join(watch.false.get(room.name, ())) or "nothing"
        counts = str(room.sessions), str(room.equal)
        rows.append((room.name, *counts, *times, str(hurt), str(len(seen)), after, false))
    pains = [(room.name, at) for room in rooms for at in room.pains.values()]
    missed = sum(o.began <= at < o.ended and name in o.rooms for o in outages for name, at in pains)
    forged = set(watch.seen) - {number for room in rooms for number in room.pains}
    how = "network namespaces" if has_namespaces() else "relays"
    each = ", ".join(f"{o.kind} {o.ended - o.began:.0f} s" for o in outages)
    _say(*(f"| {' | '.join(row)} |" for row in rows), "", f"Outages ({how}): {each}.")
    _say(f"{missed} of {len(pains)} pains came while the board could not hear the room.")
    _say(f"Pain at the board that nobody had: {len(forged)}.")
    _say(f"After a return all rooms were known within {watch.back:.1f} s.")
    return well and not forged


def _say(*lines: str) -> None:
    print("\n".join(lines), flush=True)  # noqa: T201 - it is what was asked for
