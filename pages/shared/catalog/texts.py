"""What the Catalog page says, in the order of the screen."""

from prodsim.phrases import Plural, Text

PURPOSE = Text("Bring your products, confirm what the columns mean, and see what the catalog contains.")
THIS_CATALOG = Text("This catalog")

# Builds that run or were stopped
BUILD_STOPPED = Text("The build of {catalog} was stopped. The finished steps are kept.")
BUILD_FAILED = Text("The build of {catalog} failed. The finished steps are kept.")
TRY_AGAIN = Text("Try again")
DISCARD_HELP = Text("Deletes this build. A catalog that was finished before stays as it was.")
STEP_NAMES = {
    "read": Text("read"),
    "encode": Text("encode"),
    "index": Text("index"),
    "words": Text("words"),
    "graph": Text("neighbours"),
    "crowding": Text("crowding"),
    "map": Text("map"),
    "look": Text("pictures"),
    "lettering": Text("text on pictures"),
    "describe": Text("descriptions"),
}
STEP_TOOK = Text("{step} {seconds:,.0f} s")

# What the catalog holds
DISTINCT_TEXTS = Text("Distinct texts")
DISTINCT_TEXTS_HELP = Text("Products with the same text share one vector.")
PICTURES_COMPARED = Plural("{n:,} picture is compared by look.", "{n:,} pictures are compared by look.")
PICTURES_LEFT_OUT = Plural("{n:,} is left out: {reason}.", "{n:,} are left out: {reason}.")
PRODUCTS = Text("Products")
RECALL = Text("Recall of the index")
RECALL_SHARE = Text("{share:.1%}")
RECALL_HELP = Text(
    "How many of the ten best products of an exact search the index returns, measured on a sample. Higher is better. "
    "The search width (ef) was raised to {ef:,} to reach it."
)
FINDINGS = Text("Import problems")
FINDINGS_HELP = Text(
    "Imperfections of the file, each with the rule that was applied. Fewer is better. The Quality page also checks the "
    "products themselves."
)
KIND_OF_CATALOG = Text("Kind of catalog")
KIND_OF_CATALOG_HELP = Text(
    "Decides what things and their fields are called on the pages, and which fields nobody misses: films have a "
    "director and no price. Recognised from the columns of the file."
)
TITLES_IN = Text("Titles in {scripts}")
SCRIPTS = {
    "Arabic": Text("Arabic"),
    "Chinese": Text("Chinese"),
    "Cyrillic": Text("Cyrillic letters"),
    "Japanese": Text("Japanese"),
    "Korean": Text("Korean"),
    "Latin letters": Text("Latin letters"),
    "no letters": Text("no letters"),
}
"""Keys of ``prodsim.catalog``'s scripts."""
SCRIPT_SHARE = Text("{share:.0%} {script}")
N_CATEGORIES = Plural("{n:,} category", "{n:,} categories")
N_BRANDS = Plural("{n:,} brand", "{n:,} brands")
PRICES_IN = Text("prices in {currencies}")
TOO_LONG = Plural(
    "{n:,} text is longer than {encoder} reads. “Meaning” ignores its end; “Words” reads all of it.",
    "{n:,} texts are longer than {encoder} reads. “Meaning” ignores their ends; “Words” reads all of them.",
)
UNREADABLE = Text(
    "{encoder} does not know {share:.0%} of the characters, so “Meaning” counts for little here. e5-multilingual reads "
    "about 100 languages. lsa is faster and learns any language from the catalog itself."
)
PARTLY_READABLE = Text(
    "{encoder} does not know {share:.0%} of the characters. “Meaning” still counts fully. e5-multilingual reads about "
    "100 languages. lsa is faster and learns any language from the catalog itself."
)
REBUILD_WITH = Text("Rebuild with {encoder}")
FILLED_FIELDS = Text("Products with each field")
TOP_BRANDS = Text("Top brands")
NO_FINDINGS = Text("No imperfections were found in the file.")
FINDINGS_OF_KIND = Text("Findings: {kind}")
DOWNLOAD_FINDINGS = Text("Download all findings")
HOW_BUILT = Text("How it was built")
SOURCE = Text("Source")
BUILT = Text("Built")
READ_AS = Text("Read as")
ALL_GUESSED = Text("everything recognised automatically")
COLUMNS = Text("Columns")
ENCODER_FACTS = Text("{encoder}, {dim:,} dimensions, version {version}")
INDEX = Text("Index")
INDEX_FACTS = Text("recall {recall:.2%} at a search width (ef) of {ef:,}")
CATALOG_VERSION = Text("version {version}")
DISK = Text("Disk")
DISK_FACTS = Text("{size_mb:,.1f} MB, plus its share of the shared vectors")
PROPERTY = Text("Property")
VALUE = Text("Value")

