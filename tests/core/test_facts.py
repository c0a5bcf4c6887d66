"""Every fact the routines are built on is spoken, so that no later edit can lose one.

A fact is a short name and the words that must be found in what a whole session says, in small
letters. What is a property of a routine rather than words of it is tested below.
"""

from __future__ import annotations

import re

import pytest
from scenes import BENDS, LEGS, PRESS

from voice_coach.catalogue import read_language
from voice_coach.core.all_sentences import all_sentences
from voice_coach.core.commands import Command
from voice_coach.core.config import SessionConfig
from voice_coach.core.pace import RATES, speaking_seconds
from voice_coach.core.safety import safety_note
from voice_coach.core.script import way_up, write_out
from voice_coach.core.session import Session
from voice_coach.core.simulation import Simulation, simulate
from voice_coach.core.transitions import State

SHOWER = "gentle-bends-shower"
BALL = "exercise-ball"
ROCKING = "rocking"
HEAD = "hands-behind-head"
EDGE = "over-the-edge"
STANDING = "upright-lean"
CHAIR = "chair-lean"
FEET = "hold-the-feet"
CIRCLES = "shoulder-circles"
REST = "bent-knees-rest"

ALL = {
    "E: the coach is no doctor": "a program, not a doctor",
    "E: the pain words are taught": "say: it hurts",
    "the coach is put where it hears": "put me |place me ",
}
TWISTS = {
    "E: be very cautious": "be very careful",
    "E: overexertion can injure": "too much force .*can injure",
    "E: leave off at the first pain": "at the first bad feeling, [^.]*say: it hurts",
    "E: too often leads to hypermobility": "don't do this often. it loosens what holds \\w+ spine",
    "a pull is told from an injury": "a pull is fine. sharp, shooting or tingling is not",
    "a crack is never the goal": "may crack, or not|need not crack at all",
    "E: the urge to do it often is a reason to see a doctor": (
        "urge to crack your spine often is itself a reason to see a doctor"
    ),
}
FACTS = {
    CIRCLES: {
        "circles": "lift your shoulders.*circle backward and down",
        "the upper back opens": "wrap both arms round yourself.*breathe into your upper back",
        "and closes": "draw your shoulder blades together",
    },
    REST: {
        "on the back with bent knees": "lie on your back.*bend your knees, feet flat",
        "something soft under the head": "something soft under your head",
        "small movements only": "a hand's width to one side",
    },
    STANDING: {
        "A1: room for both arms": "room for both arms to move",
        "A1: relatively safe": "relatively safe",
        "A1: at any time of day": "any time of the day",
        "A1: both hands on the spine": "both hands behind you",
        "A1: stacked": "stack them, one on the other",
        "A1: at the centre": "at the centre of your spine",
        "A1: press while leaning backward, at the same time": (
            "press on your spine with both hands. at the same time, lean slowly backward"
        ),
        "A1: until a slight crack is heard or felt": "hear or feel a slight crack, and no further",
        "A1: never so far that it is uncomfortable": "never so far that it feels uncomfortable",
        "A1: upright at the first pain": "at the first bad feeling, come upright",
    },
    CHAIR: {
        "A2: for work or school": "at work or at school",
        "A2: seated": "on a chair",
        "A2: a low backrest works best": "a chair with a low backrest works best",
        "A2: hips to the front edge": "slide your hips to the front edge of the seat",
        "A2: lean until the back touches the backrest": (
            "lean slowly backward, until your back touches the backrest"
        ),
        "A2: palms on the forehead": "both palms on your forehead",
        "A2: exhale slowly": "breathe out slowly",
        "A2: head and shoulders tilt over the backrest": (
            "with each slow breath out, let your head and shoulders tilt over the backrest"
        ),
        "A2: a crack may come": "it may crack, or not. both are fine",
        "A2: do not lean too far": "don't lean too far",
        "the chair neither rolls nor tips": "your chair must not roll or tip",
        "A2: up at the first unease": "at the first bad feeling, sit up",
    },
    FEET: {
        "A3: for whom sitting or standing is hard": "for you if sitting or standing is hard",
        "A3: more room": "more room than the others",
        "A3: a mat or a carpet": "a mat or a carpet",
        "the head is carried, on both sides": "(rest your head on the folded towel.*){2}",
        "A3: on one side, then on the other": "onto your right side.*onto your left side",
        "A3: knees to the chest, on both sides": "(both knees to your chest.*){2}",
        "A3: then extend the legs, on both sides": (
            "(knees to your chest.*extend your legs.*reach for your feet.*){2}"
        ),
        "A3: the hands hold the toes": "hold your toes with both hands",
        "A3: hold until a crack": "it may crack, or not. stay until it does",
        "A3: not if reaching for the feet hurts": (
            "if reaching for your feet feels bad, say: skip this one"
        ),
        "A3: let go at the first pain": "at the first bad feeling, let go",
    },
    PRESS: {
        "B: face down": "lie on your stomach",
        "B: on something firm": "the floor or a firm mattress",
        "B: arms at the sides": "your arms rest at your sides",
        "B: the partner at the head": "partner: kneel at the top of the head.*face the feet",
        "B: hands stacked": "stack both hands",
        "B: at the centre, between the shoulder blades": "centre, between the shoulder blades",
        "B: gentle pressure at first": "begin with very little",
        "B: push gently": "push gently down",
        "B: pressure only with the breath out": "while the breath goes out, and only then",
        "B: none with the breath in": "with each breath in, let go, and only rest your hands",
        "B: the breath must be heard": "out loud, so that both of you hear each breath",
        "B: in and out are called aloud": "breathe in. breathe out. and push. let go",
        "B: it does not crack at once": "does not crack at once",
        "B: breath by breath": "(breathe out. and push. let go.*){8}",
        "B: until a satisfying crack": "if it cracks, that's enough. say: it cracked",
        "B: dangerous when the limit is not known": "partner: you cannot feel the limit. ask",
        "B: no breath heard, no push": "if you hear no breath, don't push",
        "the partner's arms are straight": "with straight arms",
        "beside the spine": "beside the spine, not on the bone",
        "neither neck nor lower back": "never on the neck, and never on the lower back",
        "the neck is not turned": "rest your forehead on a folded towel",
        "less pressure can be asked for": "if it is too strong, say: gentler",
        "B: keep talking": "keep talking to each other, all the time",
        "B: the partner is told at once": "at the first bad feeling, say: it hurts",
        "B: and takes the hands off": "partner: hands off, at once",
    },
    BALL: {
        "C1: fully inflated": "a fully inflated exercise ball",
        "C1: sit on it": "sit on the middle of the ball",
        "C1: walk the feet forward slowly": "walk your feet forward, slowly",
        "C1: until the back rests on the ball": "until your back rests on the ball",
        "C1: stay, relax completely": "relax completely",
        "C1: bend and straighten the knees slowly": "bend them slowly, then straighten them slowly",
        "C1: roll forward and back": "roll the ball forward and backward",
        "C1: over different parts of the back": "under every part of your back",
        "C1: a crack may or may not come": "it may crack, or not. both are fine",
        "C1: it can take a few minutes": "it can take a few minutes",
        "C1: be patient": "be patient",
        "C1: enjoy it": "enjoy it",
        "the ball must not slide": "on a floor that doesn't slip",
    },
    LEGS: {
        "C2: on a mat": "you need: a mat",
        "C2: sit upright": "sit upright",
        "C2: legs extended": "stretch both legs out",
        "C2: bend one leg, place it over the other": (
            "bend your right leg, and place it over the left.*"
            "bend your left leg, and place it over the right"
        ),
        "C2: the other leg straight": "your left leg stays straight.*your right leg stays straight",
        "C2: one foot on the floor": "right foot flat.*left foot flat",
        "C2: close to the other hip": (
            "outside your left hip, and close.*outside your right hip, and close"
        ),
        "C2: arm across the body to the outer side": (
            "your left arm across your body, to the outer side of your right leg.*"
            "your right arm across your body, to the outer side of your left leg"
        ),
        "C2: push against the knee": (
            "your left arm against your right knee.*your right arm against your left knee"
        ),
        "C2: bend slightly backward": "(lean slightly backward.*){2}",
        "C2: turn": "turn gently to the right.*turn gently to the left",
        "C2: a stretch is felt": "until you feel a stretch",
        "C2: release when it cracks": "let the tension go.*if it has cracked, that's enough",
    },
    EDGE: {
        "C3: on a stretching bed": "a stretching bed.*on the bed",
        "C3: shoulders and all above them over the edge": (
            "your shoulders, your neck and your head are over the edge"
        ),
        "C3: relax slowly": "relax slowly",
        "C3: upper back and arms hang toward the floor": (
            "your upper back and elbows hang toward the floor"
        ),
        "C3: once fully stretched down, lift with the belly": ("fully down. tighten your belly"),
        "C3: the spine the other way": "curl your chest up",
        "C3: lower each time": "hang toward the floor.*lower than before",
        "C3: further over the edge each time": (
            "over the edge.*a hand's width further over the edge"
        ),
        "C3: the belly lifts each time": "(tighten your belly.*){2}",
        "the hands carry the head": "your fingers behind your head, and let them carry it",
        "eyes and blood pressure": "with glaucoma or high blood pressure, say: skip this one",
    },
    ROCKING: {
        "C4: on a mat": "you need: a mat",
        "C4: knees to the chest": "both knees to your chest",
        "C4: arms wrapped round the knees": "wrap your arms round your knees",
        "C4: rock gently back and forth": "rock gently, down toward your shoulders, and up",
        "C4: gathering momentum": "gather momentum",
        "a sore neck": "if your neck or your back is sore, say: skip this one",
        "never onto the neck": "never roll onto your neck",
        "the breath goes with it": "breathe in, roll.*breathe out, up",
        "C4: each section of the spine touches the mat": "each section of your spine touch the mat",
    },
    HEAD: {
        "C5: on a firm floor": "a firm bare floor",
        "C5: without a mat": "on the bare floor, without a mat",
        "C5: on the back": "lie on your back",
        "C5: arms out to the sides": "stretch your arms out to the sides",
        "C5: feet flat": "feet flat",
        "C5: knees bent": "bend your knees. feet flat, a foot's length from your seat",
        "C5: or enough to tilt the pelvis": "bend your knees some more",
        "C5: the pelvis tilts, the lower back lies on the floor": (
            "tuck your tailbone. let your waist sink to the floor"
        ),
        "C5: the whole spine lies along the floor": "your whole spine lie along the floor",
        "C5: hands behind the head": "both hands behind your head",
        "C5: gently push the head, chin toward the chest": (
            "gently push your head forward, so that your chin moves toward your chest"
        ),
        "C5: light pressure, only at the back of the head": (
            "press lightly, and only behind your head"
        ),
        "C5: one to three small pops between the shoulder blades": (
            "one to three small pops may come between your shoulder blades"
        ),
        "a sore neck": "if your neck is sore, say: skip this one",
        "C5: leave off at the first pain": (
            "at the first bad feeling, lower your head, and say: it hurts"
        ),
    },
    BENDS: {
        "D: forward, backward, then side to side": (
            "bend forward.*lean gently backward.*bend to the right.*bend to the left"
        ),
        "D: eases tension": "eases tension",
        "D: without a twist": "without a twist",
        "D: better than twisting for mild pain": (
            "for a mild ache, stretching helps more than cracking"
        ),
    },
    SHOWER: {
        "D: forward, backward, then side to side": (
            "bend forward.*lean a little backward.*bend to the right.*bend to the left"
        ),
        "D: eases tension": "eases tension",
        "D: after five minutes of warm water": "warm.*for about five minutes",
        "D: mind the slippery floor": "mind the slippery floor",
    },
}
EVERY_TIME = {
    SHOWER: ["mind the slippery floor. set your feet wide apart", "if you feel dizzy"],
    CHAIR: ["your chair must not roll or tip", "with a sore neck or dizzy spells, say: skip this"],
    HEAD: ["if your neck is sore, say: skip this one", "press lightly, and only behind your head"],
    BALL: ["put the ball on a floor that doesn't slip", "if you feel dizzy"],
    ROCKING: ["if your neck or your back is sore", "never roll onto your neck"],
    EDGE: ["with glaucoma or high blood pressure, say: skip this one", "you may feel dizzy"],
    FEET: ["if reaching for your feet feels bad, say: skip this one"],
    LEGS: ["turn only as far as it feels good"],
    PRESS: [
        "partner: you cannot feel the limit. ask",
        "keep talking to each other",
        "partner: kneel at the top of the head, and put me on the floor, close to you both",
        "partner: you can say it too",
        "the heel of your hand lies beside the spine, not on the bone",
        "never on the neck, and never on the lower back",
    ],
}
"""Safety of the place, the body and the partner: said however often the routine was done."""
WEAK = {
    "en": (
        "turn your hips",
        "forty-five degrees",
        "at the rear of",
        "spine the other way",
        "with a sore neck, leave it out",
        "directly above the head",
        "not knowing the limit",
        "crack comes eventually",
        "good crack",
        "more good than a crack",
        "lower than ever",
        "program and no doctor",
        "now we try it out",
        "you did well",
        "cautious",
        "whence",
    ),
    "es": (
        "justo encima de la cabeza",
        "presione suave",
        "sienta bien de pie",
        "eso le corresponde a un médico",
        "manos fuera, acompañante",
    ),
}
"""Wordings that an audit found dangerous, wrong by ear or stiff."""
SAFETY = {
    "stop": ("person", "we are done"),
    "come out of it slowly": ("person", "come out of the position slowly"),
    "do not go on today": ("person", "do not go on today"),
    "the partner's hands off": ("partner", "hands off"),
    "persistent pain: a doctor": ("doctor", "if it lasts.*see a doctor"),
    "frequent and recurrent pain: a doctor": ("doctor", "or returns often.*see a doctor"),
    "most goes away": ("outlook", "posture or overexertion, and go away"),
    "several weeks: have it examined": ("outlook", "several weeks, have it examined"),
    "what a doctor may suggest": (
        "outlook",
        "physical therapy, often; medicine, sometimes; surgery, rarely",
    ),
    "no cure of what is chronic": ("outlook", "cures a spine or a shoulder.*belongs to a doctor"),
    "twisting stretches what holds the spine": ("twisting", "stretches what holds the spine"),
    "hypermobility": ("twisting", "joints grow loose, and support it less.*hypermobility"),
    "the urge is a reason": ("twisting", "urge to twist often is itself a reason to see a doctor"),
    "now: numb genitals or buttocks": ("emergency", "between the legs, round the genitals or the"),
    "now: bladder or bowel": ("emergency", "new trouble with bladder or bowel"),
    "now: a sexual problem": ("emergency", "new sexual problem"),
    "now: both legs": ("emergency", "both legs weak, numb, tingling, or aching"),
    "now: chest": ("emergency", "in the chest"),
    "now: accident": ("emergency", "with a serious accident"),
    "now: call the emergency number": ("emergency", "call the emergency number now"),
    "neck: arm": ("neck", "a weak arm"),
    "neck: eyes": ("neck", "double vision"),
    "neck: speech": ("neck", "slurred speech"),
    "neck: swallowing": ("neck", "trouble swallowing"),
    "neck: headache": ("neck", "worst headache"),
    "soon: fever": ("soon", "fever"),
    "soon: weight": ("soon", "loss of weight that nothing explains"),
    "soon: swelling or shape": (
        "soon",
        "lump or a swelling along the spine, or a change of its shape",
    ),
    "soon: at night": ("soon", "stronger at night"),
    "soon: at rest": ("soon", "does not ease at rest"),
    "soon: one leg": ("soon", "a foot that drops, or a leg that grows weaker"),
    "soon: weeks": ("soon", "lasted for weeks"),
    "soon: cancer": ("soon", "cancer"),
}


