"""The acts of organisations: be registered, be spoken for, declare interests, take a position."""

from civic.organisations.actions.filing import file_statement
from civic.organisations.actions.speaking import (
    ask_to_speak,
    declare_interests,
    end_mandate,
    propose_organisation,
    register_organisation,
    rule_on_request,
)

__all__ = [
    "ask_to_speak",
    "declare_interests",
    "end_mandate",
    "file_statement",
    "propose_organisation",
    "register_organisation",
    "rule_on_request",
]
