"""Patterns of English and Chinese questions that are about no catalog's words: prices, negations, audiences, filler."""

import re

from prodsim.knowledge import IRREGULAR, language_files, stem

NUMBER = r"(?<![\d.])(?P<{0}>\d{{1,3}}(?:,\d{{3}}){{1,3}}(?:\.\d{{1,2}})?|\d{{1,9}}(?:[.,]\d{{1,2}})?)(?![.,]?\d)"
CURRENCY = r"(?:[$€£¥￥]|euros?|dollars?|pounds?|usd|eur|gbp|cny|rmb|yuan|quid|bucks|元|块钱?|人民币)"
_UNITS = (
    "g|kg|mg|ml|cl|l|cm|mm|m|km|w|kw|v|lm|db|k|mah|hz|ghz|mb|gb|tb|mp|inch|inches|in(?! [a-z])|ft|foot|feet|lbs?|oz|%|"
    "°c?|°f|gram(?:me)?s?|kilos?|kilogram(?:me)?s?|ounces?|litres?|liters?|met(?:er|re)s?|centimet(?:er|re)s?|miles?|yards?|"
    "watts?|volts?|lumens?|decibels?|degrees?|person|people|persons|seasons?|cups?|pieces?|packs?|seats?|pockets?|"
    "minutes?|mins?|hours?|days?|weeks?|months?|years?|stars?|reviews?|千克|公斤|斤|克|毫升|升|厘米|毫米|米|寸|码|"
    "片|支|瓶|包|袋|盒|颗|粒|件|个|双|层|倍|人|岁|天|周|小时|分钟|个月|年|瓦|流明|度"
)
_NO_UNIT = rf"(?!\d)(?!\s*-?\s*(?:{_UNITS})(?![a-z]))"
_PRICE = rf"{CURRENCY}?\s*{NUMBER.format('n')}{_NO_UNIT}\s*{CURRENCY}?"

_OTHER_PRICE = _PRICE.replace("<n>", "<m>")


def _bare(word: str) -> str:
    """Match a short word where it says a limit and is no part of a name: air max 90, mini 2."""
    money = rf"(?=\s*(?:{CURRENCY}|\d[\d.,]*\s*{CURRENCY}))"
    return rf"{word}imum(?: of)?|{word}(?: of|:)|{word}\.(?=\s)|(?:^|(?<=[,;(])|(?<=[,;(] )){word}|{word}{money}"


MAX_PRICE = re.compile(
    r"(?:(?<![a-z])(?:under|below|less than|cheaper than|lower than|up to|at most|no more than|not more than|"
    r"unter|höchstens|maximal|bis zu|weniger als|nicht mehr als|"
    rf"{_bare('max')}|within|budget(?: is|['’]s| of|:)?|not over|not above|(?:can|could|want to|willing to) spend|"
    rf"spend(?:ing)?(?= {CURRENCY}?\s*\d)|mein budget(?: ist| liegt bei)?)"
    r"|<=?|不超过|最多|不高于|低于|少于|不到|不满|预算(?:是|在)?)"
    rf"\s*{_PRICE}(?:\s*(?:以内|以下|之内|or less|max))?"
    rf"|{_OTHER_PRICE}\s*(?:以内|之内|以下|封顶|内(?![容衣裤存胆置])|(?:就|可以|就可以)?能?买得?到|"
    r"to spend\b|budget\b|or less|or under|max(?:imum)?\b(?!\s+(?!in\b|for\b|please\b|and\b)[a-z]))",
    re.IGNORECASE,
)
MIN_PRICE = re.compile(
    rf"(?:(?<![a-z])(?:over|above|more than|at least|no less than|über|mindestens|mehr als|"
    rf"{_bare('min')}|starting at)|>=?|"
    r"不低于|至少|高于|超过)"
    rf"\s*{_PRICE}(?:\s*以上)?"
    rf"|{_OTHER_PRICE}\s*(?:以上|or more|and up)",
    re.IGNORECASE,
)
_SIGN = rf"\s*{CURRENCY}?\s*"
BETWEEN = re.compile(
    rf"(?<![a-z])(?:between|from|zwischen){_SIGN}{NUMBER.format('low')}{_SIGN}(?:and|to|und|bis|-|–){_SIGN}{NUMBER.format('high')}{_NO_UNIT}{_SIGN}"
    rf"|{CURRENCY}\s*{NUMBER.format('low2')}\s*(?:-|–|to){_SIGN}{NUMBER.format('high2')}{_NO_UNIT}"
    rf"|{NUMBER.format('low3')}{_SIGN}(?:-|–|到|至|~)\s*{NUMBER.format('high3')}\s*(?:{CURRENCY}\s*(?:之间)?|之间)"
    rf"|(?:价格|价位|价钱|预算)(?:在|是|大概|大约)*\s*{NUMBER.format('low4')}{_SIGN}(?:-|–|到|至|~)\s*{NUMBER.format('high4')}",
    re.IGNORECASE,
)
ABOUT = re.compile(
    rf"(?:(?<![a-z])(?:around|about|roughly|approximately|etwa|ungefähr|circa)|大概|大约)\s*{CURRENCY}?\s*{NUMBER.format('n')}{_NO_UNIT}(?!\s*[a-z]*\s*(?:year|jahr|old|cm|%))\s*{CURRENCY}?"
    rf"|(?:around|about|roughly|大概|大约)?\s*{NUMBER.format('m')}\s*{CURRENCY}\s*(?:左右|上下)",
    re.IGNORECASE,
)
NEAR_PRICE = 0.2
"""Share that "about" a price lets a price lie above or below."""