@pytest.fixture(scope="module")
def told(language):
    """All that a whole session of each routine says, in small letters."""
    return {
        routine.id: " ".join(s.text for s in simulate(language, routine).spoken).lower()
        for routine in language.routines
    }


@pytest.mark.parametrize(("routine", "fact"), [(r, fact) for r in FACTS for fact in FACTS[r]])
def test_no_fact_of_a_routine_is_lost(told, routine, fact):
    """What a routine is built on is said aloud in it."""
    assert re.search(FACTS[routine][fact], told[routine])


def test_no_fact_that_routines_share_is_lost(language, told):
    """What holds for all routines, or for all twists, is said in each of them."""
    for routine in language.routines:
        for fact, words in {**ALL, **(TWISTS if routine.twist else {})}.items():
            assert re.search(words, told[routine.id]), (routine.id, fact)


@pytest.mark.parametrize("routine", EVERY_TIME)
def test_safety_is_said_however_often_a_routine_was_done(language, routine):
    """A known routine begins sooner, but not by a caution, nor by a word about the place."""
    known = SessionConfig(language=language, routine=routine, known_routines=frozenset({routine}))
    session = Simulation(Session(known))
    session.run_obediently()
    told = " ".join(spoken.text for spoken in session.spoken).lower()
    assert [words for words in EVERY_TIME[routine] if words not in told] == []


