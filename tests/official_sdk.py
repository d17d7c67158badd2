"""Zoho's own SDK, pointed at the pretend Zoho: an independent reader and writer (recipe: stack.md 6)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from activity_sync.simulator.zoho import ZohoSimulator


def sign_in(org: ZohoSimulator, url: str, folder: Path, grant: str = "") -> Any:
    """Let the SDK work on this org from now on; its files go into `folder`. `grant`: a code, in place of the org's
    refresh token. Gives the SDK's token."""
    from zohocrmsdk.src.com.zoho.api.authenticator import OAuthToken
    from zohocrmsdk.src.com.zoho.api.authenticator.store import FileStore
    from zohocrmsdk.src.com.zoho.api.logger import Logger
    from zohocrmsdk.src.com.zoho.crm.api.dc import DataCenter
    from zohocrmsdk.src.com.zoho.crm.api.initializer import Initializer
    from zohocrmsdk.src.com.zoho.crm.api.sdk_config import SDKConfig

    given = {"grant_token": grant} if grant else {"refresh_token": org.refresh_token}
    token = OAuthToken(client_id=org.client_id, client_secret=org.client_secret, **given)
    resources = folder / "resources"
    resources.mkdir()
    Initializer.initialize(
        environment=DataCenter.Environment(url, f"{url}/oauth/v2/token", url),
        token=token,
        store=FileStore(str(folder / "tokens")),
        sdk_config=SDKConfig(
            auto_refresh_fields=False,
            pick_list_validation=True,
            update_api_domain=False,
            connect_timeout=5,
            read_timeout=20,
        ),
        resource_path=str(resources),
        logger=Logger.get_instance(Logger.Levels.ERROR, str(folder / "sdk.log")),
    )
    return token


def create(module: str, **fields: Any) -> int:
    """Insert one record; its id."""
    from zohocrmsdk.src.com.zoho.crm.api import HeaderMap
    from zohocrmsdk.src.com.zoho.crm.api.record import BodyWrapper, Record, RecordOperations

    record, body = Record(), BodyWrapper()
    for name, value in fields.items():
        record.add_key_value(name, value)
    body.set_data([record])
    body.set_trigger([])
    answer = RecordOperations(module).create_records(body, HeaderMap()).get_object()
    row = answer.get_data()[0]
    assert row.get_status().get_value() == "success", row.get_details()
    return int(row.get_details()["id"])


def read(module: str, record_id: int) -> dict[str, Any]:
    """One record's fields, as the SDK's own objects."""
    from zohocrmsdk.src.com.zoho.crm.api import HeaderMap, ParameterMap
    from zohocrmsdk.src.com.zoho.crm.api.record import RecordOperations

    answer = RecordOperations(module).get_record(record_id, ParameterMap(), HeaderMap()).get_object()
    return dict(answer.get_data()[0].get_key_values())


def pointer(record_id: str) -> Any:
    """A look-up's value."""
    from zohocrmsdk.src.com.zoho.crm.api.record import Record

    record = Record()
    record.set_id(int(record_id))
    return record
