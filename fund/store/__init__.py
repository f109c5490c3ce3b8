"""The database: tables, migrations, the append-only journal and set-based queries. SQLite or PostgreSQL."""
