"""The database: interactions, shadow, outbox, sync log, credits, cursors, secrets; SQLite or PostgreSQL.

Functions take a Session and never commit: the step owns the transaction, and no network call is made inside one.
Times go in aware and come out aware in UTC. Only `database` and `failures` are light to import; the rest loads
SQLModel. May be imported by steps, reports and wiring; imports `model` only.
"""
