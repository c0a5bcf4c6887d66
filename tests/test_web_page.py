"""The page in a real browser, in each scene of a session: readable, reachable, and to itself.

Pictures of every scene are left in ``build/screens``, at each size and in both themes.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from screens.chromium import SETTLED, SIZES, THEMES, chromium, complaints_of, window
from screens.scenes import scenes

from voice_coach.catalogue import read_language
from voice_coach.core.commands import Command
from voice_coach.core.routine import CHOICE
from voice_coach.core.transitions import State
from voice_coach.core.view import Outcome
from voice_coach.display.web.display import WebDisplay

pytestmark = pytest.mark.real_parts

PICTURES = Path(__file__).parents[1] / "build" / "screens"
SCENES = ("holding", "breathing", "question", "pain", "fault", "ended")
WHOLE = {"holding", "breathing", "question"}
"""Scenes that are seen whole, without scrolling."""
RULES = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LAPTOP = 302
"""Millimetres across the screen of a laptop of 14 inches."""
FAR = 18
"""Millimetres a letter must have to be read at 3 m."""


MEASURE = """() => {
  const seen = (element) => element.checkVisibility();
  const buttons = [...document.querySelectorAll("button, summary")].filter(seen);
  const small = buttons.filter((button) => {
    const box = button.getBoundingClientRect();
    return Math.min(box.width, box.height) < 44;
  }).map((button) => button.textContent);
  const page = document.documentElement;
  const words = document.getElementById("words");
  return {
    small,
    across: page.scrollWidth - page.clientWidth,
    down: page.scrollHeight - page.clientHeight,
    words: words.checkVisibility() ? words.scrollHeight - words.clientHeight : 0,
  };
}"""
LETTER = """() => {
  const headline = document.getElementById("headline");
  const style = getComputedStyle(headline);
  const canvas = document.createElement("canvas").getContext("2d");
  canvas.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const words = document.getElementById("words");
  return {
    text: headline.textContent,
    height: canvas.measureText("H").actualBoundingBoxAscent,
    over: words.scrollHeight - words.clientHeight + headline.scrollWidth - headline.clientWidth,
  };
}"""


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def moments(language):
    """Give the name of each scene and the views until then."""
    return {name: views for name, views in scenes(language) if name in SCENES}


@pytest.fixture
def web(language):
    with WebDisplay(language, home=True) as web:
        yield web


def opened(browser, web, size="laptop", theme="light"):
    """Open the page in a window of its own."""
    page = window(browser, size, theme)
    page.goto(web.address)
    page.wait_for_selector("#cards li")
    return page


def shown(web, page, view):
    """Show a view, and wait until the page does."""
    web.show(view)
    page.wait_for_function("state => document.body.dataset.state === state", arg=view.state.value)


def cut(web):
    """Cut every connection, as where the network or the computer sleeps."""
    for connection in [*web._server._uvicorn.server_state.connections]:  # noqa: SLF001 - as no caller may
        web._feed._loop.call_soon_threadsafe(connection.transport.abort)  # noqa: SLF001


# How it looks


@pytest.fixture(scope="module")
def seen(browser, language, moments):
    """Show every scene at every size in both themes; give what was measured in each."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    measured = {}
    with WebDisplay(language, home=True) as web:
        pages = {(s, t): opened(browser, web, s, t) for s in SIZES for t in THEMES}
        complaints = {place: complaints_of(page) for place, page in pages.items()}

        def look(scene):
            next(iter(pages.values())).wait_for_timeout(SETTLED)
            for (size, theme), page in pages.items():
                page.screenshot(path=PICTURES / f"{scene}-{size}-{theme}.png")
                measured[scene, size, theme] = page.evaluate(MEASURE)

        look("home")
        for scene, views in moments.items():
            with web.session(language, print):
                for view in views:
                    web.show(view)
                look(scene)
        for page in pages.values():
            page.context.close()
    assert not any(complaints.values()), complaints
    return measured


@pytest.mark.parametrize("scene", ["home", *SCENES])
def test_nothing_is_cut_off_and_a_finger_finds_every_button(seen, scene):
    for (name, size, theme), found in seen.items():
        if name == scene:
            assert found["small"] == [], (size, theme)
            assert found["across"] <= 0, (size, theme)
            assert found["words"] <= 0, (size, theme)
            if scene in WHOLE:
                assert found["down"] <= 0, (size, theme)


def test_where_it_asks_whether_it_hurts_it_shows_nothing_else(browser, web, language, moments):
    page = opened(browser, web)
    with web.session(language, print):
        shown(web, page, moments["breathing"][-1])
        assert page.locator("#stage").is_visible()
        shown(web, page, moments["question"][-1])
        assert not page.locator("#stage").is_visible()
        assert page.get_by_role("button", name="yes").is_visible()
    page.context.close()


