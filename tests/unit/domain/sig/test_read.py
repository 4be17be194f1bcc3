"""Directions are read whole or refused by name; nothing in them is guessed in silence."""

from datetime import date, time

import pytest

from medsched.domain.amount import amount
from medsched.domain.medication import Form, Medication, Route
from medsched.domain.sig.read import Sig, read_sig
from medsched.domain.sig.refusals import (
    SigAmbiguous,
    SigNotUnderstood,
    SigRefused,
)
from medsched.domain.tablets import CannotBeMade
from medsched.domain.timing import (
    AfterLastDose,
    AsNeeded,
    AtMoment,
    AtMoments,
    AtTimes,
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
    Times,
    TimesADay,
    UntilDay,
    UntilTold,
    Weekday,
)

ONE, TWO, HALF = amount("1 tablet"), amount("2 tablets"), amount("0.5 tablet")
TEN = amount("10 mg")
ONCE, TWICE = TimesADay(count=1), TimesADay(count=2)
MONDAY = frozenset({Weekday.MONDAY})
SNRI = Medication(
    name="milnacipran",
    ingredient="milnacipran",
    form=Form.FILM_COATED_TABLET,
    route=Route.ORAL,
    strengths=tuple(amount(one) for one in ("12.5 mg", "25 mg", "50 mg", "100 mg")),
)


def at(*moments: DayMoment) -> AtMoments:
    return AtMoments(moments=tuple(AtMoment(moment=one) for one in moments))


def same(times: Times) -> OnDays:
    return OnDays(times=times, doses=SameDose(ONE))


@pytest.mark.parametrize(
    ("text", "sig"),
    [
        (
            "take 1 tablet twice daily for 7 days",
            Sig(dosage=same(TWICE), bounds=ForDays(7)),
        ),
        (
            "10 mg PO QHS",
            Sig(
                dosage=OnDays(times=at(DayMoment.BEDTIME), doses=SameDose(TEN)),
                route=Route.ORAL,
            ),
        ),
        (
            "1 tab po bid x 7d",
            Sig(dosage=same(TWICE), bounds=ForDays(7), route=Route.ORAL),
        ),
        (
            "one tablet in the morning and two tablets at night",
            Sig(
                dosage=OnDays(
                    times=at(DayMoment.MORNING, DayMoment.NIGHT), doses=DosePerSlot((ONE, TWO))
                )
            ),
        ),
        (
            "Take 1 tablet every other day starting on 8 December 2026, with food",
            Sig(
                dosage=OnDays(times=ONCE, doses=SameDose(ONE), days=EveryNDays(n=2)),
                first_day=date(2026, 12, 8),
                advice=("with food",),
            ),
        ),
        (
            "1-0-2",
            Sig(
                dosage=OnDays(times=TimesADay(count=3), doses=DosePerSlot((ONE, None, TWO))),
                assumptions=("numbers without a word are tablets",),
            ),
        ),
    ],
)
def test_what_prescriptions_say_is_read(text: str, sig: Sig) -> None:
    assert read_sig(text) == sig


@pytest.mark.parametrize(
    ("often", "count"),
    [
        ("qd", 1),
        ("QD", 1),
        ("q.d.", 1),
        ("daily", 1),
        ("once daily", 1),
        ("every day", 1),
        ("bid", 2),
        ("b.i.d.", 2),
        ("BD", 2),
        ("twice a day", 2),
        ("two times daily", 2),
        ("tid", 3),
        ("TDS", 3),
        ("3 times per day", 3),
        ("qid", 4),
        ("QDS", 4),
        ("4x daily", 4),
        ("twelve times a day", 12),
    ],
)
def test_so_many_times_a_day(often: str, count: int) -> None:
    assert read_sig(f"1 tablet {often}").dosage == same(TimesADay(count=count))


