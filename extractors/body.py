"""The article's text out of a page's tree: several ways to it, each cheap, and the choice among them."""

from __future__ import annotations

from trafilatura import bare_extraction

from lxml.html import HtmlElement

from articles.text import words
from extractors import page

def by_extractor(tree: HtmlElement, url: str, *, precise: bool) -> str:
    """What trafilatura takes for the article, a paragraph a line; empty where it finds none."""
    import os
    setting = dict.fromkeys(os.environ.get("SET","fast,favor_recall").split(","), True) if os.environ.get("SET")!="default" else {}
    document = bare_extraction(tree, url=url, include_comments=False, **setting)
    if document is None or document.body is None:
        return ""
    return document.text or ""
