"""Directions: the sentence on the label, written (`write`) and read (`read`).

What `write` writes, `read` reads back to the same dosage.
"""
