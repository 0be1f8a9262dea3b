"""What the pages of administrators are drawn from: charts, words, notes of changes."""
