"""How an article is got out of the web. The only home of HTTP and HTML.

`web` asks politely, `discover` finds the links on a front page (`feeds`, `sitemaps`, `listings`), `article` makes an
article of a page, and `pool` does that in processes of its own. Behind `web` stand `guard` and `transport` (which
addresses are connected to), `permits` and `robots` (what sites allow), `turns` (when a host may be asked), `exchange`
(one request), `codings` and `decoding` (its body), `outcomes` and `walls` (what it came to), `trouble` (how it failed).
"""