# Upload
DROP_HERE = Text("Drop a catalog here")
UPLOAD_HELP = Text(
    "CSV, TSV, XLSX, JSON, JSON Lines, Parquet, an XML feed or a saved web page, also gzipped or in a zip. The file "
    "stays on this machine. Up to {limit:,} MB; bring a larger one by a path on the server or an address."
)
SERVER_PATH = Text("A path on the server")
SERVER_PATH_EXAMPLE = Text("/data/catalog.csv")
READ_FILE = Text("Read the file")
SERVER_PATH_HELP = Text("For large files: nothing is uploaded or copied.")
IS_NO_PATH = Text("That is an address, not a path on the server.")
FETCH_AS_ADDRESS = Text("Type it below, as an address or a database.")
SAMPLES = Text("A sample, built with one click")
BUILD_SAMPLE = Text("Build {sample}")
FILE_SIZE = Text("{file} · {size_mb:,.1f} MB")
SMALL_FILE_SIZE = Text("{file} · {size_kb:,.1f} kB")
ANOTHER_FILE = Text("Choose another file")

# An address or a database
ADDRESS = Text("The address of a file or feed, or a link to a Google Sheet")
ADDRESS_EXAMPLE = Text("https://shop.example.com/products.xml")
ADDRESS_HELP = Text("Fetched now, and again whenever you press Refresh.")
DATABASE = Text("A database")
DATABASE_EXAMPLE = Text("postgresql://user@host/shop")
QUERY = Text("A table, or a query")
QUERY_EXAMPLE = Text("products or SELECT …")
DATABASE_HELP = Text(
    "PostgreSQL, MySQL, MariaDB or SQLite; it is only read. Passwords are not saved: write "
    "user:${{PRODSIM_SECRET_SHOP}} and set this variable in the environment."
)
FETCH = Text("Fetch")
FETCHING = Text("Fetching the catalog")
FETCHED_FROM = Text("Fetched from {source}")

# Where a catalog comes from
FROM_SOURCE = Text("From {source}")
FROM_UPLOAD = Text("From the uploaded file {file}. To update the catalog, upload a newer one under the same name.")
NEWEST_FILE = Text("Newest file: {file}")
CHECKED_AT = Text("Last fetched {when} UTC")
REFRESH = Text("Refresh")
REFRESH_HELP = Text(
    "Fetches the products again from where they come from and updates the catalog if anything changed. Only new and "
    "edited texts are encoded."
)
REFRESHED_SAME = Text("Refreshed: nothing has changed.")
REFRESHED_UNKNOWN = Text("Refreshed. The catalog was damaged before, so it is not known what changed.")
WHICH_CHANGED = Text("Which products changed")
CHANGE = Text("Change")
CHANGES = {"new": Text("new"), "edited": Text("edited"), "gone": Text("gone")}
FIRST_OF = Text("The first {n:,} of {total:,}. The download has all of them.")
DOWNLOAD_CHANGES = Text("Download all changes")

# What was read
WHAT_WAS_READ = Text("What was read")
FILE_IN_ZIP = Text("File in the zip")
LARGEST = Text("the largest")
SHEET = Text("Sheet")
FIRST_WITH_ROWS = Text("the first with rows")
ENCODING = Text("Encoding")
SEPARATOR = Text("Separator")
AUTOMATIC = Text("automatic")
SEPARATOR_NAMES = {
    ",": Text("comma"),
    ";": Text("semicolon"),
    "\t": Text("tab"),
    "|": Text("pipe"),
}
ROWS = Plural("{n:,} row", "{n:,} rows")
N_COLUMNS = Plural("{n:,} column", "{n:,} columns")
SEPARATED_BY = Text("separator: {separator}")
SHEET_NAMED = Text("sheet {sheet}")
MEMBER = Text("{file} in the zip")
EXPORT_OF = Text("{platform} export")
PRODUCTS_IN_VARIANTS = Text("{products} in {variants:,} variants")
PRICE_FROM = Text("price: {column}")
READ_IN = Text("texts in {locale}")
LOCALE = Text("Language of the texts")
DOUBTFUL_ENCODING = Text("The file can be read in two ways. Choose the one whose letters look right.")
READ_IN_ENCODING = Text("Read as {encoding}")
REPAIRED_LINES = Plural("{n:,} line was repaired", "{n:,} lines were repaired")
REPAIR = Text("Repair")
DOWNLOAD_REPAIRED = Text("Download the repaired lines")
WHICH_COLUMN = Text("Which column is the {field}? Several fit.")
BAD_LINES = Plural("{n:,} line cannot be read and is left out", "{n:,} lines cannot be read and are left out")
LINE_TEXT = Text("Text")
DOWNLOAD_BAD_LINES = Text("Download the list")
READING = Text("Reading the file")
NO_FILE = Text("There is no file {path}.")
CHECK_PATH = Text("Check the path, or upload the file.")
CHECKING = Text("Checking the products")
COMPARING = Text("Comparing with the current catalog")

