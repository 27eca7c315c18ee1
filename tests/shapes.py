"""Page shapes: how sites of several makes print one and the same news item. Each gives the page and what it says."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape

from tests.newsdesk import Item

Shape = Callable[[Item], tuple[str, tuple[str, ...]]]
COOKIES = {
    "ar": "يستخدم هذا الموقع ملفات تعريف الارتباط لتحسين تجربتك، وباستمرارك في التصفح فأنت توافق على ذلك.",
    "ru": "Мы используем файлы cookie, чтобы улучшить работу сайта. Продолжая просмотр, вы соглашаетесь с этим.",
    "kk": "Біз сайттың жұмысын жақсарту үшін cookie файлдарын қолданамыз. Қарауды жалғастыру келісім білдіреді.",
    "en": "We use cookies to improve your experience. By continuing to browse this site you agree to their use.",
    "tr": "Bu sitede deneyiminizi iyileştirmek için çerezler kullanılır. Devam ederek bunu kabul etmiş olursunuz.",
}
SECTIONS = ("A", "B", "C", "D", "E", "F", "G")


def ps(lines: tuple[str, ...] | list[str]) -> str:
    return "".join(f"<p>{line}</p>\n" for line in lines)


def nav(item: Item) -> str:
    links = "".join(f"<li><a href='/s/{n}'>{item.tags[n % 3]}</a></li>" for n in range(8))
    return f"<nav class='main-menu'><ul>{links}</ul></nav>"


def teasers(item: Item, label: str = "", box: str = "related", teaser: bool = True) -> str:
    cards = "".join(
        f"<div class='item'><a href='/n/{n}'><img src='/i/{n}.jpg' alt=''><h3>{headline}</h3></a>"
        + (f"<p>{item.paragraphs[n % 6][:70]}…</p>" if teaser else "")
        + "<span class='date'>11.11.2024</span></div>"
        for n, headline in enumerate(item.others)
    )
    return f"<div class='{box}'><h2>{label}</h2>{cards}</div>"


def links(item: Item) -> str:
    return (
        "<ul>"
        + "".join(f"<li><a href='/n/{n}'>{headline}</a></li>" for n, headline in enumerate(item.others))
        + "</ul>"
    )


def shares(item: Item) -> str:
    networks = "".join(f"<a class='s' href='#'><span>{n}</span></a>" for n in ("Facebook", "Telegram", "WhatsApp"))
    return f"<div class='share'><span>{item.share}</span>{networks}<span class='count'>128</span></div>"


def tags(item: Item) -> str:
    return "<div class='tags'>" + " ".join(f"<a href='/t/{tag}'>#{tag}</a>" for tag in item.tags) + "</div>"


def picture(item: Item) -> str:
    return (
        f"<figure class='wp-block-image'><img src='/a.jpg' alt='{item.caption}'>"
        f"<figcaption>{item.caption}</figcaption></figure>"
    )


def comments(item: Item) -> str:
    said = "".join(
        f"<li class='comment'><b class='fn'>{item.comments[0]}</b><div class='comment-body'>"
        f"<p>{item.comments[1]}</p></div></li>"
        for _ in range(4)
    )
    return (
        f"<section id='comments'><h3>4</h3><ol class='comment-list'>{said}</ol><form><textarea>"
        "</textarea></form></section>"
    )


def footer(item: Item) -> str:
    return (
        f"<footer><p>© 2004–2024 {item.site}</p><ul><li><a href='/about'>About</a></li><li>"
        "<a href='/ads'>Ads</a></li></ul></footer>"
    )


def head(item: Item, extra: str = "", dated: bool = True) -> str:
    at = f"<meta property='article:published_time' content='2024-11-12T14:05:00{offset(item)}'>" if dated else ""
    return (
        f"<head><meta charset='utf-8'><title>{item.title} | {item.site}</title>"
        f"<meta property='og:title' content='{escape(item.title, quote=True)}'>"
        f"<meta property='og:site_name' content='{item.site}'>"
        f"<meta property='og:description' content='{escape(item.lead, quote=True)}'>{at}{extra}</head>"
    )


def offset(item: Item) -> str:
    return {"ar": "+02:00", "tr": "+03:00"}.get(item.language, "+05:00")


def ld(item: Item, **fields: object) -> str:
    node = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": item.title, **fields}
    return f"<script type='application/ld+json'>{json.dumps(node, ensure_ascii=False)}</script>"


def whole(item: Item, page_head: str, body: str) -> str:
    return f"<!doctype html><html lang='{item.language}'>{page_head}<body class='single'>{body}</body></html>"


# ---- makes of sites -------------------------------------------------------------------------------------------


def wordpress(item: Item) -> tuple[str, tuple[str, ...]]:
    one, two, three, *rest = item.paragraphs
    inline = f"<div class='inline-related'><strong>{item.read_also}:</strong> <a href='/n/9'>{item.others[0]}</a></div>"
    content = (
        picture(item)
        + ps((item.lead, one, two))
        + inline
        + ps((three,))
        + "<div class='ad-slot'><ins></ins></div>"
        + ps(rest)
        + f"<p><strong>{item.promo}: <a href='https://t.me/x'>t.me/x</a></strong></p>"
    )
    main = (
        f"<div class='breadcrumbs'><a href='/'>{item.site}</a> » <a href='/c'>{item.tags[0]}</a> » {item.title}</div>"
        f"<article class='post type-post'><header class='entry-header'><h1 class='entry-title'>{item.title}</h1>"
        f"<div class='entry-meta'><span class='author vcard'>{item.author}</span> <time class='entry-date' "
        f"datetime='2024-11-12T14:05:00{offset(item)}'>{item.date}</time> <span class='views'>1 024</span>"
        f"</div></header>"
        f"<div class='entry-content'>{content}{shares(item)}</div><footer class='entry-footer'>{tags(item)}"
        f"</footer></article>"
        f"{teasers(item, item.read_also)}{comments(item)}"
    )
    aside = f"<aside id='secondary'><section class='widget'>{links(item)}</section></aside>"
    return whole(item, head(item), f"<header id='masthead'>{nav(item)}</header>{main}{aside}{footer(item)}"), (
        item.lead, *item.paragraphs,
    )  # fmt: skip


def bitrix(item: Item) -> tuple[str, tuple[str, ...]]:
    body = "<br />\n<br />\n".join(item.paragraphs)
    main = (
        f"<div class='news-detail'><span class='news-date-time'>{item.date}</span><h3>{item.title}</h3>"
        f"<img class='detail_picture' src='/upload/a.jpg' alt='{item.caption}'><b>{item.lead}</b><br><br>{body}"
        f"<div style='clear:both'></div><br />{item.credit}<br /></div><p><a href='/news/'>{item.others[2]}</a></p>"
    )
    rows = "".join(
        f"<p class=news-item><span>11.11.2024</span> <a href=/n/{n}><b>{headline}</b></a></p>"
        for n, headline in enumerate(item.others)
    )
    side = f"<div class='news-list'>{rows}</div>"
    page_head = f"<head><title>{item.title} - {item.site}</title></head>"
    return whole(item, page_head, f"<table><tr><td>{nav(item)}{side}</td><td>{main}</td></tr></table>{footer(item)}"), (
        item.lead, *item.paragraphs,
    )  # fmt: skip


def drupal(item: Item) -> tuple[str, tuple[str, ...]]:
    main = (
        f"<div class='node node-article'><h1 class='page-header'><span property='schema:name'>{item.title}</span></h1>"
        f"<div class='submitted'>{item.date}</div><div class='field field--name-field-lead'><div class='field__item'>"
        f"{item.lead}</div></div><div class='field field--name-field-image'><div class='field__item'><img src='a.jpg'>"
        f"<div class='image-caption'>{item.caption}</div></div></div><div class='field field--name-body'>"
        f"<div class='field__item even'>{ps(item.paragraphs)}</div></div><div class='field field--name-field-tags'>"
        f"<div class='field__label'>Tags</div>{tags(item)}</div><ul class='links inline'><li>"
        f"<a href='/print/1'>Print</a></li></ul></div>"
    )
    block = (
        "<div class='region region-sidebar'>"
        f"<div class='block-views'>{teasers(item, item.tags[0], 'view-content')}</div></div>"
    )
    return whole(item, head(item, dated=False), nav(item) + main + block + footer(item)), (item.lead, *item.paragraphs)


def old_asp(item: Item) -> tuple[str, tuple[str, ...]]:
    body = "<br>\r\n<br>\r\n".join((item.lead, *item.paragraphs))
    cells = "".join(
        f"<tr><td><a href='x.asp?id={n}'><font size=2>{t}</font></a></td></tr>" for n, t in enumerate(item.others)
    )
    main = (
        f"<td width=560 valign=top><font face=Tahoma size=5 color=#990000><b>{item.title}</b></font><br>"
        f"<font size=1>{item.date}</font><br><img src=a.jpg align=left><font face=Tahoma size=3>{body}</font>"
        f"<br><br><a href='javascript:print()'>{item.share}</a></td>"
    )
    page_head = f"<head><title>{item.site} - {item.title}</title></head>"
    return whole(item, page_head, f"<table width=900><tr>{main}<td width=200><table>{cells}</table></td>"
    f"</tr></table>"), (
        item.lead, *item.paragraphs,
    )  # fmt: skip


def divisions(item: Item) -> tuple[str, tuple[str, ...]]:
    body = "".join(f"<div class='css-1x{n}'><span>{line}</span></div>" for n, line in enumerate(item.paragraphs))
    main = (
        f"<div class='css-a1'><div class='css-b2'><h1>{item.title}</h1><div class='css-lead lead'>{item.lead}</div>"
        f"<div class='css-d'>{item.date}</div></div><div class='css-c3'>{body}</div>{shares(item)}</div>"
    )
    cards = teasers(item, "", "css-zz")
    return whole(item, head(item), f"<div id='root'>{nav(item)}{main}{cards}{footer(item)}</div>"), (
        item.lead, *item.paragraphs,
    )  # fmt: skip


def amp(item: Item) -> tuple[str, tuple[str, ...]]:
    main = (
        f"<amp-sidebar id='s'>{links(item)}</amp-sidebar><main><h1>{item.title}</h1>"
        f"<p class='published'>{item.date}</p>"
        f"<amp-img src='a.jpg' alt='{item.caption}'></amp-img><p class='lead'>{item.lead}</p>{ps(item.paragraphs[:3])}"
        f"<amp-ad width=300></amp-ad>{ps(item.paragraphs[3:])}<amp-social-share type='twitter'>"
        f"</amp-social-share></main>"
        f"<amp-list>{links(item)}</amp-list>"
    )
    page = f"<!doctype html><html amp lang='{item.language}'>{head(item)}<body>{main}{footer(item)}</body></html>"
    return page, (item.lead, *item.paragraphs)


def printed(item: Item) -> tuple[str, tuple[str, ...]]:
    main = (
        f"<h2>{item.title}</h2><div>{item.date}</div><hr>{ps((item.lead, *item.paragraphs))}<hr>"
        f"<small>{item.site}</small>"
    )
    return whole(item, f"<head><title>{item.title}</title></head>", main), (item.lead, *item.paragraphs)


def statement(item: Item) -> tuple[str, tuple[str, ...]]:
    """The page shows its text; date, author and headline are told in JSON-LD alone."""
    node = ld(
        item,
        datePublished=f"2024-11-12T14:05:00{offset(item)}",
        author={"@type": "Person", "name": item.author},
        publisher={"@type": "Organization", "name": item.site},
        articleBody="\n".join((item.lead, *item.paragraphs)),
    )
    main = (
        f"<main><section><h1>{item.title}</h1><section>{ps((item.lead, *item.paragraphs))}</section></section></main>"
    )
    return whole(item, f"<head><title>{item.site}</title>{node}</head>", main + teasers(item)), (
        item.lead,
        *item.paragraphs,
    )


def state_only(item: Item) -> tuple[str, tuple[str, ...]]:
    """A shell: the text stands in the state that a script would show."""
    html = "".join(f"<p>{line}</p>" for line in (item.lead, *item.paragraphs))
    post = {"id": 77, "title": item.title, "content": html, "published_at": f"2024-11-12T14:05:00{offset(item)}"}
    others = [{"id": n, "title": t, "excerpt": item.paragraphs[n]} for n, t in enumerate(item.others)]
    state = json.dumps(
        {"props": {"pageProps": {"post": post, "latest": others}}, "page": "/[slug]"}, ensure_ascii=False
    )
    body = (
        "<div id='__next'><div class='spinner'></div></div>"
        f"<script id='__NEXT_DATA__' type='application/json'>{state}</script>"
    )
    return whole(item, head(item), body), (item.lead, *item.paragraphs)


def ld_only(item: Item) -> tuple[str, tuple[str, ...]]:
    """A shell whose text stands in its JSON-LD."""
    node = ld(
        item, datePublished=f"2024-11-12T14:05:00{offset(item)}", articleBody="\n\n".join((item.lead, *item.paragraphs))
    )
    return whole(item, head(item, node), "<div id='app'></div><script src='/app.js'></script>"), (
        item.lead,
        *item.paragraphs,
    )


# ---- what stands among the paragraphs -------------------------------------------------------------------------


def interview(item: Item) -> tuple[str, tuple[str, ...]]:
    asked = [f"<b>{line}</b>" if n % 2 == 0 else line for n, line in enumerate(item.questions)]
    main = (
        f"<h1>{item.title}</h1><div class='date'>{item.date}</div>"
        f"<div class='text'>{ps((item.lead, *item.paragraphs[:2], *asked))}</div>"
    )
    return whole(item, head(item), nav(item) + main + teasers(item) + footer(item)), (
        item.lead, *item.paragraphs[:2], *item.questions,
    )  # fmt: skip


def structured(item: Item) -> tuple[str, tuple[str, ...]]:
    points = "<ul>" + "".join(f"<li>{line}</li>" for line in item.points) + "</ul>"
    main = (
        f"<article><h1>{item.title}</h1><p class='lead'>{item.lead}</p>{ps(item.paragraphs[:2])}"
        f"<h2>{item.subheads[0]}</h2>"
        f"{ps(item.paragraphs[2:4])}{points}<blockquote><p>{item.quote}</p></blockquote><h2>{item.subheads[1]}</h2>"
        f"{ps(item.paragraphs[4:])}</article>"
    )
    return whole(item, head(item), nav(item) + main + links(item) + footer(item)), (
        item.lead, *item.paragraphs[:2], item.subheads[0], *item.paragraphs[2:4], *item.points, item.quote,
        item.subheads[1], *item.paragraphs[4:],
    )  # fmt: skip


def interrupted(item: Item) -> tuple[str, tuple[str, ...]]:
    """Between the paragraphs: links to other news in three makes, a promo, a picture with its caption, a share bar."""
    one, two, three, four, five, six = item.paragraphs
    between = (
        f"<p><b>{item.read_also}:</b> <a href='/n/1'>{item.others[1]}</a></p>",
        f"<div class='card-news'><a href='/n/2'><img src='i.jpg'><span>{item.others[2]}</span></a></div>",
        f"<div class='photo'><img src='b.jpg'><em>{item.caption}</em></div>",
        f"<p><a href='https://t.me/x'><i>{item.promo}</i></a></p>",
        f"<div class='readmore'><div class='title'>{item.read_also}</div>{links(item)}</div>",
    )
    rows = "".join(f"<p>{line}</p>{gap}" for line, gap in zip((one, two, three, four, five), between, strict=True))
    main = (
        f"<h1>{item.title}</h1><div class='meta'>{item.date} <span>{item.author}</span></div>"
        f"<div class='article-text'><p><strong>{item.lead}</strong></p>{rows}<p>{six}"
        f"</p>{shares(item)}{tags(item)}</div>"
    )
    return whole(item, head(item), nav(item) + main + footer(item)), (item.lead, *item.paragraphs)


def repeated(item: Item) -> tuple[str, tuple[str, ...]]:
    """The headline again in the text, a hidden copy, a copy for phones, the site's name below."""
    text = ps((item.lead, *item.paragraphs))
    main = (
        f"<div class='hero'><h1>{item.title}</h1></div><div class='desktop'><div class='post-content'>"
        f"<h3>{item.title}</h3>"
        f"<p>IMG-20241112-WA0007.jpg</p>{text}<p>{item.site}</p></div></div>"
        f"<div class='mobile' style='display:none'>{text}</div>"
    )
    return whole(item, head(item), nav(item) + main + footer(item)), (item.lead, *item.paragraphs)