NEGATION = re.compile(
    r"\b(?:not|no|without|except(?: for)?|excluding|anything but|but not|non(?!-)|neither|nor|avoid|don't want|"
    r"kein|keine|keinen|nicht|ohne|außer|"
    r"dont want|isn't|aren't|never|other than)\b"
    r"|不要|不想要|不想|不喜欢|不含|无(?![线人缝绳叶论敌极理条])|不带|不是|除了|别要|排除|去掉|非(?=油|干|敏|混)",
    re.IGNORECASE,
)
NO_NEGATION = re.compile(
    r"\b(?:not (?:too|so|very|only|sure)|no (?:idea|problem|matter))\b|不要太|不是很", re.IGNORECASE
)
NEGATION_END = re.compile(
    r"[.;!?。；！？]|\b(?:with|under|below|over|above|but|that|which|please|between|for|because)\b|，(?!.{0,3}[色和或])|但|要有|预算",
    re.IGNORECASE,
)
STOCK = re.compile(
    r"(?<!not )(?<!no )\b(?:in stock|available now|ready to ship|in store)\b|现货|有货|有库存", re.IGNORECASE
)
CHEAPEST = re.compile(
    r"\b(?:cheapest|lowest price|least expensive)\b|最便宜|价格最低|\b(?:günstigste|billigste)[rsn]?\b", re.IGNORECASE
)
CHEAPER_WORDS = re.compile(
    r"\b(?:cheaper|less expensive|lower price)\b(?! than)|便宜(?:一?点|些)|更便宜", re.IGNORECASE
)
DEARER_WORDS = re.compile(
    r"\b(?:more expensive|better quality|fancier|pricier)\b(?! than)|更?贵(?:一?点|些)|更好的", re.IGNORECASE
)
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_ZH_ORDINALS = "一二三四五六七八"
MORE_LIKE = re.compile(
    r"\b(?:more|something|similar|others?)\b.{0,12}?\b(?:like|to|as)\b.{0,8}?"
    rf"\b(?P<en>{'|'.join(ORDINALS)}|last|this|that|it)\b"
    rf"|(?:类似|像|和).{{0,3}}第(?P<zh>[{_ZH_ORDINALS}])[个款件]?",
    re.IGNORECASE,
)
PLACES = {
    **{word: place for ordinals in (ORDINALS, _ZH_ORDINALS) for place, word in enumerate(ordinals)},
    **{"this": 0, "that": 0, "it": 0, "last": -1},
}
ABOUT_PRODUCT = re.compile(
    r"^\s*(?:and |but |so )?(?:does|do|is|are|has|have|can|could|will|would|what|how|which)\b.{0,20}?"
    r"\b(?:it(?! (?:possible|ok|okay|true)\b)|this(?! (?:season|week|summer|winter|spring|autumn|fall|year|month|time)|"
    r" (?:kind|sort|type|price|trip)\b)|they|these|that one|"
    rf"the (?P<en>{'|'.join(ORDINALS)}|last)(?: one)?)\b"
    rf"|(?:它|这款|这个|这件|第(?P<zh>[{_ZH_ORDINALS}])(?:个|款|件)).*?(?:吗|么|多少|什么|怎么|\?|？|有没有|是不是|能不能)",
    re.IGNORECASE,
)
IS_QUESTION = re.compile(
    r"^\s*(?:does|do|is|are|has|have|can|will|what|how|which)\b|吗|多少|有没有|是不是|能不能", re.IGNORECASE
)
"""What a question about a product that it names has."""
_WOMEN = "wom[ae]n(?:'?s)?|lad(?:y|ies)|her|wife|mum|mom|mother|girlfriend|sister|grandma|aunt"
_MEN = "m[ae]n(?:'?s)?|gentlem[ae]n|him|husband|dad|father|boyfriend|brother|grandpa|uncle"
_KIDS = "kids?|child(?:ren)?|boys?|girls?|son|daughter|toddlers?|bab(?:y|ies)"
_FOR = r"\b(?:for )?(?:my |a |an |the |our )*"
WHOM = {
    "women": rf"{_FOR}(?:{_WOMEN})\b(?!-)|女士|女款|妈妈|女友|女朋友|老婆|婆婆",
    "men": rf"{_FOR}(?:{_MEN})\b(?!-)|男士|男款|爸爸|男友|男朋友|老公",
    "kids": rf"{_FOR}(?:{_KIDS})\b(?!-)|儿童|孩子|宝宝|小孩",
}
"""Audience to the words for it."""
AUDIENCES = {
    "women": re.compile(r"wom[ae]n|female|lad(?:y|ies)|女", re.IGNORECASE),
    "men": re.compile(r"(?<!wo)m[ae]n(?!i)|(?<!fe)male|男", re.IGNORECASE),
    "kids": re.compile(r"kid|child|boy|girl|bab(?:y|ies)|infant|toddler|junior|youth|童|婴|宝宝", re.IGNORECASE),
}
"""Audience to what a value of a column has that is for it; a value with none or several of them is for everybody."""
FIELD_QUESTIONS = {
    "price": re.compile(r"\bhow much (?:is|does|do|are)\b|\bcosts?\b|\bprice\b|多少钱|价格|什么价", re.IGNORECASE),
    "stock": re.compile(r"\b(?:in stock|available(?! (?:in|as|with|for)\b))\b|有货|现货|库存", re.IGNORECASE),
    "brand": re.compile(r"\bbrand\b|\bwho makes\b|品牌|牌子", re.IGNORECASE),
}
"""Field of a product to the words that ask for it."""
WHOM_COLUMNS = re.compile(r"audience|gender|for whom|sex|target|人群|性别|适用对象", re.IGNORECASE)
NAMED_COLUMNS = re.compile(
    r"colou?r|material|fabric|skin|finish|pattern|style|flavou?r|scent|颜色|色号|材质|面料|肤质|香型|味|图案|风格",
    re.IGNORECASE,
)
"""Columns whose values people name without naming the column; values with a number are known from any column."""
FILLING = frozenset(word for file in language_files() for word in file.get("filling", "").split())
"""Words of questions, in all languages, that name nothing to be searched for."""
FILLING_ZH = re.compile(
    r"有没有|我想要|我想买|我要买|想买|想要|想找|帮我找|帮我|给我|推荐|请问|一下|一款|一个|一些|什么|哪些|哪款|吗|呢|啊|的话|可以|适合|比较|价格|价位|左右|"
    r"[的了，。？！、,.?!]"
)
NUMERALS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
POWERS = {"十": 10, "百": 100, "千": 1000}
MYRIAD = "万"
_WRITTEN = re.compile(
    r"(?P<before>(?:不超过|最多|不高于|低于|少于|不到|不满|预算(?:是|在)?|不低于|至少|高于|超过)\s*)?"
    r"(?P<number>[零一二两三四五六七八九十百千万]{2,}|(?<![几数上好])[百千](?=\s*[元块])|\d+(?:\.\d+)?[千万])"
    r"(?P<after>\s*(?:元|块|以内|以下|以上|左右|到|至|之内))?"
)


