"""The branch of the tree of errors that only operators of a mirror meet."""

from __future__ import annotations

from maksa.model.root_error import MaksaError


class MirrorError(MaksaError):
    """What an operator asked of a mirror cannot be done."""

    slug = "mirror"


class UnknownUpstreamError(MirrorError):
    slug = "unknown-upstream"
    template = "there is no upstream {name!r}; upstreams are: {known}"


class UpstreamExistsError(MirrorError):
    slug = "upstream-exists"
    template = "there is an upstream {name!r} already; remove it first, its versions stay"


class UpstreamFieldError(MirrorError):
    """`field` is what the operator gave (name, url, hours, key, …), `value` how he gave it."""

    slug = "upstream-field"
    template = "{field} {value!r}: {reason}"


class UpstreamConflictError(MirrorError):
    slug = "upstream-conflict"
    template = "{terminology_id} {label!r} of the upstream cannot stand beside {other} on this shelf: {reason}"


class NotHeldError(MirrorError):
    slug = "not-held"
    template = (
        "{upstream} shows {terminology_id} as it was: it is not held back for a change, and there is nothing to accept"
    )


class DiskBudgetError(MirrorError):
    """`needed` and `budget` are bytes."""

    slug = "disk-budget"
    template = (
        "what is wanted of {upstream} needs {needed:,} bytes and its budget is {budget:,}; "
        "raise it, choose terminologies, or keep no old versions"
    )
