"""The desk: the operators' application, where lists are loaded, read over and published without a terminal.

Rules of this room:
- it stands on the writing side of the wall: an application, a process and an address of its own, never the service's;
- whoever acts is known (password and second factor), may do it (`roles`), and is written down (`audit`);
- what is long, or reads a stranger's file, is a job in a process of its own: its crash is a finding, not the desk's end;
- a verb of this room does one thing whole; handlers (`views`) read a form, call a verb, show a page.
"""
