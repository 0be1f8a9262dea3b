"""Questions for somebody new, and a list as soon as they answer."""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from shortlist.api.fields import ID, WHOLE, Amount, Answer, Body, Flag, Id, Size, json, served
from shortlist.api.lists import RecommendedList, document
from shortlist.api.security import Caller, needs
from shortlist.auth.scopes import Scope
from shortlist.core.errors import MissingScope, NotYours, UnknownPlacement
from shortlist.serving.asked import DEFAULT_PLACEMENT, Asked
from shortlist.serving.onboarding import Told
from shortlist.serving.questions import Questions

router = APIRouter(prefix="/v1/onboarding", tags=["onboarding"])

Number = Annotated[int, Field(ge=1, le=20)]
QUESTIONS: dict[str, Any] = {
    "user": "u1",
    "items": [
        {
            "item": "i1",
            "title": "Alien (1979)",
            "categories": ["Horror", "Sci-Fi"],
            "people": 146,
            "known": 0.31,
            "teaches": 0.042,
        }
    ],
    "progress": {"known": 2, "unknown": 1, "at_most": 15, "learned": 0.14},
    "done": False,
    "method": "taste",
    "degraded": [],
}


class QuestionedItem(Answer):
    item: str
    title: str
    categories: list[str]
    people: int
    """How many people chose it."""
    known: float | None
    """The chance that this person knows it, after what they answered; null where nothing trained
    can say."""
    teaches: float | None
    """Why it is asked: the share of what there is to learn of a taste that an answer is expected
    to settle; null where nothing trained can say."""


class Progress(Answer):
    known: int
    """Items they chose or said something of, whether they were asked or not."""
    unknown: int
    """Items they said they do not know."""
    at_most: int
    """How many of both together it takes at most."""
    learned: float | None
    """The share of what there is to learn of a taste that is known."""


class Questionnaire(Answer):
    model_config = ConfigDict(json_schema_extra={"examples": [QUESTIONS]})

    user: str | None
    items: list[QuestionedItem]
    """What to ask about next, the best first; nothing once it is done."""
    progress: Progress
    done: bool
    """Whether enough was asked, or nothing is left to ask."""
    method: Literal["taste", "popularity"]
    """What chose the items: what is not known of the person's taste; or popularity, where nothing
    trained knows of tastes."""
    degraded: list[str]
    """What was left out of this answer."""


class AnswerIn(Body):
    item: Id
    answer: Literal["like", "dislike", "unknown"] | Amount
    """What they say of it; a number is a rating, `unknown` that they do not know it."""


class AnswersIn(Body):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "user": "u1",
                    "answers": [
                        {"item": "i1", "answer": "like"},
                        {"item": "i2", "answer": 3.5},
                        {"item": "i3", "answer": "unknown"},
                    ],
                }
            ]
        }
    )

    user: Id
    """Whose answers they are; a person has only their own."""
    answers: Annotated[list[AnswerIn], Field(min_length=1, max_length=100)]
    """All are kept, or none; of two for one item the last counts."""
    number: Annotated[Number, WHOLE] | None = None
    """How many items to ask about next; as the settings say, where nobody does."""
    placement: Id = DEFAULT_PLACEMENT
    """Where the list is shown."""
    limit: Size | None = None
    """How many items the list has; the placement's size, where nobody says."""
    explain: Flag | None = None


class Taken(Answer):
    accepted: int
    """How many answers are new."""
    duplicates: int
    """How many were given before, and said the same."""
    sequence: int
    """Where the log stands."""
    questions: Questionnaire
    list: RecommendedList
    """What they should see next, after these answers."""


@router.get("", response_model=Questionnaire)
def get_questions(
    request: Request,
    caller: Annotated[Caller, needs("recommend:read")],
    user: Annotated[
        str | None,
        Query(
            min_length=1,
            max_length=256,
            pattern=ID,
            description="Whom to ask. Left out by a person, they themselves; left out by an "
            "application, somebody nobody knows.",
        ),
    ] = None,
    number: Annotated[
        Number | None, Query(description="How many items; as the settings say, where nobody does.")
    ] = None,
) -> Response:
    """The items to ask somebody new about next, chosen from what they answered so far.

    What they answered are their events: nothing else is kept, and what they did elsewhere counts.
    """
    whose = caller.user if user is None else user
    _own(caller, whose)
    return json(_document(served(request).onboarding.ask(whose, number)))


@router.post("", response_model=Taken)
def post_answers(
    request: Request, caller: Annotated[Caller, needs("events:write")], body: AnswersIn
) -> Response:
    """Answers in; the next questions and the personal list out.

    The answers are events and on disk when this answers; sent again, they are duplicates. The list
    needs the scope `recommend:read` beside `events:write`.
    """
    service = served(request)
    _own(caller, body.user)
    if not caller.may(Scope.RECOMMEND_READ):
        raise MissingScope(f"The list needs the scope {Scope.RECOMMEND_READ.value}.")
    if body.placement not in service.placements.recipes:
        raise UnknownPlacement(f"no placement is called {body.placement!r}")
    told = [Told(each.item, each.answer) for each in body.answers]
    kept = service.onboarding.take(body.user, told)
    asked = Asked(user=body.user, placement=body.placement, limit=body.limit, explain=body.explain)
    return json(
        {
            "accepted": kept.accepted,
            "duplicates": kept.duplicates,
            "sequence": kept.sequence,
            "questions": _document(service.onboarding.ask(body.user, body.number)),
            "list": document(service.recommender.recommend(asked)),
        }
    )


def _own(caller: Caller, user: str | None) -> None:
    if caller.kind == "person" and not caller.owns(user):
        raise NotYours


def _document(found: Questions) -> dict[str, Any]:
    return {
        "user": found.user,
        "items": [asdict(each) for each in found.items],
        "progress": {
            "known": found.known,
            "unknown": found.unknown,
            "at_most": found.at_most,
            "learned": found.learned,
        },
        "done": found.done,
        "method": found.method,
        "degraded": list(found.degraded),
    }
