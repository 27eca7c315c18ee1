"""A news item in several languages, in own words, with all that a site prints around it: material for page shapes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    """What a newsroom hands to its site: the article, and the furniture that the site adds."""

    language: str
    zone: str
    site: str
    title: str
    lead: str
    paragraphs: tuple[str, ...]
    subheads: tuple[str, str]
    points: tuple[str, ...]
    quote: str
    questions: tuple[str, ...]
    caption: str
    author: str
    tags: tuple[str, ...]
    others: tuple[str, ...]
    """Headlines of other news."""
    read_also: str
    promo: str
    """An invitation to the site's channel."""
    credit: str
    share: str
    date: str
    """12 November 2024, 14:05, as the site prints it."""
    comments: tuple[str, str]

    @property
    def text(self) -> str:
        """The article without its title."""
        return "\n".join((self.lead, *self.paragraphs))


ARABIC = Item(
    language="ar",
    zone="Asia/Hebron",
    site="صوت الساحل",
    title="بدء تشغيل محطة تحلية جديدة تخدم عشرين ألف أسرة في وسط القطاع",
    lead="دخلت محطة جديدة لتحلية مياه البحر الخدمة صباح الثلاثاء بعد "
    "عامين من الأعمال، وستزود نحو عشرين ألف أسرة بمياه صالحة للشرب.",
    paragraphs=(
        "وقال مدير سلطة المياه إن المحطة تنتج في مرحلتها الأولى ستة "
        "آلاف متر مكعب يوميا، وإن الإنتاج سيتضاعف قبل نهاية العام المقبل.",
        "وأوضح أن التمويل جاء من منحة قدمتها ثلاث دول، بينها كازاخستان "
        "التي أرسلت مضخات ومعدات قياس وفريقا من المهندسين.",
        "وأضاف المهندس المشرف على المشروع أن انقطاع الكهرباء كان أصعب ما واجه العاملين، فاعتمدوا على ألواح "
        "شمسية نصبت فوق الخزانات.",
        "ورحب سكان المخيم المجاور بالخطوة، وقالت أم لخمسة أطفال إنها كانت تشتري الماء من الصهاريج بسعر يفوق قدرتها.",
        "وتشير تقديرات البلدية إلى أن أكثر من تسعين في المئة من مياه الآبار لا تصلح للشرب بسبب تسرب مياه البحر إليها.",
        "ومن المقرر أن تبدأ الشهر المقبل أعمال مد خط ناقل يصل المحطة بالأحياء الشرقية، على أن تنتهي قبل الصيف.",
    ),
    subheads=("كيف تعمل المحطة؟", "ماذا بعد؟"),
    points=(
        "ستة آلاف متر مكعب يوميا في المرحلة الأولى",
        "أربعة خزانات جديدة تتسع لنصف مليون لتر",
        "ألواح شمسية تغطي ثلث حاجة المحطة من الكهرباء",
    ),
    quote="«لم نعد ننتظر الصهريج كل صباح، وهذا وحده يكفي لنفرح»، هكذا قالت إحدى الأمهات وهي تملأ أول دلو.",
    questions=(
        "متى تصل المياه إلى الأحياء الشرقية؟",
        "نأمل أن يكتمل الخط الناقل في أيار المقبل، إذا وصلت الأنابيب في موعدها ولم تتوقف الأعمال.",
        "وكم ستدفع الأسرة مقابل المتر المكعب؟",
        "السعر لن يزيد على نصف ما تدفعه اليوم لأصحاب الصهاريج، وستعفى منه الأسر التي لا دخل لها.",
    ),
    caption="عمال يتفقدون أنابيب المحطة الجديدة",
    author="سليم الحداد",
    tags=("المياه", "البنية التحتية", "كازاخستان"),
    others=(
        "إغلاق الطريق الساحلي ثلاثة أيام لأعمال الصيانة",
        "منتخب الناشئين يفوز ببطولة غرب آسيا للمرة الثانية",
        "ارتفاع أسعار الخضار مع بداية موسم الأمطار",
        "معرض للكتاب في رام الله بمشاركة مئتي دار نشر",
        "افتتاح مدرسة جديدة في بلدة حوارة جنوب نابلس",
        "الأرصاد تتوقع انخفاضا ملموسا في درجات الحرارة",
    ),
    read_also="اقرأ أيضا",
    promo="تابعوا آخر أخبارنا عبر قناتنا على تلغرام",
    credit="المصدر: وكالات",
    share="مشاركة",
    date="الثلاثاء 12 تشرين الثاني 2024 - 02:05 م",
    comments=("أبو خالد", "الله يعطيكم العافية على هذا المشروع الكبير والمهم للناس."),
)

