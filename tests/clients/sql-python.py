"""Python's drivers for SQL Server, unmodified: pyodbc over FreeTDS, pymssql, SQLAlchemy over both, and
Microsoft's own ODBC driver through mssql-python. Run by sql-python.test.ts; prints one JSON object."""

import datetime
import decimal
import glob
import json
import os
import platform
import sys
import urllib.parse
import uuid

import mssql_python
import pymssql
import pyodbc
import sqlalchemy as sa
from mssql_python_odbc import get_libs_dir

given = json.loads(sys.argv[1])
port, user, password = given["port"], given["user"], given["password"]
login = f"{user}@{given['workspace']}"
odbc = (
    f"DRIVER={given['driver']};SERVER=localhost;PORT={port};TDS_Version=7.4;Encryption=require;"
    f"ClientCharset=UTF-8;UID={login};PWD={password};DATABASE=pool1"
)
# The library that mssql-python brings, as it is on Debian.
microsoft_odbc = glob.glob(
    os.path.join(get_libs_dir(), "linux", "debian_ubuntu", platform.machine(), "lib", "libmsodbcsql*")
)
moment = datetime.datetime(2024, 2, 29, 1, 2, 3)
row = (
    1,
    "Zoë",
    decimal.Decimal("-12.34"),
    moment,
    datetime.date(2024, 2, 29),
    b"\x01\x02",
    1.5,
    True,
    2**60,
)
columns = "id int, name nvarchar(50), price decimal(10,2), at datetime2(6), day date, raw varbinary(10), ratio float, flag bit, big bigint"


def shown(values):
    return [value.hex() if isinstance(value, bytes) else str(value) for value in values]


def refusal(work):
    try:
        work()
    except Exception as error:  # each driver has its own classes
        return str(error)
    return None


def through_pyodbc():
    connection = pyodbc.connect(odbc, autocommit=True)
    cursor = connection.cursor()
    cursor.execute(f"CREATE TABLE dbo.odbc ({columns})")
    cursor.execute("INSERT dbo.odbc VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", *row)
    cursor.executemany("INSERT dbo.odbc (id, name) VALUES (?, ?)", [(2, "b"), (3, None)])
    cursor.execute("CREATE PROCEDURE dbo.plus @a int AS SELECT @a + 1 AS b")
    saw = {
        "row": shown(cursor.execute("SELECT * FROM dbo.odbc WHERE id = ?", 1).fetchone()),
        "guid": cursor.execute("SELECT CAST(? AS uniqueidentifier)", uuid.UUID(int=1)).fetchval(),
        "call": cursor.execute("{CALL dbo.plus (?)}", 41).fetchval(),
        "tables": [each.table_name for each in cursor.tables(schema="dbo")],
        "columns": len(cursor.columns(table="odbc").fetchall()),
        "catalogue": [
            len(ask(each).fetchall())
            for ask, each in (
                (cursor.primaryKeys, "odbc"),
                (cursor.foreignKeys, "odbc"),
                (cursor.statistics, "odbc"),
                (cursor.rowIdColumns, "odbc"),
                (cursor.procedures, "plus"),
                (cursor.procedureColumns, "plus"),
            )
        ],
        "types": len(cursor.getTypeInfo().fetchall()),
        "error": refusal(lambda: cursor.execute("SELECT * FROM dbo.absent")),
    }
    connection.autocommit = False
    cursor.execute("UPDATE dbo.odbc SET name = 'x'")
    connection.rollback()
    saw["rolled back"] = cursor.execute("SELECT name FROM dbo.odbc WHERE id = 2").fetchval()
    connection.close()
    return saw


def through_pymssql():
    with pymssql.connect(
        server="localhost", port=port, user=login, password=password, database="pool1", autocommit=True
    ) as connection:
        cursor = connection.cursor()
        cursor.execute("CREATE TABLE dbo.py (id int, name nvarchar(50))")
        cursor.executemany("INSERT dbo.py VALUES (%s, %s)", [(1, "é"), (2, None)])
        cursor.execute("SELECT * FROM dbo.py ORDER BY id")
        saw = {"rows": [list(each) for each in cursor.fetchall()]}
        saw["called"] = cursor.callproc("dbo.plus", (1,)) is not None and cursor.nextset() is None
        return saw


