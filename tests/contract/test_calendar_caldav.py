"""Publishing to a real CalDAV server (Radicale, on loopback), with other programs at work there."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
import threading
import urllib.request
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.error import HTTPError, URLError

import pytest
from tests.contract.calendar_cases import FORM, entry

from medsched.calendar.caldav import CalDavCollection, PublicationStopped
from medsched.calendar.caldav_server import CalDavRefused
from medsched.calendar.render import render
from medsched.calendar.resource import Completion

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from medsched.services.feed_entry import FeedEntry

SECRET = "correct-horse-battery"
STARTS = datetime(2026, 12, 1, 8, tzinfo=UTC)


def dose(number: int, **given: Any) -> FeedEntry:
    starts = STARTS + timedelta(hours=12 * number)
    return entry(uid=f"dose-{number}@x", starts=starts, summary="25\u00a0mg", **given)


DOSES = [dose(number) for number in range(4)]


class Phone:
    """Another program that uses the same calendar, without any library of ours."""

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, method: str, name: str, body: str = "", **headers: str) -> tuple[int, str, str]:
        request = urllib.request.Request(self.url + name, data=body.encode() or None, method=method)
        token = b64encode(f"me:{SECRET}".encode()).decode()
        request.add_header("Authorization", f"Basic {token}")
        for key, value in headers.items():
            request.add_header(key.replace("_", "-"), value)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=20) as answer:
                return answer.status, answer.headers.get("ETag", ""), answer.read().decode()
        except HTTPError as why:
            return why.code, "", why.read().decode()

    def get(self, uid: str) -> str:
        return self.ask("GET", f"{uid}.ics")[2].replace("\r\n ", "")

    def edit(self, uid: str, old: str, new: str) -> None:
        text = self.get(uid)
        assert old in text
        status, _, _ = self.ask("PUT", f"{uid}.ics", text.replace(old, new, 1))
        assert status in (201, 204)

    def names(self) -> set[str]:
        listing = self.ask("PROPFIND", "", Depth="1")[2]
        return {part.split("<")[0] for part in listing.split("/doses/")[1:]} - {""}


@pytest.fixture(scope="session")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start Radicale on a free port and return its address."""
    home = tmp_path_factory.mktemp("radicale")
    (home / "users").write_text(f"me:{SECRET}\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (home / "config").write_text(
        f"[server]\nhosts = 127.0.0.1:{port}\n"
        f"[auth]\ntype = htpasswd\nhtpasswd_filename = {home}/users\n"
        "htpasswd_encryption = plain\ndelay = 0\n"
        f"[storage]\nfilesystem_folder = {home}/collections\n"
    )
    log = home / "log"
    command = [sys.executable, "-m", "radicale", "--config", str(home / "config")]
    with log.open("wb") as stderr, subprocess.Popen(command, stderr=stderr) as server:
        try:
            _await(f"http://127.0.0.1:{port}/", server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _await(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Ask until the server answers; each refusal takes no time of its own."""
    ready = threading.Event()
    for _ in range(400):
        try:
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=5)
        except HTTPError:
            return
        except (URLError, OSError):
            assert server.poll() is None, log.read_text()
            ready.wait(0.05)
        else:
            return
    raise AssertionError(log.read_text())


@pytest.fixture
def phone(radicale: str) -> Phone:
    """Return another program at an empty calendar."""
    phone = Phone(f"{radicale}/me/doses/")
    phone.ask("DELETE", "")
    assert phone.ask("MKCALENDAR", "")[0] == 201
    return phone


@pytest.fixture
def events(phone: Phone) -> Iterator[CalDavCollection]:
    collection = CalDavCollection(phone.url, "me", SECRET)
    yield collection
    collection.close()


@pytest.fixture
def todos(phone: Phone) -> Iterator[CalDavCollection]:
    collection = CalDavCollection(phone.url, "me", SECRET, as_todos=True)
    yield collection
    collection.close()


def complete(phone: Phone, uid: str, at: str = "20261201T081700Z") -> None:
    phone.edit(
        uid,
        "STATUS:NEEDS-ACTION",
        f"STATUS:COMPLETED\r\nCOMPLETED:{at}\r\nPERCENT-COMPLETE:100",
    )


def test_each_dose_is_a_resource_named_by_its_uid(events: CalDavCollection, phone: Phone) -> None:
    done = events.publish(DOSES, known={})
    assert done.created == tuple(each.uid for each in DOSES)
    assert phone.names() == {f"dose-{number}%40x.ics" for number in range(4)} or phone.names() == {
        f"dose-{number}@x.ics" for number in range(4)
    }
    assert "SUMMARY:25\u00a0mg" in phone.get("dose-0@x")


def test_publishing_twice_makes_no_duplicate_and_changes_nothing(
    events: CalDavCollection, phone: Phone
) -> None:
    first = events.publish(DOSES, known={})
    before = phone.get("dose-0@x")
    again = events.publish(DOSES, known=first.known)
    assert (again.created, again.changed, again.withdrawn) == ((), (), ())
    assert again.known == first.known
    assert phone.get("dose-0@x") == before
    assert len(phone.names()) == 4


def test_publishing_what_is_there_asks_once(events: CalDavCollection, phone: Phone) -> None:
    known = events.publish(DOSES, known={}).known
    asked: list[str] = []
    between = Meanwhile(phone)
    ask = between.server.ask

    def counted(method: str, *rest: Any, **named: Any) -> Any:
        asked.append(method)
        return ask(method, *rest, **named)

    between.server.ask = counted  # type: ignore[method-assign] # to count
    between.publish(DOSES, known=known)
    assert asked == []
    between.publish([replace(DOSES[0], summary="b"), *DOSES[1:]], known=known)
    between.close()
    assert asked == ["GET", "PUT"]


def test_a_machine_that_lost_what_it_knew_finds_its_doses_again(
    events: CalDavCollection, phone: Phone
) -> None:
    first = events.publish(DOSES, known={})
    again = events.publish(DOSES, known={})
    assert (again.created, again.changed) == ((), ())
    assert again.known == first.known


def test_a_changed_dose_is_updated_and_the_others_are_not(
    events: CalDavCollection, phone: Phone
) -> None:
    first = events.publish(DOSES, known={})
    moved = replace(
        DOSES[1], starts=STARTS + timedelta(hours=13), sequence=1, revised=STARTS, summary="50 mg"
    )
    done = events.publish([DOSES[0], moved, *DOSES[2:]], known=first.known)
    assert done.changed == ("dose-1@x",)
    text = phone.get("dose-1@x")
    assert "DTSTART:20261201T210000Z" in text
    assert "SEQUENCE:1" in text
    assert "SUMMARY:50 mg" in text


def test_a_stopped_plan_is_removed_and_what_is_not_ours_stays(
    events: CalDavCollection, phone: Phone
) -> None:
    first = events.publish(DOSES, known={})
    visit = phone.get("dose-0@x").replace("dose-0@x", "visit")
    assert phone.ask("PUT", "visit.ics", visit)[0] == 201
    done = events.publish([], known=first.known)
    assert set(done.withdrawn) == {each.uid for each in DOSES}
    assert done.known == {}
    assert phone.names() == {"visit.ics"}


def test_properties_and_alarms_of_others_survive_a_change(
    events: CalDavCollection, phone: Phone
) -> None:
    first = events.publish(DOSES, known={})
    theirs = (
        "X-PHONE-COLOR:teal\r\nCOMMENT:with food\r\nEND:VEVENT",
        (
            "BEGIN:VALARM\r\nUID:mine\r\nACTION:DISPLAY\r\nDESCRIPTION:look\r\n"
            "TRIGGER:-PT5M\r\nEND:VALARM\r\nEND:VEVENT"
        ),
    )
    for each in theirs:
        phone.edit("dose-0@x", "END:VEVENT", each)
    phone.edit("dose-0@x", "TRIGGER:PT0S", "TRIGGER:PT0S\r\nACKNOWLEDGED:20261201T080100Z")
    changed = replace(DOSES[0], summary="50 mg", sequence=1, revised=STARTS)
    done = events.publish([changed, *DOSES[1:]], known=first.known)
    assert done.changed == ("dose-0@x",)
    text = phone.get("dose-0@x")
    for kept in ("X-PHONE-COLOR:teal", "COMMENT:with food", "UID:mine", "TRIGGER:-PT5M"):
        assert kept in text
    assert "ACKNOWLEDGED:20261201T080100Z" in text
    assert text.count("BEGIN:VALARM") == 2
    assert "SUMMARY:50 mg" in text


def test_what_a_phone_did_to_our_part_is_put_right_and_announced(
    events: CalDavCollection, phone: Phone
) -> None:
    first = events.publish(DOSES, known={})
    phone.edit("dose-0@x", "DTSTART:20261201T080000Z", "DTSTART:20261201T070000Z")
    phone.edit("dose-0@x", "SEQUENCE:0", "SEQUENCE:5")
    events.publish(DOSES, known=first.known)
    text = phone.get("dose-0@x")
    assert "DTSTART:20261201T080000Z" in text
    assert "SEQUENCE:6" in text


class Meanwhile(CalDavCollection):
    """A collection at which somebody else writes between our reading and our writing."""

    def __init__(self, phone: Phone, *strokes: Any, as_todos: bool = False) -> None:
        super().__init__(phone.url, "me", SECRET, as_todos=as_todos)
        self.strokes = list(strokes)
        asked = self.server.ask

        def ask(method: str, name: str, body: bytes = b"", **headers: str) -> Any:
            if method in {"PUT", "DELETE"} and self.strokes:
                self.strokes.pop(0)()
            return asked(method, name, body, **headers)

        self.server.ask = ask  # type: ignore[method-assign] # the moment between two requests


def test_a_stale_etag_is_refused_read_again_and_merged(
    events: CalDavCollection, phone: Phone
) -> None:
    first = events.publish(DOSES, known={})
    between = Meanwhile(
        phone, lambda: phone.edit("dose-0@x", "END:VEVENT", "X-LATE:yes\r\nEND:VEVENT")
    )
    changed = replace(DOSES[0], summary="50 mg", sequence=1, revised=STARTS)
    between.publish([changed, *DOSES[1:]], known=first.known)
    between.close()
    assert "X-LATE:yes" in phone.get("dose-0@x")
    assert "SUMMARY:50 mg" in phone.get("dose-0@x")


def test_two_machines_that_create_the_same_dose_make_one(
    events: CalDavCollection, phone: Phone
) -> None:
    between = Meanwhile(phone, lambda: events.publish(DOSES[:1], known={}))
    done = between.publish(DOSES[:1], known={})
    between.close()
    assert done.created == ()
    assert phone.names() in ({"dose-0%40x.ics"}, {"dose-0@x.ics"})


def test_a_server_that_always_changes_is_given_up(events: CalDavCollection, phone: Phone) -> None:
    first = events.publish(DOSES[:1], known={})
    strokes = [
        lambda n=n: phone.edit("dose-0@x", "END:VEVENT", f"X-N{n}:y\r\nEND:VEVENT")
        for n in range(9)
    ]
    between = Meanwhile(phone, *strokes)
    with pytest.raises(PublicationStopped, match="refuses a dose"):
        between.publish([replace(DOSES[0], summary="b")], known=first.known)
    between.close()


def test_a_task_that_is_completed_elsewhere_comes_back_once(
    todos: CalDavCollection, phone: Phone
) -> None:
    todos.publish(DOSES, known={})
    assert todos.completions() == []
    complete(phone, "dose-1@x")
    at = datetime(2026, 12, 1, 8, 17, tzinfo=UTC)
    assert todos.completions() == [Completion(uid="dose-1@x", at=at)]
    assert todos.completions() == []


def test_a_full_read_returns_every_completion(todos: CalDavCollection, phone: Phone) -> None:
    todos.publish(DOSES, known={})
    complete(phone, "dose-1@x")
    complete(phone, "dose-0@x", "20261201T081200Z")
    assert [each.uid for each in todos.completions()] == ["dose-0@x", "dose-1@x"]
    todos.sync_token = "http://radicale.org/ns/sync/forgotten"
    assert [each.uid for each in todos.completions()] == ["dose-0@x", "dose-1@x"]


def test_publishing_does_not_undo_a_completion_that_the_plan_does_not_know_yet(
    todos: CalDavCollection, phone: Phone
) -> None:
    first = todos.publish(DOSES, known={})
    complete(phone, "dose-0@x")
    changed = replace(DOSES[0], description="new words", sequence=1, revised=STARTS)
    todos.publish([changed, *DOSES[1:]], known=first.known)
    assert "STATUS:COMPLETED" in phone.get("dose-0@x")
    assert "COMPLETED:20261201T081700Z" in phone.get("dose-0@x")
    assert "new words" in phone.get("dose-0@x")


def test_a_completion_in_the_moment_of_writing_is_not_lost(
    todos: CalDavCollection, phone: Phone
) -> None:
    first = todos.publish(DOSES, known={})
    between = Meanwhile(phone, lambda: complete(phone, "dose-0@x"), as_todos=True)
    changed = replace(DOSES[0], description="new words", sequence=1, revised=STARTS)
    between.publish([changed, *DOSES[1:]], known=first.known)
    between.close()
    assert "STATUS:COMPLETED" in phone.get("dose-0@x")
    assert [each.uid for each in todos.completions()] == ["dose-0@x"]


def test_a_dose_that_was_taken_elsewhere_is_completed_and_an_undone_one_is_open_again(
    todos: CalDavCollection, phone: Phone
) -> None:
    known = todos.publish(DOSES, known={}).known
    taken = replace(DOSES[0], alarms=(), completed=STARTS, sequence=1, revised=STARTS)
    known = todos.publish([taken, *DOSES[1:]], known=known).known
    text = phone.get("dose-0@x")
    assert "STATUS:COMPLETED" in text
    assert "PERCENT-COMPLETE:100" in text
    assert "VALARM" not in text
    undone = replace(DOSES[0], sequence=2, revised=STARTS + timedelta(hours=1))
    todos.publish([undone, *DOSES[1:]], known=known)
    text = phone.get("dose-0@x")
    assert "STATUS:NEEDS-ACTION" in text
    assert "COMPLETED:" not in text


def test_a_completed_task_outlives_its_withdrawal_until_it_was_read(
    todos: CalDavCollection, phone: Phone
) -> None:
    first = todos.publish(DOSES, known={})
    complete(phone, "dose-0@x")
    stopped = todos.publish([], known=first.known)
    assert stopped.kept == ("dose-0@x",)
    assert [each.uid for each in todos.completions()] == ["dose-0@x"]
    again = todos.publish([], known=stopped.known)
    assert again.withdrawn == ("dose-0@x",)
    assert again.known == {}
    assert phone.names() == set()


def test_a_completion_in_the_moment_of_withdrawing_is_not_lost(
    todos: CalDavCollection, phone: Phone
) -> None:
    first = todos.publish(DOSES[:1], known={})
    between = Meanwhile(phone, lambda: complete(phone, "dose-0@x"), as_todos=True)
    assert between.publish([], known=first.known).kept == ("dose-0@x",)
    between.close()
    assert [each.uid for each in todos.completions()] == ["dose-0@x"]


def test_a_task_never_repeats_and_its_alarm_counts_from_when_it_is_due(
    todos: CalDavCollection, phone: Phone
) -> None:
    todos.publish(DOSES[:1], known={})
    text = phone.get("dose-0@x")
    assert "DUE:20261201T080000Z" in text
    assert "TRIGGER;RELATED=END:PT0S" in text
    assert "RRULE" not in text
    assert "METHOD" not in text


def test_a_resource_that_was_deleted_on_the_phone_comes_back(
    events: CalDavCollection, phone: Phone
) -> None:
    first = events.publish(DOSES, known={})
    assert phone.ask("DELETE", "dose-2@x.ics")[0] in (200, 204)
    assert events.publish(DOSES, known=first.known).created == ("dose-2@x",)


def test_importing_a_file_twice_on_the_server_makes_no_duplicate(
    events: CalDavCollection, phone: Phone, radicale: str
) -> None:
    """Radicale takes a whole calendar at once; each dose is one resource, however often."""
    whole = Phone(f"{radicale}/me/imported/")
    for _ in range(2):
        assert whole.ask("PUT", "", render(DOSES, FORM).decode(), Content_Type="text/calendar")[
            0
        ] in (201, 204)
    listing = whole.ask("PROPFIND", "", Depth="1")[2]
    assert listing.count(".ics</href>") == len(DOSES)
    whole.ask("DELETE", "")


def test_the_server_holds_the_same_uids_as_the_file(events: CalDavCollection, phone: Phone) -> None:
    known = events.publish(DOSES, known={}).known
    file = render(DOSES, FORM).decode()
    assert all(f"UID:{uid}\r\n" in file for uid in known)
    assert len(known) == len(DOSES)


# --- what goes wrong ---------------------------------------------------------------


def refusal(collection: CalDavCollection) -> str:
    with pytest.raises(CalDavRefused) as caught:
        collection.publish(DOSES, known={})
    collection.close()
    return str(caught.value)


def test_a_wrong_password_is_said_without_showing_it(
    phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told = refusal(CalDavCollection(phone.url, "me", "wrong-secret"))
    assert "it refused the user name or the password" in told
    assert "wrong-secret" not in told + caplog.text
    assert b64encode(b"me:wrong-secret").decode() not in caplog.text


def test_no_log_holds_a_password_or_a_dose(
    events: CalDavCollection, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    known = events.publish(DOSES, known={}).known
    events.publish([replace(DOSES[0], summary="50 mg")], known=known)
    events.completions()
    assert SECRET not in caplog.text
    assert b64encode(f"me:{SECRET}".encode()).decode() not in caplog.text
    assert "SUMMARY" not in caplog.text
    assert SECRET not in repr(events.server._account)


def test_a_calendar_that_is_not_there_is_said(phone: Phone) -> None:
    told = refusal(CalDavCollection(phone.url.replace("doses", "other"), "me", SECRET))
    assert "there is no calendar at this address" in told


def test_a_calendar_of_somebody_else_is_said(phone: Phone) -> None:
    told = refusal(CalDavCollection(phone.url.replace("/me/", "/you/"), "me", SECRET))
    assert "it does not let this account do that here" in told


def test_a_server_that_is_not_there_is_said() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refused
        port = taken.getsockname()[1]
        told = refusal(CalDavCollection(f"http://127.0.0.1:{port}/c/", "me", SECRET))
    assert told == f"calendar server 127.0.0.1:{port}: it cannot be reached"


def test_a_server_that_says_nothing_is_given_up_after_the_time_limit() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/c/"
        told = refusal(CalDavCollection(url, "me", SECRET, timeout_seconds=1))
    assert "it did not answer in time" in told


class Elsewhere(BaseHTTPRequestHandler):
    """A server that sends everybody on, and one that keeps what arrives."""

    arrived: ClassVar[list[str]] = []
    target = ""

    def do_PROPFIND(self) -> None:
        self.arrived.append(str(self.headers))
        body = b"<html>moved</html>"
        self.send_response(302 if self.target else 200)
        if self.target:
            self.send_header("Location", self.target)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, type[Elsewhere], type[Elsewhere]]]:
    """Start a server that redirects to a second one; return its address and both."""
    second = type("Second", (Elsewhere,), {"arrived": [], "target": ""})
    servers = [HTTPServer(("127.0.0.1", 0), second)]
    target = f"http://127.0.0.1:{servers[0].server_port}/c/"
    first = type("First", (Elsewhere,), {"arrived": [], "target": target})
    servers.append(HTTPServer(("127.0.0.1", 0), first))
    threads = [threading.Thread(target=server.serve_forever) for server in servers]
    for thread in threads:
        thread.start()
    yield f"http://127.0.0.1:{servers[1].server_port}/c/", first, second
    for server, thread in zip(servers, threads, strict=True):
        server.shutdown()
        server.server_close()
        thread.join()


def test_no_redirect_is_followed_so_that_nothing_leaves_for_another_place(
    elsewhere: tuple[str, type[Elsewhere], type[Elsewhere]],
) -> None:
    url, first, second = elsewhere
    assert "it redirects to another address" in refusal(CalDavCollection(url, "me", SECRET))
    assert len(first.arrived) == 1
    assert second.arrived == []


def test_an_answer_that_is_no_dav_is_said(
    elsewhere: tuple[str, type[Elsewhere], type[Elsewhere]],
) -> None:
    _, first, _ = elsewhere
    told = refusal(CalDavCollection(first.target, "me", SECRET))
    assert told.startswith("calendar server 127.0.0.1:")
