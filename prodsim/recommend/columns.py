"""Columns and events of a file of histories, recognised by the names that common exports use."""

import re
from collections.abc import Mapping, Sequence

EVENT_FIELDS: Mapping[str, str] = {
    "user": "user|user_id|userid|customer|customer_id|customerid|shopper|shopper_id|visitor|visitorid|visitor_id|"
    "member|buyer|reviewer|reviewerid|session|session_id|用户|用户id|用户编号|会员|会员id|买家|顾客|客户",
    "sku": "sku|product_id|productid|product|item_id|itemid|item|asin|parent_asin|stockcode|article|article_id|"
    "商品id|商品编号|商品|货号|宝贝id",
    "time": "time|timestamp|datetime|date|event_time|invoicedate|created_at|ts|when|时间|时间戳|日期|下单时间|行为时间",
    "event": "event|event_type|behavior|behaviour|behavior_type|action|type|行为|行为类型|事件",
    "quantity": "quantity|qty|count|units|amount|数量|件数|购买数量",
    "basket": "order_id|orderid|order|invoiceno|invoice|basket|basket_id|transaction_id|transactionid|transaction|"
    "订单号|订单|订单编号",
    "rating": "rating|stars|score|overall|评分|星级",
}
"""Field to the usual names of its column, best first. ``user`` and ``sku`` are required."""

EVENTS: Mapping[str, str] = {
    "view": "view|pv|click|detail|browse|visit|impression|浏览|点击|查看",
    "cart": "cart|addtocart|basket|fav|favorite|favourite|wish|wishlist|加购|购物车|加入购物车|收藏",
    "buy": "buy|purchase|bought|order|transaction|sale|paid|checkout|购买|成交|下单|支付|buy_now",
}
"""Event to the usual names of it in files."""

_NON_WORD = re.compile(r"[\W_]+")


def propose_fields(columns: Sequence[str]) -> dict[str, str]:
    """Return field to column by the columns' names; a field without a column of such a name is absent."""
    plain = {_plain(column): column for column in reversed(columns)}
    proposed: dict[str, str] = {}
    for field, names in EVENT_FIELDS.items():
        hits = [plain[name] for name in map(_plain, names.split("|")) if name in plain]
        free = [column for column in hits if column not in proposed.values()]
        if free:
            proposed[field] = free[0]
    return proposed


def event_of(word: str) -> str:
    """Return ``view``, ``cart`` or ``buy``; ``""`` for a word that is none of them."""
    return _EVENT_OF.get(_plain(word), "")


def _plain(name: str) -> str:
    return _NON_WORD.sub("", name.casefold())


_EVENT_OF = {_plain(name): event for event, names in EVENTS.items() for name in names.split("|")}
