"""The seven functions of the guide, both ways: questions read and written, answers written and read.

    question   functions (the table) ← bodies (the guide's spelling) ← patience, query (every other spelling)
    answer     answers, statuses (bytes) · envelope (the same as types) · replies (read back)

Source: the technical guide DITAS_MAXAService 1.3, as the contract settles it.
"""
