"""The real board in a real browser, at a real Mosquitto that is killed and frozen.

Pictures are left in ``build/screens``.
"""

import signal
import time
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from display.sample_views import BREATHING_IN, CHOOSING
from rooms.assignments import LANGUAGE, PLAN
from rooms.mosquitto import Mosquitto, Watcher, until
from screens.chromium import SETTLED, THEMES, chromium, complaints_of, window
from trials.many_rooms import board

from voice_coach.core.assigned_plan import read_assigned_plan
from voice_coach.core.events import SomebodyComing
from voice_coach.core.transitions import State
from voice_coach.core.view import Feeling, Outcome
from voice_coach.rooms.board import SILENCE
from voice_coach.rooms.broker import Broker
from voice_coach.rooms.room import Room

pytestmark = pytest.mark.real_parts

PICTURES = Path(__file__).parents[2] / "build" / "screens"
HURT = replace(CHOOSING, outcome=Outcome.PAIN, state=State.HURT, routine_id="gentle-bends")
DONE = replace(CHOOSING, outcome=Outcome.COMPLETED, state=State.RATING, routine_id="rocking")
BREATHING = replace(BREATHING_IN, routine_id="rocking")
RULES = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RED = "rgb(140, 12, 23)"
PATIENCE = 30_000
"""Milliseconds to wait for the page, on a computer that is busy."""
SOON = 6.0
"""Seconds in which pain is on the page, after it hurt or after the broker's return, on a computer
that is busy; it takes a quarter of a second, and two."""
MEASURE = """() => {
  const all = [...document.querySelectorAll("button, select")];
  const touched = all.filter((e) => e.checkVisibility());
  const boxes = touched.map((e) => [e.textContent, e.getBoundingClientRect()]);
  return {
    small: boxes.filter(([, box]) => Math.min(box.width, box.height) < 44).map(([text]) => text),
    outside: boxes.filter(([, box]) => box.right > innerWidth).map(([text]) => text),
    across: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  };
}"""


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def broker(tmp_path):
    broker = Mosquitto(tmp_path).start()
    yield broker
    broker.end()


@pytest.fixture
def page(browser):
    page = window(browser, "laptop")
    page.set_default_timeout(PATIENCE)
    yield page
    page.context.close()


@contextmanager
def room(broker, name="mat", *, share=False, **chosen):
    at = Broker(host="127.0.0.1", port=broker.port)
    with Room(name, at.client(name), str(at), share=share) as room:
        room.open(**chosen)
        yield room


def tile(page, name="mat"):
    return page.locator(f".room[data-key={name}]")


def assign(page, to, plan):
    """Fill in the form, and send it."""
    page.get_by_role("textbox", name="Person").fill(to)
    page.locator("select[name=room]").select_option("mat")
    page.get_by_label("Minutes").select_option("10")
    page.get_by_label("File of the plan").set_input_files(plan)
    page.get_by_role("button", name="Assign").click()


def shows(page, name, look):
    """Wait until the tile of a room looks so."""
    page.locator(f".room[data-key={name}][data-look={look}]").wait_for(timeout=PATIENCE)


def test_pain_is_red_until_somebody_has_seen_it_also_after_the_board_was_killed(
    broker, page, tmp_path
):
    with room(broker) as mat, board(broker.port, tmp_path) as (running, address):
        page.goto(address)
        shows(page, "mat", "idle")
        with mat.session(None, print):
            mat.show(HURT)
            hurt = time.monotonic()
            shows(page, "mat", "pain")
            assert time.monotonic() - hurt < SOON
            assert tile(page).evaluate("(e) => getComputedStyle(e).backgroundColor") == RED
            assert page.title() == "It hurt in room mat. · Rooms"
            mat.show(replace(CHOOSING, state=State.ENDED, outcome=Outcome.PAIN))
        with mat.session(None, print):  # the next session begins: nobody has seen it yet
            mat.show(BREATHING)
            page.get_by_text("Breathing").wait_for()
            shows(page, "mat", "pain")
            running.kill()
            page.get_by_text("This page lost the board at").wait_for()
            with board(broker.port, tmp_path) as (_, again):
                page.goto(again)
                shows(page, "mat", "pain")
                page.get_by_role("button", name="Seen by me").click()
                shows(page, "mat", "busy")
                assert "it hurt" in tile(page).locator(".today").inner_text()
            with board(broker.port, tmp_path) as (_, again):
                page.goto(again)
                shows(page, "mat", "busy")


