"""Bundles, their steps and what the worker does, over HTTP."""

import json
import shutil
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.api.app import Caller, Served
from tests.training.tribes import SMALL

from shortlist.api.admin import create_admin
from shortlist.bootstrap import open_home
from shortlist.datasets.load import load_dataset
from shortlist.evaluation.bundle_report import BundleReport
from shortlist.training.publish import REPORT, contents_of
from shortlist.training.train import train

PATH = "/v1/admin/models"


def test_anonymous_callers_and_others_see_nothing(served: Served) -> None:
    assert served.anonymous()("GET", PATH).status_code == 401
    assert served.with_key("recommend:read")("GET", f"{PATH}/steps").status_code == 403


def test_the_trained_bundle_is_the_champion(served: Served) -> None:
    found = served.with_key().get(PATH)

    (bundle,) = found["models"]
    assert (bundle["role"], bundle["current"], bundle["state"]) == ("champion", True, "ok")
    assert found["worker"] is None


def test_the_steps_of_a_training_are_written_down(served: Served) -> None:
    (bundle,) = served.with_key().get(PATH)["models"]
    served.home.models.trained(bundle["id"], {"events": 7}, parent=None)

    steps = served.with_key().get(f"{PATH}/steps")["steps"][:2]

    assert [each["step"] for each in steps] == ["promoted", "trained"]
    assert steps[1]["detail"] == {"events": 7, "by": "hand"}
    last = steps[0]["sequence"]
    older = served.with_key().get(f"{PATH}/steps", params={"before": last, "limit": 1})["steps"]
    assert older == steps[1:]


def test_what_the_worker_says_is_shown(served: Served) -> None:
    said = {"phase": "refreshing", "done": 2, "of": 5}
    served.home.facts.worker.say("status", said, 0)

    worker = served.with_key().get(PATH)["worker"]

    assert worker == {"time": "1970-01-01T00:00:00Z", **said}


def test_promoting_by_hand_is_a_step(served: Served) -> None:
    caller = served.with_key()
    (bundle,) = caller.get(PATH)["models"]

    assert caller.post(f"{PATH}/{bundle['id']}/promote", {}) == {"current": bundle["id"]}

    step = caller.get(f"{PATH}/steps")["steps"][0]
    assert (step["step"], step["bundle"], step["detail"]) == (
        "promoted",
        bundle["id"],
        {"by": "hand"},
    )


def test_what_there_is_not_cannot_be_promoted_or_gone_back_to(served: Served) -> None:
    caller = served.with_key()

    assert caller("POST", f"{PATH}/20260101T000000-abcdef/promote").status_code == 404
    assert caller("POST", f"{PATH}/2/promote").status_code == 404
    assert caller("POST", f"{PATH}/rollback").status_code == 409


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 1_001}, {"before": 0}])
def test_limits_are_kept(served: Served, query: dict[str, int]) -> None:
    assert served.with_key()("GET", f"{PATH}/steps", params=query).status_code == 422


def test_the_port_of_administration_answers_the_same(trained_once: Path, tmp_path: Path) -> None:
    shutil.copytree(trained_once, tmp_path / "home")
    home = open_home(tmp_path / "home")
    key = home.auth.keys.create("test", ["admin"])
    client = TestClient(create_admin(home))
    caller = Caller(client, {"X-API-Key": key.text})

    assert caller.get(PATH)["models"][0]["role"] == "champion"
    assert caller.get(f"{PATH}/steps")["steps"][-1]["step"] == "trained"


def test_a_bundle_without_a_report_says_so(served: Served) -> None:
    bundle = published(served, None)

    assert served.with_key()("GET", f"{PATH}/{bundle}/report").status_code == 404
    assert served.with_key()("GET", f"{PATH}/nothing/report").status_code == 404
    assert served.anonymous()("GET", f"{PATH}/{bundle}/report").status_code == 401


def test_the_report_of_a_training_is_given_as_it_was_kept(served: Served) -> None:
    bundle = published(served, BundleReport("tribes", simulated=False))

    found = served.with_key().get(f"{PATH}/{bundle}/report")

    assert found == json.loads(served.home.bundles.text(bundle, REPORT) or "")
    assert {"lists", "pairs", "sources", "popularity", "importance"} == {
        each["section"] for each in found["sections"]
    }


def published(served: Served, examine: BundleReport | None) -> str:
    data = load_dataset(served.home.facts, served.home.settings.kinds)
    trained = train(data, SMALL, examine=examine)
    contents = contents_of(trained, data, SMALL, until=None, seconds=1, parent=None)
    return served.home.bundles.publish(contents, promote=False)
