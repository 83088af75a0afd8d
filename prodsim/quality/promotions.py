"""What advertises on a picture: words and amounts that say nothing of the product."""

import re

PROMOTION = re.compile(
    r"\b(?:sale|free\s+(?:shipping|delivery|returns?|gift)|discount|best\s*(?:seller|price|deal)|limited\s+(?:time|offer)|"
    r"special\s+offer|clearance|buy\s+(?:now|\d|one)|order\s+now|hot\s+deal|lowest\s+price|coupons?|promo(?:tion)?|"
    r"rabatt|angebot|kostenloser\s+versand|versandkostenfrei|soldes?|livraison\s+(?:gratuite|offerte)|oferta|"
    r"env[ií]o\s+gratis|descuento|sconto|spedizione\s+gratuita)\b"
    r"|\d\s*%\s*(?:off|rabatt|de\s+r[eé]duction|de\s+descuento)|(?:^|\s)[-–−]\s?\d{1,2}\s?%"
    r"|包邮|包郵|促销|促銷|特价|特價|秒杀|秒殺|限时|限時|优惠|優惠|立减|满减|滿減|折扣|[一二三四五六七八九\d.]\s?折(?!叠|疊)|"
    r"买[一二三\d]送|買[一二三\d]送|赠品|领券|券后|清仓|爆款|热销|抢购|免运|免運",
    re.IGNORECASE,
)


def find_promotion(text: str) -> str:
    """Return the first words of a line that advertise; ``""`` where none do."""
    match = PROMOTION.search(text)
    return match.group().strip() if match else ""
