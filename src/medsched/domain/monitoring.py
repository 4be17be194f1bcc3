"""Dated events besides doses: check-ins, readings, tests, reviews, refills, ends of washouts.

They ask and route. Nothing here scores a risk or advises a dose. One kind falls at most
once a day, and the same window in pieces gives the same events as whole.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from medsched.domain.co_medication import first_dose, last_dose, matches, stretch_of
from medsched.domain.finding import tied
from medsched.domain.monitoring_days import Dated, Watched, days_of
from medsched.domain.monitoring_rules import MonitoringKind
from medsched.domain.plain_words import and_words, class_words, date_words, time_words
from medsched.domain.profile import has_condition
from medsched.domain.safety_rules import WashoutDirection
from medsched.domain.walltime import DAY, day_of
from medsched.frozen import frozen, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from medsched.domain.course import Course
    from medsched.domain.monitoring_rules import MonitoringRule
    from medsched.domain.person import Facts, Person
    from medsched.domain.protocol import Protocol
    from medsched.domain.safety_rules import Washout

OPEN_DAYS: Final = 366
"""So many days of an open plan are listed when nobody names an end."""

_AFTER: Final = timedelta(days=60)
"""After the last dose, how far a list goes when nobody names an end."""

_NAMES: Final = 3
_ALL_ON: Final[Mapping[MonitoringKind, bool]] = {}
_KINDS: Final = tuple(MonitoringKind)


@frozen
class MonitoringEvent:
    """One dated event.

    Args:
        day: Local day. at: The exact instant, where there is one (the end of a washout).
        rule: Ids of the rules that ask for it. text: What it asks.
        urgent_text: The signs for which somebody is called at once, and who; may be empty.
        id: Stable: it names the plan, the kind, the rule and what the day hangs on, not
            the date, so that a moved plan moves its events.
    """

    day: date
    kind: MonitoringKind
    rule: str
    text: str
    urgent_text: str
    id: str
    at: datetime | None = None


def monitoring_events(
    protocol: Protocol,
    course: Course,
    person: Person,
    supply_end: date | None = None,
    *,
    since: date | None = None,
    until: date | None = None,
    switches: Mapping[MonitoringKind, bool] = _ALL_ON,
) -> tuple[MonitoringEvent, ...]:
    """Return the dated events of a plan with `since` <= day < `until`, by day, then kind.

    Args:
        supply_end: The last day for which there are enough pieces, inclusive.
        since: Local day; the day before the plan when left out.
        until: Local day, exclusive; for an open plan 366 days after its start, else 60
            days after its last day when left out.
        switches: Kinds that somebody switched on or off; the others are as the rules say.
    """
    begin = since or course.start - DAY
    end = until or _usual_end(course)
    watched = Watched(
        protocol=protocol,
        course=course,
        person=person,
        supply_end=supply_end,
        until=end,
        last=last_dose(course),
    )
    found = _merged([*_by_rules(watched, switches), *_washouts(watched, switches)])
    return tuple(one for one in found if begin <= one.day < end)


def _usual_end(course: Course) -> date:
    if any(one.is_open for one in course.phases):
        return course.start + timedelta(days=OPEN_DAYS)
    return course.last_day + _AFTER


def is_on(rule: MonitoringRule, facts: Facts, switches: Mapping[MonitoringKind, bool]) -> bool:
    """Return whether a rule makes events: as somebody switched it, else as the rule says."""
    if rule.kind in switches:
        return switches[rule.kind]
    fits = not rule.only_if or any(has_condition(facts, one) for one in rule.only_if)
    return rule.default_on and fits


def _by_rules(
    watched: Watched, switches: Mapping[MonitoringKind, bool]
) -> Iterator[MonitoringEvent]:
    for rule in watched.protocol.monitoring:
        if is_on(rule, watched.person.facts, switches):
            for dated in days_of(rule, watched):
                yield _event(watched, rule, dated)


def _event(watched: Watched, rule: MonitoringRule, dated: Dated) -> MonitoringEvent:
    text = rule.text
    if rule.kind is MonitoringKind.DOSE_CHANGE and dated.change is not None:
        change = dated.change
        text = f"From {change.before} a day to {change.after} a day. {text}"
    urgent = rule.urgent_text
    if rule.kind in {MonitoringKind.MOOD, MonitoringKind.SYMPTOMS}:
        urgent = urgent or watched.protocol.texts.warning_signs
    return MonitoringEvent(
        day=dated.day,
        kind=rule.kind,
        rule=rule.rule,
        text=tied(text),
        urgent_text=tied(urgent),
        id=_id(watched, rule.kind, rule.rule, dated.basis),
    )


def _id(watched: Watched, kind: MonitoringKind, rule: str, basis: str) -> str:
    word = kind.name.lower().replace("_", "-")
    return f"{watched.course.prescription}-{word}-{rule}-{basis}"


def _merged(events: Iterable[MonitoringEvent]) -> list[MonitoringEvent]:
    """Return the events by day, then kind, those of one kind on one day as one of them."""
    kept: dict[tuple[date, MonitoringKind], MonitoringEvent] = {}
    for one in events:
        before = kept.get((one.day, one.kind))
        kept[one.day, one.kind] = one if before is None else _both(before, one)
    return sorted(kept.values(), key=lambda one: (one.day, _KINDS.index(one.kind)))


def _both(first: MonitoringEvent, second: MonitoringEvent) -> MonitoringEvent:
    return replace(
        first,
        rule=_joined(first.rule, second.rule, ", "),
        text=_joined(first.text, second.text, " "),
        urgent_text=_joined(first.urgent_text, second.urgent_text, " "),
        at=max((at for at in (first.at, second.at) if at is not None), default=None),
    )


def _joined(first: str, second: str, by: str) -> str:
    return first if not second or second in first else f"{first}{by}{second}".strip()


def _washouts(
    watched: Watched, switches: Mapping[MonitoringKind, bool]
) -> Iterator[MonitoringEvent]:
    """Yield when washouts end: after the last dose of this, and of another medicine before it."""
    if not switches.get(MonitoringKind.WASHOUT, True):
        return
    for rule in watched.protocol.safety.washouts:
        if rule.direction is WashoutDirection.THIS_FIRST:
            yield from _after_this(watched, rule)
        else:
            yield from _after_other(watched, rule)


def _after_this(watched: Watched, rule: Washout) -> Iterator[MonitoringEvent]:
    last = watched.last
    if last is None:
        return
    names = [class_words(one) for one in sorted(rule.match)]
    listed = names if len(names) <= _NAMES else [*names[:_NAMES], "others"]
    at = last + timedelta(hours=rule.hours)
    text = (
        f"Earliest time for {and_words(listed)}: {_words(at, watched.course)}, {rule.hours:,} hours"
        f" after the last dose of {watched.protocol.medication.name}. {rule.text}"
    )
    yield _end_of_washout(watched, rule, at, text, "after-this")


def _after_other(watched: Watched, rule: Washout) -> Iterator[MonitoringEvent]:
    first = first_dose(watched.course)
    for other in watched.person.taking:
        one = stretch_of(other, watched.course.itinerary)
        known = matches(one, rule.match, watched.protocol.safety.classes)
        if not known or one.last is None or one.last >= first:
            continue
        at = one.last + timedelta(hours=rule.hours)
        text = (
            f"Earliest start of {watched.protocol.medication.name}: {_words(at, watched.course)},"
            f" {rule.hours:,} hours after the last dose of {other.name}. {rule.text}"
        )
        yield _end_of_washout(watched, rule, at, text, f"after-{other.name.lower()}")


def _end_of_washout(
    watched: Watched, rule: Washout, at: datetime, text: str, basis: str
) -> MonitoringEvent:
    return MonitoringEvent(
        day=day_of(at, watched.course.itinerary.zone_at(at)),
        kind=MonitoringKind.WASHOUT,
        rule=rule.rule,
        text=tied(text),
        urgent_text="",
        id=_id(watched, MonitoringKind.WASHOUT, rule.rule, basis),
        at=at,
    )


def _words(at: datetime, course: Course) -> str:
    local = at.astimezone(course.itinerary.zone_at(at))
    return f"{date_words(local.date())} at {time_words(local.time().replace(microsecond=0))}"
