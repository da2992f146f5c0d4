"""The one tree of exceptions, by whose fault it was.

    MaksaError
    ├── SourceError       the outside file is not what it says   FileUnreadableError · ColumnMissingError
    │                                                            ColumnAmbiguousError · SheetMissingError
    │                                                            ChangesRefusedError
    ├── CatalogError      the catalog cannot do that now         UnknownDraftError · DraftLockedError · VersionExistsError
    │                                                            IdSpellingError · DraftExistsError · IdTakenError
    │                                                            NoticeExistsError · ReleaseError
    ├── PublishError      the draft may not be published         DateOrderError · EmptyDraftError · FutureDateError
    │                                                            RepeatedCodeError · HierarchyError
    │                                                            ApprovalVoidError · FollowedError
    ├── SnapshotError     a file of the shelf is not ours        NotASnapshotError · FormatVersionError · IntegrityError
    │                                                            SnapshotMissingError · ManifestError
    │                                                            SignatureError · NotAShelfError · ShelfClosedError
    ├── RequestError      the caller's request is malformed      MissingParameterError · MalformedParameterError
    │                                                            BodyTooLargeError · NotJsonError
    │                                                            UnsupportedGrantError · ManyRequestErrors
    │                                                            NotPublishedError
    ├── AccessError       the caller may not                     BadClientError · BadGrantError · TokenExpiredError
    │                                                            OriginRefusedError · TooManyRequestsError
    │                                                            AccessDeniedError
    ├── AccountError      an account cannot be as it was asked   AccountExistsError · UnknownAccountError
    │                                                            AccountFieldError
    ├── RemoteError       the other end of a line                UnreadableAnswerError · RollbackError
    │   │                                                        PublishedChangedError (client, mirror)
    │   │                                                        UpstreamContradictionError · NothingOfferedError
    │   ├── TransportError    the line itself                    TimedOutError
    │   └── RefusedError      the other end says no              RequestRefusedError · AccessRefusedError
    │                                                            TooFastError · ServiceFaultError
    ├── MirrorError       a mirror cannot be as it was asked     UnknownUpstreamError · UpstreamExistsError
    │                                                            UpstreamFieldError · UpstreamConflictError
    │                                                            DiskBudgetError · NotHeldError
    ├── ExtraMissingError a part of maksa is not installed       names the package and the extra that has it
    ├── SettingsError     a setting is wrong                     names the setting, its place and its value
    │                                                            SigningKeyError
    └── StorageError      the machine's disk or database         DiskFullError · ReadOnlyError · LockedError
                                                                 SchemaVersionError · SyncRunningError

Rules of this file:
- absence is an answer (`model.answers`); only a broken promise is an exception;
- each class has a stable `slug`; its facts are attributes; its message shows the value;
- the root is in `root_error`, what callers and mirrors meet in `remote_errors` and `mirror_errors`: all are had from here;
- how a protocol says an error is decided in `wire.faults`, in one table per protocol.
"""

from __future__ import annotations

from maksa.model.account_errors import AccountError as AccountError
from maksa.model.account_errors import AccountExistsError as AccountExistsError
from maksa.model.account_errors import AccountFieldError as AccountFieldError
from maksa.model.account_errors import UnknownAccountError as UnknownAccountError
from maksa.model.mirror_errors import DiskBudgetError as DiskBudgetError
from maksa.model.mirror_errors import MirrorError as MirrorError
from maksa.model.mirror_errors import NotHeldError as NotHeldError
from maksa.model.mirror_errors import UnknownUpstreamError as UnknownUpstreamError
from maksa.model.mirror_errors import UpstreamConflictError as UpstreamConflictError
from maksa.model.mirror_errors import UpstreamExistsError as UpstreamExistsError
from maksa.model.mirror_errors import UpstreamFieldError as UpstreamFieldError
from maksa.model.remote_errors import AccessRefusedError as AccessRefusedError
from maksa.model.remote_errors import RefusedError as RefusedError
from maksa.model.remote_errors import RemoteError as RemoteError
from maksa.model.remote_errors import RequestRefusedError as RequestRefusedError
from maksa.model.remote_errors import ServiceFaultError as ServiceFaultError
from maksa.model.remote_errors import TimedOutError as TimedOutError
from maksa.model.remote_errors import TooFastError as TooFastError
from maksa.model.remote_errors import TransportError as TransportError
from maksa.model.remote_errors import UnreadableAnswerError as UnreadableAnswerError
from maksa.model.root_error import MaksaError as MaksaError
from maksa.model.root_error import tree as tree


