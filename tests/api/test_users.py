"""Users over HTTP: attributes, and erasing everything."""

from tests.api.app import Served

from shortlist.storage.facts.decision_writer import DecisionWriter

ANN = "1"


def test_attributes_are_put_patched_and_listed(served: Served) -> None:
    app = served.with_key("users:read", "users:write")

    app("PUT", "/v1/users/ann", json={"attributes": {"age": 34, "country": "pt"}})
    patched = app("PATCH", "/v1/users/ann", json={"attributes": {"age": 35, "country": None}})

    assert patched.json() == {"id": "ann", "attributes": {"age": 35}}
    assert patched.json() in app.get("/v1/users")["users"]


def test_filters_know_the_users_attributes(quick: Served) -> None:
    app = quick.with_key()
    app("PUT", f"/v1/users/{ANN}", json={"attributes": {"from": 2005}})

    found = app.listed(ANN, limit=3, filter="year >= user.from")

    assert found
    assert all(app.get(f"/v1/items/{each}")["attributes"]["year"] >= 2005 for each in found)


def test_somebody_nothing_is_known_of_is_not_found(quick: Served) -> None:
    answer = quick.with_key("users:read")("GET", "/v1/users/nobody")

    assert answer.status_code == 404
    assert answer.json()["code"] == "unknown_user"


def test_erasing_removes_everything_and_gives_a_receipt(served: Served) -> None:
    app = served.with_key()
    app("PUT", f"/v1/users/{ANN}", json={"attributes": {"age": 34}})
    events = len(served.service.facts.recent_of(ANN, 10_000))
    own = {row.item for row in served.service.facts.recent_of(ANN, 10_000)}
    as_ann = app.listed(ANN, limit=5)
    as_nobody = app.listed("somebody-new", limit=5)

    receipt = app("DELETE", f"/v1/users/{ANN}").json()

    assert (receipt["events"], receipt["decisions"]) == (events, 1)
    assert receipt["profile"]
    assert receipt["forgotten_by"]
    assert app.get(f"/v1/users/{ANN}/events")["events"] == []
    assert app("GET", f"/v1/users/{ANN}").status_code == 404
    after = app.listed(ANN, limit=24)
    assert own & set(after)
    assert app.listed(ANN, limit=5) == as_nobody != as_ann


def test_what_another_process_had_not_written_yet_is_removed_too(quick: Served) -> None:
    app = quick.with_key()
    decision = app.get("/v1/users/ben/recommendations")["decision"]
    mine = quick.service.decisions.writer.pending(decision)
    assert mine is not None
    other = DecisionWriter(quick.service.facts)
    other.offer(mine._replace(id="of another process"))

    receipt = app("DELETE", "/v1/users/ben").json()

    other.close()
    assert receipt["decisions"] == 2
    assert quick.service.facts.decisions.get("of another process") is None


def test_erasing_again_removes_nothing_more(quick: Served) -> None:
    app = quick.with_key("users:write")
    app("DELETE", f"/v1/users/{ANN}")

    receipt = app("DELETE", f"/v1/users/{ANN}").json()

    assert (receipt["events"], receipt["decisions"], receipt["profile"]) == (0, 0, False)


def test_a_person_may_erase_themselves_and_is_signed_out(quick: Served) -> None:
    ann = quick.person("ann@example.org")
    me = ann.get("/v1/me")["user"]
    ann.post("/v1/events", {"events": [{"session": "s1", "item": "1", "kind": "like"}]})

    receipt = ann("DELETE", f"/v1/users/{me}").json()

    assert (receipt["events"], receipt["account"]) == (1, True)
    assert ann("GET", "/v1/me").status_code == 401
