"""A taper becomes phases of a plan, and the phases of a plan become days to climb down."""

from collections import Counter
from datetime import date, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from medsched.domain.amount import Amount, amount
from medsched.domain.course import resolve
from medsched.domain.dosage import daily_total
from medsched.domain.medication import Form, Medication, Route
from medsched.domain.person import Person, at_home
from medsched.domain.prescription import Prescription
from medsched.domain.protocol import Phase, PhaseKind
from medsched.domain.taper import (
    Pattern,
    TaperStart,
    best_taper,
    explicit,
    mirrored,
    pattern_of,
    phases,
    rungs_of,
)
from medsched.domain.timeline import all_doses
from medsched.domain.timing import (
    AlternatingDose,
    AtTimes,
    Bounds,
    Dosage,
    DosePerSlot,
    EveryHours,
    EveryNDays,
    ForDays,
    OnDays,
    SameDose,
    TimesADay,
    UntilTold,
)


def mg(number: str) -> Amount:
    return amount(f"{number} mg")


SNRI = Medication(
    name="medicine",
    ingredient="ingredient",
    form=Form.FILM_COATED_TABLET,
    route=Route.ORAL,
    strengths=tuple(mg(one) for one in ("12.5", "25", "50", "100")),
)
START = TaperStart(medication=SNRI, slots=(mg("50"), mg("50")))
FIRST = date(2026, 3, 23)


def events(plan: tuple[Phase, ...]) -> list[tuple[date, int, str]]:
    """Return (day, slot, amount) of every dose of a plan from `FIRST` on."""
    prescription = Prescription(
        id="1",
        key="k",
        person="1",
        protocol="p",
        protocol_digest="d",
        regimen="r",
        medication=SNRI,
        phases=plan,
        start=FIRST,
        slots=(time(8), time(20)),
    )
    person = Person(name="P", itinerary=at_home(ZoneInfo("Europe/Berlin")))
    course = resolve(prescription, person)
    return [(one.day, one.slot, one.amount.digits) for one in all_doses(course, date(2027, 1, 1))]


def test_a_taper_of_three_weeks_over_a_clock_change_is_35_tablets_on_21_days() -> None:
    doses = events(phases(best_taper(START, 21), rule="stop"))
    assert Counter(amount for _, _, amount in doses) == {"25": 14, "12.5": 21}
    days = sorted({day for day, _, _ in doses})
    assert (days[0], days[-1], len(days)) == (FIRST, date(2026, 4, 12), 21)
    assert doses[-1] == (date(2026, 4, 12), 1, "12.5")


def test_phases_keep_kind_length_and_rule() -> None:
    made = phases(best_taper(START, 21), rule="stop")
    assert [(one.kind, one.bounds, one.rule) for one in made] == [
        (PhaseKind.TAPER, ForDays(7), "stop")
    ] * 3
    assert [one.dosage for one in made] == [
        OnDays(times=TimesADay(count=2), doses=SameDose(mg("25"))),
        OnDays(times=TimesADay(count=2), doses=SameDose(mg("12.5"))),
        OnDays(times=TimesADay(count=1), doses=SameDose(mg("12.5"))),
    ]


def test_a_way_up_is_of_kind_titration_and_rises() -> None:
    up = phases(mirrored(explicit(START, [(mg("50"), 4), (mg("25"), 2), (mg("12.5"), 1)])))
    assert {one.kind for one in up} == {PhaseKind.TITRATION}
    assert [one.per_day.digits for one in mirrored(best_taper(START, 21)).steps] == [
        "12.5",
        "25",
        "50",
    ]
    assert [amount for _, _, amount in events(up)] == ["12.5"] * 5 + ["25"] * 8


def test_unequal_slots_keep_their_places() -> None:
    start = TaperStart(medication=SNRI, slots=(mg("100"), mg("50")))
    made = phases(explicit(start, [(mg("137.5"), 7)]))
    assert made[0].dosage == OnDays(
        times=TimesADay(count=2), doses=DosePerSlot((mg("87.5"), mg("50")))
    )


def test_a_single_later_slot_stays_where_it_is() -> None:
    start = TaperStart(medication=SNRI, slots=(None, mg("50")))
    made = phases(explicit(start, [(mg("25"), 7)]))
    assert made[0].dosage == OnDays(times=TimesADay(count=1), doses=SameDose(mg("25")), slots=(2,))
    assert {slot for _, slot, _ in events(made)} == {2}


def test_named_times_stay_named() -> None:
    times = AtTimes(times=(time(7), time(19)))
    made = phases(best_taper(START, 21), times=times)
    assert [one.dosage.times for one in made if isinstance(one.dosage, OnDays)] == [times] * 3
    assert [(slot, amount) for _, slot, amount in events(made)][-1] == (1, "12.5")
    assert phases(best_taper(START, 21), times=TimesADay(count=2)) == phases(best_taper(START, 21))


@pytest.mark.parametrize(
    ("dosage", "pattern"),
    [
        (OnDays(times=TimesADay(count=1), doses=SameDose(mg("25"))), (mg("25"), None)),
        (OnDays(times=TimesADay(count=2), doses=SameDose(mg("25"))), (mg("25"), mg("25"))),
        (
            OnDays(times=TimesADay(count=1), doses=SameDose(mg("25")), slots=(2,)),
            (None, mg("25")),
        ),
        (
            OnDays(times=TimesADay(count=2), doses=DosePerSlot((None, mg("25")))),
            (None, mg("25")),
        ),
        (OnDays(times=TimesADay(count=1), doses=AlternatingDose((mg("25"), None))), None),
        (OnDays(times=TimesADay(count=1), doses=SameDose(mg("25")), days=EveryNDays(n=2)), None),
        (EveryHours(hours=12, amount=mg("25")), None),
        (None, None),
    ],
)
def test_a_dosage_is_a_day_of_slots_when_every_day_is_alike(
    dosage: Dosage | None, pattern: Pattern | None
) -> None:
    assert pattern_of(dosage, 2) == pattern


def test_the_way_down_may_climb_the_rungs_of_the_way_up() -> None:
    way_up = [
        _phase(SameDose(mg("12.5")), 1, ForDays(1)),
        _phase(SameDose(mg("12.5")), 2, ForDays(2)),
        _phase(SameDose(mg("25")), 2, ForDays(4)),
        _phase(SameDose(mg("50")), 2, UntilTold()),
    ]
    taper = best_taper(START, 21, rungs=rungs_of(way_up, 2))
    assert taper == best_taper(START, 21)
    assert [daily_total(one.dosage) for one in phases(taper)] == [mg("50"), mg("25"), mg("12.5")]


def _phase(doses: SameDose, count: int, bounds: Bounds) -> Phase:
    dosage = OnDays(times=TimesADay(count=count), doses=doses)
    return Phase(kind=PhaseKind.TITRATION, dosage=dosage, bounds=bounds)


def test_what_is_delivered_never_rises_from_day_to_day() -> None:
    per_day: dict[date, Decimal] = {}
    for day, _, shown in events(phases(best_taper(START, 28))):
        per_day[day] = per_day.get(day, Decimal(0)) + Decimal(shown)
    delivered = [per_day[day] for day in sorted(per_day)]
    assert delivered == sorted(delivered, reverse=True)
    assert sum(delivered) == Decimal(800)
