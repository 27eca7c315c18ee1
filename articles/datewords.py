"""The words that dates are written with, in the languages of the sources, and what each of them says.

Every word has a sign, one letter that `articles.dates` builds its patterns from:

    m month   p half of the day   k Kazakh "year"   h hour mark (14h05)   z zone   q zone, but which?
    g Greenwich   c city   t "time"   R today, yesterday   U unit of time   B, A "ago" before or after it
    P "published"   u "updated"   i Hijri month   E what else has a date: an event, a deadline, a birth

and no sign at all if it stands in date lines and says nothing: weekdays, "year", "views", prepositions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, timedelta, timezone, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from articles.months import HIJRI, KAZAKH_CASES, MONTHS
from articles.text import matching_copy

NIGHT, NOON = 24, 36
"""Parts of the day that both halves share: 9 and 1 at night, 11 and 1 at noon."""


class Word(NamedTuple):
    """What one word, number or sign of a date says."""

    sign: str
    number: int = 0
    """The month, hours to add (or `NIGHT`), days before today, minutes in a unit; for digits their value."""
    zone: tzinfo | None = None


_SIGNED = {
    "ar": {
        "P": "نشر|النشر|نشرت|نشره|نشرها|منشور|الإضافة|أضيف|أضيفت|كتب|كتبت",
        "u": "تحديث|التحديث|تحديثه|محدث|حدث|تعديل|التعديل|عدل",
        "E": "حتى|إلى|موعد|الفعالية|فعالية|الميلاد|ميلاده|هاتف|يبدأ|ينتهي",
        "B": "قبل|منذ",
        "t": "بتوقيت|توقيت|بالتوقيت",
        "g": "غرينتش|جرينتش|غرينيتش|جرينيتش|ت.غ",
        "": "السبت|الأحد|الاثنين|الاتنين|الثلاثاء|الأربعاء|الخميس|الجمعة|تاريخ|بتاريخ|التاريخ|الساعة|الوقت|"
        "المحلي|الموافق|آخر|تم|عام|سنة|لعام|من|في|عند|عدد|القراءات|قراءة|قراءات|المشاهدات|مشاهدة|مشاهدات|"
        "الزيارات|زيارة|المكرمة|رام|الله|وفا|معا|واحد|واحدة|الخبر|ووقت|وقت|ميلادي|ميلادية|"
        "هجري|هجرية|ه",
    },
    "ru": {
        "P": "опубликовано|опубликован|опубликована|публикации|публикация|размещено|добавлено|создано",
        "u": "обновлено|обновлён|обновлена|обновление|обновления|изменено|изменения|отредактировано",
        "A": "назад",
        "E": "до|срок|проведения|начало|состоится|рождения|тел|телефон|версия|гост",
        "t": "время|времени",
        "": "понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|пн|вт|ср|чт|пт|сб|вс|г|год|года|"
        "году|го|дата|в|во|от|по|последнее|последняя|последние|просмотр|просмотра|просмотров|просмотры|комментарии|"
        "комментариев|чтения|прочтения|местное|местному|казинформ|qazinform|kazinform",
    },
    "kk": {
        "P": "жарияланған|жарияланды|жариялау",
        "u": "жаңартылған|жаңартылды|жаңарту|өзгертілген",
        "A": "бұрын",
        "t": "уақыты|уақытымен",
        "k": "ж|жыл|жылы|жылғы|жылдың|jyl|jylǵy|jylğy|jylgy|jyly|جىل|جىلى|جىلعى",
        "E": "дейін|басталуы|туған|мерзімі",
        "": "дүйсенбі|сейсенбі|сәрсенбі|бейсенбі|жұма|сенбі|жексенбі|дс|сс|бс|жм|сб|жс|күні|ші|шы|соңғы|"
        "қаралды|қаралым|рет|жергілікті",
    },
    "tr": {
        "P": "yayınlanma|yayın|yayınlandı|yayımlanma|giriş|eklenme|oluşturulma|oluşturma|kayıt",
        "u": "güncelleme|güncellendi|güncellenme",
        "E": "kadar|etkinlik|başvuru|doğum",
        "A": "önce",
        "t": "saati|saatiyle",
        "": "pazartesi|salı|çarşamba|perşembe|cuma|cumartesi|pazar|pzt|sal|çar|per|cum|cmt|paz|tarih|tarihi|"
        "son|okunma|görüntülenme|haber",
    },
    "fr": {
        "P": "publié|publiée|publication",
        "u": "mis|mise|modifié|modifiée|actualisé",
        "B": "il",
        "E": "jusqu|événement|né|née|limite",
        "t": "heure",
        "": "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lun|mar|mer|jeu|ven|sam|dim|le|la|à|a|y|de|du|"
        "er|et|jour|hui|dernière|date|vues|un|une",
    },
    "en": {
        "P": "published|posted|created|publication|issued|original|released|release",
        "u": "updated|update|modified|edited|revised",
        "A": "ago",
        "E": "until|till|deadline|event|starts|begins|born|copyright|due|expires|phone|tel|since|version|valid",
        "g": "gmt|utc|гмт",
        "t": "time",
        # Arabia or the Atlantic, Britain or Bangladesh, India, Ireland or Israel; Almaty before or after March 2024
        "q": "ast|bst|ist|almt",
        "": "monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|"
        "st|nd|rd|th|t|on|at|of|the|a|an|by|date|first|last|local|about|reading|view|views|read|reads|comments|o|"
        "clock|wafa",
    },
}

_NUMBERED = {
    "p": {
        0: "ص|صباحا|صباح|فجرا|قبل الظهر|بعد منتصف الليل|утра|am|a.m|a.m.|öö",
        12: "م|مساء|مساءا|مسا|عصرا|بعد الظهر|بعد العصر|вечера|pm|p.m|p.m.|ös",
        NIGHT: "ليلا|ليل|ночи",
        NOON: "ظهرا|الظهر",
    },
    "R": {
        0: "اليوم|сегодня|бүгін|today|bugün|aujourd",
        1: "أمس|امس|вчера|кеше|yesterday|dün|hier",
        2: "أول أمس|أول من أمس|أمس الأول|позавчера|алдыңғы күні|avant-hier|evvelsi gün",
    },
    "h": {60: "h"},
    "U": {
        1: "دقيقة|دقائق|минуту|минуты|минута|минут|мин|minutes|minute|mins|min|dakika|dk",
        2: "دقيقتين|دقيقتان",
        60: "ساعة|ساعات|час|часа|часов|ч|сағат|hours|hour|hrs|hr|saat|heures|1 heure|une heure",
        120: "ساعتين|ساعتان",
        1440: "يوم|يوما|أيام|день|дня|дней|күн|days|day|gün|jours",
        2880: "يومين|يومان",
    },
}

# Hours from Greenwich: the zones of RFC 822 section 5.1 and those that Europe and the Near East print.
_ABBREVIATIONS = {
    0: "z|ut|wet", 1: "cet", 2: "eet|cest", 3: "eest|idt|msk|trt", -4: "edt", -5: "est|cdt", -6: "cst|mdt",
    -7: "mst|pdt", -8: "pst",
}  # fmt: skip

_PLACES = {
    "Asia/Hebron": "القدس|القدس المحتلة|فلسطين|palestine|рамалла|рамаллы|ramallah",
    "Asia/Gaza": "غزة|gaza|газа",
    "Asia/Jerusalem": "jerusalem|иерусалим",
    "Asia/Almaty": "أستانا|أستانة|آستانا|ألماتي|астана|астаны|астане|алматы|astana|almaty|"
    "нур-султан|нур-султана|нур-султане|нұр-сұлтан|nur-sultan",
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
    yield from ((word, Word("i")) for word in HIJRI.split("|"))
    for hours, words in _ABBREVIATIONS.items():
        zone = timezone(timedelta(hours=hours))
        yield from ((word, Word("z", zone=zone)) for word in words.split("|"))
    for sign, places in (("c", _PLACES), ("z", _ZONE_WORDS)):
        for name, words in places.items():
            yield from ((word, Word(sign, zone=ZoneInfo(name))) for word in words.split("|"))


def _own(language: str) -> Iterator[tuple[str, Word]]:
    """Months, labels and weekdays of one language."""
    for number, names in enumerate(MONTHS[language], start=1):
        for name in names.split("|"):
            yield name, Word("m", number)
            if language == "kk":
                yield from ((name + ending, Word("m", number)) for ending in KAZAKH_CASES)
    for sign, words in _SIGNED[language].items():
        meaning = Word(sign, zone=UTC if sign == "g" else None)
        yield from ((word, meaning) for word in words.split("|"))


def _vocabularies() -> dict[str, dict[str, Word]]:
    """All words under the empty name, and under each language with its own reading of the contested ones."""
    own = {language: {fold(word): meaning for word, meaning in _own(language)} for language in MONTHS}
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
