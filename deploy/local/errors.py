"""The one error that an operator sees: a sentence saying what is wrong and what to do."""

import errno


class LocalError(Exception):
    pass


def sentence_for(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return "The disk is full: free some space (the local system needs about 1.5 GB) and run the same command again."
    return f"The system refused: {error}."
