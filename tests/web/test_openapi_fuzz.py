"""The wire held against its own description: schemathesis asks as /openapi.json says that one may, and as it says that one may not.

Left out is one check: a method that a path does not take is no 405 but the gateway's 404 (ADR 5).
"""

from __future__ import annotations

import base64

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi import checks

from maksa.web.openapi import document
from maksa.wire.ditas.functions import BASES, FUNCTIONS
from tests.web.test_wire import QUESTIONS

REFUSALS = {"expected-statuses": [400, 401, 429]}  # a pid that is missing is a 429 (contract, section 3)
CONFIG = {"checks": {"missing_required_header": REFUSALS, "negative_data_rejection": REFUSALS}}
DOCUMENT = schemathesis.openapi.from_dict(msgspec.json.decode(document()), config=schemathesis.Config.from_dict(CONFIG))
A_FEW = settings(
    max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)


def basic(service):
    pair = f"{service.credentials['client_id']}:{service.credentials['client_secret']}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def holds(case, service, headers, *left_out):
    """Asks, and runs every check but 405's and those *left_out* on the answer.

    Where schemathesis spoils the headers on purpose, it goes without *headers*: they would mend what it spoiled.
    """
    given = case.meta.components.get(ParameterLocation.HEADER) if case.meta else None
    excluded = [checks.unsupported_method, *left_out]
    case.call_and_validate(
        base_url=f"http://127.0.0.1:{service.port}",
        headers={} if given and given.mode.is_negative else headers,
        excluded_checks=excluded,
    )


@DOCUMENT.include(path_regex="/gwmaksa/(Term|Val)").parametrize()
@A_FEW
def test_a_function_is_as_it_is_described(case, patient_service):
    """Statuses, headers, bodies; what the description allows is accepted, what it does not is refused."""
    holds(case, patient_service, patient_service.headers())


@DOCUMENT.include(path_regex="/gwmaksa/(Search|Cts)").parametrize()
@A_FEW
def test_a_function_that_takes_a_date_is_as_it_is_described(case, patient_service):
    """But that it may be refused: no schema says which dates exist."""
    holds(case, patient_service, patient_service.headers(), checks.positive_data_acceptance)


@DOCUMENT.include(path="/oauth/token").parametrize()
@A_FEW
def test_the_token_endpoint_is_as_it_is_described(case, patient_service):
    """But that it may be refused: no schema says which passwords are right."""
    holds(case, patient_service, basic(patient_service), checks.positive_data_acceptance)


@DOCUMENT.include(path_regex="^/(health|metrics|openapi)").parametrize()
@A_FEW
def test_the_services_own_paths_are_as_they_are_described(case, patient_service):
    """Health, figures, the document itself; nobody needs to log in for them."""
    holds(case, patient_service, {})


@DOCUMENT.include(path_regex="^/shelf/").parametrize()
@A_FEW
def test_the_shelfs_files_are_as_they_are_described(case, patient_service):
    """But that they may be refused: no schema says which digests are there, and what is no digest is a 404 as well."""
    left_out = (checks.positive_data_acceptance, checks.negative_data_rejection)
    holds(case, patient_service, patient_service.headers(), *left_out)


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("function", list(FUNCTIONS))
def test_an_answer_with_data_is_as_it_is_described(patient_service, function, base):
    """What schemathesis guesses is never in a list: here the schema of the data itself is held."""
    case = DOCUMENT[f"{base}/{function}"]["POST"].Case(body=QUESTIONS[function], media_type="application/json")
    response = case.call(base_url=f"http://127.0.0.1:{patient_service.port}", headers=patient_service.headers())

    assert response.json()["result"]["data"]
    case.validate_response(response, checks=[checks.response_schema_conformance, checks.response_headers_conformance])


def test_a_token_is_as_it_is_described(patient_service):
    """The form's own fields, right for once."""
    given = {"grant_type": "password"} | {name: patient_service.credentials[name] for name in ("username", "password")}
    case = DOCUMENT["/oauth/token"]["POST"].Case(body=given, media_type="application/x-www-form-urlencoded")
    response = case.call(base_url=f"http://127.0.0.1:{patient_service.port}", headers=basic(patient_service))

    assert response.status_code == 200
    case.validate_response(response, checks=[checks.response_schema_conformance, checks.response_headers_conformance])


def test_the_description_names_no_module_of_ours():
    """Who makes classes of it has to live with its names."""
    names = msgspec.json.decode(document())["components"]["schemas"]

    assert all(name.replace("_", "").isalnum() for name in names)
    assert b"maksa.w" not in document()
