"""The archive: pages come back as they were, rows point at whole records whatever dies, and other tools can read it."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from warcio.archiveiterator import ArchiveIterator

from articles.model import Answer, Headers
from storage import archive, quarantine, retention, warc
from storage.archive import Archive, Page, Place, Reading
from storage.database import StorageError, Store
from storage.opening import open_store
from storage.tables import PAGE
from tests.conftest import NOW

EXTRACTOR = "rasid-1 test"
READ = Reading(extractor=EXTRACTOR, steps=("charset:declared:utf-8",))
HTML = "text/html; charset=utf-8"

addresses = st.builds("https://{}.example/{}".format, st.sampled_from(["a", "b"]), st.text("aä/ب?=&%жü", max_size=9))
printable = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=9).map(str.strip)
names = st.sampled_from(["Content-Encoding", "transfer-encoding", "Content-Length", "content-type", "Server", "ETag"])
anything = st.text(max_size=9)


def answer(body: bytes = b"<p>page", url: str = "https://a.example/1", **changes: object) -> Answer:
    values = {"asked": url, "url": url, "status": 200, "content_type": HTML, "body": body, "fetched_at": NOW}
    return Answer(**values | {"headers": (("Content-Type", HTML),)} | changes)  # type: ignore[arg-type]


def random_page(number: int, size: int = 30_000) -> Answer:
    """A page that packs badly."""
    return answer(random.Random(number).randbytes(size), f"https://a.example/{number}")


def put_all(folder: Path, run: str, *pages: Answer) -> list[Place]:
    with Archive(folder, run, EXTRACTOR) as writing:
        return [writing.put(page) for page in pages]


def noted(store: Store, page: Answer, place: Place, **changes: object) -> int:
    with store.write() as connection:
        values = {"source": "waha", "answer": page, "place": place, "reading": READ, **changes}
        return archive.note(connection, Page(**values))  # type: ignore[arg-type]


def records(path: Path) -> list[tuple[str, str | None]]:
    """Kind and address of each record of a file, its digests checked: warcio's own reader."""
    found = []
    with path.open("rb") as file:
        reader = ArchiveIterator(file, check_digests="raise")
        for record in reader:
            record.raw_stream.read()
            found.append((record.rec_type, record.rec_headers.get_header("WARC-Target-URI")))
    assert reader.err_count == 0
    return found


def places(store: Store) -> list[Place]:
    with store.read() as connection:
        rows = connection.execute(select(PAGE.c.file, PAGE.c.offset, PAGE.c.length))
        return [Place(file=row.file, offset=row.offset, length=row.length) for row in rows]


@given(
    asked=addresses,
    url=addresses,
    body=st.binary(max_size=300),
    headers=st.lists(st.tuples(names, printable), max_size=6),
    sent=st.lists(st.tuples(st.sampled_from(["Host", "User-Agent", "Accept"]), printable), max_size=3),
    status=st.sampled_from([200, 203, 299, 404]),
    moment=st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC)),
)
def test_a_page_comes_back_as_it_was(
    asked: str, url: str, body: bytes, headers: list[tuple[str, str]], sent: Headers, status: int, moment: datetime
) -> None:
    said = ", ".join(value for name, value in headers if name == "content-type")
    page = Answer(
        asked=asked,
        url=url,
        status=status,
        content_type=said,
        body=body,
        fetched_at=moment,
        asked_with=tuple(sent),
        headers=tuple(headers),
    )
    assert warc.unpack(warc.pack(page)) == page


@given(url=anything, text=anything, headers=st.lists(st.tuples(anything, anything), max_size=3), body=st.binary())
def test_nothing_that_a_site_sends_breaks_a_record(
    url: str, text: str, headers: list[tuple[str, str]], body: bytes
) -> None:
    page = answer(
        body, f"https://a.example/{url}", headers=tuple(headers), asked_with=tuple(headers), content_type=text
    )
    assert warc.unpack(warc.pack(page)).body == body


def test_lone_surrogates_and_line_breaks_stay_in_their_place() -> None:
    url = "https://a.example/x\r\nWARC-Type: warcinfo\ud800"
    back = warc.unpack(warc.pack(answer(url=url, headers=(("A\n: b", "c\r\n\r\nd\ud800é"),))))
    assert back.url == "https://a.example/xWARC-Type:warcinfo"
    assert ("A%0A%3A b", "c%0D%0A%0D%0Ad?%C3%A9") in back.headers


