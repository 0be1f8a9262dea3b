"""Shortlist: give it a catalogue and a log of events; it says what to show next."""

__version__ = "0.1.0"
