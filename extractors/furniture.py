"""The page's furniture: what stands inside or beside an article without being it, taken out of the tree."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlElement

from articles import phrases
from articles.lines import same_line
from extractors import page

_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_MOST_HIDDEN = 0.9
_MARKED = ("p", "div", "section", "aside", "blockquote", "ul", "h2", "h3", "h4", "h5", "strong", "b", "span")
_BOXES = frozenset({"div", "section", "aside", "ul", "blockquote", "table"})
_MARK_CHARS = 400
_CAPTION_CHARS = 300
_CAPTION_DEPTH = 4
_PICTURE = re.compile(r"image|img|photo|pic(?:ture)?s?(?:$|[\s_-])|figure|caption|gallery|slider|foto", re.I)
_CELL_WORDS = 40
"""Words from which on a table's cell holds a page's text rather than a figure."""
_ARTICLE_WORDS = 60
_ABOVE_HEADLINE_WORDS = 15
"""A date, a section, a by-line: what stands above a headline in the box of its article."""
_CARD_HOLDERS = ("div", "section", "ul", "ol", "main", "body", "td", "article")
_CARD_TAGS = frozenset({"div", "article", "li", "section", "a"})
_CARDS = 3
_CARD_SHARE = 0.6
_CARD_HEADLINE_WORDS = 4
_CARD_LINES = 6
_CARD_WORDS = 100
_LINK_WORDS = 3
_LINK_BLOCKS = frozenset({"p", "li", "h2", "h3", "h4", "h5", "h6", "blockquote"})
_LINK_WRAPPERS = _LINK_BLOCKS | {"strong", "b", "em", "span", "i", "u"}


def remove(tree: HtmlElement, title: str | None) -> None:
    """Take hidden parts, further articles, captions, read-also blocks and lone links out of the tree, in place.

    Tails of text stay. `title` is the headline of the page's own article.
    """
    etree.strip_elements(tree, *page.UNREADABLE, with_tail=False)
    _open_layout_tables(tree)
    for article in _further_articles(tree, title):
        _drop(article)
    for element in list(tree.iter("figcaption")):
        if len(element.text_content()) <= _CAPTION_CHARS:
            element.drop_tree()
    for image in list(tree.iter("img")):
        _drop_caption(image)
    for element in _hidden(tree):
        _drop(element)
    for card in _cards(tree):
        _drop(card)
    for element in list(tree.iter(*_MARKED)):
        text = _opening(element)
        if text and phrases.invites_elsewhere(text):
            _drop_invitation(element)
    for link in list(tree.iter("a")):
        _drop_lone_link(link)


def _open_layout_tables(tree: HtmlElement) -> None:
    """Tables that hold a page together become boxes; tables of figures stay."""
    for table in list(tree.iter("table")):
        cells = [cell for cell in table.iter("td", "th") if _table_of(cell) is table]
        holds_text = any(len(cell.text_content().split()) >= _CELL_WORDS for cell in cells)
        if holds_text or table.find(".//table") is not None:
            parts = [part for part in table.iter("tbody", "thead", "tfoot", "tr") if _table_of(part) is table]
            for part in (*cells, *parts, table):
                part.tag = "div"


def _table_of(part: HtmlElement) -> HtmlElement | None:
    return next(part.iterancestors("table"), None)


def _further_articles(tree: HtmlElement, title: str | None) -> list[HtmlElement]:
    """Whole articles below the page's own: pages load them while one scrolls."""
    own: HtmlElement | None = None
    passed = 0
    found: list[HtmlElement] = []
    for element in tree.iter(etree.Element):
        if element.tag in ("h1", "h2"):
            if title and same_line(page.plain(element), title):
                own = element if own is None else own
            elif own is not None and passed >= _ARTICLE_WORDS:
                found += [box] if (box := _article_below(element, own)) is not None else []
        passed += len((element.text or "").split()) + len((element.tail or "").split()) if own is not None else 0
    return [box for box in found if len(box.text_content().split()) >= _ARTICLE_WORDS]


