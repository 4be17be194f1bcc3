"""medsched: one medication plan carried from the drug's rules to the phone, dose by dose."""

__version__ = "0.1.0"
