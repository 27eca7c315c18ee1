"""What sites write around their articles, as data: labels, buttons, names and openings, in the languages read.

Everything is compared in folded form (`articles.lines.fold`), so one entry stands for its capitals, harakat, alef
and colon variants. A new one is a new word in a table.
"""

from __future__ import annotations

import re

from articles.lines import fold
from articles.text import matching_copy


def _entries(*rows: str) -> frozenset[str]:
    return frozenset(fold(entry) for row in rows for entry in row.split("|"))


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


_CONTROLS = _entries(
    "حجم الخط|تكبير الخط|تصغير الخط|طباعة|اطبع|نسخة للطباعة|حفظ|أرسل لصديق|نسخ الرابط",
    "أرسل تعليقك|أضف تعليق|أضف تعليقك|التعليقات|تعليقات القراء",
    "شارك|شارك الخبر|شارك المقال|شاركها|مشاركة|مشاركة الخبر|انشر",
    "تابعنا|تابعونا|تابعنا على فيسبوك|إعلان|إعلانات|الوسوم|الكلمات الدالة|الكلمات المفتاحية|كلمات دلالية",
    "المزيد|عرض المزيد|تحميل المزيد|الأكثر قراءة",
    "Поделиться|Поделиться в соцсетях|Поделиться новостью|Скопировать ссылку|Отправить другу",
    "Версия для печати|Распечатать|Печать|Подписаться|Подписывайтесь|Реклама|Теги|Тэги|Наверх",
    "Комментарии|Комментировать|Оставить комментарий|Добавить комментарий|Ещё|Показать ещё|Самое читаемое",
    "Бөлісу|Бөлісіңіз|Жазылу|Жарнама|Пікірлер|Пікір қалдыру|Басып шығару|Тегтер",
    "Share|Share this|Share this article|Share this story|Share on Facebook|Copy link|Send to a friend|Tell a friend",
    "Print|Print this article|Subscribe|Advertisement|Comments|Leave a comment|Tags|Listen to this article",
    "Back to top|Back to top button|Found an error in the text|Relevant news|Most viewed|Most read",
    "Yazdır|Paylaş|Abone ol|Yorumlar|Reklam|A A|A A A",
)
_CONTROL_CHARS = 60
_OPENING_CHARS = 80

_NETWORKS = _entries(
    "Facebook|Twitter|X|WhatsApp|Telegram|Viber|VK|VKontakte|ВКонтакте|Одноклассники|OK|LinkedIn|Pinterest|Messenger",
    "Email|Instagram|YouTube|Reddit|Tumblr|Skype|فيسبوك|تويتر|واتساب|تيليجرام|تلغرام|Фейсбук|Твиттер|Телеграм|Ватсап",
)

_SITE_NAMES = _entries("البوابة 24|وفا|معا|وكالة وفا|وكالة معا الإخبارية|Haberler.com")

_ELSEWHERE = re.compile(
    "^(?:"
    + _any(
        r"ا?(?:قرا|قراي|قرئي|قراوا|طالع)(?: \w+)? ?ايضا|اقرا (?:المزيد|كذلك)|للمزيد|لمزيد من التفاصيل",
        r"شاهد(?: \w+)? ?ايضا|انظر ايضا|قد يهمك|قد يعجبك|ربما يعجبك",
        r"(?:مواضيع|اخبار|موضوعات|مقالات) (?:ذات صله|متعلقه|مرتبطه)",
        r"(?:читайте|читать|смотрите|смотреть|узнайте) (?:также|еще|подробнее|далее)|подробнее читайте",
        r"(?:новости|материалы?|статьи|еще|другие новости) по теме|по теме|похожие (?:новости|статьи|материалы)",
        r"(?:тағы|сондай ақ|бұдан да) (?:да )?(?:оқыңыз|оқи отырыңыз|қараңыз)|оқи отырыңыз|тақырып бойынша",
        r"(?:read|see|watch) (?:also|more|next)|also read|related (?:articles?|stories|news|topics|posts)|more on this",
        r"(?:ayrıca|bunu da) (?:bakın|okuyun|oku)|ilgili haberler?",
    ).pattern
    + r")\b"
)
_LABEL_WORDS = 5

_BACKGROUND = _any(
    r"^(?:напомним|напоминаем|как сообщалось ранее)\b",
    r"^ранее (?:сообщалось|сообщали|мы сообщали|мы писали|писали|стало известно)\b",
    r"^еске сал(?:айық|а кетейік|сақ)\b",
    r"^бұған дейін (?:хабарлағанымыздай|хабарланғандай|жазғанымыздай)\b",
)
# A paragraph on another event that one site put below each of its stories, under one of these headings.
_BACKGROUND_HEADINGS = _entries("Палестино-израильский конфликт|Ситуация в Израиле")