def _article_below(heading: HtmlElement, own: HtmlElement) -> HtmlElement | None:
    """The box that another headline opens, if it is a headline as the page's own is: a subheading opens none."""
    alike = heading.get("class") and heading.get("class") == own.get("class")
    if heading.tag != own.tag or not (alike or heading.find(".//a") is not None):
        return None
    box, near = heading, set(own.iterancestors())
    while (parent := box.getparent()) is not None and parent not in near:
        before = " ".join(page.plain(sibling) for sibling in box.itersiblings(preceding=True))
        if len(f"{parent.text or ''} {before}".split()) > _ABOVE_HEADLINE_WORDS:
            break
        box = parent
    return box


def _drop(element: HtmlElement) -> None:
    if element.getparent() is not None and element.tag not in ("body", "html"):
        element.drop_tree()


def _hidden(tree: HtmlElement) -> list[HtmlElement]:
    """What a page hides, unless that is the page itself, which a script would show."""
    styled = tree.xpath("//*[@hidden or @style]")
    hidden = [e for e in styled if e.get("hidden") is not None or _HIDDEN_STYLE.search(e.get("style") or "")]
    most = len(tree.text_content()) * _MOST_HIDDEN if hidden else 0
    titles = len(tree.findall(".//h1"))
    return [e for e in hidden if len(e.text_content()) <= most and not 0 < titles == len(e.findall(".//h1"))]


def _drop_caption(image: HtmlElement) -> None:
    """What stands with a picture in a box of its own, named as one, is the picture's caption."""
    box, named = image, None
    for _ in range(_CAPTION_DEPTH):
        parent = box.getparent()
        if parent is None or parent.tag in ("body", "article", "main") or parent.find(".//h1") is not None:
            break
        if len(parent.text_content().strip()) > _CAPTION_CHARS:
            break
        box = parent
        if _PICTURE.search(f"{box.get('class')} {box.get('id')}"):
            named = box
    if named is not None and len(named.findall(".//p")) < 2:
        _drop(named)


def _opening(element: HtmlElement) -> str:
    """The first words of an element, its own or its first child's."""
    own = (element.text or "").strip()
    if own:
        return own[:60]
    first = next(iter(element), None)
    return (first.text or "").strip()[:60] if first is not None else ""


def _drop_invitation(element: HtmlElement) -> None:
    """An invitation goes; one that is but a label takes along the links that it heads."""
    text = page.plain(element)
    if len(text) > _MARK_CHARS or not phrases.invites_elsewhere(text):
        return None
    if phrases.is_label(text):
        box, following = element.getparent(), element.getnext()
        if box is not None and box.tag in _BOXES and page.plain(box).startswith(text) and box.find(".//a") is not None:
            return _drop(box)
        if following is not None and _is_links(following):
            _drop(following)
    return _drop(element)


def _is_links(element: HtmlElement) -> bool:
    """Is nearly all text of an element inside links?"""
    text = len(page.plain(element))
    linked = sum(len(page.plain(link)) for link in element.iter("a"))
    return 0 < text <= linked * 1.25


def _cards(tree: HtmlElement) -> list[HtmlElement]:
    """Previews of other articles: three or more neighbours built alike, each a linked headline and little else."""
    found: list[HtmlElement] = []
    for box in tree.iter(*_CARD_HOLDERS):
        alike: dict[tuple[str, str | None], list[HtmlElement]] = {}
        for child in box:
            if child.tag in _CARD_TAGS:
                alike.setdefault((str(child.tag), child.get("class")), []).append(child)
        for group in alike.values():
            if len(group) >= _CARDS:
                cards = [child for child in group if _is_card(child)]
                found += cards if len(cards) >= max(_CARDS, _CARD_SHARE * len(group)) else []
    return found


def _is_card(element: HtmlElement) -> bool:
    if element.tag != "a" and element.find(".//a") is None:
        return False
    lines = page.read_lines(element)
    headline = any(line.linked > 0.8 and len(line.text.split()) >= _CARD_HEADLINE_WORDS for line in lines[:3])
    return headline and len(lines) <= _CARD_LINES and sum(len(line.text.split()) for line in lines) <= _CARD_WORDS


def _drop_lone_link(link: HtmlElement) -> None:
    """A paragraph, item or subheading that is one link and nothing else leads away from the article."""
    top = link
    while (parent := top.getparent()) is not None and parent.tag in _LINK_WRAPPERS and len(parent) == 1:
        if (parent.text or "").strip() or (top.tail or "").strip():
            break
        top = parent
    if top.tag in _LINK_BLOCKS and len(link.text_content().split()) >= _LINK_WORDS:
        _drop(top)