def phone_copy(item: Item) -> tuple[str, tuple[str, ...]]:
    text = ps((item.lead, *item.paragraphs))
    main = f"<h1>{item.title}</h1><div class='hidden-xs'>{text}</div><div class='visible-xs'>{text}</div>"
    return whole(item, head(item), nav(item) + main + footer(item)), (item.lead, *item.paragraphs)


def short(item: Item) -> tuple[str, tuple[str, ...]]:
    main = (
        f"<h1>{item.title}</h1><div class='date'>{item.date}</div>"
        f"<div class='body'>{ps((item.lead, item.paragraphs[0]))}</div>"
    )
    return whole(item, head(item), nav(item) + main + teasers(item) + comments(item) + footer(item)), (
        item.lead,
        item.paragraphs[0],
    )


def long(item: Item) -> tuple[str, tuple[str, ...]]:
    text = tuple(f"{n}. {line}" for n in range(1, 21) for line in item.paragraphs)
    main = f"<article><h1>{item.title}</h1>{ps((item.lead, *text))}</article>"
    return whole(item, head(item), nav(item) + main + teasers(item) + footer(item)), (item.lead, *text)


def endless(item: Item) -> tuple[str, tuple[str, ...]]:
    """Below the article the next ones, whole, as pages do that load while one scrolls."""
    following = "".join(
        f"<article class='news'><h1><a href='/n/{n}'>{item.others[n]}</a></h1>"
        f"<div class='date'>11.11.2024, 10:0{n}</div>"
        f"{ps([line.replace(' ', f' {n} ', 1) for line in item.paragraphs])}</article>"
        for n in (1, 2)
    )
    main = (
        f"<article class='news'><h1>{item.title}</h1><div class='date'>{item.date}"
        f"</div>{ps((item.lead, *item.paragraphs))}"
        f"{shares(item)}</article>"
    )
    return whole(item, head(item), nav(item) + main + following + footer(item)), (item.lead, *item.paragraphs)