class SourceError(MaksaError):
    """The outside file as a whole is not what it says; faults of rows are gathered as findings instead."""

    slug = "source"
    template = "{file}: {reason}"


class FileUnreadableError(SourceError):
    slug = "file-unreadable"


class ColumnMissingError(SourceError):
    slug = "column-missing"
    template = "{file}: no column for {role}; the header reads {columns}"


class ColumnAmbiguousError(SourceError):
    slug = "column-ambiguous"
    template = "{file}: {role} could be any of the columns {candidates}; name one"


class SheetMissingError(SourceError):
    slug = "sheet-missing"
    template = "{file}: no sheet {sheet!r}; sheets are {sheets}"


class ChangesRefusedError(SourceError):
    slug = "changes-refused"
    template = "{file}: {refused} of {read} rows are refused, so nothing was changed; the first is {first}"


class CatalogError(MaksaError):
    slug = "catalog"


class UnknownDraftError(CatalogError):
    slug = "unknown-draft"
    template = "there is no draft of {terminology_id} labelled {label!r}{known}"


class DraftExistsError(CatalogError):
    slug = "draft-exists"
    template = "there is a draft of {terminology_id} labelled {label!r} already; drop it, or go on with it"


class DraftLockedError(CatalogError):
    slug = "draft-locked"
    template = "another process is writing {what}; try again when it has finished"


class VersionExistsError(CatalogError):
    slug = "version-exists"
    template = "{terminology_id} already has a published version {label!r}; a published version never changes"


class IdSpellingError(CatalogError):
    slug = "id-spelling"
    template = "{given!r} cannot be the id of a terminology: {reason}"


class NoticeExistsError(CatalogError):
    slug = "notice-exists"
    template = "the notice {number!r} «{title}» is kept already and reads otherwise; a notice never changes"


class IdTakenError(CatalogError):
    slug = "id-taken"
    template = "{given!r} is the id of a {kind}; a map and a terminology never share one"


class ReleaseError(CatalogError):
    slug = "release"
    template = "the release cannot go on like this: {reason}"


class PublishError(MaksaError):
    slug = "publish"


class DateOrderError(PublishError):
    slug = "date-order"
    template = (
        "{terminology_id} {label!r} is dated {given}, before its last version {last_label!r} of {last}; "
        "a history is loaded oldest first"
    )


class FutureDateError(PublishError):
    slug = "future-date"
    template = "{given} has not come yet; a version is published now or in the past"


class FollowedError(PublishError):
    slug = "followed"
    template = (
        "{terminology_id} comes from the mirror {upstream!r} and is not published here: publish it where {upstream} has it from, "
        "or in a home of its own, or let the mirror choose others (maksa mirror remove, and add with --terminology)"
    )


class EmptyDraftError(PublishError):
    slug = "empty-draft"
    template = "the draft of {terminology_id} {label!r} holds no concept"


class RepeatedCodeError(PublishError):
    slug = "repeated-code"
    template = "the draft of {terminology_id} {label!r} has the code {code!r} more than once"


class HierarchyError(PublishError):
    slug = "hierarchy"
    template = "the draft of {terminology_id} {label!r}: {reason}: {codes}"


class ApprovalVoidError(PublishError):
    slug = "approval-void"
    template = "the approval of {terminology_id} {label!r} is void: {reason}"


class SnapshotError(MaksaError):
    slug = "snapshot"
    template = "{path}: {reason}"


class NotASnapshotError(SnapshotError):
    slug = "not-a-snapshot"


class FormatVersionError(SnapshotError):
    slug = "format-version"
    template = "{path}: format version {found}, this maksa reads {known}"


class IntegrityError(SnapshotError):
    slug = "integrity"
    template = "{path}: {what} is {actual}, the manifest says {expected}"


class SnapshotMissingError(SnapshotError):
    slug = "snapshot-missing"
    template = "{path}: the manifest names this file and it is not there"


