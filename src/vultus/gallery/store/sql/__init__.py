"""The store in SQL: one code for SQLite and PostgreSQL, on SQLAlchemy Core."""