RUSSIAN = Item(
    language="ru",
    zone="Asia/Almaty",
    site="Степной вестник",
    title="В Таразе открыли больницу, которую строили одиннадцать лет",
    lead="Многопрофильная больница на триста коек приняла первых пациентов "
    "во вторник, сообщили в управлении здравоохранения области.",
    paragraphs=(
        "Строительство началось ещё в 2013 году, но дважды останавливалось "
        "из-за споров с подрядчиком и нехватки денег.",
        "По словам главного врача Ерлана Сабитова, в новом здании уже "
        "работают хирургия, кардиология и детское отделение.",
        "Часть оборудования закупили на грант, а двенадцать врачей прошли "
        "стажировку в клиниках Анкары, Сеула и Аммана.",
        "Жители отдалённых сёл смогут записываться на приём через мобильное "
        "приложение, очередь обещают сократить вдвое.",
        "Всего на проект потратили четырнадцать миллиардов тенге, из "
        "них три миллиарда ушло на инженерные сети и дорогу.",
        "Весной рядом с больницей планируют открыть реабилитационный "
        "центр и вертолётную площадку для санитарной авиации.",
    ),
    subheads=("Почему стройка затянулась", "Что будет дальше"),
    points=(
        "триста коек и восемь операционных залов",
        "отделение диализа на двадцать четыре места",
        "круглосуточная лаборатория и аптека",
    ),
    quote="«Мы ждали этого дня больше десяти лет, и теперь людям не придётся "
    "ехать за помощью в Алматы», — сказал главный врач.",
    questions=(
        "Когда заработает реабилитационный центр?",
        "Мы рассчитываем принять первых пациентов в мае, если оборудование придёт вовремя и пройдёт проверку.",
        "Хватает ли вам врачей?",
        "Пока нет: не хватает анестезиологов и педиатров, поэтому мы предлагаем жильё и подъёмные всем, кто приедет.",
    ),
    caption="Новый корпус больницы в день открытия",
    author="Айгерим Нурланова",
    tags=("Тараз", "медицина", "строительство"),
    others=(
        "На трассе под Карагандой столкнулись два автобуса",
        "Сборная по хоккею объявила состав на турнир в Братиславе",
        "Синоптики предупредили о метели в трёх областях",
        "Как изменятся тарифы на отопление с нового года",
        "В Шымкенте высадили десять тысяч деревьев за неделю",
        "Учёные нашли в Мангистау следы древнего поселения",
    ),
    read_also="Читайте также",
    promo="Подписывайтесь на наш канал в Telegram и узнавайте новости первыми",
    credit="Источник: пресс-служба акимата",
    share="Поделиться",
    date="12 ноября 2024, 14:05",
    comments=("Марат77", "Давно пора было открыть, молодцы, что всё-таки достроили."),
)

