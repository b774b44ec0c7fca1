"""Long lists by pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import quote, urlencode

from flask import request
from sqlalchemy import Select, func, select

from academy.foundation import db

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a list. Pages count from 1."""

    items: Sequence[Row]
    page: int
    pages: int
    total: int


def paginate(statement: Select[Any], *, page: int | None = None, per: int = 50, scalars: bool = True) -> Page[Any]:
    """That page (default: the address's ``page``) of the rows; the nearest one when there is no such page."""
    asked = request.args.get("page", 1, type=int) if page is None else page
    total = db.session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    pages = max(1, -(-total // per))
    here = min(max(1, asked), pages)
    rows = statement.limit(per).offset((here - 1) * per)
    items = db.session.scalars(rows).all() if scalars else db.session.execute(rows).all()
    return Page(items, here, pages, total)


def page_address(number: int) -> str:
    """The address of this list with another number of its page, all else being as it was asked for."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
    return f"{quote(request.script_root + request.path)}?{urlencode([*kept, ('page', number)])}"
