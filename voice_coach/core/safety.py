"""The pain rule, and the sentences without which the coach does not start.

The rule stands above the table of transitions. Pain, said in any state, silences the coach and
leads to HURT. There nothing is spoken but the safety note, and nothing leads back. In a routine
with a partner, whatever ends it speaks to the partner first, whose hands are on the back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voice_coach.core.events import Part
    from voice_coach.core.language import Language
    from voice_coach.core.routine import Routine


def safety_note(language: Language, routine: Routine | None) -> tuple[str, ...]:
    """Give what is said after pain, in order.

    Before a routine is chosen it is not known whether a partner is there, so the note speaks to
    the person alone.
    """
    notes = language.safety
    to_partner = notes.partner if routine and routine.partner else ()
    neck = notes.neck if routine and routine.neck else ()
    return (*to_partner, *notes.person, *notes.doctor, *notes.emergency, *neck)


def whole_note(language: Language) -> tuple[str, ...]:
    """Give what is said when somebody asks about safety, the signs that need care last."""
    notes = language.safety
    return (
        language.coach.teach_pain,
        notes.doctor[0],
        *notes.outlook,
        *notes.twisting,
        *notes.red_flags,
    )


def confirmation_question(language: Language, routine: Routine | None) -> tuple[str, ...]:
    """Give what is said when it may have hurt, in order."""
    return (*_hands_off(language, routine), language.coach.pain_confirmation.question)


def goodbye(language: Language, routine: Routine | None) -> tuple[str, ...]:
    """Give what is said after "stop", in order."""
    return (*_hands_off(language, routine), language.coach.stopped)


def fault_note(language: Language, routine: Routine | None, part: Part) -> tuple[str, ...]:
    """Give what is said when the coach cannot hear, cannot render speech, or stood still."""
    faults = language.coach.faults
    said = {"hearing": faults.hearing, "voice": faults.voice, "computer": faults.computer}
    to_partner = language.safety.partner if routine and routine.partner else ()
    return (*to_partner, *said.get(part, ()))


def vital_sentences(language: Language) -> tuple[str, ...]:
    """List what must be in memory before the first word, should the synthesiser fail later."""
    notes, faults = language.safety, language.coach.faults
    return (
        *notes.partner,
        *notes.person,
        *notes.doctor,
        *notes.emergency,
        *notes.neck,
        language.coach.press.release,
        language.coach.pain_confirmation.question,
        language.coach.pain_confirmation.again,
        language.coach.pain_confirmation.reassurance,
        language.coach.stopped,
        *faults.hearing,
        *faults.voice,
        *faults.computer,
        faults.broken,
        *faults.unanswered,
        language.coach.coming,
    )


def _hands_off(language: Language, routine: Routine | None) -> tuple[str, ...]:
    """Give the first thing a partner must be told; nothing where there is none."""
    return language.safety.partner[:1] if routine and routine.partner else ()
