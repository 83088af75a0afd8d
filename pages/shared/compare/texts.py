"""What the Compare page says, in the order of the screen."""

from prodsim.phrases import Plural, Text

PURPOSE = Text("Put two settings side by side: see how their results differ and which is better by your judgements.")

# Sides
CATALOG_HELP = Text("Also compares the same file built with another encoder. Products are matched by SKU.")
SETTING_HELP = Text("A preset, or a setting that was saved for this catalog.")
WEIGHTS_HELP = Text("Weights and vector similarity")
SIDE = Text("{side} ({setting})")
SIDE_CHANGED = Text("{side} ({setting}, changed)")
SECTIONS = {
    "What differs": Text("Differences"),
    "Which is better": Text("Which is better"),
    "Judge pairs": Text("Judge pairs"),
    "Trust in the index": Text("Recall of the index"),
}

# Differences
N_COMPARED = Text("Products to compare")
COMPARING = Text("Comparing")
COMPARISON = Plural(
    "For {n:,} product, the {k} best results of A and B overlap by {overlap:.0%} (95 % interval "
    "{low:.0f}–{high:.0f} %). Their rank agreement is {agreement:.2f} (95 % interval "
    "{agreement_low:.2f}–{agreement_high:.2f}).",
    "For {n:,} products, the {k} best results of A and B overlap by {overlap:.0%} (95 % interval "
    "{low:.0f}–{high:.0f} %). Their rank agreement is {agreement:.2f} (95 % interval "
    "{agreement_low:.2f}–{agreement_high:.2f}).",
)
N_FOREIGN = Plural(
    "{n:,} result is in one catalog only, so it cannot overlap.",
    "{n:,} results are in one catalog only, so they cannot overlap.",
)
NO_DIFFERENCES = Text("A and B give the same results. Choose another setting, or change the weights of one side.")
DIFFER_MOST = Text("Products whose results differ most")
OVERLAP = Text("Overlap")
OVERLAP_HELP = Text("How many of the ten best results both sides have in common.")
AGREEMENT = Text("Rank agreement")
AGREEMENT_HELP = Text(
    "Rank-biased overlap of both lists, between 0 and 1. 1 means the same products in the same order. The first ranks "
    "count most."
)
RESULTS_FOR = Text("Results for “{title}” ({sku}). Select another row to see its results.")
ONLY_HERE = Text("only here")
NOT_IN_OTHER_LIST = Text("Not in the other list")
RANK_IN_OTHER_LIST = Text("Rank {rank} in the other list")
LINES_ALT = Text("Lines between the same products in both lists")

# Which is better
NO_JUDGEMENTS = Text("There are no judgements yet. Once there are some, they show which setting is better.")
HOW_TO_JUDGE = Text(
    "Judge results with the thumbs on the Search page, or choose *Judge pairs* above, where the most informative pairs "
    "come first."
)
OR_IMPORT = Text("You can also import judgements from a file below.")
MEASURING_SIDES = Text("Measuring both sides")
BASED_ON = Text("Based on {judgements} for {queries}. Higher is better; the bars are 95 % intervals.")
N_QUERIES = Plural("{n:,} query", "{n:,} queries")
SHARE_JUDGED = Text(
    "{a:.0%} of A's results and {b:.0%} of B's results have been judged. The others count as bad matches, so a "
    "side with far fewer judged results may be better than it appears."
)
N_NOT_IN_BOTH = Plural(
    "{n:,} judgement is left out because its product is missing from one of the catalogs.",
    "{n:,} judgements are left out because their products are missing from one of the catalogs.",
)
N_NO_GOOD_MATCH = Plural(
    "{n:,} query without a good match is left out.", "{n:,} queries without a good match are left out."
)
MEASURES_ALT = Text("Measures of A and B")

# Judge pairs
CHOOSING_PAIRS = Text("Choosing pairs")
NO_PAIRS_LEFT = Text("No pairs are left: all results of A and B that both catalogs contain have been judged.")
ROUND_PROGRESS = Text("{judged:,} of {n:,} pairs judged in this round")
ROUND_DONE = Text("This round is done. Learn from your judgements below, or start the next round.")
SKIP = Text("Skip")
NEXT_ROUND = Text("Next round")

# Learning from judgements
LEARN_HELP = Text(
    "Finds weights for A's catalog under which good matches score higher than bad ones. Needs {n:,} judgements."
)
LEARNING = Text("Learning weights")
TOO_FEW = Plural("{judgements}; learning needs {n:,} more.", "{judgements}; learning needs {n:,} more.")
LEARNED_ALT = Text("Learned weights")
PART = Text("Part")
WEIGHT_NOW = Text("A")
WEIGHT_LEARNED = Text("Learned")
USE_AS_B = Text("Use as B")
SETTING_NAME = Text("Name of the setting")
SAVED = Text("Saved as “{name}”.")

# Files of judgements
EXPORT_JUDGEMENTS = Text("Export judgements")
JUDGEMENTS_FILE = Text("{catalog} judgements")
IMPORT_JUDGEMENTS = Text("Import judgements")
IMPORT_HELP = Text(
    "A table with the columns sku_a, sku_b and grade, where 1 is a good match and 0 a bad one. For a text instead of a "
    "product, fill in the column query instead of sku_a."
)
JUDGEMENTS = Text("Judgements")
N_OF_CATALOG = Plural("{n:,} judgement for {catalog}", "{n:,} judgements for {catalog}")
N_IMPORTED = Plural("{n:,} judgement imported.", "{n:,} judgements imported.")
N_ROWS_LEFT_OUT = Plural("{n:,} row was left out.", "{n:,} rows were left out.")
ROWS_LEFT_OUT = Text("Rows left out")

# Recall of the index
WHY_MEASURE = Text(
    "An index may visit only some of the vectors, so a search may miss similar products. Measure how many results of "
    "an exact search the index of {catalog} returns."
)
MEASURING_RECALL = Text("Measuring recall")
INDEX_RETURNS = Text("The vector index returns {recall}.")
SEARCH_RETURNS = Text("A search with the weights of A returns {recall}.")
QUERIES_FROM = Text("Queries from")
LIMITED_TO = Text("Searches limited to")
RECALL = Text("Recall")
RECALL_HELP = Text("Share of the ten best results of an exact search that are returned.")
INTERVAL_VALUE = Text("{low:.1f}–{high:.1f} %")
QUERIES = Text("Queries")
QUERIES_HELP = Text("How many products were used as queries.")
ALL_COMPARED = Text("This index compares with every product, so nothing is missed.")
RECALL_BY_WIDTH = Text(
    "Recall and time by search width (ef), the number of vectors that the index visits. The current width is {ef:,}, "
    "chosen during the build for a recall of at least 98 %. *Exact* on the Search page compares with every product."
)
RECALL_ALT = Text("Recall by search width")
