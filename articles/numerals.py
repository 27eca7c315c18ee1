"""Numbers by their value, in digits or in words, in the languages of the sources."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

# Value: words, in Arabic, Russian, Kazakh and English, cardinal and ordinal, as the matching copy has them.
_WORDS = {
    1: "واحد واحده الاول الاولي اول اولي | один одна одно одного одной одному одну первый первая первое первого "
    "первой первую первом | бір бірінші | one first",
    2: "اثنان اثنين اثنتان اثنتين اثنا اثني الثاني الثانيه ثاني ثانيه | два две двух двум двумя двое двоих второй "
    "вторая второе второго вторую втором | екі екеу екеуі екінші | two second",
    3: "ثلاث ثلاثه الثالث الثالثه ثالث ثالثه | три трех трем тремя трое троих третий третья третье третьего третьей "
    "третью третьем | үш үшеу үшеуі үшінші | three third",
    4: "اربع اربعه الرابع الرابعه رابع رابعه | четыре четырех четырем четверо четверых четвертый четвертая "
    "четвертого четвертой четвертом | төрт төртеу төртеуі төртінші | four fourth",
    5: "خمس خمسه الخامس الخامسه خامس خامسه | пять пяти пятью пятеро пятый пятая пятого пятой пятом | бес бесеу "
    "бесеуі бесінші | five fifth",
    6: "ست سته السادس السادسه سادس سادسه | шесть шести шестеро шестой шестая шестого шестом | алты алтау алтауы "
    "алтыншы | six sixth",
    7: "سبع سبعه السابع السابعه سابع سابعه | семь семи семеро седьмой седьмая седьмого седьмом | жеті жетеу жетінші "
    "| seven seventh",
    8: "ثمان ثماني ثمانيه الثامن الثامنه ثامن ثامنه | восемь восьми восьмой восьмая восьмого восьмом | сегіз "
    "сегізінші | eight eighth",
    9: "تسع تسعه التاسع التاسعه تاسع تاسعه | девять девяти девятый девятая девятого девятом | тоғыз тоғызыншы | "
    "nine ninth",
    10: "عشر عشره العاشر العاشره عاشر عاشره | десять десяти десятый десятая десятого десятом | он оныншы | ten tenth",
    11: "| одиннадцать одиннадцати одиннадцатый одиннадцатая одиннадцатого одиннадцатой одиннадцатом "
    "| | eleven eleventh",
    12: "| двенадцать двенадцати двенадцатый двенадцатая двенадцатого двенадцатой двенадцатом | | twelve twelfth",
    13: "| тринадцать тринадцати тринадцатый тринадцатая тринадцатого тринадцатой тринадцатом | | thirteen thirteenth",
    14: "| четырнадцать четырнадцати четырнадцатый четырнадцатая четырнадцатого четырнадцатой четырнадцатом "
    "| | fourteen fourteenth",
    15: "| пятнадцать пятнадцати пятнадцатый пятнадцатая пятнадцатого пятнадцатой пятнадцатом | | fifteen fifteenth",
    16: "| шестнадцать шестнадцати шестнадцатый шестнадцатая шестнадцатого шестнадцатой шестнадцатом "
    "| | sixteen sixteenth",
    17: "| семнадцать семнадцати семнадцатый семнадцатая семнадцатого семнадцатой семнадцатом "
    "| | seventeen seventeenth",
    18: "| восемнадцать восемнадцати восемнадцатый восемнадцатая восемнадцатого восемнадцатой восемнадцатом "
    "| | eighteen eighteenth",
    19: "| девятнадцать девятнадцати девятнадцатый девятнадцатая девятнадцатого девятнадцатой девятнадцатом "
    "| | nineteen nineteenth",
    20: "عشرون عشرين العشرون العشرين | двадцать двадцати двадцатый | жиырма жиырмасыншы | twenty twentieth",
    30: "ثلاثون ثلاثين الثلاثون الثلاثين | тридцать тридцати тридцатый | отыз отызыншы | thirty thirtieth",
    40: "اربعون اربعين الاربعون الاربعين | сорок сорока | қырық қырқыншы | forty",
    50: "خمسون خمسين الخمسون الخمسين | пятьдесят пятидесяти | елу елуінші | fifty",
    60: "ستون ستين الستون الستين | шестьдесят шестидесяти | алпыс | sixty",
    70: "سبعون سبعين السبعون السبعين | семьдесят семидесяти | жетпіс | seventy",
    80: "ثمانون ثمانين الثمانون الثمانين | восемьдесят восьмидесяти | сексен | eighty",
    90: "تسعون تسعين التسعون التسعين | девяносто | тоқсан | ninety",
    100: "مئه مائه مييه | сто ста сотня сотни | жүз | hundred hundreds",
    200: "مئتان مئتين مئتا مئتي مائتان مائتين مائتا مائتي | двести двухсот |",
    300: "ثلاثمئه ثلاثمائه | триста трехсот |",
    400: "اربعمئه اربعمائه | четыреста четырехсот |",
    500: "خمسمئه خمسمائه | пятьсот пятисот |",
    600: "ستمئه ستمائه | шестьсот шестисот |",
    700: "سبعمئه سبعمائه | семьсот семисот |",
    800: "ثمانمئه ثمانمائه ثمانيمئه | восемьсот восьмисот |",
    900: "تسعمئه تسعمائه | девятьсот девятисот |",
    1_000: "الف الفا الاف | тысяча тысячи тысяч тысячу тысячам тысячами тыс | мың | thousand thousands",
    2_000: "الفان الفين الفا | |",
    1_000_000: "مليون مليونا ملايين | миллион миллиона миллионов млн | миллион | million millions mln",
    2_000_000: "مليونان مليونين | |",
    1_000_000_000: "مليار مليارا مليارات | миллиард миллиарда миллиардов млрд | | billion billions bn",
}

VALUES = {word: value for value, words in reversed(_WORDS.items()) for word in words.replace("|", " ").split()}
"""What each number word is worth. Arabic ones without the joined `و`, `ب`, `ل`."""

HUNDRED = frozenset(("مئه", "مائه", "مييه"))
"""With its article Arabic means per cent by it."""

_GROUPED = re.compile(r"\d{1,3}(?:[ ,.٬']\d{3})+")
_THOUSAND = 1_000
_DECIMAL_MARKS = str.maketrans({",": ".", "٫": "."})


def of_digits(digits: str) -> Decimal:
    """`1 200`, `1,200` and `1.200` are one number, `1.5` and `1,5` another."""
    if _GROUPED.fullmatch(digits):
        return Decimal(re.sub(r"\D", "", digits))
    return Decimal(digits.translate(_DECIMAL_MARKS))


def joins(run: Sequence[Decimal], value: Decimal) -> bool:
    """Does `value`, the next word, go on with the number that `run` has begun: "two", then "thousand"?"""
    last = run[-1]
    if value >= _THOUSAND:
        return last < value and _own(run) < value
    if value == 100:
        return last < 10 or last >= _THOUSAND
    if last >= 20:
        return value < last and last % 100 in (0, *range(20, 100, 10))
    if last == 10 and value < 10:  # Kazakh: ten, two
        return len(run) == 1 or run[-2] >= 100
    # Arabic says the unit first: three and twenty, three ten
    return value in (10, *range(20, 100, 10)) and 1 <= last < 10


def total(run: Sequence[Decimal]) -> Decimal:
    """What the words of one number are worth together: `2 1000 300 5` is 2,305."""
    whole, part = Decimal(0), run[0]
    if part >= _THOUSAND and (len(run) == 1 or run[1] < part):
        whole, part = part, Decimal(0)
    for value in run[1:]:
        if value >= _THOUSAND:
            whole, part = whole + (part or 1) * value, Decimal(0)
        elif value == 100 and 0 < part < 10:
            part *= value
        else:
            part += value
    return whole + part


def _own(run: Sequence[Decimal]) -> Decimal:
    """What stands behind the last thousand or million of the run."""
    part = Decimal(0)
    for value in run:
        part = Decimal(0) if value >= _THOUSAND else part + value
    return part
