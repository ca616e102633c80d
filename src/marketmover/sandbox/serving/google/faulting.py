"""Faults on demand, as Google's clients meet them."""

from marketmover.sandbox.serving.account import ServedAccount
from marketmover.sandbox.serving.faults import Fault
from marketmover.sandbox.serving.google.entering import expired
from marketmover.sandbox.serving.google.refusing import Complaint, GoogleRefusalError

CUTS = {"cut", "short_body"}


def meet_fault(account: ServedAccount, call: str) -> bool:
    """Let the next fault of a call (`Search`, `Mutate`, ...) happen; whether the answer is to be cut off half-way.

    Raises:
        GoogleRefusalError: The fault is that the call fails.
    """
    fault = account.faults.take("google", call)
    if fault is None:
        return False
    if fault.kind == "slow":
        fault.hold()
    elif fault.kind not in CUTS:
        raise _failed(fault)
    return fault.kind in CUTS


def cut_off() -> GoogleRefusalError:
    """What a client meets whose connection breaks: no failure message, and nobody knows what was done."""
    return GoogleRefusalError([], "UNAVAILABLE", "Connection reset by peer")


def _failed(fault: Fault) -> GoogleRefusalError:
    if fault.kind == "throttle":
        seconds = max(round(fault.wait_s), 1)
        words = f"Too many requests. Retry in {seconds} seconds."
        complaint = Complaint("quota_error", "RESOURCE_EXHAUSTED", words, wait_s=seconds)
        return GoogleRefusalError([complaint], "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota).")
    if fault.kind == "server_error":
        complaint = Complaint("internal_error", "INTERNAL_ERROR", "An internal error has occurred.")
        return GoogleRefusalError([complaint], "INTERNAL", "Internal error encountered.")
    if fault.kind == "expired_token":
        return expired()
    if fault.kind == "refuse":
        return GoogleRefusalError([Complaint("policy_finding_error", "POLICY_FINDING", fault.words)])
    return GoogleRefusalError([], "UNAVAILABLE", f"The service is currently unavailable ({fault.kind}).")
