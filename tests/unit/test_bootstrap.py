"""The composition root opens nothing before it is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from medsched.bootstrap import App, WhichPerson, machine_zone, zone_or_none

if TYPE_CHECKING:
    from pathlib import Path


def test_an_app_opens_nothing_by_itself(tmp_path: Path) -> None:
    app = App(home=tmp_path / "home", environment={})

    assert not app.has_store
    assert not (tmp_path / "home").exists()


def test_the_store_is_made_when_it_is_asked_for(tmp_path: Path) -> None:
    app = App(home=tmp_path / "home", environment={})

    with app.store.reading() as unit:
        assert app.find_person(unit, None) is None
    assert app.has_store


def test_the_only_person_is_meant_and_of_several_the_one_who_is_me(tmp_path: Path) -> None:
    app = App(home=tmp_path / "home", environment={})
    zone = ZoneInfo("UTC")
    with app.store.writing() as unit:
        unit.people.add(app.new_person("Ann", zone), app.clock.now())
        only = app.find_person(unit, None)
        unit.people.add(app.new_person("Bo", zone), app.clock.now())
        with pytest.raises(WhichPerson, match="2 persons"):
            app.find_person(unit, None)
        unit.people.add(app.new_person(None, zone), app.clock.now())
        found = app.find_person(unit, None)

    assert only is not None
    assert only.name == "Ann"
    assert found is not None
    assert found.name == "me"


def test_the_machines_zone_is_the_one_it_tells() -> None:
    assert machine_zone({"TZ": "Asia/Tokyo"}).key == "Asia/Tokyo"
    assert machine_zone({"TZ": ":Europe/Berlin"}).key == "Europe/Berlin"
    assert machine_zone({"TZ": "Nowhere/Land"}).key == "UTC"


@pytest.mark.parametrize("name", ["", "Nowhere", "../etc/passwd", "Europe"])
def test_what_is_no_zone_is_none(name: str) -> None:
    assert zone_or_none(name) is None


def test_keys_are_new_each_time(tmp_path: Path) -> None:
    app = App(home=tmp_path, environment={})

    assert app.new_key() != app.new_key()
