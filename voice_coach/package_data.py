"""Where the package's own data is: tables, and a folder for each language."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def data_folder() -> Traversable:
    """Return the folder of all data."""
    return files("voice_coach") / "data"


def languages() -> list[str]:
    """List the codes of the languages there are."""
    return sorted(folder.name for folder in data_folder().iterdir() if folder.is_dir())
