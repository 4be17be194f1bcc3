"""The first thing that runs: it knows the names of the commands and loads one of them.

Help comes from the table below, so that `medsched --help` imports no command.
"""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Final

import click

from medsched.cli.arguments import check_arguments
from medsched.errors import Exit, MedschedError

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "plan": ("planning:plan", "Show the dosing calendar of a medicine; stores nothing."),
    "start": ("planning:start", "Adopt a plan: store it and follow it."),
    "confirm": ("planning:confirm", "Make a draft active: say who ordered it."),
    "today": ("daily:today", "What is due now, what was taken, what to do."),
    "agenda": ("daily:agenda", "The doses of any days, with what became of them."),
    "take": ("taking:take", "Record a dose as taken."),
    "skip": ("taking:skip", "Record a dose as deliberately not taken."),
    "undo": ("taking:undo", "Mark a record as entered in error; it stays, marked."),
    "track": ("track:track", "Say whether doses are recorded as taken or missed."),
    "history": ("taking:history", "What was recorded, oldest first."),
    "adherence": ("taking:adherence", "Taken of due, with its denominator."),
    "change": ("amend:change", "Another target, other times or amounts."),
    "hold": ("amend:hold", "Pause the doses of a plan."),
    "resume": ("amend:resume", "Go on where a plan was held."),
    "shift": ("amend:shift", "Move the phases that have not begun."),
    "extend": ("amend:extend", "Let the running step last longer."),
    "step-back": ("amend:step_back", "Go back to the dose of the step before."),
    "stop": ("stop:stop", "End a plan by its taper, or at once on somebody's word."),
    "travel": ("travel:travel", "A change of time zone: preview, then adopt."),
    "diff": ("checking:diff", "What changed between two revisions."),
    "check": ("checking:check", "All safety findings of all plans."),
    "why": ("why:why", "Explain one dose: rule, phase, clock, tablets, source."),
    "protocols": ("protocols:protocols", "The rules of each medicine: list, show, check a file."),
    "sig": ("sig:sig", "Read directions, and say them in one plain sentence."),
    "person": ("person:person", "The facts about a person that rules need."),
    "taking": ("other_medicines:taking", "Other medicines, which are not planned here."),
    "events": ("events:events", "Check-ins, readings, refills; switch each kind on or off."),
    "stock": ("events:stock", "Count the tablets; see how long they last."),
    "channel": ("channel:channel", "Where reminders go; try it; when they come again."),
    "run": ("run:run", "The daemon: reminders, feeds and pages."),
    "status": ("status:status", "Is all well: exit code 1 when it is not."),
    "clock": ("status:clock", "Say that the clock is right after it jumped."),
    "backup": ("backup:backup", "Copy everything to a file; safe while it runs."),
    "restore": ("backup:restore", "Bring everything back from a backup."),
    "service": ("service:service", "Have the daemon start by itself."),
    "feed": ("feed:feed", "Subscription addresses for phone calendars: add, list, revoke."),
    "caldav": ("caldav:caldav", "The plan in a calendar of your own account: add, list, sync."),
    "serve": ("serve:serve", "Serve the feeds and pages."),
    "import": ("clinic:import_", "Bring in the people of a whole clinic from a file."),
    "plan-all": ("clinic:plan_all", "Store the doses of everybody up to a day."),
    "export": ("export:export", "Write the calendar, the history or everything to a file."),
}
"""Each command: where it is, and one line of help."""


COLLECT: Final = (50_000, 20, 50)
"""How many new objects there are before Python looks for garbage, and how seldom it looks
through all. A start makes tens of thousands that all stay, and each batch of reminders some
more; with Python's own 700, looking through them was a fifth of `medsched today`."""


class LazyGroup(click.Group):
    """A group that imports a command only when it is run."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the names in the order in which a person meets them."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        loaded = getattr(import_module(f"medsched.cli.{module}"), name)
        assert isinstance(loaded, click.Command)  # noqa: S101  # the table above names commands
        return loaded

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; an unknown one is answered with the nearest names."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=3)
            wanted = f"did you mean {' or '.join(near)}?" if near else "see medsched --help"
            ctx.fail(f"command {args[0]!r}: not known; {wanted}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    invoke_without_command=False,
)
@click.version_option(package_name="medsched", message="medsched %(version)s")
def medsched() -> None:
    """Carry one medication plan from the drug's rules to the phone, dose by dose.

    It carries out a plan that a prescriber ordered. It is no medical advice.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; every refusal is one line on standard error and an exit code."""
    gc.set_threshold(*COLLECT)
    code = run(arguments)
    # Python looks through everything once more as it ends, a seventh of `medsched today`.
    gc.freeze()
    sys.exit(code)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        check_arguments(given)
        code = medsched.main(args=given, prog_name="medsched", standalone_mode=False)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except (click.ClickException, MedschedError) as wrong:
        told = isinstance(wrong, click.exceptions.NoArgsIsHelpError)
        click.echo(_sentence(wrong), err=not told)
        return wrong.exit_code
    except (click.Abort, BrokenPipeError):
        return Exit.REFUSED
    return code if isinstance(code, int) else Exit.DONE


def _sentence(wrong: click.ClickException | MedschedError) -> str:
    if isinstance(wrong, click.exceptions.NoArgsIsHelpError):
        return wrong.format_message()
    return f"medsched: {_usage(wrong) if isinstance(wrong, click.ClickException) else wrong}"


def _usage(wrong: click.ClickException) -> str:
    """Return a wrong usage as one line: what is wrong, and where the right one is told."""
    message = wrong.format_message().rstrip(".")
    context = getattr(wrong, "ctx", None)
    path = context.command_path if context is not None else "medsched"
    first = f"{message[:1].lower()}{message[1:]}"
    return first if "--help" in first else f"{first}; see {path} --help"
