"""The real browser that the page is tried in."""

from __future__ import annotations

import shutil
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

SIZES = {"phone": (390, 844), "laptop": (1440, 900), "television": (1920, 1080)}
THEMES = ("light", "dark")


@contextmanager
def chromium():
    """Give Debian's Chromium, without a window."""
    path = shutil.which("chromium")
    assert path, "Chromium is missing; on Debian: apt install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()
