"""Reads a CSV or Parquet file as others would, and prints its columns and rows as JSON.

Values are texts, so that no number is rounded on the way; a null is null.
"""

import csv
import json
import sys

import duckdb


def read_csv(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    return {"columns": [[name, ""] for name in head], "rows": rows}


def read_parquet(path):
    database = duckdb.connect()
    database.execute("set TimeZone = 'UTC'")
    columns = database.execute("describe select * from read_parquet(?)", [path]).fetchall()
    rows = database.execute("select columns(*)::varchar from read_parquet(?)", [path]).fetchall()
    groups = database.execute("select count(distinct row_group_id) from parquet_metadata(?)", [path]).fetchone()
    return {"columns": [[name, kind] for name, kind, *_ in columns], "rows": rows, "groups": groups[0]}


path = sys.argv[1]
answer = read_parquet(path) if path.endswith(".parquet") else read_csv(path)
json.dump(answer, sys.stdout, ensure_ascii=False)
