import pytest

from prodsim.api.limits import ServerLimits
from prodsim.api.routes import ROUTES
from prodsim.api.server import serve
from prodsim.errors import AccessDenied
from prodsim.findings import Finding
from prodsim.roles import OWNER, Actor, acting_as, actor
from prodsim.similarity import Setting, Weights
from prodsim.workspace.removal import remove_catalog

SHOP = "/v1/catalogs/shop"


def skus(answer):
    assert answer.status_code == 200, answer.text
    return [hit["sku"] for hit in answer.json()["hits"]]


def test_similar_products_and_words_find_the_family(api):
    similar = api.get(f"{SHOP}/similar", params={"sku": "J2", "k": 7})
    by_words = api.post(f"{SHOP}/search", json={"text": "ceramic mug", "k": 8, "fields": ["price", "brand"]})

    assert {sku[0] for sku in skus(similar)} == {"J"}
    assert {sku[0] for sku in skus(by_words)} == {"M"}
    assert by_words.json()["products"]["M3"] == {"price": 8.0, "brand": "Kaffa"}
    assert by_words.json()["setting"]["weights"]["words"] == 1.0


def test_a_question_has_its_own_setting_and_conditions(api):
    body = {"like": ["J1"], "where": "price < 53", "weights": {"words": 2}, "metric": "l2"}
    answer = api.post(f"{SHOP}/search", json=body)

    assert set(skus(answer)) <= {"J0", "J2", *(f"M{n}" for n in range(8)), *(f"L{n}" for n in range(8))}
    assert answer.json()["setting"] | {"weights": 0} == {"weights": 0, "metric": "l2", "name": None}
    assert answer.json()["setting"]["weights"]["words"] == 2


def test_a_batch_gives_what_its_queries_give_one_by_one(api):
    queries = [{"id": "a", "text": "lamp"}, {"id": "b", "like": ["M1"]}]
    results = api.post(f"{SHOP}/batch", json={"queries": queries, "k": 3}).json()["results"]

    assert [each["id"] for each in results] == ["a", "b"]
    assert [hit["sku"] for hit in results[1]["hits"]] == skus(api.get(f"{SHOP}/similar", params={"sku": "M1", "k": 3}))


def test_other_questions_are_answered(api):
    described = api.get(SHOP).json()
    explained = api.post(f"{SHOP}/explain", json={"like": ["J1"], "hit": "J2"}).json()
    recommended = api.post(f"{SHOP}/recommend", json={"history": ["L1", "L2"], "k": 3})
    asked = api.post(f"{SHOP}/ask", json={"questions": ["a mug", "under 8"]}).json()

    assert {"sku", "title", "colour"} <= set(described["columns"])
    assert api.get(f"{SHOP}/product", params={"sku": "L2"}).json()["brand"] == "Lumo"
    assert explained["sku"] == "J2"
    assert explained["parts"]
    assert {sku[0] for sku in skus(recommended)} == {"L"}
    assert {hit["sku"][0] for hit in asked["hits"]} == {"M"}


WRONG = [
    ("GET", "/v1/catalogs/none/similar?sku=J1", None, 404, "none"),
    ("GET", f"{SHOP}/similar?sku=J99", None, 422, "None of the 24 products has the SKU “J99”"),
    ("GET", f"{SHOP}/similar?sku=J1&k=1000000000", None, 422, "k is '1000000000'. It should be less than or equal"),
    ("POST", f"{SHOP}/search", {"like": [f"J{n}" for n in range(10_000)]}, 422, "like is"),
    ("POST", f"{SHOP}/search", {"text": "mug", "where": "pricee < 3"}, 422, "The condition"),
    ("POST", f"{SHOP}/search", {"text": "mug", "preset": "nice"}, 422, "there is no preset 'nice'"),
    ("POST", f"{SHOP}/search", {"text": "mug", "weights": {"niceness": 1}}, 422, "there is no part 'niceness'"),
    ("POST", f"{SHOP}/search", {"text": "mug", "fields": ["brnd"]}, 422, "no column “brnd”"),
    ("POST", f"{SHOP}/search", {"text": "mug", "page": 2}, 422, "page is not known"),
    ("POST", f"{SHOP}/search", {}, 422, "The query is empty"),
    ("POST", f"{SHOP}/batch", {"queries": [{"text": "a"}, {"like": ["J99"]}]}, 422, "Query 2"),
    ("GET", f"{SHOP}/findings?kind=nonsense", None, 422, "there is no kind of finding 'nonsense'"),
    ("PUT", f"{SHOP}/search", {}, 405, "does not take PUT"),
    ("GET", "/v2/catalogs", None, 404, "There is nothing at /v2/catalogs"),
    ("GET", f"{SHOP}/similar?sku=J1&api_key=secret", None, 400, "a key in the address"),
    ("POST", f"{SHOP}/search", {"text": "m" * 1_100_000}, 413, "it is larger than 1 MB"),
]


@pytest.mark.parametrize(("method", "address", "body", "status", "what"), WRONG, ids=[wrong[-1] for wrong in WRONG])
def test_wrong_requests_are_answered_in_words(api, method, address, body, status, what):
    answer = api.request(method, address, json=body)

    assert answer.status_code == status
    assert set(answer.json()["error"]) == {"what", "fix"}
    assert what in answer.json()["error"]["what"]


