"""Results -> one HTML file that works offline."""
