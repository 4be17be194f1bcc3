"""The names that examples in docstrings may use without importing them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest


@pytest.fixture(autouse=True)
def standard_names(doctest_namespace: dict[str, object]) -> None:
    """Lend them: a module that needs one for its types alone does not import it at run time."""
    for each in (date, datetime, time, timedelta, Decimal, ZoneInfo):
        doctest_namespace.setdefault(each.__name__, each)
    doctest_namespace.setdefault("UTC", UTC)
