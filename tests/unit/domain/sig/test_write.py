"""Every dosage has a sentence that tells a person what to do, and that cannot be misread."""

from dataclasses import replace
from datetime import date, time

import pytest
from tests.display_rules import violations

from medsched.domain.amount import Amount, amount
from medsched.domain.medication import Form, Medication, Route
from medsched.domain.sig.write import sig_words
from medsched.domain.tablets import CannotBeMade
from medsched.domain.timing import (
    AfterLastDose,
    AlternatingDose,
    AsNeeded,
    AtMoment,
    AtMoments,
    AtTimes,
    Bounds,
    Cycle,
    DayMoment,
    Dosage,
    DosePerSlot,
    DosePerWeekday,
    EveryHours,
    EveryNDays,
    EveryNMonths,
    EveryNYears,
    ForDays,
    ForDoses,
    HourGrid,
    OnDays,
    OnWeekdays,
    SameDose,
    SingleDose,
    SpreadOverDay,
    Times,
    TimesADay,
    UntilDay,
    UntilTold,
    Weekday,
)


def mg(number: str) -> Amount:
    return amount(f"{number} mg")


TABLET = Medication(
    name="medicine",
    ingredient="ingredient",
    form=Form.TABLET,
    route=Route.ORAL,
    strengths=(mg("12.5"), mg("25"), mg("50"), mg("100")),
    divisible_by=2,
)
ONCE, TWICE = TimesADay(count=1), TimesADay(count=2)
EIGHT = (time(8), time(14), time(20))
MONDAY = OnWeekdays(weekdays=frozenset({Weekday.MONDAY}))


def same(times: Times, number: str = "25") -> OnDays:
    return OnDays(times=times, doses=SameDose(mg(number)))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


MORNING, NIGHT = AtMoment(moment=DayMoment.MORNING), AtMoment(moment=DayMoment.BEDTIME)


@pytest.mark.parametrize(
    ("dosage", "words"),
    [
        (same(TWICE), "Take 1 tablet (25 mg) by mouth twice a day at 8:00 AM and 2:00 PM"),
        (
            same(AtTimes(times=(time(0), time(12)))),
            "Take 1 tablet (25 mg) by mouth twice a day at midnight and 12 noon",
        ),
        (
            same(ONCE, "75"),
            "Take 1 tablet of 50 mg and 1 tablet of 25 mg (75 mg) by mouth once a day at 8:00 AM",
        ),
        (
            same(ONCE, "200"),
            "Take 2 tablets of 100 mg (200 mg) by mouth once a day at 8:00 AM",
        ),
        (
            same(ONCE, "6.25"),
            "Take half a tablet of 12.5 mg (6.25 mg) by mouth once a day at 8:00 AM",
        ),
        (
            replace(same(ONCE), slots=(3,)),
            "Take 1 tablet (25 mg) by mouth once a day at 8:00 PM",
        ),
        (
            replace(same(AtTimes(times=(time(8), time(20)))), slots=(2,)),
            "Take 1 tablet (25 mg) by mouth once a day at 8:00 PM",
        ),
        (
            replace(same(AtMoments(moments=(MORNING, NIGHT))), slots=(2,)),
            "Take 1 tablet (25 mg) by mouth at bedtime",
        ),
        (
            same(SpreadOverDay(count=3)),
            (
                "Take 1 tablet (25 mg) by mouth three times a day, spread over the waking hours"
                " at 8:00 AM, 2:00 PM and 8:00 PM"
            ),
        ),
        (same(AtMoments(moments=(NIGHT,))), "Take 1 tablet (25 mg) by mouth at bedtime"),
        (
            same(HourGrid(hours=8, first=time(6))),
            "Take 1 tablet (25 mg) by mouth every 8 hours by the clock from 6:00 AM",
        ),
        (
            replace(same(ONCE), days=MONDAY),
            "Take 1 tablet (25 mg) by mouth once a week, on Monday at 8:00 AM, NOT daily",
        ),
        (
            replace(same(AtMoments(moments=(MORNING,))), days=MONDAY),
            "Take 1 tablet (25 mg) by mouth once a week, on Monday, in the morning, NOT daily",
        ),
        (
            replace(same(HourGrid(hours=12, first=time(6))), days=EveryNDays(n=2)),
            (
                "Take 1 tablet (25 mg) by mouth every 12 hours by the clock from 6:00 AM,"
                " every other day, NOT daily"
            ),
        ),
        (
            replace(same(ONCE), days=EveryNMonths(n=1, day=31)),
            (
                "Take 1 tablet (25 mg) by mouth once a month, on the 31st,"
                " or the last day of a shorter month, at 8:00 AM, NOT daily"
            ),
        ),
        (
            replace(same(ONCE), days=EveryNYears(n=1, month=3, day=2)),
            "Take 1 tablet (25 mg) by mouth once a year, on 2 March at 8:00 AM, NOT daily",
        ),
        (
            replace(same(ONCE), days=Cycle(on=21, off=7)),
            (
                "Take 1 tablet (25 mg) by mouth once a day at 8:00 AM,"
                " for 21 days, then none for 7 days, and again"
            ),
        ),
        (
            OnDays(times=TimesADay(count=3), doses=DosePerSlot((mg("25"), None, mg("50")))),
            (
                "Take by mouth twice a day: 1 tablet (25 mg) at 8:00 AM, nothing at 2:00 PM"
                " and 1 tablet (50 mg) at 8:00 PM"
            ),
        ),
        (
            OnDays(
                times=AtMoments(moments=(MORNING, NIGHT)),
                doses=DosePerSlot((mg("25"), mg("50"))),
            ),
            (
                "Take by mouth twice a day: 1 tablet (25 mg) in the morning"
                " and 1 tablet (50 mg) at bedtime"
            ),
        ),
        (
            OnDays(times=ONCE, doses=AlternatingDose((mg("25"), mg("50")))),
            (
                "Take by mouth once a day at 8:00 AM, in turn: 1 tablet (25 mg) on one day,"
                " 1 tablet (50 mg) on the next day, then from the start again"
            ),
        ),
        (
            OnDays(times=ONCE, doses=DosePerWeekday((mg("25"), *(mg("50"),) * 6))),
            (
                "Take by mouth once a day at 8:00 AM, by weekday: 1 tablet (25 mg) on Monday;"
                " 1 tablet (50 mg) on Tuesday, Wednesday, Thursday, Friday, Saturday and Sunday"
            ),
        ),
        (
            OnDays(
                times=ONCE,
                doses=DosePerWeekday((mg("25"), None, None, mg("25"), None, None, None)),
            ),
            (
                "Take by mouth once on these days at 8:00 AM, by weekday: 1 tablet (25 mg) on"
                " Monday and Thursday; nothing on Tuesday, Wednesday, Friday, Saturday and Sunday;"
                " NOT daily"
            ),
        ),
        (EveryHours(hours=8, amount=mg("25")), "Take 1 tablet (25 mg) by mouth every 8 hours"),
        (
            AfterLastDose(hours=8, amount=mg("25")),
            "Take 1 tablet (25 mg) by mouth 8 hours after the last dose",
        ),
        (SingleDose(amount=mg("25")), "Take 1 tablet (25 mg) by mouth once, one dose only"),
        (
            AsNeeded(amount=mg("25"), min_gap_hours=4, most_doses=4, reason="pain"),
            (
                "Take 1 tablet (25 mg) by mouth only if needed for pain, at least 4 hours apart,"
                " at most 4 doses in 24 hours"
            ),
        ),
    ],
)
def test_every_dosage_has_its_sentence(dosage: Dosage, words: str) -> None:
    written = sig_words(dosage, TABLET, walls=EIGHT)
    assert plain(written) == words
    assert violations(written) == []


