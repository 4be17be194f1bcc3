"""Persons, settings and protocol texts: the same over memory, SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from tests.contract.store_examples import NOW, a_person

from medsched.domain.person import Facts, HepaticClass, Itinerary, OtherMedicine, Stay
from medsched.services.document import read_person
from medsched.store.digests import digest_of
from medsched.store.refusals import NameTaken

if TYPE_CHECKING:
    from tests.contract.conftest import Database

    from medsched.services.ports import Store


def test_a_person_comes_back_as_stored_under_a_new_id(store: Store) -> None:
    """Zone by date, facts and other medicines included."""
    person = replace(
        a_person("Änne Núñez"),
        itinerary=Itinerary(
            (
                *a_person().itinerary.stays,
                Stay(since=datetime(2026, 4, 1, tzinfo=UTC), zone=ZoneInfo("Asia/Kolkata")),
            )
        ),
        facts=Facts(
            creatinine_clearance=Decimal("29.5"),
            hepatic=HepaticClass.MILD,
            conditions=frozenset({"seizure history"}),
        ),
        taking=(OtherMedicine(name="x", since=date(2026, 1, 1)),),
    )
    with store.writing() as unit:
        added = unit.people.add(person, NOW)
    with store.reading() as unit:
        assert added == replace(person, id="1")
        assert unit.people.by_id("1") == added
        assert unit.people.by_name("Änne Núñez") == added
        assert unit.people.all() == [added]


def test_nobody_is_found_by_a_name_or_an_id_that_nobody_has(store: Store) -> None:
    """Also by text that is no id at all."""
    with store.writing() as unit:
        unit.people.add(a_person("Anna"), NOW)
    with store.reading() as unit:
        assert unit.people.by_name("anna") is None
        assert unit.people.by_id("2") is None
        assert unit.people.by_id("Anna") is None
        assert unit.people.by_id("") is None


def test_a_change_to_a_person_replaces_what_was_there(store: Store) -> None:
    with store.writing() as unit:
        person = unit.people.add(a_person("Anna"), NOW)
        unit.people.save(replace(person, name="Anna B"), NOW)
    with store.reading() as unit:
        assert unit.people.by_name("Anna") is None
        assert unit.people.by_id(person.id) == replace(person, name="Anna B")


def test_every_state_of_a_person_stays_in_the_log(database: Database) -> None:
    with database.open() as store:
        with store.writing() as unit:
            person = unit.people.add(a_person("Anna"), NOW)
            unit.people.save(replace(person, name="Anna B"), NOW)
        with store.reading() as unit:
            query = "SELECT person, document, digest FROM person_log ORDER BY id"
            rows = unit.driver.rows(query, ())
    assert [(number, read_person(text, "1").name) for number, text, _digest in rows] == [
        (1, "Anna"),
        (1, "Anna B"),
    ]
    assert all(digest == digest_of(text) for _number, text, digest in rows)


def test_two_people_cannot_have_one_name(store: Store) -> None:
    """Commands name people; two of one name would be mixed up."""
    with store.writing() as unit:
        unit.people.add(a_person("Anna"), NOW)
        other = unit.people.add(a_person("Ben"), NOW)
    with pytest.raises(NameTaken, match="Anna"), store.writing() as unit:
        unit.people.add(a_person("Anna"), NOW)
    with pytest.raises(NameTaken, match="Anna"), store.writing() as unit:
        unit.people.save(replace(other, name="Anna"), NOW)


def test_saving_somebody_unknown_is_an_error(store: Store) -> None:
    with pytest.raises(KeyError), store.writing() as unit:
        unit.people.save(replace(a_person(), id="7"), NOW)


def test_a_setting_is_what_was_put_last(store: Store) -> None:
    with store.writing() as unit:
        person = unit.people.add(a_person(), NOW).id
        assert unit.settings.get(person, "monitoring") is None
        unit.settings.put(person, "monitoring", ["blood pressure"], NOW)
        unit.settings.put(person, "monitoring", {"blood pressure": False}, NOW)
    with store.reading() as unit:
        assert unit.settings.get(person, "monitoring") == {"blood pressure": False}
        assert unit.settings.get(person, "other") is None


def test_a_protocol_text_is_kept_once_and_exactly(store: Store) -> None:
    """Line ends and letters of all kinds come back as they were."""
    text = 'title = "Å"\r\n\n# 50 µg\n'
    with store.writing() as unit:
        unit.protocols.keep("d1", "examplin", text)
        unit.protocols.keep("d1", "examplin", text)
    with store.reading() as unit:
        assert unit.protocols.text("d1") == text
        assert unit.protocols.text("d2") is None
