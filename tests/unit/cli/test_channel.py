"""Channels on the command line: checked, masked, tried, and the ladder in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.contract.sinks import http_sink, refusing
from tests.living_home import LivingHome

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def living(tmp_path: Path) -> LivingHome:
    return LivingHome(tmp_path / "home")


def test_a_channel_is_added_shown_masked_and_removed(living: LivingHome) -> None:
    secret = "jsons://127.0.0.1/SECRETPATH?+X-Key=SECRETKEY"
    added = living.cli.page("channel", "add", "hook", secret, "--allow-host", "127.0.0.1")
    listed = living.cli.page("channel", "list")
    assert listed.startswith("hook: jsons://127.0.0.1")
    assert "SECRET" not in added + listed
    assert "names hidden" in listed
    assert living.cli.page("channel", "remove", "hook") == "Removed: hook.\n"
    assert living.cli.page("channel", "list") == "No channel: nobody is reminded.\n"


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("syslog://", "channel"),
        ("json://169.254.169.254/", "jsons"),
        ("jsons://127.0.0.1/x", "public host"),
        ("file://relative.txt", "file:///full/path"),
    ],
)
def test_an_address_that_must_not_be_used_is_refused(
    living: LivingHome, url: str, wanted: str
) -> None:
    assert wanted in living.cli.refusal("channel", "add", "x", url)
    assert living.cli.page("channel", "list") == "No channel: nobody is reminded.\n"


@pytest.mark.parametrize("name", ["", "-x", "a\nb", "x" * 41, "a/b"])
def test_a_name_that_cannot_be_typed_again_is_refused(living: LivingHome, name: str) -> None:
    answer = living.cli("channel", "add", "--", name, "terminal://")
    assert answer.code in {1, 2}


def test_a_name_is_there_once(living: LivingHome) -> None:
    living.cli.page("channel", "add", "t", "terminal://")
    assert "there already" in living.cli.refusal("channel", "add", "t", "terminal://")
    assert "use t" in living.cli.refusal("channel", "remove", "u")


def test_a_test_says_what_came_back(living: LivingHome) -> None:
    with http_sink() as sink:
        url = f"json://{sink.at}/x"
        living.cli.page("channel", "add", "hook", url, "--allow-host", "127.0.0.1")
        assert living.cli.page("channel", "test", "hook").startswith("hook: delivered")
        assert sink.saw("nothing to take")
        sink.status = 401
        answer = living.cli("channel", "test", "hook")
        assert (answer.code, "REJECTED" in answer.out, "http 401" in answer.out) == (1, True, True)
    with refusing() as at:
        living.cli.page("channel", "add", "away", f"json://{at}/", "--allow-host", "127.0.0.1")
        answer = living.cli("channel", "test", "away", "--json")
        assert (answer.code, '"outcome": "not-delivered"' in answer.out) == (1, True)


def test_a_host_that_the_settings_name_may_be_reached_by_every_channel(living: LivingHome) -> None:
    (living.home / "medsched.toml").write_text('allow_hosts = ["127.0.0.1"]\n')
    with http_sink() as sink:
        living.cli.page("channel", "add", "hook", f"json://{sink.at}/x")
        assert "delivered" in living.cli.page("channel", "test", "hook")


def test_nothing_is_sent_under_as_of(living: LivingHome) -> None:
    living.add_file_channel()
    answer = living.cli.refusal("channel", "test", "file", at="2026-03-02T08:00:00Z")
    assert "nothing is ever sent under it" in answer
    assert living.messages() == ""


def test_what_stays_in_the_house_names_the_medicine_unless_told_otherwise(
    living: LivingHome,
) -> None:
    living.cli.page("channel", "add", "a", f"file://{living.home}/a.txt")
    living.cli.page("channel", "add", "b", f"file://{living.home}/b.txt", "--names", "hidden")
    found = living.cli.document("channel", "list")["channels"]
    assert [one["names"] for one in found] == ["full", "hidden"]


def test_the_ladder_is_shown_changed_and_remembered(living: LivingHome) -> None:
    assert "every 15 minutes, 2 times" in living.cli.page("channel", "ladder")
    options = ("--repeats", "3", "--carer-after", "never", "--quiet-from", "22:00")
    page = living.cli.page("channel", "ladder", *options, "--quiet-until", "07:00")
    assert "3 times" in page
    assert "caregivers:  never" in page
    assert "quiet:       22:00 to 07:00" in page
    assert living.cli.page("channel", "ladder") == page
    assert living.cli.document("channel", "ladder")["quiet_from"] == "22:00"


def test_one_medicine_may_have_a_ladder_of_its_own(living: LivingHome) -> None:
    living.cli.page("channel", "ladder", "--of", "1", "--repeats", "5")
    assert living.cli.document("channel", "ladder")["repeats"] == 2
    assert living.cli.document("channel", "ladder", "--of", "1")["repeats"] == 5


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--repeats", "8"),
        ("--repeats", "-1"),
        ("--repeats", "2.5"),
        ("--most-per-dose", "9"),
        ("--repeat-minutes", "never"),
        ("--missed-note", "perhaps"),
        ("--quiet-from", "22:00"),
    ],
)
def test_a_ladder_out_of_bounds_is_refused(living: LivingHome, option: str, value: str) -> None:
    living.cli.refusal("channel", "ladder", option, value)
    assert living.cli.document("channel", "ladder")["quiet_from"] is None
