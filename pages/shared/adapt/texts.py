"""What the Adapt page says, in the order of the screen."""

from prodsim.phrases import Plural, Text

PURPOSE = Text("Teach the encoder the words of your catalog, on this machine. You see what it gains before you use it.")
RUN_VIEWS = {"New run": Text("New run"), "Runs": Text("Runs")}
NO_RUNS = Text("There are no runs yet. Start one under “New run”.")

# The present encoder
PRESENT = Text("This catalog uses the encoder {encoder}. Before, it used {before}.")
GO_BACK = Text("Go back")

# Recipe
RECIPE = Text("Recipe")
NEEDS = {
    "language": Text("Needs nothing but the catalog."),
    "judgements": Text("Needs at least {n_pairs} pairs: judgements, decisions on findings, or a file of pairs."),
    "shoppers": Text("Needs histories, which you add on the Recommend page."),
    "federated": Text("Needs another catalog. Each trains on its own pairs; no text of one is shown to another."),
    "smaller": Text("Tries half of the layers, 8-bit weights (int8) and shorter vectors, and lets you choose."),
}
MORE = Text("More options")
BASE = Text("Base model")
BASE_SUGGESTED = Text("{encoder} (suggested)")
BASE_HELP = Text("The model to start from. You can type the name or folder of another sentence-transformers model.")
TRAIN = Text("Weights to train")
METHODS = {"lora": Text("LoRA"), "full": Text("All weights")}
TRAIN_HELP = Text("LoRA trains a few small matrices beside the base model: a few megabytes per run.")
BATCHES = Text("Batches")
BATCHES_HELP = Text("The most batches to train on. A batch has {n_pairs} pairs.")
LEARNING_RATE = Text("Learning rate")
LEARNING_RATE_HELP = Text("The highest rate. Lower it if the loss jumps, or if you train all weights.")
SEED = Text("Seed")
SEED_HELP = Text("The same seed gives the same model.")
ADVERSARIAL = Text("Adversarial training")
ADVERSARIAL_HELP = Text(
    "Moves the vectors of words in the direction that hurts most while the model learns. It becomes more robust and "
    "takes twice the time."
)
PARTNERS = Text("Learn together with")
PARTNERS_HELP = Text("The other catalogs that train the same model.")
NO_PARTNERS = Text("There is no other catalog to learn with. Add one on the Catalog page.")
EPSILON = Text("Privacy limit ε")
EPSILON_HELP = Text(
    "How much the model may tell about any training pair (differential privacy). Smaller is more private and learns "
    "less; 8 is usual. 0 sets no limit."
)
KNOWN_PAIRS = Text("Known pairs (sku_a, sku_b, label) or clusters (sku, cluster_id), optional")
KNOWN_PAIRS_HELP = Text(
    "“Learn the catalog's language” only measures with them. “Learn from judgements” learns from four fifths of them."
)
STARTS_FROM = Text("Starts from {encoder}. One product in five is held out for measuring. Nothing leaves this machine.")
STARTS_FROM_SCRATCH = Text(
    "Starts from a small model of the catalog's own. One product in five is held out for measuring. Nothing leaves "
    "this machine."
)

# Plan
PREVIEW = Text("Preview the training data")
PREPARING = Text("Preparing")
PAIRS_OF_SOURCE = Text("{n:,} × {source}")
PLAN = Text(
    "{held_out:,} of {products} are held out; {questions:,} questions about them are asked at the end. This will take "
    "about {time} on this machine."
)
START = Text("Start")
START_WITHOUT = Plural("Start without {n:,} pair", "Start without {n:,} pairs")
PAIRS_SHOWN = Text("{shown:,} of {total:,} pairs, sampled evenly. Select rows to exclude them.")
PAIRS = Text("Training pairs")
TEXT = Text("Text")
PARTNER = Text("Belongs to")
SOURCE = Text("Source")