_NOTE = _any(
    r"(?:ت|ي)(?:عبر|مثل|عكس)(?: بالضروره)?(?: عن)? (?:ال)?(?:راي|اراء|وجهه|وجهات|موقف)",
    r"(?:الاراء|التعليقات) (?:الوارده|المنشوره)|(?:ارشادات|شروط|سياسه) (?:الاستخدام|النشر|التعليق)",
    r"(?:جميع|كافه) الحقوق محفوظه|^(?:تابعنا|تابعونا|تابعوا|اشترك|اشتركوا|للاشتراك|انضم|انضموا) ",
    r"мнение (?:редакции|автора|авторов)|редакция не несет|все права защищены",
    r"(?:копирование|перепечатка|использование) материалов|(?:нашли|заметили|обнаружили|увидели) (?:ошибку|опечатку)",
    r"^(?:подписывайтесь|подпишитесь|следите|читайте нас|присоединяйтесь) ",
    r"барлық құқықтар|(?:қате|қатені) (?:байқасаңыз|тапсаңыз|көрсеңіз)|^жазылыңыз |(?:арнамызға|парақшамызға) жазыл",
    r"all rights reserved|(?:found|spotted) (?:an? )?(?:error|typo|mistake)|(?:views|opinions) expressed",
    r"terms of (?:use|service)|^(?:subscribe|follow us|sign up|join) |tüm hakları saklıdır",
    r"(?:kanalımıza|bültenimize|sayfamıza) abone ol|^abone ol(?:un|mak)? |bizi takip edin",
)
_NOTE_CHARS = 600

_CREDIT = _any(
    r"^(?:фото|иллюстрация|сурет|суреттер|photo(?: credit| by)?|image(?: credit)?|foto|fotoğraf|kaynak)\s*:",
    r"^(?:تصوير|الصوره|صوره)\s*:",
    r"^(?:источник|дереккөз|source|المصدر|مصدر)\s*:",
)
_CREDIT_CHARS = 80


_NO_PAGE = _any(
    r"^(?:error|ошибка|خطا|hata|erreur)? ?404\b",
    r"الصفحه (?:المطلوبه )?غير موجوده|(?:لم يتم العثور على|لا توجد) (?:هذه )?(?:ال)?صفحه",
    r"страниц\w+ (?:не (?:найдена|существует)|удалена)|(?:бет|парақша) (?:табылмады|жоқ)",
    r"page (?:you \w+ \w+ \w+ )?(?:was )?(?:not found|does not exist)|sayfa bulunamadı",
    r"page (?:introuvable|non trouvée)",
    r"^(?:access denied|доступ запрещен|403 forbidden|تم رفض الوصول)",
)


def tells_of_no_page(line: str) -> bool:
    """Does a title or a line say that the page asked for is not there, or not for everybody?"""
    return len(line) <= _NOTE_CHARS and bool(_NO_PAGE.search(fold(line)))


def is_control(line: str) -> bool:
    """Is the whole line a button or a label of the page, or but names of networks to share on?"""
    folded = fold(line) if len(line) <= _CONTROL_CHARS else ""
    return bool(folded) and (folded in _CONTROLS or _NETWORKS.issuperset(folded.split()))


def is_site_name(line: str) -> bool:
    """Is the whole line the name of a site that signs its pages with it?"""
    return len(line) <= _CONTROL_CHARS and fold(line) in _SITE_NAMES


def invites_elsewhere(line: str) -> bool:
    """Does the line open as an invitation to other articles (`اقرأ أيضا`, `Читайте также`)?"""
    return bool(_ELSEWHERE.match(fold(line[:_OPENING_CHARS])))


def is_label(line: str) -> bool:
    """Is an invitation but a label, whose headlines stand on the lines below it?"""
    return len(line.split()) <= _LABEL_WORDS and not line.rstrip().endswith((".", "!", "?", "؟"))


def opens_background(line: str) -> bool:
    """Does the paragraph open a reminder of earlier news (`Напомним`, `Еске салайық`)?"""
    opening = fold(line[:_OPENING_CHARS])
    return bool(_BACKGROUND.match(opening)) or (len(line) <= _CONTROL_CHARS and opening in _BACKGROUND_HEADINGS)


def is_credit(line: str) -> bool:
    """Is the whole line a picture's or a text's credit (`Фото: Акорда`)?"""
    return len(line) <= _CREDIT_CHARS and bool(_CREDIT.match(matching_copy(line).casefold()))


def is_note(line: str) -> bool:
    """Does a line speak of comments, rights, errors or subscriptions rather than of the news?"""
    return len(line) <= _NOTE_CHARS and bool(_NOTE.search(fold(line)))
