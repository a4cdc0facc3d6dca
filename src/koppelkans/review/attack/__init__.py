"""Try to work out every number that a study hides, from all that it publishes.

A reader writes down every number that stands in a table or figure, and how numbers about the same people add up, and
asks of each hidden one: what is the least and the most that it can be? Linear programming answers exactly that. The
equations here are made from the published tables alone, apart from the code that decides what is hidden.
"""

from koppelkans.review.attack.answers import on_answers, on_scores
from koppelkans.review.attack.interviews import on_interviews
from koppelkans.review.attack.reader import Attacked
from koppelkans.review.attack.study import on_both, on_study

__all__ = ["Attacked", "on_answers", "on_both", "on_interviews", "on_scores", "on_study"]
