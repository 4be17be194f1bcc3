"""From lines of a file to patients: facts and orders read with the words of the other commands."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from medsched.cli.clinic_lines import ORDER, PERSON, BadLine, Line
from medsched.cli.facts import read_birth, read_clearance, read_creatinine, read_number
from medsched.cli.planning import read_target
from medsched.cli.session import read_zone
from medsched.cli.when import read_date, read_day_and_time, read_time, read_times
from medsched.domain.person import (
    DayRhythm,
    Facts,
    HepaticClass,
    OtherMedicine,
    Person,
    Sex,
    at_home,
)
from medsched.errors import InvalidValue, MedschedError
from medsched.frozen import frozen, replace
from medsched.services.clinic import Ordered, Patient
from medsched.services.plan import Order
from medsched.services.planning import Choices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date, datetime
    from enum import StrEnum

    from medsched.domain.protocol import Protocol

_YES_NO: Final = ("dialysis", "end_stage_renal", "pregnant", "breastfeeding", "alcohol")
_MOMENTS: Final = ("wake", "breakfast", "lunch", "dinner", "bed")
_WORDS: Final = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_LAST_DAY: Final = 40_000
_LONGEST_NAME: Final = 200
_MOST_OF_ONE: Final = 100
"""Lines of one person; more is a mistake of the file, and would be held at once."""


@frozen
class Lines:
    """The lines of one person: a patient, or what is wrong with them.

    Args:
        patient: None when one of the lines is bad: then none of the person is stored.
        number: Of the first line. orders: Numbers of those that hold an order each.
        read: Bytes of the file up to the last of them.
    """

    patient: Patient | None
    bad: tuple[BadLine, ...]
    number: int
    orders: tuple[int, ...]
    read: int

    def number_of(self, order: int | None) -> int:
        """Return the number of the line of an order; of the first line for none."""
        return self.number if order is None else self.orders[order]


class Reader:
    """Reads lines as of one instant; what many lines say alike is read once."""

    def __init__(self, *, now: datetime, protocol: Callable[[str], Protocol]) -> None:
        """Keep the instant, and where rules come from."""
        self._now = now
        self._protocol = lru_cache(maxsize=64)(protocol)
        self._person = lru_cache(maxsize=1024)(self._read_person)
        self._order = lru_cache(maxsize=1024)(self._read_order)

    def patients(self, lines: Iterable[Line | BadLine]) -> Iterator[Lines]:
        """Yield the patients; lines of the same name, one after the other, are one person."""
        held: list[Line | BadLine] = []
        for one in lines:
            if held and (not _same_person(held[-1], one) or len(held) >= _MOST_OF_ONE):
                yield self._one(held)
                held = []
            held.append(one)
        if held:
            yield self._one(held)

    def _one(self, lines: list[Line | BadLine]) -> Lines:
        bad: list[BadLine] = [one for one in lines if isinstance(one, BadLine)]
        patient: Patient | None = None
        for one in lines:
            if isinstance(one, BadLine):
                continue
            try:
                patient = self._with(patient, one)
            except MedschedError as wrong:
                bad.append(BadLine(number=one.number, message=str(wrong)))
        return Lines(
            patient=None if bad else patient,
            bad=tuple(bad),
            number=lines[0].number,
            orders=tuple(one.number for one in lines if _has_order(one)),
            read=lines[-1].read,
        )

    def _with(self, patient: Patient | None, line: Line) -> Patient:
        """Return the patient with what one more line says."""
        told = tuple((name, line.cells.get(name, "")) for name in PERSON if name != "name")
        name = _name(line.cells.get("name", ""))
        if patient is None:
            patient = Patient(person=replace(self._person(told), name=name))
        elif any(cell for _name, cell in told):
            other = replace(self._person(told), name=name)
            if other != patient.person:
                wanted = "say the facts of a person in the first of their lines only"
                raise InvalidValue("facts", "others than in the line before", wanted)
        if not _has_order(line):
            return patient
        order = tuple((name, line.cells.get(name, "")) for name in ORDER)
        one = self._order(order, patient.person.itinerary.home.key)
        return replace(patient, orders=(*patient.orders, one))

    def _read_person(self, told: tuple[tuple[str, str], ...]) -> Person:
        cells = dict(told)
        if not cells["zone"]:
            raise InvalidValue("zone", "nothing", "use a name such as Europe/Berlin")
        zone = read_zone(cells["zone"])
        today = self._now.astimezone(zone).date()
        moments = {one: read_time(cells[one], subject=one) for one in _MOMENTS if cells[one]}
        return Person(
            name="",
            itinerary=at_home(zone),
            rhythm=DayRhythm(**moments),
            facts=_facts(cells, today),
            taking=tuple(_other(one, today) for one in cells["taking"].split(";") if one.strip()),
        )

    def _read_order(self, told: tuple[tuple[str, str], ...], zone: str) -> Ordered:
        cells = dict(told)
        for name in ("protocol", "start"):
            if not cells[name]:
                raise InvalidValue(name, "nothing", "a prescription needs protocol and start")
        local = self._now.astimezone(read_zone(zone))
        day, wall = read_day_and_time(cells["start"], local.date(), subject="start")
        if wall is None and day == local.date():
            wall = local.time().replace(second=0, microsecond=0)
        choices = Choices(
            start=day,
            starts_at=wall,
            slots=read_times(cells["at"], subject="at") if cells["at"] else None,
            regimen=cells["regimen"] or None,
            target=read_target(cells["target"] or None),
            first_day=_whole("day", cells["day"] or "1"),
        )
        order = Order(ordered_by=cells["ordered_by"], override=cells["override"])
        return Ordered(protocol=self._protocol(cells["protocol"]), choices=choices, order=order)


def _has_order(line: Line | BadLine) -> bool:
    return isinstance(line, Line) and any(line.cells.get(name) for name in ORDER)


def _same_person(before: Line | BadLine, one: Line | BadLine) -> bool:
    if isinstance(before, BadLine) or isinstance(one, BadLine):
        return False
    return "name" in one.cells and before.cells.get("name") == one.cells["name"]


def _name(cell: str) -> str:
    if not cell:
        raise InvalidValue("name", "nothing", "write the name as it is shown to the person")
    if not cell.isprintable():
        raise InvalidValue("name", "text with control characters", "write it in letters")
    if len(cell) > _LONGEST_NAME:
        wanted = f"use at most {_LONGEST_NAME}"
        raise InvalidValue("name", f"a text of {len(cell):,} letters", wanted)
    return cell


def _facts(cells: dict[str, str], today: date) -> Facts:
    told: dict[str, Any] = {name: _yes_or_no(name, cells[name]) for name in _YES_NO if cells[name]}
    if cells["born"]:
        told["born"] = read_birth(cells["born"], today)
    if cells["sex"]:
        told["sex"] = _one_of(Sex, "sex", cells["sex"])
    if cells["weight"]:
        told["weight_kg"] = read_number(cells["weight"], "weight", 1, 400, "kg")
    if cells["creatinine"]:
        told["creatinine"] = read_creatinine(cells["creatinine"])
    if cells["crcl"]:
        told["creatinine_clearance"] = read_clearance(cells["crcl"])
    if cells["hepatic"]:
        told["hepatic"] = _one_of(HepaticClass, "hepatic", cells["hepatic"])
    present, absent = _words(cells["conditions"]), _words(cells["no_conditions"])
    both = sorted(present & absent)
    if both:
        raise InvalidValue("no_conditions", repr(both[0]), "say it is there or it is not")
    return Facts(**told, conditions=present, not_conditions=absent)


def _words(cell: str) -> frozenset[str]:
    return frozenset(one.strip().lower() for one in cell.split(";") if one.strip())


def _whole(name: str, cell: str) -> int:
    if not (cell.isascii() and cell.isdigit() and 1 <= int(cell[:9]) <= _LAST_DAY):
        raise InvalidValue(name, repr(cell), f"use a whole number from 1 to {_LAST_DAY}")
    return int(cell)


def _yes_or_no(name: str, cell: str) -> bool:
    if cell.lower() not in _WORDS:
        raise InvalidValue(name, repr(cell), "use yes or no, or leave it empty")
    return _WORDS[cell.lower()]


def _one_of(kind: type[StrEnum], name: str, cell: str) -> StrEnum:
    known = [str(one) for one in kind]
    if cell.lower() not in known:
        raise InvalidValue(name, repr(cell), f"use {', '.join(known)}")
    return kind(cell.lower())


def _other(cell: str, today: date) -> OtherMedicine:
    """Read `NAME|class class|FROM|UNTIL`; all but the name may be left out."""
    parts = [one.strip() for one in cell.split("|")]
    name, classes, since, until, *more = (*parts, "", "", "")[: max(4, len(parts))]
    if not name or more:
        raise InvalidValue("taking", repr(cell.strip()), "use NAME|classes|FROM|UNTIL")
    days = [read_date(one, today, subject="taking") if one else None for one in (since, until)]
    if days[0] is not None and days[1] is not None and days[1] < days[0]:
        raise InvalidValue("taking", repr(cell.strip()), "end it on or after its first day")
    return OtherMedicine(
        name=name,
        classes=frozenset(classes.lower().split()),
        since=days[0],
        until=days[1],
    )
