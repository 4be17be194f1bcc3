"""Stored documents: the same value both ways, one text for one value, and no guessing."""

from __future__ import annotations

import json
from dataclasses import dataclass, is_dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from types import NoneType
from typing import Any, get_args, get_origin
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsched.domain import timing
from medsched.domain.amount import Amount, Unit, amount
from medsched.domain.medication import Form, Medication, Route
from medsched.domain.person import (
    DayRhythm,
    Facts,
    HepaticClass,
    Itinerary,
    OtherMedicine,
    Person,
    Sex,
    Stay,
    ZonePolicy,
    at_home,
)
from medsched.domain.prescription import Anchor, Prescription, Status
from medsched.domain.protocol import Phase, PhaseKind
from medsched.services.document import (
    overrides_text,
    person_text,
    prescription_text,
    read_overrides,
    read_person,
    read_prescription,
)
from medsched.services.document_reading import UnreadableDocument
from medsched.services.ports import Override
from medsched.services.shapes import hints, shapes

ZONES = ("Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "UTC")

words = st.text(min_size=0, max_size=12)
names = st.text("abc äµ-1", min_size=1, max_size=8)
days = st.dates(date(1950, 1, 1), date(2200, 12, 31))
walls = st.times()
zones = st.sampled_from(ZONES).map(ZoneInfo)
instants = st.datetimes(datetime(1950, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # the strategy adds the zone
digits = st.decimals("0.001", 1000, places=3)
amounts = st.builds(Amount, digits, st.sampled_from(Unit))
maybe_amounts = st.none() | amounts
counts = st.integers(1, 12)


rising = st.lists(walls, min_size=1, max_size=4, unique=True).map(sorted).map(tuple)
strengths = st.sampled_from(
    [
        (amount("12.5 mg"), amount("25 mg"), amount("50 mg")),
        (amount("0.5 mg"),),
        (amount("100 units"),),
        (amount("2.5 mL"), amount("5 mL")),
    ]
)


def tuples(of: st.SearchStrategy[Any], least: int = 0, most: int = 4) -> st.SearchStrategy[Any]:
    return st.lists(of, min_size=least, max_size=most).map(tuple)


which_days = st.one_of(
    st.builds(timing.EveryDay),
    st.builds(timing.EveryNDays, n=counts),
    st.builds(
        timing.OnWeekdays,
        weekdays=st.frozensets(st.sampled_from(timing.Weekday), min_size=1),
        weeks=counts,
    ),
    st.builds(timing.EveryNMonths, n=counts, day=st.integers(1, 31)),
    st.builds(timing.EveryNYears, n=counts, month=counts, day=counts),
    st.builds(timing.Cycle, on=counts, off=counts),
)
moments = st.builds(
    timing.AtMoment,
    moment=st.sampled_from(timing.DayMoment),
    offset=st.none() | st.integers(-90, 90),
)
which_times = st.one_of(
    st.builds(timing.TimesADay, count=counts),
    st.builds(timing.SpreadOverDay, count=counts),
    st.builds(timing.AtTimes, times=rising),
    st.builds(timing.AtMoments, moments=tuples(moments, 1)),
    st.builds(timing.HourGrid, hours=st.sampled_from([4, 6, 8, 12]), first=walls),
)
how_much = st.one_of(
    st.builds(timing.SameDose, amounts),
    st.builds(timing.DosePerSlot, tuples(maybe_amounts, 1)),
    st.builds(timing.AlternatingDose, tuples(maybe_amounts, 1)),
    st.builds(timing.DosePerWeekday, tuples(maybe_amounts, 7, 7)),
)
dosages = st.one_of(
    st.builds(
        timing.OnDays, times=which_times, doses=how_much, days=which_days, slots=tuples(counts)
    ),
    st.builds(timing.EveryHours, hours=counts, amount=amounts),
    st.builds(timing.AfterLastDose, hours=counts, amount=amounts),
    st.builds(timing.SingleDose, amount=amounts),
    st.builds(
        timing.AsNeeded,
        amount=amounts,
        min_gap_hours=counts,
        most_doses=counts,
        most_amount=maybe_amounts,
        reason=words,
    ),
)
bounds = st.one_of(
    st.builds(timing.ForDays, counts),
    st.builds(timing.UntilDay, days),
    st.builds(timing.ForDoses, counts),
    st.builds(timing.UntilTold),
)
phases = st.builds(
    Phase,
    kind=st.sampled_from(PhaseKind),
    dosage=st.none() | dosages,
    bounds=bounds,
    starts=st.none() | days,
    track=st.integers(0, 3),
    rule=words,
    title=words,
)
medications = st.builds(
    Medication,
    name=names,
    ingredient=names,
    form=st.sampled_from(Form),
    route=st.sampled_from(Route),
    strengths=strengths,
    classes=st.frozensets(names),
)
rhythms = st.builds(DayRhythm, wake=walls, bed=walls)
prescriptions = st.builds(
    Prescription,
    id=names,
    key=words,
    person=words,
    protocol=words,
    protocol_digest=words,
    regimen=words,
    medication=medications,
    phases=tuples(phases, 0, 3),
    start=days,
    slots=rising,
    revision=counts,
    status=st.sampled_from(Status),
    rhythm=rhythms,
    starts_at=st.none() | walls,
    strengths=st.frozensets(amounts, max_size=3),
    target_per_day=maybe_amounts,
    anchor=st.none() | st.builds(Anchor, at=instants, dose=counts),
    tracked=st.none() | st.booleans(),
)
maybe = st.none() | st.booleans()
people = st.builds(
    Person,
    name=names,
    itinerary=st.builds(
        Itinerary,
        tuples(
            st.builds(Stay, since=instants, zone=zones, policy=st.sampled_from(ZonePolicy)), 1, 3
        ),
    ),
    id=st.just("7"),
    rhythm=rhythms,
    facts=st.builds(
        Facts,
        born=st.none() | days,
        sex=st.none() | st.sampled_from(Sex),
        weight_kg=st.none() | digits,
        hepatic=st.none() | st.sampled_from(HepaticClass),
        dialysis=maybe,
        conditions=st.frozensets(names),
    ),
    taking=tuples(
        st.builds(
            OtherMedicine,
            name=names,
            classes=st.frozensets(names),
            since=st.none() | days | instants,
            until=st.none() | days | instants,
        )
    ),
)

ORDER = Prescription(
    id="1",
    key="k",
    person="1",
    protocol="examplin",
    protocol_digest="d",
    regimen="standard",
    medication=Medication(
        name="examplin",
        ingredient="examplin",
        form=Form.TABLET,
        route=Route.ORAL,
        strengths=(amount("12.5 mg"),),
    ),
    phases=(
        Phase(
            kind=PhaseKind.MAINTENANCE,
            dosage=timing.OnDays(
                times=timing.TimesADay(count=2), doses=timing.SameDose(amount("12.5 mg"))
            ),
            bounds=timing.UntilTold(),
        ),
    ),
    start=date(2026, 3, 2),
    slots=(time(8), time(20)),
)


@given(prescriptions)
def test_an_order_is_read_as_it_was_written(order: Prescription) -> None:
    """And its text is the same when it is written again."""
    text = prescription_text(order)
    assert read_prescription(text) == order
    assert prescription_text(read_prescription(text)) == text


@given(people)
def test_a_person_is_read_as_written_whatever_the_id(person: Person) -> None:
    text = person_text(person)
    assert read_person(text, "7") == person
    assert person_text(replace(person, id="8")) == text


@given(tuples(st.builds(Override, rule=words, reason=words, ordered_by=words, at=instants)))
def test_overrides_are_read_as_written(overrides: tuple[Override, ...]) -> None:
    assert read_overrides(overrides_text(overrides)) == overrides


@given(st.permutations(["a", "b", "c", "ä"]))
def test_one_value_has_one_text(order: list[str]) -> None:
    """Whatever order a set was filled in, and however a number was typed."""
    person = Person(name="Anna", itinerary=at_home(ZoneInfo("UTC")))
    told = replace(person, facts=Facts(conditions=frozenset(order), weight_kg=Decimal("50.00")))
    same = replace(
        person, facts=Facts(conditions=frozenset("cbä") | {"a"}, weight_kg=Decimal("5E+1"))
    )
    assert person_text(told) == person_text(same)


def test_an_instant_of_another_zone_is_the_same_text() -> None:
    east = timezone(timedelta(hours=5, minutes=30))
    at = datetime(2026, 3, 2, 8, tzinfo=UTC)
    one = replace(ORDER, anchor=Anchor(at=at))
    assert prescription_text(one) == prescription_text(
        replace(ORDER, anchor=Anchor(at=at.astimezone(east)))
    )


def test_the_first_form_of_a_document_stays_readable() -> None:
    """Written by the first version: this text must be read for ever."""
    text = (
        '{"form":"medsched prescription","holds":{"anchor":null,"first_day":1,"id":"1","key":"k",'
        '"medication":{"classes":[],"divisible_by":1,"form":"tablet","ingredient":"examplin",'
        '"most_pieces":10,"name":"examplin","route":"by mouth","strengths":["12.5 mg"],'
        '"type":"medication"},"ordered_by":"","person":"1","phases":[{"bounds":'
        '{"type":"until-told"},"dosage":{"days":{"type":"every-day"},"doses":{"amount":"12.5 mg",'
        '"type":"same-dose"},"slots":[],"times":{"count":2,"type":"times-a-day"},'
        '"type":"on-days"},"kind":"maintenance","rule":"","starts":null,"title":"","track":0,'
        '"type":"phase"}],"protocol":"examplin","protocol_digest":"d","regimen":"standard",'
        '"revision":1,"rhythm":{"bed":"22:00","breakfast":"08:00","dinner":"18:00",'
        '"lunch":"12:00","type":"day-rhythm","wake":"07:00"},"slots":["08:00","20:00"],'
        '"start":"2026-03-02","starts_at":null,"status":"draft","strengths":[],'
        '"target_per_day":null,"tracked":null,"type":"prescription"},"version":1}'
    )
    assert read_prescription(text) == ORDER


def changed(**holds: Any) -> str:
    """Return the document of `ORDER` with some of its fields told otherwise."""
    envelope = json.loads(prescription_text(ORDER))
    envelope["holds"] |= holds
    return json.dumps(envelope)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no JSON text"),
        ("[]", "another kind of document"),
        ('{"form":"medsched person","version":1}', "another kind of document"),
        ('{"form":"medsched prescription","version":2}', "version 2.*newer medsched"),
        ('{"form":"medsched prescription","version":1,"holds":[]}', "prescription is expected"),
        (changed(type="person"), "prescription is expected"),
        (changed(later=1), r"prescription\.later: an unknown field.*newer medsched"),
        (changed(start="2026-02-30"), r"prescription\.start: '2026-02-30'; a date"),
        (changed(start="2026-03-02T08:00:00Z"), r"prescription\.start"),
        (changed(revision="1"), r"prescription\.revision: '1'; a int"),
        (changed(revision=True), r"prescription\.revision: True"),
        (changed(tracked=1), r"prescription\.tracked: 1"),
        (changed(status="asleep"), r"prescription\.status: 'asleep'; a Status"),
        (changed(slots="08:00"), r"prescription\.slots: '08:00'; a list"),
        (changed(slots=["08:00", "25:00"]), r"prescription\.slots\[1\]: '25:00'"),
        (changed(strengths=["12,5 mg"]), r"prescription\.strengths\[0\]: '12,5 mg'; a Amount"),
        (changed(strengths=["-1 mg"]), r"prescription\.strengths\[0\]"),
        (changed(strengths=["1 stone"]), r"prescription\.strengths\[0\]: '1 stone'"),
        (changed(target_per_day=12.5), r"prescription\.target_per_day: 12.5"),
        (changed(anchor={"type": "anchor", "at": "2026-03-02T08:00:00"}), r"anchor\.at"),
        (changed(anchor={"type": "stay"}), r"prescription\.anchor: type 'stay'"),
        (changed(phases=[{"type": "phase"}]), r"phases\[0\]\.kind: nothing; a value"),
        (
            changed(phases=[{"type": "phase", "kind": "taper", "bounds": {"type": "evermore"}}]),
            r"bounds: type 'evermore'; one of for-days, for-doses, until-day, until-told",
        ),
    ],
)
def test_what_is_not_understood_is_refused_with_its_path(text: str, message: str) -> None:
    with pytest.raises(UnreadableDocument, match=message):
        read_prescription(text)


@pytest.mark.parametrize("zone", ["Mars/Phobos", "../etc/passwd", ""])
def test_a_zone_that_does_not_exist_is_refused(zone: str) -> None:
    person = Person(name="Anna", itinerary=at_home(ZoneInfo("UTC")))
    text = person_text(person).replace('"zone":"UTC"', f'"zone":"{zone}"')
    with pytest.raises(UnreadableDocument, match=r"itinerary\.stays\[0\]\.zone"):
        read_person(text, "1")


@dataclass(frozen=True, slots=True)
class _Stranger:
    """A type that no document may hold."""


def test_a_type_that_is_not_listed_is_refused() -> None:
    strange = replace(ORDER, anchor=_Stranger())  # type: ignore[arg-type]  # that is the claim
    with pytest.raises(UnreadableDocument, match=r"prescription\.anchor: a value of type _Str"):
        prescription_text(strange)


@pytest.mark.parametrize(
    "order",
    [
        replace(ORDER, slots=(time(8, tzinfo=UTC),)),
        replace(ORDER, anchor=Anchor(at=datetime(2026, 3, 2))),  # noqa: DTZ001  # that is the claim
    ],
)
def test_a_wall_time_has_no_zone_and_an_instant_has_one(order: Prescription) -> None:
    with pytest.raises(UnreadableDocument, match=r"without|UTC"):
        prescription_text(order)


def reachable(hint: Any) -> set[type]:
    """Return the dataclasses that a type may lead to."""
    if get_origin(hint) is not None:
        return set().union(*(reachable(one) for one in get_args(hint)))
    if hint in {NoneType, ...} or not is_dataclass(hint) or hint is Amount:
        return set()
    assert isinstance(hint, type)
    return {hint}.union(*(reachable(one) for one in hints(hint).values()))


@pytest.mark.parametrize("root", [Prescription, Person, Override])
def test_every_type_that_an_order_or_a_person_may_hold_is_listed(root: type) -> None:
    """A class added to the domain is given its name in documents at once."""
    assert reachable(root) <= set(shapes().values())
