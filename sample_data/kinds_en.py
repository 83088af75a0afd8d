"""What the invented outdoor and home shop sells: one row per kind of product."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of product.

    Attributes:
        category: path, joined by `` > ``.
        names: phrasings of what it is.
        traits: what may set one apart; a title takes one or two.
        uses: what it is for.
        details: sentences about how it is made or behaves.
        materials: what it is made of.
        sizes: variants in size or capacity.
        price: lowest and highest.
        shape: which drawing shows it.
    """

    category: str
    names: tuple[str, ...]
    traits: tuple[str, ...]
    uses: tuple[str, ...]
    details: tuple[str, ...]
    materials: tuple[str, ...]
    sizes: tuple[str, ...]
    price: tuple[float, float]
    shape: str


def _kind(category: str, names: str, traits: str, uses: str, details: str, materials: str, sizes: str, price: tuple[float, float], shape: str) -> Kind:
    return Kind(category, *(tuple(part.strip() for part in text.split("|")) for text in (names, traits, uses, details, materials, sizes)), price, shape)


CLOTHES = "XS | S | M | L | XL"

KINDS = (
    _kind("Clothing > Jackets > Rain jackets", "Rain Jacket | Waterproof Shell | Hardshell | Rain Mac", "3-layer | Packable | Breathable | Seam-sealed | Lightweight", "wet hikes and windy ridges | rainy commutes by bike | a downpour halfway up the hill | damp festival weekends", "Taped seams and a storm flap keep the rain out. | The hood fits over a helmet and turns with your head. | It packs into its own pocket, about the size of a grapefruit. | Pit zips let the heat out when the climb gets steep.", "recycled nylon | ripstop polyester | three-layer laminate", CLOTHES, (79, 289), "jacket"),
    _kind("Clothing > Jackets > Insulated jackets", "Down Jacket | Insulated Parka | Puffer | Winter Coat", "Warm | Waterproof | Water-repellent | 700-fill | Hooded", "cold mornings at camp | walking the dog in January | belays and long waits in the snow | city winters below zero", "Goose down keeps you warm without weight. | Synthetic filling stays warm even when it is wet. | The waterproof outer turns sleet and snow away. | A fleece-lined collar is soft against the chin.", "recycled polyester | nylon taffeta | waxed cotton", CLOTHES, (119, 429), "jacket"),
    _kind("Clothing > Midlayers > Fleeces", "Fleece Jacket | Fleece Pullover | Half-Zip Midlayer | Teddy Fleece", "Cosy | Quick-drying | Grid-knit | Brushed", "layering under a shell | evenings by the campfire | chilly offices | spring hikes", "Brushed inside, smooth outside. | Dries overnight on a line. | Flat seams do not rub under a pack. | The chest pocket swallows a phone.", "recycled fleece | merino blend | polyester grid fleece", CLOTHES, (39, 129), "jumper"),
    _kind("Clothing > Base layers > Merino shirts", "Merino T-Shirt | Wool Base Layer | Long-Sleeve Merino Top | Thermal Undershirt", "Odour-free | Soft | Thermal | Itch-free", "multi-day treks with one shirt | skiing | travel with hand luggage only | running in winter", "Merino keeps its temper and its smell for days. | Warm when it is cold, cool when it is not. | Knitted without side seams. | Washes at thirty degrees like any other shirt.", "merino wool | merino and bamboo | merino and nylon", CLOTHES, (35, 99), "shirt"),
    _kind("Clothing > Trousers > Hiking trousers", "Hiking Trousers | Trekking Pants | Zip-Off Trousers | Walking Trousers", "Stretch | Quick-drying | Convertible | Bug-proof", "long days on the trail | scrambling | warm-weather travel | gardening that gets serious", "Knees are shaped for high steps. | The legs zip off when the sun comes out. | A gusset gives room to climb over stiles. | Shrugs off drizzle and dries in minutes.", "stretch nylon | cotton canvas | softshell", "28 | 30 | 32 | 34 | 36", (49, 149), "trousers"),
    _kind("Footwear > Boots > Hiking boots", "Hiking Boots | Walking Boots | Trekking Boots | Mountain Boots", "Waterproof | Mid-cut | Leather | Wide-fit", "rocky paths with a heavy pack | muddy footpaths | hut-to-hut tours | winter walks", "The sole bites into mud and wet rock. | A membrane keeps puddles outside. | Padded at the ankle, firm under the heel. | Can be resoled when you have worn them down.", "full-grain leather | suede and mesh | nubuck", "38 | 40 | 42 | 44 | 46", (89, 279), "boot"),
    _kind("Footwear > Shoes > Trail running shoes", "Trail Running Shoes | Trail Runners | Fell Shoes | Off-Road Running Shoes", "Grippy | Cushioned | Lightweight | Zero-drop", "fast miles on soft ground | mountain races | forest loops before work | gravel and roots", "Deep lugs hold on wet grass. | Foam that is still alive after a marathon. | A rock plate saves your soles. | Drains quickly after a stream.", "engineered mesh | ripstop mesh | knit", "38 | 40 | 42 | 44 | 46", (79, 189), "shoe"),
    _kind("Footwear > Socks > Hiking socks", "Hiking Socks | Walking Socks | Merino Socks | Trekking Socks", "Cushioned | Blister-free | Seamless | Knee-high", "new boots | long descents | cold feet | everyday wear", "Padded where boots press. | No seam over the toes. | Stays up without squeezing. | Dries on the pack while you walk.", "merino blend | coolmax | wool and nylon", "36-38 | 39-41 | 42-44 | 45-47", (9, 29), "sock"),
    _kind("Camping > Tents", "Tent | Dome Tent | Tunnel Tent | Backpacking Tent", "Roomy | 3-season | Freestanding | Ultralight | Family", "summer weekends | cycle touring | windy moors | a first night outdoors with children", "Pitches outer first, so the inside stays dry. | Two doors, so nobody climbs over anybody. | Poles are colour-coded and up in five minutes. | The porch has room for boots and a stove.", "silnylon | ripstop polyester | cotton blend", "1 person | 2 person | 3 person | 4 person", (99, 599), "tent"),
    _kind("Camping > Sleeping bags", "Sleeping Bag | Down Sleeping Bag | Mummy Bag | Quilt", "3-season | Warm | Compact | Two-way zip", "frosty nights | summer camps | bivouacs | sleeping in the van", "Comfortable down to minus five. | The hood closes around your face with one hand. | Packs down to a loaf of bread. | The zip has a guard against snagging.", "nylon and down | synthetic fill | recycled polyester", "regular | long | wide", (59, 399), "bag"),
    _kind("Camping > Mats", "Sleeping Mat | Air Mattress | Self-Inflating Pad | Foam Mat", "Insulated | Quiet | Folding | Extra-thick", "side sleepers | stony ground | snow camping | festival fields", "Seven centimetres between you and the stones. | Blows up in a dozen breaths. | It does not rustle when you turn over. | Comes with patches for thorns.", "TPU-coated polyester | closed-cell foam | nylon", "regular | long", (29, 199), "mat"),
    _kind("Camping > Stoves and cookware", "Camping Stove | Gas Burner | Cook Set | Backpacking Stove", "Windproof | Folding | Piezo | Compact", "coffee at sunrise | quick noodles above the treeline | proper cooking on the campsite | emergency kits", "Boils half a litre in three minutes. | Simmers without burning the rice. | Everything nests into one pot. | Lights with a click, no matches needed.", "titanium | stainless steel | hard-anodised aluminium", "0.9 l | 1.4 l | 2 l", (25, 149), "stove"),
    _kind("Packs > Backpacks > Hiking packs", "Hiking Backpack | Rucksack | Trekking Pack | Day Pack", "Ventilated | Rain-covered | Adjustable | Lightweight", "hut tours | a day in the hills | three weeks of trekking | carrying for the whole family", "A mesh back keeps your shirt dry. | The hip belt carries what shoulders should not. | The rain cover hides in the lid. | Straps adjust to the length of your back.", "recycled nylon | ripstop | cordura", "18 l | 28 l | 38 l | 55 l | 65 l", (49, 259), "pack"),
    _kind("Packs > Bags > Travel bags", "Duffel Bag | Travel Holdall | Weekender | Carry-On Backpack", "Waterproof | Cabin-size | Roll-top | Lockable", "weekends away | the overhead locker | wet kayaks | the gym and back", "Carries by hand or on the back. | Opens flat like a suitcase. | Wipes clean after the beach. | Fits every cabin we know of.", "tarpaulin | waxed canvas | recycled polyester", "30 l | 40 l | 60 l | 90 l", (45, 189), "duffel"),
    _kind("Hydration > Bottles", "Water Bottle | Insulated Bottle | Vacuum Flask | Drinking Bottle", "Leak-proof | Double-wall | Wide-mouth | BPA-free", "the bike cage | hot tea on the summit | school bags | a desk far from the kitchen", "Cold for twenty-four hours, hot for twelve. | The lid opens with one thumb. | Does not sweat onto your papers. | Fits ice cubes and a bottle brush.", "stainless steel | tritan | borosilicate glass", "350 ml | 500 ml | 750 ml | 1 l", (14, 49), "bottle"),
    _kind("Lighting > Head torches", "Head Torch | Headlamp | Running Light | Rechargeable Headlight", "Rechargeable | Bright | Waterproof | Red-light", "night runs | finding the tent peg | power cuts | reading without waking anyone", "Lasts six hours on bright, a week on dim. | A red mode keeps your eyes used to the dark. | Charges over USB-C. | The band washes with your shirts.", "polycarbonate | aluminium", "200 lm | 400 lm | 800 lm", (19, 99), "torch"),
    _kind("Kitchen > Coffee > Coffee makers", "Pour-Over Coffee Maker | Moka Pot | French Press | Cold Brew Maker | Espresso Maker", "Barista | Classic | Heat-resistant | Elegant", "slow Sunday mornings | anyone who loves coffee | a gift that gets used every day | the office kitchen", "A good present for someone who takes coffee seriously. | Makes a clean cup without paper filters. | Glass that does not mind boiling water. | Holds the crema, not the bitterness.", "borosilicate glass | stainless steel | cast aluminium", "2 cups | 4 cups | 6 cups | 8 cups", (19, 119), "coffeepot"),
    _kind("Kitchen > Coffee > Coffee grinders", "Coffee Grinder | Burr Grinder | Hand Grinder | Coffee Mill", "Conical-burr | Stepless | Travel | Quiet", "fresh espresso | camping with standards | coffee lovers who have everything else | small kitchens", "Steel burrs grind evenly from espresso to French press. | Folds its handle and fits into a mug. | Eighteen clicks from powder to pebbles. | Quiet enough for six in the morning.", "stainless steel | walnut and steel | aluminium", "20 g | 30 g | 40 g", (35, 199), "grinder"),
    _kind("Kitchen > Mugs", "Mug | Coffee Cup | Enamel Mug | Travel Tumbler", "Handmade | Stackable | Speckled | Insulated", "the first coffee of the day | tea drinkers | a small gift | campfires", "Glazed by hand, so no two are alike. | Keeps coffee hot through one long meeting. | Survives the dishwasher and most drops. | Big enough for a proper cup of tea.", "stoneware | enamelled steel | porcelain", "250 ml | 350 ml | 450 ml", (8, 35), "mug"),
    _kind("Kitchen > Knives", "Chef's Knife | Santoku | Paring Knife | Bread Knife", "Forged | Full-tang | Damascus | Japanese-style", "onions without tears | herbs | sourdough crusts | a first good knife", "Balanced at the bolster and sharp out of the box. | Holds its edge for months. | The handle is shaped for real hands. | Comes with a guard for the drawer.", "high-carbon steel | stainless steel | damascus steel", "9 cm | 16 cm | 20 cm", (25, 189), "knife"),
    _kind("Kitchen > Pans", "Frying Pan | Cast-Iron Skillet | Saucepan | Wok", "Non-stick | Induction | Pre-seasoned | Oven-safe", "eggs that slide | steaks | one-pot dinners | a kitchen that lasts", "Heats evenly to the rim. | Works on gas, induction and the campfire. | No coating to flake off. | The handle stays cool.", "cast iron | carbon steel | aluminium", "20 cm | 24 cm | 28 cm", (29, 159), "pan"),
    _kind("Home > Climate > Fans", "Desk Fan | Tower Fan | Pedestal Fan | Bedroom Fan", "Quiet | Oscillating | USB | Remote-controlled", "hot nights in the bedroom | small offices | light sleepers | heatwaves", "Whisper-quiet on the lowest of five speeds. | Turns itself off after you have fallen asleep. | You hear the breeze, not the motor. | Draws less power than a light bulb.", "ABS | aluminium | bamboo", "20 cm | 30 cm | 40 cm", (25, 169), "fan"),
    _kind("Home > Lighting > Lamps", "Desk Lamp | Table Lamp | Bedside Lamp | Floor Lamp", "Dimmable | Brass | Adjustable | Warm-white", "reading in bed | late work | a dark corner | soft evenings", "Dims from bright work light to candle glow. | The arm stays where you put it. | A linen shade makes the light warm. | Has a USB socket in the foot.", "brass | oak | powder-coated steel", "small | medium | large", (29, 189), "lamp"),
    _kind("Home > Textiles > Blankets", "Wool Blanket | Throw | Picnic Blanket | Cotton Blanket", "Woven | Soft | Waterproof-backed | Fringed", "the sofa | picnics on damp grass | cold feet | guests", "Woven in a small mill. | Warm without weighing you down. | The back keeps the damp out. | Gets softer with each wash.", "lambswool | recycled wool | organic cotton", "130 x 170 cm | 150 x 200 cm", (35, 149), "blanket"),
    _kind("Home > Textiles > Towels", "Bath Towel | Travel Towel | Beach Towel | Microfibre Towel", "Quick-drying | Fluffy | Compact | Sand-free", "swimming | hand luggage | the gym | a bathroom like a hotel's", "Dries you twice before it is wet. | Folds smaller than a paperback. | Thick loops that stay soft. | Sand falls off when you shake it.", "organic cotton | microfibre | linen", "50 x 90 cm | 70 x 140 cm | 90 x 180 cm", (9, 45), "towel"),
    _kind("Garden > Tools > Hand tools", "Garden Trowel | Pruning Shears | Hand Fork | Weeding Knife", "Forged | Ash-handled | Bypass | Ergonomic", "raised beds | roses | stubborn dandelions | balcony pots", "Slices through roots and clay. | The spring closes with one finger. | Made to be sharpened, not thrown away. | The handle fits small hands too.", "carbon steel | stainless steel and ash", "small | standard", (12, 59), "trowel"),
)

BRANDS = (
    "Nordvik", "Alpenrast", "Tarnfell", "Skerrow", "Bramblewick", "Osterlund", "Kestrelby", "Haldane & Moss", "Fjellbruk", "Corrieworks",
    "Pinewharf", "Lumafern", "Drovegate", "Wrenfield", "Quillstone", "Marrowby", "Hearthlane", "Kaffavik", "Emberholt", "Saltmarsh Co",
    "Thistledown", "Oakrill", "Velmora", "Brackenridge Trail", "Stonechat",
)  # fmt: skip

SERIES = "Alta Brisk Cairn Drift Ember Fathom Glen Haven Isle Juniper Knoll Ledge Meadow Nook Orrin Peak Quarry Ridge Summit Tarn Umber Vale Willow Yarrow Zephyr".split()

COLOURS = {
    "Black": "#2f3436", "Navy": "#27406b", "Moss": "#5d7a4a", "Rust": "#b4532a", "Sand": "#d3bd97", "Slate": "#6c7a86", "Red": "#b3363a",
    "Teal": "#1f7f7a", "Mustard": "#d19a2a", "Cream": "#e9dfca",
}  # fmt: skip