def test_a_board_that_was_away_is_told_of_the_pain_between(broker, page, tmp_path):
    with room(broker) as mat:
        with board(broker.port, tmp_path) as (_, address):
            page.goto(address)
            shows(page, "mat", "idle")
        with mat.session(None, print):
            mat.show(HURT)
        with mat.session(None, print):
            mat.show(BREATHING)
            with board(broker.port, tmp_path) as (_, address):
                page.goto(address)
                shows(page, "mat", "pain")


def test_without_the_broker_no_room_stays_green_and_pain_is_known_soon_after(
    broker, page, tmp_path
):
    with (
        room(broker) as mat,
        room(broker, "garden"),
        mat.session(None, print),
        board(broker.port, tmp_path) as (_, address),
    ):
        mat.show(BREATHING)
        page.goto(address)
        shows(page, "mat", "busy")
        shows(page, "garden", "idle")
        broker.end()
        shows(page, "mat", "unknown")
        shows(page, "garden", "unknown")
        assert tile(page).locator(".headline").inner_text().startswith("not known since ")
        assert page.locator("#banner").inner_text().startswith("The broker has not answered since ")
        page.wait_for_timeout(SETTLED)
        page.screenshot(path=PICTURES / "board-without-broker-laptop.png")
        mat.show(HURT)
        page.wait_for_timeout(SETTLED)
        broker.start()
        back = time.monotonic()
        shows(page, "mat", "pain")
        assert time.monotonic() - back < SOON
        shows(page, "garden", "idle")
        assert page.locator("#banner").is_hidden()


def test_a_frozen_broker_leaves_no_room_green_for_long(broker, page, tmp_path):
    with room(broker), board(broker.port, tmp_path) as (_, address):
        page.goto(address)
        shows(page, "mat", "idle")
        broker.freeze()
        try:
            frozen = time.monotonic()
            shows(page, "mat", "unknown")
            assert time.monotonic() - frozen < SILENCE
        finally:
            broker.thaw()
        shows(page, "mat", "idle")


def test_a_routine_is_started_only_where_a_room_waits_for_it(broker, page, tmp_path, language):
    chosen = []
    with (
        room(broker, choices=language.choices, choose=chosen.append),
        room(broker, "deaf"),
        board(broker.port, tmp_path) as (running, address),
    ):
        page.goto(address)
        shows(page, "deaf", "idle")
        tile(page, "deaf").locator(".start").wait_for(state="hidden")
        start = tile(page).get_by_role("button", name="Start")
        start.wait_for()
        assert start.is_disabled()
        tile(page).get_by_label("What to start in room mat").select_option("Rocking")
        start.click()
        page.get_by_text("The room was asked. It begins when somebody answers there.").wait_for()
        until(lambda: chosen)
        assert chosen == ["rocking"]
        running.send_signal(signal.SIGINT)
        assert running.wait(PATIENCE / 1000) == 0


def test_the_board_lets_a_coach_say_that_somebody_is_coming(broker, page, tmp_path):
    posted = []
    with (
        room(broker) as mat,
        room(broker, "idle"),
        mat.session(None, posted.append),
        board(broker.port, tmp_path) as (_, address),
    ):
        mat.show(BREATHING)
        page.goto(address)
        shows(page, "mat", "busy")
        shows(page, "idle", "idle")
        assert tile(page, "idle").locator(".coming").is_hidden()
        tile(page).get_by_role("button", name="Say: somebody is coming").click()
        page.get_by_text("The coach there says so at the next moment").wait_for()
        until(lambda: posted)
    assert posted == [SomebodyComing()]


