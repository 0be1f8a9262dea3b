"""A dataset becomes a model, always the same one, or a sentence on why not."""

from dataclasses import replace

import numpy as np
import pytest
from tests.datasets.by_hand import ALIEN, AMELIE, Line, log_of
from tests.training.tribes import ITEMS, SMALL, tribes

from shortlist.core.errors import TooLittleData
from shortlist.datasets.snapshot import Dataset
from shortlist.pipeline.model import Model
from shortlist.pipeline.parts import arrays_of, texts_of
from shortlist.training.curriculum import Cut
from shortlist.training.settings import TrainingSettings
from shortlist.training.train import Trained, train

LONELY = {
    "one event": log_of(Line(0, ALIEN, 5)),
    "one user": log_of(*(Line(0, n % 4, n) for n in range(20))),
    "everybody chooses the same": log_of(*(Line(user, ALIEN, user) for user in range(40))),
    "nothing but impressions": log_of(*(Line(n, n % 4, n, "impression") for n in range(40))),
    "nothing but dislikes": log_of(*(Line(n, n % 4, n, "dislike") for n in range(40))),
    "two instants": log_of(*(Line(user, user % 2, user // 5) for user in range(10))),
    "no times": log_of(Line(0, ALIEN), Line(1, AMELIE)),
}


def bytes_of(trained: Trained) -> dict[str, bytes]:
    """Everything of a model that goes into its bundle."""
    arrays = {name: array.tobytes() for name, array in arrays_of(trained.model).items()}
    return arrays | {name: text.encode() for name, text in texts_of(trained.model).items()}


@pytest.mark.parametrize("data", LONELY.values(), ids=list(LONELY))
def test_too_little_to_learn_from_is_said_in_one_paragraph(data: Dataset) -> None:
    with pytest.raises(TooLittleData) as refused:
        train(data, SMALL)

    said = str(refused.value)
    assert said.endswith(".")
    assert "\n" not in said
    assert "too" in said


def test_the_same_log_and_settings_give_the_same_bundle_to_the_byte(trained: Trained) -> None:
    again = train(tribes(), SMALL)

    assert bytes_of(again) == bytes_of(trained)


@pytest.mark.parametrize(
    "settings",
    [
        SMALL.model_copy(update={"seed": 1}),
        SMALL.model_copy(update={"ranker": SMALL.ranker.model_copy(update={"seed": 1})}),
    ],
    ids=["sampling", "ranker"],
)
def test_another_seed_gives_another_ranker(trained: Trained, settings: TrainingSettings) -> None:
    otherwise = train(tribes(), settings)

    assert bytes_of(otherwise)["ranker/order.txt"] != bytes_of(trained)["ranker/order.txt"]


def test_who_asks_does_not_matter_only_what_they_did(trained: Trained) -> None:
    query = tribes().query(3)

    asked = trained.model.rank(query, 10)
    stranger = trained.model.rank(replace(query, user=-1), 10)

    assert np.array_equal(asked.items, stranger.items)
    assert np.array_equal(asked.scores, stranger.scores)


def test_people_are_given_what_their_tribe_chooses(trained: Trained) -> None:
    data = tribes()
    own = 0
    for user in range(data.n_users):
        best = trained.model.rank(data.query(user), 1).items
        own += int(best[0] % 2 == user % 2)

    assert own > 0.9 * data.n_users


@pytest.mark.parametrize("cut", ["share", "random"])
def test_it_learns_from_every_kind_of_exercise(cut: Cut) -> None:
    model = train(tribes(), SMALL, cut=cut).model

    assert model.ranker.order.gains().sum() == pytest.approx(1)


def test_a_log_without_times_is_learned_from() -> None:
    model = train(tribes(times=False), SMALL).model

    assert not model.retrieval.timed
    assert len(model.rank(tribes(times=False).query(0), 5).items) == 5


def test_weighted_labels_teach_another_order(trained: Trained) -> None:
    weighted = train(tribes(), SMALL.model_copy(update={"labels": "weighted"}))

    assert weighted.model.ranker.order.text != trained.model.ranker.order.text


def test_what_was_held_out_was_unknown_to_the_sources_it_is_asked_of(trained: Trained) -> None:
    latest = trained.held_out.stats.when.max()

    assert trained.questions
    assert all(each.query.time > latest for each in trained.questions)
    assert trained.model.retrieval.stats.when.max() == tribes().last_time


def test_a_probability_means_what_it_says_on_people_nobody_trained_on(trained: Trained) -> None:
    """Another draw of the same two tribes, asked for what they chose in the last window."""
    data = tribes(seed=1)
    predicted, happened = [], []
    for user in range(data.n_users):
        times = data.events.time[data.positions_of(user)]
        later = set(data.events.item[data.positions_of(user)][5:].tolist())
        ranked = trained.model.rank(data.query(user, time=int(times[5])), ITEMS)
        predicted += trained.model.probabilities(ranked).tolist()
        happened += [int(item) in later for item in ranked.items]

    assert 0 < min(predicted) <= max(predicted) < 1
    assert np.mean(predicted) == pytest.approx(np.mean(happened), abs=0.1)


def test_it_says_how_far_it_is() -> None:
    stages: list[tuple[str, int, int]] = []

    train(tribes(), SMALL, progress=lambda *stage: stages.append(stage))

    names = [name for name, _, _ in stages]
    assert names[0] == "setting exercises"
    assert "growing the ranker" in names
    assert names[-1] == "fitting transitions"
    assert all(0 <= done < total for _, done, total in stages)


def test_the_ranker_learns_from_statistics_as_of_each_question() -> None:
    """The same rows, in which an item was chosen as often as it had been at the instant."""
    asleep = SMALL.model_copy(update={"live_statistics": False})
    columns = trained_columns()

    live, static = (train(tribes(), each, cut="time") for each in (SMALL, asleep))

    ours, theirs = live.replay.rows, static.replay.rows
    popularity = columns.index("item_choices")
    assert np.array_equal(ours.labels, theirs.labels)
    assert (ours.matrix[:, popularity] >= theirs.matrix[:, popularity]).all()
    assert (ours.matrix[:, popularity] > theirs.matrix[:, popularity]).any()
    of_sources = [n for n, name in enumerate(columns) if "transitions" in name]
    assert of_sources
    assert np.array_equal(ours.matrix[:, of_sources], theirs.matrix[:, of_sources])


def test_where_nobody_knows_when_statistics_stand_still() -> None:
    asleep = SMALL.model_copy(update={"live_statistics": False})

    live, static = (train(tribes(), each, cut="share") for each in (SMALL, asleep))

    assert bytes_of(live) == bytes_of(static)


def trained_columns() -> list[str]:
    return train(tribes(), SMALL, cut="time").model.retrieval.columns()


def test_where_nobody_knows_when_the_order_begins_from_the_best_source() -> None:
    """Tribes are what item neighbours know."""
    bare = SMALL.model_copy(update={"ranker": SMALL.ranker.model_copy(update={"lead": 0})})

    begun, unled = (train(tribes(times=False), each).model for each in (SMALL, bare))
    timed = train(tribes(), SMALL).model

    assert _gained(begun, "item_neighbours.relative") > 2
    assert _gained(unled, "item_neighbours.relative") < 1
    assert _gained(timed, "item_neighbours.relative") < 1


def _gained(model: Model, column: str) -> float:
    """What a candidate gains in the order where a column goes from a tenth to its whole."""
    query = tribes(times=False).query(0)
    rows = model.retrieval.matrix([query], [model.retrieval.gather(query)])
    place = model.retrieval.columns().index(column)
    low, high = rows.copy(), rows.copy()
    low[:, place], high[:, place] = 0.1, 1
    return float((model.ranker.score(high) - model.ranker.score(low)).mean())