@pytest.mark.parametrize(
    ("text", "dosage"),
    [
        ("500 mg every 8 hours", EveryHours(hours=8, amount=amount("500 mg"))),
        ("500mg q8h", EveryHours(hours=8, amount=amount("500 mg"))),
        ("500 mg q 12 hrs", EveryHours(hours=12, amount=amount("500 mg"))),
        ("500 mg hourly", EveryHours(hours=1, amount=amount("500 mg"))),
        ("10 mg 12 hours after the last dose", AfterLastDose(hours=12, amount=TEN)),
        ("10 mg stat", SingleDose(amount=TEN)),
        ("10 mg once", SingleDose(amount=TEN)),
        (
            "1 tablet every 8 hours at 06:00, 14:00 and 22:00",
            same(HourGrid(hours=8, first=time(6))),
        ),
        (
            "1 tablet every 8 hours by the clock from 6:00 AM",
            same(HourGrid(hours=8, first=time(6))),
        ),
        ("1 tablet at 8am and 8pm", same(AtTimes(times=(time(8), time(20))))),
        ("1 tablet at 08:00 and 20:00", same(AtTimes(times=(time(8), time(20))))),
        ("1 tablet daily at 12 noon", same(AtTimes(times=(time(12),)))),
        ("1 tablet daily at 12:30 pm", same(AtTimes(times=(time(12, 30),)))),
        ("1 tablet daily at 12:30 am", same(AtTimes(times=(time(0, 30),)))),
        ("1 tablet at 8:30 pm and at midnight", same(AtTimes(times=(time(0), time(20, 30))))),
        ("1 tablet every morning and at bedtime", same(at(DayMoment.MORNING, DayMoment.BEDTIME))),
        ("1 tablet nightly", same(at(DayMoment.NIGHT))),
        ("1 tablet nightly at 10 PM", same(AtTimes(times=(time(22),)))),
        ("1 tablet every morning @ 8am", same(AtTimes(times=(time(8),)))),
        ("1 tablet 2 (two) times daily", same(TWICE)),
        (
            "1 tablet tid ac",
            same(at(DayMoment.BEFORE_BREAKFAST, DayMoment.BEFORE_LUNCH, DayMoment.BEFORE_DINNER)),
        ),
        ("1 tablet with supper", same(at(DayMoment.WITH_DINNER))),
        (
            "1 tablet 30 minutes before breakfast",
            same(AtMoments(moments=(AtMoment(moment=DayMoment.BEFORE_BREAKFAST, offset=-30),))),
        ),
        (
            "1 tablet 1 hour after dinner",
            same(AtMoments(moments=(AtMoment(moment=DayMoment.AFTER_DINNER, offset=60),))),
        ),
        (
            "1 tablet every Monday",
            OnDays(times=ONCE, doses=SameDose(ONE), days=OnWeekdays(weekdays=MONDAY)),
        ),
        (
            "1 tablet once a week, on Monday, NOT daily",
            OnDays(times=ONCE, doses=SameDose(ONE), days=OnWeekdays(weekdays=MONDAY)),
        ),
        (
            "1 tablet every other Monday",
            OnDays(times=ONCE, doses=SameDose(ONE), days=OnWeekdays(weekdays=MONDAY, weeks=2)),
        ),
        (
            "1 tablet three times a week on Mon, Wed and Fri",
            OnDays(
                times=ONCE,
                doses=SameDose(ONE),
                days=OnWeekdays(
                    weekdays=frozenset({Weekday.MONDAY, Weekday.WEDNESDAY, Weekday.FRIDAY})
                ),
            ),
        ),
        ("1 tablet qod", OnDays(times=ONCE, doses=SameDose(ONE), days=EveryNDays(n=2))),
        (
            "1 tablet twice a day, every 3 days",
            OnDays(times=TWICE, doses=SameDose(ONE), days=EveryNDays(n=3)),
        ),
        (
            "1 tablet monthly on the 31st",
            OnDays(times=ONCE, doses=SameDose(ONE), days=EveryNMonths(n=1, day=31)),
        ),
        (
            "1 tablet once a year on 2 March",
            OnDays(times=ONCE, doses=SameDose(ONE), days=EveryNYears(n=1, month=3, day=2)),
        ),
        (
            "1 tablet daily, 21 days on, 7 days off",
            OnDays(times=ONCE, doses=SameDose(ONE), days=Cycle(on=21, off=7)),
        ),
        (
            "1 tablet on Monday and Friday and 2 tablets on Tuesday",
            OnDays(times=ONCE, doses=DosePerWeekday((ONE, TWO, None, None, ONE, None, None))),
        ),
        (
            "2 tablets at night and 1 tablet in the morning",
            OnDays(times=at(DayMoment.MORNING, DayMoment.NIGHT), doses=DosePerSlot((ONE, TWO))),
        ),
        (
            "1 tablet at 8:00 AM and 2:00 PM and 2 tablets at 8:00 PM",
            OnDays(
                times=AtTimes(times=(time(8), time(14), time(20))),
                doses=DosePerSlot((ONE, ONE, TWO)),
            ),
        ),
        (
            "1 tablet as needed for severe pain, at least 4 hours apart, max 4 doses in 24 hours",
            AsNeeded(amount=ONE, min_gap_hours=4, most_doses=4, reason="severe pain"),
        ),
        (
            "2 tablets prn, at least 6 hours between doses, max 8 tablets per 24 hours",
            AsNeeded(amount=TWO, min_gap_hours=6, most_doses=4),
        ),
        (
            "1 tablet q6h prn pain, max 4 doses in 24 hours",
            AsNeeded(amount=ONE, min_gap_hours=6, most_doses=4, reason="pain"),
        ),
        (
            "1 g every 6 hours as needed, at most 4 g in 24 hours",
            AsNeeded(
                amount=amount("1 g"), min_gap_hours=6, most_doses=4, most_amount=amount("4 g")
            ),
        ),
    ],
)
def test_every_kind_of_timing_is_read(text: str, dosage: Dosage) -> None:
    assert read_sig(text).dosage == dosage


