"""A person's own regimen of a medicine whose rules come with the program: they hold for it, too.

Whoever writes a regimen by hand writes doses and times, not who must not take it, how much
is too much, or how far apart two doses must be. What the file says itself comes first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from medsched.domain.missed_policy import Basis
from medsched.domain.safety_rules import SafetyRules
from medsched.frozen import replace

if TYPE_CHECKING:
    from medsched.domain.missed_policy import MissedPolicy
    from medsched.domain.protocol import Protocol


def is_of(known: Protocol, own: Protocol) -> bool:
    """Return whether a protocol holds the rules of the medicine of somebody's own regimen."""
    names = {own.medication.name.casefold(), own.medication.ingredient.casefold()}
    theirs = (known.medication.name, known.medication.ingredient, *known.also_called)
    return bool(names & {one.casefold() for one in theirs})


def with_known_rules(own: Protocol, known: Protocol, *, says_missed: bool) -> Protocol:
    """Return the regimen with the medicine's own checks, washouts, limits and way of stopping.

    Args:
        says_missed: The file says itself what to do about a missed dose.
    """
    measured_alike = own.medication.unit is known.medication.unit
    return replace(
        own,
        safety=_safety(own.safety, known.safety if measured_alike else _unmeasured(known.safety)),
        rules={**known.rules, **own.rules},
        sources={**known.sources, **own.sources},
        missed=own.missed if says_missed else _missed(own.missed, known.missed),
        stopping=own.stopping or (known.stopping if measured_alike else None),
    )


def _unmeasured(rules: SafetyRules) -> SafetyRules:
    """Return the checks without those on amounts: the regimen is not in the rules' unit."""
    return replace(rules, ceilings=(), renal=(), first_dose=None)


def _safety(own: SafetyRules, known: SafetyRules) -> SafetyRules:
    """Return both, the file's own first; weak kidneys cap the amounts and change none of them."""
    return SafetyRules(
        ages=own.ages + known.ages,
        weights=own.weights + known.weights,
        hepatic=own.hepatic + known.hepatic,
        renal=own.renal or tuple(replace(one, plateau_per_day=None) for one in known.renal),
        washouts=own.washouts + known.washouts,
        interactions=own.interactions + known.interactions,
        conditions=own.conditions + known.conditions,
        spacings=own.spacings + known.spacings,
        ceilings=own.ceilings + known.ceilings,
        first_dose=own.first_dose or known.first_dose,
        look_alikes=own.look_alikes + known.look_alikes,
        indication=own.indication or known.indication,
        classes={**known.classes, **own.classes},
        known=own.known | known.known,
    )


def _missed(own: MissedPolicy, known: MissedPolicy) -> MissedPolicy:
    """Return the usual policy with the medicine's own distances; a weekly one is its own."""
    if known.basis is Basis.WEEKLY:
        return known
    return replace(
        own,
        min_gap_hours=max(own.min_gap_hours, known.min_gap_hours),
        rolling=own.rolling or known.rolling,
        gaps=own.gaps or known.gaps,
        call_after_consecutive=own.call_after_consecutive or known.call_after_consecutive,
    )
