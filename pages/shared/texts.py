"""What several pages say: names, buttons, formats, and the texts of the forms and frames that pages share.

The texts of one page stand in its own folder, ``pages/shared/<page>/texts.py``. A choice that the link holds is drawn
by ``link.choose``, so that the link keeps the value while the label is translated.
"""

from prodsim.phrases import Plural, Text
from prodsim.recommend import SOURCES
from prodsim.search.plain_conditions import Test
from prodsim.search.rules import Does
from prodsim.similarity import PART_NAMES

# Navigation; a page's name is also its title
FIND = Text("Find")
IMPROVE = Text("Improve")
SET_UP = Text("Set up")
OVERVIEW = Text("Overview")
SEARCH = Text("Search")
MAP = Text("Map")
ASK = Text("Ask")
RECOMMEND = Text("Recommend")
QUALITY = Text("Quality")
COMPARE = Text("Compare")
MATCH = Text("Match")
ADAPT = Text("Adapt")
CATALOG = Text("Catalog")
SETTINGS = Text("Settings")

# Login
LOG_IN_FIRST = Text("Log in to see the catalogs.")
LOG_IN = Text("Log in")
LOG_OUT = Text("Log out")
PERSON = Text("{name} · {role}")

# Sidebar
CATALOG_LINE = Text("{products} · {encoder} · built {when} UTC")
CATALOG_LINE_UPDATING = Text(
    "{products} · {encoder} · built {when} UTC. This version is searched until the running build is finished."
)
CATALOG_NOT_HERE = Text("The link names the catalog “{catalog}”, which does not exist here.")
WAITING_FOR_JOB = Text("Waiting for another job")
JOB_PROGRESS = Text("{done:,} of {total:,} {unit} · {rate:,.0f} per second")
JOB_PROGRESS_LEFT = Text("{done:,} of {total:,} {unit} · {rate:,.0f} per second · {left} left")
STEP_OF = Text("{title}: {step}")
STEP_PROGRESS = Text("{title}: {step} · {done:,} of {total:,} {unit}")

# Steps of jobs
STEPS = {
    "fetch": Text("Fetching the catalog"),
    "read": Text("Reading the file"),
    "encode": Text("Encoding texts"),
    "index": Text("Indexing vectors"),
    "words": Text("Indexing words"),
    "align": Text("Aligning the categories"),
    "queries": Text("Asking the catalog's own queries"),
    "graph": Text("Finding all neighbours"),
    "crowding": Text("Comparing products with their neighbours"),
    "map": Text("Drawing the map (the first one takes about a minute longer)"),
    "look": Text("Comparing pictures (you can search by words already)"),
    "lettering": Text("Reading the text on pictures (you can search already)"),
    "describe": Text("Encoding descriptions (you can search already)"),
    "learn": Text("Learning from judgements"),
    "search": Text("Searching"),
    "neighbours": Text("Finding neighbours"),
    "shoppers alike": Text("Finding similar shoppers"),
    "products in common": Text("Finding products that shoppers share"),
    "weights": Text("Weighting the sources on held-out products"),
    "peers": Text("Training the methods to compare with"),
    "measure": Text("Recommending to each shopper"),
    "recall": Text("Comparing with an exact search"),
    "pairs": Text("Finding training pairs"),
    "counterexamples": Text("Finding counterexamples"),
    "estimate": Text("Trying two batches"),
    "candidates": Text("Finding candidates in the other catalog"),
    "compare": Text("Comparing products of both catalogs"),
}
UNITS = {
    "products": Text("products"),
    "pictures": Text("pictures"),
    "pictures to fetch": Text("pictures to fetch"),
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
    "rows": Text("rows"),
    "MB": Text("MB"),
}

# Before there is a catalog
NO_CATALOG = Text("There is no catalog yet. Open a sample or add your own.")
OPEN_SAMPLE = Text("Open {sample}")
ADD_CATALOG = Text("Add a catalog")
BUILT_BY_OTHERS = Text("“{name}” is being built by somebody else. Wait for it, or choose another name.")
CATALOG_IS_BUILT = Text("The catalog is being built. You can search it before its map is ready.")
DEFAULT_SETTING_UNUSABLE = Text("This catalog's default setting cannot be used, so Overall is used instead")
MAP_IS_DRAWN = Text("The map is being drawn. You can search already.")
NO_MAP = Text("This catalog has no map because its build was stopped.")
CONTINUE_BUILD = Text("Continue the build")

