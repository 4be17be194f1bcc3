"""What is only said: the sentences of the source document, and how it is read and written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.display_rules import violations

from medsched.domain.amount import amount
from medsched.domain.finding import tied
from medsched.errors import FileProblems
from medsched.protocols.read import read_protocol
from medsched.protocols.shelf import load, policies
from medsched.services.publish import draft_entries

if TYPE_CHECKING:
    from tests.unit.requirements.conftest import Bench


def texts(bench: Bench) -> dict[str, str]:
    return dict(bench.protocol.texts.others)


def test_r35_it_is_stored_at_room_temperature_away_from_moisture_and_heat(bench: Bench) -> None:
    for word in ("room temperature", "moisture", "heat"):
        assert word in bench.protocol.texts.storage


def test_r39_dependence_can_occur_and_abuse_is_unlikely(bench: Bench) -> None:
    said = texts(bench)["Dependence"]
    assert "dependence" in said
    assert "abuse is not high" in said


def test_r41_side_effects_are_named_and_with_serious_ones_somebody_is_called(
    bench: Bench,
) -> None:
    for word in ("headache", "insomnia", "hot flashes", "nausea", "constipation"):
        assert word in texts(bench)["Common side effects"]
    serious = texts(bench)["Serious side effects"]
    for word in ("suicidal", "serotonin syndrome", "palpitations", "at once"):
        assert word in serious


def test_r43_every_plan_carries_the_disclaimer(bench: Bench) -> None:
    said = bench.protocol.texts.disclaimer
    for word in ("not medical advice", "consult", "starting, stopping or changing"):
        assert word in said
    entries = draft_entries(bench.plan())
    assert entries
    assert all(said in one.description for one in entries)


@pytest.mark.parametrize("spoilt", ["â‰¤29", "â€“", "Ã©"])
def test_i10_a_file_with_spoilt_signs_is_refused(spoilt: str) -> None:
    _protocol, text = load("milnacipran")
    broken = text.replace("Caution is advised after seizures.", f"Caution {spoilt} seizures.")
    assert broken != text
    with pytest.raises(FileProblems):
        read_protocol(broken, file="milnacipran.toml", policies=policies())


def test_i21_glued_units_are_read_and_written_apart(bench: Bench) -> None:
    assert amount("12.5mg") == amount("12.5 mg")
    assert str(amount("12.5mg")) == "12.5\u00a0mg"


def test_i22_the_pregnancy_letter_is_kept_as_the_document_has_it(bench: Bench) -> None:
    rule = next(one for one in bench.protocol.safety.conditions if one.condition == "pregnancy")
    assert "Category C" in rule.text


def test_the_sentences_of_the_rules_can_be_shown_to_people(bench: Bench) -> None:
    said = bench.protocol.texts
    for text in (said.storage, said.disclaimer, said.warning_signs, *texts(bench).values()):
        assert not violations(tied(text)), text
