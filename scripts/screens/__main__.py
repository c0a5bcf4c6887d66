"""Takes pictures of the page in each scene, at the sizes of a phone, a laptop and a television."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from screens.chromium import SIZES, THEMES, NoBrowser, chromium, picture, window
from screens.scenes import scenes
from voice_coach.catalogue import read_language
from voice_coach.display.web.display import WebDisplay


def main() -> None:
    """Take them all, or those that are asked for."""
    parser = argparse.ArgumentParser(prog="scripts/screenshots", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("build/screens"))
    parser.add_argument("--language", default="en", help="of the coach, such as: es")
    parser.add_argument("--size", choices=[*SIZES], action="append")
    parser.add_argument("--theme", choices=THEMES, action="append")
    parser.add_argument("--scene", action="append", help="such as: home, breathing, pain")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    language = read_language(asked.language)
    with chromium() as browser, WebDisplay(language, home=True) as web:
        pages = {
            f"{size}-{theme}": window(browser, size, theme)
            for size in asked.size or SIZES
            for theme in asked.theme or THEMES
        }
        for page in pages.values():
            page.goto(web.address)
            page.wait_for_selector("#cards li")

        def take(scene: str) -> None:
            if scene in (asked.scene or [scene]):
                for name, page in pages.items():
                    picture(page, asked.folder / f"web-{scene}-{name}.png")

        take("home")
        for scene, views in scenes(language):
            with web.session(language, lambda _: None):
                for view in views:
                    web.show(view)
                take(scene)


try:
    main()
except NoBrowser as nothing:
    sys.exit(str(nothing))
