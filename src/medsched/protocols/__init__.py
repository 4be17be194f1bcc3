"""Drug rules from TOML files, with every mistake of a file and its path."""

from medsched.protocols.excluded import ExcludedMedicine, Exclusion
from medsched.protocols.policies import read_policies
from medsched.protocols.read import read_protocol
from medsched.protocols.shelf import (
    UnknownProtocol,
    UnreadableFile,
    exclusions,
    load,
    policies,
    read_kept,
    shipped_protocols,
)

__all__ = [
    "ExcludedMedicine",
    "Exclusion",
    "UnknownProtocol",
    "UnreadableFile",
    "exclusions",
    "load",
    "policies",
    "read_kept",
    "read_policies",
    "read_protocol",
    "shipped_protocols",
]
