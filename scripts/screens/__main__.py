"""Takes pictures of the page in each scene, at the sizes of a phone, a laptop and a television."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from screens.scenes import scenes
from voice_coach.catalogue import read_language
from voice_coach.display.web import Web

if TYPE_CHECKING:
    from playwright.sync_api import Page

SIZES = {"phone": (390, 844), "laptop": (1440, 900), "television": (1920, 1080)}
THEMES = ("light", "dark")


def picture(pages: dict[str, Page], folder: Path, name: str) -> None:
    """Take a picture of each page as it stands."""
    for kind, page in pages.items():
        page.wait_for_timeout(500)
        page.screenshot(path=folder / f"{name}-{kind}.png")


def main() -> None:
    """Take them all."""
    parser = argparse.ArgumentParser(prog="scripts/screenshots")
    parser.add_argument("--folder", type=Path, default=Path("build/screens"))
    parser.add_argument("--language", default="en")
    parser.add_argument("--size", choices=[*SIZES], action="append")
    parser.add_argument("--theme", choices=THEMES, action="append")
    parser.add_argument("--scene", action="append")
    asked = parser.parse_args()
    chromium = shutil.which("chromium")
    if not chromium:
        sys.exit("Chromium is missing; on Debian: apt install chromium")
    asked.folder.mkdir(parents=True, exist_ok=True)
    language = read_language(asked.language)
    with sync_playwright() as playwright, Web(language, home=True) as web:
        browser = playwright.chromium.launch(executable_path=chromium)
        pages = {}
        for size in asked.size or SIZES:
            for theme in asked.theme or THEMES:
                width, height = SIZES[size]
                context = browser.new_context(
                    viewport={"width": width, "height": height}, color_scheme=theme
                )
                page = pages[f"{size}-{theme}"] = context.new_page()
                page.on("console", lambda message: sys.stderr.write(f"{message.text}\n"))
                page.on("pageerror", lambda error: sys.stderr.write(f"{error}\n"))
                page.goto(web.address)
                page.wait_for_selector("#cards li")
        if not asked.scene or "home" in asked.scene:
            picture(pages, asked.folder, "home")
        for name, views in scenes(language):
            if asked.scene and name not in asked.scene:
                continue
            with web.session(language, lambda _: None):
                for view in views:
                    web.show(view)
                picture(pages, asked.folder, name)
        browser.close()


main()
