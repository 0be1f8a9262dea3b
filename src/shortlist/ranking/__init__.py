"""candidates + columns -> ordered, calibrated, explained candidates."""