def test_the_body_is_told_as_it_stands_there(tmp_path: Path) -> None:
    sent = (("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"), ("Content-Type", HTML))
    (place,) = put_all(tmp_path, "r", answer(b"<p>decoded", headers=sent, asked_with=(("User-Agent", "rasid"),)))
    with (tmp_path / place.file).open("rb") as file:
        file.seek(place.offset)
        response, request = (
            (r, r.content_stream().read(), dict(r.http_headers.headers)) for r in ArchiveIterator(file)
        )
    assert response[1] == b"<p>decoded"
    assert response[2] == {
        "X-Archive-Orig-Content-Encoding": "gzip",
        "X-Archive-Orig-Transfer-Encoding": "chunked",
        "Content-Type": HTML,
        "Content-Length": "10",
    }
    assert response[0].rec_headers.get_header("WARC-Date") == "2026-11-21T12:00:00Z"
    assert response[0].rec_headers.get_header("WARC-Payload-Digest").startswith("sha1:")
    assert (request[0].http_headers.protocol, request[0].http_headers.statusline) == ("GET", "/1 HTTP/1.1")
    assert request[2] == {"User-Agent": "rasid"}


def test_a_file_is_open_until_it_is_closed_and_readable_all_the_while(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "archive"
    with Archive(folder, "20261121t120000-ab", EXTRACTOR) as writing:
        assert not folder.exists()
        place = writing.put(answer())
        (path,) = folder.iterdir()
        assert path.name == f"{place.file}.open" == f"20261121t120000-ab-{os.getpid()}.warc.gz.open"
        assert archive.read(folder, place) == answer()
    assert [path.name for path in folder.iterdir()] == [place.file]
    assert archive.read(folder, place) == answer()
    assert records(folder / place.file) == [
        ("warcinfo", None),
        ("response", "https://a.example/1"),
        ("request", "https://a.example/1"),
    ]
    assert f"extractor: {EXTRACTOR}".encode() in _first_content(folder / place.file)


def _first_content(path: Path) -> bytes:
    with path.open("rb") as file:
        content: bytes = next(iter(ArchiveIterator(file))).content_stream().read()
    return content


def test_threads_write_side_by_side(tmp_path: Path) -> None:
    found: dict[int, Place] = {}
    with Archive(tmp_path, "r", EXTRACTOR) as writing:

        def write(start: int) -> None:
            for number in range(start, start + 10):
                found[number] = writing.put(random_page(number, 500))

        threads = [threading.Thread(target=write, args=(10 * n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert all(archive.read(tmp_path, place) == random_page(number, 500) for number, place in found.items())
    assert len(found) == 40 and len(records(tmp_path / found[0].file)) == 81


def test_a_folder_that_cant_be_used(tmp_path: Path) -> None:
    (tmp_path / "archive").write_text("a file")
    with (
        Archive(tmp_path / "archive", "r", EXTRACTOR) as writing,
        pytest.raises(StorageError, match="can't be written"),
    ):
        writing.put(answer())


def test_a_closed_file_is_never_continued(tmp_path: Path) -> None:
    with Archive(tmp_path, "r", EXTRACTOR) as writing:
        place = writing.put(answer())
    with pytest.raises(StorageError, match="is closed"):
        writing.put(answer(b"late"))
    with pytest.raises(StorageError, match="closed already"):
        put_all(tmp_path, "r", answer(b"other"))
    assert archive.read(tmp_path, place) == answer()
    assert [path.name for path in tmp_path.iterdir()] == [place.file]


def test_what_is_not_there_or_damaged_is_told(tmp_path: Path) -> None:
    (place,) = put_all(tmp_path, "r", random_page(1, 400))
    path = tmp_path / place.file
    whole = path.read_bytes()
    wrong = [replace(place, offset=place.offset + 1), replace(place, offset=0), replace(place, length=place.length - 9)]
    for elsewhere in wrong:
        with pytest.raises(StorageError, match="damaged"):
            archive.read(tmp_path, elsewhere)
    path.write_bytes(whole[: place.offset + 200] + b"\0" + whole[place.offset + 201 :])
    with pytest.raises(StorageError, match="damaged"):
        archive.read(tmp_path, place)
    path.unlink()
    with pytest.raises(StorageError, match="not in the archive"):
        archive.read(tmp_path, place)


def test_a_dead_runs_file_is_closed_without_its_torn_record(tmp_path: Path) -> None:
    """Cut at every byte of the second page: what was whole stays, what was not goes."""
    first, second = put_all(tmp_path / "whole", "r", random_page(1, 60), random_page(2, 60))
    whole = (tmp_path / "whole" / first.file).read_bytes()
    assert second.offset + second.length == len(whole)
    folder = tmp_path / "cut"
    folder.mkdir()
    for end in range(second.offset, len(whole)):
        (folder / f"{first.file}.open").write_bytes(whole[:end] + b"\xff" * (end % 3))
        with Archive(folder, "next", EXTRACTOR):
            pass
        (path,) = folder.iterdir()
        assert path.name == first.file
        assert len(records(path)) in (3, 4), end
        assert archive.read(folder, first) == random_page(1, 60)
        with pytest.raises(StorageError):
            archive.read(folder, second)


def test_a_dead_runs_empty_file_goes_and_a_living_ones_stays(tmp_path: Path) -> None:
    (tmp_path / "dead-1.warc.gz.open").write_bytes(b"\x1f\x8b\x08torn")
    with Archive(tmp_path, "living", EXTRACTOR) as living:
        place = living.put(answer())
        assert [path.name for path in tmp_path.iterdir()] == [f"{place.file}.open"]
        with Archive(tmp_path, "next", EXTRACTOR):
            assert archive.read(tmp_path, living.put(answer(b"more"))) == answer(b"more")
    assert len(records(tmp_path / place.file)) == 5


def test_runs_that_begin_side_by_side_take_nobodys_file_for_a_dead_ones(tmp_path: Path) -> None:
    found: list[tuple[Place, Answer]] = []
    failures: list[StorageError] = []

    def begin(thread: int) -> None:
        for number in range(40):
            page = random_page(number, 50)
            try:
                found.extend((place, page) for place in put_all(tmp_path, f"r{thread}-{number}", page))
            except StorageError as error:
                failures.append(error)

    threads = [threading.Thread(target=begin, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(found) == len(list(tmp_path.iterdir())) == 160
    assert all(archive.read(tmp_path, place) == page for place, page in found)


WRITE = """
import sys
from pathlib import Path
from storage.archive import Archive
from storage.opening import open_store
from tests.test_archive import EXTRACTOR, noted, random_page
folder = Path(sys.argv[1])
store = open_store(f"sqlite:///{folder / 'rasid.db'}", folder / "upgrade.lock")
with Archive(folder / "archive", sys.argv[2], EXTRACTOR) as writing:
    for number in range(10_000):
        page = random_page(number)
        noted(store, page, writing.put(page))
"""


def test_killed_at_any_moment_every_row_points_at_a_whole_page(tmp_path: Path) -> None:
    moments = random.Random(7)
    for run in range(5):
        _write_until(tmp_path, f"run{run}", moments.randrange(1, 400_000))
    store = open_store(f"sqlite:///{tmp_path / 'rasid.db'}", tmp_path / "upgrade.lock")
    before = [archive.read(tmp_path / "archive", place) for place in places(store)]
    with Archive(tmp_path / "archive", "after", EXTRACTOR):
        pass
    after = [archive.read(tmp_path / "archive", place) for place in places(store)]
    store.close()
    assert after == before and len(after) > 10
    assert all(page == random_page(int(page.url.rpartition("/")[2])) for page in after)
    files = list((tmp_path / "archive").iterdir())
    assert len(files) == 5 and all(path.name.endswith(".warc.gz") for path in files)
    assert sum(len(records(path)) for path in files) >= 2 * len(after)


def _write_until(folder: Path, run: str, size: int) -> None:
    """A process that writes pages and rows, killed as soon as its file has this size."""
    words = [sys.executable, "-c", WRITE, str(folder), run]
    with subprocess.Popen(words, stderr=subprocess.PIPE) as process:
        while process.poll() is None:
            with contextlib.suppress(FileNotFoundError):
                if any(p.stat().st_size >= size for p in (folder / "archive").glob(f"{run}-*.open")):
                    process.kill()
                    process.wait()
        assert process.stderr is not None
        assert process.returncode == -signal.SIGKILL, process.stderr.read().decode()


FULL = """
import resource, sys
from pathlib import Path
from storage import archive
from storage.archive import Archive
from storage.database import StorageError
from tests.test_archive import EXTRACTOR, random_page
folder, places, refused = Path(sys.argv[1]), [], 0
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
with Archive(folder, "r", EXTRACTOR) as writing:
    for size in (30_000, 30_000, 60_000, 500, 60_000, 600):
        try:
            places.append((size, writing.put(random_page(size, size))))
        except StorageError as error:
            assert "can't be written" in str(error), error
            refused += 1
assert refused == 2, refused
assert all(archive.read(folder, place) == random_page(size, size) for size, place in places)
"""


def test_a_full_disk_is_told_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", FULL, str(tmp_path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    (path,) = tmp_path.iterdir()
    assert len(records(path)) == 1 + 2 * 4


def test_rows_say_where_pages_stand(store: Store, tmp_path: Path) -> None:
    page = answer(asked="https://a.example/?id=1")
    (place,) = put_all(tmp_path, "r", page)
    refused = replace(READ, refused="The page is empty.")
    ids = [noted(store, page, place), noted(store, page, place, reading=refused)]
    with store.read() as connection:
        one, other = connection.execute(select(PAGE).order_by(PAGE.c.id)).all()
    assert [one.id, other.id] == ids
    assert (one.source, one.asked, one.url, one.status, one.fetched_at) == ("waha", page.asked, page.url, 200, NOW)
    assert (one.file, one.offset, one.length) == (place.file, place.offset, place.length)
    assert (one.extractor, one.steps, one.refused) == (EXTRACTOR, list(READ.steps), None)
    assert (other.refused, other.article_id, other.link_id) == ("The page is empty.", None, None)


@pytest.mark.parametrize(
    ("days", "pages_kept", "stay"),
    [(None, None, 4), (10, None, 2), (None, 3, 3), (10, 3, 2), (99, 1, 1), (0, None, 0), (None, 0, 0)],
)
def test_the_oldest_files_go_first_with_their_rows(
    store: Store, tmp_path: Path, days: int | None, pages_kept: int | None, stay: int
) -> None:
    folder, ages = tmp_path / "archive", (40, 20, 9, 1)
    for age in ages:
        (place,) = put_all(folder, f"r{age:02}", random_page(1))
        noted(store, random_page(1), place)
        moment = (NOW - timedelta(days=age)).timestamp()
        os.utime(folder / place.file, (moment, moment))
    size = max(path.stat().st_size for path in folder.iterdir())
    most = None if pages_kept is None else pages_kept * size
    pruned = retention.prune(store, folder, keep_days=days, keep_bytes=most, now=NOW)
    kept = sorted(path.name for path in folder.iterdir())
    assert [name[:3] for name in kept] == sorted(f"r{age:02}" for age in ages[4 - stay :])
    assert sorted(place.file for place in places(store)) == kept
    assert (pruned.files, pruned.pages, pruned.quarantined) == (4 - stay, 4 - stay, ())
    assert abs(pruned.bytes - (4 - stay) * size) < 100


def test_the_file_being_written_is_never_pruned(store: Store, tmp_path: Path) -> None:
    with Archive(tmp_path, "r", EXTRACTOR) as writing:
        place = writing.put(answer())
        noted(store, answer(), place)
        assert retention.prune(store, tmp_path, keep_days=0, keep_bytes=0, now=NOW + timedelta(days=999)).files == 0
        assert archive.read(tmp_path, place) == answer()


def test_what_is_pruned_leaves_the_quarantine_and_is_named(store: Store, tmp_path: Path) -> None:
    (place,) = put_all(tmp_path, "r", answer())
    page_id = noted(store, answer(), place)
    with store.write() as connection:
        quarantine.put(connection, page_id, "It was killed.", NOW)
    assert retention.prune(store, tmp_path, keep_days=None, keep_bytes=0, now=NOW).quarantined == (answer().url,)
    with store.read() as connection:
        assert quarantine.waiting(connection) == []
        assert connection.scalar(select(func.count()).select_from(PAGE)) == 0


def test_pruning_an_archive_that_is_not_there(store: Store, tmp_path: Path) -> None:
    assert retention.prune(store, tmp_path / "none", keep_days=1, keep_bytes=1, now=NOW) == retention.Pruned()
