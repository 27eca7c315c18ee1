"""What newsrooms change when they take over a text, and what they never change: words in the languages of the sources.

All are in folded, small letters; `*` at the end of a word stands for any ending. Arabic words stand without joined
`و`, `ف`, `ب`, `ل`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping


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


def _numbered(groups: Iterable[str]) -> dict[str, str]:
    return {str(number): words for number, words in enumerate(groups)}


_SMALL = """
    المئه المائه بالمئه بالمائه процент процента процентов процентам пайыз пайызға пайыздан пайызын percent per cent
    في من الي علي عن مع ان انه انها كما قد لقد هذا هذه ذلك تلك الذي التي الذين ما هو هي هم كان كانت كل بين خلال
    بعد قبل حيث ثم او اي ضمن عبر لدي عند حول بان بانه بانها لان له لها لهم به بها فيه فيها منه منها عليه عليها
    اليه اليها وذلك كذلك ايضا نحو ابن بن منذ حتي اذ اذا انهم جدا احد احدي نفس تم يتم بشان بخصوص اثناء و
    и в во на с со к ко о об от до по за из у для при над под про а но что как это этот эта эти того тем также же бы
    ли или он она они его ее их ему ей им ней нем них который которая которое которые которого которой был была было
    были быть есть является так уже ходе рамках г года году год время чем том тот та те
    және мен бен пен да де та те үшін туралы бойынша осы бұл ол сол олар оның оған деп еді болды болып болған бар
    сондай ақ әрі не немесе кейін дейін үстінде барысында жылы жылғы жылдың күні аясында арқылы қатар өз
    a an the of in on at to for from by with and or as that this these those it its he she they his her their who
    which was were is are be been has have had will would into over after before during about between under also
    than then there where when while both s
    """
SMALL = frozenset(_SMALL.split())
"""Words that carry no news: prepositions, pronouns, auxiliaries."""

_NEGATIONS = "لم لن لا ليس ليست غير دون не ни нет без емес жоқ not no never without neither nor"
NEGATIONS = frozenset(_NEGATIONS.split())

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

DAYS = Vocabulary({"day": "اليوم امس غدا الليله сегодня вчера завтра бүгін кеше ертең today yesterday tomorrow"})

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

SYNONYMS = Vocabulary(
    _numbered(
        (
            "التقي التقت اجتمع اجتمعت قابل لقاء اجتماع اللقاء الاجتماع لقائه اجتماعه لقائهما اجتماعهما",
            "بحث بحثا بحثت ناقش ناقشا ناقشت تناول تناولا استعرض استعرضا تباحث تباحثا تدارس نقاش مناقشه بحثه",
            "تعزيز تطوير تقويه توطيد توسيع تنميه لتعزيز لتطوير",
            "شهيد شهداء شهيدا قتيل قتلي قتيلا الشهداء القتلي ضحايا الضحايا",
            "استشهد استشهدوا قتل قتلوا ارتقي",
            "جريح جرحي مصاب مصابين اصيب جرح المصابين الجرحي مصابا جريحا",
            "الاحتلال الاسرائيلي الاسرائيليه اسرائيل",
            "وصل وصلت قدم قدمت",
            "جري جرت عقد عقدت تم اقيم اقيمت",
            "اعرب اعربت عبر عبرت ابدي ابدت",
            "وقع وقعا ابرم ابرما",
            "شارك شاركت حضر حضرت",
            "كبير واسع ضخم كبيره واسعه",
            "دعا دعت طالب طالبت",
            "مساعدات معونات مساعده معونه المساعدات المعونات",
            "عاصمه بالعاصمه العاصمه مدينه",
            "سبل افاق سبيل طرق وسائل",
            "هام مهم هامه مهمه",
            "الثنائيه المشتركه",
            "ثمن ثمنت اشاد اشادت قدر",
            "встрет* встреч* переговор* прием принял* провел* провели прошл* прошел состоял*",
            "обсуд* обсужд* рассмотр*",
            "развити* укреплени* расширени* углублени*",
            "президент* глав* лидер*",
            "подписал* заключил*",
            "погибш* погиб* убит* жертв*",
            "ранен* пострадавш* пострада*",
            "направ* отправ* доставил* доставлен*",
            "помощ* поддержк*",
            "стран* государств* республик*",
            "прибы* приех* прилет*",
            "выразил* высказал*",
            "важн* значим*",
            "больш* крупн* значительн*",
            "вопрос* проблем* тема темы тем темам",
            "сотрудничеств* взаимодействи* партнерств*",
            "призва* потребова*",
            "участи* участвова*",
            "побыва* посет*",
            "перспектив* возможност*",
            "начал* старт*",
            "кездес* қабылда* жолық* жүздес*",
            "талқыла* қарасты* сөз",
            "дамыту* нығайту* кеңейту*",
            "маңызды* өзекті*",
            "президент* басшы* басшысы",
            "қол қойды қойылды",
            "қаза* өлген* мерт*",
            "көмек* қолдау*",
            "ел елдің елге елдер мемлекет*",
            "жібер* жөнелт* жеткізді* жолда*",
            "үлкен* ірі* зор*",
            "өтті өткізілді болып",
            "білдірді* жеткізді",
            "атсалыс* қатыс*",
            "ынтымақтаст* әріптест*",
            "бастал* старт*",
            "met meets meet meeting received receives held hosted talks",
            "discussed discusses discuss reviewed considered discussing reviewing",
            "develop developing strengthen strengthening expand expanding deepen deepening enhance "
            "enhancing boosting boost",
            "killed dead died",
            "wounded injured hurt",
            "sent dispatched delivered shipped",
            "aid assistance relief",
            "country state republic nation",
            "arrived landed came",
            "expressed voiced conveyed",
            "important significant key",
            "large big major considerable",
            "issues matters topics questions",
            "cooperation partnership collaboration interaction",
            "called urged calls urges",
            "signed concluded inked",
            "took place",
            "leader president head",
            "capital city",
            "prospects opportunities",
            "children kids",
            "began started launched begun opened",
            "help support",
            "around about approximately nearly almost roughly",
            "حوالي قرابه زهاء نحو",
            "около примерно порядка почти",
            "шамамен жуық",
            "построен* возведен*",
            "покупк* закупк* приобрет*",
            "buy bought purchase purchased",
            "ended finished concluded closed",
            "show showed shows demonstrate demonstrated",
            "more over exceeding",
            "більше более свыше больше",
        )
    )
)
"""Words that one desk writes for the other's."""

