"""The command line: verbs, options and exit codes. What they do stands elsewhere."""

from __future__ import annotations

from contextlib import contextmanager
from difflib import get_close_matches
from enum import IntEnum
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from voice_coach import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voice_coach.core.breathing import Pattern
    from voice_coach.core.language import Language
    from voice_coach.core.routine import Routine
    from voice_coach.history.store import History


class ExitCode(IntEnum):
    """How a run ended, for the shell."""

    DONE = 0
    """Completed, or stopped by the person."""
    TROUBLE = 1
    """It could not begin; the sentence on the screen says why."""
    USAGE = 2
    PAIN = 3
    FAULT = 4
    """Hearing, voice or sound was lost on the way."""
    DISOBEYED = 5
    """In the demo the coach did not do what it was told."""


STYLES = {"coach": "", "person": "bold cyan", "heard": "green", "silent": "green"}
"""How the entries of the demo's timeline are told apart."""

LOUDEST_ECHO = 100
"""Decibels; no room comes near it."""
ENGLISH = "en"
"""The language where none is asked for."""
MOST_SESSIONS = 10**9
"""No history is longer."""

app = typer.Typer(
    help="An offline, hands-free, voice-guided back-stretching coach.",
    epilog="Without a command it leads a session here and now; where there is no microphone or "
    "no loudspeaker it shows the demo instead.",
    no_args_is_help=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

RoutineName = Annotated[
    str, typer.Argument(metavar="ROUTINE", help="A routine, as [b]voice-coach list[/b] names it.")
]
Breath = Annotated[
    str,
    typer.Option(
        "--breath", metavar="IN-OUT", help="Seconds of a breath in and out, in place of 4-6."
    ),
]


def _known(code: str) -> str:
    from voice_coach.catalogue import languages

    if code not in (known := languages()):
        raise typer.BadParameter(f"there is no language '{code}'; there are: {', '.join(known)}")
    return code


LanguageCode = Annotated[
    str,
    typer.Option(
        "--language", metavar="CODE", callback=_known, help="That of the coach, such as: es."
    ),
]
Model = Annotated[
    Path | None,
    typer.Option("--model", metavar="FOLDER", help="A vosk model of your own, unpacked."),
]


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Tell the version.")] = False,
) -> None:
    """Lead a session, or show the demo where there is no sound."""
    if version:
        out.print(f"voice-coach {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        with plain_words():
            from voice_coach.audio.device import NoSoundDevice, devices_present

            try:
                devices_present()
            except NoSoundDevice as nothing:
                out.print(
                    f"No live session here: {escape(str(nothing))}\nHere is the demo instead.\n"
                )
                context.invoke(demo)
            else:
                context.invoke(run)


@app.command()
def run(  # noqa: PLR0917 - typer's options are passed by name
    routine: Annotated[
        str, typer.Argument(metavar="[ROUTINE]", help="Without it, the coach asks aloud.")
    ] = "",
    breath: Breath = "",
    model: Model = None,
    code: LanguageCode = ENGLISH,
    microphone: Annotated[str | None, typer.Option(help="Its name, or a part of it.")] = None,
    loudspeaker: Annotated[str | None, typer.Option(help="Its name, or a part of it.")] = None,
    record: Annotated[
        bool, typer.Option("--record", help="Keep the sound, too; the coach says so aloud.")
    ] = False,
) -> None:
    """Lead a session on the microphone and the loudspeaker."""
    with plain_words():
        from voice_coach.app import run_live
        from voice_coach.core.view import Outcome

        pattern = _pattern(breath)
        language = _language(code)
        view = run_live(
            language,
            _routine(language, routine) if routine else None,
            pattern=pattern,
            model=model,
            microphone=microphone,
            loudspeaker=loudspeaker,
            taped=record,
            announce=lambda sentence: err.print(
                sentence, style="yellow", markup=False, soft_wrap=True
            ),
        )
        if view.fault:
            _warn(view.fault)
        raise typer.Exit(
            {Outcome.PAIN: ExitCode.PAIN, Outcome.FAULT: ExitCode.FAULT}.get(
                view.outcome, ExitCode.DONE
            )
            if view.outcome
            else ExitCode.FAULT
        )


@app.command()
def demo(
    wav: Annotated[
        Path,
        typer.Option(metavar="FILE", help="Where to write it: coach left, microphone right."),
    ] = Path("demo.wav"),
    echo: Annotated[
        float, typer.Option(metavar="DB", help="The coach's echo against the person's voice.")
    ] = -10.0,
    model: Model = None,
) -> None:
    """Show a whole assisted press, steered by a second voice, without any sound hardware."""
    with plain_words():
        from voice_coach.app import run_demo

        if not -LOUDEST_ECHO <= echo <= LOUDEST_ECHO:
            raise typer.BadParameter(f"give decibels from -{LOUDEST_ECHO} to {LOUDEST_ECHO}")
        out.print("A second voice steers an assisted press; the coach hears it over itself.\n")
        director, seconds = run_demo(_language(ENGLISH), wav, echo=echo, model=model)
        for moment in director.timeline:
            entry = f"{moment.time:7.2f}  {moment.who:6}  {moment.what}"
            out.print(entry, style=STYLES[moment.who], soft_wrap=True)
        out.print()
        for spoken in director.spoken:
            out.print(spoken.verdict(), style="" if spoken.obeyed else "bold red")
        for command in director.unexpected:
            out.print(f"Heard '{command}', which nobody said.", style="bold red")
        out.print(f"\n{seconds:.0f} s of session, written to {wav}.")
        if not director.obeyed:
            err.print("[bold red]The coach did not obey.[/bold red]")
            raise typer.Exit(ExitCode.DISOBEYED)


@app.command()
def hear(  # noqa: PLR0917 - typer's options are passed by name
    recording: Annotated[
        Path | None, typer.Argument(metavar="[RECORDING]", help="What the microphone heard.")
    ] = None,
    far: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What the loudspeaker was given meanwhile.")
    ] = None,
    state: Annotated[str, typer.Option(help="Where the session stands; else in a step.")] = "",
    manifest: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Many at once: a CSV of file,far,state.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    model: Model = None,
    code: LanguageCode = ENGLISH,
) -> None:
    """Tell what the coach would hear in recordings: WAV, FLAC, MP3 or Ogg, at any rate."""
    if (recording is None) == (manifest is None):
        raise typer.BadParameter("Give one recording, or --manifest with a table of many.")
    with plain_words():
        from voice_coach.catalogue import read_language
        from voice_coach.hear import Recording, hear_all, read_manifest, state_named

        recordings = (
            [Recording(str(recording), recording, far, state_named(state))]
            if recording
            else read_manifest(manifest or Path())
        )
        failed = False
        for found in hear_all(recordings, model, read_language(code)):
            if isinstance(found, Exception):
                failed = True
                _warn(str(found))
                continue
            for entry in found:
                typer.echo(dumps(entry) if json else _line(entry))
        if failed:
            raise typer.Exit(ExitCode.TROUBLE)


