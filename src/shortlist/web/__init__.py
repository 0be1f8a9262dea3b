"""Pages in front of serving: people in browsers, without scripts where that can be."""
