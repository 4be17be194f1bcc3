"""A complete file without mistakes, and how to ask what is wrong with a changed one."""

from __future__ import annotations

from pathlib import Path

import pytest

from medsched.errors import FileProblems
from medsched.protocols.policies import PolicyFile
from medsched.protocols.read import read_protocol

REPO = Path(__file__).parents[3]
POLICIES = PolicyFile(REPO / "config" / "missed_policies.toml")

HEAD = """
[protocol]
id = "examplamine"
title = "Examplamine for pain"
version = "1.0.0"
dated = 2026-11-22
also_called = ["Examplex"]

[medication]
name = "examplamine"
form = "film-coated tablet"
strengths = ["12.5 mg", "25 mg", "50 mg", "100 mg"]
most_pieces = 4
classes = ["snri"]

[[source]]
ref = "label"
title = "Examplex prescribing information"

[[rule]]
id = "R01"
text = "A way up, then 50 mg twice a day."
provenance = "published page"
sources = ["label"]

[[rule]]
id = "R02"
text = "Everything else."
provenance = "assumption"
"""

REGIMEN = """
[[regimen]]
id = "standard"
title = "Standard"

[[regimen.phase]]
kind = "titration"
days = "1"
times_a_day = 1
dose = "12.5 mg"
daily_total = "12.5 mg"
rule = "R01"

[[regimen.phase]]
kind = "titration"
days = "2-7"
times_a_day = 2
dose = "25 mg"
daily_total = "50 mg"
rule = "R01"

[[regimen.phase]]
kind = "maintenance"
days = "8-"
times_a_day = 2
dose = "50 mg"
daily_total = "100 mg"
rule = "R01"

[regimen.escalation]
min_days = "7 days"
rule = "R01"
"""

REST = """
[missed_dose]
policy = "default_bid"
rule = "R02"

[[ceiling]]
per_dose = "100 mg"
per_day = "200 mg"
rule = "R02"

[first_dose]
most = "12.5 mg"
text = "It begins low."
rule = "R02"

[[age]]
under = "18 years"
severity = "block"
text = "Not for children."
rule = "R02"

[[weight]]
under = "50 kg"
severity = "warn"
text = "Less for the light."
rule = "R02"

[[renal]]
name = "severe"
from = "0 mL/min"
below = "30 mL/min"
severity = "warn"
text = "Half of the dose."
plateau_per_day = "50 mg"
cap_per_day = "100 mg"
rule = "R02"

[[renal]]
name = "other"
from = "30 mL/min"
rule = "R02"

[[hepatic]]
class = "severe"
severity = "warn"
text = "Care."
rule = "R02"

[[washout]]
direction = "other first"
match = ["maoi"]
least = "14 days"
severity = "block"
text = "Two weeks."
rule = "R02"

[[interaction]]
match = ["nsaid"]
severity = "warn"
text = "Bleeding."
order_lifts = false
rule = "R02"

[[condition]]
condition = "pregnancy"
severity = "warn"
text = "Ask."
rule = "R02"

[[spacing]]
match = ["calcium"]
least = "30 minutes"
severity = "warn"
text = "Apart."
rule = "R02"

[[look_alike]]
match = ["examplamide"]
text = "Read the whole name."
rule = "R02"

[indication]
approved = ["pain"]
text = "For pain only."
rule = "R02"

[classes]
nsaid = ["ibuprofen", "naproxen"]

[stopping]
taper_after = "21 days"
length = "14-28 days"
usual_length = "21 days"
min_step = "7 days"
max_drop = "50 %"
rule = "R02"

[[monitoring]]
kind = "mood check-in"
text = "How is your mood?"
days = [1, 7]
at_dose_changes = true
denser_if = ["depression"]
denser_from = "65 years"
denser_every = "7 days"
rule = "R02"

[texts]
late_line = "Take it up to 6 hours late."

[texts.others]
"How it works" = "It works."
"""

VALID = HEAD + REGIMEN + REST

OWN = """
own = true

[medication]
name = "my tablets"
strengths = ["10 mg"]

[[phase]]
length = "5 days"
times_a_day = 1
dose = "40 mg"
"""


def problems_of(text: str | bytes, file: str = "examplamine.toml") -> list[str]:
    """Return every mistake of a file as a line; an empty list when there is none."""
    try:
        read_protocol(text, file=file, policies=POLICIES)
    except FileProblems as refused:
        return [str(one) for one in refused.problems]
    return []


def changed(*pairs: tuple[str, str], text: str = VALID) -> str:
    """Return a file with parts replaced, once each; a part must be there."""
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def problems_after(*pairs: tuple[str, str], text: str = VALID) -> list[str]:
    """Return every mistake that these changes make."""
    return problems_of(changed(*pairs, text=text))


def only_problem(*pairs: tuple[str, str], text: str = VALID) -> str:
    """Return the one mistake that these changes make."""
    found = problems_after(*pairs, text=text)
    if len(found) != 1:
        pytest.fail(f"expected one mistake, found {found}")
    return found[0].replace("\u00a0", " ")
