"""The command line: verbs, options and exit codes. What they do stands elsewhere.

Each module adds its verbs to ``app`` when it is imported, in the order in which help shows them.
"""

# isort: off
from voice_coach.cli import sessions, routines, pictures, own, memory, hearing, parts
from voice_coach.cli.shell import ExitCode, app

__all__ = [
    "ExitCode",
    "app",
    "hearing",
    "memory",
    "own",
    "parts",
    "pictures",
    "routines",
    "sessions",
]
