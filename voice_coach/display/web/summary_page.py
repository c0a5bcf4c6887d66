"""The page that a person can keep after a session: one HTML file that needs no other file."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from voice_coach.core.view import Outcome
from voice_coach.display.figures.figure import HEIGHT as FIGURE_HEIGHT
from voice_coach.display.figures.figure import STYLE as FIGURE_STYLE
from voice_coach.display.figures.figure import WIDTH as FIGURE_WIDTH
from voice_coach.display.figures.figure import drawn_still
from voice_coach.display.summary import clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_coach.display.summary import SessionSummary, StepSummary
    from voice_coach.display.words import PageWords

WIDTH, HEIGHT = 1000, 40
"""Of the timeline, in its own units."""

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


def timeline(summary: SessionSummary) -> str:
    """Draw each step as long as it took; the step that hurt is red."""
    whole = sum(step.seconds for step in summary.steps) or 1.0
    drawn, x = "", 0.0
    hurt = summary.last is not None and summary.last.outcome is Outcome.PAIN
    for number, step in enumerate(summary.steps, 1):
        width = WIDTH * step.seconds / whole
        style = ' class="hurt"' if hurt and number == len(summary.steps) else ""
        drawn += (
            f'<rect{style} x="{x:.1f}" width="{max(0.0, width - 2):.1f}" height="{HEIGHT}">'
            f"<title>{escape(step.title)}, {clock(step.seconds)}</title></rect>"
        )
        x += width
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="time" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'preserveAspectRatio="none" aria-hidden="true">{drawn}</svg>'
    )


def summary_page(
    summary: SessionSummary,
    headline: str,
    sentences: Sequence[str],
    note: Sequence[str],
    *,
    code: str,
    labels: PageWords,
) -> str:
    """Write the page in the language of this `code`.

    The `headline` is large. Below it are the `sentences`, the `note` and the steps.
    """
    steps = "".join(map(_step, summary.steps))
    return (
        f'<!doctype html>\n<html lang="{escape(code)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(headline)} · {escape(labels.title)}</title>"
        f"<style>{FIGURE_STYLE}{STYLE}</style></head><body><main><h1>{escape(headline)}</h1>"
        f"<p>{'<br>'.join(map(escape, sentences))}</p>"
        + (f"<ul>{''.join(f'<li>{escape(each)}</li>' for each in note)}</ul>" if note else "")
        + (
            f"<h2>{escape(labels.done)}</h2>{timeline(summary)}<ol>{steps}</ol>"
            if summary.steps
            else ""
        )
        + "</main></body></html>\n"
    )


def _step(step: StepSummary) -> str:
    title, side = escape(step.title), escape(step.side)
    drawn = "<i></i>"
    if step.pose:
        way = f"translate({FIGURE_WIDTH} 0) scale(-1 1)" if step.mirrored else "scale(1)"
        drawn = (
            f'<svg class="f-figure" viewBox="0 0 {FIGURE_WIDTH} {FIGURE_HEIGHT}" role="img">'
            f'<title>{title}</title><g transform="{way}">{drawn_still(step.pose)}</g></svg>'
        )
    return (
        f'<li class="step">{drawn}<div><b>{title}</b>{side}</div>'
        f"<span>{clock(step.seconds)}</span></li>"
    )
