"""The kinds of items: for each one how it is marked (``grade``) and how an answer is taken from a page (``form``).

*Frozen* choices are numbered from 0 in an order that does not depend on what is right. An attempt's ``order`` says
which frozen choice stands in which place of its page; pages speak of places, stored values of frozen numbers.
"""
