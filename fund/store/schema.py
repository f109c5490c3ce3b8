"""The schema as it stands in a database, object by object, held against the one that the migrations make.

``migrations/schema.ENGINE.json`` has that one, so that a start compares without Alembic. It is generated: ``pytest
--golden-update tests/fund/store/test_schema.py`` writes it anew after a change of the migrations.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from fund.domain.errors import SchemaDiffers, SchemaOfAnotherVersion
from fund.domain.texts import Message

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION_TABLE = "alembic_version"
_WHOLE = "ok"
"""What SQLite says of a database in which it finds nothing."""

Objects = dict[str, str]
"""What a database holds: the name of each table, column, constraint, index and trigger, and its definition."""


def expected_file(engine: str) -> Path:
    """Where the schema stands that the migrations make on an engine."""
    return MIGRATIONS / f"schema.{engine}.json"


def newest_revision() -> str:
    """The revision that this program makes, asked of the names of the files, without Alembic."""
    return max(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def is_empty(connection: Connection) -> bool:
    """Whether nothing at all was made in the database."""
    return not objects_of(connection) and _revisions(connection) is None


def check(connection: Connection) -> None:
    """Raises ``SchemaOfAnotherVersion``, and ``SchemaDiffers`` with the name of each object that differs."""
    revisions, newest = _revisions(connection), newest_revision()
    if revisions and revisions != [newest]:
        raise SchemaOfAnotherVersion(", ".join(revisions), newest)
    findings = differences(connection)
    if not revisions:
        findings.insert(0, Message("missing: %(name)s", {"name": f"table {VERSION_TABLE}"}))
    if findings:
        raise SchemaDiffers(findings)


def differences(connection: Connection) -> list[Message]:
    """Each object that the database has otherwise than the migrations make it, has not, or has beside them."""
    expected: Objects = json.loads(expected_file(connection.dialect.name).read_bytes())
    return list(_differences(objects_of(connection), expected))


def damages(connection: Connection) -> list[str]:
    """What SQLite finds of itself, which reads the whole database: such as an index that does not know a row, or a row
    that no constraint allows. PostgreSQL does not say.
    """
    if connection.dialect.name != "sqlite":
        return []
    found: list[str] = [*connection.execute(text("PRAGMA integrity_check")).scalars()]
    return [] if found == [_WHOLE] else found


def catalogue(connection: Connection) -> object:
    """What changes with each change of the schema, and is read in a moment.

    Not SQLite's number of the schema, which whoever writes the database sets back: the text of all definitions, which
    its parser reads as well. In PostgreSQL each row that defines something bears the number of its transaction.
    """
    if connection.dialect.name == "sqlite":
        return connection.execute(text("SELECT type, name, tbl_name, sql FROM sqlite_master")).all()
    return connection.execute(_ROWS_OF_CATALOGUE).scalar_one()


def _revisions(connection: Connection) -> list[str] | None:
    """What Alembic has noted, or ``None`` where it never was."""
    if not connection.dialect.has_table(connection, VERSION_TABLE):
        return None
    return sorted(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())


def _differences(found: Objects, expected: Objects) -> Iterator[Message]:
    """Each object that differs; of a table that is missing or unknown only the table."""
    lost, unknown = (
        {name.removeprefix("table ") for name in one.keys() - other.keys() if name.startswith("table ")}
        for one, other in ((expected, found), (found, expected))
    )
    for name in sorted(found.keys() | expected.keys()):
        if name not in found and (name.startswith("table ") or _table_of(name) not in lost):
            yield Message("missing: %(name)s", {"name": name})
        elif name not in expected and (name.startswith("table ") or _table_of(name) not in unknown):
            yield Message("unknown: %(name)s", {"name": name})
        elif name in found and name in expected and found[name] != expected[name]:
            yield Message("different: %(name)s", {"name": name})


def _table_of(name: str) -> str:
    """The table of ``column payment.code``, of ``index payment.one_live_payment``, and so on."""
    return name.rpartition(" ")[2].partition(".")[0] if "(" not in name else name.partition("(")[0].split()[-1]


def objects_of(connection: Connection) -> Objects:
    """Everything in the database that decides what it takes, but for Alembic's own table."""
    read = _sqlite_objects if connection.dialect.name == "sqlite" else _postgresql_objects
    found: Objects = {}
    for name, definition in read(connection):  # told twice, by a comment or a forged entry, it is told as different
        found[name] = f"{found[name]}; {definition}" if name in found else definition
    return found


