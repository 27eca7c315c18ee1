"""Names of the months, by language: of the calendar that dates are read in, and of the Hijri one beside it."""

from __future__ import annotations

MONTHS = {
    "ar": (  # Gulf and Egypt; Levant; Maghreb
        "يناير|كانون الثاني|كانون ثاني|كانون الثان|كانون ثان|جانفي",
        "فبراير|شباط|فيفري",
        "مارس|آذار",
        "أبريل|نيسان|أفريل",
        "مايو|أيار|ماي",
        "يونيو|حزيران|جوان|يونيه",
        "يوليو|تموز|جويلية|يوليه|يوليوز",
        "أغسطس|آب|أوت|غشت",
        "سبتمبر|أيلول|شتنبر",
        "أكتوبر|تشرين الأول|تشرين أول",
        "نوفمبر|تشرين الثاني|تشرين ثاني|تشرين الثان|تشرين ثان|نونبر",
        "ديسمبر|كانون الأول|كانون أول|دجنبر",
    ),
    "ru": (
        "января|январь|янв", "февраля|февраль|февр|фев", "марта|март|мар", "апреля|апрель|апр", "мая|май",
        "июня|июнь|июн", "июля|июль|июл", "августа|август|авг", "сентября|сентябрь|сент|сен",
        "октября|октябрь|окт", "ноября|ноябрь|нояб|ноя", "декабря|декабрь|дек",
    ),
    "kk": (  # Cyrillic; Latin in the spellings tried since 2018; Arabic script
        "қаңтар|қаң|qańtar|qañtar|qantar|قاڭتار", "ақпан|ақп|aqpan|اقپان", "наурыз|нау|naýryz|nauryz|ناۋرىز",
        "сәуір|сәу|sáýir|säuir|säuır|sauir|ساۋىر", "мамыр|мам|mamyr|مامىر", "маусым|мау|maýsym|mausym|ماۋسىم",
        "шілде|шіл|shilde|şılde|شىلدە", "тамыз|там|tamyz|تامىز", "қыркүйек|қыр|qyrkúıek|qyrküiek|qyrkuiek|قىركۇيەك",
        "қазан|қаз|qazan|قازان", "қараша|қар|qarasha|qaraşa|قاراشا", "желтоқсан|жел|jeltoqsan|جەلتوقسان",
    ),
    "tr": (
        "ocak|oca", "şubat|şub", "mart|mar", "nisan|nis", "mayıs|mayis|may", "haziran|haz", "temmuz|tem",
        "ağustos|ağu", "eylül|eyl", "ekim|eki", "kasım|kasim|kas", "aralık|aralik|ara",
    ),
    "fr": (
        "janvier|janv", "février|fevrier|févr|fév", "mars", "avril|avr", "mai", "juin", "juillet|juil",
        "août|aout", "septembre|sept", "octobre|oct", "novembre|nov", "décembre|decembre|déc",
    ),
    "en": (
        "january|jan", "february|feb", "march|mar", "april|apr", "may", "june|jun", "july|jul",
        "august|aug", "september|sept|sep", "october|oct", "november|nov", "december|dec",
    ),
}  # fmt: skip

HIJRI = (
    "محرم|صفر|ربيع الأول|ربيع أول|ربيع الثاني|ربيع ثاني|ربيع الآخر|جمادى الأولى|جمادى الأول|جمادى الثانية|"
    "جمادى الآخرة|جمادى الثاني|رجب|شعبان|رمضان|شوال|ذو القعدة|ذي القعدة|ذو الحجة|ذي الحجة"
)
"""Months of the calendar that stands beside the other one and is never read."""

KAZAKH_CASES = ("да", "де", "та", "те", "ы", "і", "сы", "сі", "ында", "інде", "сында", "сінде")
"""Endings of a Kazakh month in a date: "in November", "the November of"."""
