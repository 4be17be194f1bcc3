"""A file becomes a protocol, or all of its mistakes at once."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from hashlib import sha256

import pytest
from tests.unit.protocols.files import (
    HEAD,
    OWN,
    POLICIES,
    REGIMEN,
    REPO,
    REST,
    VALID,
    changed,
    only_problem,
    problems_after,
    problems_of,
)

from medsched.domain.amount import amount
from medsched.domain.protocol import PhaseKind
from medsched.domain.timing import ForDays, OnDays, SameDose, TimesADay, UntilTold
from medsched.errors import Exit, FileProblems, Problem
from medsched.protocols import ExcludedMedicine
from medsched.protocols.read import read_protocol


def test_a_file_without_mistakes_becomes_its_protocol() -> None:
    protocol = read_protocol(VALID, file="examplamine.toml", policies=POLICIES)

    assert (protocol.id, protocol.title) == ("examplamine", "Examplamine for pain")
    assert protocol.dated == date(2026, 11, 22)
    assert not protocol.own
    assert protocol.also_called == ("Examplex",)
    first, second, third = protocol.regimens[0].phases
    assert first.dosage == OnDays(times=TimesADay(count=1), doses=SameDose(amount("12.5 mg")))
    assert (first.bounds, second.bounds, third.bounds) == (ForDays(1), ForDays(6), UntilTold())
    assert third.kind is PhaseKind.MAINTENANCE
    assert protocol.missed.id == "default_bid"
    assert protocol.missed.rule == "R02"
    assert protocol.safety.band_of(Decimal("29.9")) == protocol.safety.renal[0]
    assert protocol.stopping is not None
    assert (protocol.stopping.min_days, protocol.stopping.max_days) == (14, 28)


def test_the_digest_is_that_of_the_text_with_or_without_a_byte_order_mark() -> None:
    bare = read_protocol(VALID, file="examplamine.toml", policies=POLICIES)
    marked = b"\xef\xbb\xbf" + VALID.encode()
    read = read_protocol(marked, file="examplamine.toml", policies=POLICIES)
    assert bare.digest == read.digest == sha256(VALID.encode()).hexdigest()


def test_ten_different_mistakes_are_all_named_with_their_paths() -> None:
    text = changed(
        ('version = "1.0.0"', "version = 1.0"),
        ('strengths = ["12.5 mg"', 'strengths = [12.5, "12.5 mg"'),
        ('provenance = "published page"', 'provenance = "published pages"'),
        ('daily_total = "50 mg"', 'daily_total = "100 mg"'),
        ('days = "8-"', 'days = "9-"'),
        ('min_days = "7 days"', "min_days = 7"),
        ('policy = "default_bid"', 'policy = "default_bd"'),
        ('under = "18 years"', 'under = "18"'),
        ('below = "30 mL/min"', 'below = "29 mL/min"'),
        ('kind = "mood check-in"', 'kinds = "mood check-in"'),
    )
    lines = problems_of(text)
    paths = [line.split(":")[0] for line in lines]
    assert {
        "protocol.version",
        "medication.strengths[1]",
        "rule[1].provenance",
        "regimen[1].phase[2].daily_total",
        "regimen[1].phase[3].days",
        "regimen[1].escalation.min_days",
        "missed_dose.policy",
        "age[1].under",
        "renal[2].from",
        "monitoring[1].kind",
        "monitoring[1].kinds",
    } == set(paths)
    assert len(paths) == len(set(paths))


def test_all_mistakes_are_raised_once_with_the_exit_code_of_a_bad_file() -> None:
    text = changed(('id = "R02"', 'id = "R01"'), ("[first_dose]", "[first_doses]"))
    with pytest.raises(FileProblems) as refused:
        read_protocol(text, file="examplamine.toml", policies=POLICIES)
    assert refused.value.exit_code is Exit.BAD_FILE
    lines = str(refused.value).splitlines()
    assert len(lines) == len(refused.value.problems)
    assert all(line.startswith("examplamine.toml: ") for line in lines)


def test_an_unknown_key_is_refused_with_the_nearest_known_one() -> None:
    assert "use times_a_day" in " ".join(problems_after(("times_a_day = 1", "time_a_day = 1")))
    assert only_problem(("[texts]", "[text]")).startswith("text: is no key")


@pytest.mark.parametrize(
    ("section", "path"),
    [("[protocol]", "protocol"), ("[medication]", "medication"), ("[missed_dose]", "missed_dose")],
)
def test_a_medicine_needs_its_sections(section: str, path: str) -> None:
    start = VALID.index(section)
    end = VALID.index("\n[", start + 1)
    assert f"{path}: is missing" in " ".join(problems_of(VALID[:start] + VALID[end + 1 :]))


def test_the_id_of_a_medicine_is_the_name_of_its_file() -> None:
    assert "use 'other'" in " ".join(problems_of(VALID, file="somewhere/other.toml"))


def test_a_newer_format_is_refused() -> None:
    assert "format: 2 cannot be used" in " ".join(problems_of("format = 2\n" + VALID))


def test_a_rule_that_does_not_exist_is_named() -> None:
    line = only_problem(
        ("days = [1, 7]\n", "days = [1, 7]\n"),
        ('rule = "R02"\n\n[texts]', 'rule = "R9"\n\n[texts]'),
    )
    assert line == "monitoring[1].rule: 'R9' is no rule of this file; add a [[rule]]"


def test_further_checks_see_a_protocol_without_mistakes_only() -> None:
    seen = []

    def check(protocol: object) -> list[Problem]:
        seen.append(protocol)
        return [Problem(where="stopping", code="taper", message="has no plan from 100 mg")]

    with pytest.raises(FileProblems, match="has no plan"):
        read_protocol(VALID, file="examplamine.toml", policies=POLICIES, also=[check])
    with pytest.raises(FileProblems):
        read_protocol(HEAD, file="examplamine.toml", policies=POLICIES, also=[check])
    assert len(seen) == 1


def test_sections_may_stand_in_any_order() -> None:
    assert problems_of(REST + REGIMEN + HEAD) == []


def test_an_excluded_medicine_gives_its_reason() -> None:
    text = '[excluded]\nid = "x"\nnames = ["Xample"]\nreason = "each dose is worked out anew"\n'
    with pytest.raises(ExcludedMedicine, match="each dose is worked out anew") as refused:
        read_protocol(text, file="x.toml", policies=POLICIES)
    assert refused.value.name == "Xample"
    assert refused.value.exit_code is Exit.REFUSED


# --- a person's own regimen -----------------------------------------------------


def test_an_own_regimen_needs_a_name_strengths_and_phases_only() -> None:
    protocol = read_protocol(OWN, file="mine.toml", policies=POLICIES)
    assert protocol.own
    assert (protocol.id, protocol.title) == ("mine", "my tablets")
    assert protocol.dated is None
    assert protocol.rules == {}
    assert protocol.regimens[0].phases[0].kind is PhaseKind.MAINTENANCE


@pytest.mark.parametrize(
    ("times", "policy"),
    [
        (1, "default_qd"),
        (2, "default_bid"),
        (3, "default_more_than_bid"),
        (5, "default_more_than_bid"),
    ],
)
def test_an_own_regimen_falls_back_on_a_policy_by_its_doses_a_day(times: int, policy: str) -> None:
    text = changed(("times_a_day = 1", f"times_a_day = {times}"), text=OWN)
    assert read_protocol(text, file="mine.toml", policies=POLICIES).missed.id == policy


def test_an_own_regimen_may_name_a_policy_and_its_numbers_are_checked() -> None:
    weekly = OWN + '\n[missed_dose]\npolicy = "semaglutide_sc_weekly"\n'
    assert "does not fit: its min_gap" in " ".join(problems_of(weekly, file="mine.toml"))


def test_an_own_regimen_of_doses_if_needed_keeps_its_own_limits() -> None:
    limits = 'as_needed = { at_least_apart = "6 hours", most_doses = 3, in = "24 hours" }'
    text = changed(("times_a_day = 1", limits), text=OWN)
    missed = read_protocol(text, file="mine.toml", policies=POLICIES).missed
    assert missed.id == "as_needed"
    assert missed.min_gap_hours == 6
    assert missed.rolling is not None
    assert missed.rolling.max_doses == 3


def test_38_tablets_of_10_mg_are_counted_for_40_30_20_and_10_mg() -> None:
    from tests.unit.protocols.laid_out import doses_of, tablets_of

    steps = "".join(
        f'[[phase]]\nlength = "3 days"\ntimes_a_day = 1\ndose = "{dose} mg"\n'
        for dose in (30, 20, 10)
    )
    protocol = read_protocol(OWN + steps, file="mine.toml", policies=POLICIES)
    doses = doses_of(protocol, protocol.regimens[0].phases, 14)
    assert tablets_of(protocol, doses) == {"10": 38}


# --- the document of the format -------------------------------------------------


def examples() -> list[str]:
    text = (REPO / "docs" / "protocol-format.md").read_text()
    return re.findall(r"```toml\n(.*?)```", text, flags=re.DOTALL)


def test_the_first_example_of_the_format_is_a_file_but_for_its_rules() -> None:
    lines = problems_of(examples()[0])
    assert [line.split(": ")[1] for line in lines] == [
        "'R02' is no rule of this file; add a [[rule]]",
        "'R03' is no rule of this file; add a [[rule]]",
    ]


def test_the_example_of_an_own_regimen_can_be_read() -> None:
    own = next(one for one in examples() if "own = true" in one)
    assert problems_of(own, file="mine.toml") == []


def test_every_section_of_the_format_can_be_read_beside_the_first_example() -> None:
    sections = [
        one for one in examples()[1:] if "own = true" not in one and "[excluded]" not in one
    ]
    for section in sections:
        lines = problems_of(examples()[0] + "\n" + section)
        assert not [line for line in lines if "is no key" in line], lines
