"""The mirror: a shelf that follows another service, fetched politely, proved, and swapped in whole.

Rules of this room:
- a file counts once its bytes are proved and on disk, and a version once the manifest lists it: the manifest comes last;
- only forward: an upstream that goes back, or that changes what it once published, is refused, and the shelf stays as it was;
- whatever cuts a sync (the line, the power, the disk, a signal), the next one goes on where it was cut;
- a source (`source.Source`) knows one kind of upstream; what all kinds share (places, lock, state, schedule) is around it.
"""
