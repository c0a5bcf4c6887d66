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


WITHOUT = ("unshare", "--map-root-user", "--net")
"""Before a command: with no network interface that is up."""
CHILD = """
import subprocess, sys
sys.exit(subprocess.call([sys.executable, "-c", "import socket; socket.socket()"]))
"""


def guarded(home, *command, before=()):
    """Run the coach under guard, in a home of its own."""
    homes = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CACHE", "DATA", "CONFIG")}
    return subprocess.run(
        [*before, sys.executable, "-m", "voice_coach", *command],
        env={**os.environ, "HOME": str(home), **homes, "PYTHONPATH": str(GUARD)},
        capture_output=True,
        text=True,
        check=False,
        umask=0o022,
    )


@pytest.fixture(autouse=True)
def _model():
    kept = model_store.find(model_store.manifest(), model_store.store())
    assert kept, "the speech model is missing: ./scripts/run fetch-model"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has network namespaces")
def test_a_whole_session_needs_no_network_asks_for_none_and_leaves_only_private_files(tmp_path):
    """Where a network namespace may not be made this fails: then nothing is proven."""
    links = subprocess.run(
        [*WITHOUT, "cat", "/proc/net/dev"], capture_output=True, text=True, check=True
    ).stdout.splitlines()[2:]
    # The loopback is always there, but it is down.
    assert [link.split(":")[0].strip() for link in links] == ["lo"]
    wav = tmp_path / "demo.wav"
    found = guarded(tmp_path, "demo", "--wav", str(wav), before=WITHOUT)
    assert found.returncode == 0, found.stdout + found.stderr
    assert "Partner: hands off." in found.stdout
    everything = [path for path in tmp_path.rglob("*") if path != wav]
    files = [path for path in everything if path.is_file()]
    assert len([path for path in files if path.suffix == ".wav"]) > 50
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    folders = [path for path in everything if path.is_dir()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}
    # What was asked for by name is as public as any other file.
    assert stat.S_IMODE(wav.stat().st_mode) == 0o644


def test_with_a_network_at_hand_no_part_asks_for_an_internet_socket(tmp_path):
    """The doctor tries them all: sound, voice, recogniser and hearing."""
    found = guarded(tmp_path, "doctor")
    assert found.returncode != CAUGHT, found.stderr
    assert "✓ hearing" in found.stdout


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
