"""Use cases. They reach the world only through `ports`."""
