"""Words that one desk writes for another's, in the languages of the sources.

A reprint that has `investigate` for `probe` is the same news; one that has `clinics` for `schools` is not. So what
may stand for what is listed, and any other word in place of a word speaks against a near copy. All are in folded,
small letters; `|` stands between groups, `` at the end of a word for any ending. Arabic words stand without article,
joined particles, and the letters that a verb's person begins with.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache

from articles.spelling import REMEMBERED

_ENGLISH = """
    strip gaza enclave | open opened opening opens set up establish* creat* found* launch* | leave leaves leaving left
    depart* head heads headed travel* go goes going went | training education* | center centre | arrive came come comes
    reached | see saw seen watch* | get gets got obtain* receiv* secur* | start starts started | make makes made |
    wound wounds | late later | hold holds holding | free gratis | near close | soon shortly | plan plans planned
    intend* | delegation mission | spoke spoken speak talk talks talked phone phoned telephone conversation call | urge
    urges urged urging advis* recommend* call* appeal* | envoy envoys ambassador ambassadors diplomat* | premier prime
    minister | strip enclave territory | convoy* caravan* column* | fire blaze* | quake earthquake tremor* | flood*
    inundat* | election* poll polls ballot* | summit meeting gathering | casualt* victim* losses | inaugurat* opened
    opening unveil* | vow vows vowed pledg* promis* | back backs backed backing support* endors* favour favor |
    condemn* denounc* decr* slam* | approv* pass passed passes adopt* endors* okay* ratif* | appoint* named names nam
    designat* | resign* quit quits stepped | elect* chose chosen choos* | triumph* victor* won win wins beat beats
    defeat* | prize prizes award awards | scholarship* grant grants stipend* | exhibition* exposition* display* |
    festival celebration* festivit* | ceremony event | stance position stand | bill draft | deep* profound* | sincere
    heartfelt warm cordial | high top senior | head headed heads led leads lead leading chair* | accompan* along
    together | mark marks marked celebrat* commemorat* | marking occasion | took taken takes take | carri* conduct*
    perform* implement* execut* | hope hopes hoped expect* | enjoy* has had have | inform* brief* told updat* | affect*
    suffer* hit hits | reduc* cut cuts lower* | rebuild* reconstruct* restor* | establish* set found* creat* form* |
    met meet* receiv* held hold* host* gather* | talk* negotiat* dialogue conversation* consultation* meeting* |
    discuss* review* consider* examin* debat* explor* address* hold talks look | develop* strengthen* expand* deepen*
    enhanc* boost* consolidat* promot* reinforc* bolster* improv* | killed dead died dies slain martyr* fatalit* death*
    lives | wounded injur* hurt | sent send* dispatch* deliver* ship* transfer* | aid assistance relief help* support*
    | country countries state states republic nation nations | arriv* landed came reach* | express* voice* convey*
    extend* | important significant key vital crucial essential major main | large big major considerable substantial
    huge great | issue* matter* topic* question* problem* | cooperat* partnership* collaborat* interact* | called calls
    call urg appeal* ask demand* requir* request* advis* recommend* told warned | signed sign concluded inked seal* |
    president leader head chief | prospect* opportunit* possib* ways means | children kids | began begin* begun start*
    launch* opened kick* commenc* | around about approximately nearly almost roughly some | buy bought purchas* acquir*
    procur* | ended end ends finish* conclud* complet* wrap* | show* demonstrat* indicat* reveal* | more over exceeding
    longer above upwards | reporter* journalist* press media | message cable letter telegram | congratul* greet*
    felicit* | prais* commend* hail* laud* welcom* appreciat* thank* gratitude grateful | spectator* fans crowd |
    driver* motorist* | connect* link* | clear strong firm steadfast unwavering | lawmaker* mps parliamentarian*
    legislator* deputies | remain* still continue* stay* keep* | modest small low limited | expect* due plan* schedul*
    set slated | attend* participa* join* took part | agreement* accord deal pact | ties relations relationship links
    bonds | people citizen* resident* inhabitant* population civilians | area* region* zone* | situation developments
    circumstances conditions | stress* emphasi* underlin* underscor* reiterat* affirm* reaffirm* confirm* point*
    highlight* recall* | need* necess* | increas* grew grow* rose rise* climb* | fell fall* drop* declin* decreas* |
    current* present ongoing existing | next coming forthcoming upcoming following | last previous past | several many
    numerous number various | organi* arrang* | food foodstuff* | phone telephone | effort* endeavo* work | provid*
    gave give* given grant* offer* suppl* donat* hand* | aim goal* purpos* objective* | build* built construct* erect*
    | visit* trip tour | ton tons tonne tonnes | truck* lorr* | plane* aircraft jet | authorit* officials | government
    cabinet | team side squad | match game | player* footballer* | coach manager | doctors physicians medics | pupils
    students | money funds funding | paid pay fund* financ* | rain rains rainfall shower* precipitation | forecaster*
    meteorologist* weathermen | stop* halt* cease* cessation | ceasefire truce | attack* strike* raid* | destroy*
    demolish* | fully completely entirely whole | quick* rapid* swift* fast | joint mutual common shared | friendly
    fraternal brotherly | wish* hope* | good strong robust firm best | progress prosperity success* wellbeing welfare |
    memorandum memorandums memoranda | evening night | morning early | road* highway* route* | took place held occurred
    happened | visitor* guest* | home homes house houses dwelling* | women's female | use utili* employed | join* unit*
    | probe* investigat* inquiry | allow* permit* enabl* let | try tries tried attempt* seek* sought | vehicle* car
    cars | prepar* ready | includ* compris* contain* consist* cover* | carr* transport* brought bring* | capital city
    """
_RUSSIAN = """
    поблагодар* благодар* признательн* выраз* спасибо | отправ* выед* выех* напра* поед* уех вылет* | учебн*
    образовательн* | газа газе газу газы сектор* анклав* | гост* визитер* делегац* | дет ребят* малыш* ребен* | лечен*
    леч терапи* | клиник* больниц* | получ* обрет* | взаимн* двусторонн* обоюдн* | также помимо | сегодн* днем | увиде*
    посмотр* осмотр* ознаком* | работа* трудит* | приехал* прибыл* | помог* содейств* поддерж* | регулярн* постоянн* |
    важнейш* значим* | недавн* последн* | говорил* поговорил* разговор* бесед* телефон* | посол* посла послу послом
    дипломат* посланник* | анклав* сектор* территори* | колонн* конво* караван* | пожар* возгоран* | землетряс* толчк*
    сейсм* | паводк* наводнен* половод* | выбор* голосован* | саммит* встреч* | открыл* открыт* запуст* запущен* |
    обеща* обязал* заверил* | осудил* осужда* порица* | одобр* приня* утверд* поддерж* | назнач* назначен* | избра*
    выбра* | побед* выигра* обыгра* | преми* наград* приз | грант* стипенди* | фестивал* праздник* торжеств* |
    церемони* мероприяти* событи* | искренн* сердечн* теплы* тепло | глубок* больш* | возглав* руковод* | отметил*
    отпраздн* праздну* | провел* осуществ* выполн* | надежд* рассчит* ожида* | восстанов* отстро* реконструкц* | созда*
    учред* основа* образова* | нанес* причин* | груз* парти* | ущерб* убыт* | доклад* отчет* | прогноз* данным |
    состав* насчит* равн* | сотрудник* работник* | специалист* эксперт* | мест* населенн* | предприяти* компани* фирм*
    | настоящ* нынешн* сейчас | нескольк* ряд | прием* принимает* | встрет* встреч* переговор* прием принял* провел*
    провели прошл* прошел пройд* состоя* собер* собра* | бесед* встреч* разговор* диалог* переговор* | обсуд* обсужд*
    рассмотр* рассматр* затрон* | развити* развив* укрепл* расшир* углубл* наращив* повышен* усилен* | президент* глав*
    лидер* руководител* | подписал* заключил* подписан* заключен* | погибш* погиб* убит* жертв* | ранен* пострадавш*
    пострада* травм* | направ* отправ* достав* переда* посла* посыл* | помощ* поддержк* содейств* | стран* государств*
    республик* | прибы* приех* прилет* прилете* | выразил* высказал* выража* | важн* значим* ключев* главн* | больш*
    крупн* значительн* существенн* | вопрос* проблем* тема темы тем темам | сотрудничеств* взаимодействи* партнерств* |
    призва* потребова* призыва* требу* прос* рекоменд* совет* | участи* участвова* участвует принима* | побыва* посет*
    посеща* | перспектив* возможност* | начал* старт* начат* | около примерно порядка почти приблизительно | построен*
    возведен* строительств* возвед* | покупк* закупк* приобрет* закуп* купил* | более свыше больше | положени* ситуаци*
    обстановк* | зафиксирова* зарегистрирова* отмечен* выявл* | управлени* департамент* ведомств* | продовольстви* еды
    еда пищ продукт* | футболист* игрок* | движени* изменени* | сфер* област* отрасл* направлени* | крепк* добр* |
    достиг* состав* равн* | водител* автомобилист* шофер* | поборет* бороться боротьс* сража* выступ* | отмет* отмеч*
    подчеркн* подчерк* указ* акцентир* выдел* | высок* оцен* | благодар* признательн* | договор* соглас* условил* |
    соглашени* договор* документ* меморандум* | предстоящ* грядущ* будущ* следующ* ближайш* | прошл* минувш* прошедш*
    предыдущ* | нынешн* текущ* этого | депутат* парламентар* сенатор* законодател* | журналист* репортер* сми
    корреспондент* | граждан* жител* населени* люд | район* территори* регион* | закончил* заверш* окончи* окончен* |
    планир* ожида* предполага* намерен* должн* заплан* | организ* подготов* устро* | проведени* организаци* |
    предостав* выдел* оказ* дал обеспеч* | цел задач* | связ* отношени* контакт* | дружеств* братск* дружб* | послани*
    телеграмм* письм* | поздравл* поздрав* | успех* процветани* благополучи* | желает пожелал* желал* | нужд*
    необходим* потребност* требу* | рост* увелич* повыс* вырос* возрос* | снизил* уменьш* сократ* упал* | различн*
    разн* | многочислен* несколько ряд | состояни* уровн* положени* | выставк* экспозици* | самолет* борт* авиалайнер*
    лайнер* | грузовик* фур машин* автомобил* | команд* сборн* | матч* игр встреч* | тренер* наставник* | врач* медик*
    доктор* | школьник* ученик* | студент* учащ* | дом здани* жиль* | осадк* дожд* | метеоролог* синоптик* | прекра*
    останов* | атак* удар* обстрел* нападени* | разруш* уничтож* | быстр* оперативн* скор* | полност* целиком |
    совместн* общ взаимн* | тонн* тонна | перелет* рейс* полет* | реализ* осуществл* воплощ* выполн* | позволя* дает
    позвол* | включа* входит вошл* содерж* состоит | рассказ* сообщ* поведа* проинформир* ознаком* | напомн* подтверд*
    | вечер* ноч | утр ранн* | дорог* трасс* шоссе | руководств* власт* | правительств* кабинет* кабмин* | мнени*
    взгляд* позици* | достигнут* подтвержд*
    """
_KAZAKH = """
    аттан* жол тартады тартты бет алды шықты ұшты | барады барды аралайды аралады көреді көрді келеді | келген келіп
    келді жетті жеткен жетіп | оқу білім | газа газаға газада газаның секторға сектор | қонақ* меймандар мейман | бала
    балалар* бүлдіршін* | аурухана* емхана* | алды алған қабылдады | көрді көрген тамашала* | жедел шұғыл* | аяғында
    соңында | сөйлес* әңгімелес* тілдес* телефон* | елші* дипломат* өкіл* | анклав* секторы секторына секторында аймағы
    | керуен* колонна* | өрт жалын* | жер сілкін* дүмпу* | су тасқын* | сайлау* дауыс* | саммит* жиын* кездес* отырыс*
    | аш ашты ашылды ашқан іске қосты | айыпта* сынға* | мақұлда* қабылда* бекіт* | тағайында* сайла* | жең ұтты ұтып
    жеңіске | жүлде* сыйлық* марапат* | грант* шәкіртақы* стипендия* | мереке* той | шара* салтанат* рәсім* | шынайы*
    ыстық* | терең* зор | басқар* жетекші* | үміт* сенім* | қалпына* жөнде* | құр құрды құрылды | шығын* залал* | жүк
    партия* | есеп* баяндама* | маман* сарапшы* | қызметкер* жұмыскер* | кәсіпорын* компания* | елорда* астана* |
    кездес* қабылда* жолық* жүздес* келіссөз* | талқыла* қарасты* сөз қара* қозға* | дамыт* нығайт* кеңейт* арттыр*
    күшейт* жетілдір* | маңызды* өзекті* басты* негізгі* | президент* басшы* көшбасшы* | қол қойды қойылды | қаза*
    өлген* мерт* | көмек* қолдау* жәрдем* | ел елдің елге елдер* мемлекет* республика* | жібер* жөнелт* жеткіз* жолда*
    аттандыр* тапсыр* | үлкен* ірі зор мықты* айтарлықтай | өтті өтеді өткізілді болып болды болады күтіледі өткізіл*
    жинал* | білдір* жеткіз* айт | атсалыс* қатыс* | ынтымақтаст* әріптест* серіктест* ықпалдаст* | бастал* старт*
    басталды | шамамен жуық | алғыс* ризашылы* рахмет* | ахуал* жағдай* хал | мүмкін* ықтимал* | депутат* сенатор*
    мәжілісмен* | азық* түлік* тамақ* | анық* айқын* нақты* | жетті жеткен жетеді құрады | футболшы* ойыншы* | деңгей*
    көлем* шама* | атап* айт мәлім* жеткіз* хабар* баянда* | болжам* мәлімет* айтуынша дерек* | аяқтал* бітті тәмамда*
    | жоспарл* күтіл* көзде* | ұсын* кеңес* шақыр* үнде* | келесі* алдағы* кезекті* келер* | өткен* былтыр* алдыңғы* |
    қазіргі* ағымдағы* биылғы* | келісім* шарт* құжат* меморандум* | келіс* уағдалас* пәтуалас* | тұрғын* халық* халқы*
    азамат* жұртшылық* | аймақ* өңір* аумақ* | байланыс* қатынас* қарым* | достық* бауырлас* | хат жеделхат* жолдау* |
    табыс* гүлден* өркенде* жетістік* | тіле* тілек* | сала* бағыт* | мәселе* тақырып* проблема* | мүмкіндік* әлеует*
    перспектива* | ұйымдастыр* өткіз* дайында* | бер бөл ұсын* табыста* | мақсат* міндет* | салын* тұрғыз* | сатып*
    алды | өс арт көбей* | төмендеді* азай* кеміді* қысқар* | журналист* тілші* | дәрігер* медик* | оқушы* шәкірт* |
    ұшақ* борт* | команда* құрама* | матч* ойын* кездесу* | бапкер* жаттықтырушы* | тоқтат* доғар* | қират* бүлдір* |
    жылдам* тез шапшаң* жедел* | бірлескен* ортақ* өзара* | тұрақты* үнемі* | әртүрлі* түрлі* | кеш түн | жол тас
    трасса* | үкімет* министрлер | барыс* кез | растады* қуатта* қолдай* | ниет* ықылас* | денсаулық* саулық*
    """
_ARABIC = """
    ارسل ارسلت ارسلوا بعث بعثت وجه وجهت اوفد اوفدت سير سيرت | طلبه طلاب طالبات طالب | توجه غادر سافر انتقل تغادر يغادر
    تتوجه يتوجه | محمله تحمل حامله حملت | زار زارت تزور تجول تجولت | طفل اطفال صغار | مستشفي مشفي | حصل حصلت نال نالت
    تسلم تسلمت | شاهد شاهدت اطلع اطلعت | غزه قطاع | وفد بعثه | متبادل ثنائي مشترك | مدينه بلده | عام سنه اعوام سنوات |
    حاليا راهنا | قريبا لاحقا | سفير* مبعوث* دبلوماسي* | تحدث* هاتف* مكالم* اتصال* محادث* | قطاع القطاع | قافل* شاحن* |
    حريق* نيران | زلزال* هزه | انتخاب* اقتراع* تصويت* | قمه لقاء* اجتماع* | افتتح* دشن تدشين* | تعهد* وعد التزم* |
    ادان* استنكر* شجب ندد | اقر صادق* اعتمد* وافق* تبن | عين عينت تعيين* سمي | فاز تغلب* هزم انتصر* فوز | جائزه جوائز |
    منح منحه | مهرجان احتفال* احتفالي* | مراسم حفل فعالي* | عميق* بالغ* خالص* صادق* | تراس* راس | اقيم* اقيمت جرت جري
    عقدت عقد تقام | مثمر* بناء* | انشاء تاسيس اقامه انشا اسس | اضرار خسائر | بيان تقرير | خبير* خبراء اختصاصي* مختص* |
    موظف* عامل* عمال | شركه شركات مؤسس* | بدايه مطلع مستهل اوائل | اواخر نهايه | واشاد واثني واشادت واثنت | حث دعا طالب
    | توقع* رجح تنبا* | حذر نبه دعت دعا | ارسلت ارسل بعثت بعث وجهت وجه | اعادوا اعاده استئناف | ازدياد زياده | مقر مبني
    | التقي التقت اجتمع* قابل لقاء* اجتماع* استقبل* لقي | بحث ناقش* ناول* تناول* استعرض* تباحث* باحث* تدارس* نقاش*
    مناقش* مباحث* ستعرض* | محادث* مباحث* مفاوض* حوار* مشاور* | تعزيز* تطوير* تقوي* توطيد* توسيع* تنمي* ترسيخ* عزز طور |
    شهيد* شهداء شهدا قتيل* قتلي ضحايا | استشهد* قتل ارتقي* ستشهد* | جريح* جرحي مصاب* اصيب* اصاب* جرح اصيبوا | احتلال
    اسرائيلي* اسرائيل | وصل قدم حط بلغ | جري عقد اقيم* اقام* نظم قام احتضن* استضاف* | اعرب* عبر ابدي* ابدت | وقع ابرم*
    | شارك* حضر مشارك* حضور* | كبير* واسع* ضخم هائل* | دعا دعت دعو طالب* ناشد* حث دعوه طلب | مساعد* معون* اغاث* دعم |
    عاصمه مدينه | سبل افاق سبيل طرق وسائل | هام مهم محوري* رئيسي* اساسي* | ثنائي* مشترك* متبادل* | ثمن اشاد* قدر اثني*
    اثنت رحب امتدح* شكر امتنان* تقدير* اعرب* شيد | حوالي قرابه زهاء نحو تقريبا | مقبل* قادم* اتي التالي* | ماضي* فائت*
    منصرم* سابق* | مساء امس ليله ليل | صباح* فجر | حسبما نقلت* وفقا وفق حسب نقل | جاري حالي* راهن* | مواطن* سائق* سكان*
    اهالي* اهل | بدايه مطلع* مستهل* بدء اول | يوم نهار | انتهي* اختتم* ختام* نهايه* | بدا انطلق* شرع باشر* افتتح* | وضع
    اوضاع* تطور* مستجد* ظروف* | علاق* روابط* صلات* اواصر* | تعاون* شراك* تنسيق* | اتفاق* مذكر* معاهد* | وقف ايقاف انهاء
    | هدن تهدئ* | هجوم* هجم غار قصف اعتداء* عدوان* | دمر هدم تدمير* | ارسل* بعث اوفد* وجه نقل ارسال* | برقي* رسال* |
    هنا هنات تهنئ* تهاني* | تمني* امل اعرب* | ازدهار* تقدم* رخاء* رفاه* نجاح* | شعب جماهير | قضي مساله مسائل ملف موضوع*
    مواضيع شان شؤون | موقف مواقف | دول بلد جمهوري* | بلاد بلد وطن | رئيس زعيم قائد | صحف اعلام* مراسل* | نواب برلمانيون
    برلمانيين اعضاء | شاحن* قافل* مركب* | طعام غذاء اغذيه غذائيه | طبيب* اطباء طواقم | تلميذ* تلاميذ طالب* طلب | شراء
    اقتناء ابتياع | بناء تشييد انشاء اقام* | هدف غاي غرض | زيار* جول | منطقه مناطق اقليم اقاليم | سلطات حكوم* مسؤول* |
    فريق منتخب | مباراه لقاء* مواجه* | لاعب* لاعبين | امطار مطر هطول | طقس جو ارصاد | شمل تضم ضم ضمن احتو* تضمن* شتمل*
    | حمل نقل جلب | قدم منح وفر خصص اعط | سريع* عاجل* | كامل* تام شامل* | مختلف* متعدد* عديد* عده عدد | اخوي* صديق*
    شقيق* | اكد شدد جدد اعاد* ابرز* ركز لفت اشار* اوضح* بين اضاف* صرح ذكر قال نوه افاد* | حرص رغب سعي | استمرار* مواصل*
    متابع* | ضرور* حاج اهمي* لزوم* | زياد* ارتفاع* نمو ارتفع* | انخفاض* تراجع* هبوط* | طريق* طرق شارع شوارع | منزل*
    منازل بيت بيوت مساكن
    """

_BEFORE = tuple(map(re.compile, ("^[وف](?=..)", "^[بلك](?=..)", "^(?:ال|لل)(?=..)", "^س?[يتن](?=...)")))
"""What Arabic writes before a word, from the first letter on; each may be of the word itself."""
_ARABIC_LETTER = re.compile("[\u0600-\u06ff]")
_SHORTEST_STEM = 4


def _groups() -> tuple[dict[str, set[int]], dict[str, set[int]]]:
    whole, stems = defaultdict[str, set[int]](set), defaultdict[str, set[int]](set)
    groups = "|".join((_ENGLISH, _RUSSIAN, _KAZAKH, _ARABIC)).split("|")
    for number, group in enumerate(groups):
        for word in group.split():
            (stems if word.endswith("*") else whole)[word.removesuffix("*")].add(number)
    return dict(whole), dict(stems)


_WHOLE, _STEMS = _groups()


def synonyms(one: str, other: str) -> bool:
    """May a desk write the one word for the other?"""
    return not _group(one).isdisjoint(_group(other))


@lru_cache(maxsize=REMEMBERED)
def _group(word: str) -> frozenset[int]:
    """All groups that a word is of, in any of its forms."""
    forms = {word}
    for letters in _BEFORE if _ARABIC_LETTER.match(word) else ():
        forms |= {letters.sub("", form) for form in forms}
    found: set[int] = set()
    for form in forms:
        found |= _WHOLE.get(form, set())
        for length in range(_SHORTEST_STEM, len(form) + 1):
            found |= _STEMS.get(form[:length], set())
    return frozenset(found)
