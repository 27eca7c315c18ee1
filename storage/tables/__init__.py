"""What stands in the database, as tables for statements in Core. No behaviour."""

from storage.tables.alerts import DeliveryRow, OutboxRow
from storage.tables.articles import (
    AddressRow,
    ArticleRow,
    BandRow,
    CounterRow,
    FileRow,
    FingerprintRow,
    SightingRow,
    VersionRow,
)
from storage.tables.columns import METADATA, Utc, core
from storage.tables.reading import FrontRow, LinkRow, RobotsRow, SourceRow

SOURCE, FRONT, LINK, ROBOTS = core(SourceRow), core(FrontRow), core(LinkRow), core(RobotsRow)
ARTICLE, VERSION, FINGERPRINT = core(ArticleRow), core(VersionRow), core(FingerprintRow)
ADDRESS, SIGHTING, BAND = core(AddressRow), core(SightingRow), core(BandRow)
FILE, COUNTER = core(FileRow), core(CounterRow)
OUTBOX, DELIVERY = core(OutboxRow), core(DeliveryRow)

__all__ = [
    "ADDRESS",
    "ARTICLE",
    "BAND",
    "COUNTER",
    "DELIVERY",
    "FILE",
    "FINGERPRINT",
    "FRONT",
    "LINK",
    "METADATA",
    "OUTBOX",
    "ROBOTS",
    "SIGHTING",
    "SOURCE",
    "VERSION",
    "Utc",
]