@pytest.mark.parametrize("code", WEAK)
def test_no_wording_that_was_mended_comes_back(code):
    """In nothing the coach can say."""
    said = " ".join(all_sentences(read_language(code))).lower()
    assert [words for words in WEAK[code] if words in said] == []


@pytest.mark.parametrize("fact", SAFETY)
def test_no_fact_of_the_safety_note_is_lost(language, fact):
    """What a person must know about pain and about doctors stands where it belongs."""
    part, words = SAFETY[fact]
    assert re.search(words, " ".join(getattr(language.safety, part)).lower())


def test_a_sign_is_a_sentence(language):
    """Who is frightened keeps no list in mind: no sign takes more than seven seconds."""
    for sign in language.safety.red_flags:
        assert speaking_seconds(sign) < 7, sign


def test_every_routine_has_its_facts(language):
    """No routine is shipped without a list of what must be in it."""
    assert [routine.id for routine in language.routines if routine.id not in FACTS] == []
    assert len(language.routines) == len(FACTS)


def test_what_turns_or_presses_the_spine_is_a_twist(language):
    """Twists are those of the list, each has a caution, and only one needs a partner."""
    twists = {routine.id for routine in language.routines if routine.twist}
    assert twists == {STANDING, CHAIR, FEET, PRESS, LEGS}
    assert [routine.id for routine in language.routines if routine.partner] == [PRESS]


