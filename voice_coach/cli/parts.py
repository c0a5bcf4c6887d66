"""Verbs about the parts the coach is made of."""

from __future__ import annotations

import typer
from rich.markup import escape

from voice_coach.cli.shell import (
    ENGLISH,
    ExitCode,
    LanguageCode,
    Model,
    app,
    language_of,
    out,
    plain_words,
)


@app.command()
def doctor(model: Model = None, code: LanguageCode = ENGLISH) -> None:
    """Tell whether each part is there and works, and what to do if not."""
    with plain_words():
        from voice_coach.doctor import examine

        findings = examine(language_of(code), model)
        for finding in findings:
            mark = "[green]✓[/green]" if finding.well else "[red]✗[/red]"
            out.print(mark, f"[bold]{finding.part}[/bold]:", escape(finding.detail), soft_wrap=True)
        if not all(finding.well for finding in findings):
            raise typer.Exit(ExitCode.TROUBLE)
