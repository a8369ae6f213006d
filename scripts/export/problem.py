"""The one exception for wrong input: its text is the line that the user reads."""


class Problem(Exception):
    pass