def cookies(item: Item) -> tuple[str, tuple[str, ...]]:
    notice = f"<div class='gdpr-banner'><p>{COOKIES[item.language]}</p><button>OK</button></div>"
    ticker = f"<div class='ticker'><marquee>{' *** '.join(item.others)}</marquee></div>"
    main = f"<div class='content'><h1>{item.title}</h1>{ps((item.lead, *item.paragraphs[:3]))}</div>"
    return whole(item, head(item), notice + ticker + nav(item) + main + footer(item)), (item.lead, *item.paragraphs[:3])


def subtitle_lead(item: Item) -> tuple[str, tuple[str, ...]]:
    main = (
        f"<header class='article__header'><h1 class='article__title'>{item.title}</h1>"
        f"<div class='article__time'>{item.date}</div>"
        f"<h2 class='article__description'>{item.lead}</h2></header>"
        f"<div class='article__body-text'>{ps(item.paragraphs)}</div>"
    )
    return whole(item, head(item), nav(item) + main + teasers(item) + footer(item)), (item.lead, *item.paragraphs)


def discussed(item: Item) -> tuple[str, tuple[str, ...]]:
    """Comments that outweigh the article."""
    said = "".join(
        f"<div class='comment'><div class='name'>{item.comments[0]}{n}</div>"
        f"<div class='txt'>{item.comments[1]} {item.paragraphs[n % 6]}</div></div>"
        for n in range(12)
    )
    main = (
        f"<h1>{item.title}</h1><div class='date'>{item.date}</div>"
        f"<div class='text'>{ps((item.lead, *item.paragraphs[:4]))}</div>"
    )
    return whole(item, head(item), nav(item) + main + f"<div class='comments'>{said}</div>" + footer(item)), (
        item.lead, *item.paragraphs[:4],
    )  # fmt: skip


