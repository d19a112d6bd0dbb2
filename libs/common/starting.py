"""What keeps a program from running until somebody changes something outside it."""


class CannotStart(Exception):
    """The text is one line for an operator: what is wrong, and what mends it.

    It is told as it is, without a traceback: the mistake is not in the code.
    """
