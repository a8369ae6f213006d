"""What ends a run."""


class Problem(Exception):
    """Its text is the line that the user reads; the exit codes are those of vsa: 2 a wrong input, 3 a wrong set-up."""

    def __init__(self, message, exit_code=3):
        super().__init__(message)
        self.exit_code = exit_code
