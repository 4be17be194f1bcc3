"""Feed entries to RFC 5545, and back: the only room that knows icalendar and CalDAV.

What phones were seen to do with a calendar decides how it is written here: one entry
a dose, in UTC, the same bytes for the same entries. See docs/calendar.md.
"""
