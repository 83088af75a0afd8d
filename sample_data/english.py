"""English titles and descriptions."""

from sample_data.chance import Dice
from sample_data.models import Model

SMALL_WORDS = frozenset({"a", "and", "as", "at", "by", "for", "from", "in", "of", "on", "the", "to", "with"})
VOWELS = frozenset("aeiouAEIOU")
CLOSINGS = (
    "Designed in our own workshop and tested by people who use it every week.",
    "Packed in cardboard, without any plastic.",
    "Free returns within sixty days.",
    "A customer favourite for years.",
    "New this season.",
)
LASTING = (
    "Comes with a two-year guarantee.",
    "Spare parts are available for at least ten years.",
    "If it breaks, send it back and we will mend it.",
)
USED_UP = ("Clothing", "Footwear", "Home > Textiles", "Home > Fragrance")
"""Categories of things that nobody sends in for repair."""


def title(model: Model, colour: str, size: str) -> str:
    """The title of one variant, in the wording of its model."""
    kind = model.kind
    first, second = (_capitals(feature.words) for feature in model.features[:2])
    name, brand, series, use = _capitals(model.name), model.brand, model.series, model.use.words
    who = f"{model.audience} " if model.audience else ""
    what = f"{size} {name}" if kind.size_first else name
    details = [colour] if kind.colour_shown else []
    if size and not kind.size_first:
        details.append(size)
    tail = f", {', '.join(details)}" if details else ""
    dashed = f" – {', '.join(details)}" if details else ""
    bracket = f" ({', '.join(details)})" if details else ""
    forms = (
        f"{brand} {series} {who}{first} {what}{tail}",
        f"{brand} {who}{first} {what} {series}{dashed}",
        f"{who}{first} {what} {use} – {brand} {series}{tail}",
        f"{brand} {series} {who}{what} {use}{bracket}",
        f"{who}{first}, {second} {what} by {brand}, {series}{tail}",
        f"{brand} {series} {who}{what}, {first.lower()} and {second.lower()}{bracket}",
        f"{brand} {series} {model.code} {who}{first} {what}{tail}",
        f"{who}{what} {brand} {series}, {first}{bracket}",
    )
    return forms[int(model.wording * len(forms))]


def describe(model: Model, dice: Dice) -> str:
    """One to six sentences about a model: what it is, what it does, what for, of what."""
    first, second = (dice.pick(feature.sentences) for feature in model.features[:2])
    use = dice.pick(model.use.sentences)
    sentences = [_opening(model, dice)] if dice.happens(0.8) else [use]
    sentences.append(first)
    if dice.happens(0.75):
        sentences.append(second)
    if use not in sentences and dice.happens(0.6):
        sentences.insert(1 + dice.below(len(sentences)), use)
    if dice.happens(0.45):
        sentences.append(
            dice.pick((f"Made of {model.material}.", f"Material: {model.material}.", f"Made from {model.material}."))
        )
    if dice.happens(0.3):
        sentences.append(dice.pick(CLOSINGS if model.kind.category.startswith(USED_UP) else CLOSINGS + LASTING))
    return " ".join(sentences)


def _opening(model: Model, dice: Dice) -> str:
    first, second = (feature.words for feature in model.features[:2])
    name, brand, series, use = model.name, model.brand, model.series, model.use.words
    plural = model.kind.plural
    verb, one = ("are", name) if plural else ("is", _a(name))
    firstly = f"{first} {name}" if plural else _a(f"{first} {name}")
    both = f"{first} and {second} {name}" if plural else _a(f"{first} and {second} {name}")
    return dice.pick(
        (
            f"The {brand} {series} {verb} {firstly} {use}.",
            f"{_start(both)} {use}.",
            f"Meet the {series}: {firstly} from {brand}.",
            f"Looking for {one} {use}? The {series} {verb} {first} and {second}.",
            f"{_start(firstly)} by {brand}, {use}.",
            f"{brand} makes the {series} {use}: {both}.",
            f"{_start(firstly)} that {'do' if plural else 'does'} what {'they promise' if plural else 'it promises'}.",
        )
    )


def _a(words: str) -> str:
    """The words with the right article."""
    return f"{'an' if words[0] in VOWELS and not words.startswith(('one', 'U', 'eu')) else 'a'} {words}"


def _start(words: str) -> str:
    return words[0].upper() + words[1:]


def _capitals(words: str) -> str:
    """Title case that leaves "LED", "T-shirt" and small words as they are."""
    return " ".join(word if word in SMALL_WORDS else _start(word) for word in words.split())
