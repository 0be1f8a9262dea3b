"""The description of the API as a page, without scripts, all of it from here."""
