"""Databases for tests."""

import uuid

import asyncpg


async def fresh_database(server_url: str) -> str:
    """Create an empty database on a server; return its address."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    connection = await asyncpg.connect(server_url)
    try:
        await connection.execute(f"CREATE DATABASE {name}")
    finally:
        await connection.close()
    head, _, query = server_url.partition("?")
    return f"{head.rpartition('/')[0]}/{name}{'?' + query if query else ''}"
