"""What the Overview page says, in the order of the screen."""

from prodsim.phrases import Plural, Text

PURPOSE = Text("What this catalog holds, how good it is, and what is worth doing next.")

# What it holds
PRODUCTS = Text("Products")
CATEGORIES = Text("Categories")
BRANDS = Text("Brands")
MEDIAN_PRICE = Text("Median price")
WITH_PICTURE = Text("With a picture")
SHARE = Text("{share:.1%}")
NONE = Text("none")
LANGUAGE_OF_TITLES = Text("Texts in {languages}")
PRICE_RANGE = Text("prices from {low} to {high}")
PRICES_UNKNOWN = Plural("{n:,} price unknown", "{n:,} prices unknown")
OTHER_CURRENCIES = Plural("{n:,} price in another currency", "{n:,} prices in other currencies")
LAST_UPLOAD = Text("built on {date}")

# Health
HEALTHY = Text("Products without an open issue")
HEALTH_CHANGE = Text("{points:+.1f} percentage points")
N_WITH_ISSUE = Plural("{n:,} product has an open issue.", "{n:,} products have an open issue.")
TREND = Text("Health at the last uploads")
TREND_STARTS = Text("The trend begins with the next upload.")

# Opportunities
OPPORTUNITIES = Text("What is worth doing next")
OPPORTUNITIES_HELP = Text("Open issues, ordered by how serious they are and how many products they concern.")
TOUCHES = Plural("product · {share:.1%} of all", "products · {share:.1%} of all")
DECIDE = Plural("Decide on {n:,} finding", "Decide on {n:,} findings")
OTHER_KINDS = Plural("See {n:,} further kind of issue", "See {n:,} further kinds of issues")
NOTHING_TO_DO = Text("There is nothing to decide: no check reports an open issue.")

# Where
WORST_CATEGORIES = Text("Categories with the most serious issues")
MISSING_VALUES = Text("Products without …")
N_OF_ALL = Text("{n:,} · {share:.1%}")
NOTHING_MISSING = Text("Nothing is missing in any product: {fields}.")

# Changes
CHANGES = Text("What the last upload changed")
FIRST_UPLOAD = Text("No earlier upload is known. The next one will be compared with this one.")
NOTHING_CHANGED = Text("The last upload changed no product.")
