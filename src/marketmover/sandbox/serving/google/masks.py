"""Update masks: which fields an update is about."""

from typing import Any

from marketmover.sandbox.serving.google.refusing import Complaint
from marketmover.sandbox.serving.google.rules import Looked

# Google Ads API reference: fields marked as immutable or output only, of the objects that are served.
_FIXED = {
    "budget": {"resource_name", "id", "period", "type", "reference_count", "has_recommended_budget"},
    "campaign": {"resource_name", "id", "advertising_channel_type", "advertising_channel_sub_type", "serving_status",
                 "bidding_strategy_type", "primary_status", "base_campaign", "payment_mode", "experiment_type"},
    "group": {"resource_name", "id", "campaign", "type", "base_ad_group", "primary_status"},
    "ad": {"resource_name", "ad_group", "policy_summary", "ad_strength", "primary_status", "ad"},
    "ad_group_criterion": {"resource_name", "criterion_id", "ad_group", "negative", "type", "keyword", "age_range",
                           "gender", "user_interest", "user_list", "display_name", "quality_info"},
    "campaign_criterion": {"resource_name", "criterion_id", "campaign", "negative", "type", "keyword", "age_range",
                           "gender", "location", "language", "display_name"},
}  # fmt: skip
_NEVER_EMPTY = {"name", "amount_micros", "campaign_budget", "status", "start_date_time"}


def masked(looked: Looked, what: str, inner: Any) -> tuple[dict[str, Any], list[Complaint]]:
    """The fields that an update sets, in REST form, `None` for those that it clears; and what is wrong in it."""
    fields: dict[str, Any] = {}
    complaints: list[Complaint] = []
    paths = [part for path in inner.update_mask.paths for part in path.split(",") if part]
    if not paths:
        words, path = "The update mask is missing.", (*looked.at()[:-1], ("update_mask", None))
        complaints.append(Complaint("field_mask_error", "FIELD_MASK_MISSING", words, path))
    for path in paths:
        code = _put(fields, what, inner.update, path.split("."))
        if code:
            kind = (
                "field_mask_error" if code.startswith("FIELD_") and code != "FIELD_CANNOT_BE_CLEARED" else "field_error"
            )
            words = f"The field '{path}' {_WHY[code]}."
            complaints.append(looked.complain(kind, code, words, *path.split("."), trigger=path))
    return fields, complaints


_WHY = {
    "FIELD_NOT_FOUND": "is not known",
    "FIELD_HAS_SUBFIELDS": "holds fields: name one of them",
    "IMMUTABLE_FIELD": "cannot be changed",
    "FIELD_CANNOT_BE_CLEARED": "cannot be cleared",
}


def _put(fields: dict[str, Any], what: str, message: Any, parts: list[str]) -> str:
    """Put one field of the mask into `fields`; the code of what is wrong with it."""
    from google.protobuf.json_format import MessageToDict

    if parts[0] in _FIXED[what] and not (what == "ad" and parts[0] == "ad" and len(parts) > 1):
        return "IMMUTABLE_FIELD"
    place, value, descriptor = fields, MessageToDict(message), message.DESCRIPTOR
    for number, part in enumerate(parts):
        known = {} if descriptor is None else descriptor.fields_by_name
        found = known.get(part) or known.get(f"{part}_")
        if found is None:
            return "FIELD_NOT_FOUND"
        name, last = found.json_name, number == len(parts) - 1
        descriptor = None if found.is_repeated else found.message_type
        value = (value or {}).get(name)
        if not last:
            place = place.setdefault(name, {})
        elif descriptor is not None and descriptor.fields:
            return "FIELD_HAS_SUBFIELDS"
        elif value is None and part in _NEVER_EMPTY and number == 0:
            return "FIELD_CANNOT_BE_CLEARED"
        else:
            place[name] = value
    return ""
