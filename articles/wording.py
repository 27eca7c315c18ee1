"""What newsrooms change when they take over a text, and what they never change: words in the languages of the sources.

All are in folded, small letters; `*` at the end of a word stands for any ending. Arabic words stand without joined
`و`, `ف`, `ب`, `ل`.
"""

from __future__ import annotations

from collections.abc import Mapping


class Vocabulary:
    """Words, some of them stems, and what each stands for."""

    def __init__(self, groups: Mapping[str, str]) -> None:
        self._whole: dict[str, str] = {}
        self._stems: dict[str, str] = {}
        for name, words in groups.items():
            for word in words.split():
                (self._stems if word.endswith("*") else self._whole)[word.removesuffix("*")] = name
        self._lengths = sorted({len(stem) for stem in self._stems}, reverse=True)

    def find(self, word: str) -> str | None:
        """The group that a word belongs to, by the whole word or else by its longest stem."""
        if found := self._whole.get(word):
            return found
        for length in self._lengths:
            if len(word) >= length and (found := self._stems.get(word[:length])):
                return found
        return None


_SMALL = """
    يوم فيما بينما اطار
    المئه المائه بالمئه بالمائه процент процента процентов процентам пайыз пайызға пайыздан пайызын percent per cent
    في من الي علي عن مع ان انه انها كما قد لقد هذا هذه ذلك تلك الذي التي الذين ما هو هي هم كان كانت كل بين خلال
    بعد قبل حيث ثم او اي ضمن عبر لدي عند حول بان بانه بانها لان له لها لهم به بها فيه فيها منه منها عليه عليها
    اليه اليها وذلك كذلك ايضا نحو ابن بن منذ حتي اذ اذا انهم جدا احد احدي نفس تم يتم بشان بخصوص اثناء و
    и в во на с со к ко о об от до по за из у для при над под про а но что как это этот эта эти того тем также же бы
    ли или он она они его ее их ему ей им ней нем них который которая которое которые которого которой был была было
    были быть есть является так уже ходе рамках г года году год время чем том тот та те
    және мен бен пен да де та те үшін туралы бойынша осы бұл ол сол олар оның оған деп еді болды болып болған бар
    сондай ақ әрі немесе кейін дейін үстінде барысында жылы жылғы жылдың күні аясында арқылы қатар өз жатыр жүр тұр отыр
    a an the of in on at to for from by with and or as that this these those it its he she they his her their who
    which was were is are be been has have had will would into over after before during about between under also
    than then there where when while both s al el
    эль аль әл ال
    """
SMALL = frozenset(_SMALL.split())
"""Words that carry no news: prepositions, pronouns, auxiliaries."""

_NEGATIONS = """
    لم لن لا ليس ليست غير دون بدون не ни нет без емес жоқ not no never without neither nor cannot cant dont doesnt didnt
    wont isnt arent wasnt werent hasnt havent couldnt wouldnt
    """
NEGATIONS = frozenset(_NEGATIONS.split())

TURNS = Vocabulary(
    {
        "turn": """
        رفض* يرفض* فشل* تعذر* الغاء الغي الغت الغيت الغوا تاجيل* اجل اجلت نائب* وكيل* سابق* بالانابه
        отказ* отмен* отлож* перен* сорва* бывш* экс вице зам замести* замглав* исполняющ*
        орынбасар* бұрынғы бас тартты кейінге вице экс
        هاتف* телефон* видеосвяз* phone* telephone*
        يعتزم* تعتزم* يخطط* تخطط* планир* намерен* жоспарла* plans planned intends intend
        refus* fail* declin* cancel* postpon* delay* reject* withdr* former* deputy vice acting ex interim
        """
    }
)
"""What turns the words beside it into other news: not done, by another hand, from afar."""

SAID = Vocabulary(
    {
        "said": """
        قال قالت اكد اكدت صرح صرحت ذكر ذكرت افاد افادت اعلن اعلنت اوضح اوضحت اشار اشارت اضاف اضافت بين بينت نقل نقلت
        لفت لفتت نوه شدد شددت وفقا نقلا حسب بحسب وفق تصريح بيان بيانا مصدر مصادر مراسل مراسلنا وكاله وكالات الانباء
        للانباء انباء وفا معا كازينفورم قازينفورم رويترز الاناضول صحفي الصحفي المكتب الاعلامي خبر الاعلام
        говорится сообщ* заяв* передает передал* отмет* отмеч* подчеркн* подчерк* добав* рассказ* уточн* информ*
        пресс служб* ссылк* агентств* казинформ* корреспондент* казинформа тасс риа рейтер ссылаясь словам данным
        рассказ* пояснил* напомн* пишет цитир* издани* ведомств* указ* релиз* ria qazinform kazinform
        хабарла* мәлімде* деді айтты атап хабар* жеткіз* баян* тілші* қазақпарат агенттіг* мәлімет* қызметі баспасөз
        сілтеме* дейді хабарлайды
        said says say told tells reported reports report reporting stated states statement according citing cited
        quoted quoting announced announces noted notes added adds informed informs agency wafa reuters tass
        anadolu press service correspondent release spokesperson spokesman spokeswoman newsroom news maan ma'an
        """
    }
)
"""The words of an attribution: who says it, not what happened."""