# Errors
ERROR = Text("This did not work")
UNEXPECTED_ERROR = Text("Something went wrong. The details are in the server's log under {number}.")
FILE_FAILED = Text("{file} could not be created.")
FILE_FAILED_FIX = Text("Try another format. If that fails, too, report the entry {number} of the server's log.")

# Buttons
STOP = Text("Stop")
START_AGAIN = Text("Start again")
STOPPED = Text("This was stopped.")
UNDO = Text("Undo")
SAVE = Text("Save")
SAVE_AS = Text("Save as…")
DELETE = Text("Delete")
DISCARD = Text("Discard")
CLOSE = Text("Close")
IMPORT = Text("Import")
MEASURE = Text("Measure")
SIMILAR = Text("Similar")
CONTINUE = Text("Continue")
NAME = Text("Name")

# Delete a catalog
DELETE_CATALOG_WARNING = Text(
    "{catalog} will be deleted from this machine. Its source file and the shared vectors are kept."
)
DELETE_CATALOG = Text("Delete the catalog")

# Export
EXPORT = Text("Export")
CSV = Text("CSV")
XLSX = Text("XLSX")
HTML_PAGE = Text("HTML page")
LINK_REOPENS = Text("To share this view, copy the address of the page.")

# What a row of choices is, for those who hear the page read aloud
VIEW = Text("View")
SHOW = Text("Show")

# Judgements
GOOD_MATCH = Text("Good match")
BAD_MATCH = Text("Bad match")
LEARN_FROM_JUDGEMENTS = Text("Learn from judgements")

# Numbers
N_PRODUCTS = Plural("{n:,} product", "{n:,} products")
N_OF_PRODUCTS = Plural("{shown:,} of {n:,} product", "{shown:,} of {n:,} products")
N_OF_FAMILIES = Plural(
    "{shown:,} of {n:,} product, variants counted as one", "{shown:,} of {n:,} products, variants counted as one"
)
N_JUDGEMENTS = Plural("{n:,} judgement", "{n:,} judgements")
LEARNED = Plural(
    "Learned from {n:,} judgement. Result: {verdict}.", "Learned from {n:,} judgements. Result: {verdict}."
)
LEARNED_FROM_SOME = Plural(
    "Learned from {n:,} judgement, with {left_out:,} left out. Result: {verdict}.",
    "Learned from {n:,} judgements, with {left_out:,} left out. Result: {verdict}.",
)
NO_PRICE = Text("no price")
PRICES = Text("Prices")
INTERVAL = Text("95 % interval")
ENCODER = Text("Encoder")
DIMENSIONS = Text("Dimensions")

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
CURRENCY = Text("Currency")
LINK = Text("Link")
GTIN = Text("GTIN")
MPN = Text("Model number (MPN)")
VARIANTS = Text("Variants")
VARIANT_GROUP = Text("Variant group")
FIELD_NAMES = {
    "picture": PICTURE,
    "sku": SKU,
    "title": TITLE,
    "description": DESCRIPTION,
    "brand": BRAND,
    "category": CATEGORY,
    "price": PRICE,
    "availability": AVAILABILITY,
}
COMPARED_FIELD_NAMES = {
    **FIELD_NAMES,
    "currency": CURRENCY,
    "url": LINK,
    "gtin": GTIN,
    "mpn": MPN,
    "group_id": VARIANT_GROUP,
    "catalog": CATALOG,
}
SHARE_OF_WEIGHTS = Text("{reason} · {share:.0%} of the weights")
ON_TOP = Text("{reason} · added to the weighted parts")
TOTAL = Text("Score {score:.3f}")
IDENTICAL = Text("Identical: {fields}")
FIELD_VALUE = Text("{field}: {value}")

# Findings, and the lines of a file
KIND = Text("Kind")
KIND_COUNT = Text("{kind} ({n:,})")
FINDING = Text("Finding")
LINE = Text("Line")
REASON = Text("Reason")

