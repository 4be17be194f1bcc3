"""One unit of work: a transaction, and the doors to its tables."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from medsched.store.announcements import SqlAnnouncements
    from medsched.store.caldav_links import SqlCalDavLinks
    from medsched.store.channels import SqlChannels
    from medsched.store.daemons import SqlDaemons, SqlTokens
    from medsched.store.driver import Driver
    from medsched.store.feeds import SqlFeeds
    from medsched.store.loading import SqlLoader
    from medsched.store.outbox import SqlOutbox
    from medsched.store.people import SqlPeople
    from medsched.store.plans import SqlPlans
    from medsched.store.protocol_texts import SqlProtocolTexts
    from medsched.store.records import SqlRecords
    from medsched.store.settings import SqlSettings


class SqlUnit:
    """`ports.Unit` over SQL; each door is made when it is first used."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self._hurried = False

    @cached_property
    def people(self) -> SqlPeople:
        """Persons."""
        from medsched.store.people import SqlPeople

        return SqlPeople(self.driver)

    @cached_property
    def plans(self) -> SqlPlans:
        """Prescriptions, revisions and dose rows."""
        from medsched.store.plans import SqlPlans

        return SqlPlans(self.driver)

    @cached_property
    def records(self) -> SqlRecords:
        """Administrations."""
        from medsched.store.records import SqlRecords

        return SqlRecords(self.driver)

    @cached_property
    def protocols(self) -> SqlProtocolTexts:
        """Texts of protocols."""
        from medsched.store.protocol_texts import SqlProtocolTexts

        return SqlProtocolTexts(self.driver)

    @cached_property
    def settings(self) -> SqlSettings:
        """Switches of persons."""
        from medsched.store.settings import SqlSettings

        return SqlSettings(self.driver)

    @cached_property
    def outbox(self) -> SqlOutbox:
        """Reminders to send."""
        from medsched.store.outbox import SqlOutbox

        return SqlOutbox(self.driver)

    @cached_property
    def channels(self) -> SqlChannels:
        """Where messages go."""
        from medsched.store.channels import SqlChannels

        return SqlChannels(self.driver)

    @cached_property
    def daemons(self) -> SqlDaemons:
        """Who runs, and what time it was."""
        from medsched.store.daemons import SqlDaemons

        return SqlDaemons(self.driver)

    @cached_property
    def tokens(self) -> SqlTokens:
        """Permissions for one tap."""
        from medsched.store.daemons import SqlTokens

        return SqlTokens(self.driver)

    @cached_property
    def feeds(self) -> SqlFeeds:
        """Published calendars."""
        from medsched.store.feeds import SqlFeeds

        return SqlFeeds(self.driver)

    @cached_property
    def announcements(self) -> SqlAnnouncements:
        """What was published where."""
        from medsched.store.announcements import SqlAnnouncements

        return SqlAnnouncements(self.driver)

    @cached_property
    def caldav_links(self) -> SqlCalDavLinks:
        """Calendars on CalDAV servers."""
        from medsched.store.caldav_links import SqlCalDavLinks

        return SqlCalDavLinks(self.driver)

    def hurry(self) -> None:
        """Have daemons look at once when this unit is stored; only a server can tell them."""
        if not self._hurried and self.driver.is_server:
            from medsched.store.listen import NOTIFY

            self.driver.run(NOTIFY)
        self._hurried = True

    def loading(self) -> AbstractContextManager[SqlLoader]:
        """Open the way for very many at once."""
        from medsched.store.loading import loading

        return loading(self.driver)