def linked_names(item: Item) -> tuple[str, tuple[str, ...]]:
    """Names in the text are links to tag pages."""

    def link(line: str) -> str:
        first, second, *rest = line.split(" ")
        return f"<a href='/t/1'>{first} {second}</a> {' '.join(rest[:-1])} <a href='/t/2'>{rest[-1]}</a>"

    main = f"<h1>{item.title}</h1><div class='post'>{ps([link(line) for line in (item.lead, *item.paragraphs)])}</div>"
    return whole(item, head(item), nav(item) + main + teasers(item) + footer(item)), (item.lead, *item.paragraphs)


def table_inside(item: Item) -> tuple[str, tuple[str, ...]]:
    rows = (("2022", "17", "9"), ("2023", "21", "12"), ("2024", "34", "20"))
    table = (
        "<table class='wp-block-table'>"
        + "".join("<tr>" + "".join(f"<td>{c}</td>" for c in r) + "</tr>" for r in rows)
        + "</table>"
    )
    main = (
        f"<article><h1>{item.title}"
        f"</h1>{ps((item.lead, *item.paragraphs[:3]))}{table}{ps(item.paragraphs[3:])}</article>"
    )
    return whole(item, head(item), nav(item) + main + footer(item)), (
        item.lead, *item.paragraphs[:3], *(" ".join(row) for row in rows), *item.paragraphs[3:],
    )  # fmt: skip


