"""The verbs: each loads, calls the rules, saves. A step owns its transactions; the network is never inside one.

Meets the outside only through model/ports.py.
"""
