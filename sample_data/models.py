"""Models: what the variants of one product have in common."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sample_data.chance import Dice
from sample_data.shops import Kind, Phrase, Shop


@dataclass(frozen=True, slots=True)
class Model:
    """A product before its size and colour are chosen.

    Attributes:
        number: counts up from 0 within a shop.
        kind, brand, series, name, audience: what it is called; the audience may be empty.
        features: two, the more important first.
        use: what it is for.
        material: what it is made of.
        facts: its other attributes.
        price: of its smallest size.
        weight: of its smallest size, in grams.
        code: the maker's model number.
        wording: which of the ways to build a title its titles follow, in [0, 1).
        variants: (colour, size) of each.
    """

    number: int
    kind: Kind
    brand: str
    series: str
    name: str
    audience: str
    features: tuple[Phrase, ...]
    use: Phrase
    material: str
    facts: Mapping[str, str]
    price: float
    weight: int
    code: str
    wording: float
    variants: tuple[tuple[str, str], ...]


def draw_models(shop: Shop, seed: int) -> Iterator[Model]:
    """Endless different models; each round goes through all kinds in random order."""
    dice = Dice(seed)
    brands = {kind.key: shop.brands_in(kind.category) for kind in shop.kinds}
    made: Counter[str] = Counter()
    number = 0
    while True:
        for kind in dice.some(shop.kinds, len(shop.kinds)):
            brand = dice.pick(brands[kind.key])
            yield _draw(dice, shop, kind, brand, made[brand], number)
            made[brand] += 1
            number += 1


def reworded(model: Model, dice: Dice) -> Model:
    """The same model in other words: another name and another way to build the title."""
    others = [name for name in model.kind.names if name != model.name]
    name = _name(others, model.features, dice)
    return replace(model, name=name, wording=(model.wording + dice.between(0.3, 0.7)) % 1)


def _name(names: Sequence[str], features: Sequence[Phrase], dice: Dice) -> str:
    """A name that repeats nothing of the features ("folding folding chair"), if there is one."""
    said = {part for feature in features for part in _parts(feature.words)}
    return dice.pick([name for name in names if not any(part in name for part in said)] or names)


def _parts(words: str) -> list[str]:
    """The words of an English phrase; each two neighbouring characters of a Chinese one."""
    if words.isascii():
        return words.replace("-", " ").split()
    return [words[i : i + 2] for i in range(len(words) - 1)]


def _draw(dice: Dice, shop: Shop, kind: Kind, brand: str, count: int, number: int) -> Model:
    features = _features(kind, dice)
    words = [feature.words for feature in features]
    use = dice.pick([use for use in kind.uses if kind.fits(*words, use.words)])
    facts = {name: dice.pick(values) for name, values in kind.attributes.items()}
    material = dice.pick(kind.materials)
    for word in (use.words, *reversed(words)):
        facts |= kind.sets.get(word, {})
    return Model(
        number=number,
        kind=kind,
        brand=brand,
        series=_series(shop, brand, count),
        name=_name(kind.names, features, dice),
        audience=dice.pick(kind.audience) if kind.audience else "",
        features=features,
        use=use,
        material=facts.pop("material", material),
        facts=facts,
        price=kind.price[0] + (kind.price[1] - kind.price[0]) * dice.between(0, 1) ** 1.4,
        weight=int(dice.between(*kind.weight)),
        code=_code(brand, number),
        wording=dice.between(0, 1),
        variants=_variants(kind, dice),
    )


def _features(kind: Kind, dice: Dice) -> tuple[Phrase, ...]:
    chosen: list[Phrase] = []
    for feature in dice.some(kind.features, len(kind.features)):
        if len(chosen) < 2 and kind.fits(feature.words, *(other.words for other in chosen)):
            chosen.append(feature)
    return tuple(chosen)


def _series(shop: Shop, brand: str, count: int) -> str:
    """The name of a brand's model, never given twice: "Tarn", later "Tarn Ridge", later "Tarn Ridge 2"."""
    names = shop.series
    start = list(shop.brands).index(brand) * 7
    first = names[(start + count) % len(names)]
    again, rest = count // len(names), (start + count * 5 + count // len(names)) % len(names)
    if not again:
        return first
    second = names[rest] if names[rest] != first else names[rest - 1]
    edition = again // len(names)
    joined = f"{first} {second}" if first.isascii() else first + second
    return f"{joined} {again}" if edition or again > 1 else joined


def _code(brand: str, number: int) -> str:
    latin = [letter for letter in brand if letter.isascii() and letter.isalpha()]
    letters = "".join(latin[:2]).upper() or "XQ"
    return f"{letters}{(number * 7919 + 1234) % 9000 + 1000}" if number < 9000 else f"{letters}{number + 10000}"


def _variants(kind: Kind, dice: Dice) -> tuple[tuple[str, str], ...]:
    """One to three colours in one to three neighbouring sizes."""
    colours = dice.some(kind.colours, 1 + dice.below(3) if kind.colour_shown else 1)
    n_sizes = min(1 + dice.below(3), len(kind.sizes))
    first = dice.below(len(kind.sizes) - n_sizes + 1)
    return tuple((colour, size) for colour in colours for size in kind.sizes[first : first + n_sizes])
