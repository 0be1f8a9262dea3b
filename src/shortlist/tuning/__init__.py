"""A log and settings -> better settings: tried on a validation part, kept only above its noise."""
