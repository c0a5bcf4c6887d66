"""Puts things where a plain file should be."""

from __future__ import annotations

import os


def plant(path, what):
    """Put a pipe, an endless device, a loop of links, a huge file, or many files at `path`."""
    path.unlink(missing_ok=True)
    if what == "pipe":
        os.mkfifo(path)
    elif what == "endless":
        path.symlink_to("/dev/zero")
    elif what == "loop":
        path.symlink_to(path.name)
    elif what == "huge":
        with path.open("wb") as file:
            file.truncate(2 * 2**30)  # it takes no room on the disk
    else:
        path.mkdir()
        for number in range(2000):
            (path / str(number)).touch()