@pytest.mark.parametrize("code", ["en", "es"])
def test_every_step_of_every_routine_can_be_read_from_three_metres(browser, moments, code):
    spoken = read_language(code)
    view = moments["holding"][-1]
    with WebDisplay(spoken, home=True) as web, web.session(spoken, print):
        page = window(browser, "laptop")
        page.goto(web.address)
        web.show(view)
        page.wait_for_selector("#stage[data-phase=hold]")
        per_millimetre = SIZES["laptop"][0] / LAPTOP
        small = {}
        titles = {(step.title, step.to) for routine in spoken.routines for step in routine.steps}
        for title, to in sorted(titles):
            whole = CHOICE.sub(r"\1", title)
            web.show(replace(view, title=whole, side=whole, to_partner=to == "partner"))
            page.wait_for_function(
                "text => document.getElementById('who').textContent.endsWith(text)", arg=whole
            )
            letter = page.evaluate(LETTER)
            height = letter["height"] / per_millimetre
            if height < FAR or letter["over"] > 0:
                small[whole] = round(height, 1), letter["over"]
        page.context.close()
    assert small == {}


# Who reads it otherwise


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_no_violation_in_any_scene(browser, web, language, moments, theme):
    context = browser.new_context(
        color_scheme=theme,
        reduced_motion="reduce",
        bypass_csp=True,  # axe itself has to be let in
    )
    page = context.new_page()
    page.goto(web.address)
    page.wait_for_selector("#cards li")
    options = {"runOnly": {"type": "tag", "values": RULES}}
    found = {"home": Axe().run(page, options=options)}
    for scene, views in moments.items():
        with web.session(language, print):
            for view in views:
                web.show(view)
            shown(web, page, views[-1])
            page.wait_for_timeout(200)
            found[scene] = Axe().run(page, options=options)
    context.close()
    assert {
        scene: each.generate_report() for scene, each in found.items() if each.violations_count
    } == {}


def test_a_screen_reader_is_told_nothing_until_it_is_asked_for(browser, web, language, moments):
    page = opened(browser, web)
    with web.session(language, print):
        shown(web, page, moments["holding"][-1])
        live = page.locator("[aria-live], [role=status], [role=alert]:visible")
        assert [each.get_attribute("aria-live") for each in live.all()] == ["off"]
        page.locator("#switches summary").click()
        page.get_by_label("screen reader").check()
        assert page.locator("#announcer").get_attribute("aria-live") == "polite"
        assert page.locator("#announcer").inner_text() == "Bend forward"
    page.reload()
    assert page.locator("#announcer").get_attribute("aria-live") == "polite"
    page.context.close()


def test_letters_are_keys_unless_they_are_switched_off(browser, web, language, moments):
    heard = []
    page = opened(browser, web)
    with web.session(language, heard.append):
        shown(web, page, moments["holding"][-1])
        page.keyboard.press("p")
        page.keyboard.press("Control+p")
        page.locator("#switches summary").click()
        page.get_by_label("Letters are keys").uncheck()
        page.keyboard.press("p")
        page.keyboard.press("Escape")
        page.locator("body").click(position={"x": 5, "y": 5})
        page.keyboard.press(" ")
        page.get_by_role("button", name="it hurts").click()
        while len(heard) < 3:
            page.wait_for_timeout(20)
    assert [each.command for each in heard] == [Command.PAUSE, Command.NEXT, Command.PAIN]
    page.context.close()


def test_who_wants_less_motion_sees_the_breath_turn_but_nothing_move(
    browser, web, language, moments
):
    page = browser.new_context(reduced_motion="reduce").new_page()
    page.goto(web.address)
    with web.session(language, print):
        view = moments["breathing"][-1]
        web.show(replace(view, now=view.breath.start))
        page.wait_for_selector("#stage[data-phase=breath]")
        sizes = set()
        for moved in range(40):
            web.show(replace(view, now=view.breath.start + moved / 4))
            page.wait_for_timeout(20)
            sizes.add(page.evaluate("document.getElementById('breath').style.transform"))
        running = page.evaluate(
            "document.getElementById('figure').shadowRoot.getAnimations()"
            ".filter((each) => each.playState === 'running').length"
        )
    assert sizes == {"scale(0.34)", "scale(1)"}
    assert running == 0
    page.context.close()


# What becomes of it when the connection does not hold


def test_a_connection_that_is_cut_is_told_and_comes_back_with_all_that_was_missed(
    browser, web, language, moments
):
    page = opened(browser, web)
    breathing = moments["breathing"][-1]
    with web.session(language, print):
        shown(web, page, moments["holding"][-1])
        assert page.locator("#lost").is_hidden()
        page.context.set_offline(True)
        cut(web)
        page.locator("#lost").wait_for(state="visible")
        web.show(breathing)
        page.wait_for_timeout(300)
        assert page.locator("#headline").inner_text() == moments["holding"][-1].title
        page.context.set_offline(False)
        page.locator("#lost").wait_for(state="hidden")
        assert page.locator("#headline").inner_text() == breathing.title
        page.keyboard.press("p")
    page.context.close()