# The score and its parts
SCORE = Text("Score")
SCORE_HELP = Text(
    "How similar the product is: the sum of its parts, where 1 means the same text. A product that the query "
    "names, for example by its SKU, gets 1 more. Higher is more similar."
)
SIMILARITY = Text("Similarity")
SIMILARITY_HELP = Text(
    "How the score compares with random pairs of this catalog: “very close” beats 99.95 % of pairs, “close” 99.5 %."
)
LEVELS = {
    "very close": Text("very close"),
    "close": Text("close"),
    "related": Text("related"),
    "loosely related": Text("loosely related"),
    "unlike": Text("not similar"),
}
PARTS = {**PART_NAMES, **SOURCES, "boosts": Text("Boosts")}
PART_COLUMN = Text("{part} (part)")
PARTS_HELP = {
    "meaning": Text("How similar the texts are in meaning, as the encoder reads them."),
    "description": Text("How similar the descriptions are in meaning."),
    "words": Text("Words and spellings that both texts share."),
    "identifiers": Text(
        "The rarest model number or word that both share. Numbers that contradict each other count against."
    ),
    "quantities": Text("Numbers with units in the titles: whether the amounts are equal, as 500 ml and 0.5 l are."),
    "category": Text("Levels of the category path that both share."),
    "brand": Text("Whether the brand is the same, ignoring case and punctuation."),
    "price": Text("The ratio of the prices: the same price is best, four times the price is worst."),
    "attributes": Text("Equal values in the other columns, where both products have one."),
    "look": Text("How alike the pictures are, in shapes, patterns and colours."),
    "reranker": Text("How similar the two are to a cross-encoder, which reads both texts together."),
}

# Settings: presets, weights, metric
SETTING = Text("Setting")
PRESET_NAMES = {
    "overall": Text("Overall"),
    "same product": Text("Same product"),
    "same style": Text("Same style"),
    "substitutes": Text("Substitutes"),
}
METRIC = Text("Vector similarity")
METRIC_NAMES = {
    "cosine": Text("Cosine"),
    "ip": Text("Inner product"),
    "l2": Text("Euclidean"),
}
SIMILAR_MEANS = Text("What similar means")
SIMILAR_MEANS_HELP = Text(
    "Overall suits most questions. Same product finds other offers of the same article. Same style and Substitutes "
    "look wider. The settings that you save are listed after Overall."
)
ALL_AT_ZERO = Text("All sliders are at 0, so the weights of the setting are used.")
METRIC_HELP = Text(
    "How vectors are compared. Euclidean distances become 1 / (1 + distance), so that higher is always more similar."
)
WIDTH = Text("Search width (ef)")
WIDTH_AS_BUILT = Text("as built")
WIDTH_HELP = Text(
    "How many vectors the index visits. A wider search misses fewer products and takes longer. This index was built "
    "with {ef:,}. The Compare page shows recall and time for each width."
)
RESET_CHANGES = Text("Reset changes")
RESET_CHANGES_HELP = Text("Takes back everything that you changed since you chose the setting.")
REPLACES_SAVED = Text("A setting with the same name is replaced.")
MAKE_DEFAULT = Text("Make default for this catalog")
REMOVE_DEFAULT = Text("Remove as default")
DELETE_SETTING = Text("Delete this setting")
DELETE_NAMED = Text("Delete {setting}")
IS_DEFAULT = Text("{setting} is the default of this catalog.")
SETTING_PROBLEM = Text("{setting}: {problem}")

# Weights in the link
LINK_IGNORED = Text("The link says {name} = “{value}”, which cannot be used here. It is ignored.")
WEIGHTS_IGNORED = Text("The weights in the link are ignored: {problem}.")
WEIGHTS_LIMITED = Text("Weights above {most:g} in the link count as {most:g}, the most that a slider allows.")

