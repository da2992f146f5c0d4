"""Operators: who may sign in here; added, reset, shut out. Their first passwords are shown once."""

from __future__ import annotations

from starlette.responses import Response

from maksa.desk.operators import ROLES, plain_name
from maksa.desk.views.asking import Ask
from maksa.desk.views.refusing import refused
from maksa.model.errors import AccountFieldError, MaksaError


def listed(ask: Ask, error: MaksaError | None = None) -> Response:
    """Every operator, and the form for another."""
    shown = {
        "operators": ask.desk.operators.list(), "roles": ROLES, "error": ask.told(error) if error else None,
    }  # fmt: skip
    return ask.answer("operators.html", shown, status=400 if error else 200)


def add(ask: Ask) -> Response:
    """The first password of a new operator."""
    name = ask.form.get("name", "")
    try:
        if not ask.chosen.get("roles"):
            raise AccountFieldError(field="role", value="", reason=f"choose one at least: {', '.join(ROLES)}")
        password = ask.desk.operators.add(name, ask.chosen["roles"], ask.who)
    except MaksaError as error:
        return listed(ask, error)
    return ask.answer("first_password.html", {"name": plain_name(name), "password": password})


def act(ask: Ask) -> Response:
    """What is done to an operator: assign, reset, disable, enable. Nobody does it to himself: he might be the last who could."""
    name, operators = ask.named["name"], ask.desk.operators
    try:
        if name == ask.operator.name:
            raise AccountFieldError(field="self", value=name, reason="another administrator must, or the terminal")
        if ask.named["act"] == "reset":
            return ask.answer("first_password.html", {"name": name, "password": operators.reset(name, ask.who)})
        if ask.named["act"] == "assign":
            operators.assign(name, ask.chosen.get("roles", []), ask.who)
            return ask.see("operators")
        verbs = {"disable": operators.disable, "enable": operators.enable}
        if ask.named["act"] not in verbs:
            return refused(ask, 404)
        verbs[ask.named["act"]](name, ask.who)
    except MaksaError as error:
        return listed(ask, error)
    return ask.see("operators")