def test_a_body_that_does_not_tell_its_size_has_the_same_limit(api):
    answer = api.post(f"{SHOP}/search", content=(b" " * 100_000 for _ in range(20)))

    assert answer.status_code == 413


def test_keys_decide_who_may_do_what(workspace, client_of):
    viewer, editor = workspace.keys.add("shop window", "viewer"), workspace.keys.add("anna", "editor")
    reader = client_of(workspace, key=viewer)
    as_editor = {"X-API-Key": editor, "Authorization": ""}
    finding = reader.get(f"{SHOP}/findings").json()["findings"][0]
    decision = {"key": finding["key"], "action": "dismissed"}

    refused = [reader.get("/v1/catalogs", headers={"Authorization": key}) for key in ("", "Bearer prodsim_x")]
    assert [(answer.status_code, answer.headers["WWW-Authenticate"]) for answer in refused] == [(401, "Bearer")] * 2
    assert reader.post(f"{SHOP}/decisions", json=decision).status_code == 403
    assert reader.post(f"{SHOP}/decisions", json=decision, headers=as_editor).json()["who"] == "anna"
    assert workspace.records("shop").decisions()[finding["key"]].who == "anna"
    answer = reader.delete(SHOP, headers=as_editor)
    assert answer.status_code == 403
    assert answer.json()["error"] == {
        "what": "You have the role editor and may not delete catalogs and what lies on the disk.",
        "fix": "Ask an admin for the role admin.",
    }
    assert actor() is OWNER


def test_a_key_that_is_removed_is_refused_at_once(workspace, client_of):
    secret = workspace.keys.add("shop", "viewer")
    workspace.keys.add("other", "viewer")
    client = client_of(workspace, key=secret)
    assert client.get(SHOP).status_code == 200

    workspace.keys.remove("shop")

    assert client.get(SHOP).status_code == 401
    assert secret.encode() not in workspace.layout.keys.read_bytes()


def test_a_key_that_sends_too_much_waits(workspace, client_of):
    client = client_of(workspace, limits=ServerLimits(per_minute=20), key=workspace.keys.add("shop", "viewer"))

    statuses = [client.get("/v1/catalogs").status_code for _ in range(4)]

    assert statuses == [200, 200, 429, 429]
    assert int(client.get("/v1/catalogs").headers["Retry-After"]) in (1, 2, 3, 4)


def test_others_than_this_machine_need_keys(workspace, client_of):
    with pytest.raises(AccessDenied, match="there are no keys"):
        serve(workspace, "0.0.0.0", 8600)

    assert client_of(workspace, is_local=False).get(SHOP).status_code == 401
    rebound = client_of(workspace).get(SHOP, headers={"Host": "evil.example:8600"})
    assert rebound.status_code == 403
    assert client_of(workspace, is_local=False).get("/health").status_code == 200


def test_another_default_and_a_removed_catalog_are_seen_at_once(workspace, client_of):
    client = client_of(workspace)
    before = client.get(f"{SHOP}/similar", params={"sku": "J1"}).json()["setting"]
    records = workspace.records("shop")

    records.save_setting("mine", Setting(Weights(words=1)))
    records.set_default("mine")
    after = client.get(f"{SHOP}/similar", params={"sku": "J1"}).json()["setting"]
    remove_catalog(workspace, "shop")

    assert (before["name"], after["name"]) == (None, "mine")
    assert after["weights"]["meaning"] == 0
    assert client.get(f"{SHOP}/similar", params={"sku": "J1"}).status_code == 404


def test_requests_are_counted_and_logged_without_what_was_asked(api, caplog):
    caplog.set_level("INFO", "prodsim.api")
    api.post(f"{SHOP}/search", json={"text": "a very private question"})

    metrics = api.get("/metrics").text
    assert 'prodsim_requests_total{method="POST",route="/v1/catalogs/{catalog}/search",status="200"}' in metrics
    (record,) = [record for record in caplog.records if record.name == "prodsim.api"][:1]
    assert record.facts["route"] == "/v1/catalogs/{catalog}/search"
    assert "private" not in str(vars(record))


def test_the_page_of_the_api_lists_every_route_and_fetches_nothing(api):
    page = api.get("/docs").text

    assert all(f"<code>{route.method} {route.path}</code>" in page for route in ROUTES)
    assert "<script" not in page
    assert page.count("http") == 0
    assert set(api.get("/openapi.json").json()["paths"]) == {route.path for route in ROUTES}


def test_a_viewer_cannot_change_anything_by_whatever_door(workspace):
    finding = Finding("duplicates", "J1 and J2 are the same.", ("J1", "J2"))
    records = workspace.records("shop")
    changes = [
        lambda: records.judge("J1", "J2", 1.0),
        lambda: records.save_setting("mine", Setting(Weights(words=1))),
        lambda: records.decide(finding, "dismissed", workspace.open("shop").catalog),
        lambda: workspace.keys.add("mine", "admin"),
        lambda: remove_catalog(workspace, "shop"),
    ]

    with acting_as(Actor("eve", "viewer")):
        for change in changes:
            with pytest.raises(AccessDenied, match="You have the role viewer and may not"):
                change()
    assert not workspace.layout.keys.exists()
    assert not records.decisions()
