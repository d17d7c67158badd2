"""Stand-ins for the vendors, written from their documents, as strict as they are.

Listens on loopback only and imports nothing else of this package, so that no adapter can mark its own
homework. `demo` and the tests play the same scenes on it.
"""
