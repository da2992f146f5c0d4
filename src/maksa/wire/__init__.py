"""The spellings that travel: dates, the seven functions, tokens, and how each protocol says an error.

Rules of this room:
- pure: no file, no socket, no clock; bytes in, structs out, and the other way round;
- both directions: what the server reads the client writes, so each spelling has one owner;
- a caller's fault is a RequestError that names each field as the guide spells it; another's answer that cannot be read is
  a RemoteError; nothing else is raised on purpose;
- no secret appears in a repr or in the message of an error.
"""
