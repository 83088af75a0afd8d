"""What the Search page says, in the order of the screen."""

from prodsim.phrases import Plural, Text

PURPOSE = Text("Find products by words, by SKU, or by examples that you like and dislike.")

# Before a search
TRY = Text("Try")

# Results
EXPORT_NAME = Text("{catalog} search")
QUERY_PRODUCT = Text("Query product")
QUERY_PHOTO = Text("Your photo")

# Cards
SIMILAR_HELP = Text("Search for products like this one alone")
LIKE = Text("More like this")
UNLIKE = Text("Less like this")
WHY = Text("Why this result?")
UNDO_GOOD = Text("Judged a good match. Press to undo.")
UNDO_BAD = Text("Judged a bad match. Press to undo.")
ONE_QUERY_ONLY = Text("Results can be judged only for a single query: either a text or one product.")
IS_QUERY = Text("This is the query product.")

# Learning from judgements
JUDGEMENTS_HELP = Text("Your thumbs on the cards. They are kept even when the catalog is rebuilt.")
LEARNING = Text("Weights for {catalog}")
PRECISION_HELP = Text(
    "AP (average precision) is measured on the judged pairs, sorted by score: it is high when good matches come before "
    "bad ones. It lies between 0 and 1; higher is better. Weights count as better only if the whole 95 % interval of "
    "the difference is above 0."
)
USE_WEIGHTS = Text("Use these weights")

# Why this result
QUERY = Text("Query")
MORE_PRODUCTS = Plural("and {n:,} more", "and {n:,} more")
LESS_LIKE = Text("less like {skus}")
RESULT = Text("Result")
ADD_UP = Text("The parts add up to the score")
WORDS_IN_COMMON = Text("Words and spellings in common. The stronger the colour, the more they add.")
WHICH_WORDS = Text("Which words matter?")
LEAVING_OUT = Text("Leaving out one word at a time")
MEANING = Text("How much each word adds to the similarity in meaning. {summary}")
MEANING_HELP = Text(
    "Words are left out one at a time. Words can mean more together than apart, so the values need not add up to the "
    "total."
)
CHANGES = Text("What would change the rank, which is now {rank:,} of {n:,}")
