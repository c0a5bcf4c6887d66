"""What the commands print: paragraphs that suit a terminal and a pipe."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, nullcontext, suppress
from textwrap import TextWrapper
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


@contextmanager
def waiting_for(what: str) -> Iterator[None]:
    """Show on a terminal what is being waited for.

    The spinner belongs to ``out``: other lines are printed above it, and nothing of it remains.
    """
    with out.status(what) if out.is_terminal else nullcontext():
        yield


def say(text: str, style: str = "", *, label: str = "", indent: int = 0) -> None:
    """Print a paragraph, after a bold `label` if there is one.

    On a terminal its lines break between words, and all but the first are indented. Elsewhere they
    do not break.
    """
    _print_paragraph(out, Text.assemble((label, "bold"), (text, style)), indent)


def warn(sentence: str, style: str = "red") -> None:
    """Print a sentence on the error stream."""
    _print_paragraph(err, Text(sentence, style))


def _print_paragraph(console: Console, paragraph: Text, indent: int = 0) -> None:
    if not console.is_terminal:
        console.print(paragraph, soft_wrap=True)
        return
    # A path that is longer than the terminal is wide stays whole, so that it can be copied.
    indentation = " " * indent
    wrapper = TextWrapper(
        max(indent + 1, console.width),
        subsequent_indent=indentation,
        expand_tabs=False,
        replace_whitespace=False,
        break_long_words=False,
        break_on_hyphens=False,
    )
    before = ""
    for line in paragraph.split("\n", allow_blank=True):
        start = 0
        wrapper.initial_indent = before
        for row in wrapper.wrap(line.plain) or [""]:
            words = row.removeprefix(before)
            start = line.plain.index(words, start)
            console.print(Text(before) + line[start : start + len(words)], soft_wrap=True)
            start += len(words)
            before = indentation


def warn_of(error: OSError) -> None:
    """Say what the system refused; if that was to print, print nothing more."""
    if not error.filename:
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if not isinstance(error, BrokenPipeError):  # whoever read it has seen enough
        warn(f"{error.filename or 'What is printed'}: {error.strerror or error}.")


def clock(seconds: float) -> str:
    """Return minutes and seconds, such as 1:05."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
