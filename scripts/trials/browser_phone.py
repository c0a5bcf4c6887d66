"""A phone on trial: Chromium, with microphone and loudspeaker of a virtual sound card."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from trials import phone_subject
from trials.coach import begin
from voice_coach.catalogue import read_language

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from trials.coach import Coach
    from trials.slow_computer import SlowComputer
    from trials.virtual_sound_card import VirtualSoundCard

SIZE = 390, 844
"""Pixels of a phone, upright."""
START = 60.0
"""Seconds a page may take until it is there, on a busy computer."""
BLOCK = 10
"""Milliseconds of sound that a phone's sound card takes at once. With 1, Chromium is too late for
some of them on a computer that does anything else, and the echo comes later and later."""
ARGUMENTS = ("--use-fake-ui-for-media-stream",)
"""It may use the microphone without being asked; the microphone itself is no fake."""


@contextmanager
def browser_on(card: VirtualSoundCard) -> Iterator[Browser]:
    """Start Chromium with this sound card; raises ``FileNotFoundError`` without Chromium."""
    path = shutil.which("chromium")
    if not path:
        raise FileNotFoundError("Chromium is missing; on Debian: apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            env={**os.environ, **card.env},
            ignore_default_args=["--mute-audio"],
            args=[*ARGUMENTS],
        )
        yield browser
        browser.close()


def open_page(browser: Browser, address: str) -> Page:
    """Open the page as a phone does whose owner has accepted the certificate."""
    width, height = SIZE
    context = browser.new_context(
        viewport={"width": width, "height": height}, ignore_https_errors=True
    )
    page = context.new_page()
    page.set_default_timeout(1000 * START)
    page.goto(address)
    page.wait_for_selector("#cards li")
    return page


def begin_on(page: Page, number: int) -> None:
    """Touch the card of this routine, counted from 0: the sound begins, and then the session."""
    page.locator("#cards li button").nth(number).click()


@contextmanager
def begin_on_phone(
    browser: Browser,
    card: VirtualSoundCard,
    routine: str,
    folder: Path,
    computer: SlowComputer | None = None,
) -> Iterator[Coach]:
    """Begin a session of this routine on a phone; its listener's log is in `folder` afterwards."""
    number = [each.id for each in read_language().routines].index(routine)
    with (
        # The page is closed when the session has ended: one that is left is a fault.
        ExitStack() as last,
        begin(card, routine, folder, phone_subject, computer=computer) as coach,
    ):
        page = open_page(browser, address_in(folder / "address"))
        last.callback(page.context.close)
        begin_on(page, number)
        yield coach


def address_in(file: Path) -> str:
    """Wait for the address of the page, which a session writes into this file."""
    until = time.monotonic() + START
    while not file.exists():
        if time.monotonic() > until:
            raise TimeoutError("The session does not serve a page.")
        time.sleep(0.02)
    return file.read_text("utf-8")
