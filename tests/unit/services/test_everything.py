"""Everything that is stored about one person, as one plain document."""

from __future__ import annotations

import json

from tests.unit.services.plans import House, local

from medsched.services.everything import everything


def test_nothing_that_is_stored_is_left_out() -> None:
    house = House()
    house.start()
    house.take("2026-12-01 08:03")

    with house.store.reading() as unit:
        found = everything(unit, house.person, local("2026-12-01 09:00"))

    [plan] = found["plans"]
    assert plan["status"] == "active"
    assert len(plan["revisions"]) == 1
    assert plan["doses"][0]["id"] == "1-20261201-1"
    assert [one["dose"] for one in found["administrations"]] == ["1-20261201-1"]
    assert json.loads(json.dumps(found)) == found
