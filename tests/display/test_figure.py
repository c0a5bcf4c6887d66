"""The picture of a step: every step has one, and it shows what the words say."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from screens.chromium import chromium, window

from voice_coach.core.pose import Pose
from voice_coach.display.figures.figure import STYLE, WIDTH, draw, moves
from voice_coach.display.figures.layers import layers
from voice_coach.display.figures.svg import PERIOD
from voice_coach.display.web.content import PageContent
from voice_coach.display.words import read_page_words, read_screen_words

SVG = "{http://www.w3.org/2000/svg}"
BEND = Pose(torso=40, spine=30, moves=["torso"], comes_from={"torso": 90, "spine": 0})


def parsed(pose, **options):
    given = {"mirrored": False, "title": "A step", **options}
    return ET.fromstring(draw(pose, **given))  # noqa: S314 - we have just drawn it


@pytest.fixture(scope="module")
def shipped(language):
    """Give all steps of all routines, named."""
    return {
        f"{routine.id} {number}": (routine, step)
        for routine in language.routines
        for number, step in enumerate(routine.steps, 1)
    }


def test_every_step_of_every_routine_has_a_figure_that_stands_alone(shipped):
    """It is one picture with a title, and it neither runs nor fetches anything."""
    assert len(shipped) == 87
    for name, (_, step) in shipped.items():
        assert step.pose, name
        for mirrored in (False, True) if step.sided else (False,):
            picture = parsed(step.pose, mirrored=mirrored, title=f"{step.title} & <more>")
            assert picture.get("role") == "img"
            assert picture[0].tag == f"{SVG}title"
            assert picture[0].text == f"{step.title} & <more>"
            tags = {element.tag.removeprefix(SVG) for element in picture.iter()}
            assert tags == {"svg", "title", "style", "rect", "g", "path"} - ({"rect"} - tags)
            names = {name for element in picture.iter() for name in element.keys()}  # noqa: SIM118
            assert not [name for name in names if name.startswith("on") or "href" in name]
            assert "url(" not in picture[1].text
            assert "@import" not in picture[1].text


def test_a_head_on_something_soft_is_seen_on_it(shipped):
    """Whoever is told of a towel for the head sees one, under the head and behind it."""
    for name, (routine, step) in shipped.items():
        # Whoever lies face down is told before the first step, and turns onto the side at the end.
        told = (*step.say, *(routine.setup if step.pose.view == "side" else ()))
        if re.search("folded towel|soft under your head", " ".join(told)):
            assert step.pose.cushion, name
    for view in ("side", "above"):
        lying = Pose(torso=0, facing="left", view=view)
        bare, soft = (layers(lying.model_copy(update={"cushion": on}), 1) for on in (False, True))
        assert soft[1:] == bare
        (towel,), head = soft[0].shapes, next(s for o in bare for s in o.shapes if s.kind == "head")
        assert abs(((towel.at + towel.to) / 2 - head.at).real) < 1


def test_what_breathes_with_a_movement_moves(language):
    """Rocking, rolling, sinking, tilting and the press are seen to move with the breath."""
    cues = re.compile("roll|bend|sink|tilt|push|together", re.IGNORECASE)
    moving = [
        step
        for routine in language.routines
        for step in routine.steps
        if step.breathing and cues.search(" ".join(step.breathing.cues))
    ]
    assert len(moving) == 11
    assert all(moves(step.pose) for step in moving)


def test_all_that_moves_keeps_one_time_and_can_be_still():
    """All animations last as long, and whoever asks for less motion gets none."""
    style = parsed(BEND)[1].text
    assert style.count("animation:") == 2
    assert f".f-moves{{animation:{PERIOD}s linear infinite}}" in style
    assert "@media (prefers-reduced-motion:reduce){.f-moves{animation:none!important}}" in style
    names = re.findall(r"@keyframes ([\w-]+)", style)
    assert len(names) == len(set(names)) > 10
    assert "animation" not in parsed(Pose())[1].text


def test_no_two_figures_on_a_page_move_each_other():
    """Names of animations are those of the figure alone."""
    other = BEND.model_copy(update={"torso": 41})
    one, two = (
        re.findall(r"@keyframes ([\w-]+)", draw(p, mirrored=False, title="")) for p in (BEND, other)
    )
    assert not set(one) & set(two)


def test_a_still_figure_shows_the_pose_itself_and_can_show_any_moment():
    """Without a clock one sees where the words lead to."""

    def torso(picture):
        return [path.get("transform") for path in picture.iter(f"{SVG}path")]

    assert torso(parsed(BEND)) == torso(parsed(BEND, progress=1)) != torso(parsed(BEND, progress=0))
    assert layers(BEND, 0) == layers(Pose(moves=["torso"], comes_from={}), 1)


def test_a_figure_that_is_not_seen_from_the_side_says_so(language):
    """Who lies on the side, seen from above, would be taken for lying face up."""
    words = read_page_words()
    content = PageContent(language, read_screen_words(), words)
    drawn = {card["id"]: content.figure(card["figure"]) for card in content.cards}
    assert words.views["above"] in drawn["hold-the-feet"]
    assert words.views["above"] not in drawn["rocking"]
    texts = [e.text for e in parsed(BEND, mirrored=True, note="from <here>").iter(f"{SVG}text")]
    assert texts == ["from <here>"]
    for code in ("en", "es"):
        assert read_page_words(code).views.keys() == {"above", "back"}


def test_the_other_side_is_the_mirror_image():
    """Left and right change places, and nothing else does."""
    one, other = (draw(BEND, mirrored=mirrored, title="") for mirrored in (False, True))
    scale = re.compile(r"translate\(([\d.]+) (\S+)\) scale\((-?[\d.]+) (\S+)\)")
    (x, y, wide, high), (x2, y2, wide2, high2) = (scale.search(s).groups() for s in (one, other))
    assert scale.sub("", one) == scale.sub("", other)
    assert (float(wide2), high2, y2) == (-float(wide), high, y)
    assert float(x2) == pytest.approx(WIDTH - float(x), abs=0.2)


def test_a_force_is_shown_with_the_breath_out_only(shipped):
    """With the breath in, no arrow presses; and where one presses a back, a partner stands."""
    for name, (routine, step) in shipped.items():
        force = step.pose.force
        if step.breathing and step.breathing.press:
            assert force, name
            assert force.at == "shoulder blades"
            assert force.direction == 270
        if not force:
            continue
        if force.at == "shoulder blades":
            assert step.pose.partner, name
            assert routine.partner, name
        arrows = {
            progress: shape.seen
            for progress in (0, 0.5, 1)
            for layer in layers(step.pose, progress)
            for shape in layer.shapes
            if shape.kind == "arrow"
        }
        assert arrows == pytest.approx({0: 0, 0.5: 0.5, 1: 1}), name


def luminance(colour):
    """Give the relative luminance of a colour, by WCAG 2.2."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * c for c in colour[1:])
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(p * share for p, share in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lines_stand_out_in_light_and_dark(scheme):
    """Every line and arrow has a contrast of 7:1 to the ground, and to the floor."""
    light, dark = STYLE.split("@media (prefers-color-scheme:dark)")
    style = light if scheme == "light" else dark
    grounds = [re.search(rf"\.{g}{{fill:(#\w+)", style)[1] for g in ("f-ground", "f-floor")]
    lines = [*re.findall(r"stroke:(#\w+)", style), re.search(r"f-force{fill:(#\w+)", style)[1]]
    assert len(lines) >= 8
    for line in lines:
        for ground in grounds:
            lighter, darker = sorted((luminance(line), luminance(ground)), reverse=True)
            assert (lighter + 0.05) / (darker + 0.05) >= 7, (line, ground)


ANGLE = st.floats(-360, 360)


POSES = st.fixed_dictionaries(
    {
        "torso": ANGLE,
        "spine": ANGLE,
        "twist": ANGLE,
        "left_arm": st.tuples(ANGLE, ANGLE),
        "right_leg": st.tuples(ANGLE, ANGLE),
        "view": st.sampled_from(["side", "front", "back", "above"]),
        "prop": st.sampled_from(["none", "mat", "chair", "ball", "bed", "wall", "shower"]),
        "left_foot": st.none() | st.floats(-200, 200),
        "right_hand": st.none()
        | st.sampled_from(["hips", "spine", "forehead", "toes", "beside", "behind", "out"]),
        "comes_from": st.fixed_dictionaries({"torso": ANGLE, "along": st.floats(-200, 200)}),
    }
)


@given(POSES)
def test_whatever_is_written_in_a_pose_gives_a_picture(written):
    """Odd angles give an odd picture, never an error."""
    assert "nan" not in draw(Pose(**written), mirrored=True, title="odd")


def test_a_real_browser_moves_the_figure_by_the_clock_it_is_given():
    """Chromium finds all animations in one time; at its middle the pose itself is seen."""
    with chromium() as browser:
        page = window(browser, "laptop")
        page.set_content(draw(BEND, mirrored=False, title=""))
        times = page.evaluate(
            "document.getAnimations().map(a => [a.effect.getTiming().duration, a.startTime])"
        )
        assert len(times) > 10
        assert {duration for duration, _ in times} == {1000 * PERIOD}
        assert len({start for _, start in times}) == 1
        heights = [
            page.evaluate(
                """time => {
                    for (const a of document.getAnimations()) { a.pause(); a.currentTime = time }
                    return Math.min(...[...document.querySelectorAll(".f-moves")].map(
                        path => path.getBoundingClientRect().top))
                }""",
                1000 * PERIOD * share,
            )
            for share in (0, 0.25, 0.5, 0.75)
        ]
        assert heights[0] < heights[1] < heights[2]
        assert heights[3] == pytest.approx(heights[1], abs=0.1)
        page.emulate_media(reduced_motion="reduce")
        assert page.evaluate("document.getAnimations().length") == 0
        still = page.evaluate(
            """Math.min(...[...document.querySelectorAll(".f-moves")].map(
                path => path.getBoundingClientRect().top))"""
        )
        assert still == pytest.approx(heights[2], abs=0.1)
