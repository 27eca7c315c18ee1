"""How an article is got out of the web. The only home of HTTP and HTML.

`web` asks politely (`guard`, `transport`, `decoding`, `robots`, `outcomes` stand behind it), `discover` finds the
links on a front page (`feeds`, `sitemaps`, `listings`), `article` makes an article of a page, and `pool` does that in
processes of its own.
"""