def through_sqlalchemy(url, **options):
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", **options)
    meta = sa.MetaData()
    table = sa.Table(
        "alchemy",
        meta,
        sa.Column("id", sa.Integer, autoincrement=False),
        sa.Column("name", sa.Unicode(40)),
        sa.Column("price", sa.Numeric(10, 2)),
        sa.Column("at", sa.DateTime),
        schema="dbo",
    )
    meta.create_all(engine)
    with engine.connect() as connection:
        connection.execute(
            table.insert(),
            [{"id": each, "name": f"n{each}", "price": row[2], "at": moment} for each in range(4)],
        )
        page = sa.select(table).where(table.c.id > 0).order_by(table.c.id).limit(1).offset(1)
        rows = [shown(each) for each in connection.execute(page)]
    inspector = sa.inspect(engine)
    again = sa.Table("alchemy", sa.MetaData(), schema="dbo", autoload_with=engine)
    saw = {
        "rows": rows,
        "schemas": inspector.get_schema_names(),
        "has": [inspector.has_table(each, schema="dbo") for each in ("alchemy", "absent")],
        "columns": [[each.name, str(each.type).split(" ")[0]] for each in again.columns],
        "keys": [
            inspector.get_pk_constraint("alchemy", schema="dbo")["constrained_columns"],
            inspector.get_foreign_keys("alchemy", schema="dbo"),
        ],
        "indexes": len(inspector.get_indexes("alchemy", schema="dbo")),
        "sequences": inspector.get_sequence_names(schema="dbo"),
    }
    # A level of one connection's own is put back, so its dialect asks what the level was.
    levelled = engine.execution_options(isolation_level="READ COMMITTED")
    with levelled.connect() as connection:
        saw["levels"] = [connection.get_isolation_level(), connection.default_isolation_level]
    with engine.connect() as connection:
        connection.execute(sa.text("CREATE TABLE #kept (a int)"))
        around = sa.inspect(connection)
        saw["temporary"] = [
            around.has_table("#kept"),
            [each["name"] for each in around.get_columns("#kept")],
        ]
    meta.drop_all(engine)
    engine.dispose()
    return saw


def through_microsoft():
    where = f"Server=tcp:localhost,{port};Database=pool1;Encrypt=yes;TrustServerCertificate=yes"
    connection = mssql_python.connect(f"{where};UID={login};PWD={password}")
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute(f"CREATE TABLE dbo.ms ({columns})")
    cursor.execute("INSERT dbo.ms VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    copied = cursor.bulkcopy("dbo.ms", [(each, *row[1:]) for each in range(2, 102)])
    saw = {
        "row": shown(cursor.execute("SELECT * FROM dbo.ms WHERE id = ?", (100,)).fetchone()),
        "copied": copied["rows_copied"],
        "count": cursor.execute("SELECT COUNT(*) FROM dbo.ms").fetchval(),
        "tables": "ms" in [each[2] for each in cursor.tables(schema="dbo")],
        "error": refusal(lambda: cursor.execute("SELECT * FROM dbo.absent")),
    }
    connection.close()
    return saw


def through_microsoft_odbc():
    """pyodbc over Microsoft's driver, which asks how long texts are and what parameters are."""
    where = f"Server=tcp:localhost,{port};Database=pool1;Encrypt=yes;TrustServerCertificate=yes"
    connection = pyodbc.connect(
        f"DRIVER={microsoft_odbc[0]};{where};UID={login};PWD={password}", autocommit=True
    )
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE dbo.described (id int, name nvarchar(60), at datetime2(6), raw varbinary(8))")
    exact = moment.replace(microsecond=123456)
    cursor.execute("INSERT dbo.described VALUES (?, ?, ?, ?)", 0, "n" * 60, exact, None)
    cursor.fast_executemany = True
    rows = [(each, f"n{each}", exact, b"\x01") for each in range(1, 101)]
    cursor.executemany("INSERT dbo.described VALUES (?, ?, ?, ?)", rows)
    saw = {
        "first": shown(cursor.execute("SELECT * FROM dbo.described WHERE id = 0").fetchone()),
        "count": cursor.execute("SELECT COUNT(*) FROM dbo.described WHERE at = ?", exact).fetchval(),
        "call": shown(cursor.execute("{CALL dbo.plus (?)}", None).fetchone()),
    }
    connection.close()
    return saw


alchemy = f"mssql+pymssql://{urllib.parse.quote(login)}:{urllib.parse.quote(password)}@localhost:{port}/pool1"
over_odbc = f"mssql+pyodbc:///?odbc_connect={urllib.parse.quote_plus(odbc)}"
saw = {"pyodbc": through_pyodbc()} if given["driver"] else {}
saw["pymssql"] = through_pymssql()
saw["sqlalchemy"] = through_sqlalchemy(alchemy)
if given["driver"]:
    # FreeTDS wants it so: docs.sqlalchemy.org, "Pyodbc", setinputsizes support.
    saw["sqlalchemy over odbc"] = through_sqlalchemy(over_odbc, use_setinputsizes=False)
saw["microsoft"] = through_microsoft()
if microsoft_odbc:
    saw["microsoft odbc"] = through_microsoft_odbc()
print(json.dumps(saw))