# Search form
SEARCH_PLACEHOLDER = Text("Words, a SKU, a model number or a brand")
PHOTO = Text("Photo")
PHOTO_HELP = Text("Find products that look like a photo. Words in the search field count as well.")
PHOTO_FILE = Text("Drop a photo here")
LIKED = Text("More like")
DISLIKED = Text("Less like")
CHIP = Text("{title} · {sku}")
PRODUCTS_NOT_HERE = Plural(
    "{n:,} product in the link is not in this catalog and is ignored.",
    "{n:,} products in the link are not in this catalog and are ignored.",
)
VALUES_NOT_HERE = Plural(
    "{field}: {n:,} value in the link is not in this catalog and is ignored.",
    "{field}: {n:,} values in the link are not in this catalog and are ignored.",
)
PRICE_FROM = Text("Price from")
PRICE_TO = Text("to")
VALUE_COUNT = Text("{value} ({n:,})")
IN_STOCK = Text("In stock")
FILTERS = Text("Filters")
FILTERS_COUNT = Text("Filters ({n})")
PRICE_IN = Text("Price ({currency})")
PRICE_UP_TO = Text("up to {high}")
PRICE_FROM_ON = Text("from {low}")
PRICE_BETWEEN = Text("{low}–{high}")
ANOTHER_ATTRIBUTE = Text("Another attribute")
EXACT = Text("Exact")
EXACT_HELP = Text("Compare with every product instead of using the index.")
AS_TYPED = Text("As typed")
AS_TYPED_HELP = Text("Do not look for other names of a word that hardly any product has.")
VIEW_HELP = Text("Show the results as cards or as a table.")
RESULT_VIEWS = {"cards": Text("Cards"), "table": Text("Table")}
MODE = Text("Compare by")
MODE_HELP = Text("Compare products by their words, by their meaning, or by both.")
MODES = {"both": Text("Both"), "meaning": Text("Meaning"), "words": Text("Words")}
DETAILS = Text("Details")
DETAILS_HELP = Text(
    "How the results were found: by words, by meaning or by both, with or without the index, and how long it took."
)
TUNE = Text("Tune")
TUNE_HELP = Text("Decide what similar means, with a slider for each part of the score.")

# Arrange
ARRANGE = Text("Arrange")
ARRANGE_COUNT = Text("Arrange ({n})")
VARIANTS_AS_ONE = Text("Variants as one")
VARIANTS_AS_ONE_HELP = Text(
    "Of products that differ only in size, colour and the like, the most similar one is shown, with how they differ. "
    "They are those that the catalog groups, those that the check of variants found, and those that you decided about."
)
MOST_PER_BRAND = Text("At most per brand")
MOST_PER_CATEGORY = Text("At most per category")
HALF_LIFE = Text("Newer first: half-life in days")
HALF_LIFE_USUAL = Text("{days:g} days")
NO_HALF_LIFE = Text("age does not count")
HALF_LIFE_HELP = Text(
    "After so many days, being new counts half as much. It is a part of the score, named newness; age counts from the "
    "newest product. 0 turns it off."
)
MOST_PER_FAMILY = Text("At most per family of variants")
LEAST_SIMILARITY = Text("Minimum similarity")
LEAST_SIMILARITY_HELP = Text(
    "Shows only results that are at least this similar. “Very close” beats 99.95 % of random pairs of this catalog, "
    "“close” 99.5 %."
)
DIVERSITY = Text("Diversity")
DIVERSITY_HELP = Text("0 sorts by similarity alone. 1 makes each result as different as possible from those above it.")
RELATIVE_TO_QUERY = Text("Relative to the query product")
SAME_CATEGORY = Text("Same category")
PRICE_WITHIN = Text("Price difference at most (%)")

# Rules
RULES = Text("Rules")
RULES_NAMED = Text("Rules: {name}")
RULES_IN_USE = Text("Rules in use")
RULES_HELP = Text("Rules pin, boost or bury products, and limit how many of a kind a list shows.")
RULES_NOT_HERE = Text("The link names the rules “{rules}”, which this catalog does not have. They are ignored.")
EDIT_RULES = Text("Edit rules")
WRITE_RULES = Text("Write rules")
RULES_AS_TEXT = Text("As text (YAML)")
ADD_RULE = Text("Add a rule")
REMOVE_RULE = Text("Remove this rule")
N_INCOMPLETE = Plural("{n:,} rule is not complete and is left out.", "{n:,} rules are not complete and are left out.")
RULE_DOES = Text("Do what")
RULE_KINDS: dict[Does, Text] = {
    "boost": Text("Raise or lower"),
    "pin": Text("Show first"),
    "bury": Text("Show last"),
    "boost_by": Text("Raise by a number"),
}
RULE_ABOUT = Text("Which products")
RULE_TESTS: dict[Test, Text] = {
    "sku": Text("One product"),
    "brand": BRAND,
    "category": CATEGORY,
    "price_max": Text("Price up to"),
    "price_min": Text("Price from"),
    "in_stock": Text("In stock"),
    "not_in_stock": Text("Not in stock"),
    "attribute": Text("Attribute"),
    "column": Text("Column of numbers"),
    "sql": Text("Condition in SQL"),
}
ATTRIBUTE = Text("Attribute")
VALUE = Text("Value")
RULE_BY = Text("How much")
RULE_BY_HELP = Text(
    "What is added to the score, which is about 1 for the same product. 0.1 is noticeable; below 0 lowers. By a "
    "number, the highest gets all of it and the lowest nothing."
)
RULE_WHEN = Text("For searches with")
PREVIEW_FOR = Text("What would move in the search for")
NOTHING_MOVES = Text("Nothing moves for “{words}”.")
WHAT_MOVES = Text("Of the first {n}: {up} higher, {down} lower, {new} new, {gone} no longer there.")
MOVED_TO = Text("{place}. {title}  {move}")
RULES_TEXT_HELP = Text("YAML. All products and conditions are checked before the rules are saved.")
SAVE_AND_USE = Text("Save and use")
DOWNLOAD_YAML = Text("Download YAML")
DELETE_VERSIONS = Text("Delete all versions")
RULES_VERSION = Text("{version} · {when} UTC")
RULES_VERSIONS = Text("Versions of {name}: {versions}")
PREVIOUS_VERSION = Text("Restore the previous version")
PIN = Text("Pin for this search")
BURY = Text("Show last for this search")
PINNED = Text("pinned")
BURIED = Text("shown last: {target}")
BOOST = Text("boost: {target}")
MOVED_BY_RULES = Text("{move} by rules")

