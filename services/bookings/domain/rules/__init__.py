"""The rules of a request. Each gives its reasons, never stops the others, and ends in what can be done."""

from services.bookings.domain.rules.amounts import amount_reasons, taken_reason, too_few_reason
from services.bookings.domain.rules.basket import MOST_LINES, basket_reasons, contradictions
from services.bookings.domain.rules.lines import line_reasons
from services.bookings.domain.rules.times import period_reasons

__all__ = [
    "MOST_LINES",
    "amount_reasons",
    "basket_reasons",
    "contradictions",
    "line_reasons",
    "period_reasons",
    "taken_reason",
    "too_few_reason",
]
