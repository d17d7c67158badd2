"""FACE: the listener of the daemon: /hooks, /healthz, /readyz, /metrics, on this machine only.

It judges and writes nothing: a push brings the next reading forward, pushed rows of an import are stored for it.
Imported by `cli`, which hands it to the daemon; the two know each other by `start`, `use` and `stop` only.
"""

from activity_sync.web.listener import Listener

__all__ = ["Listener"]
