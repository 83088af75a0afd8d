"""Invented shoppers with tastes: who looked at, put into the cart and bought what."""

import csv
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

TASTES = {
    "trail runner": ("Trail running", "Hiking socks", "Bottles", "Head torches", "Merino"),
    "camper": ("Tents", "Sleeping bags", "Mats", "Stoves", "Head torches"),
    "hiker": ("Hiking boots", "Hiking packs", "Rain jackets", "Hiking trousers", "Fleeces"),
    "coffee lover": ("Coffee makers", "Coffee grinders", "Mugs"),
    "cook": ("Knives", "Pans", "Hand tools", "Towels"),
    "homemaker": ("Lamps", "Blankets", "Fans", "Towels"),
}
SHOPPERS = 400


def write_histories(path: Path, products: list[dict[str, Any]], seed: int = 5) -> dict[str, list[str]]:
    """Write the events of 400 shoppers in 2025, in order of time; returns taste to its shoppers.

    Nine of ten events are within the shopper's taste, and every sixth shopper has two tastes.
    """
    rng = random.Random(seed)  # noqa: S311 - not for secrets
    groups: dict[str, list[str]] = {taste: [] for taste in TASTES}
    events = []
    for number in range(SHOPPERS):
        user = f"U{number:04d}"
        tastes = rng.sample(list(TASTES), 2 if number % 6 == 0 else 1)
        for taste in tastes:
            groups[taste].append(user)
        liked = [p for p in products if any(word in p["category"] for taste in tastes for word in TASTES[taste])]
        when = datetime(2025, 1, 1) + timedelta(minutes=rng.randrange(300 * 24 * 60))
        for _ in range(rng.randint(4, 24)):
            product = rng.choice(liked if rng.random() < 0.9 else products)
            when += timedelta(minutes=rng.randrange(1, 4000))
            event = rng.choices(("view", "cart", "buy"), (70, 15, 15))[0]
            events.append((when.isoformat(), user, product["sku"], event, rng.choice((1, 1, 1, 2)) if event != "view" else 1))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["user", "sku", "time", "event", "quantity"])
        writer.writerows((user, sku, time, event, quantity) for time, user, sku, event, quantity in sorted(events))
    return groups