def test_without_the_persons_times_the_places_of_the_day_are_counted() -> None:
    doses = DosePerSlot((mg("25"), None, mg("50")))
    assert plain(sig_words(OnDays(times=TimesADay(count=3), doses=doses))) == (
        "Take twice a day: 25 mg at the 1st, nothing at the 2nd"
        " and 50 mg at the 3rd time of the day"
    )
    assert plain(sig_words(replace(same(ONCE), slots=(2,)))) == (
        "Take 25 mg once a day, at the 2nd time of the day"
    )


def test_on_a_24_hour_clock_noon_and_midnight_stay_words() -> None:
    dosage = same(AtTimes(times=(time(0), time(12), time(20))))
    assert plain(sig_words(dosage, hours24=True)) == (
        "Take 25 mg three times a day at midnight, 12 noon and 20:00"
    )


def test_every_other_day_has_its_dates() -> None:
    dosage = replace(same(ONCE), days=EveryNDays(n=2))
    assert plain(sig_words(dosage, first_day=date(2026, 12, 8))) == (
        "Take 25 mg every other day, NOT daily, on Tuesday 8 December 2026,"
        " Thursday 10 December 2026, Saturday 12 December 2026 and so on"
    )
    assert sig_words(same(ONCE), first_day=date(2026, 12, 8)) == sig_words(same(ONCE))


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        (None, ""),
        (ForDays(1), ", for 1 day"),
        (ForDoses(1000), ", for 1,000 doses"),
        (UntilDay(date(2026, 12, 8)), ", until and including Tuesday 8 December 2026"),
        (UntilTold(), ", until told otherwise"),
    ],
)
def test_the_length_comes_last(bounds: Bounds | None, words: str) -> None:
    assert plain(sig_words(same(TWICE), bounds=bounds)) == f"Take 25 mg twice a day{words}"


@pytest.mark.parametrize(
    ("form", "route", "strength", "words"),
    [
        (Form.CAPSULE, Route.ORAL, "25 mg", "Take 1 capsule (25 mg) by mouth once a day"),
        (
            Form.INJECTION_PEN,
            Route.SUBCUTANEOUS,
            "1 mg",
            "Inject 1 injection (1 mg) under the skin once a day",
        ),
        (
            Form.PATCH,
            Route.TRANSDERMAL,
            "25 mcg",
            "Apply 1 patch (25 mcg) on the skin once a day",
        ),
        (
            Form.INHALER,
            Route.INHALED,
            "100 mcg",
            "Inhale 1 puff (100 mcg) by inhalation once a day",
        ),
        (Form.DROPS, Route.OPHTHALMIC, "1 drop", "Use 1 drop in the eye once a day"),
    ],
)
def test_every_form_has_its_verb(form: Form, route: Route, strength: str, words: str) -> None:
    one = amount(strength)
    medication = Medication(
        name="medicine", ingredient="ingredient", form=form, route=route, strengths=(one,)
    )
    assert plain(sig_words(OnDays(times=ONCE, doses=SameDose(one)), medication)) == words


def test_tablets_on_hand_are_the_ones_that_are_counted() -> None:
    written = sig_words(same(ONCE, "50"), TABLET, on_hand=frozenset({mg("25")}))
    assert plain(written) == "Take 2 tablets of 25 mg (50 mg) by mouth once a day"


def test_a_dose_that_no_tablets_make_has_no_sentence() -> None:
    with pytest.raises(CannotBeMade, match="cannot be made"):
        sig_words(same(ONCE, "30"), TABLET)
