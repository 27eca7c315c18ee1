"""What sites write around their articles, as data: labels, buttons, names and openings, in the languages read.

Each entry is compared in folded form (letters, capitals and signs as `matching_copy` folds them), so one spelling
stands for its harakat, alef and colon variants. A new one is a new word in a table.
"""

from __future__ import annotations

import re

from articles.text import matching_copy

_NOT_LETTERS = re.compile(r"[\W_]+")


def _fold(text: str) -> str:
    return " ".join(_NOT_LETTERS.split(matching_copy(text).casefold())).strip()


CONTROLS = frozenset(
    map(
        _fold,
        """
حجم الخط|تكبير الخط|تصغير الخط|طباعة|اطبع|نسخة للطباعة|أرسل تعليقك|أضف تعليق|أضف تعليقك|تعليقات القراء|التعليقات|شارك
شارك الخبر|شارك المقال|شاركها|مشاركة|مشاركة الخبر|انشر|نسخ الرابط|حفظ|تابعنا|تابعونا|تابعنا على فيسبوك|إعلان|إعلانات
الكلمات الدالة|الكلمات المفتاحية|كلمات دلالية|الوسوم|تحميل المزيد|المزيد|عرض المزيد|أرسل لصديق|الأكثر قراءة
Поделиться|Поделиться в соцсетях|Поделиться новостью|Подписаться|Подписывайтесь|Версия для печати|Распечатать|Печать|Реклама
Комментарии|Комментировать|Оставить комментарий|Добавить комментарий|Скопировать ссылку|Теги|Тэги|Ещё|Показать ещё|Наверх
Отправить другу|Самое читаемое|Бөлісу|Бөлісіңіз|Жазылу|Жарнама|Пікірлер|Пікір қалдыру|Басып шығару|Тегтер
Share|Share this|Share this article|Share this story|Share on Facebook|Print|Print this article|Tell a friend|Send to a friend
Subscribe|Advertisement|Comments|Leave a comment|Copy link|Tags|Back to top|Back to top button|Listen to this article
Found an error in the text|Relevant news|Most viewed|Most read|Yazdır|Paylaş|Abone ol|Yorumlar|Reklam|A A|A A A
""".strip()
        .replace("\n", "|")
        .split("|"),
    )
)

NETWORKS = frozenset(
    map(
        _fold,
        "Facebook|Twitter|X|WhatsApp|Telegram|Viber|VK|VKontakte|ВКонтакте|Одноклассники|OK|LinkedIn|Pinterest|"
        "Messenger|Email|E-mail|Instagram|YouTube|Reddit|Tumblr|Skype|فيسبوك|تويتر|واتساب|تيليجرام|تلغرام|"
        "Фейсбук|Твиттер|Телеграм|Ватсап".split("|"),
    )
)

SITE_NAMES = frozenset(
    map(_fold, "البوابة 24|وفا|معا|وكالة معا الإخبارية|وكالة وفا|Haberler.com|Back to top button".split("|"))
)

READ_ALSO = re.compile(
    r"^(?:"
    r"(?:ا)?(?:قرا|قراي|قرئي|طالع|قراوا)(?: \w+)? ?ايضا|اقرا (?:المزيد|كذلك)|للمزيد|لمزيد من التفاصيل|"
    r"شاهد(?: \w+)? ?ايضا|انظر ايضا|قد يهمك|قد يعجبك|ربما يعجبك|(?:مواضيع|اخبار|موضوعات|مقالات) (?:ذات صله|متعلقه|مرتبطه)|"
    r"(?:читайте|читать|смотрите|смотреть|узнайте) (?:также|еще|подробнее|далее)|(?:новости|материалы?|статьи|еще|другие новости) по теме|"
    r"по теме|похожие (?:новости|статьи|материалы)|подробнее читайте|"
    r"(?:тағы|сондай ақ|бұдан да) (?:да )?(?:оқыңыз|оқи отырыңыз|қараңыз)|оқи отырыңыз|тағы да оқыңыз|тақырып бойынша|"
    r"(?:read|see|watch) (?:also|more|next)|also read|related (?:articles?|stories|news|topics|posts)|more on this(?: story)?|"
    r"(?:ayrıca|bunu da) (?:bakın|okuyun|oku)|ilgili haberler?"
    r")\b"
)

_LABEL_ONLY = 5

BACKGROUND = re.compile(
    r"^(?:напомним|напоминаем|ранее (?:сообщалось|мы писали|мы сообщали|стало известно|писали|сообщали)|"
    r"еске сал(?:айық|а кетейік|сақ)|бұған дейін (?:хабарлағанымыздай|жазғанымыздай|хабарланғандай)|"
    r"как (?:ранее )?(?:сообщалось|сообщали|писали) ранее)\b"
)
BACKGROUND_HEADINGS = frozenset(map(_fold, ("Палестино-израильский конфликт", "Ситуация в Израиле")))

_CREDIT = re.compile(
    r"^(?:фото|сурет|суреттер|иллюстрация|photo(?: credit| by)?|image(?: credit)?|foto|fotoğraf|kaynak|تصوير|الصوره?|صوره)\s*:"
)
_CREDIT_WORDS = 9


def is_control(line: str) -> bool:
    """Is the whole line a button or a label of the page, or but names of networks to share on?"""
    folded = _fold(line)
    return bool(folded) and len(folded) < 60 and (folded in CONTROLS or NETWORKS.issuperset(folded.split()))


def is_site_name(line: str) -> bool:
    """Is the whole line the name of a site that signs its pages with it?"""
    return _fold(line) in SITE_NAMES


def invites_elsewhere(line: str) -> bool:
    """Does the line open as an invitation to other articles (`اقرأ أيضا`, `Читайте также`)?"""
    return bool(READ_ALSO.match(_fold(line[:80])))


def is_label(line: str) -> bool:
    """Is an invitation but a label, whose headlines stand on the lines below it?"""
    return len(_fold(line).split()) <= _LABEL_ONLY and not line.rstrip().endswith((".", "!", "?", "؟"))


def starts_background(line: str) -> bool:
    """Does the paragraph open a reminder of earlier news (`Напомним`, `Еске салайық`)?"""
    folded = _fold(line[:80])
    return bool(BACKGROUND.match(folded)) or _fold(line) in BACKGROUND_HEADINGS


def is_credit(line: str) -> bool:
    """Is the whole line a picture's or a text's credit (`Фото: Акорда`)?"""
    return len(line.split()) <= _CREDIT_WORDS and bool(_CREDIT.match(matching_copy(line).casefold()))
