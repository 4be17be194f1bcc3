"""What each calendar program does with a subscribed calendar: what to switch on, what is silent.

Sentences for the person who subscribes, shown by `medsched feed add` and kept together
in docs/calendar.md. A calendar shows; only the reminders of `medsched run` are relied on.
"""

from __future__ import annotations

from typing import Final

from medsched.frozen import frozen


@frozen
class Client:
    """One calendar program.

    Args:
        name: As people know it.
        subscribe: How to subscribe, in one sentence.
        rings: What rings, and what to switch on for it.
        silent: What will not ring or not show.
        refresh: How soon a change is seen.
        scheme: The address to give it, `webcal` or `https`.
    """

    name: str
    subscribe: str
    rings: str
    silent: str
    refresh: str
    scheme: str = "https"


CLIENTS: Final = (
    Client(
        name="Apple Calendar on iPhone and iPad",
        subscribe="Open the webcal address, or Settings, Apps, Calendar, Calendar Accounts, "
        "Add Account, Other, Add Subscribed Calendar.",
        rings="Rings at the due time once Remove Alarms is switched off for this calendar.",
        silent="Remove Alarms is on when you subscribe: until you switch it off nothing rings.",
        refresh="As set under Fetch New Data; choose every 15 minutes.",
        scheme="webcal",
    ),
    Client(
        name="Apple Calendar on a Mac",
        subscribe="File, New Calendar Subscription, and paste the address.",
        rings="Rings once Remove Alerts is unticked in the dialogue that follows.",
        silent="Remove Alerts is ticked when you subscribe: unless you untick it nothing rings.",
        refresh="As chosen under Auto-refresh; choose every 15 minutes.",
        scheme="webcal",
    ),
    Client(
        name="Google Calendar",
        subscribe="On a computer: Other calendars, From URL, and paste the https address.",
        rings="Nothing rings from the calendar itself; its own default notifications may, "
        "where Google offers them for this calendar.",
        silent="Alarms in the calendar are ignored. Google keeps a copy on its own servers.",
        refresh="Every 8 to 24 hours, and this cannot be changed.",
    ),
    Client(
        name="Outlook on the web and new Outlook",
        subscribe="Add calendar, Subscribe from web, and paste the https address.",
        rings="Do not expect it to ring.",
        silent="Alarms of subscribed calendars are not shown. Microsoft keeps a copy on its "
        "own servers.",
        refresh="About every 3 hours, sometimes more than a day.",
    ),
    Client(
        name="Outlook for Windows, classic",
        subscribe="Add Calendar, From Internet, and paste the https address.",
        rings="May ring if reminders are switched on for this calendar; look at one entry "
        "to be sure.",
        silent="Reminders of internet calendars may be off at first.",
        refresh="At the interval of Send and Receive, or as the calendar asks for.",
    ),
    Client(
        name="ICSx5 on Android",
        subscribe="Tap the plus, paste the https address, and keep Ignore alerts off.",
        rings="Rings at the due time in the calendar app of the phone.",
        silent="Nothing rings if Ignore alerts is on, or if the calendar app may not notify.",
        refresh="As set in ICSx5; choose every 15 minutes.",
    ),
    Client(
        name="Etar and other Android calendar apps",
        subscribe="They do not subscribe by themselves; subscribe with ICSx5, and see it here.",
        rings="Rings through ICSx5.",
        silent="A calendar file that is opened here loses its alarms.",
        refresh="As set in ICSx5.",
    ),
    Client(
        name="Thunderbird",
        subscribe="New Calendar, On the Network, and paste the https address.",
        rings="Rings at the due time while Thunderbird is open.",
        silent="Nothing rings while Thunderbird is closed.",
        refresh="Every 30 minutes unless set otherwise.",
    ),
    Client(
        name="GNOME Calendar",
        subscribe="Manage Calendars, Add Calendar, and paste the https address.",
        rings="Rings at the due time while you are logged in.",
        silent="Nothing rings while the computer sleeps or you are logged out.",
        refresh="As set in the properties of the calendar.",
    ),
    Client(
        name="Nextcloud",
        subscribe="New calendar, New subscription from link, and paste the https address.",
        rings="Rings if alarms are kept for this subscription; look at one entry to be sure.",
        silent="Alarms are taken out of calendars that another user shares with you read-only.",
        refresh="Every hour, as the calendar asks for; an old server may wait a week.",
    ),
    Client(
        name="Home Assistant",
        subscribe="Add the integration Remote Calendar, and paste the https address.",
        rings="Nothing rings by itself; an automation on the start of an entry can.",
        silent="Alarms in the calendar are ignored.",
        refresh="Once a day; call homeassistant.update_entity for more.",
    ),
    Client(
        name="A CalDAV account (Nextcloud, Radicale, DAVx5, Apple, Thunderbird)",
        subscribe="Use `medsched caldav add` instead of a subscription.",
        rings="Rings wherever the account is set up, because the calendar is your own.",
        silent="A phone rings for what it had when it last asked the server.",
        refresh="As soon as the account is next synchronised, often at once.",
    ),
)

REMINDER_OF_RECORD: Final = (
    "A calendar shows your plan; do not rely on it to ring. "
    "Reminders that are relied on come from `medsched run` through your channels."
)
