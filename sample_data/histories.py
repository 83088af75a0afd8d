"""Invented shoppers with tastes: who looked at, put into the cart and bought what."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any, NamedTuple

from sample_data.chance import Dice
from sample_data.products import Product

TASTES = {
    "trail runner": ("Trail running", "Hiking socks", "Bottles", "Head torches", "Merino"),
    "camper": ("Tents", "Sleeping", "Stoves", "Lanterns", "Furniture"),
    "hiker": ("Hiking boots", "Hiking backpacks", "Rain jackets", "Hiking trousers", "Fleeces", "Hats"),
    "coffee lover": ("Coffee makers", "Coffee grinders", "Mugs"),
    "cook": ("Knives", "Pans", "Chopping boards"),
    "homemaker": ("Lamps", "Blankets", "Fans", "Candles", "Cushions"),
    "gardener": ("Garden >",),
}
"""Taste to parts of the category paths that it likes."""

SHOPPERS = 400
FIRST_DAY = datetime(2025, 1, 1)


class Event(NamedTuple):
    """What a shopper did: ``view``, ``cart`` or ``buy``; the fields are the columns of the file."""

    user: str
    sku: str
    time: str
    event: str
    quantity: int


def draw_histories(products: Sequence[Product], seed: int = 5) -> tuple[list[Event], list[dict[str, Any]]]:
    """The events of 400 shoppers in 2025, in order of time, and the groups behind them.

    Nine of ten events are within a shopper's tastes, some models are liked far more than others, and every sixth
    shopper has two tastes.

    Returns:
        The events, and for each taste its name, its users and the SKUs that it likes.
    """
    dice = Dice(seed)
    liked = {taste: [p for p in products if _likes(taste, p)] for taste in TASTES}
    users: dict[str, list[str]] = {taste: [] for taste in TASTES}
    events: list[Event] = []
    for number in range(SHOPPERS):
        user = f"U{number:04d}"
        tastes = dice.some(list(TASTES), 2 if number % 6 == 0 else 1)
        for taste in tastes:
            users[taste].append(user)
        events += _events(user, [liked[taste] for taste in tastes], products, dice)
    groups = [{"taste": t, "users": users[t], "skus": [p["sku"] for p in liked[t]]} for t in TASTES]
    return sorted(events, key=lambda event: (event.time, event.user)), groups


def _likes(taste: str, product: Product) -> bool:
    return any(part in product["category"] for part in TASTES[taste])


def _events(user: str, liked: list[list[Product]], everything: Sequence[Product], dice: Dice) -> list[Event]:
    """Visits spread over the year; a visit looks at one to four products, may fill the cart, and may buy."""
    n_visits = 2 + dice.below(6)
    days = accumulate((dice.between(1, 350 / n_visits) for _ in range(n_visits)), initial=dice.between(0, 10))
    found = []
    for day in list(days)[:n_visits]:
        time = FIRST_DAY + timedelta(days=int(day), minutes=dice.below(16 * 60) + 6 * 60)
        for _ in range(1 + dice.below(4)):
            shelf = dice.pick(liked) if dice.happens(0.9) else everything
            product = shelf[int(len(shelf) * dice.between(0, 1) ** 2)]  # the first on a shelf are the best known
            for event in ("view", "cart", "buy")[: 1 if dice.happens(0.6) else 2 if dice.happens(0.3) else 3]:
                time += timedelta(minutes=1 + dice.below(9))
                quantity = 2 if event != "view" and dice.happens(0.15) else 1
                found.append(Event(user, product["sku"], time.isoformat(), event, quantity))
    return found
