"""Prints the rows of a table in a DuckDB file, one JSON object a line; nothing if it is not there.

Only the version of DuckDB that has written the file reads it, and that one is in the target's
environment: python read_duckdb.py FILE SCHEMA TABLE
"""

import json
import sys

import duckdb

file, schema, table = sys.argv[1:]
connection = duckdb.connect(file)
is_there = connection.execute(
    "SELECT count(*) FROM information_schema.tables WHERE table_schema = ? AND table_name = ?",
    [schema, table],
).fetchone()[0]
if is_there:
    rows = connection.execute(f'SELECT * FROM "{schema}"."{table}"')
    names = [column[0] for column in rows.description]
    for row in rows.fetchall():
        print(json.dumps(dict(zip(names, row)), default=str))