def test_the_caution_is_spoken_before_the_first_step(language, told):
    """Every twist begins with its caution, before anybody moves."""
    for routine in language.routines:
        if routine.caution:
            first_step = write_out(routine, language.coach)[0].say[0].lower()
            assert told[routine.id].index(routine.caution[0].lower()) < told[routine.id].index(
                first_step
            )


@pytest.mark.parametrize(
    ("routine", "things"),
    [
        (CHAIR, ["a chair with a low backrest"]),
        (FEET, ["a mat or a carpet", "a folded towel"]),
        (REST, ["a mat or a carpet", "something soft for your head"]),
        (BALL, ["a fully inflated exercise ball"]),
        (LEGS, ["a mat"]),
        (EDGE, ["a stretching bed"]),
        (ROCKING, ["a mat"]),
        (HEAD, ["a firm bare floor"]),
    ],
)
def test_what_a_routine_needs_is_among_its_things(language, routine, things):
    """Who lists the routines sees what to have at hand."""
    assert language.routine(routine).things == tuple(things)


@pytest.mark.parametrize("routine", [FEET, LEGS, BENDS, SHOWER])
def test_both_sides_are_done(language, routine):
    """What is done on one side is done on the other, as often and for as long."""
    held = {}
    for step in write_out(language.routine(routine), language.coach):
        held.setdefault(step.side, []).append(step.source.hold)
    held.pop("", None)
    first, other = held.values()
    assert first == other


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(
    "breath",
    [[], [Command.SHORTER_BREATHS], [Command.LONGER_BREATHS], [Command.LONGER_BREATHS] * 2],
)
def test_no_head_is_low_for_more_than_twenty_seconds(language, rate, breath):
    """At every pace: from the word that lowers the head to the end of the one that lifts it."""
    routine = language.routine(EDGE)
    session = Simulation(
        Session(SessionConfig(language=language, routine=EDGE, rate=rate, stop_tested=True))
    )
    session.run_until(lambda s: s.state is State.SOUND_CHECK)
    for command in breath:
        session.hear(command)
    session.run_obediently()
    script = write_out(routine, language.coach)
    hangs = [n for n, step in enumerate(script) if step.source.head_low]
    assert len(hangs) == 2
    for number in hangs:
        lowered, lifted = (
            next(spoken for spoken in session.spoken if spoken.text == script[n].say[0])
            for n in (number, number + 1)
        )
        assert lifted.end - lowered.start <= 20, script[number].title


