"""What is a revision and what is not, and how an edit is shown."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.revision import Change, Telling, diff, is_trivial

AR = "استقبل الرئيس محمود عباس في رام الله وفدا من كازاخستان.\nوأسفر القصف عن استشهاد 12 مواطنا في خان يونس."
RU = (
    "Токаев принял посла Палестины в Астане.\n"
    "По данным врачей, погибли 12 человек, ещё 30 ранены.\n"
    "Стороны обсудили помощь."
)
KK = (
    "Тоқаев Палестина елшісін қабылдады.\n"
    "Дәрігерлердің айтуынша, 12 адам қаза тапты.\n"
    "Тараптар көмек мәселесін талқылады."
)
EN = 'Tokayev received the Palestinian envoy.\n"We stand by you," he said.\nThe death toll reached 1,204 on Monday.'

TRIVIAL = [
    # counters, dates and clocks of the page
    (RU, f"{RU}\n1 204 просмотра"),
    (f"{RU}\nПросмотров: 31", f"{RU}\nПросмотров: 58 | Комментариев: 2"),
    (f"{KK}\n84 рет қаралды", f"{KK}\n102 рет қаралды"),
    (f"{AR}\nعدد المشاهدات: 31", f"{AR}\nعدد المشاهدات: 77"),
    (f"{EN}\n12 views", f"{EN}\n340 views"),
    (f"12 марта 2026, 14:30\n{RU}", f"12 марта 2026, 18:05\n{RU}"),
    (RU, f"Обновлено: 12.03.2026 18:05\n{RU}"),
    (AR, f"تاريخ النشر: 12/03/2026 05:52 م\n{AR}"),
    (EN, f"Updated: March 12, 2026, 18:05\n{EN}"),
    # white space and paragraphs, punctuation, quotes, dashes, letters, capitals
    (RU, RU.replace("\n", " ")),
    (RU, RU.replace(" ", "  ")),
    (EN, EN.replace('"', "”").replace(",”", "”,")),
    (RU, RU.replace("ещё", "еще").replace("Стороны обсудили", "Стороны — обсудили")),
    (RU, RU.replace("Токаев", "ТОКАЕВ")),
    (AR, AR.replace("استشهاد", "إستشهاد").replace("12", "١٢")),
    (AR, AR.replace("محمود", "مَحمود").replace("الرئيس", "الرئـيس")),
    (KK, KK.replace(".", "!")),
    # links to other articles, buttons, credits
    (RU, f"{RU}\nЧитайте также: Казахстан отправил помощь в Газу"),
    (RU, RU.replace("\n", "\nЧитайте также: Посол вручил грамоты\n", 1)),
    (AR, f"{AR}\nاقرأ أيضا: الرئيس يهنئ نظيره"),
    (EN, f"{EN}\nRead also\nKazakhstan sends flour to Gaza\nEnvoy presents credentials"),
    (KK, f"{KK}\nТағы оқыңыз: Астанада жиын өтті"),
    (RU, f"{RU}\nПоделиться"),
    (RU, f"{RU}\nФото: Акорда"),
]

REVISIONS = [
    # figures, names, negations, quotes
    (RU, RU.replace("12 человек", "14 человек")),
    (AR, AR.replace("12", "15")),
    (KK, KK.replace("12 адам", "13 адам")),
    (EN, EN.replace("1,204", "1,240")),
    (EN, EN.replace("1,204", "120.4")),
    (RU, RU.replace("Токаев", "Кошербаев")),
    (AR, AR.replace("رام الله", "أريحا")),
    (EN, EN.replace("We stand", "We do not stand")),
    (EN, EN.replace("by you", "with you")),
    (KK, KK.replace("қабылдады", "қабылдамады")),
    # sentences and paragraphs that come, go or change places
    (RU, f"{RU}\nПозднее МИД опроверг эти сведения."),
    (AR, AR.partition("\n")[0]),
    (EN, EN.replace('"We stand by you," he said.\n', "")),
    (KK, "\n".join(reversed(KK.split("\n")))),
    (RU, RU.replace("Астане.", "Астане. Встреча была короткой.")),
    # numbers, dates and counted things that are news
    (RU, f"{RU}\nПогибли 58 человек"),
    (RU, RU.replace("в Астане.", "в Астане 12 марта.")),
    (EN, EN.replace("Monday", "Tuesday")),
    (EN, EN.replace("1,204", "1,204%")),
    # a letter that makes another word; Kazakh and Russian ones are not the same
    (RU, RU.replace("посла", "после")),
    (KK, KK.replace("Тоқаев", "Токаев")),
    ("", RU),
]


@pytest.mark.parametrize(("old", "new"), TRIVIAL)
def test_what_the_page_changes_by_itself_is_no_revision(old: str, new: str) -> None:
    for one, other in ((old, new), (new, old)):
        assert is_trivial(Telling(title="T", text=one), Telling(title="T", text=other))
        assert diff(Telling(title="T", text=one), Telling(title="T", text=other)) == []


@pytest.mark.parametrize(("old", "new"), REVISIONS)
def test_another_word_is_a_revision(old: str, new: str) -> None:
    for one, other in ((old, new), (new, old)):
        assert not is_trivial(Telling(title="T", text=one), Telling(title="T", text=other))
        assert diff(Telling(title="T", text=one), Telling(title="T", text=other))


@pytest.mark.parametrize(
    ("old", "new", "trivial"),
    [
        ("Токаев принял посла", "Токаев принял «посла»", True),
        ("Токаев принял посла", "Токаев встретился с послом", False),
        ("الرئيس يستقبل السفير", "الرئيس يَستقبل السفير", True),
        ("12 killed in Gaza", "14 killed in Gaza", False),
        (None, "Токаев принял посла", True),
    ],
)
def test_a_headline_is_revised_by_its_words(old: str | None, new: str | None, trivial: bool) -> None:
    one, other = Telling(title=old, text=RU), Telling(title=new, text=RU)
    assert is_trivial(one, other) is trivial
    assert [change.where for change in diff(one, other)] == ([] if trivial else ["title"])


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        (
            "Погибли 12 человек, сообщил врач.",
            "Погибли 14 человек, сообщил МИД.",
            "Погибли [-12-] {+14+} человек, сообщил [-врач.-] {+МИД.+}",
        ),
        (
            "استشهاد 12 مواطنا في غزة.",
            "استشهاد 15 مواطنا في قطاع غزة.",
            "استشهاد [-12-] {+15+} مواطنا في {+قطاع+} غزة.",
        ),
        ("Бес құжатқа қол қойылды.", "Алты құжатқа қол қойылды.", "[-Бес-] {+Алты+} құжатқа қол қойылды."),
        ("He met the envoy today.", "He met “the consul” today.", "He met “the [-envoy-] {+consul”+} today."),
    ],
)
def test_a_changed_paragraph_shows_its_words(old: str, new: str, shown: str) -> None:
    (change,) = diff(Telling(title=None, text=old), Telling(title=None, text=new))
    assert (change.kind, change.where, change.marked()) == ("changed", "text", shown)


def test_paragraphs_come_and_go_in_their_order() -> None:
    old = "Первый абзац о встрече в Астане.\nВторой абзац убран совсем.\nТретий абзац остался как был."
    new = "Первый абзац о встрече в Алматы.\nТретий абзац остался как был.\nСовершенно иные слова добавлены."
    changes = diff(Telling(title="Старый заголовок", text=old), Telling(title="Новый заголовок", text=new))
    assert [(change.kind, change.where) for change in changes] == [
        ("changed", "title"),
        ("changed", "text"),
        ("removed", "text"),
        ("added", "text"),
    ]
    assert changes[3].marked() == "{+Совершенно иные слова добавлены.+}"


def words_of(changes: list[Change], *kinds: str) -> list[str]:
    return " ".join(span.text for change in changes for span in change.spans if span.kind in kinds).split()


@given(st.lists(st.sampled_from(["мир", "два", "три", "غزة", "12", "."]), max_size=30), st.data())
def test_no_word_of_a_changed_paragraph_is_lost(old: list[str], data: st.DataObject) -> None:
    new = data.draw(st.lists(st.sampled_from(["мир", "два", "три", "غزة", "12", "."]), max_size=30))
    one, other = Telling(title=None, text=" ".join(old)), Telling(title=None, text=" ".join(new))
    changes = diff(one, other)
    if changes:
        assert words_of(changes, "same", "added") == new or not new
        assert len(words_of(changes, "removed", "same")) >= sum(word != "." for word in old)


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_diff_is_empty_for_trivial_edits_alone(old: str, new: str) -> None:
    one, other = Telling(title=None, text=old), Telling(title=None, text=new)
    assert is_trivial(one, one)
    assert bool(diff(one, other)) != is_trivial(one, other)


@pytest.mark.parametrize("variety", [2, 100, 5000])
@pytest.mark.parametrize("paragraph", [50, 10_000])
def test_ten_thousand_changed_words_take_seconds_at_most(variety: int, paragraph: int) -> None:
    chance = random.Random(1)

    def text() -> str:
        said = [f"w{chance.randrange(variety)}" for _ in range(10_000)]
        return "\n".join(" ".join(said[n : n + paragraph]) for n in range(0, 10_000, paragraph))

    started = time.process_time()
    assert diff(Telling(title=None, text=text()), Telling(title=None, text=text()))
    assert time.process_time() - started < 10
