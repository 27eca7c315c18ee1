"""Countries, parts of the world and their people, by the stems of their names in Arabic, Russian, Kazakh and English.

A stem stands for the country, its adjective and its citizens in every case and spelling: `палестин` is Палестина,
палестинский and палестинцев. Arabic ones have neither article nor joined prepositions. Languages write some
neighbours almost alike (Austria, Australia), so stems are as long as that takes.
"""

from __future__ import annotations

_STEMS = {
    "kz": "كازاخ كازخ كزخ كازاك قازاق казах қазақ kazakh qazaq",
    "ps": "فلسطين палестин palestin",
    "il": "اسرائيل израил israel",
    "jo": "اردن иордан jordan",
    "eg": "مصر егип египет мысыр egypt",
    "sy": "سوري сири syria",
    "lb": "لبنان ливан leban",
    "iq": "عراق ирак iraq",
    "ir": "ايران иран iran",
    "sa": "سعودي сауд saudi",
    "ae": "امارات эмират әмірлік emirat uae",
    "qa": "قطر катар qatar",
    "kw": "كويت кувейт kuwait",
    "bh": "بحرين бахрейн bahrain",
    "om": "عمان оман oman",
    "ye": "يمن йемен yemen",
    "ma": "مغرب марокк morocc",
    "dz": "جزائر алжир algeria",
    "tn": "تونس тунис tunis",
    "ly": "ليبي ливи libya",
    "sd": "سودان судан sudan",
    "mr": "موريتان мавритан mauritan",
    "so": "صومال сомал somal",
    "tr": "تركيا تركي турци турец туреч түрки түрік turkey turkish türkiye",
    "az": "اذربيجان азербайдж әзербайж azerbaij",
    "ge": "جورجي грузи georgia",
    "am": "ارميني армени армян armenia",
    "ru": "روسي росси российск ресей russia",
    "ua": "اوكراني украин ukrain",
    "by": "بيلاروس белорус беларус belarus",
    "md": "مولدوف молдов молдав moldov",
    "uz": "اوزبك узбек өзбек uzbek",
    "kg": "قرغيز قيرغيز кыргыз киргиз қырғыз kyrgyz",
    "tj": "طاجيك таджик тәжік tajik",
    "tm": "تركمان туркмен түрікмен turkmen",
    "mn": "منغول монгол моңғол mongol",
    "cn": "صين китай китая қытай china chinese",
    "jp": "يابان япон жапон japan",
    "kr": "كوري корей корея корею коре korea",
    "in": "هند индия индии индию индией индийск үндіст india",
    "pk": "باكستان пакист пәкіст pakist",
    "af": "افغان афган ауған afghan",
    "bd": "بنغلاد бангладеш bangladesh",
    "id": "اندونيس индонез indones",
    "my": "ماليزي малайз malays",
    "vn": "فيتنام вьетнам vietnam",
    "th": "تايلند таиланд тайск thai",
    "sg": "سنغافور сингапур singapor",
    "ph": "فلبين филиппин philippin filipin",
    "lk": "سريلانك шри-ланк sri-lank",
    "us": "ولايات штат states اميركي امريكي америк сша ақш american usa",
    "ca": "كندا كندي канад canad",
    "mx": "مكسيك мексик mexic",
    "br": "برازيل бразил brazil",
    "ar": "ارجنتين аргентин argentin",
    "cl": "تشيلي чили chile",
    "co": "كولومبي колумби colombia",
    "ve": "فنزويل венесуэл venezuel",
    "cu": "كوبا كوبي куба кубин cuba",
    "gb": "بريطاني британ великобритан британия brit",
    "ie": "ايرلند ирланд ireland irish",
    "fr": "فرنسا فرنسي франц france french",
    "de": "الماني герман немец german",
    "it": "ايطالي итал ital",
    "es": "اسباني испан spain spanish",
    "pt": "برتغال португал portug",
    "nl": "هولند нидерланд голланд netherland dutch",
    "be": "بلجيك бельги belgi",
    "lu": "لوكسمبورغ люксембург luxemb",
    "ch": "سويسر швейцар switz swiss",
    "at": "نمسا نمساوي австрия австрии австрий austria",
    "pl": "بولند польш польск поляк poland polish",
    "cz": "تشيك чехи чешск czech",
    "sk": "سلوفاك словак slovak",
    "si": "سلوفين словен sloven",
    "hu": "مجر هنغار венгри венгер мажар hungar",
    "ro": "روماني румын romani",
    "bg": "بلغار болгар bulgar",
    "rs": "صرب серби сербск serbia",
    "hr": "كروات хорват croat",
    "ba": "بوسن босни bosni",
    "al": "البان албан alban",
    "gr": "يونان греци греческ грек greece greek",
    "cy": "قبرص кипр cypr",
    "mt": "مالط мальт malt",
    "se": "سويد швеци шведск sweden swedish",
    "no": "نرويج норвег норвеж norw",
    "dk": "دنمارك دانمارك дания дании данию данией датск denmark danish",
    "fi": "فنلند финлянд финск finland finnish",
    "lv": "لاتفي латви латыш latvia",
    "lt": "ليتوان литв литов lithuan",
    "ee": "استوني эстон eston",
    "au": "استرال австрал austral",
    "nz": "نيوزيلند новозеланд zealand",
    "za": "юар",
    "ng": "نيجيري нигери nigeria",
    "et": "اثيوبي эфиоп ethiopia",
    "ke": "كينيا кени kenya",
    "arabs": "عرب араб arab",
    "africa": "افريقي африк africa",
    "asia": "اسيا اسيوي азия азии азию азией азиат asia",
    "europe": "اوروب европ еуропа еуропал europe",
    "va": "فاتيكان ватикан vatican",
}

