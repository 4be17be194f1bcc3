"""Who takes it: zone by date, rhythm of the day, facts that rules need, other medicines."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from medsched.frozen import field, frozen

if TYPE_CHECKING:
    from decimal import Decimal
    from zoneinfo import ZoneInfo

BEGINNING: Final = datetime(1, 1, 2, tzinfo=UTC)
"""Before every dose: the instant from which a person's home zone is in force."""


class ZonePolicy(StrEnum):
    """What doses do while a person is away from home."""

    FOLLOW_LOCAL = "follow local clock"
    HOME_TIME = "stay on home time"
    ELAPSED = "keep elapsed hours"


@frozen
class Stay:
    """From `since` on, the person is in `zone`, and doses follow `policy`."""

    since: datetime
    zone: ZoneInfo
    policy: ZonePolicy = ZonePolicy.FOLLOW_LOCAL


@frozen(kw_only=False)
class Itinerary:
    """Where a person is, from when on: at least one stay, rising by `since`.

    The first stay is home and has been for ever.
    """

    stays: tuple[Stay, ...]

    @property
    def home(self) -> ZoneInfo:
        """The zone of the first stay."""
        return self.stays[0].zone

    def zone_at(self, instant: datetime) -> ZoneInfo:
        """Return the zone whose clock the person sees at an aware instant."""
        zone = self.stays[0].zone
        for stay in self.stays:
            if stay.since > instant:
                break
            zone = stay.zone
        return zone


def at_home(zone: ZoneInfo) -> Itinerary:
    """Return the itinerary of somebody who stays in `zone`."""
    return Itinerary((Stay(since=BEGINNING, zone=zone),))


@frozen
class DayRhythm:
    """The person's day, in wall-clock times from waking to bedtime.

    Source:
        Default times are an assumption; the person's own replace them.
    """

    wake: time = time(7)
    breakfast: time = time(8)
    lunch: time = time(12)
    dinner: time = time(18)
    bed: time = time(22)


class Sex(StrEnum):
    """Sex at birth, for Cockcroft-Gault only (FHIR: administrative-gender)."""

    FEMALE = "female"
    MALE = "male"


class HepaticClass(StrEnum):
    """Liver function by Child-Pugh class."""

    NORMAL = "normal"
    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"


@frozen
class Facts:
    """What rules ask about a person; None is "nobody said", never "no".

    Args:
        creatinine_clearance: mL/min, measured or by Cockcroft-Gault; never an eGFR.
        creatinine: Serum creatinine in mg/dL.
        weight_kg: Body weight in kilograms.
        end_stage_renal: End-stage renal disease. dialysis: of any kind.
        conditions: Words that protocols name, such as `seizure history`; lower case.
        not_conditions: Conditions that somebody said are absent.
    """

    born: date | None = None
    sex: Sex | None = None
    weight_kg: Decimal | None = None
    creatinine: Decimal | None = None
    creatinine_clearance: Decimal | None = None
    hepatic: HepaticClass | None = None
    dialysis: bool | None = None
    end_stage_renal: bool | None = None
    pregnant: bool | None = None
    breastfeeding: bool | None = None
    alcohol: bool | None = None
    conditions: frozenset[str] = frozenset()
    not_conditions: frozenset[str] = frozenset()


@frozen
class OtherMedicine:
    """A medicine that is not planned here, with its dates.

    Args:
        name: As the person says it. classes: What it is, such as `maoi`.
        since: First day, or the instant of the first dose if known; None is "always".
        until: Last day, or the instant of the last dose; None is "still taken".
    """

    name: str
    classes: frozenset[str] = frozenset()
    since: date | datetime | None = None
    until: date | datetime | None = None


@frozen
class Person:
    """Somebody who takes medicines.

    Args:
        id: Stable short id in this database, such as `1`; never the name.
        name: As shown to the person; in no log and no address.
    """

    name: str
    itinerary: Itinerary
    id: str = ""
    rhythm: DayRhythm = field(default_factory=DayRhythm)
    facts: Facts = field(default_factory=Facts)
    taking: tuple[OtherMedicine, ...] = ()

    @property
    def initials(self) -> str:
        """Up to three initials, for messages that must not carry the name."""
        return "".join(word[0].upper() for word in self.name.split()[:3])