# Cards
CARD_MENU = Text("More")
SELECT_SKU = Text("Click to select")
MOVED = Text("Compared with the default weights")
MOVED_IN = Text("new")
BEATS_ALL_PAIRS = Text("more similar than any of the random pairs of this catalog that were compared")
BEATS_PAIRS = Text("more similar than {percent:g} % of random pairs of this catalog")

# A product that is open over the page
PRODUCT = Text("Product")
PRODUCT_NOT_HERE = Text("The link names the product “{sku}”, which is not in this catalog.")
COPY_SKU = Text("Copy the SKU")
IN_THE_SHOP = Text("In the shop")
ON_THE_MAP = Text("On the map")
SHOW_PICTURE = Text("Show this picture")
SEARCH_SIMILAR = Text("Search for similar products")
FAMILY = Plural("{n:,} variant, {differences}", "{n:,} variants, {differences}")
OPEN_FINDINGS = Plural("{n:,} open finding", "{n:,} open findings")
DECIDE = Text("Decide on the Quality page")
NEIGHBOURS = Text("Nearest products")
BOUGHT_WITH = Text("Bought with it")
NO_NEIGHBOURS = Text("No other product is near.")

# Shortlists
SHORTLIST = Text("Shortlist")
SHORTLIST_COUNT = Plural("Shortlist ({n:,})", "Shortlist ({n:,})")
NEW_SHORTLIST = Text("Choose a shortlist, or type the name of a new one.")
PUT_ON = Text("Put on “{name}”")
TAKE_OFF = Text("Take off “{name}”")
SHORTLIST_NOTE = Text("Note")
NO_LONGER_HERE = Text("no longer in this catalog")
EMPTY_SHORTLIST = Text("Press the bookmark on a card to put its product here.")
N_PUT_ON = Plural("{n:,} product put on “{name}”.", "{n:,} products put on “{name}”.")
COMPARE_SHORTLIST = Text("Side by side")
COMPARE_SHORTLIST_HELP = Text("Compare up to {n} products of this list, with what differs marked.")
COMPARED_PRODUCTS = Text("Products side by side")
NOTHING_TO_UNDO = Text("There is nothing to undo.")

# Several cards at once
CHOOSE_CARD = Text("Choose, to do something with several products at once")
CHOOSE_ALL_CARDS = Text("All on this page")
CHOOSE_NO_CARD = Text("Choose none")
N_CHOSEN = Text("{n} chosen")
CHOSEN_FILE = Text("{catalog} chosen products")

