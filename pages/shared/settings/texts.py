"""What the Settings page says, in the order of the screen."""

from prodsim.phrases import Plural, Text

PURPOSE = Text("See what prodsim runs on, where your data is kept, and what would make it faster.")
SUGGESTION = Text("Suggestion")

# Language
LANGUAGE = Text("Language")
AS_IN_BROWSER = Text("As in the browser")
LANGUAGE_HELP = Text("Of this dashboard's texts, for you alone. What the catalogs say stays as it is.")

# Encoders
ENCODERS = Text("Encoders")
IN_MODEL_CACHE = Text("In the local model cache.")
GOOD_FOR = Text("Good for")
READS = Text("Reads")
DIMENSIONS_HELP = Text("How many numbers a vector has.")
TOKENS = Text("Tokens")
TOKENS_HELP = Text("How many word pieces of a text the encoder reads. Longer texts are reported.")
ALL_TOKENS = Text("all")
MEGABYTES = Text("MB")
MEGABYTES_HELP = Text("Size of the model.")
LICENCE = Text("Licence")
INSTALLED = Text("Installed")
INSTALLED_HELP = Text("Whether the encoder can be used on this machine without a download.")
DEFAULT_ENCODER = Text("Default (auto), where it can read the texts: {encoder}.")
OTHER_ENCODERS = Text(
    "Any sentence-transformers model works as well: type its name or folder as the encoder when you build a catalog."
)

# Storage
STORAGE = Text("Storage")
STORAGE_TOTAL = Text("{size_mb:,.1f} MB in {home} · {free_gb:,.1f} GB free")
SIZE = Text("{size_mb:,.1f} MB")
NOT_FINISHED = Text("not finished")
VECTORS = Text("Vectors")
VECTORS_WHY = Text("shared by all catalogs, so that each text is encoded once")
MODELS = Text("Models")
MODELS_WHY = Text("converted once, so that they run quickly on this machine")
ADAPTED_ENCODERS = Text("Adapted encoders")
ADAPTED_ENCODERS_WHY = Text("all training runs of the Adapt page")
UPLOADS = Text("Uploaded files")
UPLOADS_WHY = Text("kept so that a stopped build can continue")
CLEAN_UP = Text("Clean up")
UNUSED_UPLOADS = Plural("{n:,} uploaded file belongs to no catalog.", "{n:,} uploaded files belong to no catalog.")
DELETE_UPLOADS = Text("Delete unused files")

# Device
DEVICE = Text("Device")
SYSTEM = Plural("{system} · {n} core", "{system} · {n} cores")
SYSTEM_MEMORY = Text("{memory_gb:,.0f} GB of memory")
DEVICE_HELP = Text(
    "To choose another device, set PRODSIM_DEVICE to cpu, cuda or mps before you start prodsim. Otherwise the fastest "
    "one is used."
)

# Privacy
PRIVACY = Text("Privacy")
PRIVACY_LINE = Text(
    "Products, searches and vectors stay on this machine. Nothing is sent anywhere, and usage statistics are off. "
    "Pictures with a web address are loaded from there by your browser."
)
DOWNLOADS_ALLOWED = Text("Models may be downloaded when you name one.")
DOWNLOADS_REFUSED = Text("Models are never downloaded. To allow it, start prodsim with PRODSIM_ALLOW_DOWNLOAD=1.")

# Versions
VERSIONS = Text("Versions")
PACKAGE = Text("Package")
VERSION = Text("Version")
NOT_INSTALLED = Text("not installed")
BUG_REPORT = Text("Download for a bug report")
BUG_REPORT_HELP = Text("What the command prodsim doctor prints. It contains no products.")
KNOWLEDGE = Text("Words that mean the same")
KNOWLEDGE_WHY = Text(
    "Where hardly any product has a word of a search, its other names are looked for, too. Names of things in English, "
    "Chinese and German come with prodsim; files of your own are read first."
)
BUILT_IN_ENTRIES = Text("{n:,} things")
THESAURUS_ENTRIES = Text("{n:,} things, used by every search")
TAXONOMY_ENTRIES = Text("{n:,} categories, for aligning those of a catalog")
ADD_KNOWLEDGE = Text("Add a file")
ADD_KNOWLEDGE_HELP = Text(
    "A table with the columns term and same, lines such as “sofa, couch”, a data file of WordNet, or the product "
    "taxonomy of Google or Shopify."
)
USE_KNOWLEDGE = Text("Use this file")
LEAVE_KNOWLEDGE = Text("Leave it")
TRYING = Text("Trying it on the catalog's own queries")
MEASURED_ON = Text("Measured on {catalog}. The words are not in use yet; deleting the file undoes it.")
