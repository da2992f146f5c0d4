"""The wall: one published version of one terminology is one immutable SQLite file, and the shelf is a folder of them.

The format is a contract, written in docs/snapshot-format.md. Rules of this room:
- a file is written once (`writer`), then only read (`reader`); nobody updates one;
- a file is named by the SHA-256 of its bytes, and a reader refuses what is not its own;
- the manifest alone says which files count (`manifest`), and it is replaced in one rename;
- no room but `publish` (and later `mirror`) writes here; `service` reads.
"""
