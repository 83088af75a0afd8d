"""Rules that experts set: pinned, buried and boosted products, and the file they are written in."""

import pandas as pd
import pytest

from prodsim.errors import QueryError, RulesError
from prodsim.search import (
    Arrangement,
    Filters,
    Query,
    Rule,
    RuleSet,
    SearchOptions,
    Targets,
    rules_from_yaml,
    rules_to_yaml,
)
from prodsim.search.ruleset import EXAMPLE
from tests.search.test_engine import make_catalog, make_engine, skus


@pytest.fixture(scope="module")
def engine():
    return make_engine(make_catalog())


def ask(engine, *rules, k=9, query=Query(like=("M9",)), filters=Filters(), **arranged):
    return engine.search(query, k, SearchOptions(filters=filters, arrangement=Arrangement(rules=rules, **arranged)))


def hit_of(result, sku):
    return next(hit for hit in result.hits if hit.sku == sku)


def test_pinned_products_come_first_in_the_order_of_the_rules(engine):
    plain = skus(ask(engine))
    ruled = ask(engine, Rule("pin", "L3"), Rule("pin", "J0"))

    assert skus(ruled) == ["L3", "J0", *plain[:7]]
    assert [hit.rules for hit in ruled.hits[:3]] == [("pinned",), ("pinned",), ()]
    assert hit_of(ruled, "L3").score == hit_of(ask(engine, k=29), "L3").score
    assert [hit.moved for hit in ruled.hits[2:]] == [-2] * 7


def test_a_pin_is_for_the_queries_it_names(engine):
    rule = Rule("pin", "L3", when="COFFEE mug")

    assert skus(ask(engine, rule))[0] == "L3"  # M9 is a coffee mug
    assert skus(ask(engine, rule, query=Query("a coffee mug please")))[0] == "L3"
    assert "L3" not in skus(ask(engine, rule, query=Query("rain jacket")))


def test_a_pin_that_the_filters_leave_out_is_told(engine):
    result = ask(engine, Rule("pin", "L2"), filters=Filters(in_stock=True))

    assert "L2" not in skus(result)
    assert sum(result.left_out.values()) == 1
    assert "pinned" in next(iter(result.left_out))


def test_buried_products_come_last_closest_first(engine):
    plain = skus(ask(engine, k=29))
    ruled = ask(engine, Rule("bury", "availability = 'out of stock'"), k=29)
    in_stock = [sku for sku in plain if int(sku[1:]) % 2]

    assert skus(ruled) == in_stock + [sku for sku in plain if sku not in in_stock]
    assert ruled.hits[-1].rules == ("buried: availability = 'out of stock'",)
    assert ruled.hits[0].rules == ()


def test_buried_products_do_not_take_the_places_of_others():
    large = make_engine(make_large_catalog())
    ruled = large.search(
        Query(like=("S0",)), 10, SearchOptions(arrangement=Arrangement(rules=(Rule("bury", "brand = 'Acme'"),)))
    )

    assert set(skus(ruled)) == {f"S{n}" for n in range(990, 1000)}


def test_a_boost_is_a_part_of_the_score(engine):
    rule = Rule("boost", "sku = 'M4'", by=0.5)
    ruled, plain = ask(engine, rule), ask(engine)
    hit = hit_of(ruled, "M4")

    assert ruled.hits[0] == hit
    assert hit.parts["boost: sku = 'M4'"] == 0.5
    assert hit.score == pytest.approx(sum(hit.parts.values()), abs=1e-12)
    assert hit.score == pytest.approx(hit_of(plain, "M4").score + 0.5)
    assert hit.moved == skus(plain).index("M4") > 0
    assert hit.rules == ("boost: sku = 'M4'",)
    assert all("boost" not in " ".join(h.parts) for h in ruled.hits[1:])


def test_a_boosted_product_is_found_though_it_is_far():
    large = make_engine(make_large_catalog())
    ruled = large.search(
        Query(like=("S1",)), 3, SearchOptions(arrangement=Arrangement(rules=(Rule("boost", "sku = 'T9'", by=5),)))
    )

    assert skus(ruled)[0] == "T9"


def test_a_boost_by_a_column_raises_by_its_place_in_it(engine):
    ruled = ask(engine, Rule("boost_by", "price", by=10), k=29, query=Query(like=("L0",)))
    cheap = ask(engine, Rule("boost_by", "price", by=-10), k=29, query=Query(like=("L0",)))

    assert {sku[1:] for sku in skus(ruled)[:3]} == {"9"}
    assert skus(ruled)[0] == "L9"
    assert {sku[1:] for sku in skus(cheap)[:2]} == {"0"}  # of L0, J0 and M0 the first is the product asked by
    assert hit_of(ruled, "L9").parts["boost: by price"] > hit_of(ruled, "L5").parts["boost: by price"] > 0


def test_pinned_products_are_bound_by_no_limit_but_count(engine):
    ruled = ask(engine, Rule("pin", "J0"), Rule("pin", "J1"), k=12, per_category=2)

    assert skus(ruled)[:2] == ["J0", "J1"]
    assert sorted(sku[0] for sku in skus(ruled)) == ["J", "J", "L", "L", "M", "M"]
    assert "beyond 2 per category" in ruled.left_out


def test_more_pins_of_a_brand_than_it_may_have_leave_the_limit_for_the_others(engine):
    ruled = ask(engine, *(Rule("pin", f"J{number}") for number in range(3)), k=9, per_category=2)

    assert skus(ruled)[:3] == ["J0", "J1", "J2"]
    assert [sku for sku in skus(ruled)[3:] if sku[0] == "J"] == []


