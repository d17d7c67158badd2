"""A key that goes along with every request as it is."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any

import httpx


class ApiKey(httpx.Auth):
    """Puts these headers on every request. Its representation shows none of them."""

    def __init__(self, authorization: str, **others: str) -> None:
        """`authorization`: the whole header, as the vendor wants it; `others`: further ones, `_` for `-`."""
        more = {name.replace("_", "-"): value for name, value in others.items()}
        self._headers: Mapping[str, Any] = {"Authorization": authorization, **more}

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Signs every request."""
        request.headers.update(self._headers)
        yield request
