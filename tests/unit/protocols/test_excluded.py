"""Medicines that are not planned here are refused by name, with the reason."""

from __future__ import annotations

import pytest

from medsched.errors import FileProblems
from medsched.protocols.excluded import Exclusion, read_exclusion

TEXT = '[excluded]\nid = "x"\nnames = ["Xample", "Xample forte"]\nreason = "it is special"\n'


def read(text: str) -> Exclusion:
    return read_exclusion(text, file="x.toml", stem="x")


@pytest.mark.parametrize(
    "name", ["xample", "XAMPLE", " Xample ", "x", "Xample forte", "xample 100 units"]
)
def test_each_of_its_names_is_covered_also_with_more_words(name: str) -> None:
    assert read(TEXT).covers(name)


@pytest.mark.parametrize("name", ["xamples", "anti-xample", "y", ""])
def test_another_name_is_not_covered(name: str) -> None:
    assert not read(TEXT).covers(name)


def test_the_refusal_says_the_name_that_was_used_and_the_reason() -> None:
    assert (
        str(read(TEXT).refusal("Xample forte"))
        == "Xample forte: is not planned here; it is special"
    )


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (TEXT.replace('id = "x"', 'id = "y"'), "excluded.id"),
        (TEXT.replace('reason = "it is special"', ""), "excluded.reason"),
        (TEXT.replace('names = ["Xample", "Xample forte"]', ""), "excluded.names"),
        (TEXT + "other = 1\n", "excluded.other"),
        (TEXT + "[protocol]\n", "protocol"),
        ("[protocol]\n", "protocol"),
        ('excluded = "x"', "excluded"),
    ],
)
def test_the_mistakes_of_its_file_are_listed(text: str, where: str) -> None:
    with pytest.raises(FileProblems) as refused:
        read(text)
    assert where in [one.where for one in refused.value.problems]
