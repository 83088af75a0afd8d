"""What the Map page says, in the order of the screen."""

from prodsim.phrases import Plural, Text

PURPOSE = Text("Similar products are close together. Filter them, or draw around some to list and export them.")

# Above the map
COLOUR_BY = Text("Colour by")
COLOURS = {
    "cluster": Text("Cluster"),
    "category": Text("Category"),
    "brand": Text("Brand"),
    "price": Text("Price"),
    "availability": Text("Availability"),
}
LABELS = Text("Names")
LABELS_HELP = Text(
    "Words that are typical of each cluster. Where names would overlap, the larger cluster keeps its name; zoom in to "
    "see the others."
)
HIGHLIGHT = Text("Light up")
HIGHLIGHT_PLACEHOLDER = Text("What a search finds")

# On the map
ALT = Plural("Map of {n:,} product", "Map of {n:,} products")
TOOLS = {
    "lasso": Text("Draw around products"),
    "box": Text("Draw a box around products"),
    "pan": Text("Move the map (also with the right button or Shift)"),
    "in": Text("Zoom in"),
    "out": Text("Zoom out"),
    "home": Text("Show the whole map"),
    "none": Text("Select nothing"),
}

# Below the map
ALL_DRAWN = Plural("The only product is drawn", "All {n:,} products are drawn")
N_FAINT = Plural(
    "{n:,} that the filters leave out is drawn faintly", "{n:,} that the filters leave out are drawn faintly"
)
LIT_UP = Plural("{n:,} product lit up for “{words}”", "{n:,} products lit up for “{words}”")
CLUSTERS = Plural("{n:,} cluster", "{n:,} clusters")
UNCLUSTERED = Plural("{n:,} product in no cluster", "{n:,} products in no cluster")

# Beside the map
HOW_TO_SELECT = Text("Draw around products on the map, click one, or click and drag in the charts.")
DISTANCES_MISLEAD = Text(
    "Distances on the map can mislead: it keeps similar products together but does not show how far apart groups "
    "are. Search and scores always use the full vectors."
)
SELECTED = Plural("{n:,} product selected", "{n:,} products selected")
EXPORT_NAME = Text("{catalog} selection")
SEARCH_SIMILAR = Text("Find similar")
SEARCH_SIMILAR_HELP = Text("Search with the five most typical of these products as examples.")
TYPICAL_WORDS = Text("Typical words: {words}")
MORE_VALUES = Plural("{n:,} more in the filters", "{n:,} more in the filters")

# The list
SOME_LISTED = Text("The first {listed:,} are listed. The export has all {n:,}.")
LIST_ALT = Text("Selected products")