def credited(item: Item) -> tuple[str, tuple[str, ...]]:
    """Credits, channels, rights and initials below the text, in its own box."""
    below = (item.credit, item.promo, f"{item.author}", "R.N")
    main = (
        f"<h1>{item.title}</h1><div class='meta'>{item.date}</div>"
        f"<div class='story'>{ps((item.lead, *item.paragraphs, *below))}</div>"
    )
    return whole(item, head(item), nav(item) + main + footer(item)), (item.lead, *item.paragraphs)


def deep(item: Item) -> tuple[str, tuple[str, ...]]:
    """The article below three hundred levels of boxes."""
    main = f"<h1>{item.title}</h1><div class='text'>{ps((item.lead, *item.paragraphs))}</div>"
    boxes = "<div>" * 300 + main + "</div>" * 300
    return whole(item, head(item), nav(item) + boxes + footer(item)), (item.lead, *item.paragraphs)


SHAPES: tuple[Shape, ...] = (
    wordpress, bitrix, drupal, old_asp, divisions, amp, printed, statement, state_only, ld_only, interview, structured,
    interrupted, repeated, phone_copy, short, long, endless, cookies, subtitle_lead, discussed, linked_names,
    table_inside, credited, deep,
)  # fmt: skip


# ---- pages that are no articles -------------------------------------------------------------------------------

