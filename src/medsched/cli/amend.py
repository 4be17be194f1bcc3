"""`change`, `hold`, `resume`, `shift`, `extend`, `step-back`: amendments of a plan."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import click

from medsched.cli.planning import read_target
from medsched.cli.revision_pages import amended_page
from medsched.cli.revisions import revised_document
from medsched.cli.session import Session, with_session
from medsched.cli.when import read_date, read_times
from medsched.errors import Exit, InvalidValue, MedschedError
from medsched.services import amendments
from medsched.services.amend import Amended, Amendment
from medsched.services.plan import Order, find_plan
from medsched.services.weekday import check_period, read_weekday

if TYPE_CHECKING:
    from collections.abc import Callable

    from medsched.services.book import Book
    from medsched.services.ports import Plan

_CHANGES: Final = {"target": "target", "times": "at", "amounts": "amounts", "weekday": "weekday"}
"""What `change` can change, and the option that says so."""


def amending(*, from_required: bool = False) -> Callable[..., Callable[..., None]]:
    """Give a command the options that every amendment has."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        for option in reversed(
            (
                click.argument("prescription"),
                click.option(
                    "--from", "day", required=from_required, help="First day; tomorrow by default."
                ),
                click.option("--reason", default="", help="Why."),
                click.option("--ordered-by", default="", help="Who ordered it."),
                click.option("--override", default="", help="Why a block is overruled."),
                click.option(
                    "--preview", is_flag=True, help="Show what it would do, store nothing."
                ),
            )
        ):
            command = option(command)
        return command

    return decorate


class _OnlyShown(Exception):
    """A preview: everything was worked out, and nothing is kept."""


class NothingToChange(MedschedError):
    """A change that does not say what changes."""

    exit_code = Exit.USAGE

    def __init__(self) -> None:
        """Say what can change."""
        super().__init__(
            "change: say what changes: --at 08:30,20:30 for other clock times, --target '150"
            " mg/day', --amounts '50 mg,25 mg' or --weekday thursday"
        )


def run_amendment(
    session: Session,
    options: dict[str, Any],
    act: Callable[[Book, Plan, Amendment], Amended],
) -> None:
    """Find the plan, carry out one amendment, and show what it changed; a preview is undone."""
    preview = options["preview"]
    shown: dict[str, Any] = {}
    with suppress(_OnlyShown), session.writing() as (unit, person, book):
        zone = person.itinerary.home
        now = session.now(zone)
        today = now.astimezone(person.itinerary.zone_at(now)).date()
        day = read_date(options["day"], today, subject="from") if options["day"] else None
        asked = Amendment(
            day=day or today + timedelta(days=1),
            reason=options["reason"],
            order=Order(ordered_by=options["ordered_by"], override=options["override"]),
            now=now,
            until_days=session.app.settings.horizon_days,
            move_end=bool(options.get("move_end")),
            call_off_stop=bool(options.get("call_off_stop")),
        )
        plan = find_plan(unit, person, options["prescription"])
        done = act(book, plan, asked)
        shown = revised_document(book, done.plan, done.diff, done.findings, done.revision)
        page = amended_page(book, done, preview=preview)
        if preview:
            raise _OnlyShown
    session.print(shown | {"stored": not preview}, lambda: page)


_move_end = click.option(
    "--move-end",
    is_flag=True,
    help="The last dose of a plan that is being stopped may be put off.",
)
_call_off_stop = click.option(
    "--call-off-stop",
    is_flag=True,
    help="A plan that is being stopped goes on; as the prescriber ordered.",
)


