"""The reader of wordings finds what the display rules forbid, and nothing else."""

import pytest
from tests.display_rules import violations

SHORTHAND = (
    "QD Q.D. qd QOD qod QID BID bid b.i.d. TID tid TIW BIW QHS qhs HS hs qn q1d q6PM q8h Q12H"
)


@pytest.mark.parametrize(
    "text",
    [
        (
            "milnacipran 25\u00a0mg tablet: take 1\u00a0tablet (25\u00a0mg) by mouth twice a day"
            " at 8:00 AM and 8:00 PM"
        ),
        "from 25\u00a0mg to 50\u00a0mg twice a day, starting Tuesday 8 December 2026",
        "1,000\u00a0units",
        "12.5\u00a0mg: 1\u00a0tablet of 12.5\u00a0mg",
        "You took 50\u00a0mg. Next dose at 20:00, in 2026.",
        "once a week, on Monday, NOT daily",
        "New York time (America/New_York), see https://example.org/a/b?c=<d>&e=+1",
        "protocol version 1.0, rules 1.0.0",
        "write to help@example.org or call +49 30 1234567",
        "calendar at ~/medsched/plan.ics",
        "at most 4\u00a0doses in 24 hours, at least 30 minutes apart",
    ],
)
def test_a_safe_text_has_no_violation(text: str) -> None:
    assert violations(text) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        *((f"take one {short} please", "abbreviation") for short in SHORTHAND.split()),
        ("10 U of it", "abbreviation"),
        ("10u of it", "abbreviation"),
        ("10 IU of it", "abbreviation"),
        ("MS or MSO4", "abbreviation"),
        ("OD and o.d.", "abbreviation"),
        ("SC or SQ", "abbreviation"),
        ("use ss and 5 cc", "abbreviation"),
        ("D/C it", "abbreviation"),
        ("UD", "abbreviation"),
        ("take 1 PRN by PO", "abbreviation"),
        ("5\u00a0\u00b5g", "symbol"),
        ("5 ug", "symbol"),
        ("1 @ 8", "symbol"),
        ("this & that", "symbol"),
        ("1 + 1", "symbol"),
        ("25 \u00b0C", "symbol"),
        ("if > 5", "symbol"),
        ("if < 5", "symbol"),
        ("5\u00a0mg/day", "slash"),
        (".5\u00a0mg", "no zero before the point"),
        ("5.0\u00a0mg", "zero after the point"),
        ("12.50\u00a0mg", "zero after the point"),
        ("5 mL of it", "no no-break space"),
        ("5mg", "glued"),
        ("5\nmg", "no no-break space"),
        ("2 tablets", "no no-break space"),
        ("5\u00a0ml", "unit written unsafely"),
        ("5\u00a0MG", "unit written unsafely"),
        ("5\u00a0mg. twice a day", "full stop after a unit"),
        ("1000\u00a0units", "thousands"),
        ("1,5\u00a0mg", "thousands"),
        ("milnacip\u2026", "cut off"),
    ],
)
def test_what_can_be_misread_is_named(text: str, rule: str) -> None:
    assert any(rule in one for one in violations(text)), violations(text)
