"""What somebody says was taken, and what was recorded about it: plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medsched.frozen import frozen

if TYPE_CHECKING:
    from datetime import datetime

    from medsched.domain.administration import Administration
    from medsched.domain.amount import Amount
    from medsched.domain.attribution import ExtraDose
    from medsched.services.book import ExplainedDose


@frozen
class Taking:
    """What somebody says was taken.

    Args:
        at: When it was taken; now: when it is written down; both aware UTC.
        amount: None for the scheduled amount. token: makes a repeated request the same record.
        extra: It is a second one, although the dose of that time is settled.
    """

    at: datetime
    now: datetime
    by: str = ""
    amount: Amount | None = None
    token: str = ""
    extra: bool = False


@frozen
class Recorded:
    """What was recorded.

    Args:
        dose: The dose it settles, None for an extra dose or one taken as needed.
        finding: It was too much or too soon; said loudly.
        repeated: The same request was recorded before; nothing new was stored.
    """

    record: Administration
    sentence: str
    dose: ExplainedDose | None = None
    finding: ExtraDose | None = None
    repeated: bool = False
