"""Invented product texts in many languages, and the encodings that files in them come in."""

HEADERS = {
    "de": "Artikelnummer;Bezeichnung;Größe;Preis",
    "fr": "Référence;Désignation;Quantité;Prix",
    "pl": "Kod;Nazwa produktu;Cena;Opis",
    "ru": "Артикул;Название;Цена;Описание",
    "ja": "商品番号;商品名;価格;説明",
}
"""Some of the texts come under a header of their language, the others under an English one."""

TEXTS = {
    "de": "Küchenmesser mit Griff aus Eiche|Spülbürste für Töpfe|Größenverstellbarer Rucksack|Wärmflasche mit Bezug|Blumenübertopf weiß|"
    "Frühstücksbrett Ahorn|Handrührgerät 300 W|Müslischale blau|Geschirrtücher 3 Stück|Fußmatte natur",
    "fr": "Théière en fonte émaillée|Pâte à tarte sucrée|Bougie parfumée à la fève|Couteau à pain façonné main|Tablier brodé côté gauche|"
    "Plat à gratin ovale|Étagère en chêne|Verre à thé soufflé|Coussin d'été rayé|Boîte à goûter",
    "es": "Sartén de hierro 24 cm|Cojín de algodón orgánico|Lámpara de pie con pantalla|Juego de café para niños|Tazón pequeño|"
    "Cuchillo jamonero español|Jabón de limón|Botella térmica acero|Cinturón de piel marrón|Paño de cocina",
    "pt": "Frigideira antiaderente com cabo de madeira maciça|Calção de banho|Relógio de parede clássico|Pão de forma integral|Cadeira giratória|"
    "Almofada de algodão|Chávena de café|Sabão em pó|Balcão de cozinha|Edredão de verão",
    "it": "Tazza da caffè perché sì|Qualità superiore: coltello|Caffettiera più grande|Comò in noce con specchio|Bidè sospeso|"
    "Tè verde in foglie|Servizio già completo|Sofà due posti|Menù di legno|Città in miniatura",
    "sv": "Kökskniv med träskaft|Väggklocka i björk|Blöja storlek 4|Ryggsäck för barn|Hårborste av lönn|Smörgåsbräda|Överkast grått|Påslakan randigt|Köksvåg|Öronskydd",
    "da": "Køkkenkniv med trægreb|Børnestøvler blå|Håndklæde økologisk|Rød gryde støbejern|Skærebræt|Smørkniv|Pæn vase|Drikkedunk grøn|Løbesko|Tæppe til børn",
    "fi": "Keittiöveitsi puukädensijalla|Säilytyslaatikko|Pöytälamppu|Lämpötyyny|Yöpaita|Työtuoli säädettävä|Kylpypyyhe|Mäntysaippua|Hääkortti|Äänikirja",
    "nl": "Theeglas met oor, één stuk|Reünieset glazen|Koffiekop met coördinaten|Zeeëgel van keramiek|Financiële rekenmachine|Tweeëntwintig tegels|Geërfde stoel|Oriëntaals tapijt",
    "pl": "Kurtka przeciwdeszczowa|Skarpety wełniane|Łyżka turystyczna|Plecak górski|Śpiwór puchowy|Świeca sojowa o zapachu jaśminu|Koc z frędzlami|Żelazko parowe|"
    "Krzesło drewniane dębowe|Nożyczki krawieckie ostre",
    "cs": "Dětská bunda s kapucí|Vlněné ponožky pánské|Turistická lžíce|Horský batoh 30 l|Péřový spací pytel|Dřevěná židle|Ostrý kuchyňský nůž|Žehlička|Hrnek na čaj|Košile bílá",
    "sk": "Detská bunda s kapucňou|Vlnené ponožky pánske|Turistická lyžica|Ľahký spací vak|Drevená stolička|Ostrý kuchynský nôž|Žehlička|Hrnček na čaj|Košeľa biela|Vôňa do bytu",
    "hu": "Esőkabát kapucnis|Gyapjú zokni férfi|Hűtőtáska 20 literes|Bőr öv fekete|Kenyérpirító|Tűzőgép piros|Női cipő|Fürdőköpeny|Ülőpárna|Gyűrű ezüst|Szőnyeg bordó",
    "ro": "Jachetă impermeabilă|Ciorapi de lână pentru bărbați|Lingură turistică|Cană de ceai albă|Scaun de lemn|Cuțit ascuțit|Pătură groasă|Lumânare parfumată|Față de masă|Geantă",
    "hr": "Dječja jakna s kapuljačom|Vunene čarape muške|Žlica za planinarenje|Drveni stolac|Oštar kuhinjski nož|Glačalo|Šalica za čaj|Košulja bijela|Svijeća mirisna|Đački ruksak",
    "tr": "Yağmurluk kapüşonlu|Yün çorap erkek|Ahşap sandalye|Keskin mutfak bıçağı|Çay bardağı|Gömlek beyaz|Kışlık bot|Işıklı ayna|Şemsiye siyah|İpek eşarp|Güneş gözlüğü",
    "lt": "Lietpaltis su gobtuvu|Vilnonės kojinės vyriškos|Turistinis šaukštas|Kalnų kuprinė|Medinė kėdė|Aštrus virtuvės peilis|Puodelis arbatai|Balti marškiniai|Žvakė kvapioji|Lininė staltiesė",
    "lv": "Lietusmētelis ar kapuci|Vilnas zeķes vīriešu|Tūrisma karote|Kalnu mugursoma|Koka krēsls|Ass virtuves nazis|Tējas krūze|Balts krekls|Smaržīga svece|Ādas josta",
    "et": "Vihmamantel kapuutsiga|Villased sokid meestele|Matkalusikas|Mägiseljakott|Puidust tool õuele|Terav köögi nuga|Teetass sõstardega|Valge särk|Lõhnaküünal|Šokolaad tume",
    "vi": "Áo khoác chống thấm|Tất len nam|Ghế gỗ sồi|Dao nhà bếp sắc bén|Cốc uống trà|Áo sơ mi trắng|Nến thơm|Đèn bàn học|Túi xách da bò|Nồi cơm điện",
    "ru": "Куртка непромокаемая|Носки шерстяные мужские|Ложка туристическая|Рюкзак горный|Стул деревянный|Нож кухонный острый|Кружка для чая|Рубашка белая|Свеча ароматическая|Утюг паровой",
    "uk": "Куртка непромокальна|Шкарпетки вовняні чоловічі|Ложка туристична|Рюкзак гірський|Стілець дерев'яний|Ніж кухонний гострий|Кухоль для чаю|Сорочка біла|Свічка ароматична|Їжа для котів",
    "bg": "Яке непромокаемо с качулка|Чорапи вълнени мъжки|Лъжица туристическа|Раница планинска|Стол дървен|Нож кухненски остър|Чаша за чай|Риза бяла|Свещ ароматна|Ютия парна",
    "sr": "Јакна непромочива|Чарапе вунене мушке|Кашика туристичка|Ранац планински|Столица дрвена|Нож кухињски оштар|Шоља за чај|Кошуља бела|Свећа мирисна|Пегла на пару",
    "el": "Αδιάβροχο μπουφάν|Κάλτσες μάλλινες ανδρικές|Κουτάλι τουριστικό|Σακίδιο βουνού|Καρέκλα ξύλινη|Μαχαίρι κουζίνας|Κούπα τσαγιού|Άσπρο πουκάμισο|Κερί αρωματικό|Ομπρέλα μαύρη",
    "he": "מעיל גשם עם ברדס|גרבי צמר לגברים|כף לטיולים|תרמיל הרים|כיסא עץ|סכין מטבח חדה|ספל תה|חולצה לבנה|נר ריחני|מטרייה שחורה",
    "ar": "معطف مطر بغطاء رأس|جوارب صوف للرجال|ملعقة سفر|حقيبة ظهر جبلية|كرسي خشب|سكين مطبخ حادة|كوب شاي|قميص أبيض|شمعة معطرة|مظلة سوداء",
    "th": "เสื้อกันฝนมีฮู้ด|ถุงเท้าขนสัตว์ผู้ชาย|ช้อนเดินป่า|เป้ปีนเขา|เก้าอี้ไม้|มีดทำครัวคม|ถ้วยชา|เสื้อเชิ้ตสีขาว|เทียนหอม|ร่มสีดำ",
    "ja": "防水レインジャケット|ウール靴下 メンズ|木製の椅子 ナチュラル|包丁 三徳 日本製|湯のみ 茶碗|白いシャツ 綿100%|アロマキャンドル|折りたたみ傘 黒|山登り用リュック|手作りの石けん",
    "ko": "방수 레인 재킷|남성용 울 양말|나무 의자 내추럴|주방용 식칼|찻잔 세트|흰색 셔츠 면|향초 선물 세트|접이식 우산 검정|등산 배낭 대용량|수제 비누",
    "zh": "防水冲锋衣 男款|羊毛袜子 加厚|实木餐椅 原木色|不锈钢菜刀|陶瓷茶杯 两只装|白色纯棉衬衫|香薰蜡烛 礼盒|折叠雨伞 黑色|登山背包 大容量|手工皂 滋润",
    "zh-TW": "防水風衣外套 男款|羊毛襪 加厚|實木餐椅 原木色|不鏽鋼菜刀|陶瓷茶杯 兩入|白色純棉襯衫|香氛蠟燭 禮盒|折疊雨傘 黑色|登山背包 大容量|手工皂 滋潤",
    "en": "Women’s rain jacket – blue|Kids’ mug 350 ml – “Fox”|Café table, Ø 60 cm|Crème brûlée dish|Lamp 60 W – 2700° warm|Trail™ socks|Throw “Dune” – 170 cm|Père David’s soap",
}
"""Language to titles, separated by ``|``."""

