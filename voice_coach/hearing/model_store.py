"""Finds the speech model, or downloads it once; a model it gives is verified to the last byte.

An archive is used only if its size and SHA-256 are those of the manifest. It is unpacked beside its
final place and stamped with its archive's SHA-256 and the size and SHA-256 of each file. Only then
it is renamed into place.
So a model is there whole or not at all, even if the power fails or two processes download at once.

Each start compares the stamp with the manifest and the files (0.05 s for 68 MB), because vosk may
end the process if a part of the model is missing. This finds accidents. Whoever can write into the
folder can also write a stamp. The manifest names several archives of one model, tried in order. An
archive that a person has put into the folder comes first, for computers without a network.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

import platformdirs

from voice_coach.core.toml_reader import parse_toml
from voice_coach.errors import CoachError
from voice_coach.hearing.model_download import Archive, Download, Unavailable, download_archive
from voice_coach.hearing.unpacking import MOST_FILES, BadArchive, unpack
from voice_coach.package_data import data_folder
from voice_coach.plain_files import open_plain, read_plain_text
from voice_coach.private import private_file, private_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIABLE = "VOICE_COACH_MODEL"
"""The environment variable for the folder of a person's own model."""
STAMP = "verified.json"
"""The stamp in a model's folder: the ``archive`` by its SHA-256, and ``files`` as ``{path: [bytes,
SHA-256]}``."""
_LARGEST_STAMP = 1_000_000
"""Bytes; ours has 2000."""
_LARGEST_FILE = 2_000_000_000
"""Bytes of one file of a model; all of ours together have 70 million."""

PIECE = 2**24
"""Bytes that are digested at a time. Other threads work meanwhile; after each piece this one waits
for its turn."""

_SCRATCH = "unfinished-"
_STALE = 24 * 3600
"""Seconds after which an unfinished download is given up."""
_ESSENTIAL = ("am/final.mdl", "conf/mfcc.conf", "conf/model.conf", "graph/Gr.fst", "graph/HCLr.fst")
"""Files without which vosk has no closed grammar, or may end the process."""


class NoModel(CoachError):
    """There is no usable model; the message says what was tried and how to mend it."""


@dataclass(frozen=True)
class Model:
    """A model the coach can work with, as the manifest has it."""

    name: str
    """The name of the model and of its folder."""
    language: str
    publisher: str
    licence: str
    page: str
    """The publisher's web page about it."""
    archives: tuple[Archive, ...]
    """In the order to try; none if a person must bring the model."""
    space: int = 0
    """Bytes needed on the disk for the archive and the unpacked model."""


def manifest(language: str = "en") -> Model:
    """Read the model of `language` from the manifest in the package or in the checkout."""
    packaged = data_folder() / "models.toml"
    file = packaged if packaged.is_file() else _checkout() / "manifest.toml"
    for entry in parse_toml(file.read_text(encoding="utf-8"))["model"]:
        if entry["language"] == language:
            archives = tuple(Archive(**archive) for archive in entry.pop("archive", ()))
            return Model(**entry, archives=archives)
    raise NoModel(f"There is no speech model for the language {language!r}.")


def store() -> Path:
    """Return where models are kept: the checkout's ``models``, or else the user's cache."""
    if (_checkout() / "manifest.toml").is_file():
        return _checkout()
    return Path(platformdirs.user_cache_dir("voice-coach", appauthor=False)) / "models"


def find(model: Model, kept: Path, own: Path | None = None) -> Path | None:
    """Return the folder of an existing model: the person's `own`, or a verified one in `kept`.

    Without `own`, the environment variable ``VOICE_COACH_MODEL`` counts. Raises ``NoModel`` if the
    folder that was named is not a model, because another model is not what was asked for.
    """
    if own is None and VARIABLE in os.environ:
        own = Path(os.environ[VARIABLE])
    if own is None:
        return kept / model.name if intact(kept / model.name, model) else None
    missing = [part for part in _ESSENTIAL if not (own / part).is_file()]
    if missing:
        raise NoModel(
            f"{own} is no speech model: it has no {missing[0]}. Give the folder of an unpacked "
            f"vosk model with a changeable grammar ({model.page} calls it small), or leave out the "
            f"option and {VARIABLE}."
        )
    strange = [name for name in sorted(_names(own)) if not (own / name).is_file()]
    if strange:
        raise NoModel(f"{own / strange[0]} is a pipe, a device or a dead link: unpack it anew.")
    if os.path.lexists(own / STAMP) and not intact(own):
        raise NoModel(f"{own} is damaged: some of its files differ from its {STAMP}.")
    return own


