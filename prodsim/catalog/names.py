"""What columns are called in the exports that shops use, in English and Chinese.

Google Merchant, schema.org, Shopify, WooCommerce, Amazon, Taobao/Tmall and JD; the best name of a field first.
"""

NAMES: dict[str, str] = {
    "sku": "sku|variant sku|product sku|item sku|seller sku|merchant sku|product id|item id|productid|goods id|offer id|asin|article number|"
    "article no|item number|item no|stock code|stockcode|part number|uniq id|id|product code|code|handle|"
    "商品编号|商品编码|货号|商品id|宝贝id|sku编码|商家编码|编码|编号|款号编码",
    "title": "title|product title|product name|name|item name|post title|productname|display name|item title|product|label|description short|"
    "商品标题|宝贝标题|商品名称|标题|名称|品名|产品名称",
    "description": "description|product description|body html|body (html)|long description|body|short description|details|product details|"
    "about|bullet points|summary|商品描述|宝贝描述|描述|详情|商品详情|产品描述|卖点",
    "brand": "brand|brand name|vendor|manufacturer|make|label brand|品牌|品牌名称|店名|厂商|生产商",
    "category": "category path|product category tree|product category|google product category|category tree|breadcrumb|breadcrumbs|"
    "product type|type|categories|category|department|item category|root category|类目|商品类目|分类|商品分类|类别|叶子类目|一级类目",
    "price": "sale price|final price|current price|special price|discounted price|price|variant price|regular price|unit price|unitprice|"
    "list price|retail price|offers price|amount|initial price|价格|现价|售价|销售价|促销价|商品价格|一口价|单价|原价",
    "currency": "currency|price currency|currency code|币种|货币",
    "image": "main image|image link|image|image url|image src|main image url|images|image urls|picture|thumbnail|photo|img|主图|图片|商品图片|图片链接|主图链接|宝贝图片",
    "url": "link|url|product url|product link|canonical link|page url|permalink|商品链接|链接|宝贝链接|网址",
    "gtin": "gtin|ean|upc|barcode|variant barcode|gtin13|gtin12|gtin14|gtin8|ean13|isbn|条码|条形码|商品条码|国际条码",
    "mpn": "mpn|model number|model|model no|manufacturer part number|part no|mfr part number|型号|规格型号|产品型号",
    "availability": "availability|in stock|in stock?|stock status|stock|is in stock|availability status|inventory|库存状态|库存|是否有货|有货",
    "group_id": "item group id|group id|parent sku|parent|parent asin|variation group|product group id|style id|spu|spu id|款号|组号|父sku",
}
"""Field to its names, separated by ``|``."""
