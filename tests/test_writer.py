"""Many small writes share commits; one that fails costs no other."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import Connection, event, select

from storage.database import Store, insert
from storage.tables import COUNTER
from storage.writer import Writer


def put(name: str, value: int) -> object:
    def write(connection: Connection) -> str:
        if value < 0:
            raise ValueError(name)
        connection.execute(insert(connection, COUNTER).values(name=name, value=value))
        return name

    return write


def test_writes_gather_and_a_failing_one_stands_alone(store: Store) -> None:
    commits = []
    event.listen(store.engine, "commit", commits.append)

    async def main() -> list[object]:
        async with Writer(store) as writer:
            writes = [writer.do(put(f"n{n}", -1 if n == 70 else n)) for n in range(100)]
            return await asyncio.gather(*writes, return_exceptions=True)

    answers = asyncio.run(main())
    assert [answer for answer in answers if isinstance(answer, str)] == [f"n{n}" for n in range(100) if n != 70]
    assert isinstance(answers[70], ValueError)
    with store.read() as connection:
        assert len(connection.execute(select(COUNTER)).all()) == 99
    assert len(commits) < 60, "the fifty beside the failing write ran alone, the others shared a commit"


def test_the_writer_ends_with_its_block(store: Store) -> None:
    async def main() -> None:
        async with Writer(store) as writer:
            with pytest.raises(ValueError):
                await writer.do(put("bad", -1))
            assert await writer.do(put("good", 1)) == "good"

    asyncio.run(main())


def test_items_of_one_kind_are_written_in_one_call(store: Store) -> None:
    calls: list[int] = []

    def put_all(connection: Connection, items: list[str]) -> None:
        calls.append(len(items))
        connection.execute(insert(connection, COUNTER), [{"name": item, "value": 1} for item in items])

    async def main() -> None:
        async with Writer(store) as writer:
            await asyncio.gather(*(writer.do_together(put_all, f"n{n}") for n in range(200)))
            await writer.do_together(put_all, "last")

    asyncio.run(main())
    assert sum(calls) == 201 and len(calls) <= 4
