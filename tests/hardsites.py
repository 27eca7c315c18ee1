"""Eleven sites that are hard to read, each as one real site was seen to be; every text is made up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

from tests.webserver import Request, Route, WebServer, Wire, reply, serving

NOW = datetime.now(UTC)
SITEMAPS = 300

ENGLISH = (
    "The two ministries agreed on Monday to open a joint training centre for nurses in the capital next spring.",
    "Officials said that the first thirty students would be chosen in January, and that the course lasts a year.",
    "A second group is to follow in autumn, after the building in the old quarter of the city has been repaired.",
)
RUSSIAN = (
    "Министерства договорились открыть весной в столице совместный учебный центр для медицинских сестёр.",
    "Первых тридцать студентов отберут в январе, обучение продлится один год и будет бесплатным для всех.",
    "Вторая группа приступит к занятиям осенью, когда закончится ремонт здания в старой части города.",
)
ARABIC = (
    "اتفقت الوزارتان يوم الاثنين على افتتاح مركز مشترك لتدريب الممرضات في العاصمة خلال فصل الربيع المقبل.",
    "وقال مسؤولون إن أول ثلاثين طالبا سيتم اختيارهم في شهر كانون الثاني، وإن الدراسة تستمر سنة كاملة.",
    "ومن المنتظر أن تلتحق مجموعة ثانية في الخريف بعد الانتهاء من ترميم المبنى الواقع في المدينة القديمة.",
)
KAZAKH = (
    "ەلوردادا كەلەسى كوكتەمدە مەدبيكەلەردى دايىندايتىن بىرلەسكەن ورتالىق اشىلادى دەپ حابارلادى مينيسترلىك.",
    "العاشقى وتىز ستۋدەنت قاڭتاردا ىرىكتەلەدى، ال وقۋ ٴبىر جىلعا سوزىلادى جانە ونىڭ ٴبارى تەگىن بولادى.",
    "ەكىنشى توپ كۇزدە باستايدى، وعان دەيىن قالانىڭ ەسكى بولىگىندەگى عيماراتتىڭ جوندەۋى اياقتالۋى كەرەك.",
)


def article(title: str, paragraphs: tuple[str, ...], *, lang: str = "en", date: bool = True, more: str = "") -> bytes:
    """An article's page; `more` stands below its text."""
    said = f'<meta property="article:published_time" content="{NOW.isoformat()}">' if date else ""
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    return reply(
        f'<!DOCTYPE html><html lang="{lang}"><head><title>{title}</title>{said}</head><body><nav><a href="/">Home</a>'
        f"</nav><article><h1>{title}</h1>{body}<p>IMG-20261121-WA0003.jpg</p>{more}</article></body></html>",
        content_type="text/html; charset=utf-8",
    )


def feed(*items: tuple[str, str]) -> bytes:
    """A feed of titles and addresses."""
    date = NOW.strftime("%a, %d %b %Y %H:%M:%S +0000")
    inside = "".join(
        f"<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate></item>" for title, link in items
    )
    whole = f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{inside}</channel></rss>'
    return reply(whole, content_type="application/rss+xml; charset=utf-8")


def listing(title: str, items: Mapping[str, str], *, lang: str = "en", head: str = "") -> bytes:
    """A front page: a menu, cards with headlines, a footer."""
    cards = "".join(
        f'<div class="card mb-3"><a class="thumb" href="{path}"><img src="/x.jpg"></a>'
        f'<h3 class="card-title"><a href="{path}">{words}</a></h3></div>'
        for path, words in items.items()
    )
    return reply(
        f'<!DOCTYPE html><html lang="{lang}"><head><title>{title}</title>{head}</head><body><header><a href="/about">'
        f"About us</a> <a href='/politics'>Politics</a></header><main>{cards}</main><footer><a href='/terms'>Terms and "
        f"conditions of the use of this site</a></footer></body></html>",
        content_type="text/html; charset=utf-8",
    )


SHELL = reply(
    '<!DOCTYPE html><html><head><title>App</title><script src="/app.js"></script></head>'
    '<body><div id="root"></div><noscript>You need to enable JavaScript to run this app.</noscript></body></html>'
)
CHALLENGE = reply(
    "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><script>window._cf_chl_opt={}</script>"
    "</body></html>",
    403,
    cf_mitigated="challenge",
)
HEADLINES = {
    f"/news/{number}": f"Ministries agree on training centre number {number} for nurses" for number in range(101, 111)
}
STORIES = {path: article(title, ENGLISH) for path, title in HEADLINES.items()}


def moved() -> dict[str, Route]:
    """Its feed answers with a redirect to another address."""
    items = [(title, path) for path, title in HEADLINES.items()]
    return {**STORIES, "/rss": reply("", 301, location="/feeds/news.xml"), "/feeds/news.xml": feed(*items)}


def liar() -> dict[str, Route]:
    """Its feed is its front page, with 200; the real one is named in there."""
    head = '<link rel="alternate" type="application/rss+xml" href="/feeds/all.xml">'
    page = listing("The Liar", HEADLINES, head=head)
    return {**STORIES, "/rss": page, "/": page, "/feeds/all.xml": feed(*((t, p) for p, t in HEADLINES.items()))}


def plain() -> dict[str, Route]:
    """It has a listing and nothing else; its markup is not what the catalogue says any more."""
    headlines = {
        f"/ru/sovmestnyj-centr-{n}": f"Министерства открывают учебный центр номер {n}" for n in range(201, 209)
    }
    stories = {path: article(title, RUSSIAN, lang="ru") for path, title in headlines.items()}
    return {**stories, "/ru/lenta": listing("Лента", headlines, lang="ru"), "/": listing("Лента", headlines, lang="ru")}