# SQLite keeps the text of each definition.

_SQLITE = text(
    "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"
    " AND NOT (type = 'table' AND name IN ('sqlite_sequence', 'sqlite_stat1', 'sqlite_stat4'))"
)
_PART = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|[(),]")


def _sqlite_objects(connection: Connection) -> Iterator[tuple[str, str]]:
    for kind, name, table, definition in connection.execute(_SQLITE):
        if table == VERSION_TABLE:
            continue
        if kind == "table":
            yield f"table {name}", "" if _ends_plain(definition) else _plain(definition[definition.rindex(")") :])
            yield from ((f"{what.format(table=name)}", item) for what, item in map(_named, _items(definition)))
        else:
            yield f"{kind} {table}.{name}", _plain(definition)


def _ends_plain(definition: str) -> bool:
    return definition.rstrip().endswith(")")


def _plain(definition: str) -> str:
    return " ".join(definition.split())


def _items(definition: str) -> Iterator[str]:
    """The columns and constraints between the outer parentheses of a ``CREATE TABLE``."""
    depth, start = 0, 0
    for part in _PART.finditer(definition):
        match part[0]:
            case "(":
                depth += 1
                if depth == 1:
                    start = part.end()
            case ")" | "," if depth == 1:
                yield _plain(definition[start : part.start()])
                start = part.end()
                depth -= part[0] == ")"
            case ")":
                depth -= 1


def _named(item: str) -> tuple[str, str]:
    """An item's name with a place for its table, and its definition."""
    words = item.split()
    if words[0] == "CONSTRAINT":
        return f"constraint {{table}}.{words[1]}", " ".join(words[2:])
    if words[0] in ("PRIMARY", "FOREIGN", "UNIQUE", "CHECK"):
        kind, _, rest = item.partition("(")
        return f"{kind.strip().lower()} {{table}}({rest.partition(')')[0]})".replace('"', ""), item
    return f"column {{table}}.{words[0].strip(chr(34))}", " ".join(words[1:])


# PostgreSQL is asked for the text of each definition.

