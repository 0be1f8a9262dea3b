"""What a form says of an item, done."""

from shortlist.core.errors import Invalid
from shortlist.serving.shop import Shop
from shortlist.web.forms import Form

TAKE_BACK = {"unrate": "rating", "undislike": "dislike", "unsave": "save"}
"""Words that take something back, and the setting that names its kind of event."""


def say(shop: Shop, user: str, form: Form) -> str:
    """Do what the field `say` says; the item it was about. Raises Invalid, UnknownItem."""
    item, word = form.text("item"), form.text("say", most=20)
    decision = form.fields.get("decision", "") or None
    if decision is not None:
        decision = form.text("decision", most=64)
    feedback = shop.feedback
    if word == "dislike":
        feedback.dislike(user, item, decision)
    elif word == "save":
        feedback.save(user, item, decision)
    elif word == "forget":
        feedback.forget(user, item)
    elif word in TAKE_BACK:
        feedback.take_back(user, item, getattr(shop.settings, TAKE_BACK[word]))
    elif word.replace(".", "", 1).isascii() and word[:1].isdigit():
        stars = form.number("say", least=0.5, most=shop.settings.stars)
        feedback.rate(user, item, stars, decision)
    else:
        raise Invalid("Nothing of that kind can be said here.")
    return item
