"""What is built is the same each time, and runs where the sources are not."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile

import manual_page
import pytest

pytestmark = pytest.mark.real_parts


def build(root, folder):
    """Build both kinds of package, as a release does; give their digests by name."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(folder)],
        cwd=root,
        env={**os.environ, "SOURCE_DATE_EPOCH": "1767225600"},
        check=True,
        capture_output=True,
    )
    return {path.name: hashlib.sha256(path.read_bytes()).digest() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def root(request):
    return request.config.rootpath


@pytest.fixture(scope="module")
def built(root, tmp_path_factory):
    folder = tmp_path_factory.mktemp("built")
    build(root, folder)
    return folder


def test_two_builds_give_the_same_bytes(root, built, tmp_path):
    first = {path.name: hashlib.sha256(path.read_bytes()).digest() for path in built.iterdir()}
    assert sorted(name.rpartition(".")[2] for name in first) == ["gz", "whl"]
    assert build(root, tmp_path) == first


def test_a_wheel_built_from_the_sdist_is_the_same(built, tmp_path):
    (sdist,) = built.glob("*.tar.gz")
    (wheel,) = built.glob("*.whl")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.iterdir()
    again = build(unpacked, tmp_path / "built")
    assert again[wheel.name] == hashlib.sha256(wheel.read_bytes()).digest()


def test_the_wheel_holds_all_data_and_nothing_of_the_tests(root, built):
    (wheel,) = built.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("data", "voice"):
        for path in (root / "voice_coach" / folder).rglob("*"):
            if path.is_file():
                assert str(path.relative_to(root)) in names
    assert any(name.endswith(".dist-info/licenses/docs/licences.md") for name in names)
    assert "voice_coach/data/models.toml" in names
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"voice_coach"}


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory):
    """Install the wheel into an environment of its own, beside nothing but what it depends on.

    Those are borrowed from the environment of the tests by their path alone, so that its own link
    to these sources is not followed.
    """
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, symlinks=True)
    (wheel,) = built.glob("*.whl")
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)],
        check=True,
    )
    site = next(folder.glob("lib/python*/site-packages"))
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


def run(installed, folder, *words):
    return subprocess.run(
        words,
        cwd=folder,
        env={
            "PATH": f"{installed / 'bin'}:{os.environ['PATH']}",
            "HOME": str(folder),
            "COLUMNS": "200",
        },
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout


def test_the_wheel_runs_outside_the_checkout(root, installed, tmp_path):
    where = run(installed, tmp_path, "python", "-c", "import voice_coach; print(voice_coach)")
    assert str(installed) in where
    assert str(root) not in where
    assert run(installed, tmp_path, "voice-coach", "--version").startswith("voice-coach 0.")
    assert "gentle-bends: a stretch of " in run(installed, tmp_path, "voice-coach", "list")
    assert "I'm a program, not a doctor." in run(installed, tmp_path, "voice-coach", "safety")
    said = run(installed, tmp_path, "voice-coach", "rehearse", "gentle-bends", "--language", "es")
    assert "Hola." in said
    assert "default" in run(installed, tmp_path, "voice-coach", "config")


def test_the_manual_page_is_installed_and_tells_what_help_tells(root, installed):
    """Where it does not, ./scripts/manual writes it anew."""
    page = (installed / "share" / "man" / "man1" / "voice-coach.1").read_text("utf-8")
    assert page == manual_page.page()
