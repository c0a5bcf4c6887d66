"""``python -m voice_coach`` and the command ``voice-coach``."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from voice_coach.cli import app  # noqa: PLC0415 - ends quickly when interrupted on start

    app()


if __name__ == "__main__":
    main()
