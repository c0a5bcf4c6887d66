"""The command line: commands, options and exit codes. What they do is elsewhere.

Each module adds its commands to ``app`` when it is imported, in the order in which help shows them.
"""

# isort: off
from voice_coach.cli import sessions, demo, phone, board, files, routines, pictures, own
from voice_coach.cli import memory, hearing, parts
from voice_coach.cli.shell import ExitCode, app

__all__ = [
    "ExitCode",
    "app",
    "board",
    "demo",
    "files",
    "hearing",
    "memory",
    "own",
    "parts",
    "phone",
    "pictures",
    "routines",
    "sessions",
]