@pytest.mark.parametrize(
    "text",
    ["half a tablet qhs", "1/2 tab qhs", "\u00bd tablet qhs", "0.5 tablet qhs", "half tab qhs"],
)
def test_half_a_tablet_has_many_spellings(text: str) -> None:
    assert read_sig(text).dosage == OnDays(times=at(DayMoment.BEDTIME), doses=SameDose(HALF))


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("for 2 weeks", ForDays(14)),
        ("x7d", ForDays(7)),
        ("for one week", ForDays(7)),
        ("for 10 doses", ForDoses(10)),
        ("until told otherwise", UntilTold()),
        ("until and including Tuesday 8 December 2026", UntilDay(date(2026, 12, 8))),
        ("through December 8, 2026", UntilDay(date(2026, 12, 8))),
    ],
)
def test_the_length_is_read(text: str, bounds: object) -> None:
    assert read_sig(f"1 tablet daily {text}").bounds == bounds


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("1 tablet od", ("once a day", "in the right eye")),
        ("1-2 tablets daily", ("1", "2")),
        ("one or two tablets daily", ("one", "two")),
        ("1 tablet every 4 to 6 hours", ("every 4 hours", "every 6 hours")),
        ("1 tablet at 8", ("8:00 AM", "8:00 PM")),
        ("1 tablet at 8:30", ("8:30 AM", "8:30 PM")),
        ("1 tablet at 12 am", ("12 noon", "midnight")),
        ("1 tablet daily starting 8/12/2026", ("day 8 of month 12", "day 12 of month 8")),
        ("1,5 mg daily", ("1.5", "15")),
        (".5 mg daily", ("0.5", "5")),
        ("take .5 mg daily", ("0.5", "5")),
        ("1 tablet pm", ("in the afternoon", "in the evening")),
        ("1 tablet biw", ("twice a week", "every other week")),
        ("1 tablet daily for 1 month", ("for 28 days", "for 30 days")),
        ("2 5 mg tablets daily", ("2 of 5 mg", "25 mg")),
        ("2 tablets (25 mg) daily", ("25\u00a0mg in all", "25\u00a0mg each")),
        ("half a tablet (25 mg) daily", ("25\u00a0mg in all", "25\u00a0mg each")),
        ("50 mg a day", ("once a day", "so much in a day, in several doses")),
        ("2 tablets as needed, max 4 in 24 hours", ("4 doses", "4 pieces")),
        (
            "1 tablet daily until 8 December 2026",
            ("until and including 08 December 2026", "until the day before"),
        ),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused_with_both(
    text: str, readings: tuple[str, ...]
) -> None:
    with pytest.raises(SigAmbiguous, match="write the one that is meant") as refused:
        read_sig(text)
    assert refused.value.readings == readings


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("2 tablets frobnicate daily", 11, "frobnicate"),
        ("take 1 tablet twice daily or so", 27, "or so"),
        ("take with joy 1 tablet daily", 6, "with joy"),
        ("1 tablet daily\u200b", 15, "\u200b"),
        ("-5 mg daily", 1, "-5 mg"),
        ("1 tablet qdx", 10, "qdx"),
    ],
)
def test_what_is_not_understood_is_shown_with_its_place(
    text: str, position: int, words: str
) -> None:
    with pytest.raises(SigNotUnderstood, match=f"from character {position}") as refused:
        read_sig(text)
    assert (refused.value.position, refused.value.words) == (position, words)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1 tablet bid every 8 hours", "'bid' and 'every 8 hours' are both said"),
        ("1 tablet daily twice a day", "are both said"),
        ("1 tablet daily every Monday", "'daily' is every day and 'every Monday' is not"),
        ("1 tablet daily weekly on Monday", "'daily' is every day and 'weekly' is not"),
        ("1 tablet weekly", "on which weekday"),
        ("1 tablet twice a week on Monday", "2 a week, but 1 weekdays"),
        ("1 tablet monthly", "on which day of the month"),
        ("1 tablet once a year", "on which day of the year"),
        ("1 tablet on the 15th", "without how often"),
        ("1 tablet twice a day at 8:00 AM", "2 times a day, but 1 are named"),
        ("1 tablet at 8:00 AM and 8:00 AM", "named twice"),
        ("1 tablet at 8:00 AM and at bedtime", "in two ways"),
        ("1 tablet every morning at 8:00 PM", "in two ways"),
        ("1 tablet 2 (three) times daily", "says two numbers"),
        ("1 tablet every 8 hours at 8:00 AM and 8:00 PM", "the times named are not"),
        ("1 tablet every 8 hours on Monday", "does not go with"),
        ("1 tablet every 7 hours by the clock from 6:00 AM", "do not divide a day"),
        ("1 tablet every 8 hours by the clock", "needs its first time"),
        ("take 1 tablet", "how often"),
        ("twice a day", "how much"),
        ("", "how much"),
        ("1 tablet 2 tablets daily", "no time of its own"),
        ("one tablet in the morning and two tablets", "no time of its own"),
        ("1 tablet as needed", "how far apart"),
        ("1 tablet as needed at bedtime, max 1 dose in 24 hours", "does not go with"),
        ("1 tablet every day, NOT daily", "no day is left out"),
        ("0 tablets daily", "is no number of pieces"),
        ("1/3 tablet daily", "is no number of pieces"),
        ("1 tablet 99 times a day", "use 1 to 24"),
        ("1 tablet daily for 0 days", "is no length"),
        ("1 tablet daily starting Monday 8 December 2026", "is another weekday"),
        ("1 tablet daily starting 2026-02-30", "no day"),
        ("0-0-0", "no dose at all"),
        ("1-0-1 daily", "does not go with"),
        ("1 tablet once for 7 days", "one dose only"),
        ("1 tablet at 25:00", "not understood"),
        ("2 tablets of 25 mg (75 mg) daily", "add up to 50"),
        ("1 tablet daily " + "x" * 1000, "too long"),
    ],
)
def test_what_does_not_go_together_is_refused_by_name(text: str, said: str) -> None:
    with pytest.raises(SigRefused, match=said):
        read_sig(text)