KAZAKH = Item(
    language="kk",
    zone="Asia/Almaty",
    site="Дала жаршысы",
    title="Таразда он бір жыл бойы салынған аурухана есігін ашты",
    lead="Үш жүз орындық көпсалалы аурухана сейсенбі күні алғашқы науқастарын "
    "қабылдады, деп хабарлады облыстық денсаулық сақтау басқармасы.",
    paragraphs=(
        "Құрылыс 2013 жылы басталған, бірақ мердігермен дау мен қаржының жетіспеуінен екі рет тоқтап қалған еді.",
        "Бас дәрігер Ерлан Сәбитовтің айтуынша, жаңа ғимаратта хирургия, кардиология және балалар бөлімшесі "
        "жұмыс істеп тұр.",
        "Құрал-жабдықтың бір бөлігі грантқа сатып алынды, ал он екі "
        "дәрігер Анкара, Сеул және Амман қалаларында тағылымдамадан өтті.",
        "Шалғай ауылдардың тұрғындары қабылдауға мобильді қосымша арқылы "
        "жазыла алады, кезек екі есе қысқарады деп күтіледі.",
        "Жобаға барлығы он төрт миллиард теңге жұмсалды, оның үш миллиарды инженерлік желілер мен жолға кетті.",
        "Көктемде аурухананың жанынан оңалту орталығын және санитарлық авиацияға "
        "арналған тікұшақ алаңын ашу жоспарланып отыр.",
    ),
    subheads=("Құрылыс неге созылды", "Алда не күтіп тұр"),
    points=(
        "үш жүз төсек пен сегіз операция бөлмесі",
        "жиырма төрт орындық диализ бөлімшесі",
        "тәулік бойы жұмыс істейтін зертхана мен дәріхана",
    ),
    quote="«Бұл күнді он жылдан астам күттік, енді жұрт ем іздеп Алматыға барудың қажеті жоқ», — деді бас дәрігер.",
    questions=(
        "Оңалту орталығы қашан ашылады?",
        "Егер құрал-жабдық уақытында жетіп, тексеруден өтсе, алғашқы науқастарды мамырда қабылдаймыз деп отырмыз.",
        "Дәрігерлер жете ме?",
        "Әзірге жетпейді: анестезиологтар мен педиатрлар аз, сондықтан келетін мамандарға баспана ұсынамыз.",
    ),
    caption="Аурухананың жаңа ғимараты ашылу күні",
    author="Әсел Төлегенова",
    tags=("Тараз", "медицина", "құрылыс"),
    others=(
        "Қарағанды маңындағы тасжолда екі автобус соқтығысты",
        "Хоккейден ұлттық құрама Братислава турниріне құрамын жариялады",
        "Синоптиктер үш облыста боран болатынын ескертті",
        "Жаңа жылдан бастап жылу тарифі қалай өзгереді",
        "Шымкентте бір аптада он мың түп ағаш отырғызылды",
        "Маңғыстаудан көне қоныстың іздері табылды",
    ),
    read_also="Тағы оқыңыз",
    promo="Telegram арнамызға жазылып, жаңалықтарды бірінші болып біліңіз",
    credit="Дереккөз: әкімдіктің баспасөз қызметі",
    share="Бөлісу",
    date="12 Қараша 2024, 14:05",
    comments=("Марат77", "Баяғыда ашылуы керек еді, әйтеуір бітіргендеріне рахмет."),
)

ENGLISH = Item(
    language="en",
    zone="Asia/Almaty",
    site="The Steppe Courier",
    title="Hospital Eleven Years in the Making Opens Its Doors in Taraz",
    lead="A general hospital with three hundred beds admitted its first "
    "patients on Tuesday, the regional health department said.",
    paragraphs=(
        "Building work began in 2013 but stopped twice because of a quarrel with the contractor and a lack of money.",
        "According to the chief physician, Yerlan Sabitov, surgery, "
        "cardiology and the children's ward are already working.",
        "Some of the equipment was bought with a grant, and twelve "
        "doctors were trained in clinics in Ankara, Seoul and Amman.",
        "People from remote villages can make appointments through a mobile application that should halve the queue.",
        "The project cost fourteen billion tenge in all, of which three billion went into pipes, cables and the road.",
        "A rehabilitation centre and a landing pad for air ambulances are to open beside the hospital in spring.",
    ),
    subheads=("Why it took so long", "What comes next"),
    points=(
        "three hundred beds and eight operating theatres",
        "a dialysis unit with twenty-four places",
        "a laboratory and a pharmacy that never close",
    ),
    quote="“We have waited for this day for more than ten years; nobody "
    "will have to travel to Almaty for help now,” he said.",
    questions=(
        "When will the rehabilitation centre open?",
        "We expect the first patients in May, provided that the equipment arrives in time and passes its inspection.",
        "Do you have enough doctors?",
        "Not yet: we lack anaesthetists and paediatricians, so we offer housing and a grant to everyone who "
        "moves here.",
    ),
    caption="The hospital's new wing on opening day",
    author="Dana Iskakova",
    tags=("Taraz", "health", "construction"),
    others=(
        "Two coaches collide on the highway near Karaganda",
        "National hockey team names its squad for Bratislava",
        "Forecasters warn of a blizzard in three regions",
        "How heating prices will change in the new year",
        "Ten thousand trees planted in Shymkent in a week",
        "Traces of an ancient settlement found in Mangystau",
    ),
    read_also="Read also",
    promo="Subscribe to our Telegram channel and be the first to know",
    credit="Source: press office of the city",
    share="Share",
    date="12 November 2024, 14:05",
    comments=("marat77", "High time it opened, well done for finishing it after all."),
)

