"""A model as the named arrays and texts of a bundle, and back."""

import json
from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from shortlist.datasets.catalogue import Catalogue
from shortlist.datasets.vocabulary import Vocabulary
from shortlist.features import ItemStats
from shortlist.pipeline.model import Model, Retrieval
from shortlist.pipeline.retrieve import RetrievalSettings
from shortlist.ranking.booster import Booster
from shortlist.ranking.calibration import Calibration
from shortlist.ranking.ranker import Ranker
from shortlist.ranking.start import Start
from shortlist.retrieval import SOURCES

Arrays = dict[str, npt.NDArray[np.generic]]


def arrays_of(model: Model) -> Arrays:
    """Every array of the model, under slash-separated names."""
    retrieval = model.retrieval
    found: Arrays = {}
    for name, source in retrieval.sources.items():
        found |= {f"sources/{name}.{part}": array for part, array in source.arrays().items()}
    found |= {f"stats/{part}": array for part, array in retrieval.stats.arrays().items()}
    found["catalogue/years"] = retrieval.catalogue.years
    return found | ranker_arrays(model.ranker)


def ranker_arrays(ranker: Ranker) -> Arrays:
    """The arrays of the ranker alone."""
    found: Arrays = {
        "ranker/calibration_scores": ranker.calibration.scores,
        "ranker/calibration_probabilities": ranker.calibration.probabilities,
    }
    if ranker.start is not None:
        found["ranker/start"] = np.array([ranker.start.column, ranker.start.usual])
    return found


def texts_of(model: Model) -> dict[str, str]:
    """Every text of the model, under slash-separated names."""
    retrieval, catalogue = model.retrieval, model.retrieval.catalogue
    items = {
        "ids": list(catalogue.ids),
        "titles": catalogue.titles,
        "categories": catalogue.categories,
    }
    pipeline = {
        "sources": list(retrieval.sources),
        "timed": retrieval.timed,
        "retrieval": retrieval.settings.model_dump(),
        "columns": retrieval.columns(),
    }
    return {
        "catalogue/items.json": json.dumps(items, ensure_ascii=False),
        "pipeline.json": json.dumps(pipeline, indent=2),
        **ranker_texts(model.ranker),
    }


def ranker_texts(ranker: Ranker) -> dict[str, str]:
    """The texts of the ranker alone."""
    return {"ranker/order.txt": ranker.order.text, "ranker/chance.txt": ranker.chance.text}


def model_from(arrays: Callable[[str], Arrays], text: Callable[[str], str]) -> Model:
    """The model again, from what gives the arrays under a prefix, and a text by its name."""
    pipeline = json.loads(text("pipeline.json"))
    items = json.loads(text("catalogue/items.json"))
    years = arrays("catalogue/")["years"]
    catalogue = Catalogue.of(
        Vocabulary(items["ids"]),
        items["titles"],
        [tuple(names) for names in items["categories"]],
        years=np.asarray(years, np.float32),
    )
    retrieval = Retrieval(
        sources={
            name: SOURCES[name].model.from_arrays(arrays(f"sources/{name}."))
            for name in pipeline["sources"]
        },
        stats=ItemStats.from_arrays(arrays("stats/")),
        catalogue=catalogue,
        timed=pipeline["timed"],
        settings=RetrievalSettings.model_validate(pipeline["retrieval"]),
    )
    return Model(retrieval, _ranker(arrays("ranker/"), text))


def _ranker(arrays: Mapping[str, npt.NDArray[np.generic]], text: Callable[[str], str]) -> Ranker:
    calibration = Calibration(
        np.asarray(arrays["calibration_scores"], np.float64),
        np.asarray(arrays["calibration_probabilities"], np.float64),
    )
    start = None
    if "start" in arrays:
        column, usual = np.asarray(arrays["start"], np.float64).tolist()
        start = Start(int(column), usual)
    order, chance = (Booster(text(f"ranker/{head}.txt"), start) for head in ("order", "chance"))
    return Ranker(order, chance, calibration)