# Results
MOST_SIMILAR_FIRST = Text("most similar first")
SIMILAR_AND_DIVERSE = Text("similar and diverse")
TOOK = Text("{ms:,.0f} ms")
ALL_COMPARED = Text("compared with every product")
CANDIDATES = Text("{n:,} scored: {by_words:,} found by words, {by_meaning:,} by meaning")
CANDIDATES_BY_LOOK = Text("{n:,} scored: {by_words:,} found by words, {by_meaning:,} by meaning, {by_look:,} by look")
INDEX_RECALL = Text("the index finds {share:.1%} of what an exact search finds")
INDEX_WIDTH = Text("the index visits {n:,} vectors")
MOVES = Text("Compared with the default weights: {up:,} up, {down:,} down, {new:,} new.")
NO_MOVES = Text(
    "The weights differ from the default, but the list is the same. A typed query has no category, brand, price or "
    "attributes to compare."
)
NOTHING_PASSES = Text("No product passes the filters. Clear them to see all products.")
NOTHING_PASSES_HINT = Text("No product passes the filters. {hints}")
WITHOUT_FILTER = {
    "price": Plural(
        "Without the price filter there would be {n:,} product.",
        "Without the price filter there would be {n:,} products.",
    ),
    "brand": Plural(
        "Without the brand filter there would be {n:,} product.",
        "Without the brand filter there would be {n:,} products.",
    ),
    "category": Plural(
        "Without the category filter there would be {n:,} product.",
        "Without the category filter there would be {n:,} products.",
    ),
    "stock": Plural(
        "Without the stock filter there would be {n:,} product.",
        "Without the stock filter there would be {n:,} products.",
    ),
    "attributes": Plural(
        "Without the attribute filters there would be {n:,} product.",
        "Without the attribute filters there would be {n:,} products.",
    ),
    "where": Plural(
        "Without the SQL condition there would be {n:,} product.",
        "Without the SQL condition there would be {n:,} products.",
    ),
}
CLEAR_FILTERS = Text("Clear filters")
NOTHING_LEFT = Text("No product passes the limits set under Arrange. {left_out}.")
CLEAR_LIMITS = Text("Clear limits")
RESULTS_TABLE = Text("Results, best first")

# In place of words that Streamlit has in English alone
UPLOAD = Text("Upload")
UPLOAD_LIMIT = Text("Up to {limit:,} MB per file")
PRESS_ENTER = Text("Press Enter to apply")
NO_OPTION = Text("No results")

# Checks
CHECKS = Text("Checks")
NOT_CHECKED = Text("This catalog has not been checked yet. A check takes about {duration}.")
CATALOG_CHANGED = Text(
    "The catalog has changed since the last check. A new check takes about {duration}. Your decisions are kept."
)
CHECK = Text("Check the catalog")
CHECK_AGAIN = Text("Check again")
OWN_THRESHOLD = Text("The threshold for duplicates and variants is {threshold:g}, chosen by hand.")
THRESHOLD_IGNORED = Text("The threshold “{text}” in the link is ignored: it must be between 0 and 1.")

# Views
COPY_LINK, LINK_COPIED = Text("Copy link"), Text("Copied")
VIEWS = Text("Views")
VIEWS_HELP = Text(
    "A view is this page with all that you have chosen on it. It opens for everybody who uses this catalog."
)
NO_VIEWS = Text("No view has been saved yet.")
VIEW_NAME = Text("Name of the view")
SAVE_VIEW = Text("Save this view")
FORGET_VIEW = Text("Delete the view “{name}”")

# Reports
REPORT_HELP = Text("Report: four slides to show, or one long page with all charts and many examples. All open offline.")
REPORT_FILE = Text("{catalog} quality")
REPORTS = {
    ".pdf": Text("Slides as PDF"),
    ".pptx": Text("Slides as PowerPoint"),
    ".html": Text("Long report as HTML"),
}

# What an upload changes
N_NEW = Text("{n:,} new")
N_EDITED = Text("{n:,} edited")
N_GONE = Text("{n:,} gone")
N_UNCHANGED = Text("{n:,} unchanged")
EDITED_FIELDS = Text("Edited: {fields}.")
FIELD_TIMES = Text("{field} ({n:,})")
NEW_COLUMNS = Text("New columns: {columns}.")
GONE_COLUMNS = Text("Columns that are gone: {columns}.")

# Charts of a catalog
TOP_CATEGORIES = Text("Top categories")
PRICES_CURRENCY = Text("Prices in {currency}")
PRICES_FAR = Plural("{prices}, except {n:,} that is far higher", "{prices}, except {n:,} that are far higher")
MAPPED_FIELD_NAMES = {
    "sku": SKU,
    "title": TITLE,
    "description": DESCRIPTION,
    "brand": BRAND,
    "category": CATEGORY,
    "price": PRICE,
    "currency": CURRENCY,
    "image": PICTURE,
    "url": LINK,
    "gtin": GTIN,
    "mpn": MPN,
    "availability": AVAILABILITY,
    "group_id": VARIANT_GROUP,
    "sale_price": Text("Sale price"),
}
