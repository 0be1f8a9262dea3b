"""tokens -> tree, by recursive descent.

    condition = all { "or" all }
    all       = not { "and" not }
    not       = "not" not | "(" condition ")" | test
    test      = operand [ sign operand | ["not"] "in" operand | "is" ("missing" | "known") ]
    operand   = number | text | "true" | "false" | list | name | "user" "." name
    list      = "[" [ value { "," value } ] "]"

Chains of `and` and `or` are loops, and what is nested is counted, so that no text is too deep for
Python's stack.
"""

from typing import Final

from shortlist.core.errors import BadFilter
from shortlist.slate.filters.complaint import complaint, did_you_mean
from shortlist.slate.filters.tokens import WORDS, Token, tokens_of
from shortlist.slate.filters.tree import (
    All,
    Among,
    AnyOf,
    Compare,
    Condition,
    Flag,
    ItemAttribute,
    Not,
    Operand,
    Operator,
    Presence,
    UserAttribute,
    Value,
    Values,
)

DEEPEST: Final = 50
"""How many `not` and parentheses may stand within each other."""

OPERATORS: Final[tuple[Operator, ...]] = ("==", "!=", "<=", ">=", "<", ">")


def parse(text: str) -> Condition:
    """The tree of a filter. Raises BadFilter, with the position, for what is not one."""
    return _Parser(text).whole()


class _Parser:
    """A place in a filter's tokens."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tokens_of(text)
        self._place = 0
        self._depth = 0

    def whole(self) -> Condition:
        found = self._condition()
        if self._next.kind != "end":
            raise self._unexpected("The filter should end here, or go on with and / or.")
        return found

    def _condition(self) -> Condition:
        parts = [self._all()]
        while self._take("word", "or"):
            parts.append(self._all())
        return AnyOf(tuple(parts)) if len(parts) > 1 else parts[0]

    def _all(self) -> Condition:
        parts = [self._not()]
        while self._take("word", "and"):
            parts.append(self._not())
        return All(tuple(parts)) if len(parts) > 1 else parts[0]

    def _not(self) -> Condition:
        if self._depth > DEEPEST:
            raise self._bad(self._next, f"A filter is at most {DEEPEST} levels deep.")
        self._depth += 1
        found: Condition
        if self._take("word", "not"):
            found = Not(self._not())
        elif opening := self._take("sign", "("):
            found = self._condition()
            if not self._take("sign", ")"):
                raise self._unexpected(f"The parenthesis of position {opening.position} is open.")
        else:
            found = self._test()
        self._depth -= 1
        return found

    def _test(self) -> Condition:
        left = self._operand()
        token = self._next
        if operator := self._operator():
            found: Condition = Compare(left, operator, self._operand())
        elif self._take("word", "is"):
            found = Presence(left, known=self._known())
        elif self._take("word", "in"):
            found = Among(left, self._operand(), negated=False)
        elif self._take("word", "not"):
            if not self._take("word", "in"):
                raise self._unexpected("After a value, not is followed by in.")
            found = Among(left, self._operand(), negated=True)
        elif isinstance(left, ItemAttribute | UserAttribute):
            return Flag(left)
        else:
            raise self._unexpected("A value by itself is no condition.", "Compare it: ==, <, in.")
        self._refuse_chain(token)
        return found

    def _refuse_chain(self, before: Token) -> None:
        token = self._next
        if before.text in OPERATORS and token.kind == "sign" and token.text in OPERATORS:
            raise self._bad(
                token,
                "Comparisons are not chained.",
                "Write each by itself: 1990 <= year and year < 2000.",
            )

    def _operator(self) -> Operator | None:
        return next((each for each in OPERATORS if self._take("sign", each)), None)

    def _known(self) -> bool:
        if self._take("name", "known"):
            return True
        if self._take("name", "missing"):
            return False
        raise self._unexpected("After is comes missing or known.", "To compare, write ==.")

    def _operand(self) -> Operand:
        token = self._next
        if self._take("sign", "["):
            return self._list(token.position)
        value = self._value()
        if value is not None:
            return value
        if self._take("quoted"):
            return ItemAttribute(token.text, token.position)
        if not self._take("name"):
            raise self._unexpected("Here a value or the name of an attribute is missing.")
        if token.text == "user":
            return self._of_user(token)
        return ItemAttribute(token.text, token.position)

    def _of_user(self, user: Token) -> UserAttribute:
        if not self._take("sign", "."):
            raise self._unexpected("After user comes a dot and an attribute.", "Write user.id.")
        name = self._take("name") or self._take("quoted")
        if not name:
            raise self._unexpected("After user. comes the name of an attribute.")
        return UserAttribute(name.text, user.position)

    def _list(self, position: int) -> Values:
        values: list[Value] = []
        while not self._take("sign", "]"):
            if values and not self._take("sign", ","):
                raise self._unexpected("The values of a list are separated by commas.")
            value = self._value()
            if value is None:
                raise self._unexpected("In a list stand numbers, texts in quotes, true and false.")
            values.append(value)
        return Values(tuple(values), position)

    def _value(self) -> Value | None:
        token = self._next
        if self._take("number"):
            return Value(float(token.text), token.position)
        if self._take("text"):
            return Value(token.text, token.position)
        if self._take("word", "true") or self._take("word", "false"):
            return Value(token.text == "true", token.position)
        return None

    @property
    def _next(self) -> Token:
        return self._tokens[self._place]

    def _take(self, kind: str, text: str | None = None) -> Token | None:
        """The next token, if it is of this kind (and says this), and step over it."""
        token = self._next
        if token.kind != kind or (text is not None and token.text != text):
            return None
        self._place += 1
        return token

    def _unexpected(self, reason: str, suggestion: str = "") -> BadFilter:
        token = self._next
        if token.kind == "end":
            return self._bad(token, f"The filter ends too early. {reason}", suggestion)
        if token.kind == "name" and token.text.lower() in WORDS:
            suggestion = f"Write {token.text.lower()} in small letters."
        elif token.kind == "name" and not suggestion:
            suggestion = did_you_mean(token.text, WORDS)
        return self._bad(token, reason, suggestion)

    def _bad(self, token: Token, reason: str, suggestion: str = "") -> BadFilter:
        return complaint(self._text, token.position, reason, suggestion)
