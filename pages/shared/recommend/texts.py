"""What the Recommend page says, in the order of the screen."""

from prodsim.phrases import Plural, Text

PURPOSE = Text("See what to show a shopper next, based on one history and on what all shoppers did.")
VIEWS = {
    "What to show next": Text("What to show next"),
    "Goes with": Text("Bought together"),
    "How good it is": Text("Accuracy"),
    "Histories": Text("Histories"),
}

# Whose history
HISTORY_OF = Text("History of")
OWNERS = {"products I choose": Text("products I choose"), "a shopper": Text("a shopper")}
ADD_VIEWED = Text("Add a product that the shopper viewed")
ADD_PLACEHOLDER = Text("Words or a SKU")
VIEWED = Text("Viewed products, oldest first")
ADD_TO_HISTORY = Text("Add to the history")
ADD = Text("Add")
SHOPPER = Text("Shopper")
SHOPPER_EVENTS = Plural("{shopper} · {n:,} event", "{shopper} · {n:,} events")
SHOPPER_HELP = Text("The {shown} most active of {total} shoppers, shown under pseudonyms (keyed hashes).")
OWN_ID = Text("or the ID as in your file")
LATEST = Text("Latest: {titles}")
LATEST_MORE = Text("Latest: {titles} · and {n:,} earlier")

# What to show next
START = Text("Add a product that the shopper viewed to see recommendations.")
AGAIN = Text("Include viewed products")
LIST = Text("{products} based on a history of {history}")
LIST_INTERESTS = Plural(
    "{products} based on a history of {history} with {n:,} interest",
    "{products} based on a history of {history} with {n:,} interests",
)
LIST_WITHOUT_HISTORY = Text("{products} without a history")
BECAUSE = Text("because of “{title}” ({why})")
IS_NEW = Text("new to all shoppers")
SOURCE_WEIGHT = Text("{weight:.0%}: {source}")
LEARNED_FROM = Text("The weights are learned from {count} shoppers.")
EXPORT_NAME = Text("{catalog} recommendations")
LEARNING = Text("Learning from the histories")

# Bought together
NEEDS_HISTORIES = Text("Bought together is learned from histories. There are none yet.")
NEEDS_PRODUCT = Text("Add a product, or choose a shopper.")
BOUGHT_WITH = Text("Bought together with “{title}”. For products to buy instead, see the Search page.")
NOTHING_BOUGHT_WITH = Text("Nothing else was bought together with it.")

# Accuracy
MEASURE_NEEDS_HISTORIES = Text("Measuring needs histories. There are none yet.")
HOLD_OUT = Text("Hold out")
SPLITS = {
    "last": Text("each shopper's last new product"),
    "time": Text("new products in the last fifth of the period"),
}
MEASURING = Text("Measuring")
BETTER = Text("better")
WORSE = Text("worse")
NO_DIFFERENCE = Text("no measurable difference")
LEAD = Text(
    "{shoppers}. Lead over the best other method in nDCG@10: {mean:+.3f} (95 % interval {low:+.3f} to {high:+.3f}; "
    "{verdict}). {cold:.1%} of the held-out products were new."
)
METHODS_CHART = Text("nDCG@10 by method")
METHODS_TABLE = Text("All measures by method")
METHOD = Text("Method")
METRICS = {
    "recall@10": Text("Recall@10"),
    "ndcg@10": Text("nDCG@10"),
    "mrr": Text("MRR"),
    "novelty": Text("Novelty"),
}
RECALL_INTERVAL = Text("Recall@10, 95 % interval")
RANGE = Text("{low:.3f} to {high:.3f}")
COVERAGE = Text("Coverage")
SHARE = Text("{share:.1%}")
NEW_PRODUCTS = Text("New products")
LEARNED_WEIGHTS = Text("Learned weights: {weights}")
WEIGHT = Text("{weight:.0%} {source}")

# Histories
KEPT = Plural("{n:,} event of {shoppers} shoppers is kept.", "{n:,} events of {shoppers} shoppers are kept.")
HASHED = Text("User IDs become keyed hashes while the file is read. The key stays on this machine.")
USE_SAMPLE = Text("Use the sample's histories")
UPLOAD_EVENTS = Text("Events: user and product; optionally time, event, quantity, order, rating")
EVENT_FIELD_NAMES = {
    "user": Text("User"),
    "sku": Text("SKU"),
    "time": Text("Time"),
    "event": Text("Event"),
    "quantity": Text("Quantity"),
    "basket": Text("Order"),
    "rating": Text("Rating"),
}
READ_AND_KEEP = Text("Read and keep")
READING = Text("Reading the events")
PERSON = Text("Export or erase a shopper: the ID as in your file")
EXPORT_PERSON = Text("Export this shopper")
ERASE = Text("Erase this shopper")
DELETE_ALL = Text("Delete all histories")