def test_of_two_limits_the_stricter_one_holds():
    experts = RuleSet("", Arrangement(per_brand=3, min_closeness=0.9))

    assert experts.over("", Arrangement(per_brand=10)).arrangement.per_brand == 3
    assert experts.over("", Arrangement(per_brand=1)).arrangement.per_brand == 1
    assert experts.over("", Arrangement(min_closeness=0.5)).arrangement.min_closeness == 0.9
    assert experts.over("", Arrangement(price_band=0.5)).arrangement.price_band == 0.5


def test_a_diverse_list_that_is_full_says_nothing_is_missing(engine):
    close = ask(engine, k=3, diversity=0.5, min_closeness=0.7)

    assert len(close.hits) == 3
    assert close.left_out == {}


def test_a_diverse_list_keeps_pins_first_and_buried_last(engine):
    rules = (Rule("pin", "L3"), Rule("bury", "brand = 'BrandM'"))
    ruled = skus(ask(engine, *rules, k=29, diversity=0.6))

    assert ruled[0] == "L3"
    assert {sku[0] for sku in ruled[-9:]} == {"M"}
    assert len(ruled) == 29


def test_rules_that_do_not_fit_the_catalog_are_refused(engine):
    for rule, told in (
        (Rule("pin", "Nothing"), "not a product"),
        (Rule("bury", "nothing = 1"), "nothing"),
        (Rule("boost_by", "brand", by=1), "no number"),
        (Rule("boost_by", "margin", by=1), "margin"),
    ):
        with pytest.raises(QueryError, match=told):
            ask(engine, rule)
        with pytest.raises(QueryError, match=told):
            RuleSet(arrangement=Arrangement(rules=(rule,))).check(Targets(make_catalog()))


@pytest.mark.parametrize("wrong", [{"does": "lift", "target": "A"}, {"does": "pin", "target": " "}, {"does": "pin", "target": "A", "by": 1.0}, {"does": "boost", "target": "A"}, {"does": "boost", "target": "A", "by": 11.0}, {"does": "boost", "target": "A", "by": float("nan")}])  # fmt: skip
def test_a_rule_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match="pin|boost|bury"):
        Rule(**wrong)


SET = RuleSet(
    "price < 100",
    Arrangement(
        per_brand=2,
        per_category=3,
        per_family=2,
        diversity=0.25,
        price_band=0.5,
        rules=(
            Rule("pin", "12345", when="夹克"),
            Rule("bury", "brand = 'Acme'"),
            Rule("boost", "price < 5", by=-0.5),
            Rule("boost_by", "margin", by=0.2),
        ),
    ),
)


def test_written_rules_are_read_back_as_they_were():
    assert rules_from_yaml(rules_to_yaml(SET)) == SET
    assert "夹克" in rules_to_yaml(SET)
    assert rules_from_yaml(rules_to_yaml(RuleSet())) == RuleSet()
    assert rules_from_yaml("rules:\n- pin: 12345\n").arrangement.rules == (Rule("pin", "12345"),)
    assert rules_from_yaml(EXAMPLE).arrangement.per_brand == 3
    assert rules_from_yaml("one_per_family: true").arrangement.per_family == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("per_brnd: 2", r"unknown key “per_brnd”. Did you mean “per_brand”\?"),
        ("per_brand: many", "per_brand must be a whole number, not 'many'"),
        ("per_brand: 0", "per_brand must be at least 1, got 0"),
        ("one_per_family: 1", "one_per_family must be true or false"),
        ("- pin: A", "The rules is a list"),
        ("rules:\n  pin: A", "“rules” is keys with values"),
        ("rules:\n- pin: A\n  bury: B", r"rule 1 must be one of .*, not pin \+ bury"),
        ("rules:\n- boost: price < 5", "needs “by”: a number"),
        ("rules:\n- pin: A\n- pin: [B]", "rule 2: pin must be a text, not a list"),
        ("rules:\n- pin: A\n  whem: x", "rule 1: unknown key “whem”. Did you mean “when”"),
        ("rules: [\n", "line 2"),
        ("only: 5", "only must be a text, not 5. Put it into quotes"),
        ("a: !!python/object/apply:os.system [ls]", "line 1: it uses the tag tag:yaml.org,2002:python"),
        ("a: &x [1]\nb: [*x, *x]", "line 1: it uses an anchor or an alias"),
        ("only: " + "[" * 1000, "nested more than 20 levels deep"),
        ("per_brand: " + "9" * 5000, "a number has 5,000 characters, and the limit is 40"),
        ("per_brand: 1\nper_brand: 2", "a key stands there twice"),
        ('only: "\\uD800"', "half of a character"),
        ('only: "\\UFFFFFFFF"', "not YAML"),
        ("# " + "x" * 300_000, "it has 300,002 characters, and the limit is 200,000"),
    ],
)
def test_rules_that_cannot_be_read_say_what_to_mend(text, told):
    with pytest.raises(RulesError, match=told):
        rules_from_yaml(text)


def make_large_catalog():
    """A thousand near variants, all but ten of Acme, and ten products that are unlike them."""
    base = make_catalog().products.iloc[0].to_dict()
    rows = [
        {**base, "sku": f"S{n}", "title": f"steel bottle number {n}", "mpn": "", "brand": "Acme" if n < 990 else "Nord"}
        for n in range(1000)
    ]
    rows += [{**base, "sku": f"T{n}", "title": f"velvet curtain {n}", "mpn": "", "brand": "Acme"} for n in range(10)]
    return type(make_catalog())(pd.DataFrame(rows))
