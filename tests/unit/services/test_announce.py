"""What changed is announced, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.contract.calendar_cases import entry

from medsched.services.announce import announce, cancelled, digest_of
from medsched.services.feed_entry import EntryStatus, FeedEntry

if TYPE_CHECKING:
    from medsched.services.feed_ports import Announced

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
ONE = entry(sequence=2)


def remembered(*entries: FeedEntry) -> dict[str, Announced]:
    return {one.uid: one for one in announce(entries, {}, NOW)[1]}


def test_what_was_never_published_goes_out_as_it_is_stored() -> None:
    published, news = announce([ONE], {}, NOW)
    assert published == [ONE]
    assert [(one.uid, one.sequence) for one in news] == [(ONE.uid, 2)]


def test_what_shows_the_same_keeps_its_version_whatever_the_store_counted() -> None:
    again = replace(ONE, sequence=9, revised=ONE.revised + timedelta(days=1))
    published, news = announce([again], remembered(ONE), NOW)
    assert published == [ONE]
    assert news == []


@pytest.mark.parametrize(
    "changed",
    [
        {"starts": ONE.starts + timedelta(hours=1)},
        {"summary": "other"},
        {"description": "other"},
        {"alarms": (15, 0)},
        {"minutes": 5},
        {"zone": "UTC"},
        {"status": EntryStatus.CANCELLED},
        {"url": "https://x/"},
        {"categories": ("x",)},
    ],
    ids=lambda given: next(iter(given)),
)
def test_each_change_is_announced_even_when_no_revision_tells_of_it(
    changed: dict[str, Any],
) -> None:
    (one,), news = announce([replace(ONE, **changed)], remembered(ONE), NOW)
    assert one.sequence == ONE.sequence + 1
    assert one.revised == NOW
    assert len(news) == 1


def test_a_change_that_the_store_knows_keeps_the_store_s_version() -> None:
    moved = replace(
        ONE, starts=NOW, sequence=ONE.sequence + 3, revised=ONE.revised + timedelta(minutes=1)
    )
    assert announce([moved], remembered(ONE), NOW)[0] == [moved]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["x", "y"]), st.integers(0, 3), st.integers(0, 3), st.integers(0, 9)
        ),
        max_size=12,
    )
)
def test_versions_only_grow_and_grow_with_every_change(
    steps: list[tuple[str, int, int, int]],
) -> None:
    known: dict[str, Announced] = {}
    shown: list[FeedEntry] = []
    for summary, sequence, seconds, later in steps:
        stored = replace(
            ONE,
            summary=summary,
            sequence=sequence,
            revised=ONE.revised + timedelta(seconds=seconds),
        )
        (one,), news = announce([stored], known, NOW + timedelta(seconds=later))
        known |= {each.uid: each for each in news}
        if shown and digest_of(shown[-1]) == digest_of(one):
            assert one == shown[-1]
        elif shown:
            assert one.sequence > shown[-1].sequence
            assert one.revised > shown[-1].revised
        shown.append(one)


def test_only_what_was_in_a_file_is_taken_back() -> None:
    other = entry(uid="other")
    told = replace(other, summary="Not to be taken: x", status=EntryStatus.CANCELLED)
    never = replace(told, uid="never")
    (one,) = cancelled([ONE], [told, never], remembered(ONE, other))
    assert one == told


def test_what_nobody_can_name_any_more_is_taken_back_without_a_name() -> None:
    (one,) = cancelled([], [], remembered(ONE))
    assert (one.summary, one.status, one.alarms) == ("Reminder", EntryStatus.CANCELLED, ())
    assert one.starts == ONE.starts
