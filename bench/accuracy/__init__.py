"""How often an interaction goes on the right record, by our rules and the usual ones: a made-up org of known truth."""
