"""What is written is read back to the same dosage, and no text at all brings a traceback."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, time
from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.display_rules import violations

from medsched.domain.amount import Amount, Unit, amount
from medsched.domain.medication import Form, Medication, Route
from medsched.domain.rhythm import slot_count
from medsched.domain.sig.read import read_sig
from medsched.domain.sig.write import sig_words
from medsched.domain.tablets import makeable
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
    Days,
    Dosage,
    DosePerSlot,
    DosePerWeekday,
    EveryDay,
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
from medsched.errors import MedschedError

MEDICINE = Medication(
    name="medicine",
    ingredient="ingredient",
    form=Form.TABLET,
    route=Route.ORAL,
    strengths=tuple(amount(one) for one in ("2.5 mg", "10 mg", "25 mg", "1000 mg")),
    divisible_by=4,
)
AMOUNTS = st.sampled_from([*makeable(MEDICINE)[:60], *makeable(MEDICINE)[-20:]])
MAYBE = st.one_of(st.none(), AMOUNTS)

WALLS = st.builds(time, st.integers(0, 23), st.integers(0, 59))
_BEFORE_AFTER = st.one_of(st.none(), st.integers(0, 180))
_MEALS = {
    DayMoment.BEFORE_BREAKFAST,
    DayMoment.BEFORE_LUNCH,
    DayMoment.BEFORE_DINNER,
}


@st.composite
def moments(draw: st.DrawFn) -> AtMoments:
    chosen = draw(st.lists(st.sampled_from(DayMoment), min_size=1, max_size=4, unique=True))
    found = []
    for one in sorted(chosen, key=list(DayMoment).index):
        offset = draw(_BEFORE_AFTER)
        if offset and (one in _MEALS or (not one.startswith("PC") and draw(st.booleans()))):
            offset = -offset
        found.append(AtMoment(moment=one, offset=offset))
    return AtMoments(moments=tuple(found))


def _rising(walls: list[time]) -> AtTimes:
    return AtTimes(times=tuple(sorted(walls)))


TIMES: st.SearchStrategy[Times] = st.one_of(
    st.builds(TimesADay, count=st.integers(1, 24)),
    st.builds(SpreadOverDay, count=st.integers(1, 24)),
    st.lists(WALLS, min_size=1, max_size=6, unique=True).map(_rising),
    moments(),
    st.builds(HourGrid, hours=st.sampled_from([1, 2, 3, 4, 6, 8, 12]), first=WALLS),
)
WEEKDAYS = st.frozensets(st.sampled_from(Weekday), min_size=1)
DAYS: st.SearchStrategy[Days] = st.one_of(
    st.just(EveryDay()),
    st.builds(EveryNDays, n=st.integers(2, 400)),
    st.builds(OnWeekdays, weekdays=WEEKDAYS, weeks=st.integers(1, 60)),
    st.builds(EveryNMonths, n=st.integers(1, 24), day=st.integers(1, 31)),
    st.builds(EveryNYears, n=st.integers(1, 9), month=st.integers(1, 12), day=st.integers(1, 28)),
    st.builds(Cycle, on=st.integers(1, 99), off=st.integers(1, 99)),
)


@st.composite
def on_days(draw: st.DrawFn) -> OnDays:
    times, days = draw(TIMES), draw(DAYS)
    places = slot_count(times)
    slots: tuple[int, ...] = ()
    kind = draw(st.sampled_from(["same", "slots", "per slot", "turn", "weekday"]))
    if kind == "slots" and isinstance(times, TimesADay) and places <= 6:
        slots = tuple(sorted(draw(st.sets(st.integers(1, 9), min_size=places, max_size=places))))
    if kind == "per slot" and places <= 6 and not isinstance(times, HourGrid | SpreadOverDay):
        amounts = draw(st.lists(MAYBE, min_size=places, max_size=places))
        if len(amounts) > 1 and any(amounts):
            return OnDays(times=times, doses=DosePerSlot(tuple(amounts)), days=days)
    if kind == "turn":
        turns = draw(st.lists(MAYBE, min_size=2, max_size=4))
        if any(turns):
            return OnDays(times=times, doses=AlternatingDose(tuple(turns)), days=days, slots=slots)
    if kind == "weekday":
        a, b, c, d, e, f, g = draw(st.lists(MAYBE, min_size=7, max_size=7))
        if any((a, b, c, d, e, f, g)):
            return OnDays(times=times, doses=DosePerWeekday((a, b, c, d, e, f, g)))
    return OnDays(times=times, doses=SameDose(draw(AMOUNTS)), days=days, slots=slots)


HOURS = st.integers(1, 168)
REASONS = st.sampled_from(
    ["", "pain", "nausea", "severe pain", "trouble sleeping", "fever or pain"]
)
OTHERS: st.SearchStrategy[Dosage] = st.one_of(
    st.builds(EveryHours, hours=HOURS, amount=AMOUNTS),
    st.builds(AfterLastDose, hours=HOURS, amount=AMOUNTS),
    st.builds(SingleDose, amount=AMOUNTS),
    st.builds(
        AsNeeded,
        amount=AMOUNTS,
        min_gap_hours=st.integers(1, 48),
        most_doses=st.integers(1, 24),
        window_hours=st.integers(1, 168),
        most_amount=MAYBE,
        reason=REASONS,
    ),
)
DOSAGES: st.SearchStrategy[Dosage] = st.one_of(on_days(), OTHERS)
DATES = st.dates(date(2020, 1, 1), date(2099, 12, 31))
BOUNDS: st.SearchStrategy[Bounds | None] = st.one_of(
    st.none(),
    st.builds(ForDays, st.integers(1, 3000)),
    st.builds(UntilDay, DATES),
    st.builds(ForDoses, st.integers(1, 3000)),
    st.just(UntilTold()),
)


@settings(max_examples=500, deadline=None)
@given(DOSAGES, BOUNDS, st.booleans(), st.booleans())
def test_what_is_written_is_read_back_the_same(
    dosage: Dosage, bounds: Bounds | None, counted: bool, hours24: bool
) -> None:
    if isinstance(dosage, SingleDose):
        bounds = None
    medication = MEDICINE if counted else None
    written = sig_words(dosage, medication, bounds=bounds)
    sig = read_sig(written, medication)
    assert (sig.dosage, sig.bounds) == (dosage, bounds), written
    assert sig.assumptions == ()
    assert violations(written) == []
    again = sig_words(dosage, medication, bounds=bounds, hours24=hours24)
    with suppress(MedschedError):  # 7:30 on a 24-hour clock may be evening to others
        assert read_sig(again, medication).dosage == dosage, again


@settings(max_examples=100, deadline=None)
@given(st.integers(2, 40), AMOUNTS, DATES)
def test_the_first_dates_are_read_back(n: int, one: Amount, first: date) -> None:
    dosage = OnDays(times=TimesADay(count=1), doses=SameDose(one), days=EveryNDays(n=n))
    sig = read_sig(sig_words(dosage, first_day=first))
    assert (sig.dosage, sig.first_day) == (dosage, first)


WORDS = (
    "take 1 2 0.5 .5 1,5 one two half a tablet tablets tab mg mcg g 10 25 500 po by mouth bid"
    " tid qid qd qod q8h q 8 h prn as needed for pain days weeks x 7d daily once twice times"
    " three a day every other Monday on and at 8:00 AM PM noon midnight bedtime qhs in the"
    " morning night before breakfast meals max of in 24 hours apart least most until 8 December"
    " 2026 1-0-2 - / ( ) , . ; weekly month week NOT nothing then again turn \u00bd od now"
)
VOCABULARY = WORDS.split()


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(VOCABULARY), max_size=14))
def test_any_words_are_read_or_refused(words: list[str]) -> None:
    with suppress(MedschedError):
        sig = read_sig(" ".join(words))
        assert read_sig(sig_words(sig.dosage, bounds=sig.bounds)).dosage == sig.dosage


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=60), st.booleans())
@example("take 1 tablet da\u0131ly", False)
@example("\u017fix \u212a", False)
@example("1 tablet x \u0663 d", False)
@example("0/0 tablet", True)
@example("1 tablet on 31 February 2026", False)
def test_any_text_is_read_or_refused(text: str, counted: bool) -> None:
    with suppress(MedschedError):
        read_sig(text, MEDICINE if counted else None)


def _without_reason(dosage: Dosage) -> Dosage:
    """A reason is anybody's words, so it may be damaged; nothing else may."""
    return replace(dosage, reason="") if isinstance(dosage, AsNeeded) else dosage


@settings(max_examples=300, deadline=None)
@given(DOSAGES, st.data())
def test_a_damaged_sentence_is_never_read_as_another_dosage(
    dosage: Dosage, data: st.DataObject
) -> None:
    written = sig_words(dosage)
    at = data.draw(st.integers(0, len(written) - 1))
    damaged = written[:at] + data.draw(st.sampled_from(["", "?", "x", "\u00b2"])) + written[at:]
    with suppress(MedschedError):
        assert _without_reason(read_sig(damaged).dosage) == _without_reason(dosage), damaged


def test_a_bare_number_never_becomes_an_amount() -> None:
    sig = read_sig("1 in the morning and 2 at night")
    assert sig.assumptions
    assert isinstance(sig.dosage, OnDays)
    assert sig.dosage.doses == DosePerSlot(
        (Amount(Decimal(1), Unit.TABLET), Amount(Decimal(2), Unit.TABLET))
    )
