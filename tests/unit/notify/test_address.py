"""What a channel's address may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsched.errors import InvalidValue
from medsched.notify.address import (
    KINDS,
    NTFY_HOST,
    TELEGRAM_HOST,
    BadAddress,
    Kind,
    masked,
    read_address,
)

GOOD = {
    "dbus://": (Kind.DESKTOP, ""),
    "windows://": (Kind.DESKTOP, ""),
    "mailtos://me%40example.org:pw@mail.example.org?to=me@example.org": (
        Kind.MAIL,
        "mail.example.org",
    ),
    "mailto://me:pw@gmail.com": (Kind.MAIL, "gmail.com"),
    "ntfy://my-topic": (Kind.NTFY, NTFY_HOST),
    "ntfys://tk_abc@push.example.org/my-topic": (Kind.NTFY, "push.example.org"),
    "ntfys://tk_abc@Push.Example.ORG.:8443/my-topic?buttons=post": (Kind.NTFY, "push.example.org"),
    "gotifys://push.example.org/AbCdEfGhIjKlMnO?priority=high": (Kind.GOTIFY, "push.example.org"),
    "tgram://123456789:AAE-secret/987654": (Kind.TELEGRAM, TELEGRAM_HOST),
    "matrixs://syt_token@matrix.example.org/%23room:example.org": (
        Kind.MATRIX,
        "matrix.example.org",
    ),
    "matrixs://matrix.example.org/%21room?token=syt_token": (Kind.MATRIX, "matrix.example.org"),
    "jsons://hook.example.org:8443/a/b?+X-Key=1&:message=text&method=put": (
        Kind.WEBHOOK,
        "hook.example.org",
    ),
    "json://[::1]:8080/": (Kind.WEBHOOK, "::1"),
    "json://192.168.1.10/": (Kind.WEBHOOK, "192.168.1.10"),
    "hassios://home.example.org/a-long-token": (Kind.HOME_ASSISTANT, "home.example.org"),
    "file:///home/me/reminders.txt": (Kind.FILE, ""),
    "terminal://": (Kind.TERMINAL, ""),
}


@pytest.mark.parametrize("url", GOOD)
def test_every_documented_kind_of_address_is_read(url: str) -> None:
    address = read_address(url)
    assert (address.kind, address.host) == GOOD[url]


@pytest.mark.parametrize(
    "url",
    [
        "syslog://",
        "rsyslog://example.org",
        "apprise://example.org/key",
        "http://example.org/",
        "https://ntfy.sh/topic",
        "discord://1/2",
        "",
        "ntfy",
        "://example.org",
        "ntfy:/topic",
    ],
)
def test_another_schema_is_refused_with_the_ones_that_are_known(url: str) -> None:
    with pytest.raises(BadAddress, match=r"begin with one of .*ntfys://"):
        read_address(url)


@pytest.mark.parametrize(
    "name",
    [
        "optional",
        "retry",
        "wait",
        "redirect",
        "verify",
        "overflow",
        "cto",
        "rto",
        "tz",
        "attach",
        "include",
    ],
)
@pytest.mark.parametrize("url", ["jsons://example.org/?{}", "mailtos://a:b@example.org?to=x&{}"])
def test_a_parameter_that_changes_what_a_result_means_is_refused_in_any_spelling(
    url: str, name: str
) -> None:
    encoded = f"%{ord(name[0]):02x}{name[1:]}"
    for spelling in (f"{name}=1", f"{name.upper()}=1", name, f"{encoded}=1", f"a%20={name}"):
        with pytest.raises(BadAddress):
            read_address(url.format(spelling))
    with pytest.raises(BadAddress, match=f"leave out {name}="):
        read_address(url.format(f"{name}=yes"))


@pytest.mark.parametrize(
    "query", ["pgp=encrypt", "pgppub=/etc/passwd", "format=html", "store=yes", "x=1", "+Bcc=a@b"]
)
def test_a_parameter_that_is_not_known_is_refused_with_those_that_are(query: str) -> None:
    with pytest.raises(BadAddress, match="known: bcc, cc, from"):
        read_address(f"mailtos://a:b@example.org?{query}")


def test_parameters_hidden_behind_a_second_separator_are_refused() -> None:
    """Apprise also splits at a semicolon, and takes what follows a second question mark."""
    for query in ("method=post;optional=yes", "method=post?optional=yes"):
        with pytest.raises(BadAddress, match="separate parameters with &"):
            read_address(f"jsons://example.org/?{query}")


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0x7f.1", "1"])
def test_a_number_that_is_read_in_two_ways_is_no_host(host: str) -> None:
    with pytest.raises(BadAddress, match="four decimal numbers"):
        read_address(f"json://{host}/")


@pytest.mark.parametrize(
    "url",
    [
        "json://good.example.org@evil.example.org@169.254.169.254/",
        "json://good.example.org\\@evil.example.org/",
        "json://good.example.org /",
        "json://good.example.org\r\n/",
        "json://good.example.org/%0d%0aX-Evil:1",
        "json://good.example.org/?+X=%0aEvil",
        "json://good.example.org/\u2028",
        "json:///path",
        "json://:80/",
        "json://a:b:c/",
        "json://a:99999/",
        "json://a:0/",
        "json://[::1/",
        "json://[::1]evil/",
        "json://-a/",
        "json://ex\u0430mple.org/",
        "json://example.org/\x00",
        "file://elsewhere/path",
        "jsons://example.org/?method=get",
        "matrixs://me:password@example.org/%23room",
        "matrixs://token@example.org/",
        "matrixs://example.org/%23room",
    ],
)
def test_what_two_readers_may_understand_in_two_ways_is_refused(url: str) -> None:
    with pytest.raises(BadAddress):
        read_address(url)


def test_a_refusal_is_a_value_that_cannot_be_used_and_shows_schema_and_host_alone() -> None:
    with pytest.raises(InvalidValue) as refusal:
        read_address("ntfys://tk_secret@push.example.org/my-topic?retry=3")
    assert str(refusal.value) == (
        "channel address: ntfys://push.example.org cannot be used; "
        "leave out retry=: it would change what a result means"
    )


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("ntfys://tk_secret@push.example.org:8443/my-topic", "ntfys://push.example.org"),
        ("ntfy://my-secret-topic", "ntfy://ntfy.sh"),
        ("ntfy://tk_secret@my-secret-topic", "ntfy://ntfy.sh"),
        ("tgram://123456789:secret/42", "tgram://"),
        ("mailtos://me:secret@example.org?to=a@b", "mailtos://example.org"),
        ("gotifys://push.example.org/secret", "gotifys://push.example.org"),
        ("file:///home/me/secret.txt", "file://"),
        ("matrix://secret", "matrix://"),
        ("terminal://", "terminal://"),
        ("bogus://secret@x", "an address"),
        ("secret", "an address"),
        ("json://a b c", "json://"),
    ],
)
def test_only_schema_and_host_are_ever_shown(url: str, shown: str) -> None:
    assert masked(url) == shown


@given(st.text(), st.sampled_from([*KINDS, "bogus", ""]))
def test_any_text_is_read_or_refused_and_masked_on_one_line(text: str, schema: str) -> None:
    url = f"{schema}://{text}"
    assert "\n" not in masked(url)
    assert "\n" not in (refusal_of(url) or "")


def refusal_of(url: str) -> str | None:
    try:
        read_address(url)
    except BadAddress as refusal:
        return str(refusal)
    return None


@given(st.from_regex(r"[A-Za-z0-9]{12,20}", fullmatch=True), st.sampled_from(list(KINDS)))
def test_what_stands_where_secrets_stand_is_never_shown(secret: str, schema: str) -> None:
    urls = [
        f"{schema}://{secret}@host.example.org/{secret}?{secret}={secret}",
        f"{schema}://a:{secret}@host.example.org/{secret}",
    ]
    if KINDS[schema] in {Kind.NTFY, Kind.MATRIX, Kind.TELEGRAM}:
        urls.append(f"{schema}://{secret}")
    for url in urls:
        assert secret not in masked(url)


@pytest.mark.parametrize(
    ("url", "is_clear"),
    [
        ("json://example.org/", True),
        ("jsons://example.org/", False),
        ("ntfy://topic", False),
        ("ntfy://ntfy.sh/topic", False),
        ("ntfy://push.example.org/topic", True),
        ("mailto://a:b@gmail.com", False),
        ("tgram://1:a/2", False),
        ("dbus://", False),
    ],
)
def test_an_address_knows_whether_everybody_on_the_way_could_read(
    url: str, *, is_clear: bool
) -> None:
    assert read_address(url).is_clear_text is is_clear
