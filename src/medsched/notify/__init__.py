"""Puts messages on a wire, and says what became of them.

`registry.sender_for` turns a channel's address into a `Sender`. A sender sends one
message within a deadline, never raises and never logs: what is known afterwards is in
the `Delivery`. Exactly-once to a phone does not exist, so each answer of an endpoint
is read for one question only: did the message surely arrive, surely not, or perhaps?
"""