def fetch(model: Model, kept: Path, download: Download | None = None) -> Path:
    """Return the folder of the verified model in `kept`, after a download if it is not there.

    `download` replaces the network in tests. Raises ``NoModel``.
    """
    final = kept / model.name
    if intact(final, model):
        return final
    if not model.archives:
        raise NoModel(
            f"The speech model {model.name} is missing, and no archive of it has been verified yet "
            f"for download: get it from {model.page}, unpack it, and name its folder with "
            f"--model or in {VARIABLE}."
        )
    refusals: list[str] = []
    try:
        if not kept.is_dir():  # the checkout's folder is not for one user alone
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
                    _stamp(unpacked, archive)
                    return _install(unpacked, final, work, model)
    except OSError as error:
        raise NoModel(_disk_trouble(model, kept, error)) from error
    files = " or ".join(archive.file for archive in model.archives)
    raise NoModel(
        f"The speech model {model.name} could not be downloaded: {'; '.join(refusals)}. "
        f"Connect this computer to the network and try again, or put {files} from elsewhere "
        f"({model.page}) into {kept}, or name an unpacked model's folder in {VARIABLE}."
    )


def intact(folder: Path, model: Model | None = None) -> bool:
    """Tell whether `folder` is as its stamp has it: each file, no other, and each byte.

    With `model`, its stamp must name an archive of that one.

    Looks at no more files and bytes than a model has, whatever is there.
    """
    try:
        stamp = json.loads(read_plain_text(folder / STAMP, _LARGEST_STAMP))
        match stamp:
            case {"archive": str(sha256), "files": dict(files)} if files:
                return (
                    (model is None or sha256 in {archive.sha256 for archive in model.archives})
                    and _names(folder) == files.keys() | {STAMP}
                    and all(_matches(folder / name, entry) for name, entry in files.items())
                )
    except (OSError, ValueError, RecursionError):
        pass
    return False


def _names(folder: Path) -> set[str]:
    """Return the files in a folder; more than a model has are not counted."""
    names: set[str] = set()
    for place, _, files in os.walk(folder):
        names.update((Path(place) / file).relative_to(folder).as_posix() for file in files)
        if len(names) > MOST_FILES:
            break
    return names


def _matches(file: Path, entry: object) -> bool:
    """Compare the size first, so that a file of any length is answered for at once."""
    match entry:
        case [int(size), str(sha256)] if size <= _LARGEST_FILE:
            with open_plain(file, size) as source:
                return _hashed(source) == [size, sha256]
    return False


def _checkout() -> Path:
    return Path(__file__).parents[2] / "models"


def _sweep(kept: Path) -> None:
    """Delete what a killed download has left behind; a recent one may still be at work."""
    for left in kept.glob(f"{_SCRATCH}*"):
        if time.time() - left.stat().st_mtime > _STALE:
            shutil.rmtree(left, ignore_errors=True)


def _offers(model: Model, kept: Path, work: Path) -> Iterator[tuple[Archive, Path]]:
    """Yield each archive with its file: first those put into `kept`, then those to download."""
    for archive in model.archives:
        if (kept / archive.file).is_file():
            yield archive, kept / archive.file
    for archive in model.archives:
        yield archive, work / archive.file


def _verify(archive: Archive, packed: Path) -> None:
    size = packed.stat().st_size
    if size != archive.size:
        raise Unavailable(f"has {size} bytes instead of {archive.size}")
    with open_plain(packed, size) as source:
        _, sha256 = _hashed(source)
    if sha256 != archive.sha256:
        raise Unavailable("is not the archive it should be: its SHA-256 differs")


def _stamp(folder: Path, archive: Archive) -> None:
    files = {}
    for name in sorted(_names(folder)):
        with (folder / name).open("rb") as source:
            files[name] = _hashed(source)
    stamp = {"archive": archive.sha256, "files": files}
    private_file(folder / STAMP).write_text(json.dumps(stamp, indent=1), encoding="utf-8")


def _hashed(source: IO[bytes]) -> list[int | str]:
    """Return the bytes that are left and their SHA-256, as in the stamp."""
    size, sha256 = 0, hashlib.sha256()
    while piece := source.read(PIECE):
        size += len(piece)
        sha256.update(piece)
    return [size, sha256.hexdigest()]


def _install(unpacked: Path, final: Path, work: Path, model: Model) -> Path:
    """Rename a whole model into place; if another process was first, use its model."""
    if not intact(final, model):
        with contextlib.suppress(OSError):
            final.rename(work / "damaged")
    try:
        unpacked.rename(final)
    except OSError:
        if not intact(final, model):
            raise
    return final


def _disk_trouble(model: Model, kept: Path, error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        trouble = (
            f"the disk is full, and the model needs {model.space // 10**6} MB: make room there"
        )
    else:
        trouble = f"{error.strerror or error}: make that folder writable"
    return f"The speech model {model.name} cannot be kept in {kept}: {trouble}, and try again."
