"""Reads what prescriptions say, and nothing else.

The whole text is understood, or it is refused with the part that was not. Two
frequencies, two amounts without their times, a weekly medicine without its weekday, a
phrase with two readings: each is refused by name. Nothing is guessed in silence: what
the text leaves open and is filled in is listed in `Sig.assumptions`.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from medsched.domain.sig.build import build_dosage
from medsched.domain.sig.numbers import NUMBER
from medsched.domain.sig.parts import (
    Advice,
    By,
    Dates,
    Lasts,
    NotDaily,
    Starts,
    Verb,
)
from medsched.domain.sig.refusals import SigContradiction
from medsched.domain.sig.said import Said
from medsched.domain.sig.scan import scan
from medsched.domain.timing import (
    DosePerWeekday,
    EveryDay,
    EveryNDays,
    OnDays,
    SingleDose,
)
from medsched.frozen import frozen, replace

if TYPE_CHECKING:
    from datetime import date

    from medsched.domain.medication import Medication, Route
    from medsched.domain.timing import Bounds, Dosage


@frozen
class Sig:
    """What directions say.

    Args:
        bounds: None when the text says nothing about its length.
        route: None when it says nothing about the way in.
        first_day: The first date, when it is said.
        advice: How to take it, such as `with food`.
        assumptions: What was filled in, each a sentence to show.
    """

    dosage: Dosage
    bounds: Bounds | None = None
    route: Route | None = None
    first_day: date | None = None
    advice: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()


def read_sig(text: str, medication: Medication | None = None) -> Sig:
    """Return what directions say, for a medicine if one is given.

    Args:
        medication: Turns pieces into amounts, and is checked against them. Without it,
            pieces stay pieces.

    Raises:
        SigRefused: not understood, ambiguous, contradictory or incomplete.
        CannotBeMade: an amount that the medicine's pieces do not make.

    >>> from medsched.domain.words import frequency_words
    >>> sig = read_sig("take 1 tablet twice daily for 7 days")
    >>> frequency_words(sig.dosage), sig.bounds
    ('twice a day', ForDays(days=7))
    """
    at, medication = _after_name(text, medication)
    said = Said(scan(text, at), text)
    said.one(Verb)
    route, lasts = said.one(By), said.one(Lasts)
    about = said.without(Verb, By, Lasts, Starts, Dates, NotDaily, Advice)
    dosage, assumptions = build_dosage(about, medication)
    if lasts is not None and isinstance(dosage, SingleDose):
        raise said.refuse("one dose only, and for how long; write one of them")
    _check_not_daily(said, dosage)
    return Sig(
        dosage=dosage,
        bounds=lasts.bounds if lasts is not None else None,
        route=route.route if route is not None else None,
        first_day=_first_day(said, dosage),
        advice=tuple(part.words for part, _ in said.all(Advice)),
        assumptions=assumptions,
    )


def _after_name(text: str, medication: Medication | None) -> tuple[int, Medication | None]:
    """Skip name, strength and form before the directions; a strength said there is the only one."""
    if medication is None:
        return 0, None
    pattern = rf"\s*{re.escape(medication.name)}(?!\w)\s*(?:({NUMBER})\s*{medication.unit}(?!\w))?"
    head = re.match(pattern, text, re.IGNORECASE)
    if head is None:
        return 0, medication
    strength = [one for one in medication.strengths if one.digits == head[1]]
    if head[1] and not strength:
        shown = ", ".join(str(one) for one in medication.strengths)
        raise SigContradiction(text, f"{head[1]} is no strength of {medication.name}; use {shown}")
    if strength:
        medication = replace(medication, strengths=tuple(strength))
    form = re.compile(
        rf"\s*(?:{re.escape(medication.form)}|tablets?|capsules?)?\s*:?", re.IGNORECASE
    )
    rest = form.match(text, head.end())
    return rest.end() if rest is not None else head.end(), medication


def _check_not_daily(said: Said, dosage: Dosage) -> None:
    if said.one(NotDaily) is not None and not (isinstance(dosage, OnDays) and _leaves_out(dosage)):
        raise said.refuse("NOT daily, but no day is left out; write on which days")


def _leaves_out(dosage: OnDays) -> bool:
    """Whether some days have no dose."""
    by_weekday = isinstance(dosage.doses, DosePerWeekday) and not all(dosage.doses.amounts)
    return by_weekday or not isinstance(dosage.days, EveryDay)


def _first_day(said: Said, dosage: Dosage) -> date | None:
    starts, dates = said.one(Starts), said.one(Dates)
    if dates is None:
        return starts.day if starts is not None else None
    days = dosage.days if isinstance(dosage, OnDays) else None
    gaps = {(after - before).days for before, after in pairwise(dates.days)}
    if not isinstance(days, EveryNDays) or gaps != {days.n}:
        raise said.refuse("the dates do not fit the days; write only the first one")
    if starts is not None and starts.day != dates.days[0]:
        raise said.refuse("two first dates are said; write one")
    return dates.days[0]
