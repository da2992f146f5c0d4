"""From the catalog through the wall: a draft is checked, told its history, frozen into a snapshot, and listed.

Rules of this room:
- the manifest is the moment of publication: before it is replaced nothing was published, after it everything was;
- one publisher of a shelf at a time (`lock`), and the draft is held from every loader meanwhile;
- what a version says of the past is read from the snapshot of the one before, whose bytes are summed first;
- what was approved is what is published, or nothing is (`approval`);
- memory does not grow with rows, save the codes of a list that has a hierarchy (`hierarchy`).
"""

from maksa.publish.approval import Approved, fingerprint_of
from maksa.publish.publication import publish

__all__ = ["Approved", "fingerprint_of", "publish"]