@pytest.mark.parametrize(
    ("text", "assumed"),
    [
        ("1 tablet as needed, max 4 in 24 hours", "at least 6 hours apart"),
        ("1 tablet every 6 hours as needed", "at most 4 in 24 hours"),
        ("1 tablet prn up to 3 times a day", "a day is any 24 hours"),
        ("1 bid", "numbers without a word are tablets"),
    ],
)
def test_what_is_filled_in_is_said(text: str, assumed: str) -> None:
    assert any(one.startswith(assumed) for one in read_sig(text).assumptions)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("take 1 tablet (25 mg) by mouth twice a day", "25"),
        ("1 tablet of 25 mg bid", "25"),
        ("two 25 mg tablets bid", "50"),
        ("2 tablets (50 mg total) bid", "50"),
        ("1 tablet of 50 mg and 1 tablet of 25 mg (75 mg) bid", "75"),
        ("0.025 g bid", "25"),
        ("milnacipran 25 mg tablet: take 2 tablets (50 mg) twice a day", "50"),
        ("Milnacipran 25 mg film-coated tablet: take 1 twice a day", "25"),
        ("milnacipran: take 12.5 mg twice a day", "12.5"),
    ],
)
def test_pieces_of_a_medicine_become_its_amount(text: str, number: str) -> None:
    dosage = OnDays(times=TWICE, doses=SameDose(amount(f"{number} mg")))
    assert read_sig(text, SNRI).dosage == dosage


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1 tablet bid", "can mean '1 tablet of 12.5"),
        ("2 tablets (50 mg) bid", "can mean '50.mg in all' or '50.mg each'"),
        ("1 tablet (30 mg) bid", "cannot be 30"),
        ("1 tablet of 30 mg bid", "is no strength"),
        ("1 capsule (25 mg) bid", "another form"),
        ("1 mL bid", "another unit"),
        ("18.75 mg bid", "use 12.5.mg or 25.mg"),
        ("milnacipran 30 mg tablet: 1 bid", "is no strength of milnacipran"),
    ],
)
def test_pieces_that_are_not_the_medicines_are_refused(text: str, said: str) -> None:
    with pytest.raises((SigRefused, CannotBeMade), match=said):
        read_sig(text, SNRI)
