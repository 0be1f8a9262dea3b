"""Vega, Vega-Lite and Vega-Embed as one script, for pages that fetch nothing from elsewhere."""

from functools import cache
from importlib.metadata import version


@cache
def vega_embed() -> str:
    """A script that makes `window.vegaEmbed`; putting it together takes seconds."""
    import vl_convert

    return str(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;"))


def vega_release() -> str:
    """Which release that script is of; known without loading it."""
    return version("vl-convert-python")
