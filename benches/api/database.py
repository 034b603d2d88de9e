"""The databases of the measurement: the same rows in SQLite and PostgreSQL, inserted without the measured program."""

import sqlite3
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg
from argon2 import PasswordHasher
from psycopg import sql

EMAIL = "bench@example.org"
USER = "7b3e8c52-9d41-4f60-8a27-1c5d90e3f6b4"
INSTANT = "2026-01-05T09:00:00.000000Z"
# Parameters recommended by OWASP, as in the program.
HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)

CUSTOMERS = """
INSERT INTO customers
       (organization_id, name, phone, email, address, credit_limit, current_balance, is_active, created_at)
SELECT {organization}, 'Customer ' || i, '+49 30 ' || (1000000 + i), 'customer' || i || '@example.org',
       (i % 200 + 1) || ' Market Street, Springfield', (i % 100) * {money}, 0, {true}, '{instant}'
FROM {series}
"""
SERIES = {
    "sqlite": "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) SELECT i FROM n)",
    "postgresql": "generate_series(1, {rows}) AS n(i)",
}


def backend(url: str) -> str:
    return "sqlite" if url.startswith("sqlite:") else "postgresql"


def connect(url: str):
    if backend(url) == "sqlite":
        connection = sqlite3.connect(url.removeprefix("sqlite:"), timeout=60, isolation_level=None)
        connection.execute("PRAGMA foreign_keys = ON")
        return connection
    return psycopg.connect(url, autocommit=True)


def fill(url: str, password: str, rows: int) -> None:
    """Creates an organization with one owner and this many customers."""
    kind = backend(url)
    mark = "?" if kind == "sqlite" else "%s"
    connection = connect(url)
    connection.execute("BEGIN")
    (organization,) = connection.execute(
        f"INSERT INTO organizations (name, created_at, updated_at) VALUES ('Bench', {mark}, {mark}) RETURNING id",
        (INSTANT, INSTANT),
    ).fetchone()
    connection.execute(
        "INSERT INTO users"
        " (id, organization_id, email, password_hash, first_name, last_name, role, created_at, updated_at)"
        f" VALUES ({mark}, {mark}, {mark}, {mark}, 'Ben', 'Chmark', 'owner', {mark}, {mark})",
        (USER, organization, EMAIL, HASHER.hash(password), INSTANT, INSTANT),
    )
    connection.execute(
        CUSTOMERS.format(
            organization=organization,
            money="10000" if kind == "sqlite" else "100.00",
            true="1" if kind == "sqlite" else "true",
            instant=INSTANT,
            series=SERIES[kind].format(rows=rows),
        )
    )
    connection.execute("COMMIT")
    settle(url)


def settle(url: str) -> None:
    """Runs maintenance now that the server would otherwise run during the measurement."""
    connection = connect(url)
    if backend(url) == "sqlite":
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    else:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
    connection.close()


def facts(url: str) -> dict:
    """Counts of the organization's customers and activities from one snapshot, and a customer of another organization."""
    connection = connect(url)
    names = ("organization", "first", "last", "customers", "activities", "other")
    row = connection.execute(
        f"""
        SELECT o.id, c.first, c.last, c.customers,
               (SELECT count(*) FROM activities a WHERE a.organization_id = o.id),
               (SELECT min(id) FROM customers WHERE organization_id <> o.id)
        FROM (SELECT organization_id AS id FROM users WHERE email = '{EMAIL}') o
        CROSS JOIN (SELECT min(id) AS first, max(id) AS last, count(*) AS customers FROM customers
                    WHERE organization_id = (SELECT organization_id FROM users WHERE email = '{EMAIL}')) c
        """
    ).fetchone()
    connection.close()
    if row is None:
        sys.exit("bench-api: the organization of the measurement is not in the database")
    return dict(zip(names, row))


def named(url: str, name: str) -> str:
    """The URL of another database on the same server, without TLS on both sides."""
    parts = urlsplit(url)
    return urlunsplit(("postgresql", parts.netloc, "/" + name, "sslmode=disable", ""))


def create(url: str, name: str, template: str = "template0") -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))


def drop(url: str, *names: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for name in names:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


if __name__ == "__main__":
    import os

    # URLs and the password are passed in the environment: arguments are visible to all users of the machine.
    command, *arguments = sys.argv[1:]
    if command == "fill":
        fill(os.environ["DATABASE_URL"], os.environ["BENCH_PASSWORD"], int(arguments[0]))
    elif command == "settle":
        settle(os.environ["DATABASE_URL"])
    elif command == "named":
        print(named(os.environ["BENCH_POSTGRES_URL"], arguments[0]))
    elif command == "create":
        create(os.environ["BENCH_POSTGRES_URL"], *arguments)
    elif command == "drop":
        drop(os.environ["BENCH_POSTGRES_URL"], *arguments)
    else:
        sys.exit(f"bench-api: no command {command}")