def test_a_plan_is_assigned_reaches_the_room_and_how_it_went_comes_back(broker, page, tmp_path):
    wrong = complaints_of(page)
    (file := tmp_path / "plan.toml").write_text(PLAN, "utf-8")
    (broken := tmp_path / "broken.toml").write_text(PLAN.replace("gentle-bends", "headstand"))
    said = []

    def offered():
        return mat.offer(partial(read_assigned_plan, LANGUAGE), said.append)

    with (
        room(broker, share=True) as mat,
        board(broker.port, tmp_path) as (_, address),
    ):
        page.goto(address)
        page.get_by_text("No plan has been assigned.").wait_for()
        shows(page, "mat", "idle")
        assign(page, "Anna", broken)
        page.get_by_text('there is no routine "headstand"').wait_for()
        assert page.locator(".person").count() == 0
        assign(page, "Anna", file)
        anna = page.locator(".person[data-key=Anna]")
        anna.get_by_text("Ten minutes for your neck and upper back, room mat, since ").wait_for()
        assert page.locator("#refused").is_hidden()
        assert until(offered).choice == "assigned-10"
        done = replace(DONE, routine_id="assigned-10", consented=True)
        with mat.session(None, print):
            mat.show(done)
            mat.show(replace(done, felt=Feeling.BETTER))
        anna.get_by_text("· completed · better").wait_for()
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.wait_for_timeout(SETTLED)
        page.screenshot(path=PICTURES / "board-people.png", full_page=True)
        anna.get_by_role("button", name="Withdraw").click()
        anna.get_by_text("no plan now").wait_for()
        until(lambda: offered() is None)
        page.on("dialog", lambda dialog: dialog.accept())
        anna.get_by_role("button", name="Forget").click()
        page.get_by_text("No plan has been assigned.").wait_for()
    assert said == []
    assert wrong == [
        "Failed to load resource: the server responded with a status of 409 (Conflict)"
    ]
    assert b"Anna" not in b"".join(f.read_bytes() for f in tmp_path.rglob("board.db*"))


def test_what_others_send_neither_breaks_nor_misleads_it(broker, page, tmp_path):
    wrong = complaints_of(page)
    with (
        Watcher(broker.port) as forger,
        room(broker) as mat,
        mat.session(None, print),
        board(broker.port, tmp_path) as (_, address),
    ):
        mat.show(BREATHING)
        page.goto(address)
        shows(page, "mat", "busy")
        state = '{"state": "idle", "routine": "%s"}'
        forger.send("voice-coach/mat/state", "x" * 100_000, retain=True)
        forger.send("voice-coach/mat/state", state % "<img src=x onerror=alert(1)>")
        forger.send("voice-coach/mat/event", "[" * 900)
        forger.send("voice-coach/mat/event", '{"event_type": "pain"}', retain=True)
        forger.send("voice-coach/a b/state", state % "rocking")
        forger.send("voice-coach/ghost/state", '{"state": "holding"}', retain=True)
        page.get_by_text("that were ignored: 4.").wait_for()
        shows(page, "ghost", "unknown")
        assert page.locator(".room").count() == 2
        assert tile(page).locator(".headline").inner_text() == "Breathing"
        assert tile(page).get_attribute("data-look") == "busy"
        assert wrong == []


def test_it_is_readable_at_every_size_and_axe_finds_no_violation(
    broker, browser, page, tmp_path, language
):
    (file := tmp_path / "plan.toml").write_text(PLAN, "utf-8")
    PICTURES.mkdir(parents=True, exist_ok=True)
    name = "a-room-with-a-name-of-forty-characters-x"
    with (
        room(broker) as mat,
        room(broker, name) as long,
        room(broker, "waits", choices=language.choices, choose=print),
        room(broker, "gone"),
        board(broker.port, tmp_path) as (_, address),
        mat.session(None, print),
        long.session(None, print),
    ):
        with Watcher(broker.port) as watcher:
            watcher.send("voice-coach/gone/availability", "offline")
        mat.show(HURT)
        page.goto(address)
        shows(page, "mat", "pain")
        assign(page, "a person of forty characters, no spaces"[:40].replace(" ", "-"), file)
        page.get_by_role("button", name="Withdraw").wait_for()
        assign(page, "Anna", tmp_path / "mosquitto.conf")
        page.get_by_text("The plan was not assigned:").wait_for()
        for _ in range(12):  # a day that is longer than its tile
            long.show(DONE)
            long.show(BREATHING)
        for theme in THEMES:
            for size in ("laptop", "phone"):
                page = window(browser, size, theme)
                page.goto(address)
                shows(page, "mat", "pain")
                shows(page, "waits", "idle")
                page.wait_for_timeout(SETTLED)
                page.screenshot(path=PICTURES / f"board-{size}-{theme}.png", full_page=True)
                assert page.evaluate(MEASURE) == {"small": [], "outside": [], "across": 0}
                page.context.close()
            context = browser.new_context(color_scheme=theme, bypass_csp=True)  # to let axe in
            page = context.new_page()
            page.goto(address)
            shows(page, "mat", "pain")
            found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
            context.close()
            assert not found.violations_count, found.generate_report()
