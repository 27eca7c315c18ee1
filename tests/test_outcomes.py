"""Known answers: what is a wall, a consent form, a parked domain or a login, and what only talks about them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.model import Outcome
from extractors import outcomes, walls
from extractors.trouble import Trouble
from extractors.walls import Evidence

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BLOCKED, BROKEN, FORBIDDEN, GONE = Outcome.BLOCKED, Outcome.BROKEN, Outcome.FORBIDDEN, Outcome.GONE
LIMITED, UNREACHABLE = Outcome.RATE_LIMITED, Outcome.UNREACHABLE

PROSE = (
    "The foreign ministers of the two countries met in Astana on Monday and signed a plan of consultations.",
    "They spoke about grain, scholarships for students from Gaza and a joint exhibition in the national museum.",
    "A second round of talks is to be held in Ramallah in spring, the ministry's press service said.",
)
TEXT = "".join(f"<p>{sentence}</p>" for sentence in PROSE)
LONG = f"<html><body><article>{TEXT * 20}</article></body></html>"
CHALLENGE = "<html><head><title>Just a moment...</title></head><body><form id=challenge-form></form></body></html>"
ORCHESTRATED = (
    "<!DOCTYPE html><html><head><title>newsroom.example</title></head><body><noscript>Enable JavaScript</noscript>"
    "<script>a.src='/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1?ray=8f'</script></body></html>"
)
JSD = '<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>'
BANNER = '<div id="cookie-banner">We value your privacy. <button>Accept all cookies</button></div>'
BY_COOKIE = (
    "<html><body><script>document.cookie='__js_p_=714,1800,0,0,0;path=/';location.reload();</script></body></html>"
)


def page(inside: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{inside}</body></html>"


# what came: status, headers, body; outcome; a word of the sentence
NO_PAGES: dict[str, tuple[int, dict[str, str], str, Outcome, str]] = {
    "Cloudflare by header": (403, {"cf-mitigated": "challenge"}, "", BLOCKED, "Cloudflare"),
    "Cloudflare by title, 403": (403, {}, CHALLENGE, BLOCKED, "Cloudflare"),
    "Cloudflare by title, 503": (503, {}, CHALLENGE, BLOCKED, "Cloudflare"),
    "Cloudflare by title, 200": (200, {}, CHALLENGE, BLOCKED, "Cloudflare"),
    "Cloudflare by its options": (403, {}, page("<script>window._cf_chl_opt={}</script>"), BLOCKED, "Cloudflare"),
    "Cloudflare by its script, 403": (403, {}, page(JSD), BLOCKED, "Cloudflare"),
    "Cloudflare, orchestrated, 200": (200, {}, ORCHESTRATED, BLOCKED, "Cloudflare"),
    "Cloudflare's block": (403, {}, page("", "<title>Attention Required! | Cloudflare</title>"), BLOCKED, "Cloudflare"),
    "DataDome": (403, {}, page("<script src='https://ct.captcha-delivery.com/c.js'></script>"), BLOCKED, "DataDome"),
    "Incapsula, 200": (
        200,
        {},
        page("<iframe src='/_Incapsula_Resource?SWUDNSAI=31'>Request unsuccessful. Incapsula incident ID: 1</iframe>"),
        BLOCKED,
        "Imperva",
    ),
    "PerimeterX": (403, {}, page("<div id=px-captcha></div>"), BLOCKED, "PerimeterX"),
    "DDoS-Guard": (403, {}, page("", "<title>DDoS-Guard</title>"), BLOCKED, "DDoS-Guard"),
    "DDoS-Guard's check": (503, {}, page("<script src=//check.ddos-guard.net/check.js></script>"), BLOCKED, "DDoS"),
    "Qrator": (401, {}, page("<script src='/__qrator/qauth.js'></script>"), BLOCKED, "Qrator"),
    "StormWall": (200, {}, page("<script src='https://static.stormwall.pro/ab.js'></script>"), BLOCKED, "StormWall"),
    "Sucuri": (200, {}, page("<script>sucuri_cloudproxy_js=''</script>"), BLOCKED, "Sucuri"),
    "AWS": (202, {"x-amzn-waf-action": "challenge"}, "", BLOCKED, "AWS"),
    "Vercel": (429, {"x-vercel-mitigated": "challenge"}, "", BLOCKED, "Vercel"),
    "Akamai": (403, {}, page("Reference 18.1 https://errors.edgesuite.net/18.1"), BLOCKED, "Akamai"),
    "F5": (200, {}, page("The requested URL was rejected. Please consult with your administrator."), BLOCKED, "F5"),
    "SiteGround": (202, {}, page("", '<meta http-equiv=refresh content="0;/.well-known/sgcaptcha/">'), BLOCKED, ""),
    "a captcha": (200, {}, page('<form action="/verify"><div class="g-recaptcha"></div></form>'), BLOCKED, "captcha"),
    "a captcha on 429": (429, {}, page('<form><div class="h-captcha"></div></form>'), BLOCKED, "captcha"),
    "only a cookie": (200, {}, BY_COOKIE, BLOCKED, "cookie set by a script"),
    "a consent form": (
        200, {}, page('Before you continue<form action="/save"><button>OK</button></form>'), BLOCKED, "consent",
    ),
    "a cookie wall": (200, {}, page(BANNER + "<h1>News</h1>"), BLOCKED, "consent"),
    "a Russian cookie wall": (
        200, {}, page("<p>Мы используем файлы cookie.</p><button>Принять</button>"), BLOCKED, "consent",
    ),
    "a consent form that explains itself": (
        200,
        {},
        page(
            "<p>We and our 740 partners use cookies to store your data and to measure advertising on this site.</p>"
            "<p>You can withdraw your consent at any time by the privacy link at the bottom of each page.</p>"
            "<form><button>Agree</button></form>"
        ),
        BLOCKED,
        "consent",
    ),
    "parked at Sedo": (200, {}, page("<script src='//img.sedoparking.com/x.js'></script>"), GONE, "parked"),
    "parked, for sale": (200, {}, page("<h1>newsroom.example</h1><p>Buy this domain</p>"), GONE, "parked"),
    "parked, lander": (200, {}, page("<script>window.location.href=\"/lander\"</script>"), GONE, "parked"),
    "a network's login, 511": (511, {}, "", UNREACHABLE, "login"),
    "a network's login, 200": (
        200, {}, page("<!-- <WISPAccessGatewayParam></WISPAccessGatewayParam> -->Welcome"), UNREACHABLE, "login",
    ),
    "plain 403": (403, {}, page("<h1>403 Forbidden</h1>"), FORBIDDEN, "403 (Forbidden)"),
    "plain 403 behind Cloudflare": (403, {"server": "cloudflare", "cf-ray": "8f"}, page("No"), FORBIDDEN, "403"),
    "plain 429": (429, {"retry-after": "60"}, "", LIMITED, "429"),
    "plain 503": (503, {}, page("<h1>Maintenance</h1>"), BROKEN, "503"),
    "404 with Cloudflare's script": (404, {}, page(JSD), GONE, "404"),
    "500 with a captcha": (500, {}, page('<div class="g-recaptcha"></div>'), BROKEN, "500"),
}  # fmt: skip

PAGES: dict[str, str] = {
    "an article": LONG,
    "a short article": page(f"<h1>Talks</h1>{TEXT}"),
    "an article on Cloudflare": page(f"<h1>Just a moment: how Cloudflare's _cf_chl_opt works</h1>{TEXT}"),
    "an article titled as a challenge": page(TEXT, "<title>Just a moment... that changed Astana</title>"),
    "an article with Cloudflare's script": page(TEXT + JSD),
    "a page made by scripts, with Cloudflare's": page(f"<div id=root></div>{JSD}"),
    "a page made by scripts": page('<script src="cookieconsent.js?recaptcha"></script><button>Menu</button>'),
    "a page made by scripts that set cookies": page(
        "<div id=root></div><script>document.cookie='a=1';location.href</script>", "<link rel=stylesheet href=a.css>"
    ),
    "an article with a consent banner": page(BANNER + TEXT),
    "a short article with a consent banner": page(f"{BANNER}<h1>Talks</h1><p>{PROSE[0]}</p><p>{PROSE[1]}</p>"),
    "an article with a cookie form": page(f"<article>{TEXT}</article><form action='/cookie-consent'></form>"),
    "an article on captchas": LONG + "g-recaptcha",
    "a short article with a captcha for comments": page("<article>Short.</article><form class=g-recaptcha></form>"),
    "a list of links with a consent form": page("<form id=consent></form>" + "<a href=/1>1</a>" * 9),
    "an article on domains": page(f"<p>Buy this domain, said the squatter.</p>{TEXT}"),
    "a feed on all of it": "<rss>accept cookies g-recaptcha _cf_chl_opt sedoparking.com px-captcha</rss>",
    "a script": "document.cookie='a';location.reload()",
    "nothing": "",
}


def judged(status: int, headers: dict[str, str], body: str) -> Trouble | None:
    evidence = Evidence(url="https://newsroom.example/feed", status=status, headers=headers, body=body.encode())
    return outcomes.of_answer(evidence, NOW)


@pytest.mark.parametrize(("status", "headers", "body", "outcome", "word"), NO_PAGES.values(), ids=NO_PAGES)
def test_what_is_no_page(status: int, headers: dict[str, str], body: str, outcome: Outcome, word: str) -> None:
    met = judged(status, headers, body)
    assert met is not None and (met.outcome, met.http) == (outcome, status), met
    assert word in str(met) and "newsroom.example" in str(met)
    assert str(met).isprintable() and str(met).endswith(".")


@pytest.mark.parametrize("body", PAGES.values(), ids=PAGES)
def test_what_is_a_page(body: str) -> None:
    assert judged(200, {"server": "cloudflare", "cf-ray": "8f"}, body) is None


@pytest.mark.parametrize(
    ("asked", "target", "word"),
    [
        ("http://a.example/", "https://consent.a.example/x", "consent"),
        ("http://a.example/", "https://guce.a.example/x", "consent"),
        ("https://news.example/rss", "https://consent.yahoo.com/v2/collectConsent", "consent"),
        ("https://news.example/rss", "https://consent.google.com/m?continue=x", "consent"),
        ("https://news.example/rss", "https://geo.captcha-delivery.com/captcha/", "challenge"),
        ("http://consent.example/a", "http://consent.example/b", None),
        ("http://a.example/", "http://consenting.example/", None),
        ("http://a.example/", "http://www.a.example/consent", None),
    ],
)
def test_a_host_that_only_asks_is_known_by_its_name(asked: str, target: str, word: str | None) -> None:
    said = walls.of_redirect(asked, target)
    assert (said is None) if word is None else (said is not None and word in said)


@given(st.binary(max_size=200), st.sampled_from([200, 403, 503, 511]), st.sampled_from([b"<html>", b"<form", b""]))
def test_whatever_comes_is_judged(body: bytes, status: int, start: bytes) -> None:
    for inside in (body, b"consent captcha document.cookie= location.reload px-captcha" + body):
        evidence = Evidence(url="https://[::1]:8/", status=status, headers={}, body=start + inside)
        met = outcomes.of_answer(evidence, NOW)
        assert (met is None) <= (status == 200)