DAYS = Vocabulary(
    {"day": "اليوم امس غدا الغد غد الليله сегодня вчера завтра бүгін кеше ертең today yesterday tomorrow"}
)

WEEKDAYS = Vocabulary(
    {
        "0": "الاثنين اثنين الإثنين понедельник* дүйсенбі* monday",
        "1": "الثلاثاء ثلاثاء вторник* сейсенбі* tuesday",
        "2": "الاربعاء اربعاء среда среду среды сәрсенбі* wednesday",
        "3": "الخميس خميس четверг* бейсенбі* thursday",
        "4": "الجمعه пятница пятницу пятницы жұма жұмада жұманың friday",
        "5": "السبت суббот* сенбі* saturday",
        "6": "الاحد воскресень* жексенбі* sunday",
    }
)

_TITLES = """
    السيد السيده د الدكتور الدكتوره الاستاذ سعاده معالي الامير الشيخ اللواء العميد العقيد النائب نظيره السفير السفيره
    المدرب اللاعب الرئيس الوزير القنصل المهندس الفنان الكاتب رئيسه وزيره ابو محافظه مدينه بلده مخيم قريه
    """
TITLES = frozenset(_TITLES.split())
"""Arabic has no capitals: a word after one of these is a name."""

ROLES = Vocabulary(
    {
        "role": """
        president* minister* ambassador* embassy* ministry* government* state* parliament* secretary*
        general deputy* prime leader* head* chairman* republic* council* committee* department* director* mr mrs ms dr
        his her excellency capital
        президент* министр* министерств* посол* посла послу послом посольств* мид глав* премьер* правительств*
        парламент* сенат* мажилис* председател* департамент* директор* комитет* совет* республик* государств*
        господин* столиц*
        елші* елшілік* министрлік* үкімет* басшы* төраға* мемлекет* сіржм республика* хатшы* кеңес* комитет*
        """
    }
)
"""Offices and their holders: written with a capital by some desks, and no names."""

NAMES = Vocabulary(
    {
        "name": """
        محمد احمد محمود خالد علي عمر حسن حسين يوسف ابراهيم اسماعيل عبدالله عبد مصطفي سامي كمال جمال طارق زياد نبيل ماهر
        ماجد سليم سليمان سعيد صالح فيصل سلمان عباس ياسر رياض رامي هاني وليد منتصر حازم مازن فادي سمير فؤاد عادل ناصر
        كريم جميل بشار حيدر مروان ليلي مريم فاطمه نور هدي رنا سناء اميره سعاد نجلاء هند انس ايمن باسم بلال تامر
        ايهاب عصام غسان فارس قاسم قيس لؤي مجدي منير نادر نزار هيثم وائل يحيي موسي عيسي داود زكي شادي شريف صلاح
        توكاييف نورتلو نورتليو تليوبيردي قاسم جومارت مراد ارمان نورلان سيريك تيمور اسكار دانيار بولات مختار يرلان
        كيرات عقيل روان يرسين رسلان اوليجاس زيدان اشتيه المالكي السوداني
        غزه رام القدس نابلس الخليل جنين طولكرم قلقيليه بيت اريحا رفح خانيونس خان البيره سلفيت طوباس حيفا يافا عكا
        الناصره بيروت دمشق القاهره عمان بغداد الرياض جده مكه المدينه ابوظبي دبي الدوحه المنامه مسقط صنعاء عدن الخرطوم
        طرابلس تونس الرباط نواكشوط انقره اسطنبول طهران كابول استانا استانه الماتي شيمكنت اكتاو اكتوبي كاراغندا تركستان
        طشقند بيشكيك دوشنبه موسكو باكو لندن باريس برلين روما مدريد فيينا جنيف بروكسل نيويورك واشنطن بكين طوكيو سيول
        نيودلهي جاكرتا سمرقند بودابست وارسو اثينا لاهاي
        """
    }
)
"""Arabic names of people and places that stand often without a title."""