_WEST = "windows-1252 iso8859-15 mac-roman cp850"
_CENTRAL = "windows-1250 iso8859-2 cp852"
_CYRILLIC = "windows-1251 koi8-r cp866 iso8859-5 mac-cyrillic"
ENCODINGS = {
    **dict.fromkeys(("de", "fr", "es", "pt", "it", "sv", "da", "nl", "fi"), _WEST),
    "en": "windows-1252 mac-roman",
    **dict.fromkeys(("pl", "cs", "sk", "hu"), f"{_CENTRAL} mac-latin2"),
    "hr": _CENTRAL,
    "ro": "iso8859-16",
    "tr": "windows-1254 iso8859-9 cp857",
    "lt": "windows-1257 iso8859-13",
    "lv": "windows-1257 iso8859-13",
    "et": "windows-1257 windows-1252 iso8859-15",
    "vi": "windows-1258",
    "ru": _CYRILLIC,
    "uk": "windows-1251 koi8-u mac-cyrillic",
    "bg": "windows-1251 cp866",
    "sr": "windows-1251 iso8859-5",
    "el": "windows-1253 iso8859-7 cp737",
    "he": "windows-1255 iso8859-8 cp862",
    "ar": "windows-1256 iso8859-6",
    "th": "cp874 tis-620",
    "ja": "cp932 euc_jp iso2022_jp",
    "ko": "cp949 euc_kr",
    "zh": "gb18030 gbk gb2312",
    "zh-TW": "cp950 big5",
}
"""Language to the encodings, beside Unicode's, separated by spaces."""
UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
