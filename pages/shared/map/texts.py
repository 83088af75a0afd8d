"""What the Map page says, in the order of the screen."""

from prodsim.phrases import Plural, Text

PURPOSE = Text("Similar products are close together. Draw a lasso around some to list and export them.")

# Above the map
COLOUR_BY = Text("Colour by")
COLOURS = {
    "cluster": Text("Cluster"),
    "category": Text("Category"),
    "brand": Text("Brand"),
    "price": Text("Price"),
}
LABELS = Text("Labels")
LABELS_HELP = Text(
    "Words that are typical of each cluster. Where names would overlap, the larger cluster keeps its name."
)
HIGHLIGHT = Text("Highlight")
HIGHLIGHT_PLACEHOLDER = Text("Word in the title")

# The map
DRAWING = Text("Drawing the map")
ALT = Plural("Map of {n:,} product", "Map of {n:,} products")
OTHERS = Text("other")

# Below the map
ALL_DRAWN = Plural("The only product is drawn", "All {n:,} products are drawn")
SOME_DRAWN = Text("{drawn:,} of {n:,} products are drawn, over the density of all. Selections include those not drawn.")
MATCHES = Plural("{n:,} match for “{word}”", "{n:,} matches for “{word}”")
CLUSTERS = Plural("{n:,} cluster", "{n:,} clusters")
UNCLUSTERED = Plural("{n:,} product in no cluster", "{n:,} products in no cluster")

# Beside the map: nothing selected
NOTHING_SELECTED = Text("Nothing selected")
HOW_TO_SELECT = Text(
    "Draw a lasso or a box on the map, or click a product. Double-click the map to clear the selection."
)
DISTANCES_MISLEAD = Text(
    "Distances on the map can mislead: it keeps similar products together but does not show how far apart groups "
    "are. Search and scores always use the full vectors."
)

# Beside the map: a selection
SELECTED = Plural("{n:,} product selected", "{n:,} products selected")
EXPORT_NAME = Text("{catalog} selection")
SEARCH_SIMILAR = Text("Find similar")
SEARCH_SIMILAR_HELP = Text("Search with the five most typical of these products as examples.")
TYPICAL_WORDS = Text("Typical words: {words}")
BRANDS = Text("Brands")
BRANDS_ALT = Text("Most frequent brands")
PRICES_WITHOUT = Plural("Prices, except {n:,} that is far higher", "Prices, except {n:,} that are far higher")

# The list
SOME_LISTED = Text("The first {listed:,} are listed. The export has all {n:,}.")
LIST_ALT = Text("Selected products")