_NEGATED_LIMITS = (
    (
        re.compile(r"\b(?:not|no|never) (?:less|cheaper|lower) than\b|\bnot (?:under|below)\b", re.IGNORECASE),
        "at least",
    ),
    (re.compile(r"\b(?:not|no|never) (?:more|dearer|higher) than\b|\bnot (?:over|above)\b", re.IGNORECASE), "at most"),
    (re.compile(r"[不别](?:要|能|想)?(?:少于|低于|便宜于)"), "至少"),
    (re.compile(r"[不别](?:要|能|想)?(?:超过|高于|多于|贵于|超)"), "最多"),
)


_NEIGHBOURS = re.compile(
    r"(?<![几数\d])([一二两三四五六七八])([二三四五六七八九])([十百千])(?:块钱?|元|(?=左右|上下|的))"
)
_AND_MORE = re.compile(r"(?<![几数\d.])(?:([一二两三四五六七八九])([十百千])|(\d+?)(0+))多(?=\s*(?:块|元))")
_TENS = {"ten": 10, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
         "ninety": 90}  # fmt: skip
_DIGITS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9}
_SPELT = re.compile(
    rf"\b(?:(?P<tens>{'|'.join(_TENS)})|(?P<digit>{'|'.join(_DIGITS)}) (?P<power>hundred|thousand))"
    rf"(?=\s*(?:{CURRENCY}|or less|max|to spend|budget|$|[,.?!]))",
    re.IGNORECASE,
)


