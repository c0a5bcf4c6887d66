"""Debian's Chromium without a window, at the sizes of a phone, a laptop and a television."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

Theme = Literal["light", "dark"]
SIZES = {"phone": (390, 844), "laptop": (1440, 900), "television": (1920, 1080)}
THEMES: tuple[Theme, ...] = ("light", "dark")
SETTLED = 500
"""Milliseconds after which whatever moves into its place is there."""


class NoBrowser(Exception):
    """There is no Chromium; the message says how to get it."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give the browser; raises ``NoBrowser``."""
    path = shutil.which("chromium")
    if not path:
        raise NoBrowser("Chromium is missing; on Debian: apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()


def window(browser: Browser, size: str, theme: Theme = "light") -> Page:
    """Open an empty window of this size and theme."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=theme,
        reduced_motion="no-preference",
    )
    return context.new_page()


def complaints_of(page: Page) -> list[str]:
    """Give a list that fills with all that goes wrong in this page."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def picture(page: Page, path: Path) -> None:
    """Take a picture of a page once it has settled."""
    page.wait_for_timeout(SETTLED)
    page.screenshot(path=path)