def _line(entry: dict[str, object]) -> str:
    words = (entry.get("command", entry["kind"]), entry.get("tier", ""), entry.get("phrase", ""))
    return f"{entry['file']}  {entry['time']:7.2f}  " + "  ".join(
        str(word) for word in words if word
    )


@app.command()
def rehearse(routine: RoutineName, code: LanguageCode = ENGLISH) -> None:
    """Print a routine's whole script with its times, without any sound."""
    with plain_words():
        from voice_coach.core.rehearsal import rehearsed
        from voice_coach.display.words import read_screen_words

        language = _language(code)
        rehearsal = rehearsed(language, _routine(language, routine))
        for spoken in rehearsal.spoken:
            out.print(f"{_clock(spoken.start)}  {spoken.text}", soft_wrap=True)
        told = read_screen_words(code).listing.rehearsed.format(time=_clock(rehearsal.now))
        out.print(f"\n{told}", markup=False, soft_wrap=True)


@app.command(name="list")
def list_routines(code: LanguageCode = ENGLISH) -> None:
    """List the routines, the gentlest first: how long each takes, and what it needs."""
    with plain_words():
        from voice_coach.core.rehearsal import rehearsed
        from voice_coach.display.words import read_screen_words

        language = _language(code)
        listing = read_screen_words(code).listing
        for routine in language.routines:
            told = listing.told(routine, rehearsed(language, routine).now / 60)
            out.print(f"[bold]{routine.id}[/bold]: ", end="")
            out.print(f"{told}\n  {routine.summary}", markup=False, soft_wrap=True)


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="What you will call it, such as: morning stretch.")],
    code: LanguageCode = ENGLISH,
) -> None:
    """Write a routine of your own to begin with, and tell where it is."""
    with plain_words():
        from voice_coach.catalogue import new_routine, read_language

        path = new_routine(name, read_language(code))
        out.print(f"Your routine is in {path}.", markup=False, soft_wrap=True)
        out.print("Change it, then look it over with: voice-coach check FILE")


