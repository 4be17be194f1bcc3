"""`stop`: end a plan by a way down, which can be chosen, or at once on somebody's word."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

import click

from medsched.cli.amend import amending, read_days, run_amendment
from medsched.cli.session import Session, with_session
from medsched.domain.amount import amount
from medsched.errors import InvalidValue

if TYPE_CHECKING:
    from medsched.domain.taper import Shape
    from medsched.services.amend import Amended, Amendment
    from medsched.services.book import Book
    from medsched.services.ports import Plan

TAPERS: Final = ("best", "linear", "percent", "percent-of-first", "hyperbolic")
_NEEDS: Final = {
    "linear": ("by", "steps"),
    "percent": ("percent",),
    "percent-of-first": ("percent",),
    "hyperbolic": ("half_maximum", "steps"),
}
"""What a shape is made from; `linear` takes one of its two."""

_EXAMPLES: Final = {
    "linear": "--by '25 mg', or --steps 4",
    "percent": "--percent 25",
    "percent-of-first": "--percent 10",
    "hyperbolic": "--half-maximum '10 mg' --steps 5",
}


@click.command()
@amending(from_required=True)
@click.option("--over", help="Length of the taper, such as 21d.")
@click.option("--taper", type=click.Choice(TAPERS), help="How it falls; best: the rules' own way.")
@click.option("--by", "by", help="linear: so much a day less with each step, such as '25 mg'.")
@click.option("--steps", type=int, help="linear, hyperbolic: so many steps to nothing.")
@click.option("--percent", help="percent: so much less with each step, such as 25.")
@click.option("--half-maximum", help="hyperbolic: the daily amount with half of the effect.")
@click.option("--every", help="Length of each step, such as 7d, instead of --over.")
@click.option("--strengths", "--on-hand", help="Make it only from these, such as '25 mg, 50 mg'.")
@click.option("--abruptly", is_flag=True, help="No taper; needs --ordered-by.")
@with_session
def stop(session: Session, *, abruptly: bool, **options: Any) -> None:
    """End PRESCRIPTION: by the taper its rules ask for, one you choose, or at once on an order."""
    from medsched.services import stopping
    from medsched.services.taper_choice import TaperChoice, read_strengths

    days, step_days = read_days(options["over"]), read_days(options["every"])
    shape = read_shape(options)
    if abruptly and (shape or days or step_days or options["strengths"] or options["taper"]):
        raise InvalidValue("stop", "--abruptly with a taper", "say one of them")

    def act(book: Book, plan: Plan, asked: Amendment) -> Amended:
        medication = book.revision(plan.number, max(plan.current, 1)).prescription.medication
        text = options["strengths"]
        on_hand = read_strengths(text, medication) if text else frozenset()
        choice = TaperChoice(shape=shape, days=days, step_days=step_days, on_hand=on_hand)
        asks = options["taper"] is not None or choice.is_named
        return stopping.stop(book, plan, asked, choice=choice, taper=asks, abruptly=abruptly)

    run_amendment(session, options, act)


def read_shape(options: dict[str, Any]) -> Shape | None:
    """Return the shape that the options name, None for the best.

    Raises:
        InvalidValue: a number that the shape needs is missing, or one it does not use is there.
    """
    name = options["taper"] or "best"
    given = [one for one in ("by", "steps", "percent", "half_maximum") if options[one] is not None]
    strange = [one for one in given if one not in _NEEDS.get(name, ())]
    if strange:
        option = "--" + strange[0].replace("_", "-")
        raise InvalidValue("taper", f"{option} with --taper {name}", _wanted(name))
    if name == "best":
        return None
    complete = len(given) == (1 if name == "linear" else len(_NEEDS[name]))
    if not complete:
        shown = " and ".join("--" + one.replace("_", "-") for one in given) or "no number"
        raise InvalidValue("taper", f"{name} with {shown}", _wanted(name))
    return _shape(name, options)


def _wanted(name: str) -> str:
    if name == "best":
        return "name how it falls: --taper linear, percent, percent-of-first or hyperbolic"
    return f"say {_EXAMPLES[name]}"


def _shape(name: str, options: dict[str, Any]) -> Shape:
    from medsched.domain.taper import (
        Hyperbolic,
        Linear,
        LinearIn,
        PercentOfCurrent,
        PercentOfFirst,
    )

    if name == "linear":
        if options["by"] is None:
            return LinearIn(options["steps"])
        return Linear(amount(options["by"], subject="by"))
    if name == "hyperbolic":
        half = amount(options["half_maximum"], subject="half-maximum")
        return Hyperbolic(half_maximum=half, steps=options["steps"])
    percent = _percent(options["percent"])
    return PercentOfCurrent(percent) if name == "percent" else PercentOfFirst(percent)


def _percent(text: str) -> Decimal:
    try:
        found = Decimal(text.strip().removesuffix("%").strip())
    except InvalidOperation:
        raise InvalidValue("percent", repr(text), "use a number from 1 to 100") from None
    if not (found.is_finite() and 1 <= found <= 100):  # noqa: PLR2004  # percent
        raise InvalidValue("percent", repr(text), "use a number from 1 to 100")
    return found
