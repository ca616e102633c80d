"""Reads the Google Ads Query Language. Source: Google Ads API guide, Google Ads Query Language grammar."""

import re
from typing import NamedTuple

from marketmover.sandbox.serving.google.refusing import GoogleRefusalError, refused

_TOKEN = re.compile(
    r"""\s*(?:(?P<string>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")
    |(?P<number>-?\d+(?:\.\d+)?(?![\w.-]))
    |(?P<word>[A-Za-z_][\w.]*)
    |(?P<sign>!=|>=|<=|[=<>(),]))""",
    re.VERBOSE,
)
_ESCAPES = {"n": "\n", "t": "\t", "\\": "\\", "'": "'", '"': '"'}
_COMPARING = {"=", "!=", ">", ">=", "<", "<="}
_CLAUSES = {"FROM", "WHERE", "ORDER", "LIMIT", "PARAMETERS"}


class Value(NamedTuple):
    """A value in a query: `string`, `number` or `word`, and its text."""

    kind: str
    text: str


class Condition(NamedTuple):
    """One condition of WHERE; the operator in capitals, with one space between its words."""

    field: str
    operator: str
    values: tuple[Value, ...]


class Query(NamedTuple):
    """A query. `order` holds fields and whether they go downwards."""

    select: tuple[str, ...]
    resource: str
    where: tuple[Condition, ...]
    order: tuple[tuple[str, bool], ...]
    limit: int | None


def parse(text: str) -> Query:
    """Read a query.

    Raises:
        GoogleRefusalError: It is no query, with Google's own error code.
    """
    return _Reader(_tokens(text)).query()


def _tokens(text: str) -> list[Value]:
    found: list[Value] = []
    at, end = 0, len(text.rstrip().rstrip(";").rstrip())
    while at < end:
        match = _TOKEN.match(text, at, end)
        if match is None:
            raise _lexical(text[at:end].lstrip())
        kind = str(match.lastgroup)
        token = match[kind]
        found.append(Value(kind, _unescaped(token[1:-1]) if kind == "string" else token))
        at = match.end()
    return found


def _lexical(rest: str) -> GoogleRefusalError:
    if rest[:1] in {"'", '"'}:
        return refused("query_error", "STRING_NOT_TERMINATED", f"Error in query: string not terminated: {rest[:40]}")
    return refused("query_error", "BAD_SYMBOL", f"Error in query: unexpected input {rest.split(maxsplit=1)[0][:40]}.")


def _unescaped(body: str) -> str:
    if "\n" in body:
        raise refused("query_error", "PROHIBITED_NEWLINE_IN_STRING", "Error in query: a string may not hold a newline.")

    def plain(match: re.Match[str]) -> str:
        if match[1] not in _ESCAPES:
            raise refused("query_error", "BAD_ESCAPE_SEQUENCE", f"Error in query: bad escape sequence \\{match[1]}.")
        return _ESCAPES[match[1]]

    return re.sub(r"\\(.)", plain, body)


