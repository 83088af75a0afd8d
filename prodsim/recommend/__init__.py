"""From what shoppers did to what they should see next."""

from prodsim.recommend.columns import FIELDS, propose_fields
from prodsim.recommend.crowd import Crowd
from prodsim.recommend.histories import STRENGTH, Histories, read_histories
from prodsim.recommend.learning import ALONE, Shop, learn, shop_of
from prodsim.recommend.measuring import Measurement, Method, Split, measure
from prodsim.recommend.privacy import FEWEST, KEY_FILE, load_key, pseudonyms, shown_count, user_id
from prodsim.recommend.recommender import Mix, Recommender
from prodsim.recommend.relations import GoesWith
from prodsim.recommend.sources import SOURCES, Sources
from prodsim.recommend.taste import Taste, tastes
from prodsim.recommend.types import Because, Recommendation, Recommended

__all__ = [
    "ALONE",
    "FEWEST",
    "FIELDS",
    "KEY_FILE",
    "SOURCES",
    "STRENGTH",
    "Because",
    "Crowd",
    "GoesWith",
    "Histories",
    "Measurement",
    "Method",
    "Mix",
    "Recommendation",
    "Recommended",
    "Recommender",
    "Shop",
    "Sources",
    "Split",
    "Taste",
    "learn",
    "load_key",
    "measure",
    "propose_fields",
    "pseudonyms",
    "read_histories",
    "shop_of",
    "shown_count",
    "tastes",
    "user_id",
]
