"""What the Quality page says, in the order of the screen."""

from prodsim.phrases import Plural, Text

PURPOSE = Text("See what is wrong in the catalog and decide, one finding at a time. Your decisions are kept.")

# Checks
SENSITIVITY = Text("Sensitivity")
SENSITIVITY_HELP = Text(
    "Strict reports a few findings that are almost certain. Loose reports many that are less certain. Each level has "
    "its own findings."
)

# Import
IMPORT_HELP = Text(
    "Decisions that were exported as CSV or XLSX. You see what the file would change before anything is saved."
)
DECISIONS = Text("Decisions")
IMPORT_N = Plural("Import {n:,} decision", "Import {n:,} decisions")
IMPORTED = Text("Decisions imported")
N_NEW = Plural("{n:,} new decision: {actions}", "{n:,} new decisions: {actions}")
N_NOT_PRESENT = Plural(
    "{n:,} of them concerns a finding that is not there now; it is kept in case the finding returns",
    "{n:,} of them concern findings that are not there now; they are kept in case the findings return",
)
N_KNOWN = Text("{n:,} already here")
N_OLDER = Text("{n:,} older than your decision about the same finding, which still counts")
N_LEFT_OUT = Text("{n:,} left out")
NO_DECISIONS = Text("The file contains no decisions.")
LEFT_OUT = Text("Lines left out")

# Export
DECISIONS_HELP = Text("Decisions: one row per product, with an action that other systems can import.")
DECISIONS_CSV = Text("Decisions as CSV")
DECISIONS_XLSX = Text("Decisions as XLSX")
DECISIONS_FILE = Text("{catalog} decisions")
FINDINGS_HELP = Text("Findings: one row per finding, with its state.")
FINDINGS_CSV = Text("Findings as CSV")
FINDINGS_XLSX = Text("Findings as XLSX")
FINDINGS_FILE = Text("{catalog} findings")

WRITE_BACK = Text("Write what was decided back to")
WRITE_BACK_HELP = Text(
    "Files to import into the shop system: the proposed values that you accepted, and the duplicates that are not "
    "kept. All other cells of a file hold what the catalog has."
)
WRITE_BACK_FILES = {
    "changed": Plural("{n:,} changed product", "{n:,} changed products"),
    "take out": Plural("{n:,} product to take out", "{n:,} products to take out"),
}
N_LACKING = Plural(
    "{n:,} product cannot be written: the catalog lacks what {system} finds it by, or {system} would take out its "
    "variants, too.",
    "{n:,} products cannot be written: the catalog lacks what {system} finds them by, or {system} would take out "
    "their variants, too.",
)
N_BY_HAND = Plural(
    "{n:,} decision names no new value, so it is made by hand.",
    "{n:,} decisions name no new value, so they are made by hand.",
)

# Health
HEALTHY = Plural(
    "**{share:.1%}** of {n:,} product has no open issue", "**{share:.1%}** of {n:,} products have no open issue"
)
HEALTHY_HELP = Text(
    "Hints, such as variants that already share a group, and findings that you have decided do not count as issues."
)
N_OPEN = Plural("**{n:,}** open finding", "**{n:,}** open findings")
N_OPEN_CHANGE = Plural(
    "**{n:,}** open finding ({change:+,} since the previous upload)",
    "**{n:,}** open findings ({change:+,} since the previous upload)",
)
N_DECIDED = Text("{n:,} decided")
N_GROUPED = Plural("{n:,} variant group in the catalog", "{n:,} variant groups in the catalog")
EVERY_KIND = Text("All")
TILE = Text("**{n:,}** {title}")
TILE_HELP = Text(
    "{description} The number counts open findings. The line below gives the share of products concerned and, after "
    "another upload, the change in findings."
)
NONE_OPEN = Text("none open")
SHARE = Text("{share:.1%}")
CHANGE = Text("{change:+,}")
WORST_CATEGORIES = Text("Worst categories")
WORST_BAR = Text("{faulty:,} of {products:,}")
WORST_HELP = Text("By the average severity of the open findings per product. Hints do not count.")