@app.command()
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A routine of your own.")],
    code: LanguageCode = ENGLISH,
) -> None:
    """Look over a routine of your own: what is wrong with it, where, and how to mend it."""
    with plain_words():
        from voice_coach.catalogue import read_language, read_routine
        from voice_coach.core.rehearsal import rehearsed

        language = read_language(code)
        minutes = rehearsed(language, read_routine(file, language)).now / 60
        sentence = f"{file.name} is a good routine and takes about {minutes:.0f} minutes."
        out.print(sentence, markup=False, soft_wrap=True)


@app.command()
def render(
    routine: RoutineName,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="It ends in .wav, .flac, .mp3 or .ogg.")
    ],
    breath: Breath = "",
    code: LanguageCode = ENGLISH,
) -> None:
    """Write a routine as a sound file with chapters, to be followed without the coach."""
    with plain_words():
        from voice_coach.audio.sound_file import Unwritable, kind
        from voice_coach.render import render_file

        try:
            kind(file)
        except Unwritable as unwritable:
            raise typer.BadParameter(str(unwritable)) from None
        pattern = _pattern(breath)
        language = _language(code)
        seconds = render_file(language, _routine(language, routine), file, pattern)
        out.print(f"{_clock(seconds)} minutes, written to {file}.", markup=False, soft_wrap=True)


@app.command()
def preview(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A routine of your own.")],
    code: LanguageCode = ENGLISH,
) -> None:
    """Play a routine of your own aloud, as a recording that hears nobody; Ctrl-C ends it."""
    with plain_words():
        from voice_coach.audio.loudspeaker import loudspeaker_present, play
        from voice_coach.catalogue import read_language, read_routine
        from voice_coach.render import render as recording_of

        language = read_language(code)
        routine = read_routine(file, language)
        loudspeaker_present()
        recording = recording_of(language, routine)
        out.print("Ctrl-C ends it.")
        play(recording.samples)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a routine, for editors."""
    import json

    from voice_coach.core import routine

    typer.echo(json.dumps(routine.schema(), indent=2))


@app.command()
def safety(code: LanguageCode = ENGLISH) -> None:
    """Print the whole safety note, with the signs that need urgent care."""
    with plain_words():
        from voice_coach.catalogue import read_language

        language = read_language(code)
        notes = language.safety
        first, *signs = notes.red_flags
        for paragraph in (
            (language.coach.disclaimer, language.coach.teach_pain),
            (*notes.partner, *notes.person, *notes.doctor),
            notes.outlook,
            notes.twisting,
        ):
            out.print(" ".join(paragraph) + "\n", markup=False)
        out.print(first, style="bold", markup=False)
        for sign in signs:
            out.print(f"- {sign}", markup=False)


@app.command()
def history(
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="As comma-separated values.")] = False,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE.svg", help="As a picture: days and routines.")
    ] = None,
) -> None:
    """Show the sessions there were; this is kept on your computer and nowhere else."""
    if json + csv + (picture is not None) > 1:
        raise typer.BadParameter("Take one of --json, --csv and --picture.")
    if picture and picture.suffix.lower() != ".svg":
        sentence = "Only SVG can be drawn, without more libraries: let its name end in .svg."
        raise typer.BadParameter(sentence)
    with plain_words():
        from voice_coach.history import listing
        from voice_coach.history.picture import draw

        with _history() as memory:
            sessions = memory.past().sessions
        titles = {routine.id: routine.title for routine in _language(ENGLISH).routines}
        if json:
            typer.echo(listing.as_json(sessions))
        elif csv:
            typer.echo(listing.as_csv(sessions), nl=False)
        elif not sessions:
            out.print("Nothing is remembered yet.")
        elif picture:
            picture.write_text(draw(sessions, titles), "utf-8")
            out.print(f"Drawn into {picture}.", markup=False, soft_wrap=True)
        else:
            out.print(listing.as_table(sessions, titles))


@app.command()
def replay(
    log: Annotated[
        Path | None, typer.Argument(metavar="[LOG]", help="Without it, the newest.")
    ] = None,
) -> None:
    """Show a session again from its log, and see whether the coach would do the same."""
    with plain_words():
        from voice_coach.core.ports import Trouble
        from voice_coach.history.scribe import folder, logs
        from voice_coach.replay import open_log
        from voice_coach.replay import replay as lines_of

        if log is None and not (found := logs()):
            raise Trouble(f"There is no log yet: each session leaves one in {folder()}.")
        path = log or found[-1]
        with open_log(path) as opened:
            out.print(f"{path}, begun {opened.began}", markup=False, soft_wrap=True)
            for line in lines_of(opened):
                text = "".join(c if c.isprintable() else "?" for c in line.text)
                hundredths = int(line.at * 100) % 100
                out.print(
                    f"{_clock(line.at)}.{hundredths:02}  {line.label:8}{text}".rstrip(),
                    markup=False,
                    soft_wrap=True,
                )
            out.print("The coach would do the same today.")


@app.command()
def forget(
    number: Annotated[
        int | None,
        typer.Argument(
            metavar="[NUMBER]",
            min=1,
            max=MOST_SESSIONS,
            help="Of one session, as history shows it; without it, all.",
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Forget one session, or all of them, and their logs."""
    with plain_words():
        from voice_coach.core.ports import Trouble
        from voice_coach.history.scribe import forget_logs
        from voice_coach.history.store import damaged_ones

        with _history() as memory:
            sessions = memory.past().sessions
            if number is not None:
                if not memory.forget(number):
                    raise Trouble(f"There is no session {number}: voice-coach history shows all.")
                session = next(each for each in sessions if each.number == number)
                forget_logs(session.began, session.ended)
                out.print(f"Session {number} is forgotten.")
                return
            count = len(sessions)
            try:
                if not yes and not typer.confirm(f"Forget all {count} sessions for good?"):
                    return
            except typer.Abort:
                raise Trouble("Nobody answered, so nothing is forgotten: add --yes.") from None
            memory.forget_all()
            forget_logs()
        out.print("All is forgotten.")
        for file in damaged_ones():
            out.print(
                f"A damaged history was set aside and is still there: {file}",
                markup=False,
                soft_wrap=True,
            )


