"""What stands in the database, as tables for statements in Core. No behaviour."""

from storage.tables.alerts import DeliveryRow, OutboxRow
from storage.tables.archive import PageRow
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
from storage.tables.frontiers import FrontierRow
from storage.tables.reading import CheckupRow, FrontRow, HostRow, LinkRow, RobotsRow, SourceRow
from storage.tables.tags import ClaimRow, TagRow

SOURCE, FRONT, LINK, ROBOTS = core(SourceRow), core(FrontRow), core(LinkRow), core(RobotsRow)
HOST, CHECKUP = core(HostRow), core(CheckupRow)
ARTICLE, VERSION, FINGERPRINT = core(ArticleRow), core(VersionRow), core(FingerprintRow)
ADDRESS, SIGHTING, BAND = core(AddressRow), core(SightingRow), core(BandRow)
FILE, COUNTER = core(FileRow), core(CounterRow)
OUTBOX, DELIVERY = core(OutboxRow), core(DeliveryRow)
PAGE = core(PageRow)
FRONTIER = core(FrontierRow)
TAG, CLAIM = core(TagRow), core(ClaimRow)

__all__ = [
    "ADDRESS",
    "ARTICLE",
    "BAND",
    "CHECKUP",
    "CLAIM",
    "COUNTER",
    "DELIVERY",
    "FILE",
    "FINGERPRINT",
    "FRONT",
    "FRONTIER",
    "HOST",
    "LINK",
    "METADATA",
    "OUTBOX",
    "PAGE",
    "ROBOTS",
    "SIGHTING",
    "SOURCE",
    "TAG",
    "VERSION",
    "Utc",
]