@click.command()
@amending()
@click.option("--target", help="Maintenance a day, such as '150 mg/day'.")
@click.option("--at", "times", help="Clock times, such as 08:30,20:30.")
@click.option("--amounts", help="One amount for each slot of the day, such as '50 mg,25 mg'.")
@click.option("--weekday", help="Day of a weekly medicine, such as thursday.")
@_call_off_stop
@with_session
def change(session: Session, **options: Any) -> None:
    """Give PRESCRIPTION another target, other clock times, amounts or another day of the week."""
    given = [name for name in _CHANGES if options[name]]
    if not given:
        raise NothingToChange
    if len(given) != 1:
        shown = " and ".join(f"--{_CHANGES[one]}" for one in given)
        raise InvalidValue("change", shown, "say one of them at a time")

    def act(book: Book, plan: Plan, asked: Amendment) -> Amended:
        if options["times"]:
            return amendments.change_times(book, plan, asked, read_times(options["times"]))
        target = read_target(options["target"])
        if target is not None:
            check_period(book.course(plan.number, max(plan.current, 1)).phases, options["target"])
            return amendments.change_target(book, plan, asked, target)
        if options["weekday"]:
            day = read_weekday(options["weekday"])
            return amendments.change_weekday(book, plan, asked, day)
        return amendments.change_amounts(book, plan, asked, options["amounts"])

    run_amendment(session, options, act)


_new_cycle = click.option(
    "--new-cycle",
    is_flag=True,
    help="Begin a cycle anew after the pause; as the prescriber ordered.",
)


@click.command()
@amending()
@click.option("--days", type=int, help="For how many days; until you resume when left out.")
@_new_cycle
@_move_end
@with_session
def hold(session: Session, days: int | None, *, new_cycle: bool, **options: Any) -> None:
    """Pause the doses of PRESCRIPTION."""
    _positive("days", days)
    if new_cycle and days is None:
        raise InvalidValue("hold", "--new-cycle", "say it to `resume`, or name --days as well")
    run_amendment(
        session,
        options,
        lambda book, plan, asked: amendments.hold(book, plan, asked, days, anew=new_cycle),
    )


@click.command()
@amending()
@_new_cycle
@with_session
def resume(session: Session, *, new_cycle: bool, **options: Any) -> None:
    """Go on with PRESCRIPTION where it was held; a cycle goes on by its calendar."""
    run_amendment(
        session,
        options,
        lambda book, plan, asked: amendments.resume(book, plan, asked, anew=new_cycle),
    )


@click.command()
@amending()
@click.option("--days", type=int, required=True, help="How many days later; minus for earlier.")
@with_session
def shift(session: Session, days: int, **options: Any) -> None:
    """Move the phases of PRESCRIPTION that have not begun; the running one lasts longer."""
    run_amendment(
        session, options, lambda book, plan, asked: amendments.shift(book, plan, asked, days)
    )


@click.command()
@amending()
@click.option("--days", type=int, required=True, help="How many days longer.")
@with_session
def extend(session: Session, days: int, **options: Any) -> None:
    """Let the running step of PRESCRIPTION last longer; all that follow move."""
    run_amendment(
        session, options, lambda book, plan, asked: amendments.extend(book, plan, asked, days)
    )


@click.command("step-back")
@amending()
@click.option("--days", type=int, help="For how many days; until told when left out.")
@_move_end
@_call_off_stop
@with_session
def step_back(session: Session, days: int | None, **options: Any) -> None:
    """Go back to the dose of the step before."""
    _positive("days", days)
    run_amendment(
        session, options, lambda book, plan, asked: amendments.step_back(book, plan, asked, days)
    )


def read_days(text: str | None) -> int | None:
    """Read a length such as `21d`, `21 days`, `3w` or `3 weeks`."""
    import re

    if text is None:
        return None
    match = re.fullmatch(r"(\d{1,3})\s*(d|days?|w|weeks?)", text.strip().lower())
    if match is None or not int(match[1]):
        raise InvalidValue("length", repr(text), "write it as 21d or 3w")
    return int(match[1]) * (7 if match[2].startswith("w") else 1)


def _positive(subject: str, days: int | None) -> None:
    if days is not None and not 1 <= days <= 365:  # noqa: PLR2004  # a year
        raise InvalidValue(subject, days, "use 1 to 365")
