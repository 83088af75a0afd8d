"""From what shoppers did to what they should see next."""

from prodsim.recommend.bought_together import GoesWith
from prodsim.recommend.collaborative import CollaborativeModel
from prodsim.recommend.columns import FIELDS, propose_fields
from prodsim.recommend.histories import STRENGTH, Histories, read_histories
from prodsim.recommend.measurement import Measurement, Method, Split, measure
from prodsim.recommend.privacy import FEWEST, KEY_FILE, load_key, pseudonyms, shown_count, user_id
from prodsim.recommend.recommender import Recommender, SourceWeights
from prodsim.recommend.source_weights import ALONE, Shop, learn, shop_of
from prodsim.recommend.sources import SOURCES, Sources
from prodsim.recommend.types import Because, Recommendation, Recommended
from prodsim.recommend.user_profile import UserProfile, tastes

__all__ = [
    "ALONE",
    "FEWEST",
    "FIELDS",
    "KEY_FILE",
    "SOURCES",
    "STRENGTH",
    "Because",
    "CollaborativeModel",
    "GoesWith",
    "Histories",
    "Measurement",
    "Method",
    "Recommendation",
    "Recommended",
    "Recommender",
    "Shop",
    "SourceWeights",
    "Sources",
    "Split",
    "UserProfile",
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