_FIRST_OF_OURS = 16384
"""PostgreSQL's number of the first object that it did not make itself."""
_POSTGRESQL = (
    """
    SELECT 'table ' || relname, CASE WHEN relrowsecurity THEN 'row security' ELSE '' END FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'f', 'v', 'm')
    """,
    """
    SELECT 'rule ' || c.relname || '.' || r.rulename, pg_get_ruledef(r.oid)
    FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
    WHERE c.relnamespace = current_schema()::regnamespace
    """,
    """
    SELECT 'search path ' || array_to_string(current_schemas(true), ' '), ''
    WHERE (current_schemas(true))[1] <> 'pg_catalog'
    """,
    """
    SELECT 'column ' || c.relname || '.' || a.attname,
           concat_ws(' ', format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'NOT NULL' END,
                     'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid))
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'f')
    """,
    """
    SELECT 'constraint ' || c.relname || '.' || o.conname, pg_get_constraintdef(o.oid)
    FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid
    WHERE o.connamespace = current_schema()::regnamespace AND o.contype IN ('c', 'f', 'p', 'u', 'x')
    """,
    """
    SELECT 'index ' || t.relname || '.' || i.relname,
           concat_ws(' ', pg_get_indexdef(i.oid),
                     CASE WHEN NOT (x.indisvalid AND x.indisready AND x.indislive) THEN 'out of use' END)
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
    WHERE i.relnamespace = current_schema()::regnamespace
    """,
    """
    SELECT 'trigger ' || c.relname || '.' || g.tgname,
           concat_ws(' ', pg_get_triggerdef(g.oid), 'enabled ' || g.tgenabled::text, p.prosrc)
    FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_proc p ON p.oid = g.tgfoid
    WHERE c.relnamespace = current_schema()::regnamespace AND (NOT g.tgisinternal OR g.tgenabled <> 'O')
    """,
    f"""
    SELECT 'function ' || p.oid::regprocedure,
           concat_ws(' ', l.lanname, p.provolatile::text, p.prosecdef::text, p.proconfig::text, p.prosrc, p.probin)
    FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang WHERE p.oid >= {_FIRST_OF_OURS}
    """,  # noqa: S608  # names of ours
    f"""
    SELECT 'cast ' || format_type(castsource, NULL) || ' as ' || format_type(casttarget, NULL), castcontext::text
    FROM pg_cast WHERE oid >= {_FIRST_OF_OURS}
    """,  # noqa: S608  # names of ours
    f"""
    SELECT 'type ' || typname, typtype::text FROM pg_type
    WHERE oid >= {_FIRST_OF_OURS} AND typtype <> 'c' AND typcategory <> 'A'
    """,  # noqa: S608  # names of ours
    """
    SELECT 'inheritance ' || inhrelid::regclass || ' of ' || inhparent::regclass, '' FROM pg_inherits
    """,
    """
    SELECT 'setting ' || unnest(setconfig), '' FROM pg_db_role_setting
    WHERE setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
      AND setrole IN (0, (SELECT oid FROM pg_roles WHERE rolname = session_user),
                      (SELECT oid FROM pg_roles WHERE rolname = current_user))
    """,
    *(
        f"SELECT '{kind} ' || {name}::text, '' FROM {catalogue} WHERE oid >= {_FIRST_OF_OURS}"  # noqa: S608  # names of ours
        for kind, catalogue, name in (
            ("operator", "pg_operator", "oid::regoperator"),
            ("operator class", "pg_opclass", "opcname"),
            ("operator family", "pg_opfamily", "opfname"),
            ("collation", "pg_collation", "collname"),
            ("event trigger", "pg_event_trigger", "evtname"),
            ("extension", "pg_extension", "extname"),
            ("language", "pg_language", "lanname"),
        )
    ),
)
"""Tables and what belongs to them in the schema of ours; whatever else changes what a statement does, anywhere in the
database: functions, operators, casts, tables that inherit, triggers of events, settings of database and role.
"""


_ROWS_OF_CATALOGUE = text(
    "SELECT md5(string_agg(found, ' ' ORDER BY found)) FROM (SELECT current_schemas(true)::text AS found UNION ALL "  # noqa: S608  # texts of ours
    + " UNION ALL ".join(
        f"SELECT '{name} ' || {number} || ' ' || xmin FROM {name} WHERE {of} >= {_FIRST_OF_OURS}"  # noqa: S608  # texts of ours
        for name, of, number in (
            ("pg_class", "oid", "oid"),
            ("pg_attribute", "attrelid", "attrelid || ' ' || attnum"),
            ("pg_attrdef", "oid", "oid"),
            ("pg_constraint", "oid", "oid"),
            ("pg_index", "indexrelid", "indexrelid"),
            ("pg_trigger", "oid", "oid"),
            ("pg_proc", "oid", "oid"),
            ("pg_rewrite", "oid", "oid"),
            ("pg_operator", "oid", "oid"),
            ("pg_opclass", "oid", "oid"),
            ("pg_opfamily", "oid", "oid"),
            ("pg_cast", "oid", "oid"),
            ("pg_type", "oid", "oid"),
            ("pg_collation", "oid", "oid"),
            ("pg_event_trigger", "oid", "oid"),
            ("pg_extension", "oid", "oid"),
            ("pg_language", "oid", "oid"),
            ("pg_inherits", "inhrelid", "inhrelid || ' ' || inhparent"),
        )
    )
    + " UNION ALL SELECT 'pg_db_role_setting ' || setdatabase || ' ' || setrole || ' ' || xmin FROM pg_db_role_setting"
    + ") AS catalogue"
)


def _postgresql_objects(connection: Connection) -> Iterator[tuple[str, str]]:
    schema = connection.execute(text("SELECT current_schema()")).scalar_one()
    rows: list[Any] = [*connection.execute(text(" UNION ALL ".join(_POSTGRESQL)))]
    for name, definition in rows:
        if _table_of(name) != VERSION_TABLE:
            yield name, definition.replace(f" {schema}.", " ")
