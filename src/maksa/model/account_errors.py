"""The branch of the tree of errors that operators meet who keep accounts, and the desk's operators."""

from __future__ import annotations

from typing import Any

from maksa.model.root_error import MaksaError


class AccountError(MaksaError):
    """What an operator asked of the accounts cannot be done; callers never see one. `kind` is account, or operator (the desk's)."""

    slug = "account"

    def __init__(self, *, kind: str = "account", **facts: Any) -> None:
        super().__init__(kind=kind, **facts)


class AccountExistsError(AccountError):
    slug = "account-exists"
    template = "there is an {kind} {name!r} already"


class UnknownAccountError(AccountError):
    slug = "unknown-account"
    template = "there is no {kind} {name!r}"


class AccountFieldError(AccountError):
    """`field` is what the operator gave (name, function, address, rate), `value` how he gave it."""

    slug = "account-field"
    template = "{field} {value!r}: {reason}"
