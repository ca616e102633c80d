"""Parse payloads with the official SDKs; run by `check_payloads.py`, in an environment that has them.

Google: each body becomes a `MutateGoogleAdsRequest` of its API version, so that unknown fields, wrong types and unknown
enum values are refused; every field that an update's mask names must exist, and every temporary name must be created
before it is used. Meta: each operation is built (not sent) by the SDK method of its edge, whose own lists of
parameters, types and enum values it must keep to; targeting, story and promoted object likewise; references must name
earlier operations.
"""

import importlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def main() -> int:
    """Check every body of the JSONL file that is named; print what was refused, and 1 if anything was."""
    refused: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for text in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
        entry = json.loads(text)
        if entry["platform"] == "google_ads":
            for version in entry["versions"]:
                for body in (entry["body"], *entry["body"].get("more_requests", ())):
                    seen[f"Google Ads {version} operations"] += len(body["mutateOperations"])
                    refused.update(f"Google Ads {version}: {trouble}" for trouble in google_troubles(body, version))
        else:
            for body in (entry["body"], *entry["body"].get("more_accounts", ())):
                seen["Meta operations"] += len(body["operations"])
                refused.update(f"Meta: {trouble}" for trouble in meta_troubles(body))
    for what, count in sorted(seen.items()):
        print(f"{what}: {count} checked")
    for trouble, count in refused.most_common():
        print(f"REFUSED {count} times: {trouble}")
    print("refused nothing" if not refused else f"refused {len(refused)} kinds")
    return 1 if refused else 0


def google_troubles(body: dict[str, Any], version: str) -> Iterator[str]:
    """What the protobuf messages of one API version refuse in a body."""
    json_format: Any = importlib.import_module("google.protobuf.json_format")
    service: Any = importlib.import_module(f"google.ads.googleads.{version}.services.types.google_ads_service")
    message = service.MutateGoogleAdsRequest.pb()()
    bare = {key: value for key, value in body.items() if key != "more_requests"}
    try:
        json_format.ParseDict(bare, message)
    except json_format.ParseError as error:
        yield str(error)
        return
    for operation in message.mutate_operations:
        inner = getattr(operation, operation.WhichOneof("operation"))
        if inner.WhichOneof("operation") == "update":
            yield from (
                f"mask names {path}, which is no field"
                for path in inner.update_mask.paths
                if not _has_path(inner.update.DESCRIPTOR, path)
            )
    yield from _dangling_names(body)


def _has_path(descriptor: Any, path: str) -> bool:
    for part in path.split("."):
        field = descriptor.fields_by_name.get(part) if descriptor else None
        if field is None:
            return False
        descriptor = field.message_type
    return True


def _dangling_names(body: dict[str, Any]) -> Iterator[str]:
    known: set[str] = set()
    for operation in body["mutateOperations"]:
        (inner,) = operation.values()
        own = inner.get("create", {}).get("resourceName")
        used = set(re.findall(r"customers/[^/\"]+/\w+/-\d+", json.dumps(inner))) - {own}
        yield from (f"{name} is used before it is created" for name in used - known)
        if own is not None:
            if own in known:
                yield f"{own} is created twice"
            known.add(own)


def meta_troubles(body: dict[str, Any]) -> Iterator[str]:
    """What the SDK's own lists of parameters refuse in the operations of one account."""
    api: Any = importlib.import_module("facebook_business.api")
    api.FacebookAdsApi.init(access_token="none", crash_log=False)  # noqa: S106 - nothing is sent, so nothing is secret
    known: set[str] = set()
    for operation in body["operations"]:
        used = set(re.findall(r"\{result=([^:}]+):\$\.id\}", json.dumps(operation["params"])))
        yield from (f"{name} is named before it is sent" for name in used - known)
        if operation["ref"] in known:
            yield f"{operation['ref']} is taken twice"
        known.add(operation["ref"])
        yield from _meta_parameters(operation)


def _meta_parameters(operation: dict[str, Any]) -> Iterator[str]:
    edge, params = operation["edge"], operation["params"]
    node, _, collection = edge.partition("/")
    kind, method = {
        "campaigns": ("AdAccount", "create_campaign"),
        "adsets": ("AdAccount", "create_ad_set"),
        "adcreatives": ("AdAccount", "create_ad_creative"),
        "ads": ("AdAccount", "create_ad"),
        "copies": ("Ad", "create_copy"),
        "": ("Campaign" if operation["ref"].startswith("campaign-") else "AdSet", "api_update"),
    }[collection]
    module: Any = importlib.import_module(f"facebook_business.adobjects.{kind.lower()}")
    request = getattr(getattr(module, kind)(node), method)(params={}, pending=True)
    checker = request._param_checker  # the SDK's only list of an edge's parameters
    sent = json.loads(re.sub(r"\{result=[^:}]+:\$\.id\}", "1", json.dumps(params)))  # a reference becomes an id
    for name, value in sent.items():
        if not checker.is_valid_key(name):
            yield f"{kind}.{method} has no parameter {name}"
        elif not checker.is_valid_pair(name, value) and not isinstance(value, dict):
            yield f"{kind}.{method} wants {name} as {checker.get_type(name)}, not {value!r}"
    yield from _object_fields("targeting", "Targeting", params.get("targeting", {}))
    yield from _object_fields("adpromotedobject", "AdPromotedObject", params.get("promoted_object", {}))
    story = params.get("object_story_spec", {})
    yield from _object_fields("adcreativeobjectstoryspec", "AdCreativeObjectStorySpec", story)
    yield from _object_fields("adcreativelinkdata", "AdCreativeLinkData", story.get("link_data", {}))
    action = story.get("link_data", {}).get("call_to_action", {})
    yield from _object_fields("adcreativelinkdatacalltoaction", "AdCreativeLinkDataCallToAction", action)
    creative: Any = importlib.import_module("facebook_business.adobjects.adcreative").AdCreative
    if action and action["type"] not in vars(creative.CallToActionType).values():
        yield f"call_to_action has no type {action['type']}"


def _object_fields(module: str, kind: str, value: dict[str, Any]) -> Iterator[str]:
    known: Any = getattr(importlib.import_module(f"facebook_business.adobjects.{module}"), kind)
    types = known._field_types  # the SDK's only list of an object's fields
    yield from (f"{kind} has no field {name}" for name in value if name not in types)


if __name__ == "__main__":
    sys.exit(main())
