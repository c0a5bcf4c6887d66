"""Downloads an archive of a speech model, from a web address or a Maven repository."""

from __future__ import annotations

import contextlib
import io
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

_PATIENCE = (10, 30)
"""Seconds to wait for a connection, and for each further piece."""


class Unavailable(Exception):
    """An archive cannot be used; the message ends a sentence that begins with its source."""


@dataclass(frozen=True)
class Archive:
    """One packed form of a model."""

    source: str
    """Who offers it, in words."""
    address: str
    """A web address, or the coordinates of a Maven artifact."""
    file: str
    """Its file name in the store, if a person puts it there."""
    folder: str
    """The folder of the model inside the archive."""
    size: int
    """Bytes."""
    sha256: str


Download = Callable[[Archive, Path], None]
"""Downloads an archive into a new file; raises ``Unavailable``, or ``OSError`` for the disk."""


def download_archive(archive: Archive, file: Path) -> None:
    """Download `archive` into `file`, with a progress bar on standard error; a ``Download``.

    Raises ``Unavailable``, or ``OSError`` if the disk fails.
    """
    # Only a download needs these, and urllib3 opens a socket to see whether there is IPv6.
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
                with contextlib.redirect_stdout(io.StringIO()):  # it prints its progress
                    client.download(Artifact.parse(archive.address), str(file))
    except (requests.RequestException, RequestException) as error:
        # The Maven client wraps the error that says what happened.
        cause = error.__context__ if isinstance(error, RequestException) else error
        if isinstance(cause, requests.HTTPError) and cause.response is not None:
            raise Unavailable(f"answered {cause.response.status_code}") from error
        begun = file.is_file() and file.stat().st_size
        if begun or isinstance(cause, requests.exceptions.ChunkedEncodingError):
            raise Unavailable("broke off") from error
        raise Unavailable("could not be reached") from error


@contextlib.contextmanager
def _progress(archive: Archive, file: Path) -> Iterator[None]:
    """Show how `file` grows; this works for every kind of source."""
    from rich.console import Console  # noqa: PLC0415 - see above
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
    )

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