class _Reader:
    """Goes through a query's tokens."""

    def __init__(self, tokens: list[Value]) -> None:
        self.tokens, self.at = tokens, 0

    def query(self) -> Query:
        self._expect("SELECT", "EXPECTED_SELECT")
        select = [self._field()]
        while self._taken(","):
            select.append(self._field())
        self._expect("FROM", "EXPECTED_FROM")
        resource = self._word("BAD_RESOURCE_TYPE_IN_FROM_CLAUSE").text
        where = self._where() if self._taken("WHERE") else []
        order = self._order() if self._taken("ORDER") else []
        limit = self._limit() if self._taken("LIMIT") else None
        if self._taken("PARAMETERS"):
            self._parameters()
        if self.at < len(self.tokens):
            raise self._unexpected()
        return Query(tuple(dict.fromkeys(select)), resource, tuple(where), tuple(order), limit)

    def _where(self) -> list[Condition]:
        found = [self._condition()]
        while self._taken("AND"):
            found.append(self._condition())
        return found

    def _condition(self) -> Condition:
        field = self._field()
        operator = self._operator()
        if operator in {"IS NULL", "IS NOT NULL"}:
            return Condition(field, operator, ())
        if operator == "BETWEEN":
            low = self._value()
            self._expect("AND", "EXPECTED_AND")
            return Condition(field, operator, (low, self._value()))
        if operator.endswith("IN") or operator.startswith("CONTAINS"):
            return Condition(field, operator, tuple(self._list()))
        return Condition(field, operator, (self._value(),))

    def _operator(self) -> str:
        first = self._next()
        word = first.text.upper()
        if first.kind == "sign" and word in _COMPARING:
            return word
        if word in {"IN", "LIKE", "DURING", "BETWEEN", "REGEXP_MATCH"} and first.kind == "word":
            return word
        for words in (("NOT", "IN"), ("NOT", "LIKE"), ("NOT", "REGEXP_MATCH"), ("CONTAINS", "ANY"),
                      ("CONTAINS", "ALL"), ("CONTAINS", "NONE"), ("IS", "NULL")):  # fmt: skip
            if word == words[0] and self._taken(words[1]):
                return " ".join(words)
        if word == "IS" and self._taken("NOT"):
            self._expect("NULL", "BAD_OPERATOR")
            return "IS NOT NULL"
        raise refused("query_error", "BAD_OPERATOR", f"Error in query: bad operator {first.text}.")

    def _list(self) -> list[Value]:
        if not self._taken("("):
            raise refused("query_error", "EXPECTED_LIST", "Error in query: expected a list.")
        if self._taken(")"):
            raise refused("query_error", "PROHIBITED_EMPTY_LIST_IN_CONDITION", "Error in query: empty list.")
        found = [self._value()]
        while self._taken(","):
            found.append(self._value())
        self._expect(")", "UNEXPECTED_INPUT")
        return found

    def _value(self) -> Value:
        found = self._next()
        if found.kind == "sign":
            code = "EXPECTED_SINGLE_VALUE" if found.text == "(" else "BAD_VALUE"
            raise refused("query_error", code, f"Error in query: expected a value, not {found.text}.")
        return found

    def _order(self) -> list[tuple[str, bool]]:
        self._expect("BY", "EXPECTED_BY")
        found = [self._ordering()]
        while self._taken(","):
            found.append(self._ordering())
        return found

    def _ordering(self) -> tuple[str, bool]:
        field = self._field()
        downwards = self._taken("DESC")
        if not downwards:
            self._taken("ASC")
        return field, downwards

    def _limit(self) -> int:
        found = self._next()
        if found.kind != "number" or not found.text.lstrip("-").isdigit():
            raise refused("query_error", "BAD_LIMIT_VALUE", f"Error in query: bad limit {found.text}.")
        if int(found.text) < 1:
            raise refused("query_error", "LIMIT_VALUE_TOO_LOW", "Error in query: the limit must be 1 or more.")
        return int(found.text)

    def _parameters(self) -> None:
        """They change nothing here: the sandbox has no drafts."""
        while True:
            name = self._word("BAD_PARAMETER_NAME").text
            if name not in {"include_drafts", "omit_unselected_resource_names"}:
                raise refused("query_error", "BAD_PARAMETER_NAME", f"Error in query: bad parameter {name}.")
            self._expect("=", "UNEXPECTED_INPUT")
            value = self._value().text
            if value not in {"true", "false"}:
                raise refused("query_error", "BAD_PARAMETER_VALUE", f"Error in query: bad value of {name}: {value}.")
            if not self._taken(","):
                return

    def _field(self) -> str:
        return self._word("BAD_FIELD_NAME").text

    def _word(self, code: str) -> Value:
        found = self._next()
        if found.kind != "word" or found.text.upper() in _CLAUSES:
            raise refused("query_error", code, f"Error in query: unexpected input {found.text}.")
        return found

    def _next(self) -> Value:
        if self.at >= len(self.tokens):
            raise refused("query_error", "UNEXPECTED_END_OF_QUERY", "Error in query: unexpected end of query.")
        self.at += 1
        return self.tokens[self.at - 1]

    def _taken(self, text: str) -> bool:
        here = self.tokens[self.at] if self.at < len(self.tokens) else None
        found = here is not None and here.kind != "string" and here.text.upper() == text
        self.at += found
        return found

    def _expect(self, text: str, code: str) -> None:
        if self.at >= len(self.tokens) and self.at > 0:
            raise refused("query_error", "UNEXPECTED_END_OF_QUERY", "Error in query: unexpected end of query.")
        if not self._taken(text):
            raise self._unexpected(code)

    def _unexpected(self, code: str = "UNEXPECTED_INPUT") -> GoogleRefusalError:
        here = self.tokens[self.at].text if self.at < len(self.tokens) else "the end"
        return refused("query_error", code, f"Error in query: unexpected input {here}.")
