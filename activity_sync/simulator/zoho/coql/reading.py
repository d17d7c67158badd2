"""From the text of a query to what it says."""

from __future__ import annotations

import re
from dataclasses import dataclass

from activity_sync.simulator.zoho.coql.query import (
    Column,
    Comparison,
    Condition,
    Order,
    Pair,
    Query,
    Value,
    limit_exceeded,
    syntax_error,
)

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?)(?![\w.])"
    r"|(?P<name>!?[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*(?:\#\d+)?)|(?P<sign><=|>=|!=|<>|[=<>(),]))"
)
_RESERVED = {
    "select",
    "from",
    "where",
    "and",
    "or",
    "order",
    "group",
    "by",
    "limit",
    "offset",
    "asc",
    "desc",
    "in",
    "is",
}
_AGGREGATES = ("count", "sum", "min", "max", "avg")
_MOST = {"columns": 500, "criteria": 25, "in": 100, "order": 10, "group": 4}
MOST_OFFSET = 100_000


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def read_query(text: str) -> Query:
    """Read a query; refuses with SYNTAX_ERROR what cannot be read and LIMIT_EXCEEDED what is too long."""
    return _Reader(_tokens(text)).query()


def _tokens(text: str) -> list[_Token]:
    found, at, text = [], 0, text.rstrip().rstrip(";")
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if not match or match.lastgroup is None:
            syntax_error(text[at : at + 20])
        found.append(_Token(match.lastgroup, match.group(match.lastgroup)))
        at = match.end()
    return found


class _Reader:
    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._criteria = 0

    def query(self) -> Query:
        self._need("select")
        columns = self._columns()
        self._need("from")
        module = self._name().lstrip("!").split("#")[0]
        if not self._word("where"):
            syntax_error("where", clause="WHERE")
        where = self._condition()
        groups = self._groups()
        orders = self._orders()
        offset, limit = self._limit()
        if self._at < len(self._tokens):
            syntax_error(self._tokens[self._at].text)
        if self._criteria > _MOST["criteria"]:
            limit_exceeded("where", _MOST["criteria"])
        return Query(columns, module, where, groups, orders, offset, limit)

    def _columns(self) -> tuple[Column, ...]:
        columns = [self._column()]
        while self._sign(","):
            columns.append(self._column())
        if len(columns) > _MOST["columns"]:
            limit_exceeded("select", _MOST["columns"])
        return tuple(columns)

    def _column(self) -> Column:
        name = self._name()
        if name.lower() in _AGGREGATES and self._sign("("):
            inner, name = self._name(), name.lower()
            self._need_sign(")")
            return Column(inner, self._alias(f"{name.upper()}({inner})"), name)
        return Column(name, self._alias(name))

    def _alias(self, default: str) -> str:
        return self._name() if self._word("as") else default

    def _condition(self) -> Condition:
        """One term, or two joined; a third needs brackets of its own."""
        left = self._term()
        for joint in ("and", "or"):
            if self._word(joint):
                return Pair("and" if joint == "and" else "or", left, self._term())
        return left

    def _term(self) -> Condition:
        if self._sign("("):
            inside = self._condition()
            self._need_sign(")")
            return inside
        return self._comparison()

    def _comparison(self) -> Comparison:
        self._criteria += 1
        column = self._name()
        if self._word("is"):
            operator = "is not null" if self._word("not") else "is null"
            self._need("null")
            return Comparison(column, operator, ())
        turned = "not " if self._word("not") else ""
        if self._word("between"):
            low = self._value()
            self._need("and")
            return Comparison(column, f"{turned}between", (low, self._value()))
        if self._word("in"):
            return Comparison(column, f"{turned}in", self._list())
        if self._word("like"):
            return Comparison(column, f"{turned}like", (self._value(),))
        sign = self._take("sign")
        if turned or sign not in ("=", "!=", "<>", "<", "<=", ">", ">="):
            syntax_error(sign)
        return Comparison(column, "!=" if sign == "<>" else sign, (self._value(),))

    def _list(self) -> tuple[Value, ...]:
        self._need_sign("(")
        values = [self._value()]
        while self._sign(","):
            values.append(self._value())
        self._need_sign(")")
        if len(values) > _MOST["in"]:
            limit_exceeded("in", _MOST["in"])
        return tuple(values)

    def _value(self) -> Value:
        token = self._next()
        if token.kind == "text":
            return token.text[1:-1].replace("''", "'")
        if token.kind == "number":
            return float(token.text) if "." in token.text else int(token.text)
        if token.kind == "name" and token.text.lower() in ("true", "false"):
            return token.text.lower()
        return syntax_error(token.text)

    def _groups(self) -> tuple[str, ...]:
        if not self._word("group"):
            return ()
        self._need("by")
        names = [self._name()]
        while self._sign(","):
            names.append(self._name())
        if len(names) > _MOST["group"]:
            limit_exceeded("group by", _MOST["group"])
        return tuple(names)

    def _orders(self) -> tuple[Order, ...]:
        if not self._word("order"):
            return ()
        self._need("by")
        orders = [self._order()]
        while self._sign(","):
            orders.append(self._order())
        if len(orders) > _MOST["order"]:
            limit_exceeded("order by", _MOST["order"])
        return tuple(orders)

    def _order(self) -> Order:
        name = self._name()
        down = self._word("desc")
        if not down:
            self._word("asc")
        return Order(name, down)

    def _limit(self) -> tuple[int, int]:
        offset, limit = 0, 200
        if self._word("limit"):
            limit = self._whole()
            if self._sign(","):
                offset, limit = limit, self._whole()
        if self._word("offset"):
            offset = self._whole()
        if offset > MOST_OFFSET or offset + limit > MOST_OFFSET + 2000:
            limit_exceeded("offset", MOST_OFFSET)
        return offset, limit

    def _whole(self) -> int:
        text = self._take("number")
        if not text.isdigit():
            syntax_error(text)
        return int(text)

    def _next(self) -> _Token:
        if self._at >= len(self._tokens):
            syntax_error("end of query")
        self._at += 1
        return self._tokens[self._at - 1]

    def _take(self, kind: str) -> str:
        token = self._next()
        return token.text if token.kind == kind else syntax_error(token.text)

    def _name(self) -> str:
        token = self._next()
        if token.kind == "text" and token.text != "''":
            return token.text[1:-1]
        if token.kind != "name" or token.text.lower() in _RESERVED:
            syntax_error(token.text)
        return token.text

    def _word(self, word: str) -> bool:
        here = self._tokens[self._at] if self._at < len(self._tokens) else None
        if here and here.kind == "name" and here.text.lower() == word:
            self._at += 1
            return True
        return False

    def _need(self, word: str) -> None:
        if not self._word(word):
            near = self._tokens[self._at].text if self._at < len(self._tokens) else "end of query"
            syntax_error(near, clause="" if self._at < len(self._tokens) else word.upper())

    def _sign(self, sign: str) -> bool:
        here = self._tokens[self._at] if self._at < len(self._tokens) else None
        if here and here.kind == "sign" and here.text == sign:
            self._at += 1
            return True
        return False

    def _need_sign(self, sign: str) -> None:
        if not self._sign(sign):
            syntax_error(self._tokens[self._at].text if self._at < len(self._tokens) else "end of query")
