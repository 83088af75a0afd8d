"""Recommendations for shoppers, learned from the histories of all of them."""

from prodsim.recommend.bought_together import BoughtTogether
from prodsim.recommend.collaborative import CollaborativeModel
from prodsim.recommend.columns import EVENT_FIELDS, propose_fields
from prodsim.recommend.histories import EVENT_STRENGTH, UNKNOWN_SHOPPER, Histories, read_histories, unknown_shopper
from prodsim.recommend.measurement import Measurement, Method, Split, measure
from prodsim.recommend.privacy import KEY_FILE, MIN_SHOPPERS, load_key, pseudonyms, shown_count, user_id
from prodsim.recommend.recommender import Recommender, SourceWeights
from prodsim.recommend.released_counts import ReleasedCounts, check_epsilon, release_counts
from prodsim.recommend.source_weights import CONTENT_ONLY, Interactions, interactions_of, learn_recommender
from prodsim.recommend.sources import SOURCES, Sources
from prodsim.recommend.types import Reason, Recommendation, RecommendationList
from prodsim.recommend.user_profile import UserProfile, build_profiles

__all__ = [
    "CONTENT_ONLY",
    "EVENT_FIELDS",
    "EVENT_STRENGTH",
    "KEY_FILE",
    "MIN_SHOPPERS",
    "SOURCES",
    "UNKNOWN_SHOPPER",
    "BoughtTogether",
    "CollaborativeModel",
    "Histories",
    "Interactions",
    "Measurement",
    "Method",
    "Reason",
    "Recommendation",
    "RecommendationList",
    "Recommender",
    "ReleasedCounts",
    "SourceWeights",
    "Sources",
    "Split",
    "UserProfile",
    "build_profiles",
    "check_epsilon",
    "interactions_of",
    "learn_recommender",
    "load_key",
    "measure",
    "propose_fields",
    "pseudonyms",
    "read_histories",
    "release_counts",
    "shown_count",
    "unknown_shopper",
    "user_id",
]
