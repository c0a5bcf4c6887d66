"""``python -m voice_coach`` and the command ``voice-coach``."""

from __future__ import annotations

import io
import sys


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A file's name may hold what a terminal cannot show; that must not end anything.
            stream.reconfigure(errors="backslashreplace")
    from voice_coach.cli import app  # noqa: PLC0415 - ends quickly when interrupted on start

    app()


if __name__ == "__main__":
    main()
