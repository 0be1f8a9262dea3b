"""The whole path, retrieve -> rank -> explain; the same online and offline."""