def with_digits(question: str) -> str:
    """Return the question with prices in plain words: 三百以内 as 300以内, "not less than" as "at least"."""
    plain = _NEIGHBOURS.sub(_between_neighbours, _AND_MORE.sub(_and_more, _SPELT.sub(_spelt, question)))
    plain = _WRITTEN.sub(_in_digits, plain)
    for negated, limit in _NEGATED_LIMITS:
        plain = negated.sub(limit, plain)
    return plain


def _between_neighbours(match: re.Match[str]) -> str:
    """Return 两三百块 as 200到300元."""
    low, high, power = NUMERALS[match[1]], NUMERALS[match[2]], POWERS[match[3]]
    return f"{low * power}到{high * power}元" if low < high else match[0]


def _and_more(match: re.Match[str]) -> str:
    """Return 三百多 and 300多 as 300到400."""
    digit, power = (NUMERALS[match[1]], POWERS[match[2]]) if match[1] else (int(match[3]), 10 ** len(match[4]))
    return f"{digit * power}到{(digit + 1) * power}"


def _spelt(match: re.Match[str]) -> str:
    """Return "fifty" and "two hundred" in digits."""
    if match["tens"]:
        return str(_TENS[match["tens"].lower()])
    return str(_DIGITS[match["digit"].lower()] * (100 if match["power"].lower() == "hundred" else 1000))


def _in_digits(match: re.Match[str]) -> str:
    """Return a number next to a word of prices in digits, with that word; any other unchanged."""
    before, written, after = (match[name] or "" for name in ("before", "number", "after"))
    if not before and not after:
        return match[0]
    if written[0].isdigit():
        power = POWERS.get(written[-1], 10_000)
        return f"{before}{round(float(written[:-1]) * power)}{after}"
    return f"{before}{_number(written)}{after}"


def _number(written: str) -> int:
    total, digit, power = 0, 0, 1
    for sign in written:
        if sign == MYRIAD:
            total, digit, power = (total + digit or 1) * 10_000, 0, 10_000
        elif sign in POWERS:
            power = POWERS[sign]
            total += (digit or 1) * power
            digit = 0
        else:
            digit, power = NUMERALS[sign], power if NUMERALS[sign] else 1
    return total + digit * (power // 10 if power > 10 else 1)  # 三百五 is 350


def forms(word: str) -> list[str]:
    """Return an English word in the singular and in the plural, the longest first, whichever is given."""
    base = stem(word)
    spellings = {word, base, f"{base}s", f"{base}es", *(many for many, single in IRREGULAR.items() if single == base)}
    if base.endswith("y"):
        spellings |= {f"{base[:-1]}ies", f"{base[:-1]}ie"}
    return sorted(spellings, key=lambda spelling: (-len(spelling), spelling))