@app.command()
def fetch_model(code: LanguageCode = ENGLISH) -> None:
    """Fetch the speech model, so that nothing needs a network afterwards."""
    with plain_words():
        from voice_coach.hearing import model_store

        folder = model_store.fetch(model_store.manifest(code), model_store.store())
        out.print(f"The speech model is in {folder}.")


@app.command()
def doctor(model: Model = None, code: LanguageCode = ENGLISH) -> None:
    """Tell whether each part is there and works, and what to do if not."""
    with plain_words():
        from voice_coach.doctor import examine

        findings = examine(_language(code), model)
        for finding in findings:
            mark = "[green]✓[/green]" if finding.well else "[red]✗[/red]"
            out.print(mark, f"[bold]{finding.part}[/bold]:", escape(finding.detail), soft_wrap=True)
        if not all(finding.well for finding in findings):
            raise typer.Exit(ExitCode.TROUBLE)


@contextmanager
def plain_words() -> Iterator[None]:
    """Tell an expected failure in its one sentence, and end quietly when interrupted."""
    from voice_coach.core.ports import Trouble

    try:
        yield
    except Trouble as trouble:
        _warn(str(trouble))
        raise typer.Exit(ExitCode.TROUBLE) from None
    except OSError as error:
        _warn(f"{error.filename or 'A file'}: {error.strerror or error}.")
        raise typer.Exit(ExitCode.TROUBLE) from None
    except KeyboardInterrupt:
        raise typer.Exit(ExitCode.DONE) from None


@contextmanager
def _history() -> Iterator[History]:
    from voice_coach.history.store import open_history

    with open_history() as memory:
        if memory.set_aside:
            _warn(f"The history was damaged and is kept as {memory.set_aside}.", "yellow")
        yield memory


def _language(code: str) -> Language:
    from voice_coach.catalogue import read_language, with_own_routines

    language, left_out = with_own_routines(read_language(code))
    for sentence in left_out:
        _warn(sentence, "yellow")
    return language


def _pattern(text: str) -> Pattern | None:
    from voice_coach.core.breathing import parse_pattern
    from voice_coach.core.ports import Trouble

    try:
        return parse_pattern(text) if text else None
    except Trouble as trouble:
        raise typer.BadParameter(str(trouble)) from None


def _routine(language: Language, name: str) -> Routine:
    wanted = name.lower().replace(" ", "-")
    for routine in language.routines:
        if wanted in (routine.id, *(n.lower().replace(" ", "-") for n in routine.names)):
            return routine
    known = [routine.id for routine in language.routines]
    names = {name.replace(" ", "-"): r.id for r in language.routines for name in (r.id, *r.names)}
    near = get_close_matches(wanted, names, n=1)
    meant = f"did you mean '{names[near[0]]}'? There" if near else "there"
    raise typer.BadParameter(f"there is no routine '{name:.60}'; {meant} are: {', '.join(known)}.")


def _warn(sentence: str, style: str = "red") -> None:
    err.print(sentence, style=style, markup=False, soft_wrap=True)


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
