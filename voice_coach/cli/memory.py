"""Commands about past sessions."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voice_coach.cli.output import clock, out, say, warn
from voice_coach.cli.pictures import drawable, write_picture
from voice_coach.cli.shell import ENGLISH, LanguageCode, app, language_of, plain_words, plan_named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voice_coach.history.store import History

REPLAY_INDENT = 17
"""Columns before the text of a replayed line."""
MOST_SESSIONS = 10**9
"""More than any history has."""


@app.command()
def history(
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print comma-separated values.")] = False,
    tcx: Annotated[
        bool, typer.Option("--tcx", help="Print TCX, which fitness programs import.")
    ] = False,
    picture: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            callback=drawable,
            help="Draw a picture of days and routines; its name ends in .svg or .png.",
        ),
    ] = None,
) -> None:
    """Show your past sessions; they are stored on this computer only."""
    if json + csv + tcx + (picture is not None) > 1:
        raise typer.BadParameter("Take one of --json, --csv, --tcx and --picture.")
    with plain_words():
        from voice_coach.history import listing
        from voice_coach.history.picture import draw
        from voice_coach.history.workouts import as_tcx

        with _history() as memory:
            sessions = memory.past().sessions
        titles = language_of(ENGLISH).titles
        if json:
            typer.echo(listing.as_json(sessions))
        elif csv:
            typer.echo(listing.as_csv(sessions), nl=False)
        elif tcx:
            typer.echo(as_tcx(sessions, titles), nl=False)
        elif not sessions:
            out.print("Nothing is remembered yet.")
        elif picture:
            write_picture(draw(sessions, titles), picture)
            say(f"Drawn into {picture}.")
        else:
            out.print(listing.as_table(sessions, titles))


@app.command()
def calendar(
    when: Annotated[
        str, typer.Argument(metavar="WHEN", help="Such as: weekdays 8:00, or: mon thu 18:30.")
    ],
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The calendar file; its name ends in .ics.")
    ] = Path("voice-coach.ics"),
    area: Annotated[
        str,
        typer.Option(
            "--for",
            metavar="AREA",
            help="The plan: upper-back, lower-back, whole-back, or one of your own.",
        ),
    ] = "whole-back",
    minutes: Annotated[
        int, typer.Option(metavar="MINUTES", help="How long it takes: 5, 10 or 15.")
    ] = 10,
    code: LanguageCode = ENGLISH,
) -> None:
    """Write a calendar file that reminds you of a plan, for any calendar program."""
    with plain_words():
        from datetime import datetime

        from voice_coach.history.calendar import as_calendar, parse_reminder
        from voice_coach.plain_files import write_whole

        language = language_of(code)
        plan_named(language, area, minutes)
        lines = language.teaching.plans
        plan = {plan.id: plan for plan in language.plans}[area]
        number = language.number(minutes).capitalize()
        title = lines.title.format(n=number, area=plan.area)
        text = as_calendar(parse_reminder(when), title, minutes, datetime.now().astimezone())
        write_whole(file, text)
        say(f"Written to {file}; open it with your calendar.")


@app.command()
def replay(
    log: Annotated[
        Path | None, typer.Argument(metavar="LOG", help="A log; without it, the newest.")
    ] = None,
) -> None:
    """Show a session again from its log, and check whether the coach would do the same."""
    with plain_words():
        from voice_coach.errors import CoachError
        from voice_coach.history.log_writer import folder, logs
        from voice_coach.replay import DIFFERS, WITHHELD, open_log
        from voice_coach.replay import replay as lines_of

        if log is None and not (found := logs()):
            raise CoachError(f"There is no log yet: each session leaves one in {folder()}.")
        path = log or found[-1]
        with open_log(path) as opened:
            say(f"{path}, begun {opened.began}")
            same = True
            for line in lines_of(opened):
                same = same and line.label not in (DIFFERS, WITHHELD)
                text = "".join(c if c.isprintable() else "?" for c in line.text)
                hundredths = int(line.at * 100) % 100
                entry = f"{clock(line.at)}.{hundredths:02}  {line.label:8}{text}"
                say(entry.rstrip(), indent=REPLAY_INDENT)
            if same:
                out.print("The coach would do the same today.")


@app.command()
def forget(
    number: Annotated[
        int | None,
        typer.Argument(
            metavar="NUMBER",
            min=1,
            max=MOST_SESSIONS,
            help="The number of one session in the history; without it, all.",
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Forget one session or all sessions, with their logs."""
    with plain_words():
        from voice_coach.errors import CoachError
        from voice_coach.history.log_writer import forget_logs
        from voice_coach.history.store import damaged_files

        with _history() as memory:
            sessions = memory.past().sessions
            if number is not None:
                if not memory.forget(number):
                    raise CoachError(
                        f"There is no session {number}: voice-coach history shows all."
                    )
                session = next(each for each in sessions if each.number == number)
                forget_logs(session.began, session.ended)
                out.print(f"Session {number} is forgotten.")
                return
            count = len(sessions)
            try:
                if not yes and not typer.confirm(f"Forget all {count} sessions for good?"):
                    return
            except typer.Abort:
                raise CoachError("Nobody answered, so nothing is forgotten: add --yes.") from None
            memory.forget_all()
            forget_logs()
        out.print("All is forgotten.")
        for file in damaged_files():
            say(f"A damaged history was set aside and is still there: {file}")


@contextmanager
def _history() -> Iterator[History]:
    from voice_coach.history.store import open_history

    with open_history() as memory:
        if memory.set_aside:
            warn(f"The history was damaged and is kept as {memory.set_aside}.", "yellow")
        yield memory
