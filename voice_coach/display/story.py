"""What was done in a session, and how it went: gathered view by view, told on one page at the end.

A step counts the seconds in which it was told, waited for, held or breathed; not those of a break.
The page that can be kept is one file: it needs nothing beside it, and asks for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING

from voice_coach.core.transitions import State
from voice_coach.core.view import Outcome
from voice_coach.display.figure import HEIGHT as FIGURE_HEIGHT
from voice_coach.display.figure import STYLE as FIGURES
from voice_coach.display.figure import WIDTH as FIGURE_WIDTH
from voice_coach.display.figure import shapes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_coach.core.pose import Pose
    from voice_coach.core.view import View
    from voice_coach.display.labels import Labels
    from voice_coach.display.words import ScreenWords

COUNTED = frozenset({State.TELLING, State.WAITING, State.HOLDING, State.BREATHING})
WIDTH, HEIGHT = 1000, 40
"""Of the line of time."""

STYLE = """:root{color-scheme:light dark;
--paper:#f7f4ee;--ink:#14282b;--soft:#3d5053;--line:#cfd6d1;--leaf:#0f6b62;--other:#5f938c;--hurt:#8f0d18}
@media (prefers-color-scheme:dark){:root{--paper:#0d1719;--ink:#f3efe6;--soft:#bcc9c7;
--line:#2f4145;--leaf:#5cc4b3;--other:#337a70;--hurt:#ff8f8f}}
body{background:var(--paper);color:var(--ink);font:18px/1.5 system-ui,sans-serif;max-width:960px;
margin:0 auto;padding:32px 24px}
h1{font-size:3rem;line-height:1.1;margin:0}h2{font-size:1.4rem;margin:2em 0 .5em}
p{margin:.4em 0;color:var(--soft)}ul{margin:.4em 0}
ol{list-style:none;padding:0;display:grid;gap:12px;margin:1em 0}
li.step{display:flex;gap:20px;align-items:center;border-top:1px solid var(--line);padding-top:12px}
li.step svg,li.step i{width:150px;height:126px;flex:none}li.step b{display:block;font-size:1.2rem}
li.step span{margin-left:auto;white-space:nowrap}
.time{width:100%;height:40px;border-radius:12px}.time rect{fill:var(--leaf)}
.time rect:nth-child(odd){fill:var(--other)}.time rect.hurt{fill:var(--hurt)}
.f-ground,.f-floor{fill:none!important}"""


@dataclass(frozen=True)
class Chapter:
    """One step as it was done."""

    routine: str
    """The routine's title."""
    step: int
    title: str
    side: str
    pose: Pose | None
    mirrored: bool
    seconds: float


@dataclass(frozen=True)
class Story:
    """All the steps so far, and the last view of them."""

    chapters: tuple[Chapter, ...] = ()
    last: View | None = None

    def then(self, view: View) -> Story:
        """Give this story with what is new in `view`."""
        before = self.last
        if not view.step or view.state not in COUNTED:
            return replace(self, last=view)
        passed = view.now - before.now if before and before.state in COUNTED else 0.0
        same = self.chapters and (self.chapters[-1].routine, self.chapters[-1].step) == (
            view.routine,
            view.step,
        )
        if same:
            last = self.chapters[-1]
            chapters = (*self.chapters[:-1], replace(last, seconds=last.seconds + passed))
        else:
            chapter = Chapter(
                view.routine,
                view.step,
                view.title,
                view.side,
                view.pose,
                view.mirrored,
                seconds=0.0,
            )
            chapters = (*self.chapters, chapter)
        return Story(chapters, view)


def clock(seconds: float) -> str:
    """Give minutes and seconds, such as 1:05."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"


def line_of_time(story: Story) -> str:
    """Draw how long each step took, beside the others; the step at which it hurt in red."""
    whole = sum(chapter.seconds for chapter in story.chapters) or 1.0
    drawn, x = "", 0.0
    hurt = story.last is not None and story.last.outcome is Outcome.PAIN
    for number, chapter in enumerate(story.chapters, 1):
        width = WIDTH * chapter.seconds / whole
        style = ' class="hurt"' if hurt and number == len(story.chapters) else ""
        drawn += (
            f'<rect{style} x="{x:.1f}" width="{max(0.0, width - 2):.1f}" height="{HEIGHT}">'
            f"<title>{escape(chapter.title)}, {clock(chapter.seconds)}</title></rect>"
        )
        x += width
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="time" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'preserveAspectRatio="none" aria-hidden="true">{drawn}</svg>'
    )


def told(story: Story, words: ScreenWords, labels: Labels) -> list[str]:
    """Say in a few sentences what was done, and how it went."""
    view = story.last
    if view is None:
        return []
    mine = [chapter for chapter in story.chapters if chapter.routine == view.routine]
    reached = len({chapter.step for chapter in mine})
    seconds = sum(chapter.seconds for chapter in story.chapters)
    return [
        view.routine,
        *((labels.steps_done.format(n=reached, of=view.steps),) if reached else ()),
        *((labels.in_all.format(time=clock(seconds)),) if reached else ()),
        *((labels.felt[view.felt],) if view.felt else ()),
        *((words.over,) if view.outcome in (Outcome.PAIN, Outcome.FAULT) else ()),
    ]


def document(
    story: Story,
    headline: str,
    sentences: Sequence[str],
    note: Sequence[str],
    *,
    code: str,
    labels: Labels,
) -> str:
    """Write the page that can be kept, in the language of this `code`.

    It has the `headline` large, the `sentences` and the `note` below it, and what was done.
    """
    steps = "".join(map(_step, story.chapters))
    return (
        f'<!doctype html>\n<html lang="{escape(code)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(headline)} · {escape(labels.title)}</title>"
        f"<style>{FIGURES}{STYLE}</style></head><body><main><h1>{escape(headline)}</h1>"
        f"<p>{'<br>'.join(map(escape, sentences))}</p>"
        + (f"<ul>{''.join(f'<li>{escape(each)}</li>' for each in note)}</ul>" if note else "")
        + (
            f"<h2>{escape(labels.done)}</h2>{line_of_time(story)}<ol>{steps}</ol>"
            if story.chapters
            else ""
        )
        + "</main></body></html>\n"
    )


def _step(chapter: Chapter) -> str:
    title, side = escape(chapter.title), escape(chapter.side)
    drawn = "<i></i>"
    if chapter.pose:
        way = f"translate({FIGURE_WIDTH} 0) scale(-1 1)" if chapter.mirrored else "scale(1)"
        drawn = (
            f'<svg class="f-figure" viewBox="0 0 {FIGURE_WIDTH} {FIGURE_HEIGHT}" role="img">'
            f'<title>{title}</title><g transform="{way}">{shapes(chapter.pose)}</g></svg>'
        )
    return (
        f'<li class="step">{drawn}<div><b>{title}</b>{side}</div>'
        f"<span>{clock(chapter.seconds)}</span></li>"
    )