TURKISH = Item(
    language="tr",
    zone="Europe/Istanbul",
    site="Bozkır Postası",
    title="Taraz'da on bir yıldır süren hastane inşaatı tamamlandı",
    lead="Üç yüz yataklı genel hastane salı günü ilk hastalarını kabul "
    "etti, il sağlık müdürlüğü bunu yazılı olarak duyurdu.",
    paragraphs=(
        "İnşaat 2013 yılında başlamış, müteahhitle yaşanan anlaşmazlık ve kaynak sıkıntısı yüzünden iki kez durmuştu.",
        "Başhekim Erlan Sabitov, yeni binada cerrahi, kardiyoloji "
        "ve çocuk servislerinin çalışmaya başladığını söyledi.",
        "Cihazların bir bölümü hibeyle alındı, on iki doktor Ankara, Seul ve Amman'daki kliniklerde eğitim gördü.",
        "Uzak köylerde yaşayanlar randevularını telefon uygulamasından alabilecek, sıranın yarıya inmesi bekleniyor.",
        "Proje için toplam on dört milyar tenge harcandı, bunun üç milyarı altyapıya ve bağlantı yoluna gitti.",
        "İlkbaharda hastanenin yanında bir rehabilitasyon merkezi ile hava ambulansları için bir pist açılacak.",
    ),
    subheads=("İnşaat neden uzadı", "Bundan sonra ne olacak"),
    points=(
        "üç yüz yatak ve sekiz ameliyathane",
        "yirmi dört kişilik diyaliz bölümü",
        "gün boyu açık laboratuvar ve eczane",
    ),
    quote="“Bu günü on yıldan fazla bekledik, artık kimse tedavi için Almatı'ya gitmek zorunda kalmayacak” dedi.",
    questions=(
        "Rehabilitasyon merkezi ne zaman açılacak?",
        "Cihazlar zamanında gelir ve denetimden geçerse ilk hastaları mayısta kabul etmeyi umuyoruz.",
        "Yeterince doktorunuz var mı?",
        "Henüz yok: anestezi uzmanı ve çocuk doktoru eksik, bu yüzden gelenlere konut sağlıyoruz.",
    ),
    caption="Hastanenin yeni binası açılış gününde",
    author="Deniz Aksoy",
    tags=("Taraz", "sağlık", "inşaat"),
    others=(
        "Karaganda yakınlarında iki otobüs çarpıştı",
        "Buz hokeyi milli takımının Bratislava kadrosu açıklandı",
        "Meteoroloji üç bölge için kar fırtınası uyarısı yaptı",
        "Isınma fiyatları yeni yılda nasıl değişecek",
        "Çimkent'te bir haftada on bin ağaç dikildi",
        "Mangistav'da eski bir yerleşimin izleri bulundu",
    ),
    read_also="İlgili haberler",
    promo="Telegram kanalımıza abone olun, haberleri ilk siz öğrenin",
    credit="Kaynak: valilik basın bürosu",
    share="Paylaş",
    date="12 Kasım 2024 Salı 14:05",
    comments=("marat77", "Sonunda açılmış, emeği geçen herkese teşekkürler."),
)

ITEMS = {item.language: item for item in (ARABIC, RUSSIAN, KAZAKH, ENGLISH, TURKISH)}
