"""The ceiling: Flask with one Core SELECT and one compiled template that gives the same bytes; one upsert for saves.

Run as a program: ``python -m tests.bench.ceiling FOLDER PORT``; FOLDER has ``<page>.html`` files and a SQLite file.
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import waitress
from flask import Flask, Response, render_template, request
from jinja2 import DictLoader
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, event, select
from sqlalchemy.dialects.sqlite import insert

metadata = MetaData()
people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token", String, unique=True),
    Column("name", String),
)
answers = Table(
    "answers",
    metadata,
    Column("attempt", Integer, primary_key=True),
    Column("item", String, primary_key=True),
    Column("value", String),
)


def make(folder: Path) -> Flask:
    engine = create_engine(f"sqlite:///{folder / 'ceiling.sqlite3'}")

    @event.listens_for(engine, "connect")
    def prepare(connection: object, _record: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]  # a sqlite3 connection
        connection.execute("PRAGMA journal_mode=WAL")  # type: ignore[attr-defined]  # a sqlite3 connection
        connection.execute("PRAGMA synchronous=FULL")  # type: ignore[attr-defined]  # a sqlite3 connection

    @event.listens_for(engine, "begin")
    def begin(connection: object) -> None:
        writing = connection.get_execution_options().get("writing")  # type: ignore[attr-defined]  # a Connection
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")  # type: ignore[attr-defined]  # a Connection

    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(people).values(id=1, token="token", name="Name").on_conflict_do_nothing())
    writing = engine.execution_options(writing=True)
    app = Flask(__name__)
    pages = {path.stem: path.read_text() for path in folder.glob("*.html")}
    app.jinja_loader = DictLoader(
        {name: "{{ name }}{% raw %}" + text[4:] + "{% endraw %}" for name, text in pages.items()}
    )

    @app.get("/page/<name>")
    def page(name: str) -> Response:
        with engine.connect() as connection:
            row = connection.execute(select(people.c.id, people.c.name).where(people.c.token == "token")).one()
        text = render_template(name, name=row.name)
        answer = Response(text)
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            answer.set_data(gzip.compress(text.encode(), 5))
            answer.headers["Content-Encoding"] = "gzip"
        return answer

    @app.post("/save")
    def save() -> Response:
        value = request.get_data(as_text=True)
        statement = insert(answers).values(attempt=1, item="item", value=value)
        with writing.begin() as connection:
            connection.execute(
                statement.on_conflict_do_update(index_elements=["attempt", "item"], set_={"value": value})
            )
        return Response("{}", content_type="application/json")

    return app


if __name__ == "__main__":
    waitress.serve(make(Path(sys.argv[1])), host="127.0.0.1", port=int(sys.argv[2]), threads=8, ident=None)
