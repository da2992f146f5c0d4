"""Coded texts judged one by one: valid, or what is wrong with each, and what should stand there. Files of them, too.

Rules of this room:
- it reads what a shelf holds and changes nothing; a question is answered from one view;
- a certain correction and a suggestion are never mixed: only the first goes into a corrected file;
- a wrong coded text is no error: it is a verdict with findings; an error is a file that cannot be read, or a damaged list.
"""

from maksa.check.checker import Checker, check
from maksa.check.files import FileCheck, Judged, Summary, check_file
from maksa.check.reading.columns import Columns
from maksa.check.reading.found import Place
from maksa.check.verdict import Finding, Verdict

__all__ = ["Checker", "Columns", "FileCheck", "Finding", "Judged", "Place", "Summary", "Verdict", "check", "check_file"]