def test_no_head_hangs_but_where_it_is_marked(language):
    """Only over the edge is a head lower than the heart, and the hands carry it there."""
    low = {r.id for r in language.routines if "head low" in r.classes}
    assert low == {EDGE}
    for step in language.routine(EDGE).steps:
        if step.head_low:
            assert step.pose.left_hand == step.pose.right_hand == "back of head"


def test_who_ends_standing_is_not_told_to_get_up(language, told):
    """How to get up is told to those who end on the floor, and to nobody else."""
    for routine in language.routines:
        up = " ".join(way_up(routine, language)).lower()
        assert bool(up) == routine.ends_on_floor, routine.id
        assert up in told[routine.id], routine.id
        assert "get up" not in told[routine.id].replace(up, ""), routine.id


def test_pressure_exists_only_with_the_breath_out(language):
    """Hands rest with the breath in; the cue that presses is the one to breathe out."""
    pressing = [
        step.breathing
        for step in language.routine(PRESS).steps
        if step.breathing and step.breathing.press
    ]
    assert {b.cues for b in pressing} == {("Breathe in.", "Breathe out.", "And push.", "Let go.")}
    assert [b.rounds for b in pressing] == [2, 3, 3]


def test_the_ball_gets_a_few_minutes(language):
    """Patience is a matter of minutes on the ball, not of seconds."""
    breathings = [step.breathing for step in language.routine(BALL).steps if step.breathing]
    assert sum(b.rounds * (b.breath_in + b.breath_out) for b in breathings) >= 240


def test_the_warm_water_runs_for_about_five_minutes(language):
    """The shower's first step keeps the time."""
    water = language.routine(SHOWER).steps[0].breathing
    assert water.rounds * (water.breath_in + water.breath_out) == pytest.approx(300, abs=30)


def test_the_second_time_over_the_edge_is_longer_and_rocking_gathers_momentum(language):
    """Repetitions go further: longer down over the edge, faster in the rocking."""
    edge = [step.hold for step in language.routine(EDGE).steps if step.head_low]
    rocking = [
        step.breathing.breath_in for step in language.routine(ROCKING).steps if step.breathing
    ]
    assert edge == sorted(edge)
    assert len(edge) == 2
    assert rocking == sorted(rocking, reverse=True)


def test_a_pain_stop_speaks_to_the_partner_first(language):
    """Hands off, then out of it slowly, then the doctor."""
    safety = language.safety
    note = safety_note(language, language.routine(PRESS))
    assert note == (
        *(*safety.partner, *safety.person, *safety.doctor),
        *(*safety.emergency, *safety.neck),
    )
