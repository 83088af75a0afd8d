"""What the Match page says, in the order of the screen."""

from prodsim.phrases import Plural, Text

PURPOSE = Text("See which of your products another catalog has too, at which price, and what only one of the two has.")

# The two catalogs
OTHER = Text("Match with")
OTHER_HELP = Text(
    "A competitor's catalog, a supplier's, or your own of last year. Yours is the one chosen in the sidebar."
)
ONE_CATALOG = Text("A second catalog is needed: a competitor's, a supplier's, or your own of last year.")
MATCH = Text("Match the catalogs")
NOT_MATCHED = Text("These two have not been matched yet. It takes about {duration}.")
MATCHING = Text("{a} and {b}")

# Summary
SURE = Text("Sure matches")
DOUBTFUL = Text("Doubtful")
ONLY_IN = Text("Only in {catalog}")
PRICE_DIFFERENCE = Text("Price difference, median")
PRICE_HELP = Text("How much dearer {a} is than {b}, on the sure matches with two prices in one currency.")
DIFFERENCE = Text("{difference:+.1%}")
NO_DIFFERENCE = Text("–")
THRESHOLD = Text("Sure from a certainty of")
THRESHOLD_HELP = Text("Matches below it are doubtful and wait for a decision. Below 0.2 nothing is proposed.")

# Sections
SECTIONS = {
    "doubtful": Text("Doubtful ({n:,})"),
    "sure": Text("Sure ({n:,})"),
    "rejected": Text("Rejected ({n:,})"),
    "only a": Text("Only in {catalog} ({n:,})"),
    "only b": Text("Only in {catalog} ({n:,})"),
}
NOTHING_DOUBTFUL = Text("No doubtful match is left. Move the threshold up to look at more of them.")
NOTHING_SURE = Text("No match is that certain.")
NOTHING_REJECTED = Text("Nothing has been rejected.")
NO_GAPS = Text("Every product of {catalog} has a match.")
SELECT_ROW = Text("Select a row to see the two products side by side and to decide.")
SOME_LISTED = Text("The first {listed:,} of {n:,} are listed. An export has all of them.")

# Categories
COMPARED = {"products": Text("Products"), "categories": Text("Categories")}
BESIDE = Text("Align with")
NO_CATEGORIES = Text("{catalog} has no categories to align.")
ALIGNING = Text("Aligning the categories")
N_ALIGNED = Plural(
    "{n:,} category · {open:,} to decide · {without:,} without a counterpart",
    "{n:,} categories · {open:,} to decide · {without:,} without a counterpart",
)
CATEGORIES_CSV = Text("Categories as CSV")
CATEGORIES_FILE = Text("categories of {a} in {b}")
CATEGORIES_ALT = Text("Categories with their counterparts")
CATEGORY_CERTAINTY_HELP = Text(
    "From the words of the names, what thesauri call the same, and the words of the products; less where another "
    "category is nearly as close."
)
DECISION = Text("Decision")
STATES = {"open": Text("to decide"), "accepted": Text("accepted"), "none": Text("no counterpart")}
SELECT_A_CATEGORY = Text("Select a row to see products of both and to decide.")
COUNTERPART = Text("The same in {catalog}")
NO_COUNTERPART = Text("No counterpart")
RIVAL = Text("Nearly as close: {path}")
DECIDE_CATEGORY = Text("Same category")

# A pair
SAME = Text("Same product")
DIFFERENT = Text("Different")
LATER = Text("Later")
LEFT = Plural("{n:,} doubtful match left", "{n:,} doubtful matches left")
CERTAINTY = Text("Certainty: {certainty:.0%}")
ACCEPTED = Text("Accepted")
REJECTED = Text("Rejected")
SAME_GTIN = Text("The same GTIN, which no third product has.")
SAME_MPN = Text("The same brand and model number, which no third product has.")
DEARER = Text("{a} is {share:.1%} dearer: {own} against {theirs}")
CHEAPER = Text("{a} is {share:.1%} cheaper: {own} against {theirs}")
SAME_PRICE = Text("Both cost {own}")
OTHER_CURRENCY = Text("The prices are in different currencies and are not compared.")
WHY = Text("Why this match?")
NO_LONGER = Text(
    "This pair was accepted. The two have too little in common by now to be proposed, so there is no score."
)
UNDONE = Text("Undone: {decision}")

# Tables
TABLE_ALT = Text("Matches, the surest first")
GAPS_ALT = Text("Products of {catalog} without a match")
TITLE_OF = Text("Title in {catalog}")
PRICE_OF = Text("Price in {catalog}")
CERTAINTY_COLUMN = Text("Certainty")
DIFFERENCE_COLUMN = Text("Difference")
BY_CATEGORY = Text("By category")
BY_PRICE = Text("By price")
NO_CATEGORY = Text("no category")
NO_PRICE = Text("no price")
BAND = Text("{low:,.10g} to {high:,.10g}")
FIRST_BAND = Text("below {high:,.10g}")
LAST_BAND = Text("{low:,.10g} and more")
MISSING = Text("Missing")
OF_PRODUCTS = Text("Of")
SHARE = Text("Share")
SELECT_CATEGORY = Text("Select a category to list its products alone.")

# Export
MATCHES_HELP = Text("Matches: one row per pair, with certainty, prices and titles.")
MATCHES_CSV = Text("Matches as CSV")
MATCHES_XLSX = Text("Matches as XLSX")
MATCHES_HTML = Text("Matches as a page")
GAPS_HELP = Text("Products that only one of the two has.")
GAPS_CSV = Text("Only in {catalog}, as CSV")
MATCHES_FILE = Text("{a} and {b}")
GAPS_FILE = Text("only in {catalog}")