class ManifestError(SnapshotError):
    slug = "manifest"


class SignatureError(SnapshotError):
    slug = "signature"


class NotAShelfError(SnapshotError):
    slug = "not-a-shelf"


class ShelfClosedError(SnapshotError):
    slug = "shelf-closed"
    template = "{path}: this shelf is closed; open it again"


class RequestError(MaksaError):
    """The caller's request is malformed; `violations` lists each fault as (field, message)."""

    slug = "request"
    template = "{field}: {message}"

    @property
    def violations(self) -> tuple[tuple[str, str], ...]:
        return ((self.facts["field"], self.facts["message"]),)


class MissingParameterError(RequestError):
    slug = "missing-parameter"


class MalformedParameterError(RequestError):
    slug = "malformed-parameter"


class NotJsonError(RequestError):
    slug = "not-json"


class BodyTooLargeError(RequestError):
    slug = "body-too-large"


class UnsupportedGrantError(RequestError):
    slug = "unsupported-grant"


class ManyRequestErrors(RequestError):
    """Several faults of one request, each named."""

    slug = "many-request-errors"
    template = "{errors}"

    def __str__(self) -> str:
        return "; ".join(str(error) for error in self.facts["errors"])

    @property
    def violations(self) -> tuple[tuple[str, str], ...]:
        return tuple(pair for error in self.facts["errors"] for pair in error.violations)


class NotPublishedError(RequestError, LookupError):
    """A program asked for a terminology, a map or a version as a thing to hold, and the shelf has none."""

    slug = "not-published"


class AccessError(MaksaError):
    slug = "access"


class BadClientError(AccessError):
    slug = "bad-client"
    template = "the client is unknown or its secret is another"


class BadGrantError(AccessError):
    slug = "bad-grant"
    template = "Bad credentials"


class TokenExpiredError(AccessError):
    slug = "token-expired"
    template = "the token is unknown, expired or revoked"


class OriginRefusedError(AccessError):
    slug = "origin-refused"
    template = "{address} is not an address of this account"


class TooManyRequestsError(AccessError):
    slug = "too-many-requests"
    template = "too many requests; again in {retry_after_s} s"


class AccessDeniedError(AccessError):
    slug = "access-denied"
    template = "the pid does not grant this function"


class RollbackError(RemoteError):
    """The upstream has gone back in time. `offered` and `known` are sequences of its manifest, or what else only grows."""

    slug = "rollback"
    template = "{upstream} offers {what} {offered} and had offered {known}; a mirror goes forward only"


class NothingOfferedError(RemoteError):
    """There is nothing at the `address` at which a maksa has its manifest."""

    slug = "nothing-offered"
    template = (
        "there is no {address}: the service has published nothing yet, or is no maksa (one that speaks only the guide is added with"
        " --guide), or the address is not that of its host"
    )


class PublishedChangedError(RemoteError):
    slug = "published-changed"
    template = "{upstream} offers {terminology_id} {label!r} as {offered}, and had published it as {known}"


class UpstreamContradictionError(RemoteError):
    """The upstream says two things of which one cannot be. `what` shows the values."""

    slug = "upstream-contradiction"
    template = "{upstream} offers {what}: that cannot be, and was not taken"


class ExtraMissingError(MaksaError):
    """`module` is the package that is not there, `extra` the one of maksa's that brings it."""

    slug = "extra-missing"
    template = "this needs {module}, which is not installed: pip install 'maksa[{extra}]'"


class SettingsError(MaksaError):
    slug = "settings"
    template = "{place}: {reason}"


class SigningKeyError(SettingsError):
    slug = "signing-key"


class StorageError(MaksaError):
    slug = "storage"
    template = "{path}: {reason}"


class DiskFullError(StorageError):
    slug = "disk-full"
    template = "{path}: no space left; what is published is whole"


class ReadOnlyError(StorageError):
    slug = "read-only"
    template = "{path}: cannot be written"


class LockedError(StorageError):
    slug = "locked"
    template = "{path}: locked by another program ({reason})"


class SyncRunningError(LockedError):
    slug = "sync-running"
    template = "{path}: another sync of this home is at work"


class SchemaVersionError(StorageError):
    slug = "schema-version"
    template = "{path}: its tables are of version {found}, this maksa knows {known}"
