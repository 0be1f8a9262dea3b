"""Shapes as SVG. Attributes alone, no styles: the policy of our pages allows none."""


def circle(x: float, y: float, r: float, fill: str, opacity: float = 1) -> str:
    """A disc."""
    return f'<circle cx="{x:g}" cy="{y:g}" r="{r:g}" fill="{fill}"{_seen(opacity)}/>'


def ring(x: float, y: float, r: float, colour: str, width: float, opacity: float = 1) -> str:
    """The outline of a disc."""
    shape = f'cx="{x:g}" cy="{y:g}" r="{r:g}"'
    line = f'fill="none" stroke="{colour}" stroke-width="{width:g}"'
    return f"<circle {shape} {line}{_seen(opacity)}/>"


def block(x: float, y: float, w: float, h: float, fill: str, opacity: float = 1) -> str:
    """A rectangle."""
    shape = f'x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}"'
    return f'<rect {shape} fill="{fill}"{_seen(opacity)}/>'


def area(path: str, fill: str, opacity: float = 1) -> str:
    """What a path encloses."""
    return f'<path d="{path}" fill="{fill}"{_seen(opacity)}/>'


def line(path: str, colour: str, width: float, opacity: float = 1) -> str:
    """A path as a line with round ends."""
    drawn = f'fill="none" stroke="{colour}" stroke-width="{width:g}" stroke-linecap="round"'
    return f'<path d="{path}" {drawn}{_seen(opacity)}/>'


def _seen(opacity: float) -> str:
    return "" if opacity == 1 else f' opacity="{opacity:g}"'
