"""The words that dates are written with, in the languages of the sources, and what each of them says.

Every word has a sign, one letter that `articles.dates` builds its patterns from:

    m month   p half of the day   k Kazakh "year"   h hour mark (14h05)   z zone   q zone, but which?
    g Greenwich   c city   t "time"   R today, yesterday   U unit of time   B, A "ago" before or after it
    P "published"   u "updated"

and no sign at all if it stands in date lines and says nothing: weekdays, "year", "views", prepositions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, timedelta, timezone, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from articles.text import matching_copy


class Word(NamedTuple):
    """What one word, number or sign of a date says."""

    sign: str
    number: int = 0
    """The month, 0 or 12 hours, days before today, minutes in a unit; for digits their value."""
    zone: tzinfo | None = None


_MONTHS = {
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
    "kk": (
        "қаңтар|қаң|qańtar|qañtar|qantar", "ақпан|ақп|aqpan", "наурыз|нау|naýryz|nauryz",
        "сәуір|сәу|sáýir|säuir|sauir", "мамыр|мам|mamyr", "маусым|мау|maýsym|mausym", "шілде|шіл|shilde",
        "тамыз|там|tamyz", "қыркүйек|қыр|qyrkúıek|qyrküiek|qyrkuiek", "қазан|қаз|qazan",
        "қараша|қар|qarasha|qaraşa", "желтоқсан|жел|jeltoqsan",
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

_SIGNED = {
    "ar": {
        "P": "نشر|النشر|نشرت|منشور|الإضافة",
        "u": "تحديث|التحديث|تعديل|التعديل",
        "B": "قبل|منذ",
        "t": "بتوقيت|توقيت|بالتوقيت",
        "g": "غرينتش|جرينتش|غرينيتش|جرينيتش|ت.غ",
        "": "السبت|الأحد|الاثنين|الاتنين|الثلاثاء|الأربعاء|الخميس|الجمعة|تاريخ|بتاريخ|التاريخ|الساعة|الوقت|"
        "المحلي|الموافق|آخر|تم|عام|سنة|لعام|من|في|عند|عدد|القراءات|قراءة|قراءات|المشاهدات|مشاهدة|مشاهدات|"
        "الزيارات|زيارة|المكرمة|رام|الله|وفا|معا",
    },
    "ru": {
        "P": "опубликовано|опубликован|опубликована|публикации|публикация|размещено|добавлено|создано",
        "u": "обновлено|обновлён|обновлена|обновление|обновления|изменено|изменения|отредактировано",
        "A": "назад",
        "t": "время|времени",
        "": "понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|пн|вт|ср|чт|пт|сб|вс|г|год|года|"
        "году|го|дата|в|во|от|по|последнее|последняя|последние|просмотр|просмотра|просмотров|просмотры|комментарии|"
        "комментариев|чтения|местное|местному|казинформ|qazinform|kazinform",
    },
    "kk": {
        "P": "жарияланған|жарияланды|жариялау",
        "u": "жаңартылған|жаңартылды|жаңарту|өзгертілген",
        "A": "бұрын",
        "t": "уақыты|уақытымен",
        "k": "ж|жыл|жылы|жылғы|жылдың|jylǵy|jylgy|jyly",
        "": "дүйсенбі|сейсенбі|сәрсенбі|бейсенбі|жұма|сенбі|жексенбі|дс|сс|бс|жм|сб|жс|күні|ші|шы|соңғы|"
        "қаралды|қаралым|рет|жергілікті",
    },
    "tr": {
        "P": "yayınlanma|yayın|yayınlandı|yayımlanma|giriş|eklenme",
        "u": "güncelleme|güncellendi|güncellenme",
        "A": "önce",
        "t": "saati|saatiyle",
        "": "pazartesi|salı|çarşamba|perşembe|cuma|cumartesi|pazar|pzt|sal|çar|per|cum|cmt|paz|tarih|tarihi|"
        "son|okunma|görüntülenme",
    },
    "fr": {
        "P": "publié|publiée|publication",
        "u": "mis|mise|modifié|modifiée|actualisé",
        "B": "il",
        "t": "heure",
        "": "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lun|mar|mer|jeu|ven|sam|dim|le|la|à|a|y|de|du|"
        "er|et|jour|hui|dernière|date|vues",
    },
    "en": {
        "P": "published|posted|created|publication|issued|original",
        "u": "updated|update|modified|edited|revised",
        "A": "ago",
        "g": "gmt|utc|гмт",
        "t": "time",
        "q": "ast|bst|ist",  # Arabia or the Atlantic, Britain or Bangladesh, India, Ireland or Israel
        "": "monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|"
        "st|nd|rd|th|t|on|at|of|the|a|an|by|date|first|last|local|view|views|read|reads|comments|o|clock|wafa",
    },
}

_NUMBERED = {
    "p": {
        0: "ص|صباحا|صباح|فجرا|am|a.m|a.m.|öö",
        12: "م|مساء|مساءا|مسا|ظهرا|عصرا|pm|p.m|p.m.|ös",
    },
    "R": {
        0: "اليوم|сегодня|бүгін|today|bugün|aujourd",
        1: "أمس|امس|вчера|кеше|yesterday|dün|hier",
        2: "позавчера",
    },
    "h": {60: "h"},
    "U": {
        1: "دقيقة|دقائق|минуту|минуты|минута|минут|мин|minutes|minute|mins|min|dakika|dk",
        2: "دقيقتين|دقيقتان",
        60: "ساعة|ساعات|час|часа|часов|ч|сағат|hours|hour|hrs|hr|saat|heures",
        120: "ساعتين|ساعتان",
        1440: "يوم|يوما|أيام|день|дня|дней|күн|days|day|gün|jours",
        2880: "يومين|يومان",
    },
}

# Hours from Greenwich: the zones of RFC 822 section 5.1 and those that Europe and the Near East print.
_ABBREVIATIONS = {
    0: "z|ut|wet", 1: "cet", 2: "eet|cest", 3: "eest|msk|trt", -4: "edt", -5: "est|cdt", -6: "cst|mdt",
    -7: "mst|pdt", -8: "pst",
}  # fmt: skip

_PLACES = {
    "Asia/Hebron": "القدس|فلسطين|palestine|рамалла|ramallah",
    "Asia/Gaza": "غزة|gaza|газа",
    "Asia/Jerusalem": "jerusalem|иерусалим",
    "Asia/Almaty": "أستانا|أستانة|ألماتي|астана|астаны|алматы|astana|almaty",
    "Asia/Riyadh": "مكة|الرياض",
    "Asia/Dubai": "أبوظبي|دبي",
    "Asia/Qatar": "الدوحة",
    "Africa/Cairo": "القاهرة|cairo",
    "Europe/Moscow": "موسكو|москва|москвы|московское|московскому|moscow",
    "Europe/Istanbul": "إسطنبول|أنقرة|анкара|ankara|istanbul|i̇stanbul",
    "Europe/Paris": "باريس|париж|paris",
    "Europe/London": "لندن|лондон|london|londres",
}
_ZONE_WORDS = {"America/New_York": "et", "America/Los_Angeles": "pt", "Europe/Moscow": "мск"}


def fold(text: str) -> str:
    """The matching copy in small letters: what words are looked up by."""
    return matching_copy(text).lower().replace("\u0307", "")  # what is left of a small Turkish İ


def _shared() -> Iterator[tuple[str, Word]]:
    """Words that mean the same in whatever language they stand."""
    for sign, numbers in _NUMBERED.items():
        yield from ((word, Word(sign, number)) for number, words in numbers.items() for word in words.split("|"))
    for hours, words in _ABBREVIATIONS.items():
        zone = timezone(timedelta(hours=hours))
        yield from ((word, Word("z", zone=zone)) for word in words.split("|"))
    for sign, places in (("c", _PLACES), ("z", _ZONE_WORDS)):
        for name, words in places.items():
            yield from ((word, Word(sign, zone=ZoneInfo(name))) for word in words.split("|"))


def _own(language: str) -> Iterator[tuple[str, Word]]:
    """Months, labels and weekdays of one language."""
    for number, words in enumerate(_MONTHS[language], start=1):
        yield from ((word, Word("m", number)) for word in words.split("|"))
    for sign, words in _SIGNED[language].items():
        meaning = Word(sign, zone=UTC if sign == "g" else None)
        yield from ((word, meaning) for word in words.split("|"))


def _vocabularies() -> dict[str, dict[str, Word]]:
    """All words under the empty name, and under each language with its own reading of the contested ones."""
    own = {language: {fold(word): meaning for word, meaning in _own(language)} for language in _MONTHS}
    everything: dict[str, Word] = {}
    for words in own.values():
        everything.update(words)
    everything |= {fold(word): meaning for word, meaning in _shared()}
    return {"": everything} | {language: {**everything, **words} for language, words in own.items()}


_VOCABULARIES = _vocabularies()

PHRASES = "|".join(sorted((re.escape(word) for word in _VOCABULARIES[""] if not word.isalpha()), key=len, reverse=True))
"""Regex of the words that hold a space or a dot, longest first."""


def vocabulary(language: str | None) -> Mapping[str, Word]:
    """Every known word, folded; `language` (ISO 639-1) decides those that two languages read differently."""
    return _VOCABULARIES.get(language or "", _VOCABULARIES[""])