PAGES = {
    "ar": ("الصفحة غير موجودة", "عذرا، الصفحة التي تبحث عنها غير موجودة أو تم نقلها إلى عنوان آخر.", "تسجيل الدخول"),
    "ru": (
        "Страница не найдена",
        "К сожалению, запрошенная страница не существует или была перемещена.",
        "Вход на сайт",
    ),
    "kk": ("Бет табылмады", "Өкінішке қарай, сіз іздеген бет жоқ немесе басқа мекенжайға көшірілген.", "Сайтқа кіру"),
    "en": ("Page not found", "Sorry, the page you are looking for does not exist or has been moved.", "Log in"),
    "tr": ("Sayfa bulunamadı", "Üzgünüz, aradığınız sayfa bulunamadı ya da başka bir adrese taşındı.", "Üye girişi"),
}


def _other(item: Item, title: str, body: str) -> str:
    return whole(item, f"<head><title>{title} | {item.site}</title></head>", nav(item) + body + footer(item))


def category(item: Item) -> str:
    return _other(
        item,
        item.tags[0],
        f"<h1>{item.tags[0]}</h1>{teasers(item)}{teasers(item)}<div class='pager'><a href='?p=2'>2</a></div>",
    )


def headlines(item: Item) -> str:
    return _other(item, item.tags[0], f"<h1>{item.tags[0]}</h1>{links(item) * 4}")


