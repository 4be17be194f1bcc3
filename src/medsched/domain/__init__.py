"""What dosing means. Pure: no clock, no file, no database, no log."""