# Runs
RUN = Text("Run")
RUN_STATE = Text("{run} · {state}")
STATES = {
    "running": Text("running"),
    "done": Text("done"),
    "failed": Text("failed"),
    "stopped": Text("stopped"),
    "interrupted": Text("interrupted"),
}
ALL_RUNS = Text("All {n:,} runs")
STATE = Text("State")
BEFORE = Text("Before")
AFTER = Text("After")
MINUTES = Text("Minutes")
UNFINISHED = Text("This run is {state}. What it has done so far is kept.")

# A run at work
ACTIVITIES = {
    "pairs": Text("Finding pairs"),
    "counterexamples": Text("Finding counterexamples"),
    "load": Text("Loading the model"),
    "neighbours": Text("Finding neighbours"),
    "masked words": Text("Predicting masked words"),
    "taught": Text("Learning from the current encoder"),
    "train": Text("Training"),
    "save": Text("Saving"),
    "encode": Text("Encoding the catalog"),
    "quantise": Text("Converting to 8-bit weights (int8)"),
    "measure": Text("Measuring on held-out products"),
    "search": Text("Measuring on held-out products"),
}
STARTING = Text("Starting")
BATCH = Text("{activity} · batch {step:,} of {total:,}")
BATCH_LEFT = Text("{activity} · batch {step:,} of {total:,} · about {time} left")
STOP = Text("Stop and keep the best model")
STOPPING = Text("Stopping")
OWN_PROCESS = Text("The run continues in the background, even if you close this page or stop the server.")
ROUNDS = Text("Round {n:,} of {total:,}: {taken:,} of {catalogs:,} catalogs took part.")
PRIVATE_UP_TO = Text("The model tells little about any training pair: ε = {epsilon:.2g}, δ = {delta:.1g}.")
NOT_PRIVATE = Text("No privacy limit was set, so the model may reveal texts that it was trained on.")
TOOK_PART = Text("Catalogs that took part")
N_PAIRS = Text("Pairs")
N_ROUNDS = Text("Rounds")
CHART = Text("Loss and held-out quality per batch")

# Outcome
IN_USE = Text("This catalog's encoder")
USE_MODEL = Text("Use this model")
MODEL_CARD = Text("Model card")
TENSORBOARD = Text("TensorBoard")
OPEN_TENSORBOARD = Text("Open TensorBoard")
DISCARDED = Text("The run was discarded.")
QUESTIONS_ABOUT = Text("Questions")
MEASURE = Text("Measure")
DIFFERENCE = Text("Difference")
INTERVAL_RANGE = Text("{low:+.3f} to {high:+.3f}")
N_QUESTIONS = Text("Number")
MEASURES = Text("Measures before and after")
BY_CATEGORY = Text("By category")
CATEGORY_RECALL = Text("Recall@1 by category")
LARGEST_CATEGORIES = Text("The {n} largest of {total:,} categories.")
CHANGED_MOST = Text("What changed most")
CHANGED_PRODUCTS = Text("Products whose neighbours by meaning changed most")
PRODUCT = Text("Product")
NEAREST_BEFORE = Text("Nearest before")
NEAREST_AFTER = Text("Nearest after")
KEPT_OF_TEN = Text("Still among the ten nearest")

# Options of a smaller encoder
OPTIONS = Text("Options of a smaller encoder")
OPTION = Text("Quality against speed (faster to the right)")
MEANING_RECALL = Text("Meaning, recall@1")
MEANING_NDCG = Text("Meaning, nDCG@10")
SAME_PRODUCT_RECALL = Text("Same product, recall@1")
TEXTS_PER_SECOND = Text("Texts per second")
SPEED = Text("Speed")
TIMES = Text("{ratio:.1f} ×")
MODEL_SIZE = Text("Model, MB")
IS_BEST = Text("Not beaten")
IS_BEST_HELP = Text("No other option is both better and faster.")
IS_OFFERED = Text("Offered")
IS_OFFERED_HELP = Text("Options that lose too much quality are not offered.")