def test_when_the_coach_has_ended_the_page_keeps_what_it_told(browser, language, moments):
    page = window(browser, "laptop")
    with WebDisplay(language) as web, web.session(language, print):
        page.goto(web.address)
        for view in moments["ended"]:
            web.show(view)
        page.wait_for_selector("body[data-screen=end]")
    page.locator("#closed").wait_for(state="visible")
    assert page.locator("#lost").is_hidden()
    assert page.locator("#headline").inner_text() == "All done"
    assert "12 of 12 steps" in page.locator("#summary").inner_text()
    assert page.locator("#back-home").is_hidden()
    with page.expect_download() as download:
        page.locator("#save").click()
    kept = Path(download.value.path()).read_text("utf-8")
    assert "Bend to the right" in kept
    assert "http" not in kept.replace("http://www.w3.org/2000/svg", "")
    page.context.close()


def test_after_a_session_one_goes_back_home_and_may_look_at_it_again(
    browser, web, language, moments
):
    page = opened(browser, web)
    with web.session(language, print):
        for view in moments["pain"]:
            web.show(view)
        page.wait_for_selector("body[data-screen=alarm]")
        assert page.locator("#back-home").is_hidden()
        web.show(replace(view, state=State.ENDED, outcome=Outcome.PAIN))
    page.locator("#back-home").click()
    assert page.locator("#home-title").is_visible()
    page.locator("#last").click()
    assert page.locator("#alarm-headline").inner_text() == "Hands off"
    page.context.close()


# That it keeps to itself


def test_the_page_asks_nobody_else_for_anything_and_runs_nothing_that_is_written_into_it(
    browser, web, language, moments
):
    page = window(browser, "laptop")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(web.address)
    page.wait_for_selector("#cards li")
    with web.session(language, print):
        shown(web, page, replace(moments["holding"][-1], heard="<img src=x onerror=alert(1)>"))
        assert page.locator("#heard-words").inner_text() == "<img src=x onerror=alert(1)>"
    assert len(asked) > 5
    assert [url for url in asked if not url.startswith(web.address)] == []
    done = page.evaluate(
        """async () => {
          const script = document.createElement("script");
          script.textContent = "window.written = true";
          document.body.append(script);
          const elsewhere = await fetch("http://127.0.0.1:9/").then(() => "sent", () => "kept");
          return [window.written ?? false, elsewhere];
        }"""
    )
    assert done == [False, "kept"]
    page.context.close()


def test_another_page_can_neither_read_nor_steer_nor_frame_it(browser, web, language, moments):
    heard = []
    with web.session(language, heard.append), WebDisplay(language) as other:
        web.show(moments["holding"][-1])
        page = window(browser, "laptop")
        page.goto(other.address)
        page.context.grant_permissions([])
        answer = page.evaluate(
            """async (address) => {
              const tried = [];
              const post = { method: "POST", mode: "no-cors", body: '{"key": " "}' };
              for (const [path, how] of [["order", post], ["home", {}], ["events", {}]]) {
                tried.push(await fetch(address + path, how).then((a) => a.type, () => "kept"));
              }
              return tried;
            }""",
            web.address,
        )
        assert answer == ["kept", "kept", "kept"]
        page.context.close()
    assert heard == []


def test_pain_arrives_from_every_one_of_eight_tabs_and_each_tab_follows(
    browser, web, language, moments
):
    """A browser opens six connections to one address: all tabs share one for what is shown."""
    heard = []
    context = browser.new_context()
    tabs = [context.new_page() for _ in range(8)]
    with web.session(language, heard.append):
        web.show(moments["holding"][-1])
        for tab in tabs:
            tab.goto(web.address)
        for number, tab in enumerate(tabs):
            tab.locator("[data-command=pain]").click(timeout=5000)
            tab.locator("#sent[data-what=arrived]").wait_for(timeout=5000)
            assert [each.command for each in heard] == [Command.PAIN] * (number + 1)
        web.show(moments["pain"][-1])
        for tab in tabs:
            tab.locator("#alarm-headline").wait_for(timeout=5000)
    context.close()


def test_a_command_that_does_not_arrive_is_told_and_pain_is_tried_again(
    browser, web, language, moments
):
    heard = []
    page = opened(browser, web)
    with web.session(language, heard.append):
        shown(web, page, moments["holding"][-1])
        page.route("**/command", lambda route: route.abort())
        page.locator("[data-command=pause]").click()
        page.locator("#sent[data-what=notArrived]").wait_for(timeout=5000)
        assert "did not reach the coach" in page.locator("#sent").inner_text()
        page.locator("[data-command=pain]").click()
        page.unroute("**/command")
        page.locator("#sent[data-what=arrived]").wait_for(timeout=5000)
        assert [each.command for each in heard] == [Command.PAIN]
