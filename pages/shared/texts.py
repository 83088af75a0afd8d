"""What several pages say: names, buttons, formats, and the texts of the forms and frames that pages share.

The texts of one page stand in its own folder, ``pages/shared/<page>/texts.py``. A choice that the link holds is drawn
by ``link.choose``, so that the link keeps the value while the label is translated.
"""

from prodsim.phrases import Plural, Text

# Navigation; a page's name is also its title
FIND = Text("Find")
IMPROVE = Text("Improve")
SET_UP = Text("Set up")
SEARCH = Text("Search")
MAP = Text("Map")
ASK = Text("Ask")
RECOMMEND = Text("Recommend")
QUALITY = Text("Quality")
COMPARE = Text("Compare")
ADAPT = Text("Adapt")
CATALOG = Text("Catalog")
SETTINGS = Text("Settings")

# Sidebar
CATALOG_LINE = Text("{products} · {encoder} · built {when} UTC")
CATALOG_LINE_UPDATING = Text("{products} · {encoder} · built {when} UTC · being updated")
WAITING_FOR_JOB = Text("Waiting for another job")
JOB_PROGRESS = Text("{done:,} of {total:,} {unit} · {rate:,.0f} per second")
JOB_PROGRESS_LEFT = Text("{done:,} of {total:,} {unit} · {rate:,.0f} per second · {left} left")
SECONDS = Text("{n:.0f} s")
MINUTES = Text("{n:.0f} min")

# Steps of jobs
STEPS = {
    "read": Text("Reading the file"),
    "encode": Text("Encoding texts"),
    "index": Text("Indexing vectors"),
    "words": Text("Indexing words"),
    "graph": Text("Finding all neighbours"),
    "map": Text("Drawing the map (the first map takes a minute longer)"),
    "describe": Text("Encoding descriptions (you can search already)"),
    "learn": Text("Learning from judgements"),
    "search": Text("Searching"),
    "shoppers alike": Text("Finding similar shoppers"),
    "products in common": Text("Finding products that shoppers share"),
    "weights": Text("Weighting the sources on held-out products"),
    "peers": Text("Training the methods to compare with"),
    "measure": Text("Recommending to each shopper"),
    "recall": Text("Comparing with an exact search"),
    "pairs": Text("Finding training pairs"),
    "counterexamples": Text("Finding counterexamples"),
    "estimate": Text("Trying two batches"),
}
UNITS = {
    "products": Text("products"),
    "texts": Text("texts"),
    "queries": Text("queries"),
    "searches": Text("searches"),
    "batches": Text("batches"),
    "questions": Text("questions"),
    "shoppers": Text("shoppers"),
    "lists": Text("lists"),
    "models": Text("models"),
    "rounds": Text("rounds"),
    "splits": Text("splits"),
}

# Before there is a catalog
NO_CATALOG = Text("There is no catalog yet. Open a sample or upload your own file.")
OPEN_SAMPLE = Text("Open {sample}")
UPLOAD_FILE = Text("Upload a file")
CATALOG_IS_BUILT = Text("The catalog is being built. You can search it before its map is ready.")
DEFAULT_SETTING_UNUSABLE = Text("This catalog's default setting cannot be used, so Overall is used instead")
MAP_IS_DRAWN = Text("The map is being drawn. You can search already.")
NO_MAP = Text("This catalog has no map because its build was stopped.")
CONTINUE_BUILD = Text("Continue the build")

# Errors
ERROR = Text("This did not work")
UNEXPECTED_ERROR = Text("Something went wrong. The details are in the server's log under {number}.")
FILE_FAILED = Text("{file} could not be created.")
FILE_FAILED_FIX = Text("Try another format. If that fails too, report the entry {number} of the server's log.")

# Buttons
CANCEL = Text("Cancel")
STOP = Text("Stop")
START_AGAIN = Text("Start again")
STOPPED = Text("This was stopped.")
UNDO = Text("Undo")
SAVE = Text("Save")
SAVE_AS = Text("Save as…")
DELETE = Text("Delete")
DISCARD = Text("Discard")
CLOSE = Text("Close")
NAME = Text("Name")

# Export
EXPORT = Text("Export")
CSV = Text("CSV")
XLSX = Text("XLSX")
HTML_PAGE = Text("HTML page")
LINK_REOPENS = Text("To share this view, copy the address of the page.")

# Numbers
N_PRODUCTS = Plural("{n:,} product", "{n:,} products")
N_OF_PRODUCTS = Plural("{shown:,} of {n:,} product", "{shown:,} of {n:,} products")
N_JUDGEMENTS = Plural("{n:,} judgement", "{n:,} judgements")
PRICE_AMOUNT = Text("{price:,.2f} {currency}")
NO_PRICE = Text("no price")

# Choices that are empty
ANY = Text("any")
NONE = Text("none")

# Fields of a product, and columns of tables
PICTURE = Text("Picture")
SKU = Text("SKU")
TITLE = Text("Title")
DESCRIPTION = Text("Description")
BRAND = Text("Brand")
CATEGORY = Text("Category")
PRICE = Text("Price")
AVAILABILITY = Text("Availability")
RULES_APPLIED = Text("Rules")
FIELDS = {
    "picture": PICTURE,
    "sku": SKU,
    "title": TITLE,
    "description": DESCRIPTION,
    "brand": BRAND,
    "category": CATEGORY,
    "price": PRICE,
    "availability": AVAILABILITY,
}

# The score and its parts
SCORE = Text("Score")
SCORE_HELP = Text(
    "How similar the product is: the sum of its parts, where 1 means the same text. Higher is more similar."
)
SIMILARITY = Text("Similarity")
SIMILARITY_HELP = Text(
    "How the score compares with random pairs of this catalog: “very close” beats 999.5 of 1,000 pairs, “close” 995."
)
LEVELS = {
    "very close": Text("very close"),
    "close": Text("close"),
    "related": Text("related"),
    "loosely related": Text("loosely related"),
    "unlike": Text("not similar"),
}
PARTS = {
    "meaning": Text("Meaning"),
    "description": Text("Description"),
    "words": Text("Words"),
    "identifiers": Text("Identifiers"),
    "quantities": Text("Quantities"),
    "category": Text("Category"),
    "brand": Text("Brand"),
    "price": Text("Price"),
    "attributes": Text("Attributes"),
    "reranker": Text("Re-ranker"),
    "exact match": Text("Exact match"),
    "boosts": Text("Boosts"),
}
PARTS_HELP = {
    "meaning": Text("How similar the texts are in meaning, as the encoder reads them."),
    "description": Text("How similar the descriptions are in meaning."),
    "words": Text("Words and spellings that both texts share."),
    "identifiers": Text("Model numbers and other words with digits that both share. Rare ones count more."),
    "quantities": Text("Numbers with units in the titles: whether the amounts are equal, as 500 ml and 0.5 l are."),
    "category": Text("Levels of the category path that both share."),
    "brand": Text("Whether the brand is the same, ignoring case and punctuation."),
    "price": Text("The ratio of the prices: the same price is best, four times the price is worst."),
    "attributes": Text("Equal values in the other columns, where both products have one."),
    "reranker": Text("How similar a cross-encoder, which reads both texts together, finds the two."),
}

# Settings: presets, weights, metric
SETTING = Text("Setting")
PRESETS = {
    "overall": Text("Overall"),
    "same product": Text("Same product"),
    "same style": Text("Same style"),
    "substitutes": Text("Substitutes"),
}
METRIC = Text("Vector similarity")
METRICS = {
    "cosine": Text("Cosine"),
    "ip": Text("Inner product"),
    "l2": Text("Euclidean"),
}
