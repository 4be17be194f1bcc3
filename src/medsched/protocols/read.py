"""A file of rules becomes a `Protocol`, or all of its mistakes at once.

Nothing is guessed: whatever a file leaves open that matters, or says twice, or says in
a way that is not known here, is a mistake with its path.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import PurePath
from typing import TYPE_CHECKING, TypeAlias

from medsched.domain.protocol import Protocol
from medsched.errors import FileProblems
from medsched.frozen import replace
from medsched.protocols.basics import read_head, read_medication, read_rules, read_sources
from medsched.protocols.checks import check_ceilings, check_plateaus, check_rules_exist
from medsched.protocols.document import parse, text_of
from medsched.protocols.excluded import KEY, exclusion_of
from medsched.protocols.missed import UNKNOWN, read_missed
from medsched.protocols.missed_checks import note_misfits
from medsched.protocols.monitoring import read_monitoring, read_texts
from medsched.protocols.policies import usual_policy
from medsched.protocols.reading import Reading
from medsched.protocols.regimens import read_regimens
from medsched.protocols.safety import read_safety
from medsched.protocols.stopping import read_stopping
from medsched.protocols.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from medsched.domain.missed_policy import MissedPolicy
    from medsched.domain.protocol import Regimen
    from medsched.errors import Problem

_FORMAT = 1

ProtocolCheck: TypeAlias = "Callable[[Protocol], Iterable[Problem]]"
"""Yields the mistakes of a protocol that can be read."""


def read_protocol(
    source: bytes | str,
    *,
    file: str,
    policies: Mapping[str, MissedPolicy],
    also: Sequence[ProtocolCheck] = (),
) -> Protocol:
    """Return the rules of a file.

    Args:
        source: The file's content.
        file: Its name; a medicine's id is this name without its folder and `.toml`.
        policies: Missed-dose policies that a file may name.
        also: Further checks, which see a protocol that has no mistake so far.

    Raises:
        FileProblems: with every mistake of the file.
        ExcludedMedicine: the file says why this medicine is not planned.
    """
    reading = Reading()
    text = text_of(source, file=file)
    values = parse(text, file=file)
    if KEY in values:
        raise exclusion_of(values, reading, file=file, stem=_stem(file)).refusal()
    digest = sha256(text.encode()).hexdigest()
    protocol = _protocol(Table(values, "", reading), file, policies, digest)
    if protocol is not None and not reading.mistakes:
        reading.mistakes += [one for check in also for one in check(protocol)]
    if protocol is None or reading.mistakes:
        raise FileProblems(file, reading.mistakes)
    return protocol


def _stem(file: str) -> str:
    return PurePath(file).name.removesuffix(".toml")


def _protocol(
    root: Table, file: str, policies: Mapping[str, MissedPolicy], digest: str
) -> Protocol | None:
    """Read every section, then what they say about one another."""
    reading = root.reading
    reading.own = root.flag("own", default=False)
    root.whole("format", 1, _FORMAT, _FORMAT)
    head = read_head(root, stem=_stem(file))
    sources = read_sources(root)
    rules = read_rules(root, sources)
    medication = read_medication(root)
    regimens = read_regimens(root, medication, policies)
    missed = _missed(root, policies, regimens)
    safety = replace(read_safety(root, medication), known=frozenset(head.known))
    stopping = read_stopping(root, medication)
    monitoring, texts = read_monitoring(root), read_texts(root)
    root.has(KEY)
    root.close()
    check_ceilings(reading, safety)
    check_plateaus(reading, safety, medication)
    check_rules_exist(reading, rules)
    if medication is None:
        return None
    return Protocol(
        id=head.id,
        title=head.title or medication.name,
        version=head.version,
        dated=head.dated,
        digest=digest,
        medication=medication,
        regimens=regimens,
        missed=missed,
        indication=head.indication,
        sources=sources,
        rules=rules,
        safety=safety,
        stopping=stopping,
        monitoring=monitoring,
        texts=texts,
        also_called=head.also_called,
        own=reading.own,
    )


def _missed(
    root: Table, policies: Mapping[str, MissedPolicy], regimens: tuple[Regimen, ...]
) -> MissedPolicy:
    """Return the missed-dose policy of the file, checked against the doses that it is for."""
    phases = [phase for one in regimens if one.missed is None for phase in one.phases]
    table = root.table("missed_dose")
    if table is not None:
        policy = read_missed(table, policies)
        note_misfits(table, policy, phases)
        return policy
    usual = usual_policy(phases, policies) if root.reading.own else None
    if usual is None and not root.has("missed_dose"):
        root.note("missed_dose", "missing", "is missing; name a policy or write one out")
    return usual or UNKNOWN
