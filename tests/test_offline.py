"""A whole session needs no network and asks for none, and what it leaves is for the user alone."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from voice_coach.hearing import model_store

GUARD = Path(__file__).parent / "socket_guard"
"""A folder whose ``sitecustomize`` ends each Python process that asks for an Internet socket."""
CAUGHT = 97
"""With this exit code."""


WITHOUT = ["unshare", "--map-root-user", "--net"] if sys.platform == "linux" else []
"""Before a command: with no network interface that is up."""
CHILD = """
import subprocess, sys
sys.exit(subprocess.call([sys.executable, "-c", "import socket; socket.socket()"]))
"""


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    """Lead a whole demo without any network interface, under guard, in a home of its own.

    Where a network namespace may not be made this fails: then nothing is proven.
    """
    kept = model_store.find(model_store.manifest(), model_store.store())
    assert kept, "the speech model is missing: ./scripts/run fetch-model"
    home = tmp_path_factory.mktemp("home")
    homes = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CACHE", "DATA", "CONFIG")}
    found = subprocess.run(
        [*WITHOUT, sys.executable, "-m", "voice_coach", "demo", "--wav", str(home / "demo.wav")],
        env={**os.environ, "HOME": str(home), **homes, "PYTHONPATH": str(GUARD)},
        capture_output=True,
        text=True,
        check=False,
        umask=0o022,
    )
    return found, home


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has network namespaces")
def test_a_whole_session_is_led_where_there_is_no_network_interface(session):
    links = subprocess.run(
        [*WITHOUT, "cat", "/proc/net/dev"], capture_output=True, text=True, check=True
    ).stdout.splitlines()[2:]
    # The loopback is always there, but it is down.
    assert [link.split(":")[0].strip() for link in links] == ["lo"]
    found, home = session
    assert found.returncode == 0, found.stdout + found.stderr
    assert "Partner: hands off." in found.stdout
    assert (home / "demo.wav").stat().st_size > 1_000_000


def test_no_process_of_a_session_asks_for_an_internet_socket(session):
    found, _ = session
    assert found.returncode != CAUGHT
    assert "an Internet socket was asked for" not in found.stderr


def test_what_a_session_leaves_behind_is_for_the_user_alone(session):
    _, home = session
    everything = [path for path in home.rglob("*") if path.name != "demo.wav"]
    files = [path for path in everything if path.is_file()]
    assert len([path for path in files if path.suffix == ".wav"]) > 50
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    folders = [path for path in everything if path.is_dir()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}


def test_a_file_that_was_asked_for_by_name_is_as_public_as_any_other(session):
    _, home = session
    assert stat.S_IMODE((home / "demo.wav").stat().st_mode) == 0o644


@pytest.mark.parametrize(
    "asks",
    [
        "import socket; socket.socket()",
        "import socket; socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)",
        "import socket; socket.getaddrinfo('localhost', 80)",
        "import socket; socket.gethostbyname('localhost')",
        "import _socket; _socket.socket().connect(('127.0.0.1', 9))",
        "import requests; requests.get('http://127.0.0.1:9')",
        CHILD,
    ],
)
def test_the_guard_catches_who_asks_for_an_internet_socket(asks):
    found = subprocess.run(
        [sys.executable, "-c", asks],
        env={**os.environ, "PYTHONPATH": str(GUARD)},
        capture_output=True,
        check=False,
    )
    assert found.returncode == CAUGHT
    assert b"an Internet socket was asked for" in found.stderr


def test_the_guard_lets_a_socket_of_this_computer_pass():
    alone = "import socket; a, b = socket.socketpair(); a.close(); b.close()"
    subprocess.run([sys.executable, "-c", alone], env={"PYTHONPATH": str(GUARD)}, check=True)