OPPOSITES = Vocabulary(
    {
        "1 ارتفاع": "ارتفع ارتفعت ارتفاع زاد زادت زياده نما",
        "1 انخفاض": "انخفض انخفضت انخفاض تراجع تراجعت هبط",
        "2 تاييد": "ايد ايدت تاييد صالح لصالح مؤيد مؤيده",
        "2 رفض": "رفض رفضت عارض عارضت ضد معارضه",
        "2 امتناع": "امتنع امتنعت امتناع",
        "3 فوز": "فاز فازت فوز تغلب تغلبت",
        "3 خسارة": "خسر خسرت خساره هزيمه",
        "3 تعادل": "تعادل تعادلت",
        "4 تهنئة": "هنا تهنئه تهاني التهاني",
        "4 تعزية": "عزي تعزيه تعازي التعازي",
        "5 وصول": "وصل وصلت وصول",
        "5 مغادرة": "غادر غادرت مغادره",
        "6 فتح": "افتتح افتتاح افتتحت فتح",
        "6 إغلاق": "اغلق اغلاق اغلقت",
        "7 شمال": "شمال شمالي الشمال الشماليه",
        "7 جنوب": "جنوب جنوبي الجنوب الجنوبيه",
        "7 شرق": "شرق شرقي الشرق الشرقيه",
        "7 غرب": "غرب غربي الغرب الغربيه",
        "8 دولار": "دولار دولارا",
        "8 يورو": "يورو",
        "8 دينار": "دينار دينارا",
        "8 تنغة": "تنغه تينغه",
        "8 شيكل": "شيكل شيقل",
        "9 الفطر": "الفطر",
        "9 الأضحى": "الاضحي",
        "9 رمضان": "رمضان",
        "9 النوروز": "النوروز نوروز",
        "9 الاستقلال": "الاستقلال استقلال",
        "9 النكبة": "النكبه",
        "9 الميلاد": "الميلاد",
        "9 الجمهورية": "الجمهوريه",
        "10 холодно": "мороз* холод* аяз* below",
        "10 тепло": "тепл* жылы above",
        "9 Республики": "республик*",
        "9 независимости": "независимост* тәуелсіздік*",
        "9 Конституции": "конституци*",
        "9 Победы": "победы жеңіс*",
        "9 Рождества": "рождеств*",
        "9 republic": "republic",
        "9 independence": "independence",
        "9 constitution": "constitution",
        "9 victory": "victory",
        "9 nauryz": "nauryz nowruz navruz наурыз*",
        "9 eid al-fitr": "fitr",
        "9 eid al-adha": "adha",
        "1 вырос": "вырос* увелич* повыс* рост подорож* прибав*",
        "1 снизился": "сниз* уменьш* паде* упал* сокра* подешев*",
        "2 за": "за проголосова* поддержал* поддерж* одобр*",
        "2 против": "против отклон* отверг*",
        "2 воздержался": "воздерж*",
        "3 победил": "побед* выигра* обыгра*",
        "3 проиграл": "проигра* пораж* уступ*",
        "3 ничья": "ничь*",
        "4 поздравил": "поздрав*",
        "4 соболезнование": "соболезн*",
        "5 прибыл": "прибы*",
        "5 покинул": "покин* отбы*",
        "6 открыл": "откры*",
        "6 закрыл": "закры*",
        "7 север": "север*",
        "7 юг": "юг юга юге южн*",
        "7 восток": "восток* восточн*",
        "7 запад": "запад*",
        "8 доллар": "доллар*",
        "8 евро": "евро",
        "8 рубль": "рубл*",
        "8 тенге": "тенге",
        "1 өсті": "өсті* артты* көбейді* өсім*",
        "1 төмендеді": "төменде* азай* кеміді*",
        "2 жақтады": "жақта* қолдады*",
        "2 қарсы": "қарсы",
        "2 қалыс": "қалыс",
        "3 жеңді": "жең*",
        "3 жеңілді": "жеңіл*",
        "3 тең": "тең",
        "4 құттықтау": "құттықта*",
        "4 көңіл айту": "көңіл*",
        "7 солтүстік": "солтүстік*",
        "7 оңтүстік": "оңтүстік*",
        "7 шығыс": "шығыс*",
        "7 батыс": "батыс*",
        "6 ашылды": "ашыл* ашты*",
        "6 жабылды": "жабыл* жапты*",
        "1 rose": "rose rise rises grew increased increase higher up climbed",
        "1 fell": "fell fall falls dropped decreased decline declined lower down",
        "2 favour": "for favour favor supported backed approved endorsed",
        "2 against": "against opposed rejected",
        "2 abstained": "abstained abstain abstaining abstentions",
        "3 won": "won win wins beat defeated victory",
        "3 lost": "lost loses defeat loss",
        "3 drew": "drew draw tied",
        "4 congratulated": "congratulat*",
        "4 condolences": "condolenc*",
        "5 arrived": "arrived",
        "5 left": "left departed",
        "6 opened": "opened opens reopened",
        "6 closed": "closed closes",
        "7 north": "north northern",
        "7 south": "south southern",
        "7 east": "east eastern",
        "7 west": "west western",
        "8 dollar": "dollar dollars usd",
        "8 euro": "euro euros",
        "8 tenge": "tenge",
        "8 dinar": "dinar dinars",
        "8 shekel": "shekel shekels",
    }
)
"""Words of one sort that exclude each other (the number before the blank is the sort): a vote, a trend, a currency."""

_TITLES = """
    السيد السيده د الدكتور الدكتوره الاستاذ سعاده معالي الامير الشيخ اللواء العميد العقيد النائب نظيره السفير السفيره
    المدرب اللاعب الرئيس الوزير القنصل المهندس الفنان الكاتب رئيسه وزيره ابو محافظه مدينه بلده مخيم قريه
    """
TITLES = frozenset(_TITLES.split())
"""Arabic has no capitals: a word after one of these is a name."""

ROLES = Vocabulary(
    {
        "role": """
        president* minister* ambassador* embassy* ministry* foreign affairs government* state* parliament* secretary*
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
