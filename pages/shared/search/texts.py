"""What the Search page says, in the order of the screen."""

from prodsim.phrases import Plural, Text

PURPOSE = Text("Find products by words, by SKU, or by examples that you like and dislike.")

# Before a search
TRY = Text("Try")
N_LISTED = Plural("{products}, variants counted as one: {n:,}", "{products}, variants counted as one: {n:,}")
ORDER = Text("Sort by")
ORDERS = {
    "complete": Text("Most complete first"),
    "similar": Text("Most similar first"),
    "price": Text("Cheapest first"),
    "-price": Text("Most expensive first"),
    "title": Text("By title"),
}

# Results
EXPORT_NAME = Text("{catalog} search")
MOST_SIMILAR_IN_ORDER = Text("related ones first · {order}")
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
WHICH_REGIONS = Text("Where do they look alike?")
COVERING = Text("Covering one region at a time")
REGIONS = Text("The stronger the colour, the more a region makes the two pictures look alike.")
REGIONS_HELP = Text(
    "Each region is covered in turn and the picture is compared anew. Grey regions make no difference, or make the two "
    "less alike. Colour counts as well as shape."
)
PICTURE_OF_QUERY = Text("Picture {number:,} of {n:,} of the query")
PICTURE_OF_RESULT = Text("Picture {number:,} of {n:,} of the result")
NO_REGION = Text("No single region makes the two pictures look alike.")
CHANGES = Text("What would change the rank, which is now {rank:,} of {n:,}")
