"""dataset -> bundle: sources are fitted, exercises are set, the ranker learns from them."""
