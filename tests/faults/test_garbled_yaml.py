"""Garbled rules and recipes are read or refused in words."""

import pytest

from prodsim.adapt import TrainingRecipe
from prodsim.errors import QueryError, RulesError
from prodsim.search import rules_from_yaml, rules_to_yaml
from tests.faults.garbling import garbled, n_inputs

PIECES = (
    "per_brand: 3", "per_family: 1", "only: price < 5", "rules:", "- pin: A1", "- bury: price = 0", "- boost: brand = 'A'", "  by: 0.1", "  when: mug",
    "- boost_by: margin", "diversity: .5", "min_closeness: .nan", "price_band: .inf", "same_category: yes", "one_per_family: true", "&a", "*a", "<<: *a", "!!int",
    "!!python/object:x", "!!binary x", "!!set", "!!timestamp", "2001-99-99", "1:1:1", "0b1", "0o7", "? [a]", ": b", "|", ">-", "---", "...", "%YAML 1.1", "%TAG ! x",
    "# note", "[a, b]", "{a: b}", "'", '"\\uD800"', '"\\UFFFFFFFF"', '"\\x00"', "\\", "~", "null", "=", "kind: language", "rank: 8", "batches: 10", "seed: 1",
    "learning_rate: 1e-3", "base: minilm", "method: lora", "held_out: .2", "[", "]", "{", "}", ",", "- - - -", "- " * 40, "a: " * 3, "\t",
)  # fmt: skip


def test_garbled_rules_are_read_or_refused():
    for text in garbled(PIECES, n_inputs(400), seed=2):
        try:
            rules = rules_from_yaml(text)
        except RulesError as error:
            assert error.fix
            assert len(error.what) < 600
            error.what.encode()
        else:
            assert rules_from_yaml(rules_to_yaml(rules)) == rules


def test_garbled_recipes_are_read_or_refused(tmp_path):
    path = tmp_path / "recipe.yaml"
    for text in garbled(PIECES, n_inputs(400), seed=3):
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        try:
            TrainingRecipe.load(path)
        except QueryError as error:
            assert len(error.what) < 600
            error.what.encode()


@pytest.mark.parametrize(
    "bomb",
    [
        "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{n}: &{n} [*a,*a,*a,*a,*a,*a,*a,*a]\n" for n in range(9)),
        "a: " + "{a: " * 5_000,
        "[" * 100_000,
        "- " * 50_000,
        "? " * 50_000,
        "a: " + "9" * 150_000,
        "a: " + ":".join(["1"] * 50_000),
        "a: " + "0x" + "f" * 100_000,
        "a: !" + "x" * 100_000,
        "'" * 150_000,
        "a" * 199_000 + ": 1",
        "x" * 10_000_000,
    ],
    ids=range(12),
)
def test_a_bomb_is_refused_and_its_contents_are_not_shown(bomb, tmp_path):
    with pytest.raises(RulesError) as caught:
        rules_from_yaml(bomb)
    (tmp_path / "recipe.yaml").write_text(bomb, encoding="utf-8")
    with pytest.raises(QueryError) as refused:
        TrainingRecipe.load(tmp_path / "recipe.yaml")

    assert max(len(caught.value.what), len(refused.value.what)) < 400
