"""The program that keeps running: it wakes the use case of reminding and keeps watch on itself.

The database says what is due and what was sent. Nothing here remembers anything that a
restart would lose, so a kill at any moment costs at most a repeated message.
"""
