"""Finds the speech model, or fetches it once; what it gives has been verified to the last byte.

An archive is believed only if its size and SHA-256 are those of the manifest. It is unpacked
beside its final place, stamped with the size and SHA-256 of each file, and only then renamed into
place: a model is there whole or not at all, even if the power fails or two processes fetch at
once. Each start compares the stamp with the files (0.05 s for 68 MB), because part of a model can
end the whole process. The manifest names several archives of one model, to be tried in order; one
that a person has laid into the folder comes first, so that a machine can stay off the network.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import json
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import resources
from pathlib import Path

import platformdirs
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from voice_coach.errors import CoachError
from voice_coach.hearing.unpacking import BadArchive, unpack
from voice_coach.private import private_file, private_folder

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

VARIABLE = "VOICE_COACH_MODEL"
"""The environment's name for the folder of a model of one's own."""
STAMP = "verified.json"
"""In a model's folder: ``{path below it: [bytes, SHA-256]}`` of every file."""

_PATIENCE = (10, 30)
"""Seconds to wait for a connection, and for each further piece."""
_SCRATCH = "unfinished-"
_STALE = 24 * 3600
"""Seconds after which an unfinished fetch is taken for dead."""
_ESSENTIAL = ("am/final.mdl", "conf/mfcc.conf", "conf/model.conf", "graph/Gr.fst", "graph/HCLr.fst")
"""Without these there is no closed grammar, and vosk may end the process."""


class NoModel(CoachError):
    """There is no model to be had; the message says what was tried and how to mend it."""


class Unavailable(Exception):
    """One archive could not be had; the message is the rest of a sentence that names its source."""


@dataclass(frozen=True)
class Archive:
    """One packed form of a model."""

    source: str
    """Who offers it, as a person may read it."""
    address: str
    """A web address, or the coordinates of a Maven artifact."""
    file: str
    """Its name when a person lays it into the store."""
    folder: str
    """Where in the archive the model's files are."""
    size: int
    """Bytes."""
    sha256: str


@dataclass(frozen=True)
class Model:
    """A model the coach can work with, as the manifest has it."""

    name: str
    """Also that of its folder."""
    language: str
    publisher: str
    licence: str
    page: str
    """The publisher's web page of it."""
    archives: tuple[Archive, ...]
    """In the order in which to try them; none where a person must bring the model."""
    space: int = 0
    """Bytes on the disk while it is fetched: packed and unpacked."""


Download = Callable[[Archive, Path], None]
"""Fetches an archive into a new file; raises ``Unavailable``, or ``OSError`` if the disk fails."""


def manifest(language: str = "en") -> Model:
    """Read the model of `language` from the manifest, in the package or else in the checkout."""
    packaged = resources.files("voice_coach") / "data" / "models.toml"
    file = packaged if packaged.is_file() else _checkout() / "manifest.toml"
    for entry in tomllib.loads(file.read_text(encoding="utf-8"))["model"]:
        if entry["language"] == language:
            archives = tuple(Archive(**archive) for archive in entry.pop("archive", ()))
            return Model(**entry, archives=archives)
    raise NoModel(f"There is no speech model for the language {language!r}.")


def store() -> Path:
    """Tell where models are kept: in the checkout's ``models``, or else in the user's cache."""
    if (_checkout() / "manifest.toml").is_file():
        return _checkout()
    return Path(platformdirs.user_cache_dir("voice-coach", appauthor=False)) / "models"


def find(model: Model, kept: Path, own: Path | None = None) -> Path | None:
    """Give the folder of a model that is there: the person's `own`, or a verified one in `kept`.

    Without `own` the environment's ``VOICE_COACH_MODEL`` counts. Raises ``NoModel`` if the folder
    so named is no model, for then another one would not be what was asked for.
    """
    if own is None and VARIABLE in os.environ:
        own = Path(os.environ[VARIABLE])
    if own is None:
        return kept / model.name if intact(kept / model.name) else None
    missing = [part for part in _ESSENTIAL if not (own / part).is_file()]
    if missing:
        raise NoModel(
            f"{own} is no speech model, for it has no {missing[0]}: give the folder of an unpacked "
            f"vosk model with a changeable grammar ({model.page} calls it small), or leave the "
            f"option and {VARIABLE} away."
        )
    if (own / STAMP).is_file() and not intact(own):
        raise NoModel(f"{own} is damaged: some of its files differ from its {STAMP}.")
    return own


def fetch(model: Model, kept: Path, download: Download | None = None) -> Path:
    """Give the folder of the verified model in `kept`, after fetching it if it is not there.

    `download` stands in for the network. Raises ``NoModel``.
    """
    final = kept / model.name
    if intact(final):
        return final
    if not model.archives:
        raise NoModel(
            f"The speech model {model.name} is missing, and no archive of it has been verified yet "
            f"that could be fetched: get it from {model.page}, unpack it, and name its folder with "
            f"--model or in {VARIABLE}."
        )
    refusals: list[str] = []
    try:
        if not kept.is_dir():  # the checkout's is not for one user alone
            private_folder(kept)
        _sweep(kept)
        with tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=kept) as scratch:
            work = Path(scratch)
            for archive, packed in _offers(model, kept, work):
                unpacked = work / f"model-{len(refusals)}"
                try:
                    if not packed.is_file():
                        (download or download_archive)(archive, packed)
                    _verify(archive, packed)
                    unpack(packed, archive.folder, unpacked, model.space)
                except (Unavailable, BadArchive) as refusal:
                    source = packed if packed.parent == kept else archive.source
                    refusals.append(f"{source} {refusal}")
                else:
                    _stamp(unpacked)
                    return _install(unpacked, final, work)
    except OSError as error:
        raise NoModel(_disk_trouble(model, kept, error)) from error
    files = " or ".join(archive.file for archive in model.archives)
    raise NoModel(
        f"The speech model {model.name} could not be fetched: {'; '.join(refusals)}. "
        f"Connect this computer to the network and try again, or lay {files} from elsewhere "
        f"({model.page}) into {kept}, or name an unpacked model's folder in {VARIABLE}."
    )


