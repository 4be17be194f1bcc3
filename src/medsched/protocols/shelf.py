"""The protocols that come with the program, and files of one's own: by name or by path.

Nothing is kept between calls: a file that has changed is read anew.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from medsched.errors import Exit, MedschedError
from medsched.protocols.document import text_of
from medsched.protocols.excluded import KEY, Exclusion, read_exclusion
from medsched.protocols.known_rules import is_of, with_known_rules
from medsched.protocols.policies import FILE, PolicyFile
from medsched.protocols.read import ProtocolCheck, read_protocol
from medsched.shipped import config_root

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from medsched.domain.protocol import Protocol

_FOLDER: Final = "protocols"
_ENDING: Final = ".toml"
_MISSED: Final = "missed_dose"
_NEAREST: Final = 3


class UnknownProtocol(MedschedError):
    """A name that no protocol has."""

    def __init__(self, name: str, nearest: Sequence[str], unlike: str = "") -> None:
        """Keep the name and what it may have meant.

        Args:
            nearest: Protocols with a similar name, nearest first.
            unlike: A protocol of another medicine that is easily taken for this one.
        """
        self.name, self.nearest, self.unlike = name, tuple(nearest), unlike
        wanted = f"use {' or '.join(nearest)}" if nearest else "`medsched protocols list` names all"
        if unlike:
            wanted = f"{unlike} is another medicine: ask the pharmacist which one was meant"
        super().__init__(f"protocol {name!r}: is not known; {wanted}")


class UnreadableFile(MedschedError):
    """A file of rules that cannot be read."""

    exit_code = Exit.BAD_FILE

    def __init__(self, path: Path, reason: str) -> None:
        """Keep the path and say why."""
        self.path, self.reason = path, reason
        super().__init__(f"{path}: cannot be read; {reason}")


def shipped_protocols(root: Path | None = None) -> list[str]:
    """Return the ids of the protocols that come with the program, in order of the alphabet.

    Args:
        root: The folder `config`; None for the program's own.
    """
    return [path.stem for path in _files(root) if not _is_excluded(path)]


def exclusions(root: Path | None = None) -> list[Exclusion]:
    """Return the medicines that are refused by name, in order of the alphabet."""
    return [
        read_exclusion(path.read_bytes(), file=path.name, stem=path.stem)
        for path in _files(root)
        if _is_excluded(path)
    ]


def policies(root: Path | None = None) -> PolicyFile:
    """Return the missed-dose policies that come with the program, read when first asked for."""
    return PolicyFile((root or config_root()) / FILE)


def load(name: str, *, root: Path | None = None) -> tuple[Protocol, str]:
    """Return the protocol of that name, or the one in that file, with its exact text.

    What ends with `.toml` or holds a folder is a file. Other words are the id, the
    medicine's name or a brand, in whatever case.

    Raises:
        UnknownProtocol: with the nearest names.
        UnreadableFile: there is no such file, or it may not be read.
        FileProblems: with every mistake of the file.
        ExcludedMedicine: the medicine is not planned here.
    """
    if name.endswith(_ENDING) or "/" in name or "\\" in name:
        return _own_file(Path(name), root)
    path = _folder(root) / f"{name.strip().lower()}{_ENDING}"
    if path in _files(root):
        return _read(path, root)
    return _by_other_name(name.strip(), root)


def read_kept(text: str, *, protocol: str, root: Path | None = None) -> Protocol:
    """Return the rules of a text that was kept when a plan was made from it.

    Args:
        protocol: The id under which it was kept.
    """
    return read_protocol(text, file=f"{protocol}{_ENDING}", policies=policies(root))


def _read(
    path: Path, root: Path | None, also: Sequence[ProtocolCheck] = ()
) -> tuple[Protocol, str]:
    try:
        source = path.read_bytes()
    except (OSError, ValueError) as refused:  # a path may hold what no file's name can
        reason = getattr(refused, "strerror", None) or str(refused)
        raise UnreadableFile(path, reason.lower()) from None
    text = text_of(source, file=path.name)
    return read_protocol(text, file=path.name, policies=policies(root), also=also), text


def _own_file(path: Path, root: Path | None) -> tuple[Protocol, str]:
    """Return a file's protocol; somebody's own regimen with the rules of its medicine, if known."""
    from medsched.protocols.tapers import check_tapers

    protocol, text = _read(path, root, also=[check_tapers])
    if protocol.own:
        _refuse_excluded(protocol.medication.name, root)
        _refuse_excluded(protocol.medication.ingredient, root)
        known = next((one for one in _mentioning(protocol, root) if is_of(one, protocol)), None)
        if known is not None:
            said = _MISSED in tomllib.loads(text)
            protocol = with_known_rules(protocol, known, says_missed=said)
    return protocol, text


def _mentioning(own: Protocol, root: Path | None) -> Iterator[Protocol]:
    """Yield the protocols whose files mention a medicine at all: the others need no reading."""
    names = [own.medication.name.casefold(), own.medication.ingredient.casefold()]
    for path in _files(root):
        text = path.read_text(encoding="utf-8", errors="replace").casefold()
        if any(one in text for one in names) and not _is_excluded(path):
            yield _read(path, root)[0]


def _refuse_excluded(name: str, root: Path | None) -> None:
    for one in exclusions(root):
        if one.covers(name):
            raise one.refusal(name)


def _by_other_name(name: str, root: Path | None) -> tuple[Protocol, str]:
    _refuse_excluded(name, root)
    wanted, unlike = name.casefold(), ""
    for protocol, text in _all(root):
        known = (protocol.medication.name, protocol.medication.ingredient, *protocol.also_called)
        if wanted in {one.casefold() for one in known}:
            return protocol, text
        if any(wanted in one.match for one in protocol.safety.look_alikes):
            unlike = protocol.id
    raise UnknownProtocol(name, [] if unlike else _nearest(wanted, root), unlike)


def _all(root: Path | None) -> Iterator[tuple[Protocol, str]]:
    for path in _files(root):
        if not _is_excluded(path):
            yield _read(path, root)


def _nearest(name: str, root: Path | None) -> list[str]:
    from difflib import get_close_matches

    return get_close_matches(name, shipped_protocols(root), n=_NEAREST, cutoff=0.6)


def _folder(root: Path | None) -> Path:
    return (root or config_root()) / _FOLDER


def _files(root: Path | None) -> list[Path]:
    return sorted(_folder(root).glob(f"*{_ENDING}"))


def _is_excluded(path: Path) -> bool:
    """Return whether a file only says why its medicine is not planned: its first table."""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith("["):
            return line.startswith(f"[{KEY}]")
    return False