_CAPITALS = {
    "kz": "استانا استانه астан astana",
    "eg": "قاهره каир cairo",
    "jo": "عمان амман amman",
    "sa": "رياض рияд riyadh",
    "qa": "دوحه доха дохе доху doha",
    "ae": "ابوظبي",
    "sy": "دمشق дамаск damascus",
    "lb": "بيروت бейрут beirut",
    "tr": "انقره анкар ankara",
    "ru": "موسكو москв мәскеу moscow",
    "uz": "طشقند ташкент tashkent",
    "kg": "بيشكيك бишкек bishkek",
    "az": "باكو баку baku",
    "gb": "لندن лондон london",
    "fr": "باريس париж paris",
    "de": "برلين берлин berlin",
    "us": "واشنطن вашингтон washington",
    "cn": "بكين пекин бейжің beijing",
}
_OF_CAPITAL = tuple((stem, country) for country, stems in _CAPITALS.items() for stem in stems.split())

_BY_STEM = {stem: nation for nation, stems in _STEMS.items() for stem in stems.split()}
# Without them هند would be found in هندسة, engineering.
_ARABIC_ENDINGS = frozenset(
    "| ا ه ي يه يا يين يون يات يتين ان انه اني انيه ايه ستان ستاني ستانيه ستانيين تاني تانيه خستان خستاني خستانيه "
    "خيه خي خيين ستانيون يانيه ياني".replace("|", "").split()
) | {""}
_LENGTHS = tuple(sorted({len(stem) for stem in _BY_STEM}, reverse=True))


def nation(word: str) -> str | None:
    """The country (ISO 3166) or part of the world that a folded word in small letters names, by its longest stem."""
    for length in _LENGTHS:
        found = _BY_STEM.get(word[:length])
        if found and len(word) >= length and (word[0] < "\u0600" or word[length:] in _ARABIC_ENDINGS):
            return found
    return None


def capital_of(word: str) -> str | None:
    """The country whose capital a folded word in small letters names, in any case."""
    bare = word.removeprefix("ب").removeprefix("ال")
    return next((country for stem, country in _OF_CAPITAL if bare.startswith(stem)), None)