def intact(folder: Path) -> bool:
    """Tell whether `folder` is a model that was stamped and still has every byte of it."""
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
        return bool(stamp) and all(_print(folder / name) == entry for name, entry in stamp.items())
    except (OSError, ValueError):
        return False


def download_archive(archive: Archive, file: Path) -> None:
    """Fetch `archive` from the network, with a progress bar on standard error; a ``Download``."""
    # Who fetches nothing needs none of these, and urllib3 opens a socket to see if there is IPv6.
    import pooch  # noqa: PLC0415
    import requests  # noqa: PLC0415
    from maven_artifact import Artifact, Downloader, RequestException  # noqa: PLC0415

    try:
        with _progress(archive, file):
            if "://" in archive.address:
                get = pooch.HTTPDownloader(chunk_size=2**16, timeout=_PATIENCE)
                get(archive.address, str(file), None)
            else:
                client = Downloader()
                client.requestor.request = partial(client.requestor.request, timeout=_PATIENCE)
                with contextlib.redirect_stdout(io.StringIO()):  # it prints what it does
                    client.download(Artifact.parse(archive.address), str(file))
    except (requests.RequestException, RequestException) as error:
        # The Maven client wraps the error that tells what happened.
        cause = error.__context__ if isinstance(error, RequestException) else error
        if isinstance(cause, requests.HTTPError) and cause.response is not None:
            raise Unavailable(f"answered {cause.response.status_code}") from error
        begun = file.is_file() and file.stat().st_size
        if begun or isinstance(cause, requests.exceptions.ChunkedEncodingError):
            raise Unavailable("broke off") from error
        raise Unavailable("could not be reached") from error


def _checkout() -> Path:
    return Path(__file__).parents[2] / "models"


def _sweep(kept: Path) -> None:
    """Delete what a fetch that was killed has left behind; a fresh one may still be at work."""
    for left in kept.glob(f"{_SCRATCH}*"):
        if time.time() - left.stat().st_mtime > _STALE:
            shutil.rmtree(left, ignore_errors=True)


def _offers(model: Model, kept: Path, work: Path) -> Iterator[tuple[Archive, Path]]:
    """Give each archive with its file: first those laid into `kept`, then those to download."""
    for archive in model.archives:
        if (kept / archive.file).is_file():
            yield archive, kept / archive.file
    for archive in model.archives:
        yield archive, work / archive.file


def _verify(archive: Archive, packed: Path) -> None:
    size, sha256 = _print(packed)
    if size != archive.size:
        raise Unavailable(f"has {size} bytes instead of {archive.size}")
    if sha256 != archive.sha256:
        raise Unavailable("is not the archive it should be: its SHA-256 differs")


def _stamp(folder: Path) -> None:
    files = [file for file in folder.rglob("*") if file.is_file()]
    stamp = {file.relative_to(folder).as_posix(): _print(file) for file in files}
    private_file(folder / STAMP).write_text(json.dumps(stamp, indent=1), encoding="utf-8")


def _print(file: Path) -> list[int | str]:
    """Give a file's bytes and SHA-256, as the stamp has them."""
    sha256 = hashlib.sha256()
    with file.open("rb") as source:
        while piece := source.read(2**20):
            sha256.update(piece)
    return [file.stat().st_size, sha256.hexdigest()]


def _install(unpacked: Path, final: Path, work: Path) -> Path:
    """Rename a whole model into place; if another process was first, its model is as good."""
    if not intact(final):
        with contextlib.suppress(OSError):
            final.rename(work / "damaged")
    try:
        unpacked.rename(final)
    except OSError:
        if not intact(final):
            raise
    return final


@contextlib.contextmanager
def _progress(archive: Archive, file: Path) -> Iterator[None]:
    """Show how `file` grows, which tells the same of every kind of source."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(f"Speech model, from {archive.source}", total=archive.size)
        done = threading.Event()

        def watch() -> None:
            while not done.wait(0.2):
                with contextlib.suppress(OSError):
                    bar.update(task, completed=file.stat().st_size)

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
            bar.update(task, completed=archive.size)
        finally:
            done.set()
            watcher.join()


def _disk_trouble(model: Model, kept: Path, error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        trouble = f"the disk is full, and it takes {model.space // 10**6} MB: make room there"
    else:
        trouble = f"{error.strerror or error}: make that folder writable"
    return f"The speech model {model.name} cannot be kept in {kept}: {trouble}, and try again."