# What the columns mean
WHAT_COLUMNS_MEAN = Text("What the columns mean")
REMEMBERED = Text("The columns are set as you confirmed them for a file with the same header.")
FIELD = Text("Field")
COLUMN = Text("Column of the file")
CONFIDENCE = Text("Confidence")
CONFIDENCE_SHARE = Text("{share:.0%}")
EXAMPLES = Text("Examples")
NO_COLUMN_FOR = Text("No column was found for {fields}")
YOURS = Text("chosen by you")
EMPTY_COLUMN = Text("every cell is empty")
N_ATTRIBUTES = Plural(
    "{n:,} other column becomes an attribute to filter by", "{n:,} other columns become attributes to filter by"
)
ATTRIBUTES = Text("{count}: {columns}")
MEANINGS = {
    "sku": Text("Identifies the product. Each SKU should be on one line only. Leading zeros are kept."),
    "title": Text("The name of the product. It counts most."),
    "description": Text("A longer text. It supports very short titles."),
    "brand": Text("The maker, or the shop."),
    "category": Text("A path such as Kitchen > Mugs, or a single word."),
    "price": Text("In any usual form: 1.299,00 €, ¥1,299, $12.99–$15."),
    "currency": Text("Needed where the price itself does not say it."),
    "image": Text("The web address of a picture, or its path next to the file."),
    "url": Text("The product's page in the shop."),
    "gtin": Text("EAN, UPC or ISBN. The same GTIN is an exact match."),
    "mpn": Text("The maker's model number. The same number is an exact match."),
    "availability": Text("In stock, out of stock, or a number of pieces."),
    "group_id": Text("What the variants of one product share."),
    "sale_price": Text("Counts instead of the price wherever it is filled in and above 0."),
}

# Preview and build
PREVIEW = Text("Preview")
KIND_TIMES = Text("{n:,} × {kind}")
FINDINGS_LATER = Text("Once the catalog is built, every finding is listed with its line and the rule that was applied.")
BUILD = Text("Build")
CATALOG_NAME = Text("Name of the catalog")
ENCODER_HELP = Text(
    "Turns texts into vectors. auto takes minilm for English texts and e5-multilingual for others. Any "
    "sentence-transformers model works: type its name or folder."
)
AUTO = Text("auto: minilm for English, else e5-multilingual")
ENCODER_READS = Text("{encoder}: reads {languages}")
ENCODER_READS_SIZE = Text("{encoder}: reads {languages}, {size_mb:,.0f} MB")
ENCODER_LOCAL = Text("{encoder}: on this machine, {size_mb:,.0f} MB")
METRIC_HELP = Text("How vectors are compared. Encoders are made for cosine.")
READ_PICTURES = Text("Read the text on pictures")
READ_PICTURES_HELP = Text(
    "What is printed on pictures can then be searched for, and advertising on them is found. It takes part of a second "
    "for each picture."
)
FOREIGN_MINILM = Text(
    "The titles are in {languages}. minilm reads English alone; auto, e5-multilingual and lsa can read them."
)
FOREIGN_E5 = Text(
    "The titles are in {languages}. e5-multilingual also finds products across languages; lsa is many times faster."
)
ESTIMATE = Text(
    "About {duration} and {size_mb:,.0f} MB on a laptop without a GPU. Texts that were encoded before are reused."
)
WILL_UPDATE = Text("{catalog} exists and will be updated. Only new and edited texts are encoded.")