def shell() -> dict[str, Route]:
    """A frame that a script fills, at every address."""
    return dict.fromkeys(("/", "/news", "/rss", "/sitemap.xml"), SHELL)


def deaf() -> dict[str, Route]:
    """Its search shows the word and the same articles whatever the word is; its feed works."""

    def search(request: Request, wire: Wire) -> None:
        wire.send(listing(f"Results: {unquote(request.path)}", HEADLINES))

    return {**STORIES, "/rss": feed(*((t, p) for p, t in HEADLINES.items())), "/search": search}


def walled() -> dict[str, Route]:
    """A challenge stands before every page."""
    return dict.fromkeys(("/", "/rss", "/news/101"), CHALLENGE)


def printed() -> dict[str, Route]:
    """Its articles say nowhere when they appeared; their print views do."""
    stories: dict[str, Route] = {}
    for number in range(301, 305):
        title = f"اتفاق على افتتاح مركز لتدريب الممرضات رقم {number}"
        link = f'<a href="/item/print/{number}">طباعة</a>'
        stories[f"/news/{number}.html"] = article(title, ARABIC, lang="ar", date=False, more=link)
        stories[f"/item/print/{number}"] = article(title, ARABIC, lang="ar")
    headlines = {f"/news/{n}.html": f"اتفاق على افتتاح مركز لتدريب الممرضات رقم {n}" for n in range(301, 305)}
    return {**stories, "/latest": listing("الأخبار", headlines, lang="ar"), "/": SHELL}


def api() -> dict[str, Route]:
    """A frame that a script fills from a JSON search, which listens to its word."""
    answer = [f'{{"slug": "{path}", "name": "{title}"}}' for path, title in HEADLINES.items()]

    def search(request: Request, wire: Wire) -> None:
        heard = "q=nurses" in request.path
        items = ",".join(answer) if heard else ""
        wire.send(reply(f'{{"data": {{"list": [{items}]}}}}', content_type="application/json"))

    return {**STORIES, "/": SHELL, "/search": SHELL, "/api/search": search}


def vast() -> dict[str, Route]:
    """Its robots.txt names an index of 300 dated sitemaps; only the newest has articles of today."""
    inside = "".join(
        f"<sitemap><loc>/maps/{n}.xml</loc><lastmod>{(NOW - timedelta(days=n)).isoformat()}</lastmod></sitemap>"
        for n in reversed(range(SITEMAPS))
    )
    children: dict[str, Route] = {}
    for n in range(SITEMAPS):
        date = (NOW - timedelta(days=n)).isoformat()
        urls = "".join(f"<url><loc>{path}</loc><lastmod>{date}</lastmod></url>" for path in HEADLINES)
        children[f"/maps/{n}.xml"] = reply(f"<urlset>{urls}</urlset>", content_type="application/xml")
    return {
        **STORIES,
        **children,
        "/": SHELL,
        "/robots.txt": reply("User-agent: *\nAllow: /\nSitemap: /maps/index.xml\n", content_type="text/plain"),
        "/maps/index.xml": reply(f"<sitemapindex>{inside}</sitemapindex>", content_type="application/xml"),
    }


def tote() -> dict[str, Route]:
    """Kazakh in Arabic letters, which is not Arabic."""
    items = [(f"مەدبيكەلەر ورتالىعى اشىلادى دەپ حابارلاندى {n}", f"/tote/{n}") for n in range(401, 405)]
    return {"/tote/rss": feed(*items), **{link: article(title, KAZAKH, lang="kk") for title, link in items}}


def mute() -> dict[str, Route]:
    """A sound feed without a single item."""
    return {"/rss": feed(), "/": SHELL}


SITES = {
    "moved": (moved, 'feeds = ["$home/rss"]  # from a list'),
    "liar": (liar, 'feeds = ["$home/rss"]'),
    "plain": (plain, 'language = "ru"\nlistings = [{ url = "$home/ru/lenta", links = ".allNewsCard a" }]'),
    "shell": (shell, 'listings = [{ url = "$home/news", links = ".news a" }]'),
    "deaf": (
        deaf,
        'feeds = ["$home/rss"]\nqueries = ["nurses"]\n'
        'searches = [{ url = "$home/search?q={q}", links = ".card-title a" }]',
    ),
    "walled": (walled, 'feeds = ["$home/rss"]'),
    "printed": (printed, 'language = "ar"\nlistings = [{ url = "$home/latest", links = ".card-title a" }]'),
    "api": (
        api,
        'queries = ["nurses"]\nsearches = [{ url = "$home/api/search?q={q}", form = "json", items = "data.list",'
        ' link = "slug", title = "name" }]',
    ),
    "vast": (vast, 'feeds = ["$home/rss"]'),
    "tote": (tote, 'language = "kk"\nfeeds = ["$home/tote/rss"]'),
    "mute": (mute, 'feeds = ["$home/rss"]'),
}


@dataclass(frozen=True)
class Sites:
    """The sites, each on a port of its own, by name."""

    servers: dict[str, WebServer]

    @property
    def allowed(self) -> str:
        return ",".join(server.netloc for server in self.servers.values())

    def catalogue(self) -> str:
        blocks = []
        for name, (_, ways) in SITES.items():
            home = self.servers[name].url
            lines = (f'name = "{name}"', f'home = "{home}/"', ways.replace("$home", home), 'min_delay = "0s"')
            blocks.append("\n".join((f"# The site called {name}.", "[[source]]", *lines, 'verified = "never"', "")))
        return "\n".join(blocks)


@contextmanager
def sites() -> Iterator[Sites]:
    """All of them, for the length of a `with`."""
    with ExitStack() as stack:
        yield Sites({name: stack.enter_context(serving(made())) for name, (made, _) in SITES.items()})
