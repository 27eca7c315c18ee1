"""Where articles are kept: SQLite by default, PostgreSQL by address alone. The only home of SQLModel.

`opening` is the way in, `database` has the transactions, `tables` says what stands in it, `writer` gathers many small
writes into one commit. One module a subject works on it: `sources` (due times, leases, front pages), `lives`
(which runs are alive), `links`, `records` (articles), `corpus` (the folder of documents, a projection of the
database), `robots`, `views` (what people and programs read).
"""
