"""The vocabulary items are described with: words of genres, and words of latent directions."""

from typing import Final

GENRES: Final[dict[str, tuple[str, ...]]] = {
    "Adventure": ("voyage", "island", "treasure", "jungle", "map", "expedition", "summit", "raft"),
    "Animation": ("puppet", "sketch", "fox", "toy", "balloon", "robot", "kite", "lantern"),
    "Comedy": ("wedding", "prank", "neighbour", "mishap", "vacation", "roommate", "joke", "party"),
    "Crime": ("heist", "detective", "alibi", "vault", "witness", "fugitive", "ransom", "verdict"),
    "Documentary": ("archive", "glacier", "orchestra", "factory", "river", "harvest", "museum"),
    "Drama": ("family", "letter", "farewell", "inheritance", "village", "promise", "daughter"),
    "Fantasy": ("dragon", "spell", "kingdom", "prophecy", "witch", "sword", "crown", "forest"),
    "Horror": ("cellar", "curse", "asylum", "scream", "shadow", "crypt", "mirror", "attic"),
    "Music": ("melody", "band", "piano", "tour", "chorus", "guitar", "rehearsal", "stage"),
    "Romance": ("kiss", "summer", "dance", "stranger", "garden", "postcard", "spring", "waltz"),
    "Science Fiction": ("orbit", "android", "colony", "signal", "starship", "clone", "comet"),
    "War": ("trench", "regiment", "siege", "convoy", "armistice", "bunker", "front", "medal"),
}
"""Genre -> nouns of its items."""

POLES: Final[tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = (
    (("quiet", "silent", "gentle", "calm", "hushed"), ("loud", "roaring", "wild", "thundering")),
    (("dark", "bleak", "gloomy", "grim", "black"), ("bright", "sunny", "golden", "radiant")),
    (("strange", "surreal", "odd", "uncanny"), ("familiar", "homely", "plain", "everyday")),
    (("slow", "patient", "lingering", "drifting"), ("fast", "frantic", "breathless", "racing")),
    (("tender", "warm", "kind", "loving"), ("harsh", "cold", "cruel", "bitter")),
    (("ancient", "old", "antique", "forgotten"), ("modern", "electric", "digital", "neon")),
    (("vast", "epic", "endless", "grand"), ("intimate", "small", "secret", "private")),
    (("clever", "intricate", "witty", "subtle"), ("simple", "naive", "honest", "blunt")),
)
"""Latent direction -> adjectives of its negative and of its positive end."""

FILLER: Final = ("story", "tale", "people", "life", "place", "time", "day", "road", "year", "world")
"""Words that tell nothing."""
