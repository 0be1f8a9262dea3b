"""Shortlist: give it a catalogue and a log of events; it answers "what should this user see next?"."""

__version__ = "0.1.0"