# Queue
STATE_SECTIONS = {
    "Open": Text("Open ({n:,})"),
    "Decided": Text("Decided ({n:,})"),
    "Changed since decided": Text("Changed since decided ({n:,})"),
    "Grouped already": Text("Already grouped ({n:,})"),
}
NOTHING_OPEN = Text("Nothing is left to decide here. Your decisions are listed under *Decided*.")
NOTHING_DECIDED = Text("Nothing has been decided here yet.")
PROGRESS = Text("{done:,} of {n:,} decided")
PROGRESS_LEFT = Text("{done:,} of {n:,} decided · about {left} left at your pace")
DECIDE_MANY = Text("Decide many")
OF_ALL_CHECKS = Text("Of all checks, not of this one alone")
AT_LEAST_SURE = Text("At least this sure, in %")
N_SURE = Plural(
    "{sure:,} of the {n:,} finding listed here is at least {share:.0%} sure.",
    "{sure:,} of the {n:,} findings listed here are at least {share:.0%} sure.",
)
N_WITHOUT_PROPOSAL = Plural("{n:,} of them proposes nothing to accept.", "{n:,} of them propose nothing to accept.")
ACCEPT_N = Plural("Accept {n:,} proposal", "Accept {n:,} proposals")
DISMISS_N = Plural("Mark {n:,} as not a problem", "Mark {n:,} as not a problem")
MANY_UNDONE_AT_ONCE = Text("*Undo* takes all of them back at once.")
ADD_NOTE = Text("Add a note to the next decision")
NOTE = Text("Note")
NOTE_PLACEHOLDER = Text("Why")
KEEP_LEFT = Text("Keep left")
KEEP_RIGHT = Text("Keep right")
KEEP = Text("Product to keep")
KEEP_THIS = Text("Keep this")
MARK_VARIANTS = Text("Variants")
ACCEPT = Text("Accept the proposal")
DISMISS = Text("Not a problem")
POSTPONE = Text("Later")
UNDONE = Text("Undone: {kind}, {action}.")
N_UNDONE = Plural("Undone: {n:,} decision.", "Undone: {n:,} decisions.")

# Decisions
DECISION = Text("Decision")
WHEN = Text("When (UTC)")
DECIDED_HOW = Text("Decision")
DECIDED_BY = Text("Decided by")
NOBODY_NAMED = Text("no name")
ALL_DECISIONS = Text("All")
DECISION_KINDS = {
    "keep": Text("Keep one"),
    "variants": Text("Variants"),
    "accepted": Text("Accepted"),
    "dismissed": Text("Not a problem"),
    "later": Text("Later"),
}
COMMENT = Text("Comment on this decision")
DECISIONS_ALT = Text("Findings, latest decision first")
SOME_LISTED = Text("The latest {listed:,} of {n:,} are listed.")
SELECT_ROW = Text("Select a row to see the finding and to decide again.")

# A finding
CONFIDENCE = Text("Confidence: {share:.0%}")
PROPOSAL = Text("{proposal} {confidence}")
DECIDED = Text("Decided on {when}: {decision}.")
CHANGED_SINCE = Text("Its products have changed since.")
SOME_SHOWN = Text("{shown:,} of {n:,} products are shown. The table lists all of them.")
ALL_PRODUCTS = Text("Products of this finding")
NEIGHBOURS = Text("Most similar products")

# Scores of duplicates and variants
SHOW_SCORES = Text("Show scores")
SCORES = Text("Scores")
SCORES_HELP = Text(
    "How similar each product is to its closest match, compared with random pairs, and where the threshold lies."
)
SCORES_ALT = Text("Scores and threshold")
THRESHOLD = Text("Threshold")
THRESHOLD_HELP = Text("Pairs at or above this score count as duplicates. Nothing changes until you apply it.")
AT_THRESHOLD = Text("At {value:.2f}: {duplicates}, {repeated}, {variants}.")
N_DUPLICATE_GROUPS = Plural("{n:,} group of duplicates", "{n:,} groups of duplicates")
N_REPEATED = Plural("{n:,} product that repeats another", "{n:,} products that repeat another")
N_VARIANT_GROUPS = Plural("{n:,} group of variants", "{n:,} groups of variants")
COUNT_CHANGE = Text("{count} ({change:+,})")
BELOW_LOWEST = Text("The current threshold, {value:.2f}, is lower than any that can be tried here.")
APPLY_THRESHOLD = Text("Apply {value:.2f}")
RESET_THRESHOLD = Text("Reset to {value:.2f}")
