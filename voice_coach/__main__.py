"""``python -m voice_coach`` and the command ``voice-coach``."""

from __future__ import annotations

import gc
import io
import os
import sys

SELDOM = 100_000
"""New objects after which Python looks for garbage. It finds none while modules are loaded, and
with its usual 700 that search takes 0.05 s of a start. A session sets a smaller number again."""


def _open_what_is_closed() -> None:
    """Lead standard streams that the shell has closed, as `2>&-` does, to nowhere.

    Else the next file that is opened, perhaps the history, gets the number of the closed one, and
    the sound libraries write their complaints into it.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            mode = "r" if name == "stdin" else "w"
            nowhere = open(os.devnull, mode, encoding="utf-8")  # noqa: PTH123, SIM115 - for good
            if nowhere.fileno() != number:
                os.dup2(nowhere.fileno(), number)
            setattr(sys, name, nowhere)


def main() -> None:
    """Run the command line."""
    gc.set_threshold(SELDOM)
    # Nothing here uses plugins of pydantic, and it would search all installed packages for them.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    _open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A file's name may hold what a terminal cannot show; that must not end anything.
            stream.reconfigure(errors="backslashreplace")
    from voice_coach.cli import app  # noqa: PLC0415 - ends quickly when interrupted on start
    from voice_coach.cli.output import warn_of  # noqa: PLC0415

    try:
        app()
    except OSError as error:  # the help cannot be printed, as on a full disk
        warn_of(error)
        sys.exit(1)


if __name__ == "__main__":
    main()