def dated_list(item: Item) -> str:
    rows = "".join(
        f"<div class='news-item'><span class='date'>12.11.2024 1{n}:00</span> <a href='/n/{n}'>{t}</a>"
        f"<div class='preview'>"
        f"{item.paragraphs[n % 6]}</div></div>"
        for n, t in enumerate(item.others)
    )
    return _other(item, item.tags[0], f"<h2>{item.tags[0]}</h2>{rows}")


def search_results(item: Item) -> str:
    rows = "".join(
        f"<article><h3><a href='/n/{n}'>{t}</a></h3><p>…{item.paragraphs[n % 6][20:110]}…</p>"
        f"<a class='more' href='/n/{n}'>»»»</a></article>"
        for n, t in enumerate(item.others)
    )
    return _other(item, "?s=", f"<form><input name='q' value='x'></form><h1>{item.tags[1]}</h1>{rows}")


def front(item: Item) -> str:
    lead = f"<div class='hero'><h2><a href='/n/7'>{item.title}</a></h2><p>{item.lead}</p></div>"
    return _other(
        item,
        item.site,
        f"<h1 class='logo'><a href='/'>{item.site}</a></h1>{lead}{teasers(item)}{links(item)}{teasers(item)}",
    )


def missing(item: Item) -> str:
    title, text, _ = PAGES[item.language]
    return _other(item, title, f"<h1>404</h1><h2>{title}</h2><p>{text}</p>{links(item)}")


def login(item: Item) -> str:
    form = "<form><label>E-mail</label><input><label>Password</label><input type='password'><button>OK</button></form>"
    return _other(item, PAGES[item.language][2], f"<h1>{PAGES[item.language][2]}</h1>{form}")


def shell(item: Item) -> str:
    return whole(
        item, head(item), "<div id='root'></div><noscript>You need to enable JavaScript to run this app.</noscript>"
    )


def video(item: Item) -> str:
    player = "<div class='player'><iframe src='https://video.example/1'></iframe></div>"
    return whole(
        item,
        head(item),
        f"{nav(item)}<h1>{item.title}</h1>{player}<div class='date'>{item.date}"
        f"</div>{shares(item)}{links(item)}{footer(item)}",
    )


def gallery(item: Item) -> str:
    shots = "".join(f"<div class='slide'><img src='{n}.jpg'><span>{item.caption} {n}</span></div>" for n in range(12))
    return whole(
        item, head(item), f"{nav(item)}<h1>{item.caption}</h1><div class='gallery'>{shots}</div>{footer(item)}"
    )


NO_ARTICLES = (category, headlines, dated_list, search_results, front, missing, login, shell, video, gallery)
