"""Lets many rooms tell a broker of sessions, with the board open: scripts/rooms_trial; see --help.

Each room is a connection of its own, and tells what a room in a session tells: a state a second,
and "online" every five. Every two seconds it hurts in one of them. Broker and board are the real
programs. What is told to the page is read as a browser does.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from datetime import datetime, timezone
from pathlib import Path
from statistics import median
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.request import urlopen

from trials.mosquitto import Mosquitto
from voice_coach.core.breathing import Phase
from voice_coach.core.transitions import State
from voice_coach.core.view import Outcome
from voice_coach.rooms.broker import Broker
from voice_coach.rooms.messages import ONLINE, RoomEvent, RoomState, Topics
from voice_coach.rooms.room import SIGN_OF_LIFE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from paho.mqtt.client import Client

ROOMS = (10, 50, 100, 200, 300, 400, 500)
"""How many rooms are tried; a board shows 500."""
PAIN = 2
"""Seconds between two rooms in which it hurts."""
SETTLING = 5.0
"""Seconds until all rooms are known."""
LATE = 20.0
"""Seconds after the end in which pain may still come to the page."""
TICKS = os.sysconf("SC_CLK_TCK")


class Load(NamedTuple):
    """What was measured with so many rooms."""

    rooms: int
    messages: float
    """Messages a second that the rooms told."""
    broker: float
    board: float
    """Share of a core."""
    broker_memory: float
    board_memory: float
    """Megabytes that are resident."""
    pains: int
    delays: tuple[float, ...]
    """Seconds from each pain to the page, of those that came."""


class Process:
    """What a process uses."""

    def __init__(self, number: int) -> None:
        """Take its number."""
        self._folder = Path(f"/proc/{number}")

    @property
    def seconds(self) -> float:
        """Seconds of a core that it has used."""
        told = (self._folder / "stat").read_text("utf-8").rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / TICKS

    @property
    def megabytes(self) -> float:
        """What of it is resident."""
        return int((self._folder / "statm").read_text("utf-8").split()[1]) * 4096 / 2**20


class TalkingRoom:
    """A room in a session, told by hand: without threads, so that many fit into a process."""

    def __init__(self, name: str, broker: Broker) -> None:
        """Connect it."""
        self._topics = Topics(name)
        self._client: Client = broker.client(name)
        self._last: RoomEvent | None = None
        self._told = 0
        self._client.reconnect()
        while not self._client.is_connected():
            self._client.loop_read()
            time.sleep(0.001)

    def tell(self, second: int) -> int:
        """Tell what a room tells in this second; give the number of messages."""
        state = RoomState(
            state=State.BREATHING,
            routine="rocking",
            step=3,
            steps=5,
            side="first",
            breath=Phase.OUT if second % 2 else Phase.IN,
            seconds_left=90 - second % 90,
            last=self._last,
        )
        self._client.publish(self._topics.state, state.model_dump_json(), retain=True)
        alive = second % SIGN_OF_LIFE == 0 or not self._told
        if alive:
            self._client.publish(self._topics.availability, ONLINE, retain=True)
        self._told += 1 + alive
        self._client.loop_read()
        self._client.loop_misc()
        return 1 + alive

    def hurt(self) -> str:
        """Tell of pain; give the id of the event."""
        number = secrets.token_hex(8)
        self._last = RoomEvent(
            event_type=Outcome.PAIN,
            id=number,
            time=datetime.now(timezone.utc),
            routine="rocking",
            step=3,
        )
        self._client.publish(self._topics.event, self._last.model_dump_json(), qos=1)
        return number


class Reader:
    """Reads what the page is told, as a browser does, and notes when an id is in it first."""

    def __init__(self, address: str) -> None:
        """Take the address of the page."""
        self._address = address
        self.wanted: dict[str, float] = {}
        """When it hurt, by the ids that were not seen yet."""
        self.delays: list[float] = []
        Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        with urlopen(f"{self._address}events") as stream:  # noqa: S310 - our own address
            for line in stream:
                text = line.decode()
                for number in [each for each in [*self.wanted] if each in text]:
                    self.delays.append(time.monotonic() - self.wanted.pop(number))


@contextmanager
def board(
    port: int, folder: Path, host: str = "127.0.0.1"
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the real board at this broker, in a home of its own; give process and address."""
    homes = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("CACHE", "DATA", "CONFIG")}
    settings = folder / "config" / "voice-coach" / "settings.toml"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(f'[mqtt]\nhost = "{host}"\nport = {port}\n', "utf-8")
    environment = {**os.environ, "HOME": str(folder), **homes}
    for desktop in ("DISPLAY", "WAYLAND_DISPLAY"):
        environment.pop(desktop, None)
    command = [sys.executable, "-m", "voice_coach", "board"]
    with subprocess.Popen(  # noqa: S603 - our own command
        command, env=environment, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout  # noqa: S101 - for the type checker
        try:
            yield running, running.stdout.readline().split()[-1]
        finally:
            running.kill()


def measure(rooms: int, seconds: int) -> Load:
    """Let so many rooms tell for so many seconds."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        broker = Mosquitto(folder, careful=False).start()
        stack.callback(broker.end)
        running, address = stack.enter_context(board(broker.port, folder))
        at = Broker(host="127.0.0.1", port=broker.port)
        crowd = [TalkingRoom(f"room-{n}", at) for n in range(rooms)]
        page = Reader(address)
        processes = Process(broker.pid), Process(running.pid)
        _lead(crowd, page, 0, round(SETTLING))
        used, began = [each.seconds for each in processes], time.monotonic()
        told = _lead(crowd, page, 1, seconds)
        took = time.monotonic() - began
        shares = [(each.seconds - u) / took for each, u in zip(processes, used, strict=True)]
        end = time.monotonic() + LATE
        while page.wanted and time.monotonic() < end:
            time.sleep(0.1)
        return Load(
            rooms,
            told / took,
            broker=shares[0],
            board=shares[1],
            broker_memory=processes[0].megabytes,
            board_memory=processes[1].megabytes,
            pains=len(page.delays) + len(page.wanted),
            delays=tuple(page.delays),
        )


def _lead(crowd: Sequence[TalkingRoom], page: Reader, hurts: int, seconds: int) -> int:
    """Let all rooms tell, spread over each second; give the number of messages."""
    told, began = 0, time.monotonic()
    for second in range(seconds):
        for place, room in enumerate(crowd):
            due = began + second + place / len(crowd)
            time.sleep(max(0.0, due - time.monotonic()))
            told += room.tell(second)
            if hurts and second % PAIN == 0 and place == second * 7 % len(crowd):
                now = time.monotonic()
                page.wanted[room.hurt()] = now
                told += 1
    return told


def draw(loads: Sequence[Load], path: Path) -> None:
    """Draw what broker and board used, against the number of rooms."""
    import matplotlib as mpl  # noqa: PLC0415 - only for the picture

    mpl.use("Agg")
    mpl.rcParams.update({"svg.hashsalt": "voice-coach", "figure.figsize": (9, 4)})
    from matplotlib import pyplot as plt  # noqa: PLC0415

    figure, (left, right) = plt.subplots(1, 2)
    rooms = [load.rooms for load in loads]
    left.plot(rooms, [100 * load.board for load in loads], "o-", label="board")
    left.plot(rooms, [100 * load.broker for load in loads], "s--", label="Mosquitto")
    left.set(xlabel="rooms in a session", ylabel="% of a core", ylim=(0, None))
    right.plot(rooms, [load.board_memory for load in loads], "o-", label="board")
    right.plot(rooms, [load.broker_memory for load in loads], "s--", label="Mosquitto")
    right.set(xlabel="rooms in a session", ylabel="resident, MB", ylim=(0, None))
    for axes in (left, right):
        axes.legend()
        axes.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def main(words: Sequence[str] | None = None) -> int:
    """Hold the trial; 1 if a pain did not come to the page, or an outage disturbed anything."""
    parser = argparse.ArgumentParser(prog="scripts/rooms_trial", description=__doc__)
    parser.add_argument("--rooms", type=int, nargs="+", default=ROOMS, help="how many at once")
    parser.add_argument("--seconds", type=int, default=40, help="for how long each time")
    parser.add_argument(
        "--outages", type=float, metavar="MINUTES", help="instead: real sessions, and failures"
    )
    parser.add_argument("--plot", type=Path, help="a file for the picture, such as rooms.svg")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    asked = parser.parse_args(words)
    if asked.outages:
        from trials import outages  # noqa: PLC0415 - it needs a browser

        return int(not outages.hold(asked.outages))
    loads = []
    for rooms in asked.rooms:
        load = measure(rooms, asked.seconds)
        loads.append(load)
        print(row(load), flush=True)  # noqa: T201 - as it is measured
    if asked.plot:
        draw(loads, asked.plot)
    if asked.json:
        figures: list[dict[str, Any]] = [load._asdict() for load in loads]
        asked.json.write_text(json.dumps(figures, indent=1), "utf-8")
    return int(any(len(load.delays) < load.pains for load in loads))


def row(load: Load) -> str:
    """Write what was measured as a row of a table."""
    came = f"{len(load.delays)} of {load.pains}"
    delay = f"{median(load.delays):.1f} s, {max(load.delays):.1f} s" if load.delays else "never"
    return (
        f"| {load.rooms} | {load.messages:.0f} | {load.broker:.1%} | {load.board:.1%} | "
        f"{load.broker_memory:.0f} MB | {load.board_memory:.0f} MB | {came} | {delay} |"
    )


if __name__ == "__main__":
    sys.exit(main())
